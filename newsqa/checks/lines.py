"""The shape of a text's lines: menus, lists of headlines, whole pages."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

import polars as pl
from pydantic import Field, model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.pages.screen import lines_screen, page_marks
from newsqa.text.screening import held_by, loosened
from newsqa.text.spans import any_of, require_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = r"(?m:^)[^\n]*\S"
_SHORT = r"(?m:^)[ \t]*\S(?:[^\n]{0,38}\S)?[ \t\r]*(?m:$)"
_SENTENCE = r"(?m:^)[^\n]{60,}[.!?。؟…][\"”’»)\]“]*[ \t\r]*(?m:$)"
_HEADLINE = r"(?m:^)[ \t*•–-]*[\p{L}\"“„«‘'][^\n]{18,128}[^\n.!?。؟…,;:\"”’»)\s][ \t\r]*(?m:$)"

_ITEM_SHARE = 0.5
_SHAPED, _LISTED = "may be shaped", "may be listed"


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
        named: Rust patterns by field. A record that one of them matches is called a list by its
            own headline or URL, and needs only `named_lines` lines, few of them sentences.
        named_lines: Least number of lines of such a record.
        named_sentences: Greatest share of sentences among them.
    """

    key: ClassVar[str] = "line-shape"

    look_in: str = "body"
    min_lines: int = Field(ge=1)
    short_share: float = Field(default=0, ge=0, le=1)
    headline_share: float = Field(default=0, ge=0, le=1)
    sentence_share: float = Field(default=1, ge=0, le=1)
    mean_length: int | None = Field(default=None, gt=0)
    signs: tuple[tuple[str, int], ...] = ()
    named: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    named_lines: int = Field(default=6, ge=1)
    named_sentences: float = Field(default=0.25, ge=0, le=1)

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        named = (pattern for patterns in self.named.values() for pattern in patterns)
        for pattern in (*(pattern for pattern, _ in self.signs), *named):
            require_pattern(pattern)
        return self

    def fields(self) -> frozenset[str]:
        """Return the field that is looked at."""
        return frozenset({self.look_in})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages, which tell how many lines a body has."""
        return page_marks() if self.look_in == "body" else {}

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the shares and one of the signs are as described."""
        shaped = listed = pl.lit(value=True)
        if self.look_in == "body":
            shaped = lines_screen(
                self.min_lines, short=self.short_share, mean_length=self.mean_length
            )
            listed = lines_screen(self.named_lines)
        columns = (pl.col(name) for name in dict.fromkeys((self.look_in, *self.named)))
        marked = pl.struct(*columns, shaped.alias(_SHAPED), listed.alias(_LISTED))
        return marked.map_batches(self._judged, return_dtype=pl.Boolean())

    def _judged(self, columns: pl.Series) -> pl.Series:
        """Return whether records are at fault; each step looks only at those that are left."""
        frame = columns.struct.unnest().with_row_index("row_number")
        found = [self._shaped(frame.filter(_SHAPED))]
        if self.named:
            found.append(self._listed(frame.filter(_LISTED)))
        return frame["row_number"].is_in(pl.concat(found).implode())

    def _shaped(self, frame: pl.DataFrame) -> pl.Series:
        """Return the numbers of the rows with a sign and the shares of lines."""
        value = pl.col(self.look_in)
        rows = value.str.count_matches("\n", literal=True) + 1
        frame = frame.filter(rows >= self.min_lines)
        if self.mean_length is not None:
            frame = frame.filter(value.str.len_chars() <= self.mean_length * rows)
        if self.signs:
            # Signs are cheap to look for and rare, lines are dear to count: signs come first.
            texts = frame[self.look_in]
            frame = frame.filter(reduce(or_, (_found(texts, p, n) for p, n in self.signs)))
        frame = frame.with_columns(value.str.count_matches(_ANY).alias("lines"))
        frame = frame.filter(pl.col("lines") >= self.min_lines)
        if self.sentence_share < 1:
            # Articles consist of sentences, so that few texts are left behind this.
            sentences = value.str.count_matches(_SENTENCE)
            frame = frame.filter(sentences <= self.sentence_share * pl.col("lines"))
        for pattern, least in ((_SHORT, self.short_share), (_HEADLINE, self.headline_share)):
            if least:
                found = value.str.count_matches(pattern)
                frame = frame.filter(found >= least * pl.col("lines"))
        return frame["row_number"]

    def _listed(self, frame: pl.DataFrame) -> pl.Series:
        """Return the numbers of the rows whose headline or URL says that they are lists."""
        named = (_found(frame[name], any_of(p), 1) for name, p in self.named.items())
        value = pl.col(self.look_in)
        lines = value.str.count_matches(_ANY)
        items = value.str.count_matches(_SHORT) + value.str.count_matches(_HEADLINE)
        sentences = value.str.count_matches(_SENTENCE)
        return frame.filter(reduce(or_, named)).filter(
            lines >= self.named_lines,
            sentences <= self.named_sentences * lines,
            # A line of 20 to 40 characters may be counted as short and as a headline.
            items >= _ITEM_SHARE * lines,
        )["row_number"]

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the figures; the screen is exact."""
        text = pl.Series([row.text(self.look_in)], dtype=pl.String)

        def count(pattern: str) -> int:
            return int(text.str.count_matches(pattern)[0])

        lines = count(_ANY)
        figures = {"lines": lines, "short": count(_SHORT), "sentences": count(_SENTENCE)}
        yield Hit(self.look_in, values=figures, evidence=figures)


def _found(texts: pl.Series, pattern: str, times: int) -> pl.Series:
    """Return whether a pattern matches so many times; it is counted where a looser one matches."""
    places = held_by(texts, [loosened(pattern)]).arg_true()
    counts = texts.gather(places).str.count_matches(pattern)
    return pl.int_range(len(texts), eager=True).is_in(places.filter(counts >= times).implode())
