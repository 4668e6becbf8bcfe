"""How old a teaser is by the dates that it names.

A date of weeks ago is common in fresh news: "since March 13", "the March 13 attack", a date with
its year. What makes a teaser old is a bare date, with nothing in the teaser that is fresher. Over
152,379 leads of fresh news such dates stood in 0.16 %; see docs/rules on stale-teaser.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from newsqa.dates import mentions
from newsqa.dates.names import languages, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from newsqa.dates import Mention

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLE = r"(?:(?:the|on|den|dem|le|la|el|il|o|os|de|del|dia|día|am|op)\s+)?"
_OF = r"(?:(?:of|on|the|des|der|vom|am|van|op|del|de|di|du|da|la|le|el|il|dia|día)\s+){0,2}"
_NEAR = 40
_SPAN = re.compile(r"[\d.]\s?[-–]\s?$")


@dataclass(frozen=True)
class Words:
    """The words of one language around dates, as patterns; see `newsqa/data/anchors.toml`."""

    fresh: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    reach: re.Pattern[str]
    clock_before: re.Pattern[str]
    clock_after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class OldDate:
    """The newest date that an old text names.

    Args:
        mention: The date and where it stands in the text.
        lag_days: Days from the reference to the date; negative, since it is in the past.
        clock: A time of day stands beside it: "March 13 night".
    """

    mention: Mention
    lag_days: int
    clock: bool


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("newsqa") / "data" / "anchors.toml").read_text("utf-8"))


@lru_cache(maxsize=32)
def words_of(language: str) -> Words:
    """Return the words of a language.

    Raises:
        KeyError: The vocabulary has no such language.
    """
    table = {key: _any(entries) for key, entries in _tables()[language].items()}
    joined = r"(?:\s+|(?<=['’]))"
    flags = re.IGNORECASE
    return Words(
        fresh=re.compile(rf"(?<!\w)(?:{table['fresh']})(?!\w)", flags),
        before=re.compile(rf"(?<!\w)(?:{table['before']}){joined}{_ARTICLE}$", flags),
        after=re.compile(rf"\s?(?:{table['after']})(?!\w)", flags),
        reach=re.compile(rf"\s?(?:{table['reach']}|[-–])\s?(?:[^\W\d]+\.?\s){{0,3}}\d", flags),
        clock_before=re.compile(rf"(?<!\w)(?:{table['clock']})\s+{_OF}$", flags),
        clock_after=re.compile(rf"\s+(?:{table['clock']})(?!\w)", flags),
    )


def _any(entries: Iterable[str]) -> str:
    longest_first = sorted(entries, key=len, reverse=True)
    return "|".join(
        re.escape(entry).replace("'", "['’]").replace(r"\ ", r"\s+") for entry in longest_first
    )


def old_date(
    text: str, reference: date, language: str | None, window: tuple[int, int]
) -> OldDate | None:
    """Return the newest date of a text if it is old and nothing in the text is fresher.

    Args:
        text: A teaser: headline and summary.
        reference: The day on which its page was published.
        language: Code of its language, or None.
        window: Youngest and oldest age in days that count as old, such as (21, 90).
    """
    youngest, oldest = window
    found = mentions(text, reference, language)
    if not found or any(mention.year_given or not mention.trusted for mention in found):
        return None
    newest = max(found, key=lambda mention: mention.date)
    lag = (newest.date - reference).days
    if not -oldest <= lag <= -youngest or newest.ranged:
        return None
    spoken = _languages(text, newest, language)
    if _has_anchor(text, found, newest, reference, spoken):
        return None
    before, after = text[max(0, newest.start - _NEAR) : newest.start], text[newest.end :][:_NEAR]
    tables = [words_of(code) for code in spoken]
    clock = any(w.clock_before.search(before) or w.clock_after.match(after) for w in tables)
    if _SPAN.search(before) or any(w.reach.match(after) for w in tables):
        return None
    if not clock and any(w.before.search(before) or w.after.match(after) for w in tables):
        return None
    return OldDate(newest, lag, clock)


def _languages(text: str, mention: Mention, language: str | None) -> list[str]:
    """Return the languages whose words may stand around a date: of its month's name, if unknown."""
    if language in _tables():
        return [language]
    written = set(_WORD.findall(text[mention.start : mention.end]))
    known = [
        code for code in _tables() if code in languages() and written & set(names(code).months)
    ]
    return known or list(_tables())


def _has_anchor(
    text: str,
    found: Sequence[Mention],
    newest: Mention,
    reference: date,
    spoken: Sequence[str],
) -> bool:
    """Return whether the text names a time that is fresher than its newest date."""
    rest = _without(text, found)
    if _YEAR.search(rest) or any(words_of(code).fresh.search(rest) for code in spoken):
        return True
    said = _WORD.findall(rest)
    previous = (reference.month - 2) % 12 + 1
    fresher = {reference.month, previous} - {newest.date.month}
    for code in spoken:
        table = names(code)
        if any(table.months.get(word) in fresher for word in said):
            return True
        weekdays = sum(word in table.weekdays for word in said)
        if weekdays > (newest.weekday is not None):
            return True
    return False


def _without(text: str, found: Iterable[Mention]) -> str:
    for mention in found:
        blank = " " * (mention.end - mention.start)
        text = text[: mention.start] + blank + text[mention.end :]
    return text
