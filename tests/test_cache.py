"""The cache: what is known is not checked again, and is trusted only where it still holds.

What is found is the same with it and without, whatever has happened to inputs, rules or cache.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import polars as pl
import pytest

from newsqa.parts import keys
from newsqa.selection import Selection
from tests.cache_support import assert_sound, cached, entries, known
from tests.parts_inputs import INPUTS, articles, mixture
from tests.parts_support import NOW, check, config, lines, told, write_lines
from tests.runs_support import leak

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsqa.config import Config

NOT_NULL = "expect_column_values_to_not_be_null"
LONGER = {"min_length": 21}
RULE = """
family = "ACM"
title = "Acme"
about = "What Acme demands."

[[rule]]
code = "ACM001"
name = "low-item"
summary = "A low item."
rationale = "To test."
fix = "None."
severity = "error"
check = "patterns"
params = { look_in = ["title"], patterns = ['item [0-4]'] }
message = "low: {excerpt}"
good = []
bad = []
"""


class TestUnchanged:
    @pytest.mark.parametrize("write", INPUTS, ids=lambda write: write.__name__)
    def test_inputs_are_not_checked_again(
        self, tmp_path: Path, cache: Path, write: Callable[[Path], None]
    ) -> None:
        news = tmp_path / "out"
        news.mkdir()
        write(news)
        first = cached(news, cache)
        again = cached(news, cache)
        # Whether a text without records is passed over depends on the files beside it.
        kept = first.run["parts"] - (write is mixture)
        assert (known(first)[0], known(again)[0]) == (0, kept)
        assert told(first) == told(again) == told(check([news]))

    def test_nothing_is_read_again(self, news: Path, cache: Path) -> None:
        first = cached(news, cache)
        with mock.patch("newsqa.parts.check.check_part", side_effect=AssertionError):
            assert told(cached(news, cache)) == told(first)

    def test_processes_know_what_this_one_found(self, tmp_path: Path, cache: Path) -> None:
        news, cut = tmp_path / "out", (8000, 20, 50)
        news.mkdir()
        mixture(news)
        first = cached(news, cache, jobs=2, small=cut)
        again = cached(news, cache, jobs=1, small=cut)
        assert known(again)[0] == known(first)[1] - 1 > 5
        assert told(first) == told(again)

    def test_what_decides_nothing_about_a_part_leaves_it_known(
        self, news: Path, cache: Path
    ) -> None:
        cached(news, cache)
        gates = {"settings": {"LEK001": {"max_count": 1}}, "select": ["LEK001", "DUP001"]}
        for own in (config(fail_on="warning"), config(report={"path": "elsewhere.html"})):
            assert_sound(news, cache, 3, config=own)
        cached(news, cache, config=config(rules=gates))
        strict = {"settings": {"LEK001": {"max_count": 9}}, "select": ["LEK001", "DUP001"]}
        assert_sound(news, cache, 3, config=config(rules=strict))

    def test_a_file_that_was_only_touched_is_known(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        os.utime(news / "a.jsonl", (0, 0))
        content = (news / "b.jsonl").read_bytes()
        (news / "b.jsonl").unlink()
        (news / "b.jsonl").write_bytes(content)
        assert_sound(news, cache, 3)


class TestChangedInput:
    def test_a_changed_byte_is_seen_whatever_the_clock_says(self, news: Path, cache: Path) -> None:
        path = news / "b.jsonl"
        first, state = cached(news, cache), path.stat()
        content = path.read_bytes()
        assert content.count(b"{{ article.kicker }}") == 2
        path.write_bytes(content.replace(b"{{ article.kicker }}", b"(( article.kicker ))", 1))
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
        result = assert_sound(news, cache, 2)
        leaks = [r.findings.filter(pl.col("rule") == "LEK001").height for r in (first, result)]
        assert leaks[0] - leaks[1] == 1
        path.write_bytes(content)
        assert told(assert_sound(news, cache, 3)) == told(first)

    def test_files_come_and_go(self, news: Path, cache: Path) -> None:
        first = cached(news, cache)
        write_lines(news / "bb.jsonl", lines(15, url="https://fenmouth.example/a"))
        more = assert_sound(news, cache, 3)
        assert more.totals["findings"] > first.totals["findings"]
        (news / "a.jsonl").unlink()
        assert_sound(news, cache, 3)
        (news / "bb.jsonl").unlink()
        assert_sound(news, cache, 2)

    def test_the_same_content_elsewhere_has_findings_of_its_own(
        self, news: Path, cache: Path
    ) -> None:
        cached(news, cache)
        (news / "a.jsonl").rename(news / "aa.jsonl")
        shutil.copy(news / "b.jsonl", news / "bb.jsonl")
        found = assert_sound(news, cache, 2).findings
        assert {str(news / name) for name in ("aa.jsonl", "b.jsonl")} <= set(found["path"])
        assert str(news / "a.jsonl") not in set(found["path"])

    def test_a_file_that_grows_is_known_up_to_where_it_grew(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # All that is read of a file to learn its fields is part of every stretch.
        monkeypatch.setattr(keys, "PART_BYTES", 3000)
        path = write_lines(tmp_path / "a.jsonl", lines(60))
        before = known(cached(path, cache))[1]
        write_lines(path, [*lines(60), json.dumps(leak(99)).encode()])
        assert before > 4
        grown = cached(path, cache)
        reused, parts = known(grown)
        assert before - 1 <= reused < parts
        assert told(grown) == told(check([path]))
        write_lines(path, [json.dumps(leak(98)).encode(), *lines(60)])
        assert_sound(path, cache, 0)

    def test_what_a_file_tells_about_others_is_seen(self, tmp_path: Path, cache: Path) -> None:
        news = tmp_path / "out"
        news.mkdir()
        articles(news)
        cached(news, cache)
        for n in range(5):
            record = json.loads((news / f"{n:03}.json").read_text())
            (news / f"{n:03}.json").write_text(json.dumps(record | {"headline": record["title"]}))
        assert told(cached(news, cache)) == told(check([news]))

    def test_dates_are_read_otherwise_once_another_part_says_so(
        self, tmp_path: Path, cache: Path
    ) -> None:
        news = tmp_path / "out"
        news.mkdir()
        write_lines(news / "a.jsonl", lines(30, date="04/10/2025"))
        european = cached(news, cache)
        write_lines(news / "z.jsonl", lines(2, date="04/23/2025"))
        result = assert_sound(news, cache, 0)
        assert told(european)["days"] != told(result)["days"][: len(told(european)["days"])]
        (news / "z.jsonl").unlink()
        assert told(cached(news, cache)) == told(european)

    def test_a_file_that_changes_while_it_is_checked_is_not_kept(
        self, news: Path, cache: Path
    ) -> None:
        path = news / "b.jsonl"
        content = path.read_bytes()

        def change(files: int, *_: object) -> None:
            if files == 2:
                path.write_bytes(content + json.dumps(leak(77)).encode() + b"\n")

        cached(news, cache, progress=change)
        assert len(entries(cache)) == 2
        path.write_bytes(content)
        assert_sound(news, cache, 2)


class TestChangedRules:
    @pytest.mark.parametrize(
        "own",
        [
            config("INP", "LEK001"),
            config(rules={"select": ["LEK001"], "settings": {"LEK001": {"severity": "info"}}}),
            config(
                rules={
                    "select": ["BLD009"],
                    "settings": {"BLD009": {"params": {"min_length": 21}}},
                },
            ),
            config(fields={"body": ["title"]}),
        ],
        ids=["fewer", "severity", "parameter", "fields"],
    )
    def test_a_configuration_decides_what_is_known(
        self, news: Path, cache: Path, own: Config
    ) -> None:
        cached(news, cache)
        assert_sound(news, cache, 0, config=own)
        assert_sound(news, cache, 3, config=own)
        assert_sound(news, cache, 3)

    def test_a_selection_does_too(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        for chosen in (Selection(("tarrow*",)), Selection(since=NOW - timedelta(days=300))):
            assert_sound(news, cache, 0, selection=chosen)
            assert_sound(news, cache, 3, selection=chosen)

    def test_rules_of_ones_own_are_told_by_what_they_say(self, news: Path, cache: Path) -> None:
        rules = news.parent / "rules"
        rules.mkdir()
        own = config("ACM", "LEK001", validators=[str(rules)])
        (rules / "acme.toml").write_text(RULE)
        first = assert_sound(news, cache, 0, config=own)
        (rules / "acme.toml").write_text("# A comment that moves the rule.\n\n" + RULE)
        assert told(assert_sound(news, cache, 3, config=own)) == told(first)
        (rules / "acme.toml").write_text(RULE.replace("item [0-4]", "item [0-2]"))
        other = assert_sound(news, cache, 0, config=own)
        assert 0 < other.totals["findings"] < first.totals["findings"]

    def test_a_suite_that_asks_for_other_columns_is_seen(self, news: Path, cache: Path) -> None:
        cached(news, cache)
        path = news.parent / "own.json"
        own = config(suites=[str(path)])
        for column, reused in (("authors", 0), ("authors", 3), ("section", 0)):
            expected = {"type": NOT_NULL, "kwargs": {"column": column}}
            path.write_text(json.dumps({"name": "own", "expectations": [expected]}))
            result = assert_sound(news, cache, reused, config=own)
            assert [outcome.success for outcome in result.suites[0].outcomes] == [False]

    def test_another_state_of_the_program_knows_nothing(
        self, news: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cached(news, cache)
        with monkeypatch.context() as patched:
            patched.setattr(keys, "program", lambda: {"newsqa": "0.0.9", "code": "other"})
            assert_sound(news, cache, 0)
            assert_sound(news, cache, 3)
        assert_sound(news, cache, 3)


class TestTime:
    def test_it_matters_only_to_what_lies_ahead(self, news: Path, cache: Path) -> None:
        # A day above 12, which cannot be a month.
        ahead = (NOW + timedelta(days=15)).isoformat()
        write_lines(news / "z.jsonl", lines(9, date=ahead))
        early = cached(news, cache)
        assert early.findings.filter(pl.col("rule") == "DAT003").height == 9
        later = assert_sound(news, cache, 3, now=NOW + timedelta(days=3))
        far = [
            result.findings.filter(pl.col("rule") == "DAT003")["message"].to_list()
            for result in (early, later)
        ]
        assert far[0] != far[1]
        past = assert_sound(news, cache, 3, now=NOW + timedelta(days=30))
        assert past.findings.filter(pl.col("rule") == "DAT003").is_empty()
        assert_sound(news, cache, 4, now=NOW + timedelta(days=60))
        assert_sound(news, cache, 3, now=NOW)

    def test_a_span_moves_with_it(self, news: Path, cache: Path) -> None:
        recent = {"selection": Selection(since=timedelta(days=300))}
        cached(news, cache, **recent)
        assert_sound(news, cache, 3, **recent)
        assert_sound(news, cache, 0, now=NOW + timedelta(days=100), **recent)
