"""The date in a URL: `/2025/04/10/`, `/2025/apr/10/`, `2025-04-10`, `20250410`, `/2025/04/`.

Only the path counts. A day needs its closing slash, else the first number of a slug is taken for it
(`/2023/10/3-fragen-an-...`); figures need delimiters, else an identifier is; a month alone needs
two digits, else the number of an issue is. Measured on 490 URLs with known publication dates: 91 %
name the same day, 6.5 % the day beside it, 2.4 % another.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from newsqa.dates.names import names

_YEAR = "(?:19|20)[0-9]{2}"
_NAMED = ("en", "de", "es", "fr", "it", "nl", "pt", "tr")
_PATH = r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*(/[^?#;]*)"
_MONTH = rf"/(?P<y>{_YEAR})[/-](?P<m>[0-9]{{2}})/"


@dataclass(frozen=True, slots=True)
class UrlDate:
    """What the path of a URL says about time.

    Args:
        year: The year.
        month: The month.
        day: The day, or None where the path stops at the month.
        start: Character offset in the URL.
        end: Character offset behind it.
        kind: `path` (segments of their own), `slug` (behind words of the slug, where it may be the
            day of the event), `words` (between words of the slug, where it mostly is), `figures`
            (eight digits, which may be an identifier), or `month`.
    """

    year: int
    month: int
    day: int | None
    start: int
    end: int
    kind: str

    @property
    def date(self) -> date | None:
        """The day, or None where the path stops at the month."""
        return date(self.year, self.month, self.day) if self.day else None

    def __str__(self) -> str:
        """Return the date as ISO 8601."""
        month = f"{self.year}-{self.month:02}"
        return f"{month}-{self.day:02}" if self.day else month


def url_date(url: str) -> UrlDate | None:
    """Return the date in the path of a URL, a day before a mere month, or None."""
    path = re.match(_PATH, url)
    if not path:
        return None
    for pattern in (_day_pattern(), _MONTH):
        match = re.search(pattern, path[1])
        found = match and _read(match, path.start(1))
        if found:
            return found
    return None


def url_day(url: pl.Expr) -> pl.Expr:
    """Return the day in the path of a URL, null where it names none."""
    groups = url.str.extract(_PATH, 1).str.extract_groups(_day_pattern())
    named = _field(groups, "n1").str.to_lowercase()
    by_name = named.replace_strict(
        list(_month_names()), [str(n) for n in _month_names().values()], default=None
    )
    return _to_date(
        _field(groups, "y1", "y2", "y3", "y4"),
        pl.coalesce(by_name, _field(groups, "m1", "m2", "m3", "m4")),
        _field(groups, "d1", "d2", "d3", "d4"),
    )


def url_month(url: pl.Expr) -> pl.Expr:
    """Return the first day of the month in the path of a URL, null where it names none."""
    groups = url.str.extract(_PATH, 1).str.extract_groups(_MONTH)
    return _to_date(_field(groups, "y"), _field(groups, "m"), pl.lit("01"))


def _field(groups: pl.Expr, *names_: str) -> pl.Expr:
    return pl.coalesce(groups.struct.field(name) for name in names_)


def _to_date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    text = pl.format("{}-{}-{}", year, month.str.zfill(2), day.str.zfill(2))
    return text.str.to_date("%Y-%m-%d", strict=False)


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Return month names as slugs spell them: in lower case, without accents."""
    months: dict[str, set[int]] = {}
    for language in _NAMED:
        for spelling, month in names(language).months.items():
            plain = unicodedata.normalize("NFKD", spelling.casefold()).replace("ı", "i")
            slug = "".join(c for c in plain if c.isascii() and c.isalpha())
            months.setdefault(slug, set()).add(month)
    return {slug: next(iter(found)) for slug, found in months.items() if len(found) == 1}


@lru_cache(maxsize=1)
def _day_pattern() -> str:
    """Return the expression of a day; the digit in a group's name is its form."""
    named = "|".join(sorted(_month_names(), key=lambda s: (-len(s), s)))
    return (
        rf"/(?P<y1>{_YEAR})[/-](?:(?P<m1>[0-9]{{1,2}})|(?P<n1>(?i:{named})))[/-]"
        r"(?P<d1>[0-9]{1,2})/"
        rf"|/(?P<y2>{_YEAR})/(?P<m2>[0-9]{{2}})(?P<d2>[0-9]{{2}})/"
        rf"|[^0-9](?P<y3>{_YEAR})-(?P<m3>[0-9]{{2}})-(?P<d3>[0-9]{{2}})(?:[^0-9]|$)"
        rf"|[/_.-](?P<y4>{_YEAR})(?P<m4>[0-9]{{2}})(?P<d4>[0-9]{{2}})(?:[/_.-]|$)"
    )


def _read(match: re.Match[str], shift: int) -> UrlDate | None:
    group = {name[0]: text for name, text in match.groupdict().items() if text}
    form = next((name[1:] for name, text in match.groupdict().items() if text), "")
    month = _month_names()[group["n"].lower()] if "n" in group else int(group["m"])
    year, day = int(group["y"]), int(group.get("d", 0))
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    kind = {"": "month", "4": "figures"}.get(form, "path")
    if form == "3" and match[0][0] != "/":
        kind = "words" if re.match(r"-[A-Za-z]{2}", match.string[match.end("d3") :]) else "slug"
    start = shift + match.start(f"y{form}")
    end = shift + match.end(f"d{form}" if day else "m")
    return UrlDate(year, month, day or None, start, end, kind)
