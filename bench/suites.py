"""One suite of 25 expectations, natively and by Great Expectations on pandas, in one run.

`python bench/suites.py --records 1000000` prints seconds and peak memory of each, and their ratios.
Each runs in a process of its own, over the same invented records, in turn; the table shows medians.
Importing the libraries and making the records is not counted in the seconds.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
from datetime import datetime
from time import perf_counter
from typing import Any

import polars as pl

from newsqa.suites import Expectation, Suite

_LANGUAGES = ["en", "de", "tr", "fr"]
_COLUMN = "expect_column_"
SUITE: list[tuple[str, dict[str, Any]]] = [
    (_COLUMN + "values_to_not_be_null", {"column": "url"}),
    (_COLUMN + "values_to_not_be_null", {"column": "title", "mostly": 0.99}),
    (_COLUMN + "values_to_not_be_null", {"column": "summary", "mostly": 0.8}),
    (_COLUMN + "values_to_be_unique", {"column": "url"}),
    (_COLUMN + "values_to_be_unique", {"column": "id"}),
    (_COLUMN + "value_lengths_to_be_between", {"column": "title", "min_value": 10}),
    (_COLUMN + "value_lengths_to_be_between", {"column": "summary", "max_value": 500}),
    (_COLUMN + "values_to_match_regex", {"column": "url", "regex": "^https?://"}),
    (_COLUMN + "values_to_not_match_regex", {"column": "title", "regex": r"\{\{|%%"}),
    (_COLUMN + "values_to_match_regex", {"column": "source", "regex": r"\.example$"}),
    (_COLUMN + "values_to_be_in_set", {"column": "language", "value_set": _LANGUAGES}),
    (_COLUMN + "values_to_not_be_in_set", {"column": "section", "value_set": ["test"]}),
    (_COLUMN + "distinct_values_to_be_in_set", {"column": "language", "value_set": _LANGUAGES}),
    (_COLUMN + "unique_value_count_to_be_between", {"column": "source", "min_value": 100}),
    (_COLUMN + "values_to_be_between", {"column": "body_length", "min_value": 0}),
    (_COLUMN + "mean_to_be_between", {"column": "body_length", "max_value": 6000}),
    (_COLUMN + "median_to_be_between", {"column": "body_length", "max_value": 6000}),
    (_COLUMN + "stdev_to_be_between", {"column": "body_length", "max_value": 5000}),
    (_COLUMN + "max_to_be_between", {"column": "body_length", "max_value": 10_000}),
    (
        _COLUMN + "quantile_values_to_be_between",
        {
            "column": "body_length",
            "quantile_ranges": {
                "quantiles": [0.05, 0.5, 0.95],
                "value_ranges": [[0, 1000], [1000, 4000], [4000, 6000]],
            },
        },
    ),
    (
        _COLUMN + "pair_values_a_to_be_greater_than_b",
        {"column_A": "crawled", "column_B": "published", "or_equal": True},
    ),
    (_COLUMN + "proportion_of_unique_values_to_be_between", {"column": "title", "min_value": 0}),
    (
        _COLUMN + "most_common_value_to_be_in_set",
        {"column": "language", "value_set": _LANGUAGES, "ties_okay": True},
    ),
    ("expect_compound_columns_to_be_unique", {"column_list": ["source", "id"]}),
    ("expect_table_row_count_to_be_between", {"min_value": 10}),
]


def records(count: int) -> pl.DataFrame:
    """Return invented records with the columns that the suite is about."""
    n = pl.int_range(count)
    text = n.cast(pl.String)
    start = pl.lit(datetime(2024, 1, 1))  # noqa: DTZ001  a column without a zone
    language = pl.when(n % 50 != 0).then(
        pl.when(n % 3 == 0)
        .then(pl.lit("en"))
        .when(n % 3 == 1)
        .then(pl.lit("de"))
        .otherwise(pl.lit("tr"))
    )
    source = "site" + (n % 300).cast(pl.String) + ".example"
    return pl.select(
        id=text,
        url="https://" + source + "/news/" + text,
        title="Council approves plan number " + (n * 7919 % 100_000).cast(pl.String),
        summary=pl.when(n % 10 != 0).then("A short summary of the story " + text),
        source=source,
        language=language,
        section="section" + (n % 12).cast(pl.String),
        published=start + pl.duration(minutes=n % 500_000),
        crawled=start + pl.duration(minutes=n % 500_000 + 60),
        body_length=n * 31 % 5000,
    )


def run_one(engine: str, count: int) -> None:
    """Judge the suite by one engine, and print what it cost as JSON."""
    frame = records(count)
    wanted = tuple(Expectation(kind, kwargs) for kind, kwargs in SUITE)
    if engine == "native":
        from newsqa.suites import judge_suite

        started = perf_counter()
        outcomes = list(judge_suite(frame, Suite("bench", wanted)).outcomes)
    else:
        from newsqa.suites.oracle import judge_with_gx

        judge_with_gx(frame.head(10).lazy(), wanted[:1])
        started = perf_counter()
        outcomes = judge_with_gx(frame.lazy(), wanted)
    seconds = perf_counter() - started
    assert all(outcome.success for outcome in outcomes)
    assert {outcome.engine for outcome in outcomes} == {engine}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", choices=["native", "gx"])
    options = parser.parse_args()
    if options.engine:
        run_one(options.engine, options.records)
        return
    costs: dict[str, list[dict[str, float]]] = {"native": [], "gx": []}
    for _ in range(options.rounds):
        for engine, measured in costs.items():
            command = [sys.executable, __file__, "--engine", engine, "--records"]
            done = subprocess.run(
                [*command, str(options.records)], check=True, capture_output=True, text=True
            )
            measured.append(json.loads(done.stdout.splitlines()[-1]))
    table = {
        engine: {key: statistics.median(m[key] for m in measured) for key in ("seconds", "peak")}
        for engine, measured in costs.items()
    }
    print(f"{options.records:,} records, 25 expectations, {options.rounds} rounds\n")
    print("| engine | seconds | peak memory, MiB |\n|---|--:|--:|")
    for engine, cost in table.items():
        print(f"| {engine} | {cost['seconds']:.2f} | {cost['peak']:,.0f} |")
    times, memory = (table["gx"][k] / table["native"][k] for k in ("seconds", "peak"))
    print(f"\nGX on pandas takes {times:.0f} times the time and {memory:.1f} times the memory.")


if __name__ == "__main__":
    main()
