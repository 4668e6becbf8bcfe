"""What else a record says about the day of its publication, and which one fault that shows.

The witnesses are the time of fetching (else the time of the run), the date in the URL, the date in
the dateline and, against a swapped date, the days that the text names. One wrong date contradicts
several of them; so the faults have an order, and the first one that explains the contradiction is
the only one to report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from newsqa.dates.dateline import field_date, find_dateline
from newsqa.dates.find import find_by
from newsqa.dates.names import every_name
from newsqa.dates.near import days_near
from newsqa.dates.pattern import lexicon
from newsqa.dates.urldate import url_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.dates.urldate import UrlDate

Kind = Literal["day-month-swapped", "implausible", "future", "url-date", "dateline"]

EARLIEST = date(1995, 1, 1)  # news on the Web; htmldate refuses earlier dates, too
FUTURE_HOURS = 24
# An instant without a zone is read as UTC: the true one may be so much earlier or later.
ZONE_EARLIER, ZONE_LATER = timedelta(hours=14), timedelta(hours=12)
# Days from the witness to the publication that need no explanation. Of 490 URLs, 97.5 % lie within
# one day; of 18,112 datelines, 99.7 % lie in [-1, 3].
URL_EARLY, URL_LATE = -1, 1
DATELINE_EARLY, DATELINE_LATE = -1, 3
# The text speaks for a swapped day when it names that day or days just before it twice, and no day
# close to the publication: true of none of 3,593 articles whose date could be swapped.
TEXT_MENTIONS, TEXT_DAYS = 2, 14


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Publication day of one record, and what the rest of the record says about it.

    Args:
        day: The day of `published`, in UTC.
        spelt: The raw value names its month in letters, which cannot be swapped with the day.
        ahead: `published` lies more than a day behind the limit.
        limit: The latest moment at which the article can have been published.
        fetched: The day of fetching as the record states it.
        url: The date in the URL, unless it lies behind the limit or before the Web.
        dateline: The day in the dateline.
        dateline_field: The canonical field that holds the dateline, and its place there.
        text: The body.
    """

    day: date
    spelt: bool
    ahead: bool
    limit: datetime
    fetched: date | None
    url: UrlDate | None
    dateline: date | None
    dateline_field: tuple[str, int, int] | None
    text: str

    @property
    def url_lag(self) -> int | None:
        """Days from the URL's date to the publication; None where the URL names no day."""
        return (self.day - self.url.date).days if self.url and self.url.date else None

    @property
    def url_months(self) -> int:
        """Months between the URL's month and the publication; 0 where the URL names none."""
        if self.url is None:
            return 0
        return (self.day.year - self.url.year) * 12 + self.day.month - self.url.month

    @property
    def dateline_lag(self) -> int | None:
        """Days from the dateline to the publication; None where it names no day."""
        return (self.day - self.dateline).days if self.dateline else None

    def fault(self) -> Kind | None:
        """Return the one fault that explains what contradicts the publication date, or None."""
        if self.swapped():
            return "day-month-swapped"
        if self.day < EARLIEST and not self.url_confirms_year():
            return "implausible"
        if self.ahead:
            return "future"
        if self.url_contradicts():
            return "url-date"
        if self.dateline_contradicts():
            return "dateline"
        return None

    def url_confirms_year(self) -> bool:
        """Whether the URL names the year and month of an article older than the Web."""
        return self.url is not None and self.url_months == 0

    def url_contradicts(self) -> bool:
        """Whether the URL's date needs an explanation."""
        if self.url_lag is not None:
            return not URL_EARLY <= self.url_lag <= URL_LATE
        return abs(self.url_months) > 1

    def dateline_contradicts(self) -> bool:
        """Whether the dateline's day needs an explanation."""
        lag = self.dateline_lag
        return lag is not None and not DATELINE_EARLY <= lag <= DATELINE_LATE

    def swapped(self) -> date | None:
        """Return the publication day with day and month swapped, where that settles everything.

        At least one witness must contradict the day as it stands and accept the swapped one, and
        none may contradict the swapped one.
        """
        other = swap(self.day)
        if other is None:
            return None
        accepted = []
        if self.url and self.url.date:
            if abs((other - self.url.date).days) > 1:
                return None
            accepted.append(abs(self.url_lag or 0) > 1)
        elif self.url:
            if (other.year, other.month) != (self.url.year, self.url.month):
                return None
            accepted.append(abs(self.url_months) > 1)
        if self.dateline:
            if not DATELINE_EARLY <= (other - self.dateline).days <= DATELINE_LATE:
                return None
            accepted.append(self.dateline_contradicts())
        if other > self.limit.date():
            return None
        accepted.append(self.ahead and not self.spelt)
        return other if any(accepted) or self._text_prefers(other) else None

    def _text_prefers(self, other: date) -> bool:
        if self.spelt:
            return False
        columns = pl.DataFrame({"text": [self.text], "reference": [self.day], "swapped": [other]})
        return bool(text_prefers_swapped(columns)[0])


