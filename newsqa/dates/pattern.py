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
_ORDINAL = r"(?:[.ºª°η]|\.º|:?e|er|re|ᵉʳ|ER|RE|e?ro|o\.?|st|nd|rd|th|ST|ND|RD|TH|-?(?:го|ого|ое|е))"
_OF = "(?:of |de la |del? |d['’]|do |OF |DE LA |DEL? |D['’]|DO |من |ב)"
TO = (
    f"(?:{SPACE}?[-–—/]{SPACE}?|{GAP}(?:fino )?all['’]"
    f"|{GAP}(?:t/m|to|and|or|bis|und|oder|al|y|o|a|e|et|au|ou|en|tot|of|ve|ile"
    f"|i|и|по|до|та|do|og|och|till|til|ja|až|și|إلى|حتى|و|hasta|até|fino|jusqu['’]au){GAP}"
    "(?:the |el |le |il |al |o |ao |den |dem |zum )?)"
)
_TO_FIRST = f"(?:{SPACE}?[-–—/]{SPACE}?|{GAP}(?:to|and|or|through|until){GAP})"
_TO_DATE = (
    f"{SPACE}?[,.]?{SPACE}{{0,2}}(?:,? ?(?:the|den|dem|le|el|o|il|dia|día|ngày|d\\.|du|del) )?"
)

_BEFORE_WORD = "(?:^|[ \n\t(,;:–—\u00a0\"“'’/-])"

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
# Figures without a year: only behind a weekday or a word of time; elsewhere they count something.
_DOTTED = rf"\b(?P<hd>{_DAY})\.{SPACE}?(?P<hm>{_DAY})\."
_SLASHED = rf"\b(?P<hd2>{_DAY})/(?P<hm2>{_DAY})\b"
DOTTED_LANGUAGES = ("de", "cs", "sk", "da", "nb", "fi", "et", "hr", "sl")
SLASHED_LANGUAGES = ("pt", "es", "it", "fr", "ca")
_DOTTED_WORDS = (
    "am",
    "vom",
    "zum",
    "ab",
    "seit",
    "bis",
    "den",
    "dem",
    "heute",
    "gestern",
    "morgen",
)
_SLASHED_WORDS = (
    *(
        "hoje",
        "ontem",
        "anteontem",
        "amanhã",
        "dia",
        "hoy",
        "ayer",
        "día",
        "oggi",
        "ieri",
        "domani",
    ),
    *("aujourd['’]hui", "hier", "demain"),
)
AFTER_FIGURES = f"^{SPACE}?(?:[%°€$£]|Uhr|Prozent|Euro|h\\b)"
_THANG = rf"\b(?P<gd>{_DAY}) [Tt]háng (?P<gm>{_DAY})\b(?:,? (?:[Nn]ăm )?(?P<gy>{_YEAR})\b)?"

# The groups that hold the number of a year, a day or a month, whatever the form.
YEARS = ("ay", "by", "bp", "cy", "dy", "ey", "fy", "gy")
DAYS = ("ad", "bd", "cd", "cd2", "cd3", "dd", "fd", "gd", "hd", "hd2")
MONTHS = ("cm", "cm2", "cm3", "dm", "dm2", "fm", "gm", "hm", "hm2")

# What shows that the number beside the month is no day. Only looked for next to a match.
GLUED = "^[^ .0-9\u00a0\u2009\u202f]+[0-9]"
BEFORE_ANY = r"(?:[0-9][.,:/-]|[$€£]|N[°º] ?|№ ?)$"
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
        weekday_first: A weekday and the date behind it.
        weekday_last: A date and the weekday behind it.
        weekday_signs: Quick expressions of which one finds every text with a weekday behind a date,
            and more.
        dotted_before: Ends the text before a day and month in figures without a year, "10.4.".
        slashed_before: The same for "10/4".
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
    weekday_first: str
    weekday_last: str
    weekday_signs: tuple[str, str]
    dotted_before: str
    slashed_before: str

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


