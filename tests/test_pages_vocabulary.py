from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.pages import vocabulary
from newsqa.pages.folding import MARGIN, folded
from newsqa.pages.likeness import stems, strangers
from newsqa.pages.screen import (
    FEW_LINES,
    doubled_screen,
    furniture_screen,
    header_screen,
    page_marks,
    teaser_run_screen,
    worth_reading,
)
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


def marked(bodies: list[str | None]) -> pl.DataFrame:
    """Return a frame with the marks of pages, among so much prose that lines are looked up."""
    prose = [f"The town reopened its harbour in {n}.\nMore than ten ships left." for n in range(99)]
    frame = pl.DataFrame({"body": bodies + prose}, schema={"body": pl.String})
    assert frame["body"].str.count_matches("\n").sum() + frame.height > FEW_LINES - 10
    return frame.with_columns(**page_marks()).head(len(bodies))


def test_every_entry_is_worth_reading() -> None:
    lines = [
        line
        for entry in ENTRIES
        for whole in (filled(entry), filled(entry).capitalize(), filled(entry).upper())
        for line in (whole, f"1. » {whole} ;", f"\u200b{whole}…\u200b")
        if "SS" not in line
    ]
    frame = pl.DataFrame({"line": lines}).with_row_index("index")
    words = frame.with_columns(folded(frame["line"]).alias("words"))
    read = worth_reading(words).filter("entry")
    assert frame.join(read, on="index", how="anti")["line"].to_list() == []


@pytest.mark.parametrize(
    "line",
    [
        "Facebook, Twitter, E-mail",
        "Facebook Twitter WhatsApp",
        "Print | Share | Contact",
        "» Storm leaves thousands without power",
        "* → Storm leaves thousands without power",
        "Home > News > Harbour",
        "#harbour #storm",
        "May 10, 2025 at 10:30",
        "Sign up for our newsletter today",
        "See also in this series: Storm leaves thousands without power",
        "Ann Example, Rome Correspondent",
        "More stories of the day",
    ],
)
def test_what_no_entry_says_is_told_among_many_lines(line: str) -> None:
    frame = marked([f"{line}\nThe harbour reopened on Monday, the mayor said in a letter."])
    assert frame.select(furniture_screen() | header_screen()).item()


def test_screen_rejects_plain_articles() -> None:
    frame = marked(["The town reopened its harbour.\n\nMore than ten ships left."])
    screens = furniture_screen() | header_screen() | doubled_screen() | teaser_run_screen()
    assert not frame.select(screens).item()


def test_no_entry_is_all_gap() -> None:
    globs = [glob_of(entry.text) for entry in ENTRIES if set("*#") & set(entry.text)]
    assert [glob for glob in globs if not "".join(glob.parts).strip()] == []


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


# Polars knows characters that are too new for Python.
@given(st.text(st.characters(exclude_categories=("Cn", "Cs")), max_size=80))
def test_lines_are_folded_at_once_as_one_by_one(text: str) -> None:
    line = text.replace("\n", " ").strip(MARGIN)
    if fold(line) and not line[0].isdecimal():
        assert folded(pl.Series([line, "plain"])).to_list() == [fold(line).strip(MARGIN), "plain"]


def test_every_letter_is_folded_among_many_lines_as_by_itself() -> None:
    letters = [chr(at) for at in (*range(0xA000), *range(0xAC00, 0xD7A4), *range(0xFF00, 0xFFF0))]
    for left, right in (("x", "x"), ("가", "각")):
        lines = [f"{left}{letter}{right}" for letter in letters if unicodedata.name(letter, "")]
        assert folded(pl.Series(lines)).to_list() == [fold(line) for line in lines]


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
    line = "the ferries sail"
    bodies = [f"{line}\n\n{line}", f"* {line}\n\n   {line}", f"NEWS {line}\n{line}", line, None]
    found = marked(bodies).select(doubled_screen()).to_series().to_list()
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
