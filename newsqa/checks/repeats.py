"""Paragraphs that a text says twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.pages.screen import SHORTEST_REPEATED, page_marks, repeated_screen
from newsqa.text.screening import kept_where

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE_END = re.compile(r"[.!?。؟…][\"”’»)\]“]*\s*\Z")
_PROBE = 120
# The first sentence alone comes again in many articles, as a summary above the text.
_FRESH_START = 240


@check
class Repeats(RecordCheck):
    """Forbids that a paragraph comes twice, or that the text starts over.

    Only paragraphs that end like a sentence count, so that choruses, menus and tables pass.

    Args:
        look_in: Canonical text field.
        min_length: Least length of a paragraph that counts, in characters.
        slight: A smaller share of the text that is said twice, such as the lead above the text or
            a notice of each embedded graphic, is only worth an `info`.
    """

    key: ClassVar[str] = "repeats"

    look_in: str = "body"
    min_length: int = 80
    slight: float = 0.1

    def fields(self) -> frozenset[str]:
        """Return the field that is looked at."""
        return frozenset({self.look_in})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages, which tell repeated lines, where they can be relied on."""
        return page_marks() if self._is_marked else {}

    def screen(self, context: Context) -> pl.Expr:
        """Return true where two long paragraphs are equal or the first words come again."""
        value = pl.col(self.look_in)
        some = kept_where(repeated_screen(), value) if self._is_marked else value
        long = pl.element().filter(pl.element().str.len_bytes() >= self.min_length)
        twice = some.str.split("\n").list.eval(long.is_duplicated().any()).list.first()
        again = value.str.slice(_PROBE).str.contains(value.str.head(_PROBE), literal=True)
        return twice | ((value.str.len_chars() >= 2 * _PROBE) & again)

    @property
    def _is_marked(self) -> bool:
        return self.look_in == "body" and self.min_length >= SHORTEST_REPEATED

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the first repetition and how often the text repeats itself."""
        text = row.text(self.look_in)
        seen: set[str] = set()
        repeated: list[tuple[int, int]] = []
        for match in re.finditer(r"[^\n]+", text):
            paragraph = match[0].strip()
            if len(paragraph) < self.min_length or not _SENTENCE_END.search(paragraph[-8:]):
                continue
            if paragraph in seen:
                repeated.append(match.span())
            seen.add(paragraph)
        if not repeated:
            repeated = _fresh_start(text)
        if not repeated:
            return
        start, end = repeated[0]
        slight = sum(b - a for a, b in repeated) < self.slight * len(text)
        evidence = {"count": len(repeated)}
        yield Hit(self.look_in, start, end, evidence=evidence, severity="info" if slight else None)


def _fresh_start(text: str) -> list[tuple[int, int]]:
    """Return the span of the second beginning of a text that starts over."""
    start = text.find(text[:_PROBE], _PROBE) if len(text) >= 2 * _PROBE else -1
    if start < 0 or text[start : start + _FRESH_START] != text[:_FRESH_START]:
        return []
    return [(start, len(text))]
