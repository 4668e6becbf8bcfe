"""The screen for furniture: Rust regexes that find the texts worth cutting into blocks.

They spell out both cases and the accents of each entry instead of asking for `(?i)`, merge common
beginnings, and look at single lines, whose first letters mostly settle the matter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from newsqa.pages.vocabulary import LONGEST_LINE, entries_of, fold, shipped_tables
from newsqa.text.phrases import alternatives

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsqa.pages.vocabulary import Entry

_MARGIN = r"[ \t\u00a00-9.,)(*>\-\[\]\"'“”‘’•·▪►▶»«|:–—#!?+…]*"
_GAP = r"[^\n]*"
_NAMES = r"[ \u00a0]*[^a-z\n][^\n!?]*[^\n.!?\s]"
SHORTEST_START = 7
DOUBLED_LENGTH = 12
SHORT_LINE = 40
HEADLINE_LINE = 130
HEADLINE_MARKS = " \t*•–-"
_LINE_MARKS = " \t\r\u00a0*-•·–—|>»"
_OPEN_END = r"[^\n.…\"'“”’»)\]\s][\"'“”’»)\]]*[ \t\r]*"
_HEAD_LINE = rf"\n\s*[^\n]{{13}}[^\n]*{_OPEN_END}"
_STAMP = rf"(?:\n\s*[^\n]*{_OPEN_END})?"
_TALE = r"\n\s*[^\n]+[.!?…。！？؟।۔][\"'“”’»)\]]*[ \t\r]*"
_PAIR = _HEAD_LINE + _STAMP + _TALE + _STAMP
_RUN_EDGE = 2500
_HEAD, _TAIL = 400, 200
_OTHER_BREAKS = "[\r\x0b\x0c\x85\u2028\u2029]"
_WHITE = "\u00a0\r\x0b\x0c\x85\u2028\u2029"
_STRIPPED = " \t.,)(*>-[]\"'“”‘’•·▪►▶»«|:–—#!?+…"


class Passes(NamedTuple):
    """Rust regexes of which one matches in every text with a line of furniture.

    Each is small enough for the lazy automaton that makes a regex fast; together they would not be.

    Args:
        whole: A line that is an entry, bound to its beginning.
        starts: One that begins with an entry.
        endings: One that ends with an entry, bound to its end.
        inside: One that holds an entry.
        anywhere: For the whole text.
    """

    whole: str
    starts: str
    endings: str
    inside: str
    anywhere: str


def pattern_of(entries: Collection[Entry]) -> str:
    """Return one Rust regex that matches every text with a line of these entries.

    It lets through more than that: gaps, lengths and what follows a line are not looked at.
    """
    found = [part.replace(r"\A", "(?m:^)", 1) for part in passes_of(entries) if part]
    return "|".join(part.replace(r"\z", "(?m:$)") for part in found)


def passes_of(entries: Collection[Entry]) -> Passes:
    """Return the screen of these entries."""
    whole, starts, endings, inside, anywhere = [], [], [], [], []
    for entry in entries:
        parts = [part.strip() for part in re.split(r"[*#]", entry.text)]
        letters = [_letters(part, entry.language) for part in parts]
        if entry.text.startswith("#"):
            whole.append(letters[-1])
        elif entry.anywhere:
            anywhere.append(letters[0])
        elif not parts[0] and parts[-1]:
            endings.append(_letters(parts[-1].rstrip(_STRIPPED), entry.language))
        elif not parts[0]:
            inside.append(max(letters, key=len))
        elif entry.kind == "byline":
            whole.append((*letters[0], _NAMES))
        elif len(parts) == 1:
            whole.append(_letters(parts[0].strip(_STRIPPED), entry.language))
        elif len(parts[0]) < SHORTEST_START:
            starts.append(
                (*letters[0], *chain.from_iterable((_GAP, *part) for part in letters[1:]))
            )
        else:
            starts.append(letters[0])
    return Passes(
        rf"\A{_MARGIN}{alternatives(whole)}{_MARGIN}\r?\z" if whole else "",
        rf"\A{_MARGIN}{alternatives(starts)}" if starts else "",
        rf"{alternatives(endings)}{_MARGIN}\r?\z" if endings else "",
        alternatives(inside) if inside else "",
        alternatives(anywhere) if anywhere else "",
    )


def _letters(text: str, language: str) -> tuple[str, ...]:
    """Return a pattern for each character: itself, its capital, and both without the accent."""
    return tuple(_letter(character, language) for character in text)


@lru_cache(maxsize=4096)
def _letter(character: str, language: str) -> str:
    if character == " ":
        return r"[ \u00a0]+"
    if character == ":":
        return r"[ \u00a0]?[:：]"
    if character in "'’":
        return "['’‘`´]"
    plain = fold(f"x{character}x")[1:-1]
    spellings = {character, character.upper(), plain, plain.upper()}
    if language == "tr" and plain == "i":
        spellings |= set("iıIİ")
    single = sorted(s for s in spellings if len(s) == 1)
    return re.escape(single[0]) if len(single) == 1 else f"[{re.escape(''.join(single))}]"


@lru_cache(maxsize=1)
def _furniture() -> Passes:
    """Return the screen of all kinds but names of authors: together they cost one pass."""
    return passes_of([e for e in entries_of(shipped_tables()) if e.kind != "byline"])


@lru_cache(maxsize=1)
def _bylines() -> str:
    return pattern_of([e for e in entries_of(shipped_tables()) if e.kind == "byline"])


def lines_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of all bodies: `at` (0-based row of the frame), `line`, and `bare`."""
    return (
        frame.select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"),
            pl.col("body").str.split("\n").alias("line"),
        )
        .explode("line")
        .filter(pl.col("line").is_not_null())
        .with_columns(pl.col("line").str.strip_chars().alias("bare"))
    )


