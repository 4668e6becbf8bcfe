"""Stories that were fetched long after their publication, in a crawl of fresh ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check

if TYPE_CHECKING:
    from collections.abc import Iterator


@check
class LateCrawl(GroupCheck):
    """Forbids stories much older at their crawl than the stories of their source are.

    Args:
        days: Days between publication and crawl from which on a story is old.
        usual_days: Nine of ten stories of the source must be at most so old; else the crawl is one
            of an archive, where age says nothing.
        min_records: Stories of the source with both dates.
    """

    key: ClassVar[str] = "late-crawl"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)
    by_source: ClassVar[bool] = True

    days: int = Field(default=30, gt=0)
    usual_days: int = Field(default=7, ge=0)
    min_records: int = Field(default=20, gt=0)

    def fields(self) -> frozenset[str]:
        """Return the publication and the crawl."""
        return frozenset({"published", "crawled"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return both dates."""
        return {"published": pl.col("published"), "crawled": pl.col("crawled")}

    def judge(
        self, keys: pl.DataFrame, own: pl.DataFrame | None, context: Context
    ) -> Iterator[GroupHit]:
        """Yield one hit an old story."""
        age = (pl.col("crawled") - pl.col("published")).dt.total_days()
        late = (
            keys.drop_nulls(["source", "published", "crawled"])
            .with_columns(age.alias("age"))
            .filter(
                pl.len().over("source") >= self.min_records,
                (pl.col("age") <= self.usual_days).mean().over("source") >= 0.9,
                pl.col("age") >= self.days,
            )
        )
        for row, source, days in late.select("row", "source", "age").sort("row").iter_rows():
            yield GroupHit(row, source, "published", evidence={"age_days": days})
