"""The publication date against what the rest of the record says: URL and dateline.

Each of these checks reports its fault only where it is the first that explains the contradiction;
`newsqa.dates.witness` holds the order.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.dates.dateline import HEAD_CHARACTERS, dateline_dates
from newsqa.dates.find import find_by
from newsqa.dates.pattern import dateline_lexicon
from newsqa.dates.urldate import url_day, url_month
from newsqa.dates.witness import (
    DATELINE_EARLY,
    DATELINE_LATE,
    is_ahead,
    swapped_day,
    text_prefers_swapped,
    witnesses,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from newsqa.dates.witness import Witnesses

_DATELINE_DIFFERS, _URL_DIFFERS = "dateline_differs", "url_differs"


def _day() -> pl.Expr:
    return pl.col("published").dt.date()


def _lag(witness: pl.Expr) -> pl.Expr:
    return (_day() - witness).dt.total_days()


def _months(month: pl.Expr) -> pl.Expr:
    years = _day().dt.year() - month.dt.year()
    return (years * 12 + _day().dt.month() - month.dt.month()).abs()


@lru_cache(maxsize=1)  # Polars compiles the patterns of groups to make the expression
def _url_marks() -> dict[str, pl.Expr]:
    """Whether the URL's day is another than the published one, or its month not even beside it."""
    url = pl.col("url")
    differs = pl.coalesce(_lag(url_day(url)).abs() > 1, _months(url_month(url)) > 1)
    return {_URL_DIFFERS: differs}


def _dateline_marks() -> dict[str, pl.Expr]:
    """Whether a dateline seems to name another day than the published one."""
    columns = pl.struct(
        _day().alias("reference"), pl.col("body").str.head(HEAD_CHARACTERS), pl.col("dateline")
    )
    differs = columns.map_batches(_datelines_differ_in, return_dtype=pl.Boolean())
    return {_DATELINE_DIFFERS: differs}


def _datelines_differ_in(columns: pl.Series) -> pl.Series:
    frame = columns.struct.unnest()
    kept = frame.select("reference", text="dateline").with_row_index("index").drop_nulls()
    found = pl.concat(
        [
            dateline_dates(frame["body"], frame["reference"]),
            find_by(dateline_lexicon(), kept),
        ]
    )
    lag = (pl.col("reference") - pl.col("date")).dt.total_days()
    return _flags(frame, found, ~lag.is_between(DATELINE_EARLY, DATELINE_LATE))


def _flags(frame: pl.DataFrame, found: pl.DataFrame, condition: pl.Expr) -> pl.Series:
    """Return one value a row of a frame: whether a date found in it meets a condition."""
    references = frame.select("reference").with_row_index("index")
    hits = references.join(found, on="index").filter(condition)["index"]
    return references["index"].is_in(hits.implode())


