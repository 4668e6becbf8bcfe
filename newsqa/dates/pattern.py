r"""The regular expressions of explicit day dates, one set a language, for Polars and for Python.

Both engines read the same text: the only construct on which they differ, `\b`, is written for
Python (ASCII word boundary under `re.ASCII`) and translated for Rust, where the ASCII boundary is
also the one that keeps the fast engine on texts that are not English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from newsqa.dates.cldr import read_table
from newsqa.dates.names import DAY_FIRST, every_name, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsqa.dates.names import Names

SPACE = "[ \u00a0\u2009\u202f]"
GAP = SPACE + "{1,2}"
_DAY = "[0-9]{1,2}"
_YEAR = "[12][0-9]{3}"
_DASH = "[-–—]"
_ORDINAL = "(?:[.ºª°η]|:?e|er|re|st|nd|rd|th|-?(?:го|ого|ое|е))"
_OF = "(?:of |de la |del? |d['’]|do |من |ב)"
_TO = (
    f"(?:{SPACE}?[-–—/]{SPACE}?|{GAP}(?:to|and|or|bis|und|oder|al|y|o|a|e|et|au|ou|en|tot|of|ve|ile"
    f"|i|и|по|до|та|do|og|och|till|til|ja|až|și|إلى|و){GAP}"
    "(?:the |el |le |il |o |ao |den |dem |zum )?)"
)
_TO_FIRST = f"(?:{SPACE}?[-–—/]{SPACE}?|{GAP}(?:to|and|or|through|until){GAP})"
_TO_DATE = (
    f"{SPACE}?[,.]?{SPACE}{{0,2}}(?:,? ?(?:the|den|dem|le|el|o|il|dia|día|ngày|d\\.|du|del) )?"
)

# A date written in figures, or with the signs of Chinese, Japanese, Korean and Vietnamese.
_ISO = (
    rf"\b(?P<cy>(?:19|20)[0-9]{{2}})"
    rf"(?:-(?P<cm>[0-9]{{2}})-(?P<cd>[0-9]{{2}})|/(?P<cm2>{_DAY})/(?P<cd2>{_DAY})"
    rf"|\.{SPACE}?(?P<cm3>{_DAY})\.{SPACE}?(?P<cd3>{_DAY}))"
)
_FIGURES = (
    rf"\b(?P<dd>{_DAY})(?:\.{SPACE}?(?P<dm>{_DAY})\.{SPACE}?|-(?P<dm2>{_DAY})-)(?P<dy>{_YEAR})\b"
)
_SLASHES = rf"\b(?P<e1>{_DAY})/(?P<e2>{_DAY})/(?P<ey>{_YEAR})\b"
_SIGNS = (
    rf"(?:(?P<fy>{_YEAR}){SPACE}?[年년]{SPACE}?)?"
    rf"(?P<fm>{_DAY}){SPACE}?[月월]{SPACE}?(?P<fd>{_DAY}){SPACE}?[日号號일]"
)
_THANG = rf"\b(?P<gd>{_DAY}) [Tt]háng (?P<gm>{_DAY})\b(?:,? (?:[Nn]ăm )?(?P<gy>{_YEAR})\b)?"

# What shows that the number beside the month is no day. Only looked for next to a match.
GLUED = "^[^ .0-9\u00a0\u2009\u202f]+[0-9]"
BEFORE_ANY = r"(?:[0-9][.,:/-]|[$€£])$"
BEFORE_DAY = (
    r"(?:[A-Za-z]-|(?:^|[ (])(?:Avenida|Avda?\.?|Calle|C/|Plaza|Barrio|Colonia|Estadio|Hospital"
    r"|Movimiento|Rua|Praça|Via|Viale|Piazza|Corso|Largo|[Rr]ue|[Pp]lace|[Aa]venue|[Bb]oulevard"
    r"|Straße|Platz|Article|Artikel|Artículo|Articolo|Artigo|Art\.|§|ул\.|улица)"
    f"{SPACE}(?:del? |d[ou] |des )?)$"
)
BEFORE_MONTH = f"(?:^|[ (])(?:[Ii]m|[Aa]nfang|[Mm]itte|[Ee]nde|[Ss]eit|[Aa]b){SPACE}$"
IN = f'(?:^|[ ("“\n])[Ii]n{SPACE}$'
AFTER_ANY = "^(?:[0-9]|/[0-9])"
AFTER_IN = f"^{SPACE}[a-z]"
AFTER_FIRST = (
    rf"^(?:[.][0-9]|,[0-9]{{3}}|:[0-9]{{2}}|{SPACE}?[%°€£$]|{SPACE}[ap]\.?m\b"
    rf"|{SPACE}(?:percent|per cent|people|persons|million|billion|trillion|thousand|hundred"
    rf"|years?|months?|weeks?|days?|hours?|minutes?|seconds?|points?|goals?|times|miles|km|kg"
    rf"|men|women|children|others|dollars|euros|pounds|degrees)\b)"
)
AFTER_DAY = (
    rf"^{SPACE}(?:Stad|Mahalle|Üniversite|Şehit|Demokrasi|Cadde|Bulvar|Köprü|Meydan|Caddesi)"
)
# Behind "9. Jan" a capital means that Jan is a person.
AFTER_JAN = f"^{SPACE}[A-Z]"


@dataclass(frozen=True)
class Lexicon:
    """Names and expressions of one language, or of all where the language is None.

    Args:
        language: CLDR code, or None.
        months: Spelling to month, without dots.
        doubtful: Spellings that need a year behind a day, as in `newsqa.dates.names.Names`.
        weekdays: Spelling to ISO weekday.
        day_first: Whether `03/04/2025` has the day first; None where that is not known.
        pattern: Every form of a date, with named groups; the letter of a group is its form.
        weekday_before: Finds the weekday that ends the text before a date.
        weekday_after: Finds the weekday that begins the text behind a date.
        weekday_any: Finds any weekday.
        weekday_hint: Quick expression that finds every text with a weekday beside a date, and more.
    """

    language: str | None
    months: dict[str, int]
    doubtful: frozenset[str]
    weekdays: dict[str, int]
    day_first: bool | None
    pattern: str
    weekday_before: str
    weekday_after: str
    weekday_any: str
    weekday_hint: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern for Python."""
        return re.compile(self.pattern, re.ASCII)

    @cached_property
    def rust(self) -> str:
        """The pattern for Polars."""
        return for_rust(self.pattern)


