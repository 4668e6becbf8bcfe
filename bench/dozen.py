"""A dozen checks of scraped news that every validator can be asked for, defined once.

A check counts the records that fail it. A missing value fails the checks that ask for it and no
others, so that one fault is counted once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from vocabulary import WORDS

CHECKS = {
    "url-present": "it has no URL",
    "url-form": "its URL is not `https://`, a host with a dot, and a path",
    "url-unique": "another record has the same URL",
    "title-present": "it has no headline",
    "title-length": "its headline has fewer than 10 or more than 200 characters",
    "body-length": "its text has fewer than 200 or more than 30,000 characters",
    "body-template": "its text holds code of a template, by a pattern of three alternatives",
    "body-furniture": "its text holds one of 40 phrases of page furniture, in ten languages",
    "published-early": "it was published before the year 2000",
    "published-late": "it was published after it was scraped",
    "language-known": "its language is none of ten codes",
    "authors-present": "its list of authors is empty",
}
"""The checks, and when a record fails them."""
Counts = dict[str, int]
"""Failing records by check."""

URL_FORM = r"^https?://[^\s/]+\.[^\s/]+/\S*$"
TITLE = (10, 200)
BODY = (200, 30_000)
TEMPLATE = r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|<%[^%\n]*%>"
FURNITURE = [phrase for table in WORDS.values() for phrase in table["furniture"]]
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LANGUAGES = list(WORDS)
STAMP = "%Y-%m-%dT%H:%M:%S%:z"


def read(path: Path) -> pl.DataFrame:
    """Return the records with dates as dates, as the peers that take Polars frames are given them.

    Columns: url, title, text, description, section, language (strings), published and scraped
    (Datetime, UTC), authors (list of strings).
    """
    stamps = pl.col("published", "scraped").str.to_datetime(STAMP, time_zone="UTC")
    return pl.read_ndjson(path).with_columns(stamps)


def broken() -> dict[str, pl.Expr]:
    """Return what is true of a failing record, by check, in plain Polars."""
    url, title, body = pl.col("url"), pl.col("title"), pl.col("text")
    return {
        "url-present": url.is_null(),
        "url-form": ~url.str.contains(URL_FORM),
        "url-unique": url.is_not_null() & url.is_duplicated(),
        "title-present": title.is_null(),
        "title-length": ~title.str.len_chars().is_between(*TITLE),
        "body-length": ~body.str.len_chars().is_between(*BODY),
        "body-template": body.str.contains(TEMPLATE),
        "body-furniture": body.str.contains_any(FURNITURE),
        "published-early": pl.col("published") < EARLIEST,
        "published-late": pl.col("published") > pl.col("scraped"),
        "language-known": ~pl.col("language").is_in(LANGUAGES),
        "authors-present": pl.col("authors").list.len() == 0,
    }


def polars(path: Path) -> Counts:
    """Count with plain Polars, in one query: the least that these checks can cost."""
    counts = read(path).lazy().select(e.sum().alias(name) for name, e in broken().items())
    return counts.collect().row(0, named=True)
