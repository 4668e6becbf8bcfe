from __future__ import annotations

import re
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.errors import RuleFileError
from newsqa.text.codetalk import Suspected, leaked_spans
from newsqa.text.phrases import phrase_pattern
from newsqa.text.plain import plain
from newsqa.text.spans import joined_spans, matches, regex_spans, text_spans

PATTERNS = ("a", "ab|b", "a+", "[a-c]{2}", r"\s", "é|😀", "x*", r"(a)(b)?", r"(?m:^)a")
TEXTS = st.text(alphabet="abcé😀\n \ufdd0\ufdd1\U000f0000$", max_size=40)

PHRASES = st.text(
    alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30
).filter(lambda text: text.strip())


@given(TEXTS, st.sampled_from(PATTERNS))
def test_spans_are_those_of_an_independent_engine(text: str, pattern: str) -> None:
    python = pattern.replace("(?m:^)", "^")
    expected = [m.span() for m in re.finditer(python, text, re.MULTILINE) if m[0]]
    assert text_spans(text, pattern) == expected


@given(st.lists(st.none() | TEXTS, max_size=6))
def test_each_text_has_its_own_spans(texts: list[str | None]) -> None:
    spans = regex_spans(texts, "a+")
    assert spans == [[] if text is None else text_spans(text, "a+") for text in texts]


def test_a_pattern_that_does_not_compile_is_named() -> None:
    with pytest.raises(RuleFileError, match=r"\(\?<=a\)b.*look-around"):
        text_spans("ab", "(?<=a)b")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9))), st.integers(0, 3))
def test_joined_spans_are_apart_and_cover_the_same(raw: list[tuple[int, int]], gap: int) -> None:
    spans = [(start, start + length) for start, length in raw]
    joined = joined_spans(spans, gap)
    assert all(b + gap < c for (_, b), (c, _) in pairwise(joined))
    covered = {i for a, b in joined for i in range(a, b)}
    assert {i for a, b in spans for i in range(a, b)} <= covered


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("can't find the page", "We CAN’T\nfind  the page"),
        ("can't find the page", "we ca nt find the page"),
        ("we've moved", "we 've moved"),
        ("İçerik yok", "içerik YOK"),
        ("giriş yapın", "GİRİŞ YAPIN"),
        ("insan olduğunuzu doğrulayın", "Lütfen: İnsan olduğunuzu doğrulayın"),
        ("abone olabilirsiniz ki", "ABONE OLABİLİRSİNİZ Kİ."),
        ("Привет, мир", "ПРИВЕТ, МИР"),
        ("a+b (c)", "A+B (C)"),
    ],
)
def test_a_phrase_forgives_case_spaces_and_apostrophes(phrase: str, text: str) -> None:
    assert matches(text, phrase_pattern(phrase))


def test_a_phrase_does_not_match_inside_a_word() -> None:
    assert not matches("scatter", phrase_pattern("cat"))
    assert not matches("cats", phrase_pattern("cat"))
    assert not matches("skin", phrase_pattern("i"))
    assert not matches("admin stock", phrase_pattern("in stock"))
    assert not matches("the skis", phrase_pattern("ski"))


@given(PHRASES)
def test_a_phrase_matches_itself(phrase: str) -> None:
    assert matches(phrase.strip(), phrase_pattern(phrase))


def test_code_is_shown_where_the_line_before_speaks_of_it() -> None:
    text = "Write this HTML:\n\n<b>\n\nThe vote is on Monday.\n\n<i>"
    spans = [(18, 21), (len(text) - 3, len(text))]
    told = leaked_spans([Suspected(text, "", spans), Suspected(text, "HTML for all", spans)])
    assert told == [[spans[1]], []]


@given(st.lists(st.text(st.characters(max_codepoint=127), max_size=20), min_size=1, max_size=4))
def test_plain_texts_differ_in_letters_and_digits_alone(texts: list[str]) -> None:
    expected = [re.sub(r"[\W_]+", " ", text.lower()) for text in texts]
    assert plain(pl.Series(texts)).to_list() == expected
