"""Endings that all headlines of a source share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = r"\s(?:[-–—|·•»]|::|//)\s"
_LAST_PART = rf"({_SEPARATOR}[^|·•»]{{2,60}}?)\s*$"


@check
class SharedSuffix(GroupCheck):
    """Forbids that headlines of a source end with the same words behind a separator.

    Args:
        least: Least number of headlines with the ending.
        share: Least share of the source's headlines with the ending.
    """

    key: ClassVar[str] = "shared-suffix"
    shape: ClassVar[Shape] = "source"

    least: int = Field(default=3, ge=2)
    share: float = Field(default=0.3, gt=0, le=1)

    def fields(self) -> frozenset[str]:
        """Return the headline and the source."""
        return frozenset({"title", "source"})

    def keys(self) -> dict[str, pl.Expr]:
        """Keep the last part of each headline that has more than one."""
        suffix = pl.col("title").str.tail(70).str.extract(_LAST_PART)
        # Of several separators the last one counts.
        return {
            "title_suffix": suffix.str.replace(rf"^.*({_SEPARATOR})", "$1"),
            "title_given": pl.col("title").is_not_null(),
        }

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source and ending, at the first headline that has it."""
        titled = keys.filter(pl.col("title_given") & pl.col("source").is_not_null())
        totals = titled.group_by("source").agg(pl.len().alias("titles"))
        endings = (
            titled.filter(pl.col("title_suffix").is_not_null())
            .group_by("source", "title_suffix")
            .agg(pl.len().alias("count"), pl.col("row").min())
            .join(totals, on="source")
            .filter(pl.col("count") >= self.least)
            .filter(pl.col("count") >= self.share * pl.col("titles"))
            .sort("source", "title_suffix")
        )
        for ending in endings.iter_rows(named=True):
            suffix = ending["title_suffix"].strip()
            figures = {"suffix": suffix, "count": ending["count"], "titles": ending["titles"]}
            yield GroupHit(
                row=ending["row"],
                source=ending["source"],
                field="title",
                identity=suffix,
                values=figures,
                evidence=figures,
            )
