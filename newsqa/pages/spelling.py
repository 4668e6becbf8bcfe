"""Words of furniture as Rust patterns.

They spell out both cases and the accents of each letter instead of asking for `(?i)`, and merge
common beginnings, so that Polars compiles them within its size limit and runs them in one pass.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import Entry, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Trie = dict[str, "Trie"]
_END = ""
_MARGIN = r"[ \t\u00a0【】『』0-9.,)(*>\-\[\]\"'“”‘’•·▪►▶»«|:–—#!?+…]*"
_GAP = r"[^\n]*"
_LABEL_END = rf"(?:{_MARGIN}(?m:\r?$)|[ \u00a0]*[|·•／/>»›–—])"
_NAMES = r"[ \u00a0]*[^a-z\n][^\n!?]*[^\n.!?\s]"
SHORTEST_START = 7
_STRIPPED = " \t【】『』.,)(*>-[]\"'“”‘’•·▪►▶»«|:–—#!?+…"


def pattern_of(entries: Collection[Entry]) -> str:
    """Return a Rust regex that matches every text with a line of these entries.

    It lets through more than that: gaps, lengths and what follows a line are not looked at.
    """
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
    lines = [f"{alternatives(whole)}{_LABEL_END}"] if whole else []
    lines += [alternatives(starts)] if starts else []
    branches = [f"(?m:^){_MARGIN}(?:{'|'.join(lines)})"] if lines else []
    return "|".join([*branches, *([alternatives(cores)] if cores else [])])


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


def alternatives(texts: Iterable[tuple[str, ...]]) -> str:
    """Return a pattern of texts, given as a pattern for each character."""
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
