"""A first configuration: complete, true to its input, and never over someone's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsqa.config import load_config
from newsqa.starting import guess_fields
from tests.runs_support import SENTENCE, leak, newsqa, story, write

if TYPE_CHECKING:
    from pathlib import Path

NOW = ["--now", "2026-01-01"]


def odd(n: int) -> dict[str, Any]:
    """A record whose keys say nothing."""
    return {
        "seq": n,
        "post": {"contents": SENTENCE.format(place="Tarrow", n=n) * 2, "hl": f"Ferry {n} sails on"},
        "gone_live": f"2025-04-{n + 1:02}T08:00:00Z",
        "where": f"https://tarrow.example/{n}",
        "tag": "local news",
    }


def test_keys_are_guessed_from_their_values(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [odd(n) for n in range(25)])
    done = newsqa(tmp_path, "init", "--from", "out", *NOW)
    assert done.status == 0
    config = load_config(tmp_path / "newsqa.toml")
    assert config.fields == {
        "url": ["where"],
        "body": ["post.contents"],
        "published": ["gone_live"],
        "title": ["post.hl"],
    }
    assert config.paths == ["out"]
    checked = newsqa(tmp_path, "check", *NOW, "--format", "none", "--no-report")
    assert "in 25 records" in checked.last


def test_known_records_need_no_fields(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [story(n) for n in range(5)])
    assert guess_fields([str(path)]) == {}


@pytest.mark.parametrize("record", [{"n": 1}, {"a": "x", "b": [1]}, {"x": {"y": {}}}, {}])
def test_nothing_is_guessed_from_nothing(tmp_path: Path, record: dict[str, Any]) -> None:
    path = write(tmp_path / "a.jsonl", [record] * 3)
    assert guess_fields([str(path)]) == {}


def test_the_first_run_passes_and_a_worse_one_fails(tmp_path: Path) -> None:
    crawl = [story(n, text=SENTENCE.format(place="Fenmouth", n=n) * 2) for n in range(40)]
    write(tmp_path / "out/a.jsonl", [*crawl, leak(50), leak(51)])
    assert newsqa(tmp_path, "init", "--from", "out", *NOW).status == 0
    words = ["check", *NOW, "--format", "none", "--no-report"]
    text = (tmp_path / "newsqa.toml").read_text("utf-8")
    assert "[rules.template-leak]\nmax_share = 0.05" in text
    assert newsqa(tmp_path, *words).status == 0
    write(tmp_path / "out/a.jsonl", [*crawl, *(leak(n) for n in range(50, 60))])
    assert newsqa(tmp_path, *words).status == 1


def test_the_folders_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples/README.md").write_text("mine")
    assert newsqa(tmp_path, "init").status == 0
    assert (tmp_path / "samples/README.md").read_text() == "mine"
    assert (tmp_path / "reports/.gitignore").is_file()
    assert newsqa(tmp_path, "test", "OWN", "--validators", "validators").status == 0
    before = (tmp_path / "newsqa.toml").read_text()
    assert newsqa(tmp_path, "init").status == 2
    assert (tmp_path / "newsqa.toml").read_text() == before


def test_another_folder(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [story(1)])
    assert newsqa(tmp_path, "init", "project", "--from", "out", *NOW).status == 0
    assert load_config(tmp_path / "project/newsqa.toml").paths == ["../out"]
