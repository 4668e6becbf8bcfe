"""The instants of a record: whether they could be read, are possible, and follow one another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.dates.witness import earliest_of, latest_of, witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable

Instant = Literal["published", "modified", "crawled"]

# What a wrong unit or an empty value becomes in the libraries that scrapers use.
_ZEROS = (
    (date(1, 1, 1), date(1, 1, 3), "the zero of .NET and of year 1"),
    (date(1899, 12, 29), date(1900, 1, 2), "the zero of spreadsheets and databases"),
    (date(1969, 12, 31), date(1970, 1, 2), "the zero of Unix time"),
    (date(1970, 1, 3), date(1970, 2, 28), "seconds of Unix time read as milliseconds"),
    (date(1980, 1, 1), date(1980, 1, 1), "the zero of FAT and ZIP"),
)


# Before it there was no news on the Web; such an instant is a fault of its own.
_EARLIEST = date(1995, 1, 1)


@check
class Unread(RecordCheck):
    """Forbids the text of an instant that no date can be read from.

    Args:
        field: Instant to judge.
    """

    key: ClassVar[str] = "unread-instant"

    field: Instant

    def fields(self) -> frozenset[str]:
        """Return the instant."""
        return frozenset({self.field})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where there is text and no instant."""
        return pl.col(f"{self.field}_raw").is_not_null() & pl.col(self.field).is_null()

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the whole value."""
        yield Hit(field=self.field, values={"raw": row[f"{self.field}_raw"]})


@check
class Range(RecordCheck):
    """Forbids instants before the earliest day that the data can hold.

    A publication date whose year and month the URL confirms is acquitted.

    Args:
        field: Instant to judge.
        earliest: First possible day.
    """

    key: ClassVar[str] = "instant-range"

    field: Instant
    earliest: date

    def fields(self) -> frozenset[str]:
        """Return the instant."""
        return frozenset({self.field})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the instant is too early."""
        return pl.col(self.field).dt.date() < self.earliest

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the whole value with the usual cause of such a date."""
        day: date = row[self.field].date()
        if self.field == "published":
            seen = witnesses(row.values, row.context.now)
            if seen is None or seen.swapped() or seen.url_confirms_year():
                return
        cause = next((text for first, last, text in _ZEROS if first <= day <= last), "")
        yield Hit(
            field=self.field,
            values={"cause": f"; {cause}" if cause else ""},
            evidence={"day": day.isoformat(), "earliest": self.earliest.isoformat()},
        )


@check
class Order(RecordCheck):
    """Forbids an instant that lies behind another one.

    An instant without a zone may be up to 14 hours earlier or 12 hours later than it says, one
    without a time of day up to a day later; only what stays wrong under the kindest reading counts.
    Where the publication date is shown wrong by another witness, that fault is reported instead.

    Args:
        field: Instant that should come first.
        other: Instant that should not come before it; `now` is the time of the run.
        else_now: Compare with the time of the run where a record lacks `other`.
        by_hours: How far `field` must lie behind `other`.
        at_most_hours: Report only distances up to this one; a longer one is another rule's.
        blame: Field to show; `field` when left out.
    """

    key: ClassVar[str] = "instant-order"

    field: Instant
    other: Instant | Literal["now"]
    else_now: bool = False
    by_hours: float = 0
    at_most_hours: float | None = None
    blame: Instant | None = None

    def fields(self) -> frozenset[str]:
        """Return the instants without which there is nothing to compare."""
        alone = self.else_now or self.other == "now"
        return frozenset({self.field} if alone else {self.field, self.other})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the first instant lies behind the second under the kindest reading."""
        now = pl.lit(context.now)
        if self.other == "now":
            limit = now
        else:
            limit = latest_of(self.other)
            limit = pl.coalesce(limit, now) if self.else_now else limit
        return earliest_of(self.field) > limit + timedelta(hours=self.by_hours)

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the blamed field, unless another fault of the publication date explains it."""
        first: datetime = row[self.field]
        second = None if self.other == "now" else row[self.other]
        what = {"published": "it was published", "modified": "it was changed"}
        event = what.get(self.other, "it was fetched") if second else "the time of the run"
        if second is not None and second.date() < _EARLIEST:
            return
        lead = first - (second or row.context.now)
        if self.at_most_hours is not None and lead > timedelta(hours=self.at_most_hours):
            return
        if self._is_explained(row):
            return
        yield Hit(
            field=self.blame or self.field,
            values={"lead": spell(lead), "event": event},
            evidence={
                self.field: first.isoformat(),
                self.other: (second or row.context.now).isoformat(),
                "lead_hours": round(lead / timedelta(hours=1), 1),
            },
        )

    def _is_explained(self, row: Row) -> bool:
        if "published" not in {self.field, self.other}:
            return False
        seen = witnesses(row.values, row.context.now)
        fault = seen.fault() if seen else None
        own = "future" if self.field == "published" and self.other in {"crawled", "now"} else None
        return fault is not None and fault != own


def spell(distance: timedelta) -> str:
    """Return a distance in time as a reader says it: "3 days", "5 hours", "10 minutes"."""
    seconds = int(abs(distance).total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = seconds // size
        if count:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"
