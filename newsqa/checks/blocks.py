"""What a site has put around its articles and an extractor has put into their bodies."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Hit, RecordCheck, Row, check
from newsqa.pages.screen import (
    DOUBLED_LENGTH,
    byline_screen,
    line_marks,
    pattern_of,
)
from newsqa.pages.vocabulary import Entry, FurnitureKind, fold, glob_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.checks.base import Marks
    from newsqa.pages import Block

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

    kind: FurnitureKind
    lines: tuple[str, ...] = ()

    def fields(self) -> frozenset[str]:
        """Return the body."""
        return frozenset({"body"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the body has a line of the vocabulary."""
        screen = byline_screen() if self.kind == "byline" else pl.col("has_furniture")
        if self.lines:
            screen |= pl.col("body").str.contains(pattern_of(self._entries))
        return screen

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return () if self.kind == "byline" else (line_marks,)

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

    of: Literal["doubled", "headlines", "menu"]
    at_least: int = Field(default=1, ge=1)
    min_length: int = Field(default=20, ge=DOUBLED_LENGTH)

    def fields(self) -> frozenset[str]:
        """Return the body."""
        return frozenset({"body"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the lines of the body have the outward form of such a run."""
        body = pl.col("body")
        if self.of == "doubled":
            return pl.col("has_doubled")
        if self.of == "headlines":
            # The shortest headline has fifteen letters, or six characters of Chinese.
            listed = body.str.tail(_EDGE).str.contains(_HEADLINES_BEHIND)
            return listed & body.str.contains(r"[^\n]{6}")
        head, tail = body.str.head(_EDGE), body.str.tail(_EDGE)
        return head.str.contains(_LABELS) | tail.str.contains(_LABELS)

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,) if self.of == "doubled" else ()

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


@check
class SiteLines(GroupCheck):
    """Forbids lines that stand in many articles of a source: they are the site's, not the story's.

    No vocabulary and no language: copies of one story are counted once, by its URL and by its title
    or longest line, and titles do not count. A line counts when it is short or stands at an end of
    the body.

    Args:
        min_records: Fewest stories of the source that hold the line.
        min_share: Smallest share of its stories that do.
        enough: So many stories are enough, whatever their share.
        min_length: Characters of the shortest line that counts.
        max_length: Characters of the longest line that counts inside the body.
    """

    key: ClassVar[str] = "site_lines"
    shape: ClassVar[Literal["source"]] = "source"

    min_records: int = Field(default=3, ge=2)
    min_share: float = Field(default=0.1, gt=0, le=1)
    enough: int = Field(default=30, ge=2)
    min_length: int = Field(default=12, ge=1)
    max_length: int = Field(default=160, ge=1)

    def fields(self) -> frozenset[str]:
        """Return body and source."""
        return frozenset({"body", "source"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return two marks of the story: its title and its longest line."""
        longest = pl.element().get(pl.element().str.len_bytes().arg_max())
        body_line = pl.col("body").str.split("\n").list.eval(longest).list.first()
        return {
            "story_title": pl.col("title").str.to_lowercase().str.strip_chars().hash(seed=0),
            "story_line": body_line.hash(seed=0),
            "story_start": pl.col("body_start"),
            "story_top": pl.col("body_line"),
        }

    def collect(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return one row a line that may be the site's: `row`, `line`, `place`, `start`, `text`."""
        body = frame.filter(pl.col("body").is_not_null()).select("row", "title", "body")
        lines = body.with_columns(pl.col("body").str.split("\n")).explode("body")
        text = pl.col("body").str.strip_chars()
        size = pl.col("body").str.len_chars()
        indent = size - pl.col("body").str.strip_chars_start().str.len_chars()
        offset = size.add(1).cum_sum().over("row") - size - 1
        place, last = pl.int_range(pl.len()).over("row"), pl.len().over("row") - 1
        edge = pl.col("place").is_in([0, 1]) | (pl.col("place") >= pl.col("last") - 1)
        long = pl.col("text").str.len_chars() > self.max_length
        title = pl.col("title").str.to_lowercase().str.strip_chars()
        return (
            lines.with_columns(text=text, start=offset + indent, place=place, last=last)
            .filter(pl.col("text").str.len_chars() >= self.min_length, ~long | edge)
            .filter(pl.col("text").str.contains(r"\pL\pL\pL"))
            .with_columns(folded=pl.col("text").str.to_lowercase())
            .filter(pl.col("folded").ne_missing(title))
            .select(
                "row",
                pl.col("folded").hash(seed=0).alias("line"),
                pl.col("place", "start").cast(pl.UInt32),
                (pl.col("start") + pl.col("text").str.len_chars()).cast(pl.UInt32).alias("end"),
                pl.col("text").str.head(240),
            )
        )

    def sift(self, own: Sequence[pl.DataFrame]) -> Sequence[pl.DataFrame]:
        """Return the lines that stand in as many places as a line of the site does, few of all."""
        lines = pl.concat([part.select("line") for part in own])
        often = lines.group_by("line").len().filter(pl.col("len") >= self.min_records)
        return [part.join(often, on="line", how="semi", maintain_order="left") for part in own]

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a record and line, at the line's first place in the record."""
        if own is None or own.is_empty():
            return
        pages = pl.when(pl.col("url").null_count() < pl.len()).then(pl.n_unique("url"))
        tales = pl.max_horizontal(pl.n_unique("story_title"), pl.n_unique("story_line"))
        stories = pl.min_horizontal(tales, pages)
        known = keys.filter(pl.col("source").is_not_null())
        total = known.group_by("source").agg(total=stories)
        found = own.join(
            known.select("row", "source", "url", "^story_.*$"),
            on="row",
        )
        common = (
            found.unique(["line", "row"])
            .group_by("source", "line")
            .agg(count=stories)
            .join(total, on="source")
            .filter(
                pl.col("count") >= self.min_records,
                (pl.col("count") >= self.min_share * pl.col("total"))
                | (pl.col("count") >= self.enough),
            )
        )
        placed = (
            found.join(common, on=["source", "line"])
            .sort("row", "start")
            .unique(["row", "line"], keep="first", maintain_order=True)
        )
        for hit in placed.iter_rows(named=True):
            yield _site_line(hit)


def _site_line(hit: dict[str, object]) -> GroupHit:
    shift = int(str(hit["story_start"] or 0))
    share = int(str(hit["count"])) / int(str(hit["total"]))
    evidence = {"stories": hit["count"], "of": hit["total"], "share": round(share, 3)}
    text, top = str(hit["text"]), hit["story_top"]
    return GroupHit(
        row=int(str(hit["row"])),
        source=str(hit["source"]),
        line=None if top is None else int(str(top)) + int(str(hit["place"])),
        field="body",
        start=int(str(hit["start"])) + shift,
        end=int(str(hit["end"])) + shift,
        excerpt=text,
        identity=text,
        values={"text": text},
        evidence=evidence,
    )
