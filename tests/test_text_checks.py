from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.catalogue import load_catalogue
from newsqa.checks import CHECKS, Context
from newsqa.checks.mojibake import misread_spans
from newsqa.engine import Partial, check_batch
from newsqa.errors import RuleFileError
from newsqa.groups import judge_groups
from newsqa.plan import Plan, build_plan
from newsqa.readers import Batch, records_from_rows

NOW = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
FAMILIES = ("LEK", "PAG", "HED", "BOD")


def plan_of(*words: str) -> Plan:
    return build_plan(load_catalogue().select(words), NOW)


def partial_of(plan: Plan, *records: dict[str, Any]) -> Partial:
    frame = records_from_rows(list(records))
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    assert partial.crashed == {}
    return partial


def findings(plan: Plan, *records: dict[str, Any]) -> list[dict[str, Any]]:
    partial = partial_of(plan, *records)
    frames = partial.findings + judge_groups(partial, plan)
    return [row for frame in frames for row in frame.to_dicts()]


@pytest.fixture(scope="module")
def everything() -> Plan:
    return plan_of(*FAMILIES)


HOSTILE = st.text(
    alphabet=st.characters(exclude_categories=["Cs"])
    | st.sampled_from("{}<>[]%$@&\\|=_.?()\n\"' aB"),
    max_size=120,
)


@given(title=HOSTILE, body=HOSTILE)
@settings(max_examples=60, deadline=None)
def test_spans_lie_in_their_field(everything: Plan, title: str, body: str) -> None:
    record = {"title": title, "body": body}
    kept = records_from_rows([record]).to_dicts()[0]
    for found in findings(everything, record):
        if found["start"] is not None and found["field"] in record:
            assert 0 <= found["start"] <= found["end"] <= len(kept[found["field"]] or "")


@pytest.mark.parametrize(
    "unit", ["{{", "a?.b", "<a <a ", "[b ", "&amp;", "Ann AnnLee ", "\\n", "ÃÂ"]
)
def test_a_long_hostile_line_takes_linear_time(everything: Plan, unit: str) -> None:
    text = unit * (300_000 // len(unit))
    started = perf_counter()
    findings(everything, {"title": "New bridge", "body": text})
    assert perf_counter() - started < 10


def test_many_leaks_of_one_field_are_five_findings_and_a_count() -> None:
    body = " and some words ".join("{{name}}" for _ in range(40))
    found = findings(plan_of("LEK001"), {"body": body})
    assert len(found) == 5
    assert '"count":40' in found[0]["evidence"].replace(" ", "")


def test_neighbouring_leaks_are_one_finding() -> None:
    found = findings(plan_of("LEK001"), {"body": "{{a}} {{b}}\n{{c}} is here"})
    assert [(f["start"], f["end"]) for f in found] == [(0, 17)]


def test_a_wall_is_a_short_page() -> None:
    wall = "Please verify you are human by completing the action below."
    assert findings(plan_of("PAG001"), {"body": wall})
    assert not findings(plan_of("PAG001"), {"body": wall + " The story goes on." * 100})


def test_a_video_page_without_text_is_worth_a_note() -> None:
    plan = plan_of("BOD002")
    note = findings(plan, {"url": "https://e.example/video/storm", "body": "Watch the storm"})
    fault = findings(plan, {"url": "https://e.example/news/storm", "body": "Watch the storm"})
    assert [f["severity"] for f in note + fault] == ["info", "warning"]


def test_a_suffix_is_one_finding_of_its_source() -> None:
    records = [{"title": f"Story {n} | Example", "url": f"https://e.example/{n}"} for n in range(9)]
    found = findings(plan_of("HED002"), *records)
    assert [(f["name"], f["source"]) for f in found] == [("title-suffix", "e.example")]


def test_misread_words_carry_what_they_should_be() -> None:
    found = findings(plan_of("LEK011"), {"body": "He doesnâ€™t know"})
    assert "doesn’t" in found[0]["evidence"]
    assert found[0]["message"] == "wrongly decoded `doesnâ€™t` in the body"


@given(st.text(alphabet="abcäöüßéèçñãõÃÕÇ “”’»«–…ığşİАбвعربي中文.,!?", max_size=60))
def test_letters_of_many_languages_are_not_misread(text: str) -> None:
    words = [w for w in text.split() if not any(a in "ÃÕÇ" for a in w)]
    spaced = "  ".join(" ".join(w) for w in words)
    assert misread_spans(spaced) == []


def test_faulty_parameters_are_refused() -> None:
    with pytest.raises(RuleFileError, match="all empty"):
        CHECKS["patterns"].model_validate({"look_in": ["body"]})
    with pytest.raises(RuleFileError, match="not a Rust regular expression"):
        CHECKS["line-shape"].model_validate({"min_lines": 3, "signs": [["(", 1]]})
    with pytest.raises(RuleFileError, match="all missing"):
        CHECKS["length"].model_validate({"look_in": "body"})


SEED = Path(__file__).parents[2] / "shared/seeds/000_a27d7472bf6aa1b0.txt"


@pytest.mark.eval
@pytest.mark.skipif(not SEED.is_file(), reason="the seed is not part of the project")
def test_the_expression_in_the_seed_is_found_alone(everything: Plan) -> None:
    body = SEED.read_text("utf-8").split("\n", 2)[2]
    errors = [
        f
        for f in findings(everything, {"title": "Talks", "body": body})
        if f["severity"] == "error"
    ]
    assert [f["name"] for f in errors] == ["template-leak"]
    (leak,) = errors
    assert body[leak["start"] : leak["end"]].endswith("?.Title?.ToUpperInvariant()")
    assert " " not in body[leak["start"] : leak["end"]]