def line_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what the screens ask of the lines of a body, worked out in one go over them all.

    Columns `has_furniture` (but for names of authors), `has_doubled` (a line is the end of the one
    before it, blank ones aside), `has_teasers` (it may list other stories), `lines` (that are not
    blank), `short_lines` (of at most 40 characters) and `narrow_lines` (of at most 130).
    """
    lines = lines_of(frame)
    size = pl.col("bare").str.len_chars()
    counts = lines.group_by("at").agg(
        (size > 0).sum().alias("lines"),
        size.is_between(1, SHORT_LINE).sum().alias("short_lines"),
        pl.col("bare")
        .str.strip_chars_start(HEADLINE_MARKS)
        .str.len_chars()
        .is_between(1, HEADLINE_LINE)
        .sum()
        .alias("narrow_lines"),
    )
    body = pl.col("body")
    passes = _furniture()
    run = body.str.tail(_RUN_EDGE).str.contains(rf"(?:{_PAIR}){{2}}")
    marks = (
        frame.select(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"),
            body.str.contains(passes.anywhere).fill_null(value=False).alias("anywhere"),
            run.fill_null(value=False).alias("run"),
        )
        .join(counts, on="at", how="left", maintain_order="left")
        .with_columns(
            (pl.col("at").is_in(furnished(lines, passes).implode()) | pl.col("anywhere")).alias(
                "has_furniture"
            ),
            pl.col("at").is_in(_doubled(lines).implode()).alias("has_doubled"),
            pl.col("lines", "short_lines", "narrow_lines").fill_null(0),
        )
    )
    teasers = pl.any_horizontal("has_furniture", "has_doubled", "run").alias("has_teasers")
    return marks.select(
        "has_furniture", "has_doubled", teasers, "lines", "short_lines", "narrow_lines"
    )


def furnished(lines: pl.DataFrame, passes: Passes) -> pl.Series:
    """Return the rows that may have a line of furniture, from their lines.

    Lines too long to be furniture are left out, and most lines of articles are.
    """
    margin = _STRIPPED + _WHITE + "0123456789"
    size = pl.col("line").str.strip_chars(margin).str.len_chars()
    # Some texts break their lines with other characters; such a line may hold several.
    short = lines.filter((size <= LONGEST_LINE) | pl.col("bare").str.contains(_OTHER_BREAKS))
    found = [pl.col("line").str.contains(part) for part in passes[:-1] if part]
    return short.filter(pl.any_horizontal(pl.lit(value=False), *found))["at"]


def _doubled(lines: pl.DataFrame) -> pl.Series:
    line = pl.col("line").str.strip_chars(_LINE_MARKS)
    long = lines.select("at", line).filter(pl.col("line").str.len_bytes() >= DOUBLED_LENGTH)
    again = pl.col("line").shift(1).str.ends_with(pl.col("line"))
    return long.filter(again & (pl.col("at") == pl.col("at").shift(1)))["at"]


def byline_screen() -> pl.Expr:
    """Return true where a line near an end of the body may name the authors."""
    head, tail = pl.col("body").str.head(_HEAD), pl.col("body").str.tail(_TAIL)
    return head.str.contains(_bylines()) | tail.str.contains(_bylines())
