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
    unfetched = pl.col("crawled").is_null()
    url = pl.when(unfetched).then(pl.col("url"))
    published = pl.when(unfetched).then(pl.col("published"))
    days = (url_day(url), url_month(url), swapped_day(published.dt.date()))
    moments = [published, *(day.cast(pl.Datetime("us", "UTC")) for day in days)]
    for _, check in plan.record_rules:
        if isinstance(check, Order):
            moments += _compared_with_now(check)
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