def for_rust(pattern: str) -> str:
    r"""Return a pattern of this module for Rust: `\b` becomes the ASCII word boundary."""
    return pattern.replace(r"\b", r"(?-u:\b)")


def alternatives(spellings: Iterable[str]) -> str:
    """Return an alternation of literal spellings, longer ones first."""
    return "|".join(re.escape(s) for s in sorted(spellings, key=lambda s: (-len(s), s)))


@lru_cache(maxsize=64)
def lexicon(language: str | None = None) -> Lexicon:
    """Return the lexicon of a language by its CLDR code, or the union for unknown languages."""
    return _lexicon(names(language))


@lru_cache(maxsize=1)
def dateline_lexicon() -> Lexicon:
    """Return the lexicon with every abbreviation of every language."""
    return _lexicon(every_name())


@lru_cache(maxsize=12)
def month_hint(month: int) -> str:
    """Return a quick expression that finds every text with a date in a month, and more."""
    named = alternatives(name for name, number in names(None).months.items() if number == month)
    return (
        rf"[0-9](?:{_ORDINAL}?{GAP}{_OF}?|[./-])(?:{named})|(?:{named})\.?(?:{GAP}(?:the )?)?[0-9]"
        rf"|[-/.]{SPACE}?0?{month}[-/.]|\b0?{month}/[0-9]|0?{month}{SPACE}?[月월]|háng 0?{month}"
        r"|[\p{Nd}--0-9]"
    )


