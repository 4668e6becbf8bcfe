"""Teasers that do not belong on their page: old, repeated, or mixed up with one another."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Hit, RecordCheck, Row, check
from newsqa.dates import mentions
from newsqa.dates.names import language_code
from newsqa.finding import Severity
from newsqa.pages.ageing import old_date
from newsqa.pages.likeness import strangers
from newsqa.pages.screen import line_marks
from newsqa.pages.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.checks.base import Marks
    from newsqa.dates import Mention
    from newsqa.pages import Page, Teaser

FRESH_DAYS = 2
FRESH_SIBLINGS = 2


def _hit(teaser: Teaser, values: dict[str, Any], severity: str | None = None) -> Hit:
    evidence = {"headline": teaser.headline[:200], **values}
    return Hit("body", teaser.headline_start, teaser.end, {}, evidence, severity)


def _text(teaser: Teaser) -> str:
    return f"{teaser.headline}\n{teaser.summary}"


@check
class OldTeasers(RecordCheck):
    """Forbids teasers whose newest date is weeks older than the article they stand beside.

    Old dates are common in fresh news. A teaser is old only when it names no fresher time, when the
    date is not governed by "since" and the like, and when the page itself is fresh: its article or
    two other teasers name a day of the publication. Without that the finding is an info, unless a
    time of day stands beside the date ("March 13 night"), which only news of that day writes.

    Args:
        min_days: Youngest date that is old, in days before publication.
        max_days: Oldest; farther back the year of a date without one is a guess.
    """

    key: ClassVar[str] = "old_teasers"

    min_days: int = Field(default=21, ge=14)
    max_days: int = Field(default=90, le=90)

    def fields(self) -> frozenset[str]:
        """Return body and publication."""
        return frozenset({"body", "published"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a dated article's body may list other stories."""
        return pl.col("published").is_not_null() & pl.col("has_teasers")

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the old teasers, each story once."""
        published = _day(row["published"])
        crawled = _day(row["crawled"]) if row["crawled"] else None
        language = language_code(row["language"])
        window = (self.min_days, self.max_days)
        seen: set[str] = set()
        for teaser in row.page.teasers:
            found = old_date(_text(teaser), published, language, window) if teaser.summary else None
            story = fold(teaser.headline)
            if found is None or story in seen or _is_of_the_crawl(found.mention, crawled):
                continue
            seen.add(story)
            fresh = _is_fresh(row.page, teaser, published, language)
            evidence = {
                "lag_days": found.lag_days,
                "mentioned": found.mention.date.isoformat(),
                "published": published.isoformat(),
                "page_is_fresh": fresh,
                "time_of_day": found.clock,
            }
            severity = None if fresh or found.clock else Severity.INFO
            hit = _hit(teaser, evidence, severity)
            yield Hit(
                hit.field, hit.start, hit.end, {"days": -found.lag_days}, hit.evidence, severity
            )


def _day(instant: datetime) -> date:
    return instant.date()


def _is_of_the_crawl(mention: Mention, crawled: date | None) -> bool:
    """Return whether a date without a year, counted from the crawl, lies just before it."""
    if crawled is None or mention.year_given:
        return False
    day = (mention.date.month, mention.date.day)
    return any((d.month, d.day) == day for d in (crawled - timedelta(n) for n in range(8)))


def _is_fresh(page: Page, old: Teaser, published: date, language: str | None) -> bool:
    """Return whether the article, or two teasers beside this one, name a day of the publication."""

    def is_of_the_day(text: str) -> bool:
        found = mentions(text, published, language)
        return any(0 <= (published - m.date).days <= FRESH_DAYS for m in found)

    if any(is_of_the_day(page.text[b.start : b.end]) for b in page.article):
        return True
    beside = {fold(t.headline): t for t in page.teasers if t is not old}
    return sum(is_of_the_day(_text(t)) for t in beside.values()) >= FRESH_SIBLINGS


@check
class FreshTeasers(RecordCheck):
    """Forbids teasers of the day of the crawl on a page that is much older.

    Args:
        min_age: Youngest article that is judged, in days between publication and crawl.
        near: Most days between the teaser's date and the crawl.
        far: Fewest days between the teaser's date and the publication.
    """

    key: ClassVar[str] = "fresh_teasers"

    min_age: int = Field(default=60, ge=1)
    near: int = Field(default=7, ge=0)
    far: int = Field(default=21, ge=1)

    def fields(self) -> frozenset[str]:
        """Return body, publication and crawl."""
        return frozenset({"body", "published", "crawled"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where an old page's body may list other stories."""
        age = pl.col("crawled") - pl.col("published")
        return (age >= timedelta(days=self.min_age)) & pl.col("has_teasers")

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the fresh teasers, each story once."""
        published, crawled = _day(row["published"]), _day(row["crawled"])
        language = language_code(row["language"])
        seen: set[str] = set()
        for teaser in row.page.teasers:
            story = fold(teaser.headline)
            for mention in mentions(_text(teaser), crawled, language):
                is_near = abs((mention.date - crawled).days) <= self.near
                is_far = (mention.date - published).days > self.far
                if is_near and is_far and story not in seen:
                    seen.add(story)
                    evidence = {
                        "lag_days": (mention.date - published).days,
                        "mentioned": mention.date.isoformat(),
                        "published": published.isoformat(),
                        "crawled": crawled.isoformat(),
                    }
                    yield _hit(teaser, evidence)


@check
class TeaserSet(RecordCheck):
    """Forbids faults in what a page lists, told from the list itself.

    Args:
        find: `mismatched`: a headline whose summary tells another listed story. `doubled`: a story
            that is listed in two places, or a headline that stands twice behind its section.
            `self`: the page's own article.
    """

    key: ClassVar[str] = "teaser_set"

    find: Literal["mismatched", "doubled", "self"]

    def fields(self) -> frozenset[str]:
        """Return the body, and the title where the page's own is looked for."""
        return frozenset({"body", "title"} if self.find == "self" else {"body"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the body may list other stories."""
        return pl.col("has_teasers")

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the faults; of doubled stories one hit a page."""
        teasers = row.page.teasers
        if self.find == "mismatched":
            return _mismatched([t for t in teasers if row.page.is_certain(t)])
        if self.find == "doubled":
            return _doubled(teasers)
        return _self(teasers, fold(row.text("title")[:300]))


def _mismatched(teasers: Sequence[Teaser]) -> Iterator[Hit]:
    told = {fold(t.headline): t for t in teasers if t.summary}
    listed = list(told.values())
    pairs = [(t.headline, t.summary) for t in listed]
    for own, other in strangers(pairs):
        yield _hit(listed[own], {"fits": pairs[other][0][:200]})


def _doubled(teasers: Sequence[Teaser]) -> Iterator[Hit]:
    places: defaultdict[str, list[Teaser]] = defaultdict(list)
    for teaser in teasers:
        places[fold(teaser.headline)].append(teaser)
    again = [listed for listed in places.values() if len({t.listing for t in listed}) > 1]
    kicked = [t for t in teasers if t.doubled and t.kicker]
    if again:
        most = max(again, key=len)
        evidence = {"stories": len(again), "times": len(most), "headlines_doubled": len(kicked)}
        yield _hit(most[1], evidence)
    elif kicked:
        evidence = {"stories": len(kicked), "times": 2, "headlines_doubled": len(kicked)}
        yield _hit(kicked[0], evidence)


def _self(teasers: Sequence[Teaser], title: str) -> Iterator[Hit]:
    own = [t for t in teasers if title and fold(t.headline) == title]
    if own:
        yield _hit(own[0], {"times": len(own)})


@check
class ResurfacedTeasers(GroupCheck):
    """Forbids teasers of stories that other records show to be weeks older than the page.

    Either another record has the teaser's headline as its title and was published that much
    earlier, or the same headline and summary stood on a page that was. No date in the text is
    needed, nor a language. At most one finding a page and story.

    Args:
        min_days: Fewest days between the story and the page that lists it.
    """

    key: ClassVar[str] = "resurfaced_teasers"
    shape: ClassVar[Literal["corpus"]] = "corpus"

    min_days: int = Field(default=21, ge=1)

    def fields(self) -> frozenset[str]:
        """Return body, title and publication."""
        return frozenset({"body", "title", "published"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return when the record was published, and its title as teasers are compared."""
        return {
            "teaser_page": pl.col("published"),
            "teaser_title": _folded(pl.col("title")),
            "story_start": pl.col("body_start"),
            "story_top": pl.col("body_line"),
        }

    def marks(self) -> tuple[Marks, ...]:
        """Return the marks of lines."""
        return (line_marks,)

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a dated article's body may list other stories."""
        return pl.col("published").is_not_null() & pl.col("has_teasers")

    def gather(self, rows: Sequence[Row]) -> pl.DataFrame | None:
        """Return one row a teaser: `row`, `story`, `text`, `headline`, `start` and `end`."""
        found = []
        for row in rows:
            for t in row.page.teasers:
                told = f"{t.headline}\n{t.summary}" if t.summary else None
                place = row["body"].count("\n", 0, t.headline_start)
                found.append((row["row"], t.headline, told, place, t.headline_start, t.end))
        return _listed(found) if found else None

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a page and story that is old on it."""
        if own is None or own.is_empty():
            return
        pages = keys.filter(pl.col("teaser_page").is_not_null())
        located = pages.select("row", "teaser_page", "story_start", "story_top")
        listed = own.join(located, on="row")
        articles = _first(pages.select("teaser_page", story="teaser_title"), "story")
        pages_before = _first(listed.filter(pl.col("text").is_not_null()), "text")
        aged = (
            listed.join(articles, on="story", how="left")
            .join(pages_before, on="text", how="left", suffix="_page")
            .with_columns(since=pl.min_horizontal("first", "first_page"))
            .with_columns(days=(pl.col("teaser_page") - pl.col("since")).dt.total_days())
            .filter(pl.col("days") >= self.min_days)
            .sort("row", "start")
        )
        for teaser in aged.iter_rows(named=True):
            yield _resurfaced(teaser)


def _listed(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {"row": pl.UInt32, "headline": pl.String, "told": pl.String}
    schema |= {"place": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.select(
        "row",
        _folded(pl.col("headline")).alias("story"),
        _folded(pl.col("told")).alias("text"),
        pl.col("headline").str.head(200),
        "place",
        "start",
        "end",
    ).unique(["row", "story"], keep="last", maintain_order=True)


def _folded(text: pl.Expr) -> pl.Expr:
    """Return a text as one number, equal for texts that differ in case, marks and spaces only."""
    plain = text.str.to_lowercase().str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars()
    return pl.when(plain.str.len_chars() >= 12).then(plain.hash(seed=0))


def _first(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    known = frame.filter(pl.col(by).is_not_null())
    return known.group_by(by).agg(pl.col("teaser_page").min().alias("first"))


def _resurfaced(teaser: dict[str, Any]) -> GroupHit:
    shift = teaser["story_start"] or 0
    by_article = teaser["first"] is not None and teaser["first"] == teaser["since"]
    return GroupHit(
        row=teaser["row"],
        line=None if teaser["story_top"] is None else teaser["story_top"] + teaser["place"],
        field="body",
        start=teaser["start"] + shift,
        end=teaser["end"] + shift,
        excerpt=teaser["headline"],
        identity=teaser["headline"],
        values={"days": teaser["days"]},
        evidence={
            "headline": teaser["headline"],
            "lag_days": -teaser["days"],
            "first_seen": teaser["since"].date().isoformat(),
            "seen_as": "article" if by_article else "teaser",
            "published": teaser["teaser_page"].date().isoformat(),
        },
    )
