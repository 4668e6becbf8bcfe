"""newsqa as a contestant: the dozen as rules of one's own, as a suite, and its whole catalogue."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
)

import newsqa
from newsqa.config import Config, Rules
from newsqa.readers import Reading
from newsqa.run import How

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAMILY = "DOZ"

# A rule of one's own names a check of newsqa and its parameters. What a URL and a language must
# look like is built in: `URL_FORM` and `LANGUAGES` are not asked for, and fail the same records.
_RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "url-present": ("schema", {"column": "url", "constraint": "present"}),
    "url-form": ("schema", {"column": "url", "constraint": "well-formed"}),
    "url-unique": ("same-value", {"of": "url"}),
    "title-present": ("schema", {"column": "title", "constraint": "present"}),
    "title-length": (
        "length",
        {"look_in": "title", "shorter_than": TITLE[0], "longer_than": TITLE[1]},
    ),
    "body-length": ("length", {"look_in": "body", "shorter_than": BODY[0], "longer_than": BODY[1]}),
    "body-template": ("patterns", {"look_in": ["body"], "patterns": [TEMPLATE]}),
    "body-furniture": (
        "patterns",
        {"look_in": ["body"], "patterns": [re.escape(phrase) for phrase in FURNITURE]},
    ),
    "published-early": (
        "instant-range",
        {"field": "published", "earliest": f"{EARLIEST:%Y-%m-%d}"},
    ),
    "published-late": ("instant-order", {"field": "published", "other": "crawled"}),
    "language-known": ("schema", {"column": "language", "constraint": "known"}),
    "authors-present": ("presence", {"required": ["authors"]}),
}
_COLUMN = "expect_column_"
_SUITE: dict[str, tuple[str, dict[str, Any]]] = {
    "url-present": (_COLUMN + "values_to_not_be_null", {"column": "url"}),
    "url-form": (_COLUMN + "values_to_match_regex", {"column": "url", "regex": URL_FORM}),
    "url-unique": (_COLUMN + "values_to_be_unique", {"column": "url"}),
    "title-present": (_COLUMN + "values_to_not_be_null", {"column": "title"}),
    "title-length": (
        _COLUMN + "value_lengths_to_be_between",
        {"column": "title", "min_value": TITLE[0], "max_value": TITLE[1]},
    ),
    "body-length": (
        _COLUMN + "value_lengths_to_be_between",
        {"column": "body", "min_value": BODY[0], "max_value": BODY[1]},
    ),
    "body-template": (
        _COLUMN + "values_to_not_match_regex",
        {"column": "body", "regex": TEMPLATE},
    ),
    "body-furniture": (
        _COLUMN + "values_to_not_match_regex",
        {"column": "body", "regex": "|".join(re.escape(phrase) for phrase in FURNITURE)},
    ),
    "published-early": (
        _COLUMN + "values_to_be_between",
        {"column": "published", "min_value": EARLIEST.isoformat()},
    ),
    "published-late": (
        _COLUMN + "pair_values_a_to_be_greater_than_b",
        {
            "column_A": "crawled",
            "column_B": "published",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    ),
    "language-known": (
        _COLUMN + "values_to_be_in_set",
        {"column": "language", "value_set": LANGUAGES},
    ),
    "authors-present": (_COLUMN + "values_to_not_be_null", {"column": "authors"}),
}


def readers(path: Path) -> None:
    """Read the records as newsqa reads them, and check nothing."""
    for _ in Reading([str(path)]):
        pass


def catalogue(path: Path) -> None:
    """Check by every rule, in one process."""
    newsqa.check(path, now=NOW)


def catalogue_by_processes(path: Path) -> None:
    """Check by every rule, in one process a core, as the command line does."""
    newsqa.check(path, now=NOW, how=How(jobs=os.cpu_count() or 1))


def dozen_as_rules(path: Path) -> Counts:
    """Count the records that each of twelve rules of one's own finds at fault.

    A repeated URL is reported at its repetitions, which name the first; it is counted too.
    """
    with _rule_file() as folder:
        config = Config(validators=[str(folder)], rules=Rules(select=[FAMILY]))
        found = newsqa.check(path, config=config, now=NOW).findings
    records = found.group_by("name").agg(pl.struct("path", "line").n_unique()).rows()
    counts = dict.fromkeys(CHECKS, 0) | dict(records)
    counts["url-unique"] += found.filter(pl.col("name") == "url-unique").select(
        pl.col("evidence").str.json_path_match("$.cluster").n_unique()
    ).item()  # fmt: skip
    return counts


def dozen_as_suite(path: Path) -> Counts:
    """Count by a suite of twelve expectations, judged natively."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "dozen.json")
        file.write_text(json.dumps(suite()), "utf-8")
        config = Config(suites=[str(file)], rules=Rules(select=["EXP"]))
        (result,) = newsqa.check(path, config=config, now=NOW).suites
    assert {outcome.engine for outcome in result.outcomes} == {"native"}
    failing = [outcome.result["unexpected_count"] for outcome in result.outcomes]
    return dict(zip(CHECKS, failing, strict=True))


def suite() -> dict[str, Any]:
    """Return the dozen as Great Expectations writes suites."""
    return {
        "name": "dozen",
        "expectations": [
            {"type": kind, "kwargs": kwargs, "meta": {}, "severity": "critical"}
            for kind, kwargs in (_SUITE[name] for name in CHECKS)
        ],
    }


@contextmanager
def _rule_file() -> Iterator[Path]:
    """Give a folder with the dozen as a rule file."""
    entries = [f'family = "{FAMILY}"\ntitle = "Dozen"\nabout = "A dozen checks."\n']
    for number, name in enumerate(CHECKS, 1):
        check, params = _RULES[name]
        table = ", ".join(f"{key} = {json.dumps(value)}" for key, value in params.items())
        fields = {
            "code": f"{FAMILY}{number:03}",
            "name": name,
            "summary": name,
            "rationale": "To measure.",
            "fix": "None.",
            "severity": "error",
            "check": check,
            "message": name,
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
        entries.append("\n".join(["[[rule]]", *lines, "good = []", "bad = []"]))
        entries.append(f"params = {{ {table} }}\n")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "dozen.toml").write_text("\n".join(entries), "utf-8")
        yield Path(folder)
