"""Two fields of a record that say the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_WORD = re.compile(r"[\W_]+")
_HEAD = 1000
_FIRST_WORD = r"([^\W_]+)"


@check
class Sameness(RecordCheck):
    """Forbids that a field repeats another one; case, spaces and punctuation do not count.

    Args:
        look_in: Canonical text field that is at fault.
        other: Canonical text field that it repeats.
        part: `whole` when all of it repeats the other, `line` when one of its first lines does.
        lines: How many lines from the start `line` looks at.
        min_length: Judge only where the other has at least this many characters.
    """

    key: ClassVar[str] = "sameness"

    look_in: str
    other: str
    part: Literal["whole", "line"] = "whole"
    lines: int = 3
    min_length: int = 1

    def fields(self) -> frozenset[str]:
        """Return both fields."""
        return frozenset({self.look_in, self.other})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the field is short enough, or holds the other's first letters."""
        value, other = pl.col(self.look_in), pl.col(self.other)
        length = other.str.len_chars()
        judged = length >= self.min_length
        if self.part == "whole":
            near = value.str.len_bytes() <= 2 * other.str.len_bytes() + 20
            return judged & near & (value.str.len_bytes() * 2 + 20 >= other.str.len_bytes())
        # A page dump holds the page's own headline, where it belongs.
        judged &= pl.col("body_start").is_null()
        fields = pl.struct(pl.when(judged).then(value).alias("value"), other.alias("other"))
        return fields.map_batches(self._begins_alike, return_dtype=pl.Boolean())

    def _begins_alike(self, fields: pl.Series) -> pl.Series:
        """Return whether one of the first lines of a field begins with the other's first word."""
        frame = fields.struct.unnest().with_row_index("row_number")
        earlier = pl.col("row_number").shift(self.lines)
        lines = (
            frame.filter(pl.col("value").is_not_null())
            .with_columns(pl.col("value").str.head(4 * _HEAD).str.split("\n"))
            .explode("value")
            .filter(pl.col("value").str.contains(r"\S"))
            .filter(pl.col("row_number").ne_missing(earlier))
        )
        first, wanted = (
            text.str.extract(_FIRST_WORD).str.to_lowercase()
            for text in (pl.col("value").str.head(_HEAD), pl.col("other"))
        )
        return frame["row_number"].is_in(lines.filter(first == wanted)["row_number"].implode())

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the place that repeats the other field."""
        text, wanted = row.text(self.look_in), _folded(row.text(self.other))
        if not wanted:
            return
        values = {"field": self.look_in, "other": self.other}
        if self.part == "whole":
            if _folded(text) == wanted:
                yield Hit(self.look_in, 0, len(text), values=values)
            return
        for match in list(re.finditer(r"[^\n]*\S[^\n]*", text[: 4 * _HEAD]))[: self.lines]:
            if _folded(match[0]) == wanted and len(text) > match.end():
                yield Hit(self.look_in, match.start(), match.end(), values=values)
                return


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[: 20 * _HEAD]).casefold()
    return _NOT_WORD.sub(" ", folded).strip()
