"""From when on the time of a run changes nothing for some records.

Rules compare the time of the run with what lies ahead of it: once all of that has passed, it stays
passed. Until then a finding may come, go, or tell another distance.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from newsqa.checks.instants import Order
from newsqa.dates.urldate import url_day, url_month
from newsqa.dates.witness import swapped_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.plan import Plan

_END = datetime.max.replace(tzinfo=UTC)
_MOST_HOURS = 24 * 366 * 8000


def settled_at(frame: pl.DataFrame, plan: Plan) -> datetime | None:
    """Return from when on the time of a run changes nothing for some records; None for always.

    It is the latest of the moments that a rule may compare with the time of a run: dates of
    records whose fetch is unknown, as they stand, with day and month swapped, and in the URL, and
    what rules about the order of instants name. Nothing is ever earlier than it need be.
    """
    if not frame.height:
        return None
    url, published = pl.col("url"), pl.col("published")
    days = (url_day(url), url_month(url), swapped_day(published.dt.date()))
    unfetched = [published, *(day.cast(pl.Datetime("us", "UTC")) for day in days)]
    orders = (check for _, check in plan.record_rules if isinstance(check, Order))
    compared = [moment for check in orders for moment in _compared_with_now(check)]
    found = [
        _latest(frame.filter(pl.col("crawled").is_null()), unfetched),
        _latest(frame, compared),
    ]
    return max((at for at in found if at is not None), default=None)


def _latest(frame: pl.DataFrame, moments: Sequence[pl.Expr]) -> datetime | None:
    if not moments or not frame.height:
        return None
    latest = pl.max_horizontal(moment.max() for moment in moments)
    within = pl.when(latest.is_not_null()).then(pl.min_horizontal(latest, pl.lit(_END)))
    at: datetime | None = frame.select(within).item()
    return at


def _compared_with_now(check: Order) -> list[pl.Expr]:
    """Return the moments that a rule compares with the time of the run."""
    late = timedelta(hours=min(max(0.0, -check.by_hours), _MOST_HOURS))
    moment = pl.col(check.field) + late
    if check.other == "now":
        return [moment]
    return [pl.when(pl.col(check.other).is_null()).then(moment)] if check.else_now else []
