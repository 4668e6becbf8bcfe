"""Suites of Great Expectations, judged natively over Polars frames."""

from __future__ import annotations

from newsqa.suites.judge import columns_of, judge_suite, require_columns
from newsqa.suites.load import load_suite, suite_of
from newsqa.suites.model import Expectation, Outcome, Suite, SuiteResult

__all__ = [
    "Expectation",
    "Outcome",
    "Suite",
    "SuiteResult",
    "columns_of",
    "judge_suite",
    "load_suite",
    "require_columns",
    "suite_of",
]
