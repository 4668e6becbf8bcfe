"""A suite proposed from a crawl that was good: what it was like, with room to either side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = ("title", "body", "url", "published", "source", "section", "language", "summary")
_CRITICAL = ("title", "body")
_MOST_VALUES = 20
_LEAST_FILLED = 0.5
_ROOM = 0.02

Entry = dict[str, Any]


def propose(name: str, records: pl.LazyFrame, sources: pl.DataFrame) -> Entry:
    """Return a suite as GX writes it, which the crawl itself meets.

    Args:
        name: Name of the suite.
        records: Records with the columns of `newsqa.suites.frames.RECORD_COLUMNS`.
        sources: Sources, as `newsqa.suites.frames.sources_frame` gives them.
    """
    figures = records.select(*_figures()).collect().row(0, named=True)
    entries = [*_of_records(figures), *_of_sources(sources)]
    return {
        "name": name,
        "expectations": entries,
        "meta": {"newsqa": {"frame": "records"}},
        "notes": f"Proposed from {figures['n']} records of {sources.height} sources.",
    }


def _figures() -> Iterator[pl.Expr]:
    yield pl.len().alias("n")
    for name in _FIELDS:
        # Bodies are not kept; their lengths are null where they are.
        column = "body_length" if name == "body" else name
        yield pl.col(column).is_not_null().mean().alias(f"filled_{name}")
    yield (pl.col("url").drop_nulls().is_unique().mean()).alias("unique_urls")
    yield pl.col("language").drop_nulls().unique().sort().head(_MOST_VALUES + 1).implode()
    yield pl.col("source").n_unique().alias("sources")
    for name in ("title_length", "body_length"):
        for label, share in (("low", 0.01), ("high", 0.99)):
            yield pl.col(name).quantile(share).alias(f"{name}_{label}")
        yield pl.col(name).median().alias(f"{name}_median")
    yield pl.col("lag_hours").quantile(0.95).alias("lag")
    yield (pl.col("lag_hours").drop_nulls() >= -1).mean().alias("in_order")


def _of_records(f: dict[str, Any]) -> Iterator[Entry]:
    number = f["n"]
    yield _entry(
        "expect_table_row_count_to_be_between",
        {"min_value": number // 2, "max_value": 2 * number},
        f"There were {number} records.",
        "critical",
    )
    for name in _FIELDS:
        share = f[f"filled_{name}"] or 0.0
        if share >= _LEAST_FILLED:
            yield _entry(
                "expect_column_values_to_not_be_null",
                {"column": name, "mostly": _below(share)},
                f"{name} was filled in {share:.1%} of the records.",
                "critical" if name in _CRITICAL else "warning",
            )
    if f["unique_urls"] is not None:
        yield _entry(
            "expect_column_values_to_be_unique",
            {"column": "url", "mostly": _below(f["unique_urls"])},
            f"{f['unique_urls']:.1%} of the addresses stood there once.",
        )
    if 0 < len(f["language"]) <= _MOST_VALUES:
        yield _entry(
            "expect_column_values_to_be_in_set",
            {"column": "language", "value_set": list(f["language"]), "mostly": 0.98},
            "These languages were stated.",
        )
    yield _entry(
        "expect_column_unique_value_count_to_be_between",
        {"column": "source", "min_value": math.floor(0.8 * (f["sources"] or 0))},
        f"There were {f['sources']} sources.",
    )
    yield from _lengths(f)
    if f["lag"] is not None:
        yield _entry(
            "expect_column_values_to_be_between",
            {"column": "lag_hours", "max_value": _above(f["lag"]), "mostly": 0.9},
            f"95 % were fetched within {f['lag']:.1f} hours of their publication.",
        )
        yield _entry(
            "expect_column_values_to_be_between",
            {"column": "lag_hours", "min_value": -1, "mostly": _below(f["in_order"])},
            "Pages are fetched after they are published.",
        )


def _lengths(f: dict[str, Any]) -> Iterator[Entry]:
    for name in ("title_length", "body_length"):
        median = f[f"{name}_median"]
        if median is None:
            continue
        low, high = f[f"{name}_low"], f[f"{name}_high"]
        yield _entry(
            "expect_column_values_to_be_between",
            {"column": name, "min_value": int(low / 2), "max_value": _above(high), "mostly": 0.97},
            f"98 % of the values lay between {low:.0f} and {high:.0f} characters.",
        )
        yield _entry(
            "expect_column_median_to_be_between",
            {"column": name, "min_value": int(median / 2), "max_value": _above(median)},
            f"The median was {median:.0f} characters.",
        )


def _of_sources(sources: pl.DataFrame) -> Iterator[Entry]:
    for name in ("title", "body", "published"):
        filled = sources[f"{name}_filled"].drop_nulls()
        share = (filled >= _LEAST_FILLED).mean()
        if isinstance(share, float) and share >= _LEAST_FILLED:
            yield _entry(
                "expect_column_values_to_be_between",
                {"column": f"{name}_filled", "min_value": _LEAST_FILLED, "mostly": _below(share)},
                f"{share:.1%} of the sources filled {name} in half of their records at least.",
                "critical" if name in _CRITICAL else "warning",
                "sources",
            )
    flawed = sources["flawed_share"].quantile(0.9)
    if flawed is not None:
        yield _entry(
            "expect_column_values_to_be_between",
            {"column": "flawed_share", "max_value": _rounded(flawed + 0.1), "mostly": 0.85},
            f"In nine of ten sources at most {flawed:.1%} of the records had a finding.",
            "warning",
            "sources",
        )


def _entry(
    kind: str, kwargs: Entry, notes: str, severity: str = "warning", frame: str = "records"
) -> Entry:
    meta = {} if frame == "records" else {"newsqa": {"frame": frame}}
    return {"type": kind, "kwargs": kwargs, "meta": meta, "notes": notes, "severity": severity}


def _below(share: float) -> float:
    return max(0.0, math.floor(100 * (share - _ROOM)) / 100)


def _above(value: float) -> float:
    return math.ceil(2 * value) if value > 0 else 1


def _rounded(share: float) -> float:
    return min(1.0, math.ceil(100 * share) / 100)
