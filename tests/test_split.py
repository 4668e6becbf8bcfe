"""What an input is like, and which of its records to keep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from newsqa.config import Config
from newsqa.profile import profile
from newsqa.split import split
from tests.runs_support import leak, newsqa, story, write

if TYPE_CHECKING:
    from pathlib import Path

FIXED = ["--now", "2026-01-01", "--select", "LEK,HED,DUP,INP"]


def crawl(folder: Path) -> Path:
    records = [story(1), leak(2), story(1), story(4, "Tarrow", title=None)]
    path = write(folder / "out/a.jsonl", records)
    path.write_text(path.read_text("utf-8") + '{"title": "cut', "utf-8")
    return path


def listed(folder: Path, *words: str) -> dict[int, tuple[bool, list[str]]]:
    done = newsqa(folder, "split", "out", *FIXED, *words)
    assert done.status == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["line"]: (row["keep"], row["rules"]) for row in rows}


def test_every_record_is_kept_or_dropped_with_its_reasons(tmp_path: Path) -> None:
    crawl(tmp_path)
    assert listed(tmp_path) == {
        1: (True, []),
        2: (False, ["LEK001"]),
        3: (True, []),
        4: (False, ["HED001"]),
        5: (False, ["INP002"]),
    }


def test_other_severities_and_rules_can_drop(tmp_path: Path) -> None:
    crawl(tmp_path)
    also = listed(tmp_path, "--also", "DUP")
    assert sum(keep for keep, _ in also.values()) == 1
    never = listed(tmp_path, "--drop-on", "never")
    assert [line for line, (keep, _) in never.items() if not keep] == [5]
    chosen = listed(tmp_path, "--source", "tar*")
    assert [line for line, (keep, _) in chosen.items() if keep] == []


def test_what_was_accepted_drops_nothing(tmp_path: Path) -> None:
    crawl(tmp_path)
    (tmp_path / "newsqa.toml").write_text(
        '[[suppress]]\nrule = "LEK001"\nreason = "The vendor mends it"\nexpires = 2026-02-01\n'
    )
    assert listed(tmp_path)[2] == (True, [])


@pytest.mark.parametrize("name", ["list.parquet", "deep/list.jsonl", "list.csv"])
def test_the_list_is_written(tmp_path: Path, name: str) -> None:
    crawl(tmp_path)
    done = newsqa(tmp_path, "split", "out", *FIXED, "-o", name)
    assert done.stdout == ""
    assert done.last == f"2 records to keep, 3 to drop: {name}"
    read = {"parquet": pl.read_parquet, "jsonl": pl.read_ndjson, "csv": pl.read_csv}
    frame = read[name.rpartition(".")[2]](tmp_path / name)
    assert frame.columns == ["path", "line", "record", "id", "url", "source", "keep", "rules"]
    assert frame["keep"].sum() == 2


def test_an_unknown_kind_of_list_is_refused(tmp_path: Path) -> None:
    crawl(tmp_path)
    assert newsqa(tmp_path, "split", "out", *FIXED, "-o", "list.xlsx").status == 2


def test_nothing_to_split(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert newsqa(tmp_path, "split", "out").status == 5


def test_split_in_python() -> None:
    frame = pl.DataFrame([story(1), leak(2)])
    divided = split(frame, config=Config())
    assert divided.records["keep"].to_list() == [True, False]
    assert divided.result.verdict == "fail"


def test_profile_counts_by_source(tmp_path: Path) -> None:
    german = "Der Rat der Stadt stimmte am Abend über den Haushalt ab, und viele Bürger kamen. "
    records = [story(n, "Tarrow") for n in range(4)]
    records += [story(9, "Lohme", text=german * 3, title=None, language="de-DE")]
    path = write(tmp_path / "a.jsonl", records)
    taken = profile([str(path)], Config())
    first, second = taken.sources
    assert (first.source, first.records, first.filled["title"]) == ("tarrow.example", 4, 4)
    assert (second.filled["title"], second.provided["title"]) == (0, 1)
    assert first.body is not None
    assert first.body.low <= first.body.median <= first.body.high
    assert (second.title, second.stated, second.identified) == (None, {"de": 1}, {"de": 1})
    assert first.identified == {"en": 4}
    assert str(first.first) == str(first.last) == "2025-04-14"


def test_profile_prints_text_and_json(tmp_path: Path) -> None:
    crawl(tmp_path)
    text = newsqa(tmp_path, "profile", "out").stdout
    assert "4 records from 2 sources in 1 file, 1 unreadable" in text
    assert "fenmouth.example" in text
    told = json.loads(newsqa(tmp_path, "profile", "out", "--format", "json").stdout)
    assert (told["records_found"], told["records_refused"]) == (5, 1)
    assert told["sources"][1]["filled"]["title"] == 0
    assert told["sources"][0]["body"]["median"] > 100


def test_profile_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert newsqa(tmp_path, "profile", "out").status == 5
    (tmp_path / "out/a.jsonl").write_text('{"cut')
    assert newsqa(tmp_path, "profile", "out").status == 3
