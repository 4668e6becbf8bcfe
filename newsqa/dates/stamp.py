"""Dates of record fields: the instant that a scraper wrote as text, number or list.

Read are ISO 8601 and what people write instead of it, RFC 822, Unix time, compact digits, lists of
`feedparser`, numeric dates such as 04/10/2025 (their order is given from outside) and dates with
month names in every language of `newsqa.dates.cldr`. Relative phrases ("2 hours ago") and
impossible dates are no dates: their raw text is all there is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsqa.dates.cldr import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 120

# Zones that feeds and pages name; every other abbreviation counts as no zone at all.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "mez": 60,
    "mesz": 120, "wet": 0, "west": 60, "eet": 120, "eest": 180, "msk": 180, "trt": 180,
    "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
}  # fmt: skip

_CLOCK = (
    r"(?P<h>\d{1,2})[:.hH](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s*(?P<ap>[aApP])\.?[mM]\b\.?)?"
)
_ZONE = r"(?:GMT|UTC)?(?P<sign>[+-])(?P<zh>\d{2}):?(?P<zm>\d{2})?|(?P<zn>[A-Za-z]{1,4})"
_TAIL = rf"(?:[T,\s|–—-]+(?:{_CLOCK})[\s,]*\(?(?:{_ZONE})?\)?(?:\s*UTC)?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})\s?[-/.年년]\s?(?P<m>\d{{1,2}})\s?[-/.月월]\s?(?P<d>\d{{1,2}})[日일.]?{_TAIL}"
)
_DIGITS = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:[T ]?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?P<zn>[zZ])?)?"
)
_NUMERIC = re.compile(
    rf"(?:[^\W\d_]{{2,15}}\.?,?\s+)?(?P<a>\d{{1,2}})\s?(?P<sep>[./-])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?"
    rf"(?P<y>\d{{4}}|\d{{2}})\.?{_TAIL}"
)
_UNIX = re.compile(r"-?\d{9,19}(?:\.\d{1,9})?|0")
_TIME = re.compile(rf"(?<![\d.:]){_CLOCK}(?![\d:])\s*\(?(?:(?:{_ZONE})(?![^\W_]))?\)?")
_ZONE_NAME = re.compile(r"\[[A-Za-z_/]{1,40}\]$")
_WORD = re.compile(r"\d+|[^\s\d.,;:/()|+_–—-]+")
_ISO_LENGTHS = range(10, 36)


@dataclass(frozen=True, slots=True)
class Stamp:
    """An instant as a record states it.

    Args:
        at: The instant in UTC; without a zone UTC is assumed, without a clock midnight.
        zone: Whether a zone was given.
        clock: Whether a time of day was given.
    """

    at: datetime
    zone: bool
    clock: bool

    @property
    def micros(self) -> int:
        """Microseconds since 1970."""
        return (self.at - EPOCH) // _MICROSECOND


def parse_stamp(value: Any, *, day_first: bool = True, language: str | None = None) -> Stamp | None:
    """Return the instant that a field value states, or None where it states none.

    Args:
        value: Text, number (Unix time, seconds to nanoseconds), list of numbers, date or datetime.
        day_first: How to read `04/10/2025`; without effect where one of the numbers is above 12.
        language: Code of the language or of the country, for the few month names that mean
            different months: `listopada` is October in Croatian and November in Polish.
    """
    if isinstance(value, str):
        return _of_text(value, day_first, (language or "")[:2].casefold())
    if isinstance(value, datetime):
        return _made(value, zone=value.tzinfo is not None, clock=True)
    if isinstance(value, date):
        return Stamp(
            datetime(value.year, value.month, value.day, tzinfo=UTC), zone=False, clock=False
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_unix(repr(value))
    if isinstance(value, (list, tuple)):
        return _of_list(value)
    return None


class Instant(NamedTuple):
    """A stamp as a batch holds it: microseconds since 1970, and what was given."""

    micros: int
    zone: bool
    clock: bool


def iso_instant(text: str) -> Instant | None:
    """Return what `parse_stamp` reads from ISO 8601 with four digits and a hyphen before all else.

    None for every other text, which says nothing about it.
    """
    if not 10 <= len(text) <= 35 or text[4] != "-":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant_of(at, clock=len(text) > 10)


def instant_of(at: datetime, *, clock: bool = True) -> Instant | None:
    """Return a time as `parse_stamp` reads it; None in the first and the last year that there are.

    In UTC these may lie in a year that no date has.
    """
    if at.year in {1, 9999}:
        return None
    zone = at.tzinfo is not None
    since = (at if zone else at.replace(tzinfo=UTC)) - EPOCH
    return Instant(since // _MICROSECOND, zone, clock)


def is_ambiguous(text: str) -> bool:
    """Return whether a text is a numeric date whose day and month could be swapped."""
    parts = numeric_parts(text)
    return parts is not None and parts[0] != parts[1] and max(parts[:2]) <= 12


@lru_cache(maxsize=65536)
def numeric_parts(text: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a date such as `04/10/2025`, first, second and year, else None.

    Dates with dots are left out: no country writes the month first with dots.
    """
    match = _NUMERIC.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None or match["sep"] == ".":
        return None
    return int(match["a"]), int(match["b"]), _full_year(match["y"])


