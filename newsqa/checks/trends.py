"""Sources that break off or thin out while a crawl goes on, told from the records alone.

The time of a record is its crawl where its source states one for nearly all records, else its
publication. What is shorter or thinner than the thresholds below is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOSTLY = 0.9
_WATCHED = ("title", "body", "published", "authors", "section", "summary", "url", "language")


def _days() -> dict[str, pl.Expr]:
    """Return the key columns that give a record its day."""
    return {"published": pl.col("published"), "crawled": pl.col("crawled")}


def _with_day(keys: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Return the records that have a `day`, none of them in the future."""
    crawled = pl.col("crawled").is_not_null().mean().over("source") >= _MOSTLY
    time = pl.when(crawled).then("crawled").otherwise("published")
    return keys.with_columns(time.dt.date().alias("day")).filter(
        pl.col("day") <= context.now.date(), pl.col("source").is_not_null()
    )


def _last_crawl(keys: pl.DataFrame, context: Context) -> date | None:
    """Return the last day on which anything was crawled, or published where crawls are unknown."""
    for name in ("crawled", "published"):
        days = keys[name].drop_nulls().dt.date()
        last = days.filter(days <= context.now.date()).max()
        if isinstance(last, date):
            return last
    return None


@check
class CoverageDrop(GroupCheck):
    """Forbids that a field which a source used to fill is empty in the latest part of the crawl.

    The latest part is the last whole days that hold enough records.

    Args:
        before: Share of records that filled the field earlier, at least.
        loss: Part of that share which is gone, at least.
        min_latest: Records of the latest part, at least.
        min_before: Records before it, at least.
        min_days: Days with records before it, at least.
    """

    key: ClassVar[str] = "coverage-drop"
    shape: ClassVar[Shape] = "source"

    before: float = Field(default=0.8, gt=0, le=1)
    loss: float = Field(default=0.5, gt=0, le=1)
    min_latest: int = Field(default=20, gt=0)
    min_before: int = Field(default=40, gt=0)
    min_days: int = Field(default=4, gt=0)

    def fields(self) -> frozenset[str]:
        """Return no field: any of them may be the one that is lost."""
        return frozenset()

    def keys(self) -> dict[str, pl.Expr]:
        """Return the days, and which fields are filled as the bits of one number."""
        filled = pl.sum_horizontal(
            _is_filled(name).cast(pl.UInt32) * (1 << bit) for bit, name in enumerate(_WATCHED)
        )
        return _days() | {"filled": filled.cast(pl.UInt32)}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source and field, shown at the first record of the latest part."""
        dated = _with_day(keys, context).sort("source", "day", "row")
        for (source,), records in dated.group_by("source", maintain_order=True):
            start = self._latest_start(records)
            if start is not None:
                yield from self._lost(str(source), records, start)

    def _latest_start(self, records: pl.DataFrame) -> date | None:
        """Return the first day of the latest part, or None where there is too little to compare."""
        by_day = records.group_by("day").agg(pl.len().alias("n")).sort("day", descending=True)
        latest = by_day.with_columns(pl.col("n").cum_sum().alias("total"))
        enough = latest.filter(pl.col("total") >= self.min_latest)
        if enough.is_empty():
            return None
        start: date = enough["day"][0]
        earlier = by_day.filter(pl.col("day") < start)
        if earlier["n"].sum() < self.min_before or earlier.height < self.min_days:
            return None
        return start

    def _lost(self, source: str, records: pl.DataFrame, start: date) -> Iterator[GroupHit]:
        latest = records.filter(pl.col("day") >= start)
        earlier = records.filter(pl.col("day") < start)
        for bit, name in enumerate(_WATCHED):
            filled = (pl.col("filled") & (1 << bit)) != 0
            was = earlier.select(filled.mean()).item()
            now = latest.select(filled.mean()).item()
            if was < self.before or now > was * (1 - self.loss):
                continue
            row = latest.filter(~filled)["row"][0]
            evidence = {
                "before": round(was, 3), "now": round(now, 3), "since": str(start),
                "records": latest.height,
            }  # fmt: skip
            values = {"field": name, "was_percent": f"{was:.0%}", "now_percent": f"{now:.0%}"}
            yield GroupHit(row, source, name, identity=name, values=values, evidence=evidence)


def _is_filled(name: str) -> pl.Expr:
    return (
        pl.col(name).list.len().fill_null(0) > 0
        if name == "authors"
        else pl.col(name).is_not_null()
    )


@dataclass(frozen=True)
class _Rhythm:
    """How a source publishes: records on each of its days, and the longest pause between them."""

    source: str
    counts: dict[date, int]

    @property
    def first(self) -> date:
        return min(self.counts)

    @property
    def last(self) -> date:
        return max(self.counts)

    @property
    def span(self) -> int:
        return (self.last - self.first).days

    @property
    def longest_pause(self) -> int:
        return _longest_pause(sorted(self.counts))

    def total(self, start: date, days: int) -> int:
        """Return the records of so many days from a day on."""
        return sum(self.counts.get(start + timedelta(n), 0) for n in range(days))


def _longest_pause(days: Sequence[date]) -> int:
    return max(((b - a).days for a, b in pairwise(days)), default=0)


def _rhythms(dated: pl.DataFrame, time: str) -> Iterator[_Rhythm]:
    counts = dated.group_by("source", time).agg(pl.len().alias("n")).sort("source", time)
    for (source,), days in counts.group_by("source", maintain_order=True):
        yield _Rhythm(str(source), dict(days.select(time, "n").iter_rows()))


@check
class Silence(GroupCheck):
    """Forbids that a source publishes nothing new for much longer than it ever did before.

    A source whose records end longer ago than they reach back, or very long ago, is an archive and
    not judged.

    Args:
        pauses: The silence is so many times the longest pause before it.
        min_silence: Days of silence, at least.
        max_silence: Days of silence, at most.
        min_span: Days from the first to the last publication, at least.
        min_days: Days with publications, at least.
    """

    key: ClassVar[str] = "silence"
    shape: ClassVar[Shape] = "source"

    pauses: float = Field(default=3.0, gt=1)
    min_silence: int = Field(default=7, gt=0)
    max_silence: int = Field(default=180, gt=0)
    min_span: int = Field(default=14, gt=0)
    min_days: int = Field(default=10, gt=1)

    def fields(self) -> frozenset[str]:
        """Return the publication."""
        return frozenset({"published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return the days."""
        return _days()

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a silent source."""
        end = _last_crawl(keys, context)
        if end is None:
            return
        dated = keys.drop_nulls(["source", "published"]).with_columns(
            pl.col("published").dt.date().alias("day")
        )
        for rhythm in _rhythms(dated.filter(pl.col("day") <= end), "day"):
            silence = (end - rhythm.last).days
            if self._is_silent(rhythm, silence):
                evidence = {
                    "last": str(rhythm.last), "until": str(end), "days": silence,
                    "longest_pause": rhythm.longest_pause,
                }  # fmt: skip
                yield GroupHit(None, rhythm.source, "published", evidence=evidence)

    def _is_silent(self, rhythm: _Rhythm, silence: int) -> bool:
        return (
            len(rhythm.counts) >= self.min_days
            and rhythm.span >= self.min_span
            and self.min_silence <= silence <= min(rhythm.span, self.max_silence)
            and silence >= self.pauses * rhythm.longest_pause
        )


@check
class VolumeDrop(GroupCheck):
    """Forbids that a source yields far fewer records than in its leanest days before.

    The last day is left out, since it is rarely whole. A source that yields nothing at all is
    silent, which is another fault.

    Args:
        window: Days that are compared.
        share: Records of the last window, as a share of the leanest window before, below which
            the source is at fault.
        min_window: Records of the leanest window before, at least.
        min_span: Days before the last window, at least.
    """

    key: ClassVar[str] = "volume-drop"
    shape: ClassVar[Shape] = "source"

    window: int = Field(default=3, gt=0)
    share: float = Field(default=0.25, gt=0, lt=1)
    min_window: int = Field(default=12, gt=0)
    min_span: int = Field(default=14, gt=0)

    def fields(self) -> frozenset[str]:
        """Return no field: either time will do."""
        return frozenset()

    def keys(self) -> dict[str, pl.Expr]:
        """Return the days."""
        return _days()

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source that thins out."""
        end = _last_crawl(keys, context)
        if end is None or end.toordinal() <= self.window:
            return
        start = end - timedelta(self.window)
        for rhythm in _rhythms(_with_day(keys, context), "day"):
            before = [*sorted(day for day in rhythm.counts if day < start), start]
            # With a window without any record there is no leanest one to compare with.
            if _longest_pause(before) > self.window or (start - before[0]).days < self.min_span:
                continue
            spans = (start - before[0]).days - self.window + 1
            leanest = min(rhythm.total(before[0] + timedelta(n), self.window) for n in range(spans))
            latest = rhythm.total(start, self.window)
            if leanest >= self.min_window and 0 < latest < self.share * leanest:
                evidence = {"latest": latest, "leanest_before": leanest, "since": str(start)}
                values = {"window": self.window}
                yield GroupHit(None, rhythm.source, None, values=values, evidence=evidence)
