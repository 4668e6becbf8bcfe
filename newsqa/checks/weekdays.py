"""Weekdays in a text against the day beside them: "Thursday, April 11" where that is a Friday."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.dates.find import find_dates
from newsqa.dates.names import weekday_name
from newsqa.dates.near import weekdays_near
from newsqa.dates.witness import witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

YEARS_BACK = 10


@check
class Weekday(RecordCheck):
    """Forbids a weekday that the date beside it does not have.

    Only dates close to the publication count: farther away the year is uncertain, and half of what
    is found is history. Ranges and dates near another year are left alone. Where two dates or more
    agree on another year, the publication year is in doubt, and that is the one finding.

    Args:
        field: Text field to read.
        within_days: How far from the publication a date may lie.
    """

    key: ClassVar[str] = "weekday-date"

    field: Literal["title", "body", "summary"] = "body"
    within_days: int = 14

    def fields(self) -> frozenset[str]:
        """Return the text and the publication date."""
        return frozenset({self.field, "published"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a date close to the publication may have another weekday."""
        columns = pl.struct(
            pl.col(self.field).alias("text"), pl.col("published").dt.date().alias("known")
        )
        return columns.map_batches(self._may_differ, return_dtype=pl.Boolean())

    def _may_differ(self, columns: pl.Series) -> pl.Series:
        frame = columns.struct.unnest().with_row_index("index")
        near = weekdays_near(frame, -self.within_days, self.within_days)
        wrong = near.filter(pl.col("date").dt.weekday() != pl.col("weekday"))
        return frame["index"].is_in(wrong["index"].implode())

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield each wrong weekday, or one doubtful year."""
        return next(self.locate_all([row]))

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each record the same: dates are looked for in all of them at once."""
        seen = [witnesses(row.values, row.context.now) for row in rows]
        texts = [row.text(self.field) for row in rows]
        found = find_dates(texts, [one.day if one else None for one in seen])
        dates = found.partition_by("index", as_dict=True)
        for index, one in enumerate(seen):
            told = dates.get((index,))
            if one is None or one.fault() or told is None:
                yield ()
            else:
                yield self._hits(told.to_dicts(), one.day)

    def _hits(self, told: list[dict[str, Any]], day: date) -> Iterator[Hit]:
        dated = [
            found
            for found in told
            if found["weekday"] and abs((found["date"] - day).days) <= self.within_days
        ]
        wrong = [found for found in dated if found["date"].isoweekday() != found["weekday"]]
        year = _other_year(dated) if len(wrong) == len(dated) else None
        for found in wrong[:1] if year else wrong:
            yield self._hit(found, year)

    def _hit(self, found: dict[str, Any], year: int | None) -> Hit:
        said, true = weekday_name(found["weekday"]), weekday_name(found["date"].isoweekday())
        note = f"; all weekdays in the text fit {year}" if year else ""
        return Hit(
            field=self.field,
            start=found["start"],
            end=found["end"],
            values={"note": note},
            evidence={"date": found["date"].isoformat(), "said": said, "weekday": true}
            | ({"suggested_year": year} if year else {}),
            severity="warning" if year else None,
        )


def _other_year(dated: list[dict[str, Any]]) -> int | None:
    """Return the latest other year in which two different days or more have their weekdays."""
    open_days = [found for found in dated if not found["year_given"]]
    days = {(f["date"].month, f["date"].day): f["weekday"] for f in open_days}
    if len(days) < 2 or len(days) < len({found["date"] for found in dated}):
        return None
    year = max(found["date"].year for found in dated)
    for other in range(year - 1, year - YEARS_BACK, -1):
        if all(_weekday(other, *day) == said for day, said in days.items()):
            return other
    return None


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).isoweekday()
    except ValueError:
        return None
