"""Days close to a known one that texts seem to name; for screens: too many, and never too few.

Whether a match is a date, what surrounds it tells, and which day it means, its year: both are dear
to find out (`newsqa.dates.find`). Few texts name a day that a screen looks for, however their
matches are read; so here every match is a date, of whatever year brings it close.
"""

from __future__ import annotations

import polars as pl

from newsqa.dates import pattern as p
from newsqa.dates.find import groups_of, written
from newsqa.dates.mention import DIGITS

_OTHER_DIGITS = "[٠-٩۰-۹०-९０-９]+"
_WEEKDAYS = ("ahead", "bracketed", "signed", "spaced")


def days_near(texts: pl.DataFrame, early: int, late: int) -> pl.DataFrame:
    """Return the days close to a known one that texts in any language seem to name.

    Args:
        texts: `index`, `text` and the day `known`; where it is null, none is close.
        early: Days from the known one to the first that is close.
        late: Days to the last one.

    Returns:
        `index`, `date` and the number of the `weekday` beside it, which is null here: one row each
        time that a day is named.
    """
    return _close(texts.drop_nulls("known"), p.lexicon().pattern, early, late)


def weekdays_near(texts: pl.DataFrame, early: int, late: int) -> pl.DataFrame:
    """Return those beside which the texts seem to name a weekday, likewise."""
    words, dated = p.lexicon(), texts.drop_nulls("known")
    signs = (pl.col("text").str.contains(sign) for sign in words.weekday_signs)
    ahead = _close(dated, words.weekday_first, early, late)
    behind = _close(dated.filter(pl.any_horizontal(signs)), words.weekday_last, early, late)
    return pl.concat([ahead, behind]).drop_nulls("weekday")


def _close(texts: pl.DataFrame, pattern: str, early: int, late: int) -> pl.DataFrame:
    matches = _matches(texts, p.for_rust(pattern))
    days = _days(matches["match"].unique(), p.for_rust(pattern))
    date = (pl.col("known").cast(pl.Int32) + pl.col("later")).cast(pl.Date)
    close = (
        matches.select(pl.col("known").unique())
        .join(pl.DataFrame({"later": range(early, late + 1)}), how="cross")
        .select("known", date.alias("date"))
        .with_columns(
            pl.col("date").dt.day().cast(pl.Int32).alias("day"),
            pl.col("date").dt.month().cast(pl.Int32).alias("month"),
        )
    )
    found = matches.join(days, on="match").join(close, on=["known", "day", "month"])
    return found.select("index", "date", "weekday")


def _matches(texts: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Return the matches in each text, whatever digits it writes."""
    # One pass looks for these digits, too: another one would take as long.
    found = _extracted(texts, f"{pattern}|{_OTHER_DIGITS}")
    others = found.filter(pl.col("match").str.contains(rf"\A{_OTHER_DIGITS}"))["index"].unique()
    if others.is_empty():
        return found
    is_other = pl.col("index").is_in(others.implode())
    folded = pl.col("text").str.replace_many(list(DIGITS), list(DIGITS.values()))
    again = _extracted(texts.filter(is_other).with_columns(folded), pattern)
    return pl.concat([found.filter(~is_other), again])


def _extracted(texts: pl.DataFrame, pattern: str) -> pl.DataFrame:
    matches = pl.col("text").str.extract_all(pattern).alias("match")
    return texts.select("index", "known", matches).explode("match").drop_nulls("match")


def _days(matches: pl.Series, pattern: str) -> pl.DataFrame:
    """Return day, month and weekday of each match, and both ends of a range, without a weekday."""
    words = p.lexicon()
    groups = matches.to_frame("match").select(groups_of(pattern)).unnest("match")
    told = [name for name in _WEEKDAYS if name in groups.columns]
    word = pl.coalesce(told) if told else pl.lit(None, pl.String)
    weekday = word.replace_strict(
        list(words.weekdays), list(words.weekdays.values()), default=None, return_dtype=pl.Int8
    )
    # What follows a match may tell that "April 10 - 12 euros" is no range.
    is_range = pl.col("other").is_not_null() & pl.col("b2").is_null()
    found = (
        groups.with_columns(matches.alias("match"), weekday.alias("weekday"), after=pl.lit(""))
        .with_columns(*written(words))
        .with_columns(pl.when(~is_range).then("weekday"))
    )
    ends = found.drop_nulls("other").with_columns(pl.col("other").alias("day"), weekday=None)
    return pl.concat(
        rows.select("match", "day", "month", pl.col("weekday").cast(pl.Int8))
        for rows in (found, ends)
    )
