"""Runs: kept whole, read back as they were, pruned, and looked back upon."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from newsqa.config import Config
from newsqa.errors import UsageError
from newsqa.history import find_run, list_runs, load_result, look_back, save_run
from newsqa.history.past import series_of
from newsqa.report.html import render_html
from newsqa.run import check as run_check
from tests import report_factory as factory
from tests.hostile import HOSTILE
from tests.runs_support import check, found, leak, newsqa, runs, story, write

if TYPE_CHECKING:
    from pathlib import Path

    from newsqa.result import Result


def crawl(count: int, place: str = "Fenmouth") -> list[dict[str, object]]:
    return [story(n, place) for n in range(count)]


def test_a_check_leaves_a_run(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [*crawl(3), leak(9)])
    done = check(tmp_path)
    (run,) = runs(tmp_path)
    facts = json.loads((run / "run.json").read_text("utf-8"))
    assert facts["schema_version"] == 1
    assert run.name.endswith(facts["run"]["id"])
    assert facts["run"]["series"] == "out"
    assert facts["totals"]["records_read"] == 4
    assert {entry["source"]: entry["records"] for entry in facts["sources"]} == {
        "fenmouth.example": 4
    }
    assert facts["sources"][0]["fields"]["body"] == {"provided": 4, "filled": 4}
    assert (run / "findings.jsonl").read_text("utf-8") == done.stdout
    assert (tmp_path / ".newsqa/runs/.gitignore").read_text() == "*\n"


def test_no_body_is_kept(tmp_path: Path) -> None:
    far = " ".join(f"Item {n} was put off until the next meeting." for n in range(20))
    write(tmp_path / "out/a.jsonl", [story(1, text=f"{{{{ a.b }}}} {far} A zanzibarian spoke.")])
    assert check(tmp_path, rules="ALL").status == 1
    assert b"zanzibarian" not in b"".join(p.read_bytes() for p in runs(tmp_path)[0].iterdir())


def test_no_history_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    check(tmp_path, "--no-history")
    assert not (tmp_path / ".newsqa").exists()


def test_old_runs_go_and_nothing_else_does(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    (tmp_path / "newsqa.toml").write_text('history = { keep = 2, dir = "kept" }\n')
    (tmp_path / "kept/mine").mkdir(parents=True)
    for _ in range(4):
        check(tmp_path)
    kept = list_runs(tmp_path / "kept")
    assert len(kept) == 2
    assert (tmp_path / "kept/mine").is_dir()


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    (tmp_path / ".newsqa").write_text("a file where the folder should be")
    done = check(tmp_path)
    assert done.status == 0
    assert "warning: the run is not kept" in done.stderr


def test_a_damaged_run_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    check(tmp_path)
    damages = ('{"run": ', '{"run": {}}', '{"schema_version": 1, "run": {"series": "out"}}',
               '{"schema_version": 1, "run": {"series": "out"}, "sources": [3]}')  # fmt: skip
    for damage in damages:
        (runs(tmp_path)[0] / "run.json").write_text(damage)
        assert check(tmp_path).status == 0
    for run in runs(tmp_path)[1:]:
        (run / "run.json").unlink()
    check(tmp_path)
    (runs(tmp_path)[-1] / "findings.jsonl").write_text("[1]\n")
    assert "the last run is left aside" in check(tmp_path).stderr


def same(one: Result, other: Result) -> None:
    assert_frame_equal(one.findings, other.findings)
    assert_frame_equal(one.accepted, other.accepted)
    assert_frame_equal(one.days, other.days, check_dtypes=False)
    assert (one.gates, one.verdict, one.totals) == (other.gates, other.verdict, other.totals)
    assert (one.earlier, one.suppressions) == (other.earlier, other.suppressions)
    pairs = zip(one.rules, other.rules, strict=True)
    assert all(a.findings == b.findings and a.note == b.note for a, b in pairs)


@pytest.mark.parametrize("many", [1, 50_000], ids=["parquet", "jsonl"])
def test_a_run_is_read_back_as_it_was(tmp_path: Path, many: int) -> None:
    write(tmp_path / "a.jsonl", [*crawl(5), leak(9), story(10, title=None)])
    result = run_check(str(tmp_path / "a.jsonl"), config=Config())
    run = save_run(result, tmp_path / "runs", many=many)
    again = load_result(run)
    same(result, again)
    assert render_html(again) == render_html(result)


@pytest.mark.parametrize("make", [factory.broken, factory.clean, factory.empty, factory.crashed])
def test_the_report_of_a_run_is_that_of_its_result(tmp_path: Path, make: object) -> None:
    result = make()  # type: ignore[operator]
    files = [orjson.loads(orjson.dumps(file)) for file in result.files]
    result = replace(result, run=result.run | {"files": files})
    again = load_result(save_run(result, tmp_path))
    assert render_html(again) == render_html(result)


def test_hostile_texts_survive_the_way(tmp_path: Path) -> None:
    result = factory.hostile(HOSTILE)
    result = replace(result, run=result.run | {"id": "ab12cd34", "started": "2026-01-01T00:00:00"})
    again = load_result(save_run(result, tmp_path))
    assert again.findings["message"].to_list() == result.findings["message"].to_list()


def test_results_as_json_are_read_too(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [*crawl(3), leak(9)])
    check(tmp_path, "--output", "json=results.json", "--output", "jsonl=findings.jsonl")
    whole = load_result(tmp_path / "results.json")
    assert (whole.verdict, whole.totals["records_read"], whole.findings.height) == ("fail", 4, 1)
    bare = load_result(tmp_path / "findings.jsonl")
    assert (bare.verdict, bare.totals["findings"], bare.findings.height) == ("fail", 1, 1)
    assert bare.rules[0].rule.rationale
    for result in (whole, bare):
        assert "template-leak" in render_html(result)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{}"),
        ("a.json", "[]"),
        ("a.jsonl", "{}\n"),
        ("a.jsonl", "x\n"),
        ("b.parquet", ""),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UsageError):
        load_result(path)


def test_runs_are_named_in_many_ways(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    for _ in range(2):
        check(tmp_path)
    folder = tmp_path / ".newsqa/runs"
    first, second = list_runs(folder)
    assert find_run("latest", folder) == second
    assert find_run("previous", folder) == first
    assert find_run(first.id[:6], folder) == first
    assert find_run(first.name, folder) == first
    assert find_run(str(first.folder), folder) == first
    assert find_run(str(first.folder / "findings.jsonl"), folder).name == "findings.jsonl"
    for word in ("nothing", first.name[:4]):
        with pytest.raises(UsageError):
            find_run(word, folder)
    with pytest.raises(UsageError, match="no run is kept"):
        find_run("latest", tmp_path / "elsewhere")


def test_numbers_in_paths_do_not_part_a_series() -> None:
    assert series_of(["./out/2026-11-24.jsonl"]) == series_of(["out/2026-11-25.jsonl"])
    assert series_of(["b", "a"]) == series_of(["a/", "b"])
    assert series_of(["out"]) != series_of(["other"])
    assert series_of(["out"]) != series_of(["out"], ["--source *.fr"])


def test_runs_of_other_paths_are_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    check(tmp_path)
    newsqa(tmp_path, "check", "out/a.jsonl", "--no-report", "--select", "LEK", "--format", "none")
    runs_of_out, last = look_back(tmp_path / ".newsqa/runs", "out")
    assert len(runs_of_out) == 1
    assert last is not None
    assert last.series == "out"


def names(folder: Path) -> list[tuple[str, str | None]]:
    return [(f["name"], f["source"]) for f in found(check(folder))]


def test_a_source_that_vanished_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(8))
    write(tmp_path / "out/b.jsonl", crawl(8, "Tarrow"))
    for _ in range(3):
        assert names(tmp_path) == []
    (tmp_path / "out/b.jsonl").unlink()
    done = check(tmp_path)
    assert done.status == 1
    (finding,) = found(done)
    assert (finding["name"], finding["source"]) == ("source-vanished", "tarrow.example")
    assert (finding["evidence"]["usual"], finding["evidence"]["runs"]) == (8, 3)


def test_volume_and_fields_are_held_against_the_median(tmp_path: Path) -> None:
    for count in (60, 64, 62):
        write(tmp_path / "out/a.jsonl", crawl(count))
        assert names(tmp_path) == []
    write(tmp_path / "out/a.jsonl", [story(n, text=None) for n in range(25)])
    assert names(tmp_path) == [
        ("fewer-than-usual", "fenmouth.example"),
        ("field-emptier-than-usual", "fenmouth.example"),
    ]


def test_without_enough_runs_the_rules_are_not_applicable(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", crawl(2))
    check(tmp_path)
    check(tmp_path, "--output", "json=results.json")
    told = json.loads((tmp_path / "results.json").read_text("utf-8"))
    state = {rule["code"]: (rule["status"], rule["note"]) for rule in told["rules"]}
    assert state["SRC020"] == ("not-applicable", "needs 3 earlier runs, has 1")


def test_history_shows_the_course(tmp_path: Path) -> None:
    for count in (2, 4, 8):
        write(tmp_path / "out/a.jsonl", [*crawl(count), leak(99)])
        check(tmp_path)
    words = ["--rule", "template-leak", "--source", "fenmouth.example"]
    text = newsqa(tmp_path, "history", *words).stdout
    assert "LEK001" in text
    assert "▃▅█" in text or "▄▅█" in text, text
    told = json.loads(newsqa(tmp_path, "history", *words, "--format", "json").stdout)
    assert [run["records"] for run in told] == [3, 5, 9]
    assert told[-1]["rule"] == {"code": "LEK001", "findings": 1}
    assert told[-1]["source"] == {"name": "fenmouth.example", "records": 9, "findings": 1}
    assert newsqa(tmp_path, "history", "--limit", "1").stdout.count("fail") == 1


def test_history_without_a_run_says_how_to_get_one(tmp_path: Path) -> None:
    done = newsqa(tmp_path, "history")
    assert done.status == 2
    assert "newsqa check" in done.stderr


def test_days_keep_their_types(tmp_path: Path) -> None:
    result = run_check(pl.DataFrame([story(1)]), config=Config())
    again = load_result(save_run(result, tmp_path))
    assert again.days.schema == result.days.schema
    assert again.records.schema["records"] == pl.UInt32
