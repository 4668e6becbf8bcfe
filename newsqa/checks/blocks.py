"""What a site has put around its articles and an extractor has put into their bodies."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.checks.patterns import Patterns
from newsqa.pages.screen import (
    doubled_screen,
    furniture_screen,
    header_screen,
    labels_screen,
    page_marks,
)
from newsqa.pages.spelling import pattern_of
from newsqa.pages.vocabulary import (
    Entry,
    FurnitureKind,
    entries_of,
    fold,
    glob_of,
    shipped_tables,
)
from newsqa.text.screening import found_in, kept_where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.pages import Block

SHORTEST_DOUBLED = 12
_EDGE = 4000
_LIST_LINE = r"[^\n]*[^\n.\s][ \t\r]*"
_HEADLINES_BEHIND = rf"(?:\n\s*{_LIST_LINE}){{4}}\s*\z"
_LABELS = r"(?:\n[^\w\n]*[^\n]{1,30}){8}"


@check
class Furniture(RecordCheck):
    """Forbids lines and blocks of page furniture in the body.

    The words come from the vocabulary of `newsqa.pages`, in all its languages at once. A header
    counts only above headline-like lines; a name of navigation only beside other furniture.

    Args:
        kind: Kind of furniture.
        lines: Further lines of that kind; `*` stands for any text and `#` for a number.
    """

    key: ClassVar[str] = "furniture"
    reads_pages: ClassVar[bool] = True

    kind: FurnitureKind
    lines: tuple[str, ...] = ()

    def fields(self) -> frozenset[str]:
        """Return the body."""
        return frozenset({"body"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages, and what is searched for phrases."""
        return page_marks() | (self._phrases.marks() if self._phrases else {})

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return the phrases that tell the kind inside a paragraph, too."""
        return self._phrases.clues() if self._phrases else {}

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the body may have a line of furniture, whatever its kind."""
        screen = header_screen() if self.kind == "related" else furniture_screen()
        if self._phrases:
            screen |= self._phrases.screen(context)
        if self.lines:
            screen |= pl.col("body").str.contains(pattern_of(self._entries))
        return screen

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield one hit a block, and one a line of the rule's own."""
        page = row.page
        if self.kind == "caption" and not any(line.is_ended for line in page.lines):
            return  # A list of headlines has sections such as "Photography: ...".
        for block in page.of_kind(self.kind):
            yield block_hit(block, stories=_stories(row, block))
        own = [glob_of(entry.text) for entry in self._entries]
        for line, kind in zip(page.lines, page.kinds, strict=True):
            if kind != self.kind and any(glob.matches(line.key) for glob in own):
                yield Hit("body", line.start, line.end, {"label": line.text, "lines": 1})

    @cached_property
    def _phrases(self) -> Patterns | None:
        entries = [e for e in entries_of(shipped_tables()) if e.anywhere and e.kind == self.kind]
        return Patterns(look_in=("body",), patterns=(pattern_of(entries),)) if entries else None

    @cached_property
    def _entries(self) -> list[Entry]:
        return [Entry(self.kind, "", fold_line(line)) for line in self.lines]


def fold_line(line: str) -> str:
    """Return an entry of the vocabulary in lower case, its gaps kept."""
    return "*".join(fold(f"x{part}x")[1:-1] for part in line.split("*")).strip()


def block_hit(block: Block, **evidence: int) -> Hit:
    """Return the hit of a block of a page."""
    values = {"label": block.label, "lines": block.lines}
    return Hit("body", block.start, block.end, values, {"lines": block.lines, **evidence})


def _stories(row: Row, block: Block) -> int:
    return sum(block.start <= teaser.start < block.end for teaser in row.page.teasers)


@check
class LineRuns(RecordCheck):
    """Forbids runs of lines that no article has.

    Args:
        of: `doubled`: the same line twice in a row. `headlines`: headlines under one another behind
            the article. `menu`: short labels under one another before or behind it.
        at_least: How many of them make the fault.
        min_length: Shortest line that counts as doubled; shorter ones are refrains and scores.
    """

    key: ClassVar[str] = "line_runs"
    reads_pages: ClassVar[bool] = True

    of: Literal["doubled", "headlines", "menu"]
    at_least: int = Field(default=1, ge=1)
    min_length: int = Field(default=20, ge=SHORTEST_DOUBLED)

    def fields(self) -> frozenset[str]:
        """Return the body."""
        return frozenset({"body"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages, which tell doubled and short lines."""
        return {} if self.of == "headlines" else page_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the lines of the body have the outward form of such a run."""
        body = pl.col("body")
        if self.of == "doubled":
            return doubled_screen()
        if self.of == "headlines":
            return body.str.tail(_EDGE).str.contains(_HEADLINES_BEHIND)
        body = kept_where(labels_screen(), body)
        return found_in(body.str.head(_EDGE), _LABELS) | found_in(body.str.tail(_EDGE), _LABELS)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield one hit a run; for doubled lines one a record, at the first of them."""
        if self.of == "doubled":
            yield from self._doubled(row)
            return
        for block in row.page.of_kind(self.of):
            if block.lines >= self.at_least:
                yield block_hit(block)

    def _doubled(self, row: Row) -> Iterator[Hit]:
        lines = row.page.lines
        pairs = [
            (first, second)
            for first, second in pairwise(lines)
            if first.text.casefold() == second.text.casefold()
            and len(second.text) >= self.min_length
            and not second.is_prose
        ]
        if len(pairs) >= self.at_least:
            first, second = pairs[0]
            spans = [[again.start, again.end] for _, again in pairs[:50]]
            values = {"label": second.text}
            yield Hit(
                "body", first.start, second.end, values, {"count": len(pairs), "spans": spans}
            )