def _lexicon(table: Names) -> Lexicon:
    language = table.language
    forms = [_ISO, _FIGURES, _SLASHES, _SIGNS, _THANG]
    if table.month_first:
        forms.append(_month_first(table.month_first))
    if table.months:
        forms.insert(0, _day_first(table.months))
    weekdays = dict(table.weekdays) | _east_asian_weekdays()
    return Lexicon(
        language=language,
        months=dict(table.months),
        doubtful=table.doubtful,
        weekdays=weekdays,
        day_first=None if language is None else language in DAY_FIRST or None,
        pattern="|".join(forms),
        weekday_before=(
            f"(?:^|[ \n\t(,;:–—\u00a0\"“'’/-])({alternatives(_weekdays_ahead(table))}){_TO_DATE}$"
        ),
        weekday_after=_weekday_after(language, table.weekdays, weekdays),
        weekday_any=alternatives(table.weekdays),
        weekday_hint=_weekday_hint(table, weekdays),
    )


def _day_first(months: Iterable[str]) -> str:
    month = f"(?:{alternatives(months)})\\.?"
    arabic_twin = f"(?:{SPACE}?[/(]{SPACE}?[\u0621-\u064a]{{3,9}}\\)?)?"
    return (
        rf"\b(?:(?P<a0>{_DAY}){_ORDINAL}?{_TO})?(?P<ad>{_DAY})"
        rf"(?:{_ORDINAL}?{GAP}{_OF}?|[./-])(?P<am>{month}){arabic_twin}"
        rf"(?:(?:,?{GAP}(?:del? |of |do )?|[./-])(?P<ay>{_YEAR})\b)?"
    )


def _month_first(months: Iterable[str]) -> str:
    month = f"(?:{alternatives(months)})\\.?"
    return (
        rf"(?:\b(?P<bp>{_YEAR})\.?{GAP}(?:m\.{GAP})?)?(?P<bm>{month})"
        rf"(?:{GAP}(?:the )?)?(?P<bd>{_DAY})(?:st|nd|rd|th)?\b"
        rf"(?:{_TO_FIRST}(?P<b2>{_DAY})(?:st|nd|rd|th)?\b)?"
        rf"(?:(?:,{SPACE}?|{GAP})(?P<by>{_YEAR})\b)?"
    )


@lru_cache(maxsize=1)
def _east_asian_weekdays() -> dict[str, int]:
    """Return the weekdays of Chinese, Japanese and Korean, also by one sign (`木`)."""
    table: dict[str, int] = {}
    for language in ("ja", "ko", "zh"):
        kinds = read_table()[language]
        for kind in ("days-wide", "days-abbreviated"):
            table |= {name: numbers[0] for name, numbers in kinds[kind].items()}
    return table


def _weekdays_ahead(table: Names) -> list[str]:
    """Return the weekdays that may stand before a date.

    The Turkish word for Sunday is a market there: Turkish writes weekdays behind their dates.
    """
    markets = {word for word, day in names("tr").weekdays.items() if day == 7}
    return [word for word in table.weekdays if word not in markets]


def _weekday_hint(table: Names, weekdays: Iterable[str]) -> str:
    first = alternatives(table.month_first)
    ahead = f"(?:{alternatives(table.weekdays)}){_TO_DATE}(?:{first + '|' if first else ''}[0-9])"
    months = alternatives(table.months) or "[月월]"
    year = f"\\.?(?:{SPACE}{_YEAR})?"
    return (
        f"{ahead}|[0-9日號号일]{SPACE}?[(（](?:{alternatives(weekdays)})"
        f"|[0-9日號号일]{SPACE}?(?:{alternatives(w for w in weekdays if len(w) > 1)})"
        f"|(?:{months}){year}{SPACE}?[(（]?(?:{alternatives(weekdays)})"
    )


def _weekday_after(language: str | None, own: Iterable[str], everyone: Iterable[str]) -> str:
    """Return the expression of a weekday behind its date: "10 Nisan Perşembe", "4月10日(木)".

    Other languages write it so only in brackets; without them the weekday begins something new.
    """
    signs = [name for name in _east_asian_weekdays() if len(name) > 1]
    words = list(own) if language == "az" else []
    if language in {None, "tr"}:
        words = list(names("tr").weekdays)
    plain = f"|{SPACE}({alternatives(words)})(?:[ ,.;:)\n'’-]|$)" if words else r"|([^\s\S])"
    return f"^{SPACE}?(?:[(（]({alternatives(everyone)})[)）]|({alternatives(signs)}){plain})"
