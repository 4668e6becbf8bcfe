"""Texts that end before their end: at the mark of a cut, or in the middle of a sentence."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, Row, check
from newsqa.checks.patterns import Patterns
from newsqa.text.spans import text_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

# Links, bylines and credits end without a full stop; so do languages that write none.
_SHOWN = r"(?:\.\p{L}{2,6}|[@/#_\d]\S*|\p{Lu}\S*)\s*\z"
_TAIL = 400


@check
class Cut(Patterns):
    """Forbids text that ends with a mark of a cut or with a word that ends no sentence.

    Takes the parameters of `patterns`. The end of a long last line is looked at as well: a word of
    `dangling` or a comma there is a cut, and any other small letter is worth an `info`, since some
    outlets write no full stop at the end.

    Args:
        dangling: Words, by language, that are always followed by another one.
        least: A last line of fewer characters is judged by its marks only.
        open_from: A last line of at least this length is an `info` when it ends in a small letter.
    """

    key: ClassVar[str] = "cut"

    dangling: dict[str, str]
    least: int = Field(default=60, gt=0)
    open_from: int = Field(default=120, gt=0)

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a mark matches or the last line is long and does not end."""
        tail = pl.col(self.look_in[0]).str.tail(_TAIL)
        return super().screen(context) | tail.str.contains(self._unfinished)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the marks, or else the last words."""
        marked = False
        for hit in super().locate(row):
            marked = True
            yield hit
        if not marked:
            yield from self._last_words(row, self.look_in[0])

    def _last_words(self, row: Row, name: str) -> Iterator[Hit]:
        text = row.text(name)
        tail = text[-_TAIL:]
        line = tail.rstrip().rsplit("\n", 1)[-1]
        severity: str | None = None
        if not text_spans(tail, self._dangling):
            if len(line) < self.open_from or text_spans(tail, _SHOWN):
                return
            if not text_spans(tail, rf"[^\n]{{{self.open_from}}}\p{{Ll}}{{2}}\s*\z"):
                return
            severity = "info"
        end = len(text.rstrip())
        start = max(end - 30, text.rfind(" ", 0, max(0, end - 20)) + 1, 0)
        values = {"field": name, "match": text[start:end]}
        yield Hit(name, start, end, values, severity=severity)

    @cached_property
    def _dangling(self) -> str:
        words = "|".join(sorted({w for line in self.dangling.values() for w in line.split()}))
        # One word of speech in another language must not count: the line is prose throughout.
        return rf"[^\n]{{{self.least}}}(?:[\p{{L}}\p{{N}}”’»\")]\s(?:{words})|\p{{L}},)\s*\z"

    @cached_property
    def _unfinished(self) -> str:
        return rf"{self._dangling}|[^\n]{{{self.open_from}}}\p{{Ll}}{{2}}\s*\z"
