"""Part of an input: chosen sources, chosen times, and nothing that is lost unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from newsqa.history import list_runs, save_run
from newsqa.run import check as run_check
from newsqa.selection import Selection, since_when
from tests.runs_support import check, leak, story, write

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "when"),
    [
        ("36h", NOW - timedelta(hours=36)), ("7d", NOW - timedelta(7)),
        ("2 W", NOW - timedelta(14)),
        ("2025-04-01", datetime(2025, 4, 1, tzinfo=UTC)), ("soon", None), ("", None), ("5", None),
        ("2025-04-01T02:00+02:00", datetime(2025, 4, 1, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_since_when(word: str, when: datetime | None) -> None:
    assert Selection(since=since_when(word)).at(NOW).since == when


def told(folder: Path, *words: str) -> dict[str, dict[str, object]]:
    check(folder, *words, "--output", "json=results.json")
    content: dict[str, dict[str, object]] = json.loads((folder / "results.json").read_text("utf-8"))
    return content


def test_sources_are_chosen(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [leak(1), leak(2, "Tarrow"), story(3, "Tarrow")])
    content = told(tmp_path, "--source", "tar*")
    assert content["totals"]["records_read"] == content["totals"]["records_found"] == 2
    assert content["totals"]["findings"] == 1
    assert content["run"]["records_left_out"] == 1
    assert content["run"]["selection"] == {"source": ["tar*"], "since": None}
    assert content["run"]["series"] == "out --source tar*"


def test_records_are_chosen_by_time(tmp_path: Path) -> None:
    old = leak(1) | {"date": "2025-04-01", "scraped_at": "2025-12-31T12:00:00Z"}
    records = [old, leak(2) | {"date": "2025-04-01"}, leak(3) | {"date": None}]
    write(tmp_path / "out/a.jsonl", records)
    content = told(tmp_path, "--since", "2d")
    assert content["totals"]["findings"] == 2, "crawled lately, and without any time"
    assert content["run"]["records_left_out"] == 1


def test_a_choice_of_nothing_is_nothing_to_check(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [leak(1)])
    assert check(tmp_path, "--source", "nowhere.example").status == 5


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    results = [run_check(pl.DataFrame([story(n)])) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for saved in pool.map(lambda result: save_run(result, tmp_path, keep=5), results):
            assert saved.name
    assert 1 <= len(list_runs(tmp_path)) <= 8
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".2")]
    assert all(run.facts["verdict"] == "pass" for run in list_runs(tmp_path))


@pytest.mark.parametrize(
    "words", [["show", "--help"], ["diff", "--help"], ["baseline", "create", "--help"], ["--help"]]
)
def test_help_stays_light(words: list[str]) -> None:
    code = (
        "import sys\nfrom newsqa.cli import cli\n"
        f"try:\n    cli({words!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'pydantic', 'jinja2', 'rich', 'orjson'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
