"""Day-first or month-first: how a source writes dates such as 04/10/2025.

It is decided for a source from the whole input, never for a value and never from a part: the day
that some article is published on must not depend on how many others were read before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import add
from typing import TYPE_CHECKING

from newsqa.dates.stamp import is_ambiguous, numeric_parts, parse_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?![\d])")
_MONTH_FIRST_TLDS = frozenset({"us", "ph"})
# English of countries that write the day first.
_DAY_FIRST_ENGLISH = frozenset({"gb", "uk", "au", "nz", "ie", "in", "za", "sg", "ng", "ke", "pk"})
_CLEAR_MAJORITY = 0.9
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one record says about the order of its source: its own dates, its URL, its language."""

    source: str | None
    language: str | None
    url: str | None
    stated: tuple[str, ...]
    crawled: str | None


class SurveyNeededError(Exception):
    """The order of a date must be known, and only a part of the input is at hand."""


@dataclass
class Votes:
    """Votes of one source, by certainty: a number above 12, or agreement with another date."""

    certain: list[int] = field(default_factory=lambda: [0, 0])
    likely: list[int] = field(default_factory=lambda: [0, 0])
    language: str | None = None

    def day_first(self) -> bool | None:
        """Return whether the day comes first; None where nothing tells."""
        for month, day in (self.certain, self.likely):
            if month != day:
                return day > month
        return None


SourceVotes = dict[str | None, Votes]


class DayOrders:
    """The order of every source, surveyed once, when the first date needs it.

    Args:
        sightings: Reads the whole input and yields what its records say; None where only a part of
            it is at hand.
        votes: The votes of the whole input, where they were counted before.

    Attributes:
        decided: Whether the day comes first, by source, of those that were asked for.
        used: Order by source, by file that needed it.
    """

    def __init__(
        self,
        sightings: Callable[[], Iterable[Sighting]] | None = None,
        votes: SourceVotes | None = None,
    ) -> None:
        self._sightings = sightings
        self._votes = votes
        self.decided: dict[str | None, bool] = {}
        self.used: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def day_first(self, source: str | None, path: str) -> bool:
        """Return whether a source writes the day first, and note that a file needed to know.

        Raises:
            SurveyNeededError: The votes of the whole input are needed and were not given.
        """
        first = self.first(source)
        self.used[path][source or ""] = "day-first" if first else "month-first"
        return first

    def first(self, source: str | None) -> bool:
        """Return whether a source writes the day first; raises as `day_first` does."""
        if source not in self.decided:
            self.decided[source] = self._decide(source)
        return self.decided[source]

    def _decide(self, source: str | None) -> bool:
        if self._votes is None:
            if self._sightings is None:
                raise SurveyNeededError
            self._votes = count_votes(self._sightings())
        votes = self._votes.get(source, Votes())
        own = votes.day_first()
        if own is not None:
            return own
        others = [seen for v in self._votes.values() if (seen := v.day_first()) is not None]
        if others:
            share = sum(others) / len(others)
            if not 1 - _CLEAR_MAJORITY < share < _CLEAR_MAJORITY:
                return share > 1 / 2
        return _custom(source, votes.language)


def count_votes(sightings: Iterable[Sighting]) -> SourceVotes:
    """Return the votes of an input, by source."""
    counted: defaultdict[str | None, Votes] = defaultdict(Votes)
    for sighting in sightings:
        votes = counted[sighting.source]
        votes.language = votes.language or sighting.language
        for text in sighting.stated:
            _vote(votes, text, sighting)
    return dict(counted)


def add_votes(parts: Iterable[SourceVotes]) -> SourceVotes:
    """Return the votes of an input from those of its parts, in their order."""
    whole: defaultdict[str | None, Votes] = defaultdict(Votes)
    for part in parts:
        for source, votes in part.items():
            sum_ = whole[source]
            sum_.language = sum_.language or votes.language
            for total, added in ((sum_.certain, votes.certain), (sum_.likely, votes.likely)):
                total[:] = map(add, total, added)
    return dict(whole)


def _vote(votes: Votes, text: str, sighting: Sighting) -> None:
    parts = numeric_parts(text) if len(text) <= _LONGEST else None
    if parts is None:
        return
    first, second, year = parts
    if (first > 12) != (second > 12):
        votes.certain[first > 12] += 1
    elif first != second and max(first, second) <= 12:
        try:
            readings = (date(year, first, second), date(year, second, first))
        except ValueError:
            return
        agreed = _agreeing(readings, sighting)
        if agreed is not None:
            votes.likely[agreed] += 1


def _agreeing(readings: tuple[date, date], sighting: Sighting) -> bool | None:
    """Return which reading (False: month first, True: day first) fits the URL or the crawl."""
    day = timedelta(days=1)
    match = _URL_DATE.search(sighting.url or "")
    if match:
        try:
            in_url = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
        near = [abs(reading - in_url) <= day for reading in readings]
        return near[1] if near[0] != near[1] else None
    if sighting.crawled is None or is_ambiguous(sighting.crawled[:_LONGEST]):
        return None
    crawled = parse_stamp(sighting.crawled)
    if crawled is None:
        return None
    seen = crawled.at.date()
    for latest_lag in (7 * day, timedelta(days=100_000)):
        fits = [-day <= seen - reading <= latest_lag for reading in readings]
        if fits[0] != fits[1]:
            return fits[1]
    return None


def _custom(source: str | None, language: str | None) -> bool:
    """Return whether the day comes first where the outlet is, as far as one can tell."""
    ending = (source or "").rpartition(".")[2]
    if len(ending) == 2 and "." in (source or ""):
        return ending not in _MONTH_FIRST_TLDS
    stated = re.split("[-_]", (language or "").casefold())
    english = stated[0] in {"en", "eng", "english"}
    return not english or bool(_DAY_FIRST_ENGLISH & set(stated[1:]))
