"""Teasers of stories that other records show to be old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, check
from newsqa.checks.teasers import teaser_screen
from newsqa.pages.screen import page_marks
from newsqa.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.checks.base import Row


@check
class ResurfacedTeasers(GroupCheck):
    """Forbids teasers of stories that other records show to be weeks older than the page.

    Either the newest record that has the teaser's headline as its title was published that much
    earlier, or no record has it and the same headline and summary stood on a page that was. No
    date in the text is needed, nor a language. At most one finding a page and story.

    Args:
        min_days: Fewest days between the story and the page that lists it.
    """

    key: ClassVar[str] = "resurfaced_teasers"
    shape: ClassVar[Literal["corpus"]] = "corpus"
    reads_pages: ClassVar[bool] = True
    locators: ClassVar[tuple[str, ...]] = ()

    min_days: int = Field(default=21, ge=1)

    def fields(self) -> frozenset[str]:
        """Return body, title and publication."""
        return frozenset({"body", "title", "published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return when the record was published, and its title as teasers are compared."""
        return {
            "teaser_page": pl.col("published"),
            "teaser_title": _folded(pl.col("title")),
            "story_start": pl.col("body_start"),
            "story_top": pl.col("body_line"),
        }

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages."""
        return page_marks()

    def suspects(self) -> pl.Expr:
        """Return true where a dated article's body may list other stories."""
        return pl.col("published").is_not_null() & teaser_screen()

    def note(self, row: Row) -> Iterator[tuple[Any, ...]]:
        """Yield `headline`, `told`, `place`, `start` and `end` of each teaser."""
        body = row.text("body")
        for t in row.page.teasers:
            told = f"{t.headline}\n{t.summary}" if t.summary else None
            place = body.count("\n", 0, t.headline_start)
            yield t.headline, told, place, t.headline_start, t.end

    def noted(self, notes: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
        """Return one row a teaser: `row`, `story`, `text`, `headline`, `start` and `end`."""
        schema = {"row": pl.UInt32, "headline": pl.String, "told": pl.String}
        schema |= {"place": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32}
        return (
            pl.DataFrame(notes, schema=schema, orient="row")
            .select(
                "row",
                _folded(pl.col("headline")).alias("story"),
                _folded(pl.col("told")).alias("text"),
                pl.col("headline").str.head(200),
                "place",
                "start",
                "end",
            )
            .unique(["row", "story"], keep="last", maintain_order=True)
        )

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a page and story that is old on it."""
        if own is None or own.is_empty():
            return
        pages = keys.filter(pl.col("teaser_page").is_not_null())
        located = pages.select("row", "teaser_page", "story_start", "story_top")
        listed = own.join(located, on="row")
        pages_before = _first(listed.filter(pl.col("text").is_not_null()), "text")
        aged = (
            _with_articles(listed, pages.select(first="teaser_page", story="teaser_title"))
            .join(pages_before, on="text", how="left", suffix="_page")
            .with_columns(since=pl.coalesce("first", "first_page"))
            .with_columns(days=(pl.col("teaser_page") - pl.col("since")).dt.total_days())
            .filter(pl.col("days") >= self.min_days)
            .sort("row", "start")
        )
        for teaser in aged.iter_rows(named=True):
            yield _resurfaced(teaser)


def _folded(text: pl.Expr) -> pl.Expr:
    """Return a text as one number, equal for texts that differ in case, marks and spaces only."""
    return text.map_batches(_folded_at_once, return_dtype=pl.UInt64)


def _folded_at_once(texts: pl.Series) -> pl.Series:
    bare = plain(texts).str.strip_chars()
    return bare.hash(seed=0).set(~(bare.str.len_chars() >= 12).fill_null(value=False), None)


def _with_articles(listed: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Return the teasers with the newest article of their headline that their page can mean.

    The newest, since what comes out every month has the same headline every month.
    """
    known = articles.drop_nulls().sort("first")
    return listed.sort("teaser_page").join_asof(
        known, left_on="teaser_page", right_on="first", by="story", check_sortedness=False
    )


def _first(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    known = frame.filter(pl.col(by).is_not_null())
    return known.group_by(by).agg(pl.col("teaser_page").min().alias("first"))


def _resurfaced(teaser: dict[str, Any]) -> GroupHit:
    shift = teaser["story_start"] or 0
    by_article = teaser["first"] is not None
    return GroupHit(
        row=teaser["row"],
        line=None if teaser["story_top"] is None else teaser["story_top"] + teaser["place"],
        field="body",
        start=teaser["start"] + shift,
        end=teaser["end"] + shift,
        excerpt=teaser["headline"],
        identity=teaser["headline"],
        values={"days": teaser["days"]},
        evidence={
            "headline": teaser["headline"],
            "lag_days": -teaser["days"],
            "first_seen": teaser["since"].date().isoformat(),
            "seen_as": "article" if by_article else "teaser",
            "published": teaser["teaser_page"].date().isoformat(),
        },
    )
