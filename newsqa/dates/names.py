"""Month and weekday names as newsrooms write them, per language and for unknown languages.

The names are CLDR's (see `newsqa.dates.cldr`); this module adds upper and lower case and takes out
what would be read as another word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsqa.dates.cldr import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Languages that write month names with a capital; in lower case some are words (en may, march).
CAPITALISED = frozenset({"en", "de", "tr", "el", "id", "ms"})
# Languages that put the month before the day.
MONTH_FIRST = frozenset({"en", "hu", "lt"})
# Languages whose numeric dates with slashes put the day first.
DAY_FIRST = frozenset(
    {"es", "fr", "it", "pt", "nl", "tr", "ru", "ar", "el", "id", "ms", "pl", "ro", "uk", "ca", "he"}
    | {"hi", "vi", "bg", "hr", "sr", "da", "nb"}
)
# Abbreviations that are everyday words or numerals where a number stands before them ("7 set", "10
# dez", "5 ara"); a dot or a year behind them proves the month.
_WORDS = {
    "ca": {"set", "des", "gen"},
    "cs": {"pro", "led", "bře", "dub", "srp", "říj", "lis"},
    "es": {"mar", "ago", "may"},
    "fi": {"maalis", "kesä", "heinä", "syys", "loka", "marras", "joulu", "elo", "huhti"},
    "hr": {"pro", "sij", "tra", "svi", "lip", "ruj", "lis", "stu"},
    "id": {"mar", "des"},
    "it": {"set", "mar", "gen"},
    "lt": {"bal", "vas", "kov", "geg", "liep"},
    "pl": {"paź", "lip", "sie", "lut", "mar"},
    "pt": {"mar", "set", "dez", "out"},
    "ro": {"mar"},
    "tr": {"mar", "ara", "eki", "oca"},
}
# Languages whose abbreviations are safe in text of unknown language.
_SAFE_ABBREVIATIONS = ("en", "de", "fr", "es", "nl", "ru")
_UNSAFE = frozenset({"mar", "ago", "may", "dec", "set"})
# Languages that are often written without their accents, and Turkish in capitals of other software.
_OFTEN_UNACCENTED = frozenset({"el", "fr", "tr"})
_ALIASES = {"no": "nb", "nn": "nb", "in": "id", "iw": "he", "sh": "sr", "bs": "hr", "zh_hant": "zh"}


@dataclass(frozen=True)
class Names:
    """The names of one language, or of all of them together.

    Args:
        language: CLDR code, or None for the union that serves unknown languages.
        months: Spelling to month, 1 to 12, in every case form, without dots.
        doubtful: Spellings that need a year to be believed behind a day; a dot will do, too, unless
            the dotted form is among them.
        month_first: The spellings that may stand before their day ("April 10").
        weekdays: Spelling to ISO weekday, 1 (Monday) to 7; wide forms only.
    """

    language: str | None
    months: Mapping[str, int]
    doubtful: frozenset[str]
    month_first: frozenset[str]
    weekdays: Mapping[str, int]


def languages() -> tuple[str, ...]:
    """Return the codes of the languages whose dates are known."""
    return tuple(read_table())


def language_code(stated: str | None) -> str | None:
    """Return the code behind a language as a record states it, or None where it is not known.

    Understands codes of two letters with or without a region (`pt`, `pt-BR`, `zh_Hans_CN`).
    """
    if not stated:
        return None
    code = stated.strip().lower().replace("-", "_").partition("_")[0]
    code = _ALIASES.get(code, code)
    return code if code in read_table() else None


@lru_cache(maxsize=64)
def names(language: str | None = None) -> Names:
    """Return the names of a language by its code, or the union of all where it is None.

    The union leaves out spellings on which two languages disagree (`listopada`), and doubts most
    abbreviations.

    Raises:
        KeyError: The language is not one of `languages()`.
    """
    if language is None:
        return _union()
    kinds = read_table()[language]
    months = _spelt(kinds["months-wide"], language, shortest=2)
    wide = set(months)
    for spelling, month in _spelt(kinds["months-abbreviated"], language).items():
        months.setdefault(spelling, month)
    short = {spelling for spelling in months if spelling not in wide}
    doubtful = {s for s in short if s.casefold() in _WORDS.get(language, ())}
    return Names(
        language=language,
        months=months,
        doubtful=frozenset(doubtful),
        month_first=frozenset(months if language in MONTH_FIRST else ()),
        weekdays=_weekdays(kinds["days-wide"], language),
    )


@lru_cache(maxsize=1)
def every_name() -> Names:
    """Return the names of all languages without a doubt, for places that hold a date anyway.

    Such a place is a dateline ("MADRID, 10 Mar. -"); in running text it would read words as months.
    """
    union = names(None)
    every = frozenset().union(*(names(language).month_first for language in MONTH_FIRST))
    return replace(union, doubtful=frozenset(), month_first=every & union.months.keys())


def _union() -> Names:
    certain: defaultdict[str, set[int]] = defaultdict(set)
    doubtful: defaultdict[str, set[int]] = defaultdict(set)
    weekdays: defaultdict[str, set[int]] = defaultdict(set)
    for language, kinds in read_table().items():
        wide = _spelt(kinds["months-wide"], language, shortest=2)
        for spelling, month in wide.items():
            certain[spelling].add(month)
        for spelling, month in _spelt(kinds["months-abbreviated"], language).items():
            (certain if _is_safe(spelling, language) else doubtful)[spelling].add(month)
        for spelling, day in _weekdays(kinds["days-wide"], language).items():
            weekdays[spelling].add(day)
    doubtful["may"] = certain.pop("may")  # a month in Azerbaijan, a verb in English
    unsure = {name: found for name, found in doubtful.items() if name not in certain}
    months = _agreed(certain) | _agreed(unsure)
    first = frozenset().union(*(names(language).month_first for language in MONTH_FIRST))
    return Names(
        language=None,
        months=months,
        doubtful=frozenset(form for name in unsure for form in (name, f"{name}.")),
        month_first=first & _agreed(certain).keys(),
        weekdays=_agreed(weekdays),
    )


def _agreed(table: Mapping[str, set[int]]) -> dict[str, int]:
    """Return the spellings that mean the same in every language."""
    return {spelling: number for spelling, (number, *others) in table.items() if not others}


def _is_safe(spelling: str, language: str) -> bool:
    """Whether an abbreviation can be believed without knowing the language."""
    if language == "en":
        return True
    return language in _SAFE_ABBREVIATIONS and spelling.casefold() not in _UNSAFE


def _spelt(table: Mapping[str, list[int]], language: str, shortest: int = 3) -> dict[str, int]:
    """Return every case form of the names that are letters and stand for one number."""
    spelt: dict[str, int] = {}
    for name, numbers in table.items():
        bare = _bare(name, language)
        if len(numbers) == 1 and len(bare) >= shortest and not any(c.isdigit() for c in bare):
            for form in _case_forms(bare, language):
                spelt.setdefault(form, numbers[0])
    return spelt


def _weekdays(table: Mapping[str, list[int]], language: str) -> dict[str, int]:
    weekdays: dict[str, int] = {}
    for name, (number, *_) in table.items():
        short = (name.removesuffix("-feira"),) if language == "pt" else ()
        for bare in (name.replace("’", "'"), *short):
            for form in _case_forms(bare, language):
                weekdays[form] = number
    return weekdays


def _bare(name: str, language: str) -> str:
    """Return a month name without its dot and, in Catalan, without its preposition."""
    bare = name.rstrip(".॰׳")
    if language == "ca":
        bare = bare.removeprefix("de ").removeprefix("d’")
    return bare


def _case_forms(name: str, language: str) -> Iterable[str]:
    """Return a name with a capital, in capitals and, where that is no other word, in lower case."""
    lower = "" if language in CAPITALISED else name.lower()
    upper = upper_case(name, language)
    capital = upper_case(name[0], language) + name[1:]
    forms = [name, capital, upper, lower]
    if language in _OFTEN_UNACCENTED:
        forms += [_unaccented(form) for form in (upper, lower, capital)]
    if language == "ar":
        forms += [re.sub("[أإآ]", "ا", name), name.replace("أ", "إ", 1)]
    return dict.fromkeys(form for form in forms if form)


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))


def upper_case(text: str, language: str | None) -> str:
    """Return a text in capitals, with the dotted capital of Turkish and Azerbaijani."""
    if language in {"tr", "az"}:
        text = text.replace("i", "İ")
    return text.upper()


def weekday_name(weekday: int) -> str:
    """Return the English name of an ISO weekday, 1 (Monday) to 7."""
    kinds = read_table()["en"]["days-wide"]
    return next(name for name, numbers in kinds.items() if weekday in numbers)
