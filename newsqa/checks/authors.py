"""Names of authors that are something else: a date, or the outlet itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.dates import mentions
from newsqa.dates.names import language_code, names
from newsqa.text.urls import brand, registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME = 300
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)")
_YEAR_ONLY = re.compile(r"\W*(?:19|20)\d\d\W*")
_NUMERIC = re.compile(r"(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{2,4}(?!\d)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")


@check
class AuthorIs(RecordCheck):
    """Forbids authors that are something else than an author.

    Args:
        kind: `date` for a day, a clock time, a year or a weekday with a month; `source` for the
            name or the domain of the outlet.
    """

    key: ClassVar[str] = "author-is"

    kind: Literal["date", "source"]

    def fields(self) -> frozenset[str]:
        """Return the authors."""
        return frozenset({"authors"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where there is a digit among the authors, or the name of the outlet."""
        if self.kind == "date":
            return pl.col("authors").list.join(" ", ignore_nulls=True).str.contains(r"\d")
        return pl.struct("source", "authors").map_batches(_name_outlet, return_dtype=pl.Boolean())

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield one hit an author."""
        outlet = _names_of_outlet(row.text("source")) if self.kind == "source" else frozenset()
        for author in row["authors"] or ():
            name = (author or "")[:_LONGEST_NAME]
            if _key(name) in outlet or (self.kind == "date" and is_date(name, row["language"])):
                yield Hit("authors", values={"author": name})


def _name_outlet(columns: pl.Series) -> pl.Series:
    """Return whether an author is called as the outlet; names are compared once, not by record."""
    frame = columns.struct.unnest().with_row_index("index")
    named = frame.explode("authors", empty_as_null=True).drop_nulls(["source", "authors"])
    authors = named["authors"].unique()
    sources = named["source"].unique()
    keys = pl.DataFrame(
        {"authors": authors, "key": [_key(name[:_LONGEST_NAME]) for name in authors]},
        schema={"authors": pl.String, "key": pl.String},
    )
    outlets = pl.DataFrame(
        [(source, key) for source in sources for key in _names_of_outlet(source)],
        schema={"source": pl.String, "key": pl.String},
        orient="row",
    )
    found = named.join(keys, on="authors").join(outlets, on=["source", "key"])
    return frame["index"].is_in(found["index"].implode())


def is_date(name: str, language: str | None = None) -> bool:
    """Return whether an author's name holds a day or a clock time, or is a year.

    A number alone is no date: outlets are called France 24 and 20 Minutes.
    """
    if not _DIGIT.search(name):
        return False
    if _YEAR_ONLY.fullmatch(name) or _CLOCK.search(name) or _NUMERIC.search(name):
        return True
    known = names(language_code(language))
    words = set(_WORD.findall(name))
    if words & known.months.keys() and words & known.weekdays.keys():
        return True
    return any(True for _ in mentions(name, None, None)) or _is_bare_day(name)


def _is_bare_day(name: str) -> bool:
    """Return whether a month with a day or a year is all that a name consists of."""
    words = re.findall(r"[^\W_]+", name)
    months = names(None).months
    named = sum(word in months for word in words)
    return (
        named == 1 and len(words) <= 3 and all(word in months or word.isdigit() for word in words)
    )


@lru_cache(maxsize=4096)
def _names_of_outlet(source: str) -> frozenset[str]:
    """Return the source and what can be told of its name from its domain, as comparable keys."""
    keys = {_key(source)}
    domain = registered_domain(source)
    if domain:
        keys |= {_key(domain), _key(brand(domain))}
    return frozenset(keys - {""})


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold().removeprefix("www."))
