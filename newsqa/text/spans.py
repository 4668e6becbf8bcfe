"""Exact places of a Rust regular expression in texts.

Polars tells whether a pattern matches and what it matched, not where. Here each match is wrapped in
two sentinel characters that no text holds, and the places are read off the result: exact, in one
pass, and linear in the text as every Rust pattern is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl
from polars.exceptions import ComputeError

from newsqa.errors import RuleFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]

# Noncharacters come first: Unicode keeps them out of all text that is exchanged.
_SENTINELS = (*range(0xFDD0, 0xFDF0), *range(0xF0000, 0xF2000))


def regex_spans(texts: Sequence[str | None], pattern: str) -> list[list[Span]]:
    """Return for each text the spans that a pattern matches.

    Args:
        texts: Texts; None has no spans.
        pattern: A Rust regular expression.

    Returns:
        One list a text of `(start, end)` in characters, ascending, disjoint, never empty spans.

    Raises:
        RuleFileError: The pattern is not a Rust regular expression.
    """
    opening, closing = _absent_characters(texts)
    try:
        marked = pl.Series(texts, dtype=pl.String).str.replace_all(
            pattern, f"{opening}${{0}}{closing}"
        )
    except ComputeError as error:
        raise _faulty(pattern, error) from None
    return [list(_read(text, opening, closing)) if text else [] for text in marked]


def text_spans(text: str, pattern: str) -> list[Span]:
    """Return the spans that a Rust regular expression matches in one text.

    Raises:
        RuleFileError: The pattern is not a Rust regular expression.
    """
    return regex_spans([text], pattern)[0]


def matches(text: str, pattern: str) -> bool:
    """Tell whether a Rust regular expression, known to be one, matches in a text."""
    return bool(pl.Series([text], dtype=pl.String).str.contains(pattern)[0])


@lru_cache(maxsize=4096)
def require_pattern(pattern: str) -> str:
    """Return a pattern that compiles.

    Raises:
        RuleFileError: The pattern is not a Rust regular expression.
    """
    try:
        pl.Series([""], dtype=pl.String).str.contains(pattern)
    except ComputeError as error:
        raise _faulty(pattern, error) from None
    return pattern


def any_of(patterns: Iterable[str]) -> str:
    """Return one pattern that matches where any of the patterns does, the first one first."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def joined_spans(spans: Iterable[Span], gap: int = 0) -> list[Span]:
    """Return spans in order, those that overlap or lie at most `gap` characters apart as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _absent_characters(texts: Sequence[str | None]) -> tuple[str, str]:
    absent = (
        chr(code) for code in _SENTINELS if not any(text and chr(code) in text for text in texts)
    )
    return next(absent), next(absent)


def _read(marked: str, opening: str, closing: str) -> Iterator[Span]:
    head, *pieces = marked.split(opening)
    at = len(head)
    for piece in pieces:
        inside, outside = piece.split(closing)
        if inside:
            yield at, at + len(inside)
        at += len(inside) + len(outside)


def _faulty(pattern: str, error: ComputeError) -> RuleFileError:
    lines = [line for line in str(error).splitlines() if line.startswith("error: ")]
    reason = lines[0].removeprefix("error: ") if lines else "it does not compile"
    return RuleFileError(
        f"{pattern!r} is not a Rust regular expression: {reason}",
        hint="patterns have no look-around and no back-references",
    )
