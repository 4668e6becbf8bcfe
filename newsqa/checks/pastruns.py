"""Sources that fell behind what earlier runs brought: vanished, thinner, or with emptier fields.

Earlier runs are an input, figures by source; with too few of them nothing is judged. A run without
the source counts as one with no record of it, so that an alarm lasts until most runs lack it.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.earlier import usual_fill
from newsqa.record import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.earlier import EarlierRun

_QUIET = 0.2
"""Share of the runs that may be quieter than the quiet one: weekends, holidays, outages."""


class _PastRuns(GroupCheck):
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)

    min_runs: int = Field(default=3, gt=0)

    def fields(self) -> frozenset[str]:
        """Return no field."""
        return frozenset()

    def lacks(self, context: Context) -> str:
        """Return what is missing where there are too few earlier runs."""
        there = len(context.earlier)
        return "" if there >= self.min_runs else f"needs {self.min_runs} earlier runs, has {there}"


@check
class Vanished(_PastRuns):
    """Forbids that a source of most earlier runs has no record at all.

    Args:
        min_runs: Earlier runs, at least.
        min_records: Median of its records over the earlier runs, at least.
    """

    key: ClassVar[str] = "vanished"

    min_records: int = Field(default=5, gt=0)

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source that is not there any more."""
        if self.lacks(context):
            return
        here = set(keys["source"].unique())
        for source in _sources(context.earlier):
            volumes = [run.volume(source) for run in context.earlier]
            usual = median(volumes)
            if source in here or usual < self.min_records:
                continue
            last = next(run for run in reversed(context.earlier) if run.volume(source))
            evidence = {
                "usual": usual, "runs": len(volumes), "last_seen": last.started,
                "last_run": last.id,
            }  # fmt: skip
            values = {"usual": f"{usual:,.0f}", "last_day": last.started[:10]}
            yield GroupHit(None, source, None, values=values, evidence=evidence)


@check
class BelowUsual(_PastRuns):
    """Forbids that a source has far fewer records than in its earlier runs.

    Weekends are quieter than weekdays: the source is at fault only when it is also well below the
    quieter ones among its earlier runs. One without any record has vanished: another fault.

    Args:
        min_runs: Earlier runs with the source, at least.
        min_records: Median of its records over the earlier runs, at least.
        share: Records now as a share of that median, below which the source is at fault.
        of_quiet: Records now as a share of its quiet runs, below which alone it is at fault.
    """

    key: ClassVar[str] = "below-usual"
    by_source: ClassVar[bool] = True

    min_records: int = Field(default=20, gt=0)
    share: float = Field(default=0.5, gt=0, lt=1)
    of_quiet: float = Field(default=0.7, gt=0, le=1)

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source that thinned out."""
        if self.lacks(context):
            return
        counted = keys.drop_nulls("source").group_by("source").len().sort("source")
        for source, records in counted.iter_rows():
            volumes = [run.volume(source) for run in context.earlier]
            there = sorted(volume for volume in volumes if volume)
            usual = median(volumes)
            if len(there) < self.min_runs or usual < self.min_records:
                continue
            quiet = there[int(len(there) * _QUIET)]
            if records < self.share * usual and records < self.of_quiet * quiet:
                evidence = {
                    "records": records, "usual": usual, "quiet": quiet, "runs": len(volumes),
                }  # fmt: skip
                values = {"usual": f"{usual:,.0f}"}
                yield GroupHit(None, source, None, values=values, evidence=evidence)


@check
class EmptierThanBefore(_PastRuns):
    """Forbids that a field which a source filled in earlier runs is mostly empty now.

    Args:
        min_runs: Earlier runs with the source, at least.
        min_records: Records of the source in a run, this one too, below which it does not count.
        before: Median share of records that filled the field, at least.
        loss: Part of that share which is gone, at least.
        watch: Fields that are compared.
    """

    key: ClassVar[str] = "emptier-than-before"
    by_source: ClassVar[bool] = True

    min_records: int = Field(default=20, gt=0)
    before: float = Field(default=0.8, gt=0, le=1)
    loss: float = Field(default=0.5, gt=0, le=1)
    watch: tuple[str, ...] = (
        "title", "body", "published", "authors", "section", "summary", "url", "language",
    )  # fmt: skip

    def keys(self) -> dict[str, pl.Expr]:
        """Return which fields are filled, as the bits of one number."""
        filled = [
            (pl.col(n).list.len().fill_null(0) > 0 if n == "authors" else pl.col(n).is_not_null())
            for n in FIELD_NAMES
        ]
        bits = [is_filled.cast(pl.UInt32) * (1 << bit) for bit, is_filled in enumerate(filled)]
        return {"filled_bits": pl.sum_horizontal(bits).cast(pl.UInt32)}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source and field."""
        if self.lacks(context):
            return
        shares = [
            ((pl.col("filled_bits") & (1 << FIELD_NAMES.index(name))) != 0).mean().alias(name)
            for name in self.watch
        ]
        now = (
            keys.drop_nulls("source")
            .group_by("source")
            .agg(pl.len().alias("_records"), *shares)
            .filter(pl.col("_records") >= self.min_records)
            .sort("source")
        )
        for row in now.iter_rows(named=True):
            yield from self._lost(row, context.earlier)

    def _lost(self, row: dict[str, object], runs: Sequence[EarlierRun]) -> Iterator[GroupHit]:
        source, records = str(row["source"]), row["_records"]
        for name in self.watch:
            usual = usual_fill(runs, source, name, least=self.min_records, min_runs=self.min_runs)
            share = float(str(row[name]))
            if usual is None or usual < self.before or share > usual * (1 - self.loss):
                continue
            evidence = {"before": round(usual, 3), "now": round(share, 3), "records": records}
            values = {"field": name, "was_percent": f"{usual:.0%}", "now_percent": f"{share:.0%}"}
            yield GroupHit(None, source, name, identity=name, values=values, evidence=evidence)


def _sources(runs: Sequence[EarlierRun]) -> list[str]:
    return sorted({name for run in runs for name in run.sources if name})
