"""Sources whose dates are wrong as a whole, which no single record shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.dates.names import names
from newsqa.text.urls import page_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEAD = 500
_MINUTES = 2
_SEED = 11
_NUMBERED_SLUG = (
    r"/(?P<y>(?:19|20)[0-9]{2})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{2})[0-9]{1,3}[-_a-zA-Z%.]"
)

Measure = Literal[
    "published-when-crawled",
    "day-above-12",
    "hour-above-12",
    "weekday-fits",
    "new-year-midnight",
    "modified-as-published",
    "day-from-slug",
]


def _published_when_crawled() -> pl.Expr:
    both = pl.col("published_clock") & pl.col("crawled_clock")
    apart = (pl.col("crawled") - pl.col("published")).abs() <= pl.duration(minutes=_MINUTES)
    return pl.when(both).then(apart)


def _day_above_12() -> pl.Expr:
    return pl.col("published").dt.day() > 12


def _hour_above_12() -> pl.Expr:
    published = pl.col("published")
    midnight = published.dt.time() == pl.time(0)
    return pl.when(pl.col("published_clock") & ~midnight).then(published.dt.hour() >= 13)


def _new_year_midnight() -> pl.Expr:
    published = pl.col("published")
    first = (published.dt.month() == 1) & (published.dt.day() == 1)
    return first & (published.dt.time() == pl.time(0))


def _modified_as_published() -> pl.Expr:
    timed = pl.col("modified_clock") & pl.col("published_clock")
    return pl.when(timed).then(pl.col("modified") == pl.col("published"))


def _day_from_slug() -> pl.Expr:
    """Tell whether the day is made of the first figures of a number that begins the headline.

    Two figures may be the day indeed (`12-may-horoscope`), six and more a date of their own.
    """
    found = pl.col("url").str.extract_groups(_NUMBERED_SLUG)
    year, month, day = (found.struct.field(n).cast(pl.Int32, strict=False) for n in "ymd")
    published = pl.col("published")
    told = (published.dt.year() == year) & (published.dt.month() == month) & day.is_between(1, 31)
    return pl.when(told).then(published.dt.day() == day)


def _weekday_fits() -> pl.Expr:
    """Tell whether the first weekday named in the lead is that of publication or the one before.

    A weekday with a number behind it belongs to a date of any time: such a lead tells nothing.
    """
    numbers = dict(names(None).weekdays)
    spelt = "|".join(re.escape(n) for n in sorted(numbers, key=lambda name: (-len(name), name)))
    lead = pl.col("body").str.head(_LEAD)
    named = lead.str.extract(rf"(?:^|[^\p{{L}}])({spelt})(?:[^\p{{L}}]|$)", 1)
    dated = lead.str.contains(rf"(?:{spelt})[,.]?\s+(?:\p{{L}}+\.?\s+)?\d")
    weekday = named.replace_strict(numbers, default=None, return_dtype=pl.Int8)
    fits = ((pl.col("published").dt.weekday() - weekday) % 7).is_in([0, 1])
    return pl.when(weekday.is_not_null() & ~dated).then(fits)


_MEASURES: dict[Measure, tuple[Callable[[], pl.Expr], frozenset[str]]] = {
    "published-when-crawled": (_published_when_crawled, frozenset({"published", "crawled"})),
    "day-above-12": (_day_above_12, frozenset({"published"})),
    "hour-above-12": (_hour_above_12, frozenset({"published"})),
    "weekday-fits": (_weekday_fits, frozenset({"published", "body"})),
    "new-year-midnight": (_new_year_midnight, frozenset({"published"})),
    "modified-as-published": (_modified_as_published, frozenset({"published", "modified"})),
    "day-from-slug": (_day_from_slug, frozenset({"published", "url"})),
}


@check
class SourceShare(GroupCheck):
    """Limits the share of a source's records of which something is true.

    Args:
        measure: What is true of a record, false of it, or cannot be told.
        at_least: The source is at fault from this share on.
        at_most: The source is at fault up to this share.
        min_records: Records of the source of which it can be told.
        min_days: Days between the first and the last publication of those records.
        min_spread: Different days of publication among those records.
        min_told: Share of the source's records of which it can be told, at least.
    """

    key: ClassVar[str] = "source-share"
    shape: ClassVar[Shape] = "source"

    measure: Measure
    at_least: float = Field(default=2.0, ge=0)
    at_most: float = Field(default=-1.0, le=1)
    min_records: int = Field(default=20, gt=0)
    min_days: int = Field(default=0, ge=0)
    min_spread: int = Field(default=1, gt=0)
    min_told: float = Field(default=0.0, ge=0, le=1)

    def fields(self) -> frozenset[str]:
        """Return the fields that the measure reads."""
        return _MEASURES[self.measure][1]

    def keys(self) -> dict[str, pl.Expr]:
        """Return the measure and the publication."""
        return {self._column: _MEASURES[self.measure][0](), "published": pl.col("published")}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source at fault."""
        day = pl.col("published").dt.date()
        told = pl.col(self._column).is_not_null()
        shares = (
            keys.drop_nulls(["source", "published"])
            .group_by("source")
            .agg(
                told.sum().alias("records"),
                told.mean().alias("told"),
                pl.col(self._column).mean().alias("share"),
                (day.max() - day.min()).dt.total_days().alias("days"),
                day.n_unique().alias("spread"),
            )
            .filter(
                pl.col("records") >= self.min_records,
                pl.col("told") >= self.min_told,
                pl.col("days") >= self.min_days,
                pl.col("spread") >= self.min_spread,
                (pl.col("share") >= self.at_least) | (pl.col("share") <= self.at_most),
            )
        )
        for source, records, share in (
            shares.sort("source").select("source", "records", "share").iter_rows()
        ):
            evidence = {"records": records, "share": round(share, 3)}
            values = {"percent": f"{share:.0%}"}
            yield GroupHit(None, source, "published", values=values, evidence=evidence)

    @property
    def _column(self) -> str:
        return f"measure_{self.measure}"


