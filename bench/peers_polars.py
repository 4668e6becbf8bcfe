"""The dozen by libraries that validate Polars frames, each in its own way of saying things."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polars as pl
from dozen import (
    BODY,
    CHECKS,
    EARLIEST,
    FURNITURE,
    LANGUAGES,
    TEMPLATE,
    TITLE,
    URL_FORM,
    Counts,
    read,
)

ANY_FURNITURE = "|".join(re.escape(phrase) for phrase in FURNITURE)


def pandera(path: Path) -> Counts:
    """Count by a schema of `pandera.polars`, validated lazily, so that it reports all failures.

    `unique=True` would hold missing URLs for repetitions of each other, so uniqueness is a check.
    """
    import pandera.polars as pa
    from pandera.errors import SchemaErrors

    def check(holds: pl.Expr) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(holds))

    url, body = pl.col("url"), pl.col("text")
    columns = {
        "url": [pa.Check.str_matches(URL_FORM), check(url.is_null() | url.is_unique())],
        "title": [pa.Check.str_length(*TITLE)],
        "text": [
            pa.Check.str_length(*BODY),
            check(~body.str.contains(TEMPLATE)),
            check(~body.str.contains_any(FURNITURE)),
        ],
        "published": [pa.Check.ge(EARLIEST)],
        "language": [pa.Check.isin(LANGUAGES)],
        "authors": [check(pl.col("authors").list.len() > 0)],
    }
    names = {
        ("url", None): "url-present",
        ("url", 0): "url-form",
        ("url", 1): "url-unique",
        ("title", None): "title-present",
        ("title", 0): "title-length",
        ("text", 0): "body-length",
        ("text", 1): "body-template",
        ("text", 2): "body-furniture",
        ("published", 0): "published-early",
        (None, 0): "published-late",
        ("language", 0): "language-known",
        ("authors", 0): "authors-present",
    }
    schema = pa.DataFrameSchema(
        {n: pa.Column(checks=c, nullable=n == "published") for n, c in columns.items()},
        checks=check(pl.col("published") <= pl.col("scraped")),
    )
    counts = dict.fromkeys(CHECKS, 0)
    try:
        schema.validate(read(path), lazy=True)
    except SchemaErrors as errors:
        failed = errors.failure_cases.group_by("column", "check_number").len()
        for column, number, count in failed.iter_rows():
            counts[names[column, number]] += count
    return counts


def pointblank(path: Path) -> Counts:
    """Count by a plan of Pointblank, without the extracts of failing rows that it keeps."""
    import pointblank as pb

    plan = (
        pb.Validate(read(path))
        .col_vals_not_null("url")
        .col_vals_regex("url", URL_FORM, na_pass=True)
        .rows_distinct("url", pre=lambda frame: frame.filter(pl.col("url").is_not_null()))
        .col_vals_not_null("title")
        .col_vals_str_len("title", *TITLE, na_pass=True)
        .col_vals_str_len("text", *BODY, na_pass=True)
        .col_vals_regex("text", TEMPLATE, na_pass=True, inverse=True)
        .col_vals_regex("text", ANY_FURNITURE, na_pass=True, inverse=True)
        .col_vals_ge("published", EARLIEST, na_pass=True)
        .col_vals_le("published", pb.col("scraped"), na_pass=True)
        .col_vals_in_set("language", LANGUAGES)
        .col_vals_expr(pl.col("authors").list.len() > 0)
        .interrogate(collect_extracts=False)
    )
    return dict(zip(CHECKS, plan.n_failed().values(), strict=True))


def dataframely(path: Path) -> Counts:
    """Count by a schema of dataframely, which parts good rows from bad ones.

    Its own lengths are bytes; characters take an expression.
    """
    import dataframely as dy

    class Article(dy.Schema):
        url = dy.String(nullable=False, regex=URL_FORM)
        title = dy.String(
            nullable=False, check=lambda title: title.str.len_chars().is_between(*TITLE)
        )
        text = dy.String(
            nullable=True,
            check={
                "length": lambda body: body.str.len_chars().is_between(*BODY),
                "template": lambda body: ~body.str.contains(TEMPLATE),
                "furniture": lambda body: ~body.str.contains_any(FURNITURE),
            },
        )
        published = dy.Datetime(nullable=True, min=EARLIEST, time_zone="UTC")
        scraped = dy.Datetime(nullable=True, time_zone="UTC")
        language = dy.String(nullable=True, check=lambda code: code.is_in(LANGUAGES))
        authors = dy.List(dy.String(nullable=True), nullable=True, min_length=1)

        @dy.rule()
        def unique_url(cls) -> pl.Expr:  # noqa: N805
            return pl.col("url").is_null() | pl.col("url").is_unique()

        @dy.rule()
        def not_late(cls) -> pl.Expr:  # noqa: N805
            return pl.col("published") <= pl.col("scraped")

    failed = Counter(Article.filter(read(path))[1].counts())
    return {
        "url-present": failed["url|nullability"],
        "url-form": failed["url|regex"],
        "url-unique": failed["unique_url"],
        "title-present": failed["title|nullability"],
        "title-length": failed["title|check"],
        "body-length": failed["text|check__length"],
        "body-template": failed["text|check__template"],
        "body-furniture": failed["text|check__furniture"],
        "published-early": failed["published|min"],
        "published-late": failed["not_late"],
        "language-known": failed["language|check"],
        "authors-present": failed["authors|min_length"],
    }


def cuallee(path: Path) -> Counts:
    """Count by a check of cuallee over Polars.

    Its own predicates hold a missing value for a failure; where that must not be, and where it has
    no predicate, the rule is a condition in SQL.
    """
    from cuallee import Check, CheckLevel

    def quoted(pattern: str) -> str:
        return "'" + pattern.replace("'", "''") + "'"

    check = (
        Check(CheckLevel.WARNING, "dozen")
        .is_complete("url")
        .satisfies("url", f"url IS NULL OR REGEXP_LIKE(url, {quoted(URL_FORM)})")
        .is_unique("url", ignore_nulls=True)
        .is_complete("title")
        .satisfies("title", "title IS NULL OR CHAR_LENGTH(title) BETWEEN {} AND {}".format(*TITLE))
        .satisfies("text", "CHAR_LENGTH(text) BETWEEN {} AND {}".format(*BODY))
        .satisfies("text", f"NOT REGEXP_LIKE(text, {quoted(TEMPLATE)})")
        .satisfies("text", f"NOT REGEXP_LIKE(text, {quoted(ANY_FURNITURE)})")
        .satisfies("published", "published IS NULL OR EXTRACT(YEAR FROM published) >= 2000")
        .satisfies("published", "published IS NULL OR published <= scraped")
        .is_contained_in("language", LANGUAGES)
        .satisfies("authors", "ARRAY_LENGTH(authors) > 0")
    )
    return dict(zip(CHECKS, check.validate(read(path))["violations"], strict=True))
