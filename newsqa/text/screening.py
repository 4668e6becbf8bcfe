"""What screens are made of: few passes, over few texts, with patterns that are fast to search for.

Searching costs little beside compiling, which Polars does anew in every batch, and both cost much
where a pattern counts characters or asks for word boundaries of Unicode, which the regex engine has
no fast automaton for. So a screen puts texts aside that another condition has acquitted, compiles
nothing where none is left, and may loosen its pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from newsqa.text.spans import any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CLASS = r"\[\^?\]?(?:\\.|\[[^\]]*\]|[^\[\]\\])*\]"
_MANY = rf"(?P<many>\\[pPx]\{{[^}}]*\}}|\\[sSdDwW]|{_CLASS}|\.)"
_PIECE = re.compile(
    rf"(?:{_MANY}\{{(?P<least>\d+)(?:,\d*)?\}})|(?P<edge>\\[bB](?:\{{[a-z-]+\}})?)|\\[pPx]\{{[^}}]*\}}|\\.|{_CLASS}"
)
_MARK = re.compile(rf"\\.|{_CLASS}|(?P<sign>[()|])", re.DOTALL)
_BARE_FLAGS = re.compile(r"\(\?[a-zA-Z]+(?:-[a-zA-Z]+)?\)")
_LINE = "(?m:^)"
_EDGE = r"(?-u:\b)"
# Of what is much longer, the automaton may not fit into its memory, which is slow a hundred times.
_MOST_TOGETHER = 16_000
_ANCHOR = re.compile(rf"\(\?m:[\^$]\)|\\[AzZ]|[\^$]|(\\.|{_CLASS})")


def kept_where(wanted: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Return a text where it is wanted, else the empty one.

    Empty text is searched in no time, which null is not: Polars searches what null hides.
    """
    return pl.when(wanted).then(text).otherwise(pl.lit(""))


def found_in(text: pl.Expr, pattern: str) -> pl.Expr:
    """Return true where a Rust pattern matches; it is not compiled where all texts are empty."""
    return text.map_batches(_finder(pattern), return_dtype=pl.Boolean())


def one_found_in(text: pl.Expr, literals: tuple[str, ...]) -> pl.Expr:
    """Return true where a text holds one of some texts; likewise."""
    return text.map_batches(_literals_finder(literals), return_dtype=pl.Boolean())


@lru_cache(maxsize=1024)
def _finder(pattern: str) -> Callable[[pl.Series], pl.Series]:
    # Remembered, since Polars takes two functions to be the same only if they are one object.
    return lambda texts: texts.str.contains(pattern) if has_text(texts) else _nowhere(texts)


@lru_cache(maxsize=256)
def _literals_finder(literals: tuple[str, ...]) -> Callable[[pl.Series], pl.Series]:
    wanted = list(literals)

    def find(texts: pl.Series) -> pl.Series:
        return texts.str.contains_any(wanted) if has_text(texts) else _nowhere(texts)

    return find


def has_text(texts: pl.Series) -> bool:
    """Tell whether any of some texts is neither empty nor null."""
    return bool(texts.str.len_bytes().max())


def _nowhere(texts: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=len(texts), eager=True)


@lru_cache(maxsize=1024)
def loosened(pattern: str) -> str:
    """Return a pattern that matches wherever another one does and that is faster to search for.

    It counts no characters and does not look at word boundaries.
    """
    return _PIECE.sub(_loosened_piece, pattern)


def _loosened_piece(piece: re.Match[str]) -> str:
    if piece["edge"]:
        return ""
    if piece["many"] is None:
        return piece[0]
    return piece["many"] + ("*" if int(piece["least"]) == 0 else "+")


@lru_cache(maxsize=1024)
def sought(patterns: tuple[str, ...]) -> str:
    """Return a pattern that matches wherever one of some patterns does, likewise loosened.

    Those that begin with an ASCII word share its edge: inside words the automaton has nothing to
    remember, and so fewer states.
    """
    parts = [part for pattern in patterns for part in _alternatives(pattern)]
    words = [loosened(part.removeprefix(_EDGE)) for part in parts if part.startswith(_EDGE)]
    others = [loosened(part) for part in parts if not part.startswith(_EDGE)]
    return any_of([f"{_EDGE}(?:{any_of(words)})", *others] if words else others)


@lru_cache(maxsize=1024)
def unanchored(pattern: str) -> str:
    """Return a pattern without its anchors, to search a text for what holds in a part of it."""
    return _ANCHOR.sub(lambda piece: piece[1] or "", pattern)


def held_by(texts: pl.Series, patterns: Iterable[str]) -> pl.Series:
    """Return whether one of some patterns matches in texts, or nearly does."""
    held = _nowhere(texts)
    of_lines, others = parted_by_line(patterns)
    for pattern in of_lines:
        held |= ("\n" + texts).str.contains(pattern).fill_null(value=False)
    for pattern in others:
        held |= texts.str.contains(pattern).fill_null(value=False)
    return held


def parted_by_line(patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return patterns of which one matches wherever one of some others does, and often else.

    The first ones stand for what begins with a line, and are to be searched for in texts behind a
    newline; the second ones for the rest. What begins with a newline and any character is fast to
    search for, since the engine looks for newlines alone, whatever may follow them.
    """
    parts = [part for pattern in patterns for part in _alternatives(pattern)]
    lines = [part.removeprefix(_LINE) for part in parts if part.startswith(_LINE)]
    rest = [part for part in parts if not part.startswith(_LINE)]
    return [rf"\n.?(?:{some})" for some in _together(lines)], list(_together(rest))


def _together(patterns: Iterable[str]) -> Iterator[str]:
    """Yield patterns of some others each: one of all may be too large for a fast automaton."""
    some: list[str] = []
    for pattern in patterns:
        if some and sum(map(len, some)) + len(pattern) > _MOST_TOGETHER:
            yield any_of(some)
            some = []
        some.append(pattern)
    if some:
        yield any_of(some)


def _alternatives(pattern: str) -> Iterator[str]:
    """Yield the alternatives of a pattern, or itself where flags in it hold for several of them."""
    depth = begins = 0
    for mark in () if _BARE_FLAGS.search(pattern) else _MARK.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(mark["sign"], 0)
        if mark["sign"] == "|" and not depth:
            yield pattern[begins : mark.start()]
            begins = mark.end()
    yield pattern[begins:]
