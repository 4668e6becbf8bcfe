"""Sources that fall silent or thin out while a crawl goes on, told from the records alone.

What is shorter or thinner than the thresholds below is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from math import lgamma, log
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.checks.timeline import SPREAD, timed, times, turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_WEEK = 7


@dataclass(frozen=True)
class _Rhythm:
    """How a source publishes: records on each of its days, and the files it shares with others."""

    source: str
    counts: dict[date, int]
    files: frozenset[str]

    @cached_property
    def first(self) -> date:
        return min(self.counts)

    @cached_property
    def last(self) -> date:
        return max(self.counts)

    @property
    def span(self) -> int:
        return (self.last - self.first).days

    @cached_property
    def longest_pause(self) -> int:
        return _longest_pause(sorted(self.counts))

    def daily(self, end: date) -> NDArray[np.float64]:
        """Return the records of each day from the first to the one before the end."""
        counts = np.zeros(max((end - self.first).days, 0))
        for day, count in self.counts.items():
            if day < end:
                counts[(day - self.first).days] = count
        return counts


def _longest_pause(days: Sequence[date]) -> int:
    return max(((b - a).days for a, b in pairwise(days)), default=0)


def _rhythms(dated: pl.DataFrame) -> Iterator[_Rhythm]:
    counts = dated.group_by("source", "day").agg(pl.len().alias("n")).sort("source", "day")
    held = dated.select("source", "path").unique()
    shared = held.filter(pl.col("path").is_duplicated()).group_by("source").agg("path")
    paths = dict(shared.iter_rows())
    for source, days in groupby(counts.iter_rows(), itemgetter(0)):
        files = frozenset(paths.get(source, ()))
        yield _Rhythm(source, {day: count for _, day, count in days}, files)


def _ends(steady: Sequence[_Rhythm]) -> list[date | None]:
    """Return for each source until when most others go on that run beside it, None without any.

    Sources that share a file with it come from the same crawl, whatever the other files are.
    """
    firsts = np.array([rhythm.first.toordinal() for rhythm in steady])
    lasts = np.array([rhythm.last.toordinal() for rhythm in steady])
    files = list(dict.fromkeys(rhythm.files for rhythm in steady))
    number = {own: place for place, own in enumerate(files)}
    crawl = np.array([number[rhythm.files] for rhythm in steady])
    beside = {own: np.array([not own.isdisjoint(other) for other in files]) for own in files}
    ends: list[date | None] = []
    for place, rhythm in enumerate(steady):
        others = firsts <= lasts[place]
        others[place] = False
        same_file = others & beside[rhythm.files][crawl]
        running = np.sort(lasts[same_file if same_file.any() else others])
        middle = (len(running) - 1) // 2
        ends.append(date.fromordinal(int(running[middle])) if len(running) else None)
    return ends


@check
class Silence(GroupCheck):
    """Forbids that a source has nothing new for much longer than ever before, while others do.

    The end is the day until which at least half of the other steady sources go on, of the same
    files if there are any, or the last crawl of the source itself. A source that ends long before
    is an archive and not judged.

    Args:
        pauses: The silence is so many times the longest pause before it.
        min_silence: Days of silence, at least.
        max_silence: Days of silence, at most.
        min_span: Days from the first to the last publication, at least.
        min_days: Days with publications, at least.
    """

    key: ClassVar[str] = "silence"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("path", "source")

    pauses: float = Field(default=3.0, gt=1)
    min_silence: int = Field(default=7, gt=0)
    max_silence: int = Field(default=180, gt=0)
    min_span: int = Field(default=14, gt=0)
    min_days: int = Field(default=10, gt=1)

    def fields(self) -> frozenset[str]:
        """Return the publication."""
        return frozenset({"published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return the times."""
        return times()

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a silent source."""
        known = keys.drop_nulls("source")
        dated = known.with_columns(pl.col("published").dt.date().alias("day")).filter(
            pl.col("day") <= context.now.date()
        )
        crawls = _last_crawls(known, context)
        steady = [
            rhythm
            for rhythm in _rhythms(dated)
            if len(rhythm.counts) >= self.min_days and rhythm.span >= self.min_span
        ]
        for rhythm, until in zip(steady, _ends(steady), strict=True):
            last_crawl, undated = crawls.get(rhythm.source, (None, None))
            if undated is not None and undated > rhythm.last:
                continue  # it goes on without dates, which is the loss of a field
            ends = [end for end in (until, last_crawl) if end is not None]
            silence = (max(ends) - rhythm.last).days if ends else 0
            if self._is_silent(rhythm, silence):
                evidence = {
                    "last": str(rhythm.last), "until": str(max(ends)), "days": silence,
                    "longest_pause": rhythm.longest_pause,
                }  # fmt: skip
                yield GroupHit(None, rhythm.source, "published", evidence=evidence)

    def _is_silent(self, rhythm: _Rhythm, silence: int) -> bool:
        return (
            self.min_silence <= silence <= min(2 * rhythm.span, self.max_silence)
            and silence >= self.pauses * rhythm.longest_pause
        )


def _last_crawls(keys: pl.DataFrame, context: Context) -> dict[str, tuple[date, date | None]]:
    """Return the last crawl of each source whose crawls are spread, and of its undated records."""
    day = pl.col("crawled").dt.date()
    last = (
        keys.filter(day <= context.now.date())
        .group_by("source")
        .agg(
            day.max().alias("last"),
            day.filter(pl.col("published").is_null()).max().alias("undated"),
            day.n_unique().alias("spread"),
        )
        .filter(pl.col("spread") >= SPREAD)
    )
    return {source: (end, undated) for source, end, undated, _ in last.iter_rows()}


@check
class VolumeDrop(GroupCheck):
    """Forbids that a source yields far fewer records than in its leanest days before.

    The last day of a crawl is left out, since it is rarely whole. A source that yields nothing at
    all is silent, which is another fault.

    Args:
        share: Records a day since, as a share of those before, at most.
        min_window: Records of the leanest days before, as many as a week or as those since.
        min_latest: Days since, at least.
        min_span: Days before, at least.
        chance: Greatest chance of so few records where the leanest days before were usual ones.
    """

    key: ClassVar[str] = "volume-drop"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("path", "source")

    share: float = Field(default=0.33, gt=0, lt=1)
    min_window: int = Field(default=12, gt=0)
    min_latest: int = Field(default=3, gt=0)
    min_span: int = Field(default=14, gt=0)
    chance: float = Field(default=1e-4, gt=0, lt=1)

    def fields(self) -> frozenset[str]:
        """Return no field: either time will do."""
        return frozenset()

    def keys(self) -> dict[str, pl.Expr]:
        """Return the times."""
        return times()

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source that thins out."""
        rhythms = list(_rhythms(timed(keys, context)))
        steady = [rhythm for rhythm in rhythms if rhythm.span >= self.min_span]
        for rhythm, until in zip(steady, _ends(steady), strict=True):
            end = max(rhythm.last, until or rhythm.last)
            if rhythm.longest_pause > self.min_span or (end - rhythm.last).days > rhythm.span:
                continue
            counts = rhythm.daily(end)
            for start in turns(counts, self.share) if len(counts) else []:
                evidence = self._thin(counts, start)
                if evidence:
                    evidence["since"] = str(rhythm.first + timedelta(start))
                    yield GroupHit(None, rhythm.source, None, evidence=evidence)
                    break

    def _thin(self, counts: NDArray[np.float64], start: int) -> dict[str, int | str]:
        """Return the figures of a drop at a place, or none where there is no drop."""
        before, latest = counts[:start], counts[start:]
        if len(before) < self.min_span or len(latest) < self.min_latest:
            return {}
        window = min(_WEEK, len(latest))
        leanest = float(_moving(before, window).min())
        if not self._is_thin(before, latest, leanest, window):
            return {}
        return {
            "latest": int(latest.sum()), "days": len(latest),
            "leanest_before": int(leanest), "window": window,
        }  # fmt: skip

    def _is_thin(
        self,
        before: NDArray[np.float64],
        latest: NDArray[np.float64],
        leanest: float,
        window: int,
    ) -> bool:
        found = float(latest.sum())
        if not found or leanest < self.min_window:
            return False
        expected = leanest * len(latest) / window
        return (
            latest.mean() <= self.share * before.mean()
            and _moving(latest, window).max() < leanest
            and found < expected
            and _few(found, expected) <= log(self.chance)
        )


def _few(found: float, expected: float) -> float:
    """Return the logarithm of the chance of so few events, at most (Poisson, geometric tail)."""
    last = found * log(expected) - expected - lgamma(found + 1)
    return last - log(1 - found / expected)


def _moving(counts: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return the sums over all windows of so many days."""
    return np.convolve(counts, np.ones(window), mode="valid")
