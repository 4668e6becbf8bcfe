"""Clues: what a text must hold for any of many patterns to match, looked for in few passes.

A pass over all texts costs the same for one pattern and for a hundred, as long as the automaton of
the regex engine stays small. So the words that phrases cannot do without are merged into one
pattern, and so are patterns, made loose where they would make the automaton large.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from newsqa.text.phrases import alternatives, clue_of
from newsqa.text.spans import any_of, is_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

# What makes an automaton large: characters that are counted, and boundaries that look at Unicode.
_COUNTED = re.compile(r"(\[\^?\]?(?:\\.|[^\]\\])*\]|(?<!\\)\\[sSdDwW]|(?<!\\)\.)\{\d*,?\d*\}")
_BOUNDARY = re.compile(r"(?<!-u:)(?<!\\)\\b")
_MOST = 20_000


@dataclass(frozen=True)
class Clue:
    """What a check looks for in one field.

    Args:
        field: Canonical field.
        patterns: Rust patterns, framed as they are searched.
        phrases: Phrases.
        longest: Only texts of at most so many characters matter.
        group: Clues of one group are looked for together, since they are about as common.
    """

    field: str
    patterns: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    longest: int | None = None
    group: str = "words"


def clue_screen(clues: Iterable[Clue]) -> pl.Expr:
    """Return true where one of the clues may be found."""
    grouped: dict[tuple[str, bool], list[Clue]] = {}
    for clue in clues:
        # Short fields are quickly searched, whatever their length.
        short = clue.field == "body" and clue.longest is not None
        grouped.setdefault((clue.field, short), []).append(clue)
    screens = [_screen(field, short, tuple(found)) for (field, short), found in grouped.items()]
    return reduce(or_, screens)


def _screen(field: str, short: bool, clues: tuple[Clue, ...]) -> pl.Expr:
    text = pl.col(field)
    if field == "authors":
        text = text.list.join("\n", ignore_nulls=True)
    if short:
        limit = max(clue.longest or 0 for clue in clues)
        text = pl.when(text.str.len_chars() <= limit).then(text).otherwise(pl.lit(""))
    found = (text.str.contains(p).fill_null(value=False) for p in _passes(clues))
    return reduce(or_, found)


@lru_cache(maxsize=256)
def _passes(clues: tuple[Clue, ...]) -> tuple[str, ...]:
    """Return the patterns to search for, as few as can be."""
    phrases = dict.fromkeys(phrase for clue in clues for phrase in clue.phrases)
    patterns = dict.fromkeys(loose(pattern) for clue in clues for pattern in clue.patterns)
    ends = [p for p in patterns if p.endswith(r"\z") and not p.startswith(r"\A")]
    told = sorted(map(clue_of, phrases))
    shares = 1 + sum(map(len, map("".join, told))) // _MOST
    size = -(-len(told) // shares)
    unions: list[list[str]] = [
        [alternatives(told[at : at + size])] for at in range(0, len(told), size or 1)
    ] or [[]]
    for pattern in patterns:
        if pattern in ends:
            continue
        if unions[-1] and sum(map(len, unions[-1])) + len(pattern) > _MOST:
            unions.append([])
        unions[-1].append(pattern)
    return (*(any_of(union) for union in unions if union), *ends)


def loose(pattern: str) -> str:
    """Return a pattern that matches wherever another one does, with a smaller automaton."""
    loosened = _BOUNDARY.sub("", _COUNTED.sub(r"\1*", pattern))
    return loosened if loosened == pattern or is_pattern(loosened) else pattern
