"""A cache that is damaged, used, full or somebody else's costs time, and never a finding."""

from __future__ import annotations

import json
import os
import shutil
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from newsqa.checks.patterns import Patterns
from newsqa.parts import folder
from tests.cache_support import FILES, assert_sound, cached, entries, known, write_news
from tests.parts_support import SMALL, check, lines, told, write_lines
from tests.runs_support import newsqa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsqa.result import Result

COMMAND = ("check", "out", "--select", "LEK001", "--no-report", "--no-history", "-v")


def signed(told: dict[str, Any]) -> bytes:
    """Return facts as a run writes them."""
    content = json.dumps(told).encode()
    return blake2b(content, digest_size=16).hexdigest().encode() + b"\n" + content


def facts_of(entry: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((entry / "facts.json").read_bytes().partition(b"\n")[2])
    return facts


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def in_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_file(change: Callable[[Path], None], name: str) -> Callable[[Path], None]:
    def damage(entry: Path) -> None:
        change(entry / name)

    return damage


def empty(entry: Path) -> None:
    for path in entry.iterdir():
        path.write_bytes(b"")


def say_more(entry: Path) -> None:
    """Write facts that another version might have written."""
    (entry / "facts.json").write_bytes(signed(facts_of(entry) | {"more": 1}))


def say_other(entry: Path) -> None:
    (entry / "facts.json").write_bytes(signed({"counts": []}))


def list_none(entry: Path) -> None:
    (entry / "facts.json").write_bytes(signed(facts_of(entry) | {"frames": {}}))


def misdate(entry: Path) -> None:
    told = facts_of(entry) | {"now": "yesterday", "settled_at": "tomorrow"}
    (entry / "facts.json").write_bytes(signed(told))


def become_a_file(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.write_bytes(b"x")


def lead_nowhere(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.symlink_to(entry.parent / "nowhere")


DAMAGES = {
    **{
        f"{name} {how}": of_file(change, name)
        for name in ("facts.json", "findings.parquet", "keys-00000.parquet")
        for how, change in {
            "halved": halve, "flipped": flip, "gone": Path.unlink, "a folder": in_place,
        }.items()
    },
    "empty": empty,
    "more facts": say_more,
    "other facts": say_other,
    "no frames": list_none,
    "no dates": misdate,
    "one more frame": lambda entry: shutil.copy(
        entry / "findings.parquet", entry / "keys-00001.parquet"
    ),
    "a file": become_a_file,
    "a link": lead_nowhere,
}  # fmt: skip


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
    def test_a_damaged_result_is_made_anew(
        self, news: Path, cache: Path, damage: Callable[[Path], None]
    ) -> None:
        cached(news, cache)
        damage(entries(cache)[1])
        assert_sound(news, cache, 2)
        assert_sound(news, cache, 3)

    def test_what_looks_sound_and_cannot_be_read_is_told(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        entry = entries(cache)[1]
        pl.DataFrame({"other": [1]}).write_parquet(entry / "keys-00000.parquet")
        digest = blake2b((entry / "keys-00000.parquet").read_bytes(), digest_size=16).hexdigest()
        facts = facts_of(entry)
        facts["frames"]["keys-00000.parquet"] = digest
        (entry / "facts.json").write_bytes(signed(facts))
        result = cached(news, cache)
        assert told(result) == told(check([news]))
        assert known(result) == (0, 3)
        assert result.run["cache_trouble"] == f"{cache} holds what cannot be read; remove it"
        shutil.rmtree(cache)
        assert_sound(news, cache, 0)

    def test_a_crash_is_not_kept(
        self, news: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_: object) -> Iterator[None]:
            yield from {}["once"]

        with monkeypatch.context() as patched:
            patched.setattr(Patterns, "locate_all", crash)
            crashed = cached(news, cache)
        assert crashed.verdict == "could-not-check"
        assert_sound(news, cache, 0)
        assert_sound(news, cache, 3)


class TestFolder:
    def refused(self, news: Path, cache: Path, why: str) -> None:
        result = cached(news, cache)
        assert result.run["cache_trouble"] == f"{cache} {why}"
        assert known(result) == (0, 3)
        assert told(result) == told(check([news], small=SMALL))

    def test_a_second_run_at_a_time_does_without(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        inner: list[Result] = []

        def meanwhile(*_: object) -> None:
            if not inner:
                inner.append(cached(news, cache))

        outer = cached(news, cache, progress=meanwhile)
        assert (known(inner[0]), known(outer)) == ((0, 3), (3, 3))
        assert inner[0].run["cache_trouble"] == f"{cache} is in use by another run"
        assert told(inner[0]) == told(outer)
        assert_sound(news, cache, 3)

    def test_a_folder_of_something_else_is_left_alone(self, news: Path, cache: Path) -> None:
        cache.mkdir()
        (cache / ("a" * 40)).write_text("somebody's")
        self.refused(news, cache, "holds something else")
        (cache / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
        self.refused(news, cache, "holds something else")
        assert sorted(path.name for path in cache.iterdir()) == ["CACHEDIR.TAG", "a" * 40]

    def test_a_folder_that_cannot_be_made_is_done_without(self, news: Path, cache: Path) -> None:
        cache.write_text("a file")
        self.refused(news, cache, "cannot be written: File exists")
        self.refused(news, cache / "inside", "cannot be written: Not a directory")

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_a_disk_that_is_full_ends_the_cache_and_not_the_check(
        self, news: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
    ) -> None:
        cached(news, cache)
        kept_one = entries(cache)[1]
        for path in entries(cache):
            if path != kept_one:
                shutil.rmtree(path)
        # A name that a folder cannot take: it fails in other processes, too.
        monkeypatch.setattr("newsqa.parts.store.PartKeys.of", lambda *_: "x" * 300)
        result = cached(news, cache, jobs=jobs)
        assert told(result) == told(check([news], small=SMALL))
        assert result.run["cache_trouble"].startswith(f"{cache} cannot be written: File name too")
        monkeypatch.undo()
        assert_sound(news, cache, 1)

    def test_inside_of_what_is_checked_it_is_no_news(self, news: Path) -> None:
        inside = news / "kept"
        first = cached(news, inside)
        assert known(cached(news, inside)) == (3, 3)
        assert told(cached(news, inside)) == told(first) == told(check([news]))
        assert {path.name for path in news.iterdir()} == {*FILES, "kept"}

    def test_the_cache_of_another_program_may_hold_news(self, tmp_path: Path) -> None:
        write_news(tmp_path / "pages")
        (tmp_path / "pages" / "CACHEDIR.TAG").write_text(
            "Signature: 8a477f597d28d172789f06886806bc55\n"
        )
        assert check([tmp_path]).totals["records_read"] == 27

    def test_what_broken_runs_have_left_goes(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        whole = entries(cache)
        shutil.copytree(whole[0], cache / f"{whole[0].name}.77.part")
        (cache / "notes.txt").write_text("not a result")
        assert_sound(news, cache, 3)
        assert entries(cache) == whole
        assert (cache / "notes.txt").exists()

    def test_the_oldest_results_go_where_there_are_too_many(
        self, news: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cached(news, cache)
        old = entries(cache)
        for number, path in enumerate(old):
            os.utime(path, (number, number))
        size = sum(file.stat().st_size for file in old[0].iterdir())
        write_lines(news / "a.jsonl", lines(12))
        monkeypatch.setattr(folder, "MOST_BYTES", 4 * size)
        assert_sound(news, cache, 2)
        assert len(entries(cache)) == 3, "what this run needs stays, also above the size"


class TestCommandLine:
    def say(self, folder: Path, *words: str) -> list[str]:
        done = newsqa(folder, *COMMAND, *words)
        assert len(done.stdout.splitlines()) > 3
        return [line for line in done.stderr.splitlines() if "known" in line or "cache" in line]

    def test_it_says_what_was_known(self, tmp_path: Path, news: Path) -> None:
        assert self.say(tmp_path) == ["0 of 1 part known from before"]
        assert self.say(tmp_path) == ["1 of 1 part known from before"]
        assert self.say(tmp_path, "--cache-dir", "other") == ["0 of 1 part known from before"]
        found = {path.name for path in tmp_path.iterdir()}
        assert found == {"out", ".newsqa_cache", "other"}
        assert (tmp_path / ".newsqa_cache" / ".gitignore").read_text() == "*\n"

    def test_without_a_cache_nothing_is_read_or_written(self, tmp_path: Path, news: Path) -> None:
        assert self.say(tmp_path, "--no-cache") == ["0 of 1 part known from before"]
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
        self.say(tmp_path)
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / ".newsqa_cache").rglob("*")}
        assert self.say(tmp_path, "--no-cache") == ["0 of 1 part known from before"]
        after = {path: path.stat().st_mtime_ns for path in (tmp_path / ".newsqa_cache").rglob("*")}
        assert before == after

    def test_a_configuration_says_where_it_is(self, tmp_path: Path, news: Path) -> None:
        (tmp_path / "newsqa.toml").write_text('cache_dir = "kept/here"\n')
        self.say(tmp_path)
        assert self.say(tmp_path) == ["1 of 1 part known from before"]
        assert (tmp_path / "kept" / "here" / "CACHEDIR.TAG").is_file()

    def test_it_says_why_there_is_none(self, tmp_path: Path, news: Path) -> None:
        (tmp_path / "taken").write_text("a file")
        said = self.say(tmp_path, "--cache-dir", "taken/inside")
        assert said[0] == "no cache: taken/inside cannot be written: Not a directory"
