"""The day dates that many texts name, in Polars; `newsqa.dates.mention` says what is found and how.

Polars gives no offsets of regular expressions. So every match is put between two characters that
no text has, the text is cut there, and the lengths of the pieces add up to the offsets.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from newsqa.dates import pattern as p
from newsqa.dates.mention import (
    ANY_YEAR,
    CLOSE,
    CONTEXT,
    DIGITS,
    FUTURE_DAYS,
    OPEN,
    Mention,
    day_of,
    mentions,
)
from newsqa.dates.names import language_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from newsqa.dates.pattern import Lexicon

__all__ = ["Mention", "find_dates", "mentions"]

_FOLDED = f"[٠-٩۰-۹०-९０-９{OPEN}{CLOSE}]"
_LETTER = r"[\p{L}\p{M}\p{N}_]"
SCHEMA = {
    "index": pl.UInt32(),
    "start": pl.UInt32(),
    "end": pl.UInt32(),
    "date": pl.Date(),
    "year_given": pl.Boolean(),
    "weekday": pl.Int8(),
    "ranged": pl.Boolean(),
}


# Groups that are absent where no name is known or the language has no such form.
_GROUPS = ("a0", "ad", "am", "ay", "b2", "bd", "bm", "bp", "by", "hd", "hm", "hd2", "hm2")


def find_dates(
    texts: Sequence[str | None] | pl.Series,
    references: Sequence[date | datetime | str | None] | pl.Series,
    languages: Sequence[str | None] | pl.Series | str | None = None,
) -> pl.DataFrame:
    """Return the day dates that texts name, resolved against the day each text was written.

    Args:
        texts: The texts.
        references: One day or instant a text, also as ISO 8601; where it is null, only dates with
            a year count.
        languages: One language for all, or one a text (`en`, `pt-BR`); null where unknown.

    Returns:
        A frame sorted by `index` (of the text) and `start` with `start` and `end` (character
        offsets), `date`, `year_given`, `weekday` and `ranged` (see `Mention`).
    """
    frame = pl.DataFrame(
        {
            "text": pl.Series(texts, dtype=pl.String),
            "reference": _days(references),
        }
    ).with_row_index("index")
    if languages is None or isinstance(languages, str):
        found = [find_by(p.lexicon(language_code(languages)), frame)]
    else:
        stated = pl.Series(languages, dtype=pl.String)
        codes = {raw: language_code(raw) for raw in stated.unique().to_list()}
        coded = frame.with_columns(code=pl.Series([codes[raw] for raw in stated], dtype=pl.String))
        found = [
            find_by(p.lexicon(key[0] if isinstance(key[0], str) else None), part.drop("code"))
            for key, part in coded.partition_by("code", as_dict=True).items()
        ]
    return pl.concat(found).sort("index", "start", "date") if found else pl.DataFrame(schema=SCHEMA)


def _days(references: Sequence[date | datetime | str | None] | pl.Series) -> pl.Series:
    if isinstance(references, pl.Series) and references.dtype != pl.String:
        return references.cast(pl.Date)
    return pl.Series([day_of(reference) for reference in references], dtype=pl.Date)


def find_by(lexicon: Lexicon, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the dates of a frame with `index`, `text` and `reference`, all of one language."""
    if frame["text"].str.contains(_FOLDED).any():
        plain = {**DIGITS, OPEN: "\ufffd", CLOSE: "\ufffd"}
        frame = frame.with_columns(
            pl.col("text").str.replace_many(list(plain), list(plain.values()))
        )
    hits = frame.filter(pl.col("text").str.contains(lexicon.rust))
    if hits.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = _cut(hits, lexicon)
    rows = rows.with_columns(groups_of(lexicon.rust)).unnest("match")
    missing = [pl.lit(None, pl.String).alias(g) for g in _GROUPS if g not in rows.columns]
    rows = rows.with_columns(missing).filter(~_disproved(lexicon))
    rows = rows.with_columns(written(lexicon)).with_columns(year=_year_or_that_of_the_end())
    return _resolved(rows, lexicon)