def _of_text(text: str, day_first: bool, language: str) -> Stamp | None:
    if len(text) in _ISO_LENGTHS and text[4] in "-0123456789" and not text.isdigit():
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return _made(at, zone=at.tzinfo is not None, clock=len(text) > 10)
    text = text.strip()
    if not 0 < len(text) <= _LONGEST:
        return None
    return _parsed(text, day_first, language if language in _clashing() else "")


@lru_cache(maxsize=65536)
def _parsed(text: str, day_first: bool, language: str) -> Stamp | None:
    text = _ZONE_NAME.sub("", unicodedata.normalize("NFKC", text).translate(_PLAIN)).strip()
    if _UNIX.fullmatch(text) and not _is_compact_date(text):
        return _of_unix(text)
    for pattern in (_DIGITS, _YEAR_FIRST):
        if match := pattern.fullmatch(text):
            return _assembled(int(match["y"]), int(match["m"]), int(match["d"]), match.groupdict())
    if match := _NUMERIC.fullmatch(text):
        first, second = int(match["a"]), int(match["b"])
        swap = first <= 12 and (second > 12 or not (day_first or match["sep"] == "."))
        day, month = (second, first) if swap else (first, second)
        return _assembled(_full_year(match["y"]), month, day, match.groupdict())
    return _of_words(text, _months(language))


# Marks of direction, and a byte order mark, are invisible and say nothing.
_PLAIN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))


def _is_compact_date(text: str) -> bool:
    match = _DIGITS.fullmatch(text)
    return (
        match is not None
        and len(text) in {8, 12, 14}
        and 1900 <= int(match["y"]) <= 2100
        and (1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31)
    )


def _of_unix(text: str) -> Stamp | None:
    """Return the stamp of Unix time; the number of digits tells its unit."""
    try:
        number = float(text)
    except ValueError:
        return None
    size = abs(number)
    if not (size == 0 or 1e8 <= size < 1e20):
        return None
    unit = next((u for limit, u in ((1e11, 1), (1e14, 1e3), (1e17, 1e6)) if size < limit), 1e9)
    try:
        return Stamp(EPOCH + timedelta(seconds=number / unit), zone=True, clock=True)
    except OverflowError:
        return None