def swap(day: date) -> date | None:
    """Return a day with day and month swapped, or None where that is no other day."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def witnesses(values: Mapping[str, Any], now: datetime) -> Witnesses | None:
    """Return what a record says about its publication day; None where it has none.

    Args:
        values: A row of a batch.
        now: The time of the run.
    """
    published: datetime | None = values["published"]
    if published is None:
        return None
    limit = publication_limit(values, now)
    earliest = _moved(published, None if values["published_zone"] else -ZONE_EARLIER)
    day = published.date()
    dateline, place = _dateline(values, published)
    raw = values["published_raw"] or ""
    return Witnesses(
        day=day,
        spelt=any(word in every_name().months for word in re.findall(r"[^\W\d_]{3,}", raw)),
        ahead=earliest > _moved(limit, timedelta(hours=FUTURE_HOURS)),
        limit=limit,
        fetched=values["crawled"].date() if values["crawled"] else None,
        url=_url(values["url"] or "", day, limit),
        dateline=dateline,
        dateline_field=place,
        text=values["body"] or "",
    )


def publication_limit(values: Mapping[str, Any], now: datetime) -> datetime:
    """Return the latest moment of publication: the latest of fetching, else the time of the run."""
    crawled: datetime | None = values["crawled"]
    if crawled is None:
        return now
    slack = timedelta(days=0 if values["crawled_clock"] else 1)
    return _moved(crawled, slack + (timedelta() if values["crawled_zone"] else ZONE_LATER))


def _url(url: str, day: date, limit: datetime) -> UrlDate | None:
    """Return the date in a URL unless it cannot be that of the publication.

    A year before the Web is the subject of the story, unless the story itself is so old.
    """
    found = url_date(url)
    if found is None or (found.year < EARLIEST.year and found.year != day.year):
        return None
    first = date(found.year, found.month, found.day or 1)
    return None if first > _moved(limit, timedelta(days=1)).date() else found


def _dateline(
    values: Mapping[str, Any], published: datetime
) -> tuple[date | None, tuple[str, int, int] | None]:
    if values["dateline"]:
        mention = field_date(values["dateline"], published)
        if mention:
            return mention.date, ("dateline", mention.start, mention.end)
    found = find_dateline(values["body"] or "", published)
    if found and found.date:
        return found.date, ("body", found.start, found.end)
    return None, None


def _moved(at: datetime, by: timedelta | None) -> datetime:
    """Return a moment later or earlier; unmoved at the ends of the calendar."""
    try:
        return at + (by or timedelta())
    except OverflowError:
        return at


def swapped_day(day: pl.Expr) -> pl.Expr:
    """Return a day with day and month swapped, null where that is no other day."""
    text = pl.format(
        "{}-{}-{}",
        day.dt.year().cast(pl.String).str.zfill(4),
        day.dt.day().cast(pl.String).str.zfill(2),
        day.dt.month().cast(pl.String).str.zfill(2),
    )
    other = pl.when(day.dt.day().is_between(1, 12)).then(text).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(other != day).then(other)


def text_prefers_swapped(frame: pl.DataFrame) -> pl.Series:
    """Return for each `text` whether it tells of the `swapped` day rather than of `reference`."""
    rows = frame.with_row_index("index")
    near = days_near(rows.rename({"swapped": "known"}), -DATELINE_LATE, -DATELINE_EARLY)
    named = near.group_by("index").len().filter(pl.col("len") >= TEXT_MENTIONS)
    found = find_by(lexicon(None), rows.join(named, on="index", how="semi"))
    days = found.join(rows.select("index", "reference", "swapped"), on="index")
    behind = (pl.col("swapped") - pl.col("date")).dt.total_days()
    close = (pl.col("reference") - pl.col("date")).dt.total_days().abs() <= TEXT_DAYS
    told = days.group_by("index").agg(
        fits=behind.is_between(DATELINE_EARLY, DATELINE_LATE).sum(), close=close.any()
    )
    suspects = told.filter((pl.col("fits") >= TEXT_MENTIONS) & ~pl.col("close"))
    return rows["index"].is_in(suspects["index"].implode())


def earliest_of(field: str) -> pl.Expr:
    """Return the earliest true instant behind an instant column of a batch."""
    return (
        pl.when(pl.col(f"{field}_zone")).then(pl.col(field)).otherwise(pl.col(field) - ZONE_EARLIER)
    )


def latest_of(field: str) -> pl.Expr:
    """Return the latest true instant behind an instant column of a batch."""
    day = pl.when(pl.col(f"{field}_clock")).then(timedelta()).otherwise(timedelta(days=1))
    zone = pl.when(pl.col(f"{field}_zone")).then(timedelta()).otherwise(ZONE_LATER)
    return pl.col(field) + day + zone


def is_ahead(now: datetime) -> pl.Expr:
    """Return whether `published` lies more than a day behind the time of fetching, or the run's."""
    limit = pl.coalesce(latest_of("crawled"), pl.lit(now))
    return earliest_of("published") > limit + timedelta(hours=FUTURE_HOURS)
