"""Baselines: accepted findings do not count, are counted, and are pruned when they go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsqa.history import load_result
from tests.runs_support import check, found, leak, newsqa, runs, story, write

if TYPE_CHECKING:
    from pathlib import Path


def entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def baselined(folder: Path) -> Path:
    write(folder / "out/a.jsonl", [leak(1), leak(2), story(3, title=None)])
    assert check(folder).status == 1
    assert newsqa(folder, "baseline", "create", "base.jsonl").status == 0
    return folder / "base.jsonl"


def test_accepted_findings_do_not_count(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    assert len(entries(base)) == 3
    done = check(tmp_path, "--baseline", "base.jsonl", "--output", "json=results.json")
    assert done.status == 0
    assert "0 findings in 3 records · 3 accepted" in done.last
    assert all(f["evidence"]["accepted"] == {"by": "baseline"} for f in found(done))
    told = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert told["totals"]["findings"] == 0
    assert told["totals"]["baseline"] == 3
    assert {r["code"]: r["accepted"] for r in told["rules"] if r["accepted"]} == {
        "LEK001": 2,
        "HED001": 1,
    }


def test_new_findings_count(tmp_path: Path) -> None:
    baselined(tmp_path)
    write(tmp_path / "out/a.jsonl", [leak(1), leak(4)])
    done = check(tmp_path, "--baseline", "base.jsonl")
    assert done.status == 1
    assert "1 finding in 2 records · 1 accepted" in done.last


def test_the_configuration_can_name_it(tmp_path: Path) -> None:
    baselined(tmp_path)
    (tmp_path / "newsqa.toml").write_text('baseline = "base.jsonl"\n')
    assert check(tmp_path).status == 0


def test_any_file_of_findings_serves(tmp_path: Path) -> None:
    baselined(tmp_path)
    (run,) = runs(tmp_path)
    for name in (run / "findings.jsonl", run):
        assert check(tmp_path, "--no-history", "--baseline", str(name)).status == 0
    check(tmp_path, "--no-history", "--output", "json=results.json")
    assert check(tmp_path, "--no-history", "--baseline", "results.json").status == 0


def test_create_does_not_write_over(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    base.write_text("")
    assert newsqa(tmp_path, "baseline", "create", "base.jsonl").status == 2
    assert base.read_text() == ""
    assert newsqa(tmp_path, "baseline", "create", "base.jsonl", "--force").status == 0
    assert len(entries(base)) == 3


def test_update_adds_and_prune_takes_out(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    write(tmp_path / "out/a.jsonl", [leak(1), leak(4)])
    check(tmp_path, "--baseline", "base.jsonl")
    newsqa(tmp_path, "baseline", "update", "base.jsonl")
    assert len(entries(base)) == 4
    newsqa(tmp_path, "baseline", "prune", "base.jsonl")
    assert sorted(str(entry["url"])[-1] for entry in entries(base)) == ["1", "4"]


def test_prune_keeps_what_was_not_checked(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    write(tmp_path / "out/a.jsonl", [story(1)])
    check(tmp_path, rules="HED001")
    newsqa(tmp_path, "baseline", "prune", "base.jsonl")
    assert {entry["rule"] for entry in entries(base)} == {"LEK001"}


def test_a_damaged_baseline_is_named_with_its_line(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    base.write_text(base.read_text("utf-8") + '{"no": 1}\n', "utf-8")
    done = check(tmp_path, "--baseline", "base.jsonl")
    assert done.status == 2
    assert "base.jsonl:4" in done.stderr
    assert check(tmp_path, "--baseline", "nowhere.jsonl").status == 2


def test_accepted_findings_stay_apart_when_a_run_is_read_back(tmp_path: Path) -> None:
    baselined(tmp_path)
    check(tmp_path, "--baseline", "base.jsonl")
    result = load_result(runs(tmp_path)[-1] / "findings.jsonl")
    assert (result.findings.height, result.accepted.height) == (0, 3)
    assert result.totals["baseline"] == 3


def test_a_baseline_can_be_made_of_accepted_findings(tmp_path: Path) -> None:
    base = baselined(tmp_path)
    check(tmp_path, "--baseline", "base.jsonl")
    newsqa(tmp_path, "baseline", "create", "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == base.read_bytes()
