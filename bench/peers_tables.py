"""The dozen by Great Expectations on pandas, and by DuckDB."""

from __future__ import annotations

import os
import re
from pathlib import Path

from dozen import BODY, CHECKS, EARLIEST, FURNITURE, LANGUAGES, TEMPLATE, TITLE, URL_FORM, Counts

ANY_FURNITURE = "|".join(re.escape(phrase) for phrase in FURNITURE)
_COLUMNS = {
    "url": "VARCHAR",
    "title": "VARCHAR",
    "text": "VARCHAR",
    "published": "TIMESTAMPTZ",
    "scraped": "TIMESTAMPTZ",
    "authors": "VARCHAR[]",
    "language": "VARCHAR",
}


def great_expectations(path: Path) -> Counts:
    """Count by a suite of Great Expectations over a pandas frame.

    An expectation cannot ask for the length of a list, so a column has it.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd
    from great_expectations.data_context.types.base import ProgressBarsConfig

    frame = pd.read_json(path, lines=True, dtype=False)
    for name in ("published", "scraped"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    frame["author_count"] = frame["authors"].map(len)
    expectations = [
        gxe.ExpectColumnValuesToNotBeNull(column="url"),
        gxe.ExpectColumnValuesToMatchRegex(column="url", regex=URL_FORM),
        gxe.ExpectColumnValuesToBeUnique(column="url"),
        gxe.ExpectColumnValuesToNotBeNull(column="title"),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="title", min_value=TITLE[0], max_value=TITLE[1]
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="text", min_value=BODY[0], max_value=BODY[1]
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(column="text", regex=TEMPLATE),
        gxe.ExpectColumnValuesToNotMatchRegex(column="text", regex=ANY_FURNITURE),
        gxe.ExpectColumnValuesToBeBetween(column="published", min_value=EARLIEST),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="scraped",
            column_B="published",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        gxe.ExpectColumnValuesToBeInSet(column="language", value_set=LANGUAGES),
        gxe.ExpectColumnValuesToBeBetween(column="author_count", min_value=1),
    ]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("bench").add_dataframe_asset("news")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="dozen", expectations=expectations)
    results = batch.validate(suite, result_format="BASIC").results
    return {
        name: found.result["unexpected_count"] for name, found in zip(CHECKS, results, strict=True)
    }


def duckdb(path: Path) -> Counts:
    """Count by one query of DuckDB over the file."""
    import duckdb as db

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in _COLUMNS.items())
    failing = {
        "url-present": "url IS NULL",
        "url-form": f"NOT regexp_matches(url, {quoted(URL_FORM)})",
        "url-unique": "url IS NOT NULL AND same > 1",
        "title-present": "title IS NULL",
        "title-length": "length(title) NOT BETWEEN {} AND {}".format(*TITLE),
        "body-length": "length(text) NOT BETWEEN {} AND {}".format(*BODY),
        "body-template": f"regexp_matches(text, {quoted(TEMPLATE)})",
        "body-furniture": f"regexp_matches(text, {quoted(ANY_FURNITURE)})",
        "published-early": f"published < TIMESTAMPTZ {quoted(EARLIEST.isoformat())}",
        "published-late": "published > scraped",
        "language-known": f"language NOT IN ({', '.join(map(quoted, LANGUAGES))})",
        "authors-present": "len(authors) = 0",
    }
    counted = ", ".join(f"count(*) FILTER ({failing[name]})" for name in CHECKS)
    news = f"read_json(?, format = 'newline_delimited', columns = {{{columns}}})"
    numbered = f"SELECT *, count(*) OVER (PARTITION BY url) AS same FROM {news}"  # noqa: S608
    query = f"SELECT {counted} FROM ({numbered})"  # noqa: S608  from this file alone
    found = db.connect().execute(query, [str(path)]).fetchone()
    assert found is not None
    return dict(zip(CHECKS, found, strict=True))