def _lexicon(table: Names) -> Lexicon:
    language = table.language
    forms = [_ISO, _FIGURES, _SLASHES, _SIGNS, _THANG]
    dotted = language is None or language in DOTTED_LANGUAGES
    slashed = language is None or language in SLASHED_LANGUAGES
    if dotted:
        forms.append(_DOTTED)
    if slashed:
        forms.append(_SLASHED)
    if table.month_first:
        forms.append(_month_first(table.month_first))
    if table.months:
        forms.insert(0, _day_first(table.months, table.weekdays))
    weekdays = dict(table.weekdays) | _east_asian_weekdays()
    pattern = "|".join(forms)
    ahead = alternatives(_weekdays_ahead(table))
    after = _weekday_after(language, table.weekdays, weekdays)
    return Lexicon(
        language=language,
        months=dict(table.months),
        doubtful=table.doubtful,
        weekdays=weekdays,
        day_first=None if language is None else language in DAY_FIRST or None,
        pattern=pattern,
        weekday_before=f"{_BEFORE_WORD}({ahead}){_TO_DATE}$",
        weekday_after=f"^{after}",
        weekday_any=alternatives(table.weekdays),
        weekday_first=f"(?P<ahead>{ahead}){_TO_DATE}(?:{pattern})",
        weekday_last=f"(?:{pattern}){after}",
        weekday_signs=_weekday_signs(language, table.weekdays, weekdays),
        dotted_before=_figures_before(language, DOTTED_LANGUAGES, _DOTTED_WORDS),
        slashed_before=_figures_before(language, SLASHED_LANGUAGES, _SLASHED_WORDS),
    )


def _figures_before(language: str | None, codes: Iterable[str], words: Iterable[str]) -> str:
    """Return what must stand before figures without a year, so that they are a day and month.

    Args:
        language: The language, or None for all that write such figures.
        codes: The languages that write them.
        words: The words of time that may stand there instead of a weekday.
    """
    known = [code for code in codes if language in {None, code}]
    weekdays = {word for code in known for word in names(code).weekdays}
    if not weekdays:
        return r"[^\s\S]"
    either_case = "|".join(f"{word}|{word.capitalize()}" for word in words)
    day = f"(?:{alternatives(weekdays)})[a-zäöü]{{0,10}}"
    return f"{_BEFORE_WORD}(?:{day}|{either_case})[ ,(]{{1,3}}$"


def _day_first(months: Iterable[str], weekdays: Iterable[str]) -> str:
    month = f"(?:{alternatives(months)})\\.?"
    # "jeudi 12 et vendredi 13 décembre", "am Freitag, 12., und Samstag, 13. Dezember"
    weekday = f"(?:(?:{alternatives(weekdays)}),?{GAP}(?:dem |den |le |el )?)?"
    arabic_twin = f"(?:{SPACE}?[/(]{SPACE}?[\u0621-\u064a]{{3,9}}\\)?)?"
    return (
        rf"\b(?:(?P<a0>{_DAY}){_ORDINAL}?(?:,{SPACE}?{_DAY}{_ORDINAL}?){{0,6}},?{TO}{weekday})?(?P<ad>{_DAY})"
        rf"(?:{_ORDINAL}?{GAP}{_OF}?|[./-])(?P<am>{month}){arabic_twin}"
        rf"(?:(?:,?{GAP}(?:del? |of |do )?|[./-])(?P<ay>{_YEAR})\b)?"
    )


def _month_first(months: Iterable[str]) -> str:
    month = f"(?:{alternatives(months)})\\.?"
    return (
        rf"(?:\b(?P<bp>{_YEAR})\.?{GAP}(?:m\.{GAP})?)?(?P<bm>{month})"
        rf"(?:{GAP}(?:the )?)?(?P<bd>{_DAY})(?:st|nd|rd|th|ST|ND|RD|TH)?\b"
        rf"(?:(?:,{SPACE}?{_DAY}){{0,6}}{_TO_FIRST}(?P<b2>{_DAY})(?:st|nd|rd|th|ST|ND|RD|TH)?\b)?"
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


def _weekday_signs(
    language: str | None, own: Iterable[str], everyone: Iterable[str]
) -> tuple[str, str]:
    """Return expressions of what only stands behind a date.

    Two, since either is fast to search for, and both together are not.
    """
    signs, words = _bare_weekdays(language, own)
    bare = f"|{SPACE}(?:{alternatives(words)})" if words else ""
    return f"[(（](?:{alternatives(everyone)})[)）]", f"{alternatives(signs)}{bare}"


def _bare_weekdays(language: str | None, own: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the weekdays that need no brackets behind a date, those in signs apart."""
    signs = [name for name in _east_asian_weekdays() if len(name) > 1]
    words = list(own) if language == "az" else []
    return signs, list(names("tr").weekdays) if language in {None, "tr"} else words


def _weekday_after(language: str | None, own: Iterable[str], everyone: Iterable[str]) -> str:
    """Return the expression of a weekday behind its date: "10 Nisan Perşembe", "4月10日(木)".

    Other languages write it so only in brackets; without them the weekday begins something new.
    """
    signs, words = _bare_weekdays(language, own)
    spaced = r"(?P<spaced>[^\s\S])"
    if words:
        spaced = f"{SPACE}(?P<spaced>{alternatives(words)})(?:[ ,.;:)\n'’-]|$)"
    bracketed = f"[(（](?P<bracketed>{alternatives(everyone)})[)）]"
    return f"{SPACE}?(?:{bracketed}|(?P<signed>{alternatives(signs)})|{spaced})"
