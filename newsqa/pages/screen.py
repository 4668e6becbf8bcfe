"""The screen for furniture: one Rust regex that finds the texts worth cutting into blocks.

It spells out both cases and the accents of each entry instead of asking for `(?i)`, and merges
common beginnings, so that Polars compiles it within its size limit and runs it in one pass.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import KINDS, Entry, FurnitureKind, entries_of, fold, shipped_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Trie = dict[str, "Trie"]
_END = ""
_MARGIN = r"[ \t\u00a00-9.,)(*>\-\[\]\"'“”‘’•·▪►▶»«|:–—#!?+…]*"
_STRIPPED = " \t.,)(*>-[]\"'“”‘’•·▪►▶»«|:–—#!?+…"


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
        parts = re.split(r"[*#]", entry.text)
        if entry.anywhere or not parts[0].strip():
            cores.append(_letters(max(parts, key=len).strip(), entry.language))
        elif len(parts) == 1:
            whole.append(_letters(parts[0].strip(_STRIPPED), entry.language))
        else:
            starts.append(_letters(parts[0].strip(_STRIPPED), entry.language))
    lines = [f"{_alternatives(whole)}{_MARGIN}(?m:\\r?$)"] if whole else []
    lines += [_alternatives(starts)] if starts else []
    branches = [f"(?m:^){_MARGIN}(?:{'|'.join(lines)})"] if lines else []
    return "|".join([*branches, *([_alternatives(cores)] if cores else [])])


def _letters(text: str, language: str) -> tuple[str, ...]:
    """Return a pattern for each character: itself, its capital, and both without the accent."""
    return tuple(_letter(character, language) for character in text)


@lru_cache(maxsize=4096)
def _letter(character: str, language: str) -> str:
    if character == " ":
        return r"[ \u00a0]+"
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
