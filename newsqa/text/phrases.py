"""Phrases as people write them, turned into patterns that forgive case, spaces and apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

_APOSTROPHES = "'’‘`´ʼ"
_SPECIAL = frozenset(r"\.+*?()|[]{}^$-&~#")
# Turkish pairs i with İ and ı with I, every other language i with I.
_DOTTED_AND_DOTLESS = "[iIİı]"
_EDGE = r"(?-u:\b)"
_SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# A capital dotted i is an i and a dot in lower case, and a final sigma has no capital of its own.
_SQUEEZED = {**dict.fromkeys(f"{_SPACES}{_APOSTROPHES}\u0307", ""), "ı": "i", "ς": "σ"}
_SQUEEZE = str.maketrans(_SQUEEZED)
_MOST_TO_SEARCH = 100_000


@lru_cache(maxsize=4096)
def phrase_pattern(phrase: str) -> str:
    """Return the Rust pattern of a phrase.

    Upper and lower case are spelled out, which the regex engine searches faster than `(?i)`. A
    space stands for any white space, an apostrophe for any kind of it, also with spaces around it
    or left out, as tokenisers write it. Where the phrase begins or ends with an ASCII letter it
    does not match inside a longer ASCII word, but an `i` may be the Turkish one, which is no ASCII.
    """
    words = re.split(r"\s+", phrase.strip())
    body = r"\s+".join(_word(word) for word in words)
    first, last = phrase.strip()[:1], phrase.strip()[-1:]
    if first in "iI":
        body = f"(?:{_EDGE}[iI]|[İı]){body.removeprefix(_DOTTED_AND_DOTLESS)}"
    if last in "iI" and body.endswith(_DOTTED_AND_DOTLESS):
        body = f"{body.removesuffix(_DOTTED_AND_DOTLESS)}(?:[iI]{_EDGE}|[İı])"
    return _edge(first) + body + _edge(last)


def _word(word: str) -> str:
    pattern = "".join(_letter(char) for char in word)
    # Tokenisers cut "can't" into "ca n't".
    return pattern.replace(_letter("n") + _letter("'"), r"\s?" + _letter("n") + _letter("'"))


def _letter(char: str) -> str:
    if char in _APOSTROPHES:
        return rf"\s?[{_APOSTROPHES}]?\s?"
    if char in "iIİı":
        return _DOTTED_AND_DOTLESS
    cases = {char.lower(), char.upper()}
    if len(cases) == 2 and all(len(case) == 1 for case in cases):
        return f"[{char.lower()}{char.upper()}]"
    return f"\\{char}" if char in _SPECIAL else char


def _edge(char: str) -> str:
    return _EDGE if char.isascii() and char.isalnum() and char not in "iI" else ""


def squeezed(text: str) -> str:
    """Return a text without what phrases forgive: case, white space and apostrophes."""
    return text.lower().translate(_SQUEEZE)


def squeezed_texts(text: pl.Expr) -> pl.Expr:
    """Return the same in Polars."""
    return text.str.to_lowercase().str.replace_many(list(_SQUEEZED), list(_SQUEEZED.values()))


@lru_cache(maxsize=8192)
def squeezed_clue(phrase: str) -> str:
    """Return what a squeezed text holds if the pattern of a phrase matches in the text.

    To look for that is cheap, for it needs no pattern.
    """
    return max("".join(map(_or_gap, phrase)).split("\0"), key=len)


def _or_gap(char: str) -> str:
    """Return a squeezed character, or a gap for the few that are another one in the other case.

    Polars knows cases of letters that are too new for Python.
    """
    lower, upper = char.lower(), char.upper()
    if unicodedata.category(char) == "Cn":
        return "\0"
    is_sound = len(lower) != 1 or len(upper) != 1 or squeezed(lower) == squeezed(upper)
    return squeezed(char) if is_sound else "\0"


def held_phrases(phrases: Sequence[str], texts: Sequence[str]) -> Sequence[str]:
    """Return the phrases that may match in one of some texts: all of them if there is much text."""
    if not phrases or sum(map(len, texts)) > _MOST_TO_SEARCH:
        return phrases
    said = "\0".join(map(squeezed, texts))
    return [phrase for phrase in phrases if squeezed_clue(phrase) in said]