@lru_cache(maxsize=64)
def groups_of(pattern: str) -> pl.Expr:
    """Return the groups of a Rust pattern in `match`; Polars compiles it to make the expression."""
    return pl.col("match").str.extract_groups(pattern)


def _cut(hits: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    """Return one row a match with its offsets and the text on either side of it."""
    marked = pl.col("text").str.replace_all(lexicon.rust, f"{OPEN}${{0}}{CLOSE}")
    match, rest = pl.col("field_0"), pl.col("field_1")
    length = match.str.len_chars() + rest.str.len_chars().fill_null(0)
    return (
        hits.select("index", "reference", marked.str.split(OPEN))
        .explode("text")
        .with_columns(pl.col("text").str.splitn(CLOSE, 2))
        .unnest("text")
        .with_columns(
            start=length.cum_sum().over("index") - length,
            before=pl.coalesce(rest, match).shift(1).str.tail(CONTEXT),
            after=rest.str.head(CONTEXT),
        )
        .filter(rest.is_not_null())
        .select(
            "index",
            "reference",
            "start",
            (pl.col("start") + match.str.len_chars()).alias("end"),
            "before",
            "after",
            match.alias("match"),
            match.alias("matched"),
        )
    )


def _contains(column: str, pattern: str) -> pl.Expr:
    return pl.col(column).str.contains(p.for_rust(pattern))


def _has(group: str) -> pl.Expr:
    return pl.col(group).is_not_null()


def _disproved(lexicon: Lexicon) -> pl.Expr:
    """Whether its surroundings show that a match is no date; `mention._is_disproved` in Polars."""
    letter_before = _contains("before", f"{_LETTER}$") & (
        ~_has("fd") | _contains("before", r"\p{Nd}$")
    )
    day = _contains("before", p.BEFORE_DAY) | _contains("after", p.AFTER_DAY)
    person = pl.col("am").is_in(["Jan", "JAN"]) & _contains("after", p.AFTER_JAN)
    doubtful = pl.col("am").is_in(list(lexicon.doubtful))
    day |= ~_has("ay") & (doubtful | person | _contains("after", f"^{_LETTER}"))
    yearless = ~_has("by") & ~_has("bp")
    month = (
        (~_has("bp") & _contains("matched", p.GLUED))
        | _contains("before", p.BEFORE_MONTH)
        | (yearless & _contains("before", p.IN) & _contains("after", p.AFTER_IN))
        | ((~_has("b2") | _has("by")) & _contains("after", p.AFTER_FIRST))
    )
    figures = _has("hm") | _has("hm2")
    dotted, slashed = lexicon.dotted_before, lexicon.slashed_before
    return (
        (_has("hm") & ~_contains("before", dotted))
        | (_has("hm2") & ~_contains("before", slashed))
        | (figures & _contains("after", p.AFTER_FIGURES))
        | _contains("before", p.BEFORE_ANY)
        | _contains("after", p.AFTER_ANY)
        | letter_before
        | (_has("am") & day)
        | (_has("bm") & month)
    )


def written(lexicon: Lexicon) -> list[pl.Expr]:
    """Return day, month, year and the other end of a range as the text writes them.

    They are told from the groups of a match and the text `after` it.
    """
    first, second = _number("e1"), _number("e2")
    ordered = pl.lit(bool(lexicon.day_first)) | (first > 12) | (first == second)
    slash_day = pl.when(second > 12).then(second).when(ordered).then(first)
    slash_month = pl.when(second > 12).then(first).when(ordered).then(second)
    name = pl.coalesce("am", "bm").str.strip_chars_end(".")
    month = name.replace_strict(
        list(lexicon.months), list(lexicon.months.values()), default=None, return_dtype=pl.Int32
    )
    day = pl.coalesce(_numbers(*p.DAYS), slash_day)
    counts = _has("bm") & _contains("after", p.AFTER_FIRST)
    from_day = pl.when(_number("a0") < day).then(_number("a0"))
    to_day = pl.when((_number("b2") > day) & ~counts).then(_number("b2"))
    return [
        day.alias("day"),
        pl.coalesce(month, _numbers(*p.MONTHS), slash_month).alias("month"),
        _numbers(*p.YEARS).alias("year"),
        pl.coalesce(from_day, to_day).alias("other"),
    ]


def _year_or_that_of_the_end() -> pl.Expr:
    """Return the year, or that of the date to which one leads; `mention._year_of_the_end`."""
    end, month, year = (pl.col(name).shift(-1).over("index") for name in ("day", "month", "year"))
    leads = pl.col("before").shift(-1).over("index").str.contains(p.for_rust(f"^(?:{p.TO})$"))
    later = (pl.col("month") > month) | ((pl.col("month") == month) & (pl.col("day") > end))
    return pl.coalesce("year", pl.when(leads & end.is_not_null()).then(year - later.cast(pl.Int32)))


def _number(group: str) -> pl.Expr:
    return pl.col(group).cast(pl.Int32)


def _numbers(*groups: str) -> pl.Expr:
    return pl.coalesce(*(_number(group) for group in groups))


def _resolved(rows: pl.DataFrame, lexicon: Lexicon) -> pl.DataFrame:
    rows = rows.with_columns(ranged=_has("other"))
    ends = rows.filter(_has("other")).with_columns(day=pl.col("other"))
    limit = pl.col("reference").dt.offset_by(f"{FUTURE_DAYS}d")
    now = pl.col("reference").dt.year()
    ahead, same = _date(now + 1), _date(now)
    inferred = (
        pl.when(ahead <= limit).then(ahead).when(same <= limit).then(same).otherwise(_date(now - 1))
    )
    resolved = pl.when(_has("year")).then(_date(pl.col("year"))).otherwise(inferred)
    return (
        pl.concat([rows, ends])
        .with_columns(date=resolved, year_given=_has("year"))
        .filter(_has("date"))
        .with_columns(weekday=pl.when(~pl.col("ranged")).then(_weekday(lexicon)))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def _date(year: pl.Expr) -> pl.Expr:
    """Return the day of a year, null where there is none such or Python cannot hold it."""
    text = pl.format(
        "{}-{}-{}",
        year.cast(pl.String).str.zfill(4),
        pl.col("month").cast(pl.String).str.zfill(2),
        pl.col("day").cast(pl.String).str.zfill(2),
    )
    return pl.when(year.is_between(1, 9999)).then(text.str.to_date("%Y-%m-%d", strict=False))


def _weekday(lexicon: Lexicon) -> pl.Expr:
    """Return the weekday beside a date; `mention._weekday` in Polars."""
    years = (
        pl.col("before")
        .str.extract_all(p.for_rust(ANY_YEAR))
        .list.eval(pl.element().cast(pl.Int32))
    )
    own = pl.col("date").dt.year()
    other_year = (years.list.min() != own) | (years.list.max() != own)
    ahead = pl.col("before").str.extract(p.for_rust(lexicon.weekday_before), 1)
    single = pl.col("before").str.count_matches(lexicon.weekday_any) == 1
    behind = pl.coalesce(
        pl.col("after").str.extract(p.for_rust(lexicon.weekday_after), n) for n in (1, 2, 3)
    )
    word = pl.when(ahead.is_null()).then(behind).when(single).then(ahead)
    number = word.replace_strict(
        list(lexicon.weekdays),
        list(lexicon.weekdays.values()),
        default=None,
        return_dtype=pl.Int8,
    )
    return pl.when(~other_year.fill_null(False)).then(number)  # noqa: FBT003  a fill value
