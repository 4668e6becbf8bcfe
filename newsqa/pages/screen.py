"""The screen for furniture: one Rust regex that finds the texts worth cutting into blocks.

It spells out both cases and the accents of each entry instead of asking for `(?i)`, and merges
common beginnings, so that Polars compiles it within its size limit and runs it in one pass.
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from itertools import chain
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from newsqa.pages.appeals import form_pattern, gate_pattern
from newsqa.pages.shapes import ARROW, CLOCK, CRUMB, HASHTAGS
from newsqa.pages.vocabulary import KINDS, Entry, FurnitureKind, entries_of, fold, shipped_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from newsqa.pages.appeals import Word

Trie = dict[str, "Trie"]
_END = ""
_MARGIN = r"[ \t\u00a0【】『』0-9.,)(*>\-\[\]\"'“”‘’•·▪►▶»«|:–—#!?+…]*"
_GAP = r"[^\n]*"
_LABEL_END = rf"(?:{_MARGIN}(?m:\r?$)|[ \u00a0]*[|·•／/>»›–—])"
_NAMES = r"[ \u00a0]*[^a-z\n][^\n!?]*[^\n.!?\s]"
_WORD_START = r"(?:(?m:^)|[ \t\u00a0\"'“”„«»‘’(\[*|:：/,.!?¡¿–—>-])"
_WORD_END = r"(?:[^a-z]|\z)"
SHORTEST_START = 7
DOUBLED_LENGTH = 12
LARGEST_SCREEN = 125_000
_LINE_MARKS = " \t\r\u00a0*-•·–—|>»"
_OPEN_END = r"[^\n.…\"'“”’»)\]\s][\"'“”’»)\]]*[ \t\r]*"
_HEAD_LINE = rf"\n\s*[^\n]{{13}}[^\n]*{_OPEN_END}"
_STAMP = rf"(?:\n\s*[^\n]*{_OPEN_END})?"
_TALE = r"\n\s*[^\n]+[.!?…。！？؟।۔][\"'“”’»)\]]*[ \t\r]*"
_PAIR = _HEAD_LINE + _STAMP + _TALE + _STAMP
_RUN_EDGE = 2500
_HEAD, _TAIL = 400, 300
_FULL_HEAD = 1500
SCREENED_TOGETHER: tuple[tuple[FurnitureKind, ...], ...] = (
    ("related", "tags"),
    ("inline", "legal"),
    ("caption", "advert"),
    ("newsletter", "comments"),
    ("share", "player", "chrome"),
)
_STRIPPED = " \t【】『』.,)(*>-[]\"'“”‘’•·▪►▶»«|:–—#!?+…"


_SHAPES: dict[FurnitureKind, str] = {
    "chrome": rf"(?m:^){CRUMB}",
    "inline": rf"(?m:^){ARROW}\S",
    "tags": rf"(?m:^){HASHTAGS}",
}


@lru_cache(maxsize=8)
def screen_pattern(kinds: tuple[FurnitureKind, ...] = KINDS) -> str:
    """Return a Rust regex that matches every text with a line of one of these kinds.

    It lets through more than that: gaps, lengths and what follows a line are not looked at.
    """
    return pattern_of([e for e in entries_of(shipped_tables()) if e.kind in kinds])


def pattern_of(entries: Collection[Entry]) -> str:
    """Return the screen of these entries, as `screen_pattern` does for the shipped ones."""
    whole, starts, cores = [], [], []
    for entry in entries:
        parts = [part.strip() for part in re.split(r"[*#]", entry.text)]
        letters = [_letters(part, entry.language) for part in parts]
        if entry.text.startswith("#"):
            whole.append(letters[-1])
        elif entry.anywhere or not parts[0]:
            cores.append(max(letters, key=len))
        elif entry.kind == "byline" and len(parts) > 1:
            whole.append((*letters[0], _NAMES))
        elif len(parts) == 1:
            whole.append(_letters(parts[0].strip(_STRIPPED), entry.language))
        elif len(parts[0]) < SHORTEST_START:
            starts.append(
                (*letters[0], *chain.from_iterable((_GAP, *part) for part in letters[1:]))
            )
        else:
            starts.append(letters[0])
    lines = [f"{_alternatives(whole)}{_LABEL_END}"] if whole else []
    lines += [_alternatives(starts)] if starts else []
    branches = [f"(?m:^){_MARGIN}(?:{'|'.join(lines)})"] if lines else []
    return "|".join([*branches, *([_alternatives(cores)] if cores else [])])


def alternatives_of(words: Iterable[Word], begin: str = _WORD_START) -> str:
    """Return a pattern of words of the grammar, each behind `begin` where its script has spaces."""
    starts: list[tuple[str, ...]] = []
    for word in words:
        letters = _letters(word.raw, "tr" if "ı" in word.raw or "i" in word.raw else "any")
        spaced = begin and not word.inside and word.text[0] < "\u0e00"
        starts.append(
            (*((begin,) if spaced else ()), *letters, *((_WORD_END,) if word.whole else ()))
        )
    return _alternatives(starts)


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


def _alternatives(texts: Iterable[tuple[str, ...]]) -> str:
    trie: Trie = {}
    for text in texts:
        node = trie
        for letter in text:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return f"(?:{_branches(trie)})"


def _branches(node: Trie) -> str:
    return "|".join(letter + _below(child) for letter, child in node.items() if letter != _END)


def _below(node: Trie) -> str:
    """Return what may follow a node; nothing need follow where a text ends."""
    if not set(node) - {_END}:
        return ""
    inner = _branches(node)
    if _END in node:
        return f"(?:{inner})?"
    return f"(?:{inner})" if len(node) > 1 else inner


def furniture_screen(kind: FurnitureKind) -> pl.Expr:
    """Return true where the body may hold furniture of a kind.

    Kinds share a regex, so that Polars runs it once for all of their rules. Beyond `LARGEST_SCREEN`
    the lazy automaton that makes such a regex fast gives up, and it is a hundred times slower.
    """
    screen = _vocabulary_screen(kind)
    body = pl.col("body")
    edges = (body.str.head(_HEAD), body.str.tail(_TAIL)) if kind == "byline" else (body,)
    if plain := form_pattern(kind, gated=False):
        screen = reduce(or_, (edge.str.contains(plain) for edge in edges), screen)
    if gated := form_pattern(kind, gated=True):
        text = pl.when(body.str.contains(gate_pattern())).then(body)
        screen |= text.str.contains(gated).fill_null(value=False)
    return screen


def _vocabulary_screen(kind: FurnitureKind) -> pl.Expr:
    body = pl.col("body")
    if kind == "byline":
        names = screen_pattern(("byline",))
        return body.str.head(_HEAD).str.contains(names) | body.str.tail(_TAIL).str.contains(names)
    if kind == "stamp":
        edges = body.str.head(_FULL_HEAD), body.str.tail(_TAIL)
        return body.str.contains(screen_pattern(("stamp",))) | pl.any_horizontal(
            edge.str.contains(CLOCK) for edge in edges
        )
    screen = body.str.contains(
        screen_pattern(next(group for group in SCREENED_TOGETHER if kind in group))
    )
    shape = _named_networks() if kind == "share" else _SHAPES.get(kind)
    return screen if shape is None else screen | body.str.contains(shape)


@lru_cache(maxsize=1)
def _named_networks() -> str:
    names = [e for e in entries_of(shipped_tables()) if e.language == "any" and e.kind == "share"]
    name = _alternatives([_letters(entry.text, "any") for entry in names])
    return rf"(?m:^)[ \t]*{name}[ \t,]"


def doubled_screen() -> pl.Expr:
    """Return true where a line of the body is the end of the one before it, blank ones aside."""
    line = pl.element().str.strip_chars(_LINE_MARKS)
    long = line.filter(line.str.len_bytes() >= DOUBLED_LENGTH)
    return pl.col("body").str.split("\n").list.eval(long.shift(1).str.ends_with(long)).list.any()


def teaser_run_screen() -> pl.Expr:
    """Return true where lines without and with a full stop take turns near the end of the body."""
    return pl.col("body").str.tail(_RUN_EDGE).str.contains(rf"(?:{_PAIR}){{2}}")
