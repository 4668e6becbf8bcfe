"""Two runs side by side: new, gone, still there; and what the outputs say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from newsqa.changes import source_changes
from newsqa.compare import Base, compare
from newsqa.describe import findings_frame
from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.finding import Finding
from newsqa.result import Change, no_findings
from tests import report_factory as factory
from tests.hostile import HOSTILE
from tests.runs_support import check, found, leak, newsqa, runs, story, write

if TYPE_CHECKING:
    from pathlib import Path


def frame(*marks: str, rule: str = "LEK001", source: str | None = "a.example") -> pl.DataFrame:
    rows = []
    for mark in marks:
        finding = Finding(rule, "template-leak", "error", "x", source=source, fingerprint=mark)
        rows.append(finding.as_dict() | {"evidence": "{}"})
    return findings_frame(rows)


def base(findings: pl.DataFrame, *checked: str) -> Base:
    return Base({"id": "1"}, findings, no_findings(), frozenset(checked) or None)


def test_new_gone_and_still() -> None:
    compared = compare(base(frame("a", "b")), frame("b", "c", "d"), no_findings())
    assert compared.totals == Change("", 2, 1, 1)
    assert dict(compared.statuses.iter_rows()) == {"b": "known", "c": "new", "d": "new"}
    assert compared.gone["fingerprint"].to_list() == ["a"]
    assert compared.rules == (Change("LEK001", 2, 1, 1),)
    assert compared.sources == (Change("a.example", 2, 1, 1),)


def test_rules_that_only_one_run_checked_are_not_compared() -> None:
    before, after = frame("a"), frame("b", rule="HED001")
    compared = compare(base(before, "LEK001"), after, no_findings(), {"HED001"})
    assert compared.totals == Change("", 0, 0, 0)
    assert compared.not_compared == 2
    assert compared.statuses.is_empty()


def test_what_was_accepted_is_neither_new_nor_gone() -> None:
    earlier = Base({}, frame("a"), frame("b"), None)
    compared = compare(earlier, frame("b"), frame("a"))
    assert compared.totals == Change("", 0, 0, 0)


def test_nothing_beside_nothing() -> None:
    compared = compare(base(no_findings()), no_findings(), no_findings(), [])
    assert (compared.totals, compared.rules) == (Change("", 0, 0, 0), ())


def two_runs(folder: Path) -> None:
    write(folder / "out/a.jsonl", [story(1), leak(2), leak(3)])
    check(folder)
    write(folder / "out/a.jsonl", [story(1), leak(3), leak(4), story(5, title=None)])
    check(folder)


def test_diff_takes_the_last_two_runs(tmp_path: Path) -> None:
    two_runs(tmp_path)
    done = newsqa(tmp_path, "diff")
    assert done.status == 0
    assert "2 new, 1 gone, 1 still there" in done.stdout
    assert "LEK001 template-leak" in done.stdout
    assert "HED001 missing-title" in done.stdout
    assert newsqa(tmp_path, "diff", "--exit-code").status == 1
    assert newsqa(tmp_path, "diff", "latest", "latest", "--exit-code").status == 0


def test_diff_as_json(tmp_path: Path) -> None:
    two_runs(tmp_path)
    told = json.loads(newsqa(tmp_path, "diff", "--format", "json").stdout)
    assert told["totals"] == {"new": 2, "gone": 1, "still": 1}
    assert told["before"]["id"] == runs(tmp_path)[0].name.rpartition("-")[2]
    assert {f["url"][-1] for f in told["new"]} == {"4", "5"}
    assert [f["url"][-1] for f in told["gone"]] == ["2"]
    assert {r["rule"]: r["new"] for r in told["rules"]} == {"LEK001": 1, "HED001": 1}


def test_diff_takes_files_of_findings(tmp_path: Path) -> None:
    two_runs(tmp_path)
    first, second = (run / "findings.jsonl" for run in runs(tmp_path))
    (tmp_path / "old.jsonl").write_bytes(first.read_bytes())
    done = newsqa(tmp_path, "diff", "old.jsonl", str(second))
    assert "2 new, 1 gone, 1 still there" in done.stdout
    assert "2 new" in newsqa(tmp_path, "diff", "old.jsonl").stdout


def test_diff_without_an_earlier_run_says_so(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [story(1)])
    check(tmp_path)
    done = newsqa(tmp_path, "diff")
    assert done.status == 2
    assert "no run before the latest" in done.stderr


def test_a_check_says_what_is_new(tmp_path: Path) -> None:
    two_runs(tmp_path)
    write(tmp_path / "out/a.jsonl", [leak(3), leak(8)])
    assert "1 new, 2 gone" in check(tmp_path).last
    first = runs(tmp_path)[0].name
    assert "1 new, 1 gone" in check(tmp_path, "--compare", first).last
    (finding,) = [
        json.loads(line)
        for line in newsqa(
            tmp_path, "show", "--status", "new", "--format", "jsonl"
        ).stdout.splitlines()
    ]
    assert finding["url"].endswith("/8")


def test_new_only_lets_known_findings_pass(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [leak(2)])
    done = check(tmp_path, "--new-only")
    assert done.status == 1
    assert "there is no earlier run" in done.stderr
    for _ in range(2):
        done = check(tmp_path, "--new-only")
        assert done.status == 0
        assert found(done)[0]["evidence"]["accepted"] == {"by": "known"}
    write(tmp_path / "out/a.jsonl", [leak(2), leak(3)])
    assert check(tmp_path, "--new-only").status == 1
    assert check(tmp_path, "--new-only", "--no-history").status == 2


def test_show_filters(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [leak(1), leak(2, "Tarrow"), story(3, title=None)])
    findings = found(check(tmp_path))

    def shown(*words: str) -> set[str]:
        done = newsqa(tmp_path, "show", *words, "--format", "jsonl")
        return {json.loads(line)["url"] for line in done.stdout.splitlines()}

    everything = {finding["url"] for finding in findings}
    assert shown() == everything
    assert shown("--rule", "HED") == shown("--rule", "missing-title") == {story(3)["url"]}
    assert shown("--source", "tar*") == {leak(2, "Tarrow")["url"]}
    assert shown("--record", leak(1)["url"]) == shown("--record", "out/a.jsonl:1")
    assert shown("--fingerprint", findings[0]["fingerprint"][:9]) == {findings[0]["url"]}
    assert len(shown("--limit", "1")) == 1
    text = newsqa(tmp_path, "show").stdout
    assert all(finding["fingerprint"] in text for finding in findings)
    assert "out/a.jsonl:1: LEK001" in newsqa(tmp_path, "show", "--format", "concise").stdout
    assert "no finding fits" in newsqa(tmp_path, "show", "--rule", "PAG").stdout


def test_hostile_texts_are_inert_on_the_terminal(tmp_path: Path) -> None:
    records = [
        story(n, title=text, text=f"{{{{ a.b }}}} {text}", source=text)
        for n, text in enumerate(HOSTILE)
    ]
    write(tmp_path / "out/a.jsonl", records)
    check(tmp_path)
    write(tmp_path / "out/a.jsonl", records[: len(records) // 2])
    check(tmp_path)
    for words in (["show", "--limit", "500"], ["diff", "--limit", "500"], ["history"]):
        printed = newsqa(tmp_path, *words).stdout
        assert not any(line.lstrip().startswith("::") for line in printed.splitlines())
        assert not set(printed) & set("\x1b\x07\x00\u202e\u2028\r")
    json.loads(newsqa(tmp_path, "diff", "--format", "json").stdout)


@pytest.mark.parametrize("count", [0, 3])
def test_changes_of_sources(count: int) -> None:
    filled = {"title": 40, "body": 40, "authors": 20}
    runs_before = tuple(
        EarlierRun(
            str(n), f"2026-01-0{n}", "pass", 40, 0, 0, 0,
            {"courier.example": SourceFigures(40, filled), "gone.example": SourceFigures(9)},
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    result = factory.build([], {"courier.example": 20, "fresh.example": 3}, earlier=runs_before)
    changes = {change.source: change for change in source_changes(result)}
    if not count:
        assert changes == {}
        return
    assert changes["gone.example"].records == 0
    assert changes["gone.example"].volumes == (9, 9, 9)
    assert (changes["fresh.example"].usual, changes["courier.example"].usual) == (0, 40)
    shifted = {fill.field: (fill.usual, fill.now) for fill in changes["courier.example"].fills}
    assert shifted["authors"] == (0.5, 1.0)
    assert "title" not in shifted