@check
class DayMonthSwap(RecordCheck):
    """Forbids a publication date that other dates of the record contradict unless it is swapped."""

    key: ClassVar[str] = "day-month-swap"

    def fields(self) -> frozenset[str]:
        """Return the publication date."""
        return frozenset({"published"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return whether the URL or a dateline differs."""
        return _url_marks() | _dateline_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the date can be swapped and a witness contradicts it."""
        swappable = (_day().dt.day() <= 12) & (_day().dt.day() != _day().dt.month())
        columns = pl.struct(
            pl.col("body").alias("text"),
            _day().alias("reference"),
            swapped_day(_day()).alias("swapped"),
        )
        contradicted = pl.any_horizontal(
            is_ahead(context.now),
            pl.col(_URL_DIFFERS),
            pl.col(_DATELINE_DIFFERS),
            columns.map_batches(_text_prefers_swapped, return_dtype=pl.Boolean()),
        )
        return swappable & contradicted

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the publication date with the swapped one as a suggestion."""
        seen = witnesses(row.values, row.context.now)
        other = seen.swapped() if seen else None
        if seen and other:
            yield Hit(
                field="published",
                values={"witness": _witness(seen, other)},
                evidence={"day": seen.day.isoformat(), "suggestion": other.isoformat()},
            )


def _text_prefers_swapped(columns: pl.Series) -> pl.Series:
    return text_prefers_swapped(columns.struct.unnest())


def _witness(seen: Witnesses, other: date) -> str:
    """Return the clause that names the witness for a swapped date."""
    if seen.url and seen.url_contradicts():
        return f"the URL says {seen.url}"
    if seen.dateline and seen.dateline_contradicts():
        return f"the dateline says {seen.dateline}"
    if not seen.ahead:
        return f"the text names days around {other} and none around that"
    if seen.fetched:
        return f"the page was fetched on {seen.fetched}"
    return f"today is {seen.limit.date()}"


@check
class UrlDay(RecordCheck):
    """Forbids a publication date other than the one in the URL.

    One day of difference is a time zone. Later than the URL is often a draft's or a print date at
    first, earlier that of a draft whose URL was given when it went out; the longer, the more surely
    it is the date of a change, of the crawl or of another article. A later date in the words of a
    slug weighs less, for it may be the day of the event; between words it mostly is and says
    nothing within ten days. Bare figures weigh less, too: they may be an identifier.

    Args:
        info_from: Days between the two from which the finding is an information.
        warning_from: Days from which it is a warning.
        error_from: Days after the URL's date from which it is an error; before it, already those
            of `warning_from`.
    """

    key: ClassVar[str] = "url-day"

    info_from: int = 2
    warning_from: int = 11
    error_from: int = 31

    def fields(self) -> frozenset[str]:
        """Return the publication date and the URL."""
        return frozenset({"published", "url"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return whether the URL differs."""
        return _url_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the URL names another day or another month."""
        return pl.col(_URL_DIFFERS)

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the date in the URL."""
        seen = witnesses(row.values, row.context.now)
        if seen is None or seen.url is None or seen.fault() != "url-date":
            return
        severity = self._severity(seen)
        if severity is None:
            return
        changed = row["modified"] is not None and row["modified"] == row["published"]
        lag = seen.url_lag
        distance = f"{abs(seen.url_months)} months" if lag is None else f"{abs(lag)} days"
        later = (seen.url_months if lag is None else lag) > 0
        note = "; it equals the date of the last change" if changed and later else ""
        yield Hit(
            field="url",
            start=seen.url.start,
            end=seen.url.end,
            values={"note": f"{distance} {'later' if later else 'earlier'}{note}"},
            evidence={"day": seen.day.isoformat(), "url_day": str(seen.url), "lag_days": lag},
            severity=severity,
        )

    def _severity(self, seen: Witnesses) -> str | None:
        lag, kind = seen.url_lag, seen.url.kind if seen.url else ""
        if lag is None:
            return "warning"
        if kind == "words" and abs(lag) <= _EVENT_DAYS:
            return None
        worst = "warning" if kind in {"figures", "words"} else "error"
        if lag < 0 and kind in {"slug", "words"}:
            # A day shortly ahead in a slug is that of the event: "preview-2024-11-05".
            return "info" if lag >= -_EVENT_DAYS else "warning"
        if lag >= self.error_from or lag <= -self.warning_from:
            return worst
        if lag >= self.warning_from:
            return "warning"
        return "info" if abs(lag) >= self.info_from else None


_EVENT_DAYS = 10


@check
class DatelineDay(RecordCheck):
    """Forbids a dateline on another day than the publication.

    Args:
        info_from: Days from the dateline to the publication from which it is an information.
        warning_from: Days from which it is a warning.
        error_from: Days from which it is an error; a dateline behind the publication always is one.
    """

    key: ClassVar[str] = "dateline-day"

    info_from: int = 4
    warning_from: int = 7
    error_from: int = 14

    def fields(self) -> frozenset[str]:
        """Return the publication date; the dateline stands in a field of its own or in the body."""
        return frozenset({"published"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return whether a dateline differs."""
        return _dateline_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where what looks like a dateline names another day."""
        return pl.col(_DATELINE_DIFFERS)

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the dateline."""
        seen = witnesses(row.values, row.context.now)
        if seen is None or seen.fault() != "dateline" or seen.dateline_field is None:
            return
        field, start, end = seen.dateline_field
        lag = seen.dateline_lag or 0
        yield Hit(
            field=field,
            start=start,
            end=end,
            values={"note": f"{abs(lag)} days {'later' if lag > 0 else 'earlier'}"},
            evidence={
                "day": seen.day.isoformat(),
                "dateline_day": str(seen.dateline),
                "lag_days": lag,
            },
            severity=self._severity(lag),
        )

    def _severity(self, lag: int) -> str:
        if lag < 0 or lag >= self.error_from:
            return "error"
        return "warning" if lag >= self.warning_from else "info"
