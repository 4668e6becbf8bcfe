"""A screen lets through every record in which its rule would find a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache, reduce
from operator import or_
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context, RecordCheck, Row
from newsqa.checks.blocks import Furniture, LineRuns
from newsqa.checks.lines import LineShape
from newsqa.checks.repeats import Repeats
from newsqa.pages.lines import read_lines
from newsqa.pages.screen import mark_pages
from newsqa.pages.teasers import may_end_run, teasers_in_runs
from newsqa.pages.vocabulary import FurnitureKind, entries_of, shipped_tables
from newsqa.plan import ActiveRule, build_plan
from newsqa.readers import records_from_rows
from newsqa.screens import marked
from newsqa.text.phrases import phrase_pattern, squeezed, squeezed_clue, squeezed_texts
from newsqa.text.screening import (
    found_in,
    held_by,
    loosened,
    one_found_in,
    parted_by_line,
    sought,
    unanchored,
)
from newsqa.text.spans import matches

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
LOCATED = (
    "patterns", "walls", "cut", "glued", "furniture", "teaser_set", "old_teasers",
    "fresh_teasers", "weekday-date", "day-month-swap", "dateline-day", "url-day",
)  # fmt: skip
"""Checks whose `locate` judges any record, instead of only saying where its screen was right."""
TEXTS = ("title", "body", "summary")
PROSE = "The council, which met on Monday, said that it would hear the engineers first. " * 3


def _rules() -> list[tuple[ActiveRule, RecordCheck]]:
    plan = build_plan(load_catalogue().select(["ALL"]), CONTEXT)
    # The screens for runs of headlines and menus look at the outermost lines of a text alone.
    return [
        (rule, check)
        for rule, check in plan.record_rules
        if check.key in LOCATED or (isinstance(check, LineRuns) and check.of == "doubled")
    ]


@lru_cache(maxsize=1)
def _examples() -> list[dict[str, Any]]:
    return [
        example
        for rule, _ in _rules()
        for example in (*rule.rule.good, *rule.rule.bad)
        if isinstance(example, dict)
    ]


def _quoted(text: str, chance: Random) -> str:
    begin = chance.randrange(len(text) + 1)
    end = chance.randrange(begin, len(text) + 1)
    left, right = chance.choice(["“”", '""', "‘’", "«»", "„“"])
    return text[:begin] + left + text[begin:end] + right + text[end:]


def _respaced(text: str, chance: Random) -> str:
    space = chance.choice(["  ", "\n", "\u00a0", " \n\n ", "\r\n", "\u2028", "\t"])
    return re.sub(" ", lambda _: space if chance.random() < 0.2 else " ", text)


def _cut(text: str, chance: Random) -> str:
    begin, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return chance.choice([text[begin:], text[:end], text[:begin] + text[end:]])


CHANGES: tuple[Callable[[str, Random], str], ...] = (
    lambda text, _: text.upper(),
    lambda text, _: text.lower(),
    lambda text, _: text.replace("i", "İ").replace("I", "ı"),
    lambda text, _: text.replace("'", "’").replace("n’t", " n’t"),
    lambda text, _: f"We are sorry. {text}",
    lambda text, _: f"{text}\n",
    _quoted,
    _respaced,
    _cut,
)


def _changed_records(seed: int, number: int) -> Iterator[dict[str, Any]]:
    chance, examples = Random(seed), _examples()
    for _ in range(number):
        record = dict(chance.choice(examples))
        other = chance.choice(examples)
        texts = [t for e in (record, other) for n in TEXTS if isinstance(t := e.get(n), str)]
        for name in TEXTS:
            if texts and chance.random() < 0.6:
                parts = chance.choices(texts, k=chance.choice([1, 1, 2]))
                record[name] = chance.choice(["\n", "\n\n", " "]).join(parts)
            if isinstance(record.get(name), str):
                for change in chance.choices(CHANGES, k=chance.choice([0, 1, 2])):
                    record[name] = change(record[name], chance)
        yield record


def lost(frame: pl.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """Return the records that a rule finds at fault and its screen does not let through."""
    rows = [Row(values, CONTEXT) for values in frame.iter_rows(named=True)]
    found = []
    frame, crashed = marked(frame, {rule.rule.code: check for rule, check in _rules()})
    assert not crashed
    for rule, check in _rules():
        passed = frame.select(check.screen(CONTEXT).fill_null(value=False)).to_series()
        judged = [row for row in rows if all(row[name] is not None for name in check.fields())]
        for row, hits in zip(judged, check.locate_all(judged), strict=True):
            if not passed[row["row"]] and list(hits):
                found.append((rule.rule.code, row.values))
    return found


@pytest.mark.parametrize("write", [str, str.upper, str.title])
def test_phrases_of_furniture_are_found_inside_long_paragraphs(write: Callable[[str], str]) -> None:
    kinds: dict[FurnitureKind, list[str]] = {}
    for entry in entries_of(shipped_tables()):
        if entry.anywhere:
            kinds.setdefault(entry.kind, []).append(entry.text)
    assert len(kinds) > 3
    for kind, phrases in kinds.items():
        rows = [{"body": f"{PROSE} {write(phrase)}, they say. {PROSE}"} for phrase in phrases]
        rows.append({"body": f"{PROSE} {PROSE}"})
        check = Furniture(kind=kind)
        frame, _ = marked(records_from_rows(rows), {"X": check})
        found = frame.select(check.screen(CONTEXT)).to_series().to_list()
        assert found == [True] * len(phrases) + [False]


@pytest.mark.parametrize("seed", range(3))
def test_no_fault_is_lost_in_a_screen(seed: int) -> None:
    frame = records_from_rows(list(_changed_records(seed, 250))).with_row_index("row")
    assert lost(frame) == []


def test_marks_of_a_page_do_not_depend_on_the_pages_beside_it() -> None:
    """Few lines are all read, of many only those that are told by how they begin and end."""
    bodies = records_from_rows(list(_changed_records(9, 250)))["body"]
    alone = [mark_pages(bodies[at : at + 1])[0] for at in range(len(bodies))]
    assert mark_pages(bodies).to_list() == alone


LINES = (
    "", " ", "Home", "- About us", "\u00a0Search\t", "Storm closes the harbour for a week",
    "Council delays vote on the bridge", "Will the ferry sail again this year, as was promised?",
    "By Ann Example", "5 min ago", "SPORT", "Read more", "***", "Two words.",
    "The harbour was closed on Monday after a storm had damaged the cranes and the lighthouse.",
    "The council put the vote off and said that it would hear the engineers first. They agree.",
    "The ferry line, which carried a million people a year, has yet to say when it sails again.",
)  # fmt: skip
BREAKS = ("\n", "\n\n", "\r\n", "\n \t", "\r", "\u2028")


def _bodies(seed: int, breaks: tuple[str, ...]) -> list[str]:
    random = Random(seed)
    some = [random.choices(LINES, k=random.randint(1, 30)) for _ in range(300)]
    return ["".join(line + random.choice(breaks) for line in lines).strip() for lines in some]


@pytest.mark.parametrize("breaks", [BREAKS[:1], BREAKS[:4], BREAKS])
@pytest.mark.parametrize(
    "check",
    [
        Repeats(),
        LineShape(min_lines=4, short_share=0.5),
        LineShape(min_lines=6, short_share=0.3, sentence_share=0.4),
        LineShape(min_lines=5, mean_length=40),
        LineShape(min_lines=3, headline_share=0.2, mean_length=30, named={"title": ("^A",)}),
    ],
)
def test_marks_of_lines_do_not_change_what_is_screened(
    check: Repeats | LineShape, breaks: tuple[str, ...]
) -> None:
    rows = [
        {"title": "ABC"[at % 3], "body": body, "summary": body}
        for at, body in enumerate(_bodies(7, breaks))
    ]
    frame, crashed = marked(records_from_rows(rows), {"X": check})
    unmarked = check.model_copy(update={"look_in": "summary"})
    assert not crashed
    assert not unmarked.marks()
    found, expected = frame.select(a=check.screen(CONTEXT), b=unmarked.screen(CONTEXT))
    assert found.to_list() == expected.to_list()
    assert 0 < found.sum() < len(rows)


def test_runs_of_teasers_are_told_by_the_last_lines() -> None:
    pages = [read_lines(body) for seed in range(40) for body in _bodies(seed, BREAKS[:4])]
    listing = [lines for lines in pages if any(teasers_in_runs(lines, [""] * len(lines)))]
    assert listing
    assert all(may_end_run(lines[at:]) for lines in listing for at in range(len(lines)))
    assert not all(map(may_end_run, pages))


@given(st.text(max_size=8), st.sampled_from("aAiİıIsςσΣµ'’ éÉß"), st.text(max_size=8))
@example("", "a", "\U00010d50")
def test_a_text_that_a_phrase_matches_holds_its_clue(left: str, letter: str, right: str) -> None:
    phrase = f"{left}{letter}{right}".replace("\0", "").strip() or "x"
    for text in (phrase, phrase.upper(), phrase.lower(), phrase.replace(" ", "\n\u00a0")):
        if matches(text, phrase_pattern(phrase)):
            assert squeezed_clue(phrase) in squeezed(text)
            assert squeezed_clue(phrase) in pl.select(squeezed_texts(pl.lit(text))).item()


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"\bad[^\n]{3,80}(?:x|\d{2})\b", r"ad[^\n]+(?:x|\d+)"),
        (r"[.]{0,3}\.{3}[\]}]\p{Lu}{2}?", r"[.]*\.{3}[\]}]\p{Lu}+?"),
        (r"(?:ab){2}\\b(?-u:\b)", r"(?:ab){2}\\b(?-u:)"),
    ],
)
def test_a_loosened_pattern_neither_counts_characters_nor_looks_at_words(
    pattern: str, loose: str
) -> None:
    assert loosened(pattern) == loose


@given(
    st.sets(st.sampled_from([r"(?-u:\b)[aA]d", r"(?-u:\b)no|é", "x[ ]?y", "(?i)ok|(?-u:\\b)z"])),
    st.text("aAdnoéxyzK ", max_size=8),
)
def test_what_one_of_some_patterns_matches_is_sought(patterns: set[str], text: str) -> None:
    found = [pattern for pattern in patterns if matches(text, pattern)]
    assert not found or matches(text, sought(tuple(sorted(patterns))))


def test_patterns_that_begin_with_a_word_share_its_edge() -> None:
    edge = r"(?-u:\b)"
    assert sought((f"{edge}a[d]{{2}}{edge}", "x|y", f"{edge}no")) == (
        f"(?:{edge}(?:(?:a[d]+(?-u:))|(?:no)))|(?:x)|(?:y)"
    )


def test_an_unanchored_pattern_keeps_what_only_looks_like_an_anchor() -> None:
    assert unanchored(r"\A(?m:^)a\$[$^]$\z\\A") == r"a\$[$^]\\A"


def test_nothing_is_found_where_nothing_is_said() -> None:
    empty = pl.DataFrame({"text": ["", None]}, schema={"text": pl.String})
    some = pl.DataFrame({"text": ["", None, "an ox"]})
    for search in (found_in(pl.col("text"), "o?x?"), one_found_in(pl.col("text"), ("ox",))):
        assert empty.select(search.fill_null(value=False)).to_series().to_list() == [False, False]
        assert some.select(search).to_series()[2]


@pytest.mark.parametrize(
    ("patterns", "of_lines", "rest"),
    [
        (["(?m:^)a|b(?:c|d)", "(?m:^)[|)]"], [r"\n.?(?:(?:a)|(?:[|)]))"], ["(?:b(?:c|d))"]),
        ([r"\(|x\|y"], [], [r"(?:\()|(?:x\|y)"]),
        (["(?i)(?m:^)a|b"], [], ["(?:(?i)(?m:^)a|b)"]),
        (["(?m:^)a"], [r"\n.?(?:(?:a))"], []),
        (["a" * 9000, "b" * 9000], [], [f"(?:{'a' * 9000})", f"(?:{'b' * 9000})"]),
    ],
)
def test_patterns_are_parted_into_those_that_begin_a_line_and_others(
    patterns: list[str], of_lines: list[str], rest: list[str]
) -> None:
    assert parted_by_line(patterns) == (of_lines, rest)
    texts = pl.Series(["a", "b", "x\nay", "ya", "|", "(", "x|y", "bc", "A", None])
    matched = reduce(or_, (texts.str.contains(pattern) for pattern in patterns))
    assert held_by(texts, patterns).filter(matched).all()
