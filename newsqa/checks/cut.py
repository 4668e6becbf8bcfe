"""Texts that end before their end: at the mark of a cut, or in the middle of a sentence."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, Row, check
from newsqa.checks.patterns import Patterns
from newsqa.text.screening import found_in, loosened
from newsqa.text.spans import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        return super().screen(context) | found_in(tail, self._unfinished)

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each record the marks, or else the last words."""
        marks = [list(hits) for hits in super().locate_all(rows)]
        name = self.look_in[0]
        unmarked = ("" if hits else row.text(name) for row, hits in zip(rows, marks, strict=True))
        tails = pl.Series([text[-_TAIL:] for text in unmarked], dtype=pl.String)
        dangling = tails.str.contains(self._dangling)
        is_open = tails.str.contains(self._open) & ~tails.str.contains(_SHOWN)
        for row, hits, tail, cut, unended in zip(
            rows, marks, tails, dangling, is_open, strict=True
        ):
            long = len(tail.rstrip().rsplit("\n", 1)[-1]) >= self.open_from
            if cut or (unended and long):
                yield [_last_words(row.text(name), name, None if cut else "info")]
            else:
                yield hits

    def _fitting(self, texts: Sequence[str]) -> str:
        """Return a pattern of those that may match in one of some texts.

        They count characters, which takes long where all of them do so at the same time.
        """
        ends = pl.Series(texts, dtype=pl.String)
        return any_of(p for p in self._all if ends.str.contains(loosened(p)).any())

    @cached_property
    def _dangling(self) -> str:
        words = "|".join(sorted({w for line in self.dangling.values() for w in line.split()}))
        # One word of speech in another language must not count: the line is prose throughout.
        return rf"[^\n]{{{self.least}}}(?:[\p{{L}}\p{{N}}”’»\")]\s(?:{words})|\p{{L}},)\s*\z"

    @cached_property
    def _open(self) -> str:
        return rf"[^\n]{{{self.open_from}}}\p{{Ll}}{{2}}\s*\z"

    @cached_property
    def _unfinished(self) -> str:
        return f"{self._dangling}|{self._open}"


def _last_words(text: str, name: str, severity: str | None) -> Hit:
    end = len(text.rstrip())
    start = max(end - 30, text.rfind(" ", 0, max(0, end - 20)) + 1, 0)
    return Hit(name, start, end, {"field": name, "match": text[start:end]}, severity=severity)
