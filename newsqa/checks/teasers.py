"""Teasers that do not belong on their page: old, repeated, or mixed up with one another."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.dates import mentions
from newsqa.dates.names import language_code
from newsqa.finding import Severity
from newsqa.pages.ageing import old_date
from newsqa.pages.likeness import strangers
from newsqa.pages.screen import doubled_screen, header_screen, page_marks, teaser_run_screen
from newsqa.pages.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.dates import Mention
    from newsqa.pages import Page, Teaser

FRESH_DAYS = 2
FRESH_SIBLINGS = 2
_SECTION = re.compile(r"[^\s|/]+(?: [^\s|/]+){0,2}\s[|/]\s")
_PARTED = tuple("|:/–—-•·")


def teaser_screen() -> pl.Expr:
    """Return true where a body may list other stories."""
    return doubled_screen() | header_screen() | teaser_run_screen()


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
    reads_pages: ClassVar[bool] = True

    min_days: int = Field(default=21, ge=14)
    max_days: int = Field(default=90, le=90)

    def fields(self) -> frozenset[str]:
        """Return body and publication."""
        return frozenset({"body", "published"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages."""
        return page_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a dated article's body may list other stories."""
        return pl.col("published").is_not_null() & teaser_screen()

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
    reads_pages: ClassVar[bool] = True

    min_age: int = Field(default=60, ge=1)
    near: int = Field(default=7, ge=0)
    far: int = Field(default=21, ge=1)

    def fields(self) -> frozenset[str]:
        """Return body, publication and crawl."""
        return frozenset({"body", "published", "crawled"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages."""
        return page_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where an old page's body may list other stories."""
        age = pl.col("crawled") - pl.col("published")
        return (age >= timedelta(days=self.min_age)) & teaser_screen()

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
    reads_pages: ClassVar[bool] = True

    find: Literal["mismatched", "doubled", "self"]

    def fields(self) -> frozenset[str]:
        """Return the body, and the title where the page's own is looked for."""
        return frozenset({"body", "title"} if self.find == "self" else {"body"})

    def marks(self) -> dict[str, pl.Expr]:
        """Return the marks of pages."""
        return page_marks()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the body may list other stories."""
        return teaser_screen()

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the faults; of doubled stories one hit a page."""
        teasers = row.page.teasers
        if self.find == "mismatched":
            return _mismatched(row.page)
        if self.find == "doubled":
            return _doubled(teasers)
        return _self(teasers, fold(row.text("title")[:300]))


def _mismatched(page: Page) -> Iterator[Hit]:
    """Yield the headlines with a summary of another story.

    A run of headline and text in turns may be sections of the article. It is a list whose summaries
    are mixed up when half of the headlines are strangers to their text, each fitting another one.
    """
    certain = [t for t in page.teasers if page.is_certain(t)]
    yield from _strangers(certain)
    runs: defaultdict[int, list[Teaser]] = defaultdict(list)
    for teaser in page.teasers:
        if not page.is_certain(teaser):
            runs[teaser.listing].append(teaser)
    for run in runs.values():
        found = list(_strangers(run))
        fitting = {hit.evidence["fits"] for hit in found}
        if len(found) >= 2 and len(found) * 2 >= len(run) and len(fitting) == len(found):
            yield from found


def _strangers(teasers: Sequence[Teaser]) -> Iterator[Hit]:
    told = {fold(t.headline): t for t in teasers if t.summary}
    listed = list(told.values())
    pairs = [(t.headline, t.summary) for t in listed]
    for own, other in strangers(pairs):
        yield _hit(listed[own], {"fits": pairs[other][0][:200]})


def _doubled(teasers: Sequence[Teaser]) -> Iterator[Hit]:
    places: defaultdict[str, list[Teaser]] = defaultdict(list)
    for teaser in teasers:
        places[_story(teaser)].append(teaser)
    again = [listed for listed in places.values() if _is_repeated(listed)]
    kicked = [t for t in teasers if t.doubled and t.kicker]
    if again:
        most = max(again, key=len)
        evidence = {"stories": len(again), "times": len(most), "headlines_doubled": len(kicked)}
        yield _hit(most[1], evidence)
    elif kicked:
        evidence = {"stories": len(kicked), "times": 2, "headlines_doubled": len(kicked)}
        yield _hit(kicked[0], evidence)


def _story(teaser: Teaser) -> str:
    """Return a headline as stories are compared: without the section that a sign parts from it."""
    parted = _SECTION.match(teaser.headline)
    behind = teaser.headline.removeprefix(teaser.kicker)
    is_parted = behind.lstrip()[:1] in _PARTED or teaser.kicker[-1:] in _PARTED
    if is_parted and 0 < len(behind) < len(teaser.headline):
        return fold(behind.lstrip(" \u00a0" + "".join(_PARTED)))
    return fold(teaser.headline[parted.end() :] if parted else teaser.headline)


def _is_repeated(listed: Sequence[Teaser]) -> bool:
    """Return whether a story stands in two lists.

    Two lists are read as one where the header between them is not known; then the story has its
    summary in one of them only. Other repeats within a list are labels and a shop's phrases.
    """
    shapes = {bool(teaser.summary) for teaser in listed}
    return len({teaser.listing for teaser in listed}) > 1 or len(shapes) > 1


def _self(teasers: Sequence[Teaser], title: str) -> Iterator[Hit]:
    own = [t for t in teasers if title and fold(t.headline) == title]
    if own:
        yield _hit(own[0], {"times": len(own)})
