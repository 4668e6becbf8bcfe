"""The invented records that everything is measured on."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from dozen import CHECKS, LANGUAGES, broken, read
from generate import BLOCK, records, write

COUNT = 2 * BLOCK + 37


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    write(path, COUNT, jobs=1, fault_share=0.5)
    return path


def listed(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def failing(path: Path) -> dict[str, int]:
    counts = read(path).select(e.sum().alias(name) for name, e in broken().items())
    return counts.row(0, named=True)


def test_processes_change_nothing(news: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    write(again, COUNT, jobs=2, fault_share=0.5)
    assert again.read_bytes() == news.read_bytes()


def test_fewer_records_are_the_beginning_of_more(news: Path, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.jsonl"
    write(fewer, BLOCK + 1, jobs=1, fault_share=0.5)
    assert fewer.read_bytes().splitlines() == news.read_bytes().splitlines()[: BLOCK + 1]


def test_another_seed_gives_other_records() -> None:
    one, other = next(records(1, seed=1)), next(records(1, seed=2))
    assert one["text"] != other["text"]
    assert one["text"] == next(records(1, seed=1))["text"]


def test_parquet_holds_the_same_records(news: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    write(path, COUNT, jobs=1, fault_share=0.5)
    assert pl.read_parquet(path).to_dicts() == listed(news)


def test_a_folder_holds_the_same_records_one_a_file(news: Path, tmp_path: Path) -> None:
    write(tmp_path / "news", COUNT, jobs=1, fault_share=0.5)
    files = sorted((tmp_path / "news").rglob("*.json"), key=lambda path: path.name)
    assert [json.loads(path.read_bytes()) for path in files] == listed(news)
    assert len({path.parent for path in files}) > 40


def test_other_shapes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"news\.csv"):
        write(tmp_path / "news.csv", 1)


def test_every_check_of_the_dozen_has_its_fault(news: Path) -> None:
    counts = failing(news)
    assert list(counts) == list(CHECKS)
    assert min(counts.values()) > 0
    assert max(counts.values()) < COUNT / 8


def test_without_faults_nothing_fails(tmp_path: Path) -> None:
    path = tmp_path / "clean.jsonl"
    write(path, BLOCK, jobs=1, fault_share=0)
    assert set(failing(path).values()) == {0}


def test_bodies_are_as_long_as_news_in_ten_languages(news: Path) -> None:
    lengths = read(news).group_by("language").agg(pl.col("text").str.len_bytes().median())
    by_code = dict(lengths.iter_rows())
    assert set(LANGUAGES) <= by_code.keys()
    assert all(1_800 < by_code[code] < 4_500 for code in LANGUAGES)
    assert 3_000 < news.stat().st_size / COUNT < 4_500
