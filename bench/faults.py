"""Faults that scrapers make, for invented records: one each, of every family of rules."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vocabulary import Pen

_LINES = (
    "{{{{ article.related.title }}}}", "{{% include 'related.html' %}}", "<% ad_slot(3) %>",
    '[caption id="a" width="300"]', "window.dataLayer = window.dataLayer || [];", "Itâ€™s over",
    "ADVERTISEMENT", "<p>{title}</p>", "Related articles\n\n{title}\n\n{title} again",
    "%s undefined NaN", "Photo: {name} / AFP", "{title}\n\n{title}", "&nbsp;&nbsp;{title}",
    "Please enable JavaScript and cookies to continue", "[object Object]",
)  # fmt: skip
_AUTHORS = ("5 Min Read", "https://www.news.example/author/7", "April 8, 2025", "Share", "null")


@dataclass
class Draft:
    """A record before it is written.

    Args:
        url: Address.
        title: Headline.
        paragraphs: The body.
        published: When, in the zone of the outlet.
        scraped: When, in UTC.
        authors: Names.
        language: Code.
        earlier: Address of the record before, if there is one.
    """

    url: str | None
    title: str | None
    paragraphs: list[str]
    published: datetime | None
    scraped: datetime
    authors: list[str]
    language: str
    earlier: str | None


def _stray_line(draft: Draft, rng: random.Random, pen: Pen) -> None:
    line = rng.choice(_LINES).format(title=draft.title, name=rng.choice(pen.language.names))
    draft.paragraphs.insert(rng.randrange(len(draft.paragraphs) + 1), line)


def _furniture(draft: Draft, rng: random.Random, pen: Pen) -> None:
    line = rng.choice(pen.language.furniture)
    line = f"{line} {pen.title()}" if line.endswith(":") else line
    draft.paragraphs.insert(rng.randrange(1, len(draft.paragraphs) + 1), line)


def _cut(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    draft.paragraphs[-1] = draft.paragraphs[-1][:60] + " ... [+1636 chars]"


def _stub(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    draft.paragraphs[:] = [draft.paragraphs[0][:90]]


def _page_dump(draft: Draft, _rng: random.Random, pen: Pen) -> None:
    while sum(map(len, draft.paragraphs)) < 31_000:
        draft.paragraphs += pen.body(draft.scraped, "news.example")


def _other_day(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    assert draft.published is not None
    draft.published += timedelta(days=rng.choice((-40, -400)))


def _no_day(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    draft.published = rng.choice((None, datetime(1970, 1, 1, tzinfo=UTC)))


def _zone_lost(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    """Write the local time of an outlet far in the east as if it were that of the others."""
    assert draft.published is not None
    draft.scraped = draft.published.astimezone(UTC) + timedelta(minutes=rng.randrange(5, 50))
    draft.published += timedelta(hours=rng.randrange(2, 6))


def _no_url(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    draft.url = None


def _relative_url(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    assert draft.url is not None
    path = "/" + draft.url.split("/", 3)[3]
    draft.url = rng.choice((path, f"www.news.example{path}", f"https://news example{path}"))


def _same_url(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    # One that is broken is found broken, whether it repeats or not.
    if draft.earlier and draft.earlier.startswith("https://www."):
        draft.url = draft.earlier


def _no_title(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    draft.title = None


def _short_title(draft: Draft, rng: random.Random, pen: Pen) -> None:
    draft.title = rng.choice(pen.language.nouns)[:6].capitalize()


def _long_title(draft: Draft, _rng: random.Random, pen: Pen) -> None:
    draft.title = f"{draft.title} {' '.join(pen.words(60))}"


def _no_author(draft: Draft, _rng: random.Random, _pen: Pen) -> None:
    draft.authors = []


def _odd_author(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    draft.authors = [rng.choice(_AUTHORS)]


def _odd_language(draft: Draft, rng: random.Random, _pen: Pen) -> None:
    draft.language = rng.choice(("xx", "unknown", "qq-QQ"))


_FAULTS: dict[Callable[[Draft, random.Random, Pen], None], int] = {
    _stray_line: 12, _furniture: 5, _cut: 2, _stub: 2, _page_dump: 1, _other_day: 2, _no_day: 2,
    _zone_lost: 1, _no_url: 1, _relative_url: 1, _same_url: 1, _no_title: 1, _short_title: 1,
    _long_title: 1, _no_author: 1, _odd_author: 2, _odd_language: 1,
}  # fmt: skip


def spoil(draft: Draft, rng: random.Random, pen: Pen) -> None:
    """Put one fault into a record."""
    fault = rng.choices(list(_FAULTS), weights=list(_FAULTS.values()))[0]
    fault(draft, rng, pen)