@check
class OneStamp(GroupCheck):
    """Forbids one stamp of publication, to the second, for several stories of a source.

    Stamps of full minutes are what schedulers and editors set: they count only where many stories
    share one, and those of full hours never.

    Args:
        stories: Stories that share a stamp with seconds.
        stories_at_minute: Stories that share a stamp of a full minute.
    """

    key: ClassVar[str] = "one-stamp"
    shape: ClassVar[Shape] = "source"

    stories: int = Field(default=3, gt=1)
    stories_at_minute: int = Field(default=10, gt=1)

    def fields(self) -> frozenset[str]:
        """Return the publication."""
        return frozenset({"published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return the publication, whether it has a time of day, and what tells stories apart."""
        url, title = page_key(pl.col("url")), pl.col("title").str.strip_chars()
        return {
            "published": pl.col("published"),
            "published_clock": pl.col("published_clock"),
            "story_key": pl.coalesce(url, title, "id").hash(seed=_SEED),
        }

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a stamp, shown at the first record that has it."""
        published = pl.col("published")
        whole_minute = published.dt.truncate("1m") == published
        whole_hour = published.dt.truncate("1h") == published
        shared = (
            keys.filter(pl.col("published_clock") & ~whole_hour)
            .drop_nulls("source")
            .group_by("source", "published")
            .agg(pl.col("row").min(), pl.col("story_key").n_unique().alias("stories"))
            .filter(
                pl.col("stories")
                >= pl.when(whole_minute).then(self.stories_at_minute).otherwise(self.stories)
            )
        )
        for source, stamp, row, stories in shared.sort("row").iter_rows():
            evidence = {"stamp": f"{stamp:%Y-%m-%dT%H:%M:%SZ}", "stories": stories}
            yield GroupHit(row, source, "published", identity=evidence["stamp"], evidence=evidence)
