"""Phrases as people write them, turned into patterns that forgive case, spaces and apostrophes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Trie = dict[str, "Trie"]
_APOSTROPHES = "'’‘`´ʼ"
_SPECIAL = frozenset(r"\.+*?()|[]{}^$-&~#")
# Turkish pairs i with İ and ı with I, every other language i with I.
_END = ""
_SHORTEST_CLUE = 6
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


def clue_of(phrase: str) -> tuple[str, ...]:
    """Return what every match of a phrase holds, as patterns letter by letter.

    That is its longest word or pair of words, since common beginnings such as "you have to" make a
    pattern of many phrases slow. Words beside an apostrophe may be written apart and do not count.
    """
    words = phrase.strip().split()
    pairs = [words[at : at + 2] for at in range(len(words))] + [[word] for word in words]
    sound = [pair for pair in pairs if not set("".join(pair)) & set(_APOSTROPHES)]
    best = max(sound, key=lambda pair: sum(map(len, pair)), default=[])
    if sum(map(len, best)) < _SHORTEST_CLUE:
        return (phrase_pattern(phrase),)
    letters = [tuple(map(_letter, word)) for word in best]
    return (*letters[0], *(part for word in letters[1:] for part in (r"\s+", *word)))


def alternatives(texts: Iterable[tuple[str, ...]]) -> str:
    """Return the pattern of any of several texts, given letter by letter.

    Common beginnings are written once, which keeps the automaton of the regex engine small.
    """
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
