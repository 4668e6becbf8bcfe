"""The engine: screens, survivors only, partial results that merge, and crashes that stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import ClassVar

import polars as pl
import pytest

import newsqa
from newsqa.catalogue import load_catalogue
from newsqa.checks import Context, GroupCheck, GroupHit, Hit, RecordCheck, Row, clued
from newsqa.checks.patterns import Patterns
from newsqa.config import Config
from newsqa.engine import Partial, check_batch
from newsqa.finding import Severity
from newsqa.groups import judge_groups
from newsqa.plan import ActiveRule, Plan, build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.record import provides_mask
from newsqa.screens import marked
from newsqa.setup import set_up

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULE = load_catalogue().find("template-leak")
RECORDS = [
    {"id": "1", "url": "https://a.example/1", "title": "Harbour reopens", "body": "It reopened."},
    {
        "id": "2",
        "url": "https://a.example/2",
        "title": "Storm",
        "body": "A storm. {{ page.title }}",
    },
    {"id": "3", "url": "https://a.example/1", "title": "Harbour again", "body": "It closed again."},
]


def batch(records: list[dict[str, str]] = RECORDS) -> Batch:
    frame = records_from_rows(records)
    return Batch(frame, (), frame.height, 0)


class Counting(RecordCheck):
    """Suspects records whose title begins with S and counts how often it is asked to locate."""

    key: ClassVar[str] = "counting"
    located: ClassVar[list[str]] = []

    def fields(self) -> frozenset[str]:
        return frozenset({"title"})

    def screen(self, context: Context) -> pl.Expr:
        return pl.col("title").str.starts_with("S")

    def locate(self, row: Row) -> Iterable[Hit]:
        self.located.append(row["title"])
        yield Hit("title", 0, 1)


class CrashingScreen(Counting):
    def screen(self, context: Context) -> pl.Expr:
        return pl.col("no such column") > 0


class CrashingMark(Counting):
    def marks(self) -> dict[str, pl.Expr]:
        return {"crashing": pl.col("no such column")}

    def clues(self) -> dict[str, tuple[str, ...]]:
        return {"crashing": ("x",)}


class CrashingLocate(Counting):
    def locate(self, row: Row) -> Iterable[Hit]:
        raise RuntimeError("a fault of the check")


class CrashingJudge(GroupCheck):
    key: ClassVar[str] = "crashing-judge"
    shape: ClassVar = "corpus"

    def fields(self) -> frozenset[str]:
        return frozenset()

    def judge(
        self, keys: pl.DataFrame, own: pl.DataFrame | None, context: Context
    ) -> Iterator[GroupHit]:
        raise RuntimeError("a fault of the check")


def plan_of(*checks: RecordCheck | GroupCheck) -> Plan:
    others = build_plan([load_catalogue().find("same-url")], Context(NOW)).active
    own = tuple(ActiveRule(RULE, check, Severity.ERROR) for check in checks)
    return Plan(own + others, Context(NOW))


def test_only_survivors_of_the_screen_are_located() -> None:
    Counting.located.clear()
    partial = check_batch(batch(), plan_of(Counting()))
    assert Counting.located == ["Storm"]
    assert pl.concat(partial.findings)["id"].to_list() == ["2"]


def test_what_rules_have_in_common_is_worked_out_once_a_batch() -> None:
    checks = {active.rule.code: active.check for active in set_up(Config(), NOW).plan.active}
    given = batch().frame.with_row_index("row")
    frame, crashed = marked(given, checks)
    assert not crashed
    marks = {name for check in checks.values() for name in check.marks()}
    readers = sum(len(check.marks()) for check in checks.values())
    assert readers > 2 * len(marks)
    columns = {clued(n) for c in checks.values() for n in (*c.clues(), *c.literal_clues())}
    assert set(frame.columns) == {*given.columns, *marks, *columns}


def test_a_rule_about_what_is_no_text_crashes_alone() -> None:
    dated = [record | {"published": "2025-04-10T08:00:00Z"} for record in RECORDS]
    plan = plan_of(Patterns(look_in=("published",), patterns=("x",)))
    partial = check_batch(batch(dated), plan)
    assert list(partial.crashed) == [RULE.code]
    assert pl.concat(judge_groups(partial, plan))["name"].to_list() == ["same-url"]


def test_clues_of_all_rules_leave_the_texts_that_hold_one() -> None:
    rules = {name: Patterns(look_in=("body",), patterns=(name,)) for name in ("left", "right")}
    frame = pl.DataFrame(
        {
            "title": ["A", "B", "the left", "C"],
            "summary": [None, "B", None, "C"],
            "body": ["to the left", None, "ahead", "right"],
        }
    )
    held, _ = marked(frame, rules)
    assert held[clued("texts")].to_list() == [
        "A\nto the left",
        "",
        "the left\nahead",
        "C\nC\nright",
    ]


def test_literal_clues_are_searched_for_beside_the_others() -> None:
    class Literal(Patterns):
        def clues(self) -> dict[str, tuple[str, ...]]:
            return {"body": ("left", "(?m:^)right")}

        def literal_clues(self) -> dict[str, tuple[str, ...]]:
            return {"body": ("ahead (", "nowhere")}

    rules = {"literal": Literal(look_in=("title",), patterns=("left",))}
    frame = pl.DataFrame({"body": ["to the left", None, "ahead (", "ahead"]})
    held, _ = marked(frame, rules)
    assert held[clued("body")].to_list() == ["to the left", "", "ahead (", ""]


@pytest.mark.parametrize(
    "check", [CrashingScreen(), CrashingMark(), CrashingLocate(), CrashingJudge()]
)
def test_a_rule_that_crashes_leaves_the_others_alone(check: RecordCheck | GroupCheck) -> None:
    plan = plan_of(check)
    partial = check_batch(batch(), plan)
    findings = pl.concat(partial.findings + judge_groups(partial, plan))
    assert findings["name"].to_list() == ["same-url"]
    assert list(partial.crashed) == [RULE.code]
    assert "Error" in partial.crashed[RULE.code]


def test_a_crash_is_never_a_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsqa.plan.CHECKS", _crashing())
    result = newsqa.check(batch().frame, now=NOW, config=Config(rules={"select": ["LEK001"]}))
    assert result.verdict == "could-not-check"
    assert result.exit_status == 3
    (state,) = [s for s in result.rules if s.status == "crashed"]
    assert state.rule.code == "LEK001"


def _crashing() -> dict[str, type]:
    class Lenient(CrashingLocate):
        def __init__(self, **_params: object) -> None:
            super().__init__()

        @classmethod
        def model_validate(cls, *_: object) -> Lenient:  # type: ignore[override]
            return cls()

        def screen(self, context: Context) -> pl.Expr:
            return pl.col("title").is_not_null()

    return {RULE.check: Lenient}


@pytest.mark.parametrize("split", [1, 2])
def test_partial_results_merge(split: int) -> None:
    plan = set_up(Config(), NOW).plan
    whole = check_batch(batch(), plan)
    parts = Partial()
    for records in (RECORDS[:split], RECORDS[split:]):
        frame = records_from_rows(RECORDS).filter(
            pl.col("id").is_in([record["id"] for record in records])
        )
        parts.merge(check_batch(Batch(frame, (), frame.height, 0), plan))
    assert (parts.found, parts.records) == (whole.found, whole.records)
    one = pl.concat(whole.findings + judge_groups(whole, plan)).sort("fingerprint")
    two = pl.concat(parts.findings + judge_groups(parts, plan)).sort("fingerprint")
    assert one.equals(two)
    assert "same-url" in one["name"].to_list()


def test_a_rule_without_its_field_is_not_applicable() -> None:
    result = newsqa.check(pl.DataFrame({"title": ["Harbour"], "text": ["It reopened."]}), now=NOW)
    states = {state.rule.name: state for state in result.rules}
    assert states["missing-url"].status == "not-applicable"
    assert states["missing-url"].note == "no file provides url"
    assert states["missing-title"].status == "checked"
    assert states["missing-title"].applicable == 1


def test_offsets_of_a_page_dump_refer_to_the_file() -> None:
    body = "First line.\n\n{{ page.title }} more"
    row = {"title": "x", "body": body, "body_line": 2, "body_start": 30}
    frame = records_from_rows([{"title": "x", "body": body}]).with_columns(
        pl.lit(row["body_line"]).cast(pl.UInt32).alias("body_line"),
        pl.lit(row["body_start"]).cast(pl.UInt64).alias("body_start"),
        pl.lit(provides_mask(["title", "body"])).cast(pl.UInt32).alias("provides"),
    )
    plan = build_plan([RULE], Context(NOW))
    (finding,) = pl.concat(check_batch(Batch(frame, (), 1, 0), plan).findings).to_dicts()
    assert finding["line"] == 4
    assert finding["start"] == 30 + body.index("{{")
    assert finding["end"] == 30 + body.index("}}") + 2
