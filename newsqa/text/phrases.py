"""Phrases as people write them, turned into patterns that forgive case, spaces and apostrophes."""

from __future__ import annotations

import re
from functools import lru_cache

_APOSTROPHES = "'’‘`´ʼ"
_SPECIAL = frozenset(r"\.+*?()|[]{}^$-&~#")
# Turkish pairs i with İ and ı with I, every other language i with I.
_DOTTED_AND_DOTLESS = "[iIİı]"


@lru_cache(maxsize=4096)
def phrase_pattern(phrase: str) -> str:
    """Return the Rust pattern of a phrase.

    Upper and lower case are spelled out, which the regex engine searches faster than `(?i)`. A
    space stands for any white space, an apostrophe for any kind of it, also with spaces around it
    or left out, as tokenisers write it. Where the phrase begins or ends with an ASCII letter it
    does not match inside a longer ASCII word.
    """
    words = re.split(r"\s+", phrase.strip())
    body = r"\s+".join(_word(word) for word in words)
    return _edge(phrase.strip()[:1]) + body + _edge(phrase.strip()[-1:])


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
    return r"(?-u:\b)" if char.isascii() and char.isalnum() else ""