def _of_list(parts: list[Any] | tuple[Any, ...]) -> Stamp | None:
    """Return the stamp of a `time.struct_time` written as a list; feedparser's are in UTC."""
    numbers = [part for part in parts if isinstance(part, int) and not isinstance(part, bool)]
    if len(numbers) != len(parts) or len(numbers) not in {3, 6, 7, 8, 9}:
        return None
    try:
        at = datetime(*numbers[:6], tzinfo=UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None
    return Stamp(at, zone=len(numbers) > 3, clock=len(numbers) > 3)


def _of_words(text: str, names: Mapping[str, int]) -> Stamp | None:
    """Return the stamp of a date with a month name, such as `Thu, 10 Apr 2025 14:30:00 GMT`."""
    clock: dict[str, str | None] = {}
    found = _TIME.search(text)
    if found:
        clock = found.groupdict()
        text = f"{text[: found.start()]} {text[found.end() :]}"
    months, numbers, unknown = [], [], 0
    for word in _WORD.findall(_folded(text)):
        if word.isdecimal():
            numbers.append(int(word))
        elif month := names.get(word):
            months.append(month)
        else:
            unknown += len(word) > 3
    days = [n for n in numbers if 1 <= n <= 31]
    years = [n for n in numbers if 1000 <= n <= 9999]
    if len(months) != 1 or len(days) != 1 or len(years) != 1 or len(numbers) != 2 or unknown > 4:
        return None
    return _assembled(years[0], months[0], days[0], clock)


@lru_cache(maxsize=8)
def _months(language: str) -> dict[str, int]:
    """Return the month names of all languages, folded; where they disagree, those of one."""
    names: dict[str, int] = {}
    for name, meanings in _meanings().items():
        months = {m for m, codes in meanings.items() if len(meanings) == 1 or language in codes}
        if len(months) == 1:
            names[name] = min(months)
    return names


@lru_cache(maxsize=1)
def _meanings() -> dict[str, dict[int, set[str]]]:
    """Return for every folded name its months, and the languages that it has them in."""
    meanings: dict[str, dict[int, set[str]]] = {}
    for code, kinds in read_table().items():
        for kind in ("months-wide", "months-abbreviated"):
            for name, numbers in kinds[kind].items():
                folded = _folded(name.rstrip("."))
                if not any(c.isdecimal() or c.isspace() for c in folded):
                    for month in numbers:
                        meanings.setdefault(folded, {}).setdefault(month, set()).add(code)
    return meanings


@lru_cache(maxsize=1)
def _clashing() -> frozenset[str]:
    """Return the languages that share a name for different months."""
    clashes = (m for m in _meanings().values() if len(m) > 1)
    return frozenset(code for clash in clashes for codes in clash.values() for code in codes)


def _folded(text: str) -> str:
    """Return text without case and accents, so that `AĞUSTOS` and `Ağustos` are one."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _assembled(year: int, month: int, day: int, clock: dict[str, str | None]) -> Stamp | None:
    given = clock.get("h") is not None
    minutes = _offset(clock) if given else None
    try:
        at = datetime(
            year,
            month,
            day,
            _hour(int(clock["h"] or 0), clock.get("ap")) if given else 0,
            int(clock.get("mi") or 0),
            int(clock.get("s") or 0),
            int((clock.get("f") or "0")[:6].ljust(6, "0")),
            tzinfo=None if minutes is None else timezone(timedelta(minutes=minutes)),
        )
    except (ValueError, OverflowError):
        return None
    return _made(at, zone=minutes is not None, clock=given)


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half in "pP" else 0)


def _offset(clock: dict[str, str | None]) -> int | None:
    """Return minutes east of UTC, or None where no known zone is given."""
    if clock.get("sign"):
        minutes = int(clock["zh"] or 0) * 60 + int(clock["zm"] or 0)
        return -minutes if clock["sign"] == "-" else minutes
    return _ZONES.get((clock.get("zn") or "").casefold())


def _made(at: datetime, *, zone: bool, clock: bool) -> Stamp | None:
    try:
        utc = at.astimezone(UTC) if zone else at.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return Stamp(utc, zone, clock)
