"""The shape of a text's lines: menus, lists of headlines, whole pages."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.pages.screen import line_marks
from newsqa.text.spans import require_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.checks.base import Marks

_ANY = r"(?m:^)[^\n]*\S"
_SHORT = r"(?m:^)[ \t]*\S(?:[^\n]{0,38}\S)?[ \t\r]*(?m:$)"
_SENTENCE = r"(?m:^)[^\n]{60,}[.!?。؟…][\"”’»)\]“]*[ \t\r]*(?m:$)"
_HEADLINE = r"(?m:^)[ \t*•–-]*[\p{L}\"“„«‘'][^\n]{18,128}[^\n.!?。؟…,;:\"”’»)\s][ \t\r]*(?m:$)"


@check
class LineShape(RecordCheck):
    """Forbids text whose lines have the shape of a page rather than of an article.

    A line is short below 40 characters, a sentence when it has 60 or more and ends like one, and
    a headline when it has 20 to 130, begins with a letter and does not. Shares are of the lines
    that are not blank.

    Args:
        look_in: Canonical text field.
        min_lines: Judge only values of at least this many lines.
        short_share: Least share of short lines.
        headline_share: Least share of headline-like lines.
        sentence_share: Greatest share of sentences.
        mean_length: Greatest mean length of all lines, blank ones included, in characters.
        signs: Rust patterns of which one must match, with the number of times that it must.
    """

    key: ClassVar[str] = "line-shape"

    look_in: str = "body"
    min_lines: int = Field(ge=1)
    short_share: float = Field(default=0, ge=0, le=1)
    headline_share: float = Field(default=0, ge=0, le=1)
    sentence_share: float = Field(default=1, ge=0, le=1)
    mean_length: int | None = Field(default=None, gt=0)
    signs: tuple[tuple[str, int], ...] = ()

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        for pattern, _ in self.signs:
            require_pattern(pattern)
        return self

    def fields(self) -> frozenset[str]:
        """Return the field that is looked at."""
        return frozenset({self.look_in})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the shares and one of the signs are as described."""
        value = pl.col(self.look_in)
        ends = value.str.count_matches("\n", literal=True)
        near = ends >= self.min_lines - 1
        if self.look_in == "body":
            near &= pl.col("lines") >= self.min_lines
            near &= pl.col("short_lines") >= self.short_share * pl.col("lines")
            near &= pl.col("narrow_lines") >= self.headline_share * pl.col("lines")
        if self.mean_length is not None:
            near &= value.str.len_chars() <= self.mean_length * (ends + 1)
        text = _where(near, value)
        if self.signs:
            # Signs are cheap to look for and rare, lines are dear to count: signs come first.
            text = _where(reduce(or_, (_found(text, p, n) for p, n in self.signs)), text)
        lines = text.str.count_matches(_ANY)
        shape = lines >= self.min_lines
        for pattern, least in ((_SHORT, self.short_share), (_HEADLINE, self.headline_share)):
            if least:
                shape &= text.str.count_matches(pattern) >= least * lines
        if self.sentence_share < 1:
            shape &= text.str.count_matches(_SENTENCE) <= self.sentence_share * lines
        return shape

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,) if self.look_in == "body" else ()

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the figures; the screen is exact."""
        text = pl.Series([row.text(self.look_in)], dtype=pl.String)

        def count(pattern: str) -> int:
            return int(text.str.count_matches(pattern)[0])

        lines = count(_ANY)
        figures = {"lines": lines, "short": count(_SHORT), "sentences": count(_SENTENCE)}
        yield Hit(self.look_in, values=figures, evidence=figures)


def _where(wanted: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Return a text where it is wanted, else the empty one, which costs nothing to search."""
    return pl.when(wanted).then(text).otherwise(pl.lit(""))


def _found(text: pl.Expr, pattern: str, times: int) -> pl.Expr:
    return text.str.contains(pattern) if times == 1 else text.str.count_matches(pattern) >= times
