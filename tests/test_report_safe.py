"""What cannot be seen becomes visible, and lines stay lines."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.figures import count, percent, seconds, shade
from newsqa.report.safe import clip, json_text, log_line, name_of, one_line, pieces, visible

ANY_TEXT = st.text(st.characters(), max_size=60)
KEPT_JOINERS = {"\u200c", "\u200d"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Größe, العربية, 漢字, 🙂", "plain, Größe, العربية, 漢字, 🙂"),
        ("\x1b[31m", "␛[31m"),
        ("a\nb", "a↵b"),
        ("a\r\nb", "a↵b"),
        ("a\u2028b", "a↵b"),
        ("\x00", "␀"),
        ("\x7f", "␡"),
        ("\x9b1m", "<U+009B>1m"),
        ("invoice\u202egnp.exe", "invoice<U+202E>gnp.exe"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("\U000e0041", "<U+E0041>"),
        ("\ud800", "<U+D800>"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pass\u200dword", "pass<U+200D>word"),
    ],
)
def test_unseen_characters_get_a_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_nothing_unseen_is_left(text: str) -> None:
    left = {c for c in visible(text) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}}
    assert left == set()
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {unicodedata.bidirectional(c) for c in visible(text)} & bidi


@given(ANY_TEXT)
def test_pieces_are_the_whole_text(text: str) -> None:
    parts = list(pieces(text))
    assert "".join(part.text for part in parts) == text
    assert "".join(part.label or part.text for part in parts) == visible(text)


@given(ANY_TEXT)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_one_line_of_a_huge_line_is_short() -> None:
    assert len(one_line("x " * 5_000_000, 80)) == 80


def test_names_tell_what_a_sign_stands_for() -> None:
    assert name_of("\u202e") == "U+202E right-to-left override"
    assert name_of("\x1b") == "U+001B control character"


@pytest.mark.parametrize(
    ("line", "defused"),
    [
        ("::error file=x::y", "./::error file=x::y"),
        ("  ::add-mask::x", "./  ::add-mask::x"),
        ("a ##vso[task.x]", "a # #vso[task.x]"),
        ("##[group]x", "# #[group]x"),
        ("## heading", "## heading"),
        ("###[error]", "## #[error]"),
        ("x ##teamcity[buildProblem]", "x # #teamcity[buildProblem]"),
        ("--- folded", "./--- folded"),
        ("  +++ open", "./  +++ open"),
    ],
)
def test_ci_commands_are_defused(line: str, defused: str) -> None:
    assert log_line(line) == defused


def test_ordinary_lines_stay() -> None:
    assert log_line("out/a.jsonl:3: DAT003 error") == "out/a.jsonl:3: DAT003 error"


@given(ANY_TEXT)
def test_json_keeps_its_meaning(text: str) -> None:
    dumped = json_text(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(dumped) == {"text": text}
    assert "\x9b" not in dumped
    assert "\u202e" not in dumped


def test_json_holds_no_ci_command() -> None:
    dumped = json_text(json.dumps({"text": "##vso[task.x] ##[error]"}))
    assert "##" not in dumped
    assert json.loads(dumped) == {"text": "##vso[task.x] ##[error]"}


def test_clip_says_that_it_cut() -> None:
    assert clip("abcdef", 4) == "abc…"
    assert clip("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "0\u202f%"),
        (10, 10, "100\u202f%"),
        (1, 100_000, "<0.1\u202f%"),
        (99_999, 100_000, ">99.9\u202f%"),
        (1, 8, "12.5\u202f%"),
        (0, 0, "–"),
    ],
)
def test_percent_never_rounds_to_nothing_or_everything(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_shade_has_six_steps() -> None:
    steps = [shade(part, 1000) for part in (0, 10, 11, 50, 51, 200, 201, 500, 501, 1000)]
    assert steps == [0, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_counts_and_times_in_words() -> None:
    assert count(1, "rule") == "1 rule"
    assert count(12345, "finding") == "12,345 findings"
    assert seconds(1.234) == "1.23\u202fs"
    assert seconds(75.2) == "75\u202fs"
