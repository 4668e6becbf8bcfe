"""Native judgements against those of Great Expectations, over random frames and arguments."""

from __future__ import annotations

import math
import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from newsqa.suites import Expectation, Suite, judge_suite
from newsqa.suites.known import KNOWN, NATIVE
from newsqa.suites.oracle import judge_with_gx
from tests.suite_cases import ARGUMENTS, STAMPS, expectations, frames

if TYPE_CHECKING:
    from newsqa.suites import Outcome

FIGURES = (
    "element_count", "unexpected_count", "unexpected_percent", "missing_count", "missing_percent",
    "unexpected_percent_total", "unexpected_percent_nonmissing", "observed_value",
)  # fmt: skip
LIKE = {name for name in NATIVE if "like_pattern" in name}
UNCOMPARED = {*LIKE}


def native(frame: pl.DataFrame, *wanted: Expectation) -> tuple[Outcome, ...]:
    return judge_suite(frame, Suite("suite", wanted)).outcomes


def same(one: Any, other: Any) -> bool:
    if one is None:
        return other in {None, "NaT"}
    if isinstance(one, datetime):
        return one.isoformat() == str(other).replace(" ", "T").removesuffix(".000000")
    if isinstance(one, dict):
        return set(one) == set(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def agree(ours: Outcome, gx: Outcome) -> bool:
    if ours.engine != "native" or gx.exception or ours.success != gx.success:
        return False
    if "type" in ours.expectation.type:
        return True
    shared = [figure for figure in FIGURES if figure in ours.result and figure in gx.result]
    return all(same(ours.result[figure], gx.result[figure]) for figure in shared)


def test_every_native_expectation_is_compared():
    assert set(ARGUMENTS) == set(NATIVE) - UNCOMPARED


def test_every_core_expectation_of_gx_is_known():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what GX imports
        from great_expectations.expectations.registry import (
            list_registered_expectation_implementations,
        )

    core = {name for name in list_registered_expectation_implementations() if name}
    assert core - set(KNOWN) <= {"expect_records_to_pass_newsqa"}
    assert not {name for name in NATIVE if name not in KNOWN}


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # GX is too slow to shrink with
)
@given(data=st.data())
def test_native_and_gx_agree(data: st.DataObject):
    """Each example judges one expectation of every kind over one frame, by both."""
    frame = data.draw(frames())
    wanted = [data.draw(expectations(kind)) for kind in ARGUMENTS]
    theirs = judge_with_gx(frame.lazy(), wanted)
    pairs = zip(native(frame, *wanted), theirs, strict=True)
    assert not [(ours, gx) for ours, gx in pairs if not agree(ours, gx)], frame.to_dict()


@pytest.mark.parametrize(
    ("like", "text", "matches"),
    [("a%", "abc", True), ("a%", "ba", False), ("_b", "ab", True), ("_b", "b", False),
     ("a%", "A", False), ("100!%", "100%", True), ("100!%", "1000", False), ("a.c", "abc", False),
     ("%", "two\nlines", True)],
)  # fmt: skip
def test_like_patterns_which_gx_cannot_judge_on_pandas(like: str, text: str, *, matches: bool):
    frame = pl.DataFrame({"s": [text]})
    kwargs = {"column": "s", "like_pattern": like, "escape": "!"}
    found = native(
        frame,
        Expectation("expect_column_values_to_match_like_pattern", kwargs),
        Expectation("expect_column_values_to_not_match_like_pattern", kwargs),
        Expectation(
            "expect_column_values_to_match_like_pattern_list",
            {"column": "s", "like_pattern_list": [like, "§"], "escape": "!"},
        ),
        Expectation(
            "expect_column_values_to_not_match_like_pattern_list",
            {"column": "s", "like_pattern_list": [like, "§"], "escape": "!"},
        ),
    )
    assert [outcome.success for outcome in found] == [matches, not matches, matches, not matches]


GX_FAULTS: list[tuple[str, dict[str, Any], bool, str]] = [
    ("expect_column_values_to_be_between", {"column": "d", "min_value": "2019-01-01"}, True,
     "a bound that is a date alone is compared with a timestamp, which raises"),
    ("expect_column_min_to_be_between", {"column": "d", "min_value": "2019-01-01"}, True,
     "as above"),
    ("expect_column_values_to_be_in_set", {"column": "d", "value_set": ["2024-01-01"]}, True,
     "dates in a set are not parsed, though expect_column_values_to_not_be_in_set parses them"),
    ("expect_column_most_common_value_to_be_in_set", {"column": "d", "value_set": ["2024-01-01"]},
     True, "a date is compared as text of nanoseconds"),
    ("expect_column_values_to_be_in_type_list", {"column": "d", "type_list": ["datetime64"]}, True,
     "a datetime column is of no type of a list, though it is of the same type alone"),
    ("expect_column_pair_values_to_be_in_set",
     {"column_A": "j", "column_B": "t", "value_pairs_set": [[1, "a"]], "row_condition":
      {"type": "comparison", "column": {"name": "j"}, "operator": "<", "parameter": 2}}, True,
     "the row condition is left out where unexpected rows are counted"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "kwargs", "right", "why"), GX_FAULTS)
def test_disagreements_that_are_faults_of_gx(
    kind: str, kwargs: dict[str, Any], why: str, *, right: bool
):
    """Each still fails in GX as docs/suites.md says; when one passes, take it off the list."""
    frame = pl.DataFrame({"d": [STAMPS[0], STAMPS[0]], "j": [1, 2], "t": ["a", "b"]})
    wanted = Expectation(kind, kwargs)
    (ours,) = native(frame, wanted)
    (gx,) = judge_with_gx(frame.lazy(), [wanted])
    assert ours.engine == "native"
    assert ours.success is right
    assert gx.success is not right, why
