"""Sources whose dates are wrong as a whole, which no single record shows."""

from __future__ import annotations

import re
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.checks.duplicates import page_hash
from newsqa.dates.names import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEAD = 500
_SEED = 11
_NUMBERED_SLUG = (
    r"/(?P<y>(?:19|20)[0-9]{2})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{2})[0-9]{1,3}[-_a-zA-Z%.]"
)
_QUARTER = 15 * 60
_FURTHEST_ZONES = 14 * 3600
_DAY_OF_NEWS = 10 * 3600  # seconds of a day in which most of it is published

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
    """Tell whether a publication is the crawl's own time, and no early crawl of a fresh story.

    A time taken from the clock lies within seconds of the crawl or behind it, but for whole
    quarters of an hour where one of the two has another zone. A crawler that asks a feed every two
    minutes finds stories at any second of these.
    """
    both = pl.col("published_clock") & pl.col("crawled_clock")
    lag = (pl.col("crawled") - pl.col("published")).dt.total_seconds()
    zoned = (lag + _QUARTER // 2) % _QUARTER - _QUARTER // 2
    # Editors and schedules set whole minutes, and crawlers start in them.
    by_clock = pl.col("published").dt.second() != 0
    shifted = by_clock & zoned.is_between(-2, 10) & (lag.abs() <= _FURTHEST_ZONES)
    return pl.when(both).then(lag.is_between(-120, 10) | shifted)


def _day_above_12() -> pl.Expr:
    return pl.col("published").dt.day() > 12


def _hour_above_12() -> pl.Expr:
    """Tell whether the hour as written is one of the afternoon; only of times with their own zone.

    The day of an outlet east of Moscow ends before one o'clock in the afternoon of UTC.
    """
    clock = pl.col("published_raw").str.extract(
        r"[T ](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?\s*[+-]\d", 1
    )
    zone = pl.col("published_raw").str.contains(r"[+-]00:?00$")
    hour = clock.cast(pl.Int8, strict=False)
    return pl.when(pl.col("published_clock") & ~zone).then(hour >= 13)


def _new_year_midnight() -> pl.Expr:
    published = pl.col("published")
    first = (published.dt.month() == 1) & (published.dt.day() == 1)
    return first & (published.dt.time() == pl.time(0))


def _modified_as_published() -> pl.Expr:
    timed = pl.col("modified_clock") & pl.col("published_clock")
    return pl.when(timed).then(pl.col("modified") == pl.col("published"))


@lru_cache(maxsize=1)
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
    return pl.struct("body", "published").map_batches(_fits_weekday, return_dtype=pl.Boolean)


def _fits_weekday(records: pl.Series) -> pl.Series:
    numbers, spelt = _weekdays()
    lead = pl.col("lead")
    leads = records.struct.unnest().select(
        "published", pl.col("body").str.head(_LEAD).alias("lead")
    )
    named = leads.with_columns(
        weekday=lead.str.extract(rf"(?:^|[^\p{{L}}])({spelt})(?:[^\p{{L}}]|$)", 1)
    )
    told = named["weekday"].is_not_null()
    dated = lead.str.contains(rf"(?:{spelt})[,.]?\s+(?:\p{{L}}+\.?\s+)?\d")
    weekday = pl.col("weekday").replace_strict(numbers, default=None, return_dtype=pl.Int8)
    fits = ((pl.col("published").dt.weekday() - weekday) % 7).is_in([0, 1])
    # Few leads name a weekday, and only these are looked at again.
    found = named.filter(told).select(pl.when(~dated).then(fits)).to_series()
    nothing = pl.repeat(None, len(records), dtype=pl.Boolean, eager=True)
    return nothing.scatter(told.arg_true(), found).alias("fits")


@lru_cache(maxsize=1)
def _weekdays() -> tuple[dict[str, int], str]:
    """Return the number of each weekday by name, and a pattern of all names."""
    numbers = dict(names(None).weekdays)
    spelt = sorted(numbers, key=lambda name: (-len(name), name))
    return numbers, "|".join(map(re.escape, spelt))


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
        min_hours: Different hours of publication among those records.
        days_a_month: Different days of publication for every month that has any, at least; what
            comes out once a month always does so in the same days of it.
    """

    key: ClassVar[str] = "source-share"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)
    by_source: ClassVar[bool] = True

    measure: Measure
    at_least: float = Field(default=2.0, ge=0)
    at_most: float = Field(default=-1.0, le=1)
    min_records: int = Field(default=20, gt=0)
    min_days: int = Field(default=0, ge=0)
    min_spread: int = Field(default=1, gt=0)
    min_told: float = Field(default=0.0, ge=0, le=1)
    min_hours: int = Field(default=1, gt=0)
    days_a_month: float = Field(default=1.0, ge=1)

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
                pl.col("published").dt.hour().filter(told).n_unique().alias("hours"),
                day.dt.truncate("1mo").n_unique().alias("months"),
            )
            .filter(
                pl.col("hours") >= self.min_hours,
                pl.col("records") >= self.min_records,
                pl.col("told") >= self.min_told,
                pl.col("days") >= self.min_days,
                pl.col("spread") >= self.min_spread,
                pl.col("spread") >= self.days_a_month * pl.col("months"),
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
    """Forbids one stamp of publication for several stories of a source.

    Stamps with seconds count where chance would not let so many stories of one day meet in a
    second. Stamps of full minutes are what schedulers and editors set: they count where many
    stories share one, and those of full quarters of an hour, or of days, where the stories came to
    the crawler one by one all the same.

    Args:
        stories: Stories that share a stamp with seconds.
        stories_at_minute: Stories that share a stamp of a full minute.
        crawl_days: Days with crawls that find stories of one stamp, whatever stamp it is, where at
            least `crawled_stories` do and at least half of the source's stories.
        crawled_stories: See above.
    """

    key: ClassVar[str] = "one-stamp"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)
    by_source: ClassVar[bool] = True

    stories: int = Field(default=3, gt=1)
    stories_at_minute: int = Field(default=10, gt=1)
    crawl_days: int = Field(default=5, gt=1)
    crawled_stories: int = Field(default=20, gt=1)

    def fields(self) -> frozenset[str]:
        """Return the publication."""
        return frozenset({"published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return the times, whether publication has a time of day, and what tells stories apart."""
        title = pl.col("title").str.strip_chars()
        return {
            "published": pl.col("published"),
            "crawled": pl.col("crawled"),
            "published_clock": pl.col("published_clock"),
            "page_key": page_hash(),
            "story_key": pl.coalesce(title, "id").hash(seed=_SEED),
        }

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a stamp, shown at the first record that has it."""
        published = pl.col("published")
        dated = keys.drop_nulls(["source", "published"])
        shared = (
            dated.with_columns(
                pl.len().over("source", published.dt.date()).alias("of_day"),
                pl.len().over("source").alias("of_source"),
            )
            .group_by("source", "published")
            .agg(
                pl.col("row").min(),
                pl.coalesce("page_key", "story_key").n_unique().alias("stories"),
                pl.col("published_clock").any().alias("clock"),
                pl.col("crawled").dt.date().drop_nulls().n_unique().alias("crawl_days"),
                pl.col("of_day").first(),
                pl.col("of_source").first(),
            )
            .filter(pl.col("stories") >= self.stories)
        )
        whole_minute = published.dt.truncate("1m") == published
        whole_quarter = published.dt.truncate("15m") == published
        fresh = (
            (pl.col("crawl_days") >= self.crawl_days)
            & (pl.col("stories") >= self.crawled_stories)
            & (pl.col("stories") >= 0.5 * pl.col("of_source"))
        )
        at_minute = whole_minute & (pl.col("stories") >= self.stories_at_minute)
        told = pl.col("clock") & ~whole_quarter & (at_minute | (~whole_minute & _no_chance()))
        found = shared.filter(told | fresh).sort("row")
        for source, stamp, row, stories in found.select(
            "source", "published", "row", "stories"
        ).iter_rows():
            evidence = {"stamp": f"{stamp:%Y-%m-%dT%H:%M:%SZ}", "stories": stories}
            stamped = evidence["stamp"]
            yield GroupHit(
                row, source, "published", identity=stamped, evidence=evidence, of_source=True
            )


def _no_chance() -> pl.Expr:
    """Tell whether less than once in ten thousand days so many stories would meet in a second."""
    stories, of_day = pl.col("stories").cast(pl.Float64), pl.col("of_day").cast(pl.Float64)
    # n stories of a day, k of them in a second of d: n^k / (k! d^(k-1)), with k! > (k/e)^k.
    expected = stories * (of_day / stories).log() + stories - (stories - 1) * log(_DAY_OF_NEWS)
    return expected < -log(10_000)


@check
class SwappedDays(GroupCheck):
    """Forbids that dates up to the twelfth have day and month swapped while later ones are right.

    The months of days above 12 are those of the source. Dates up to the twelfth must mostly lie in
    them, or beside them; where they do not, but would with day and month the other way round, and
    no month holds most of them, the parser has guessed.

    Args:
        share: Dates up to the twelfth that lie elsewhere, as a share of those that tell.
        fits: Of these, the share that would fit if swapped back.
        min_records: Dates that lie elsewhere, at least.
    """

    key: ClassVar[str] = "swapped-days"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("source",)
    by_source: ClassVar[bool] = True

    share: float = Field(default=0.4, gt=0, le=1)
    fits: float = Field(default=0.95, gt=0, le=1)
    min_records: int = Field(default=15, gt=0)

    def fields(self) -> frozenset[str]:
        """Return the publication."""
        return frozenset({"published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return the publication."""
        return {"published": pl.col("published")}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source, shown at the first date that lies elsewhere."""
        time = pl.col("published").dt
        dated = keys.drop_nulls(["source", "published"]).select(
            "row", "source", day=time.day(), month=time.month(), year=time.year()
        )
        late = dated.filter(pl.col("day") > 12).select("source", _month_number(pl.col("month")))
        around = [late.with_columns(pl.col("number") + offset) for offset in (-1, 0, 1)]
        own_months = pl.concat(around).unique().with_columns(known=True)
        early = dated.filter(pl.col("day") <= 12, pl.col("day") != pl.col("month"))
        for written, name in (("month", "fits"), ("day", "fits_swapped")):
            numbered = early.with_columns(_month_number(pl.col(written)))
            early = numbered.join(
                own_months, on=["source", "number"], how="left", maintain_order="left"
            ).select(
                pl.exclude("known", "number"), pl.col("known").fill_null(value=False).alias(name)
            )
        elsewhere = ~pl.col("fits")
        found = (
            early.group_by("source")
            .agg(
                pl.len().alias("of"),
                elsewhere.sum().alias("records"),
                pl.col("fits_swapped").filter(elsewhere).mean().alias("swapped"),
                pl.col("row").filter(elsewhere).min(),
                pl.col("month").filter(elsewhere).unique_counts().max().alias("of_one_month"),
            )
            .filter(
                pl.col("of_one_month") <= pl.col("records") / 2,
                pl.col("records") >= self.min_records,
                pl.col("records") >= self.share * pl.col("of"),
                pl.col("swapped") >= self.fits,
            )
            .sort("source")
        )
        shown = found.select("source", "of", "records", "row")
        for source, of, records, row in shown.iter_rows():
            evidence = {"records": records, "of": of}
            yield GroupHit(row, source, "published", evidence=evidence, of_source=True)


def _month_number(month: pl.Expr) -> pl.Expr:
    return (pl.col("year") * 12 + month.cast(pl.Int32)).alias("number")
