"""Text that is too short, too long, or exactly as long as a limit."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.errors import RuleFileError
from newsqa.text.spans import any_of, matches, require_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDEOGRAPHS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
# A Chinese or Japanese text needs about two fifths of the characters of an English one.
_IDEOGRAPH_WORTH = 2.5
# Thai, Lao, Khmer and Burmese end their sentences with a space.
_SENTENCE_END = r"(?:[.!?。！？؟…।॥۔][\"”’»)\]“」』]*|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])\s*\z"
_LEADING_ON = r"(?:[:…]|\.{3})\s*\z"


@check
class Length(RecordCheck):
    """Forbids text of some lengths, in characters; an ideograph counts as two and a half.

    Args:
        look_in: Canonical text field.
        shorter_than: Forbid non-blank text below this length.
        longer_than: Forbid text above this length.
        exactly: Forbid text of one of these lengths that does not end like a sentence.
        excused_urls: Rust patterns of URLs whose records are only worth an `info`.
        brief_from: A text of whole sentences with at least this length may be a brief, a forecast
            or a notice: it is only worth an `info`.
    """

    key: ClassVar[str] = "length"

    look_in: str
    shorter_than: int | None = Field(default=None, gt=0)
    longer_than: int | None = Field(default=None, gt=0)
    exactly: tuple[int, ...] = ()
    excused_urls: tuple[str, ...] = ()
    brief_from: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if self.shorter_than is None and self.longer_than is None and not self.exactly:
            raise RuleFileError("`shorter_than`, `longer_than` and `exactly` are all missing")
        for pattern in self.excused_urls:
            require_pattern(pattern)
        return self

    def fields(self) -> frozenset[str]:
        """Return the field that is measured."""
        return frozenset({self.look_in})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the number of characters is a forbidden one."""
        value = pl.col(self.look_in)
        length = value.str.len_chars()
        forbidden: list[pl.Expr] = []
        if self.shorter_than is not None:
            forbidden.append((length < self.shorter_than) & value.str.contains(r"[^\s\p{C}]"))
        if self.longer_than is not None:
            forbidden.append(length > self.longer_than)
        if self.exactly:
            ends = value.str.tail(3).str.contains(r"[.!?。؟…\"”’»)\]]\s*\z")
            forbidden.append(length.is_in(list(self.exactly)) & ~ends)
        return reduce(or_, forbidden)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the length, unless ideographs make up for it."""
        text = row.text(self.look_in)
        length = len(text)
        excused = bool(self.excused_urls) and matches(row.text("url"), any_of(self.excused_urls))
        if self.shorter_than is not None and length < self.shorter_than:
            worth = _worth(text)
            if worth >= self.shorter_than:
                return
            excused |= self.brief_from is not None and self.brief_from <= worth and _is_prose(text)
        figures = {"length": length}
        yield Hit(
            self.look_in,
            values=figures,
            evidence=figures,
            severity="info" if excused else None,
        )


def _worth(text: str) -> float:
    """Return the length that a text would have in letters."""
    ideographs: int = pl.Series([text]).str.count_matches(_IDEOGRAPHS)[0]
    return len(text) + (_IDEOGRAPH_WORTH - 1) * ideographs


def _is_prose(text: str) -> bool:
    """Tell whether all lines of a text are sentences that do not lead on to more."""
    lines = pl.Series([line for line in text.splitlines() if line.strip()], dtype=pl.String)
    ends = lines.str.contains(_SENTENCE_END) & ~lines.str.contains(_LEADING_ON)
    return bool(ends.all())
