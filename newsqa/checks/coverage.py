"""Fields that a source used to fill and that are empty from some record on."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.checks.timeline import timed, times, turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_LONG_WEEKEND = 4
_UNLIKELY = 13.8  # -log of one in a million
_WATCHED = ("title", "body", "published", "authors", "section", "summary", "url", "language")


@check
class CoverageDrop(GroupCheck):
    """Forbids that a field which a source used to fill is empty from some record on.

    Args:
        before: Share of records that filled the field earlier, at least.
        loss: Part of that share which is gone, at least.
        min_latest: Records since, at least.
        min_before: Records before, at least.
        min_days: Days from the first record to the break, at least: a whole week by default, since
            fields may be empty on weekends. A loss that outlasts long weekends needs none.
    """

    key: ClassVar[str] = "coverage-drop"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)
    by_source: ClassVar[bool] = True

    before: float = Field(default=0.3, gt=0, le=1)
    loss: float = Field(default=0.8, gt=0, le=1)
    min_latest: int = Field(default=15, gt=0)
    min_before: int = Field(default=30, gt=0)
    min_days: int = Field(default=7, ge=0)

    def fields(self) -> frozenset[str]:
        """Return no field: any of them may be the one that is lost."""
        return frozenset()

    def keys(self) -> dict[str, pl.Expr]:
        """Return the times, and which fields are filled as the bits of one number."""
        filled = pl.sum_horizontal(
            _is_filled(name).cast(pl.UInt32) * (1 << bit) for bit, name in enumerate(_WATCHED)
        )
        return times() | {"filled": filled.cast(pl.UInt32)}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source and field, shown at the first record without the field."""
        dated = timed(keys, context).sort("source", "time", "row")
        for (source,), records in dated.group_by("source", maintain_order=True):
            if records.height >= self.min_before + self.min_latest:
                yield from self._lost(str(source), records)

    def _lost(self, source: str, records: pl.DataFrame) -> Iterator[GroupHit]:
        bits = records["filled"].to_numpy()
        days = records["day"].to_list()
        for bit, name in enumerate(_WATCHED):
            filled = (bits & (1 << bit)) != 0
            places = turns(filled.astype(np.float64), 1 - self.loss)
            breaks = [place for place in places if self._is_break(filled, place)]
            if not breaks:
                continue
            start = breaks[0]
            known, lost = (days[start] - days[0]).days, (days[-1] - days[start]).days
            if known < self.min_days and lost < _LONG_WEEKEND:
                continue
            was, now = filled[:start].mean(), filled[start:].mean()
            row = records["row"][start + int(np.argmin(filled[start:]))]
            evidence = {
                "before": round(float(was), 3), "now": round(float(now), 3),
                "since": str(days[start]), "records": len(filled) - start,
            }  # fmt: skip
            values = {"field": name, "was_percent": f"{was:.0%}", "now_percent": f"{now:.0%}"}
            yield GroupHit(
                row, source, name, identity=name, values=values, evidence=evidence, of_source=True
            )

    def _is_break(self, filled: NDArray[np.bool_], start: int) -> bool:
        latest = len(filled) - start
        if start < self.min_before or latest < self.min_latest:
            return False
        was, now = float(filled[:start].mean()), float(filled[start:].mean())
        limit = (1 - self.loss) * was
        return (
            was >= self.before
            and now <= limit
            and latest * _divergence(now, was) >= _UNLIKELY
            and latest >= 3 * _longest_lean(filled[:start], limit)
        )


def _divergence(share: float, expected: float) -> float:
    """Return the rate at which a share of records becomes improbable (Chernoff's bound)."""
    expected = min(expected, 1 - 1e-6)
    total = 0.0
    if share > 0:
        total += share * log(share / expected)
    if share < 1:
        total += (1 - share) * log((1 - share) / (1 - expected))
    return total


def _longest_lean(filled: NDArray[np.bool_], limit: float) -> int:
    """Return the length of the longest run of records whose filled share is within a limit."""
    sums = np.concatenate(([0.0], np.cumsum(filled - limit)))
    starts = np.searchsorted(np.maximum.accumulate(sums), sums, side="left")
    return int((np.arange(len(sums)) - starts).max())


def _is_filled(name: str) -> pl.Expr:
    return (
        pl.col(name).list.len().fill_null(0) > 0
        if name == "authors"
        else pl.col(name).is_not_null()
    )
