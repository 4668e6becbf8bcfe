from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.pages import vocabulary
from newsqa.pages.likeness import stems, strangers
from newsqa.pages.screen import DOUBLED_LENGTH, byline_screen, line_marks
from newsqa.pages.vocabulary import (
    Entry,
    build_vocabulary,
    entries_of,
    fold,
    glob_of,
    shipped_tables,
)

ENTRIES = list(entries_of(shipped_tables()))
FILLED = {"*": "Foo Bar", "#": "12"}


def filled(entry: Entry) -> str:
    return "".join(FILLED.get(character, character) for character in entry.text)


def test_ten_languages_have_every_kind_that_rules_need() -> None:
    needed = {"related", "inline", "newsletter", "share", "comments", "caption", "advert", "tags"}
    for language in ("en", "tr", "de", "fr", "es", "pt", "it", "nl", "ru", "ar"):
        assert needed <= set(shipped_tables()[language]), language


def test_every_entry_is_found_as_a_line_of_its_kind() -> None:
    words = vocabulary()
    lines = [
        (entry, line)
        for entry in ENTRIES
        if not entry.anywhere
        for line in (filled(entry), filled(entry).upper(), f"» {filled(entry)}:")
        if "ß" not in entry.text
    ]
    lost = {
        entry.text: fold(line) for entry, line in lines if entry.kind not in words.kinds(fold(line))
    }
    # a line that is an entry of two kinds is of the more certain one
    assert {text: line for text, line in lost.items() if line not in words.whole} == {}


def test_every_entry_passes_the_screen() -> None:
    lines = [
        (entry.kind, f"Prose before.\n{line}\nProse behind.")
        for entry in ENTRIES
        if entry.kind != "byline"
        for line in (filled(entry), filled(entry).capitalize(), filled(entry).upper())
        if "SS" not in line
    ]
    frame = pl.DataFrame(lines, schema=["kind", "body"], orient="row")
    rejected = frame.filter(~line_marks(frame)["has_furniture"])
    assert rejected.rows() == []


def test_screen_rejects_plain_articles() -> None:
    frame = pl.DataFrame({"body": ["The town reopened its harbour.\n\nMore than ten ships left."]})
    assert line_marks(frame).rows() == [(False, False, False, 2, 2, 2)]
    assert not frame.select(byline_screen()).item()


def test_screen_looks_at_the_ends_of_lines_that_are_short() -> None:
    long = "The council met in the old town hall for the first time in years. " * 5
    bodies = [
        "12 comments",
        f"{long}12 comments",
        f"Sign up for our\r{long}",
        f"{long}\n  » 12 Comments",
        None,
    ]
    found = line_marks(pl.DataFrame({"body": bodies}))["has_furniture"].to_list()
    assert found == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("  İLGİLİ  HABERLER: ", "ilgili haberler"),
        ("À LIRE AUSSI :", "a lire aussi"),
        ("[Related: “Ships”]", "related: ships"),
        ("Don’t miss", "don't miss"),
        ("اقرأ أيضًا", "اقرا ايضا"),
        ("관련기사", "관련기사"),
        ("--- ", ""),
    ],
)
def test_fold_keeps_what_tells_lines_apart(line: str, folded: str) -> None:
    assert fold(line) == folded


@given(st.text(max_size=80))
def test_fold_is_idempotent(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@pytest.mark.parametrize(
    ("entry", "line", "matches"),
    [
        ("more from *", "more from northport", True),
        ("more from *", "more fromage", False),
        ("# comments", "12 comments", True),
        ("# comments", "1,204 comments", True),
        ("# comments", "mayor regrets comments", False),
        ("sign up * newsletter*", "sign up for our newsletter today", True),
        ("sign up * newsletter*", "newsletter: sign up", False),
        ("ab*ba", "aba", False),
        ("read more: *", "read more:storm", True),
    ],
)
def test_glob_stands_for_lines(entry: str, line: str, matches: bool) -> None:
    assert glob_of(entry).matches(line) is matches


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'relatd'"):
        build_vocabulary({"en": {"relatd": ["latest news"]}})


def test_doubled_screen_sees_through_blanks_and_markers() -> None:
    line = "x" * DOUBLED_LENGTH
    bodies = [f"{line}\n\n{line}", f"* {line}\n\n   {line}", f"NEWS {line}\n{line}", line, None]
    found = line_marks(pl.DataFrame({"body": bodies}))["has_doubled"].to_list()
    assert found == [True, True, True, False, False]


def test_strangers_are_found_by_stems_in_any_language() -> None:
    pairs = [
        ("Мэр подал в отставку из-за парома", "Шторм оборвал провода в деревнях."),
        ("Рыбаки протестуют против квоты", "Рыбаки вышли на улицы против новой квоты."),
        ("Шторм оставил деревни без света", "Мэр объявил об отставке после сделки о пароме."),
    ]
    assert list(strangers(pairs)) == [(0, 2), (2, 0)]
    assert list(strangers(pairs[:2])) == []


def test_stems_of_unspaced_scripts_are_pairs_of_characters() -> None:
    assert stems("港が再開") & stems("再開した港") == {"再開"}
