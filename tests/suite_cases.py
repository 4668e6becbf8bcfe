"""Random frames and arguments for every expectation that is judged natively."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
from hypothesis import strategies as st

from newsqa.suites import Expectation

SCHEMA: dict[str, pl.DataType] = {
    "i": pl.Int64(),
    "j": pl.Int64(),
    "f": pl.Float64(),
    "s": pl.String(),
    "t": pl.String(),
    "b": pl.Boolean(),
    "d": pl.Datetime("us"),
    "e": pl.Date(),
    "l": pl.List(pl.String()),
}
NUMBERS = [-4, 0, 1, 2, 2.5, 3]
TEXTS = ["a", "bb", "", "ümlaut", "a\n", "x1", "日本", "2024-01-02", '{"a":1}', "👩‍👧", "A"]
STAMPS = [datetime(2024, 1, 1), datetime(2024, 3, 5, 6, 7), datetime(2020, 1, 1)]  # noqa: DTZ001
BOUND_STAMPS = ["2019-01-01T00:00:01", "2024-01-01T00:00:01", "2024-02-01T00:00:01"]
VALUES: dict[str, list[Any]] = {
    "i": [1, 2, 3, -4, 0, None],
    "j": [1, 2, 3, 10],
    "f": [1.0, 2.5, -3.25, float("nan"), None, 1e9],
    "s": [*TEXTS, None],
    "t": ["a", "bb", "c", None],
    "b": [True, False],
    "d": [*STAMPS, None],
    "e": [date(2024, 1, 1), date(2020, 2, 29), None],
    "l": [["Ana Ruiz", "日本"], [], None],
}
CONDITIONS: list[Any] = [
    {"type": "comparison", "column": {"name": "j"}, "operator": ">", "parameter": 1},
    {"type": "comparison", "column": {"name": "i"}, "operator": "!=", "parameter": 3},
    {"type": "comparison", "column": {"name": "f"}, "operator": "<=", "parameter": 2.5},
    {"type": "comparison", "column": {"name": "t"}, "operator": "NOT_IN", "parameter": ["a"]},
    {"type": "nullity", "column": {"name": "i"}, "is_null": False},
    {"type": "nullity", "column": {"name": "s"}, "is_null": True},
    {
        "type": "or",
        "conditions": [
            {"type": "comparison", "column": {"name": "j"}, "operator": "IN", "parameter": [1, 2]},
            {"type": "nullity", "column": {"name": "s"}, "is_null": True},
        ],
    },
    {
        "type": "and",
        "conditions": [
            {"type": "comparison", "column": {"name": "i"}, "operator": ">=", "parameter": 0},
            {"type": "comparison", "column": {"name": "t"}, "operator": "==", "parameter": "a"},
        ],
    },
]


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """Draw frames of 0 to 12 rows with nulls, NaN, signs of many scripts and empty texts."""
    rows = draw(st.integers(0, 12))
    column = {
        name: draw(st.lists(st.sampled_from(values), min_size=rows, max_size=rows))
        for name, values in VALUES.items()
    }
    return pl.DataFrame(column, schema=SCHEMA)


@st.composite
def _bounds(draw: st.DrawFn, values: list[Any]) -> dict[str, Any]:
    low, high = sorted([draw(st.sampled_from(values)), draw(st.sampled_from(values))])
    found: dict[str, Any] = draw(
        st.sampled_from(
            [{"min_value": low}, {"max_value": high}, {"min_value": low, "max_value": high}]
        )
    )
    for name in ("strict_min", "strict_max"):
        if draw(st.booleans()):
            found = found | {name: True}
    return found


def _one_of(*columns: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"column": st.sampled_from(columns)})


def _merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


def _optional(**values: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    drawn = {name: st.sampled_from(choices) for name, choices in values.items()}
    return st.fixed_dictionaries({}, optional=drawn)


def _fixed(**values: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({n: st.sampled_from(choices) for n, choices in values.items()})


_ANY = _one_of(*(name for name in SCHEMA if name != "l"))
_WITH_LISTS = _one_of(*SCHEMA)
_NUMBER = _one_of("i", "j", "f")
_TEXT = _one_of("s", "t")
_MOSTLY = _optional(mostly=[0.25, 0.5, 0.9, 1])
_ORDERED = st.one_of(
    _merged(_NUMBER, _bounds(NUMBERS)), _merged(_one_of("d"), _bounds(BOUND_STAMPS))
)
_SETS = {
    "i": [1, 2, 3],
    "j": [1, 2.0, 10],
    "f": [1.0, 2.5],
    "s": ["a", "bb", ""],
    "t": ["a", "bb", "c"],
}
_IN_SET = st.sampled_from(sorted(_SETS)).flatmap(
    lambda name: st.fixed_dictionaries({
        "column": st.just(name),
        "value_set": st.lists(st.sampled_from(_SETS[name]), min_size=1, unique=True),
    })
)  # fmt: skip
_PATTERNS = ["^a$", "a$", "[a-z]+", r"^\w+$", "(?i)a", r"\d", "b{2}", "^$", "[$]", "a|b$"]
_PAIR = _optional(
    ignore_row_if=["both_values_are_missing", "either_value_is_missing", "neither"],
    mostly=[0.25, 0.5, 1],
)
_LIST = _merged(
    _fixed(column_list=[["i", "j"], ["s", "t"], ["i", "f"], ["i", "j", "f"]]),
    _optional(
        ignore_row_if=["all_values_are_missing", "any_value_is_missing", "never"],
        mostly=[0.25, 0.5, 1],
    ),
)
_TYPES = ["int64", "float64", "bool", "datetime64"]

ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "expect_column_values_to_be_between": _merged(_ORDERED, _MOSTLY),
    "expect_column_values_to_be_in_set": _merged(_IN_SET, _MOSTLY),
    "expect_column_values_to_not_be_in_set": _merged(_IN_SET, _MOSTLY),
    "expect_column_values_to_be_unique": _merged(_ANY, _MOSTLY),
    "expect_column_values_to_be_null": _merged(_WITH_LISTS, _MOSTLY),
    "expect_column_values_to_not_be_null": _merged(_WITH_LISTS, _MOSTLY),
    "expect_column_value_lengths_to_be_between": _merged(_TEXT, _bounds([0, 1, 2, 6]), _MOSTLY),
    "expect_column_value_lengths_to_equal": _merged(_TEXT, _fixed(value=[0, 1, 2]), _MOSTLY),
    "expect_column_values_to_match_regex": _merged(_TEXT, _fixed(regex=_PATTERNS), _MOSTLY),
    "expect_column_values_to_not_match_regex": _merged(_TEXT, _fixed(regex=_PATTERNS), _MOSTLY),
    "expect_column_values_to_match_regex_list": _merged(
        _TEXT, _fixed(regex_list=[["^a$"], ["a", "b"], [r"\d+$", "^$"]]),
        _optional(match_on=["any", "all"]), _MOSTLY,
    ),
    "expect_column_values_to_not_match_regex_list": _merged(
        _TEXT, _fixed(regex_list=[["^a$"], ["a", "b"], [r"\d+$", "^$"]]), _MOSTLY
    ),
    "expect_column_values_to_be_increasing": _merged(
        _one_of("i", "j", "f", "d"), _optional(strictly=[True, False]), _MOSTLY
    ),
    "expect_column_values_to_be_decreasing": _merged(
        _one_of("i", "j", "f", "d"), _optional(strictly=[True, False]), _MOSTLY
    ),
    "expect_column_value_z_scores_to_be_less_than": _merged(
        _NUMBER, _fixed(threshold=[1, 1.5, -1], double_sided=[True, False]), _MOSTLY
    ),
    "expect_column_values_to_not_be_outliers": _merged(
        _NUMBER, _optional(method=["iqr", "std"], multiplier=[0.5, 1, 2]), _MOSTLY
    ),
    "expect_column_values_to_be_json_parseable": _merged(_TEXT, _MOSTLY),
    "expect_column_values_to_match_strftime_format": _merged(
        _TEXT, _fixed(strftime_format=["%Y-%m-%d", "%d/%m/%Y"]), _MOSTLY
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": _merged(
        _fixed(column_A=["i", "j", "f"], column_B=["i", "j", "f"]),
        _optional(or_equal=[True, False]), _PAIR,
    ),
    "expect_column_pair_values_to_be_equal": _merged(
        st.one_of(
            _fixed(column_A=["i", "j", "f"], column_B=["i", "j", "f"]),
            _fixed(column_A=["s", "t"], column_B=["s", "t"]),
        ),
        _PAIR,
    ),
    "expect_column_pair_values_to_be_in_set": _merged(
        _fixed(column_A=["t", "j"], column_B=["s", "t"]),
        _fixed(value_pairs_set=[[["a", "a"], [1, "bb"], ["c", None]], [["a", "x1"]]]), _PAIR,
    ),
    "expect_compound_columns_to_be_unique": _LIST,
    "expect_multicolumn_sum_to_equal": _merged(
        _fixed(column_list=[["i", "j"], ["j", "f"], ["i", "j", "f"]], sum_total=[2, 4, 3.5]),
        _optional(ignore_row_if=["all_values_are_missing", "any_value_is_missing", "never"]),
    ),
    "expect_multicolumn_values_to_be_equal": _LIST,
    "expect_select_column_values_to_be_unique_within_record": _LIST,
    "expect_column_min_to_be_between": _ORDERED,
    "expect_column_max_to_be_between": _ORDERED,
    "expect_column_mean_to_be_between": _merged(_NUMBER, _bounds(NUMBERS)),
    "expect_column_median_to_be_between": _merged(_NUMBER, _bounds(NUMBERS)),
    "expect_column_sum_to_be_between": _merged(_NUMBER, _bounds(NUMBERS)),
    "expect_column_stdev_to_be_between": _merged(_NUMBER, _bounds(NUMBERS)),
    "expect_column_unique_value_count_to_be_between": _merged(_ANY, _bounds([0, 1, 2, 3, 5])),
    "expect_column_proportion_of_unique_values_to_be_between": _merged(
        _ANY, _bounds([0, 0.25, 0.5, 0.75, 1])
    ),
    "expect_column_proportion_of_non_null_values_to_be_between": _merged(
        _ANY, _bounds([0, 0.25, 0.5, 0.75, 1])
    ),
    "expect_column_quantile_values_to_be_between": _merged(
        _NUMBER,
        _fixed(quantile_ranges=[
            {"quantiles": [0.1, 0.5, 0.75], "value_ranges": [[None, 2], [0, 3], [-4, None]]},
            {"quantiles": [0.5], "value_ranges": [[1, 2]]},
        ]),
        _optional(allow_relative_error=["linear", "lower", "higher", "midpoint", "nearest"]),
    ),
    "expect_column_distinct_values_to_be_in_set": _IN_SET,
    "expect_column_distinct_values_to_contain_set": _IN_SET,
    "expect_column_distinct_values_to_equal_set": _IN_SET,
    "expect_column_most_common_value_to_be_in_set": _merged(
        _IN_SET, _optional(ties_okay=[True, False])
    ),
    "expect_table_row_count_to_be_between": _bounds([0, 1, 2, 5, 12]),
    "expect_table_row_count_to_equal": _fixed(value=[0, 1, 2, 7]),
    "expect_table_column_count_to_be_between": _fixed(min_value=[0, 7, 9], max_value=[9, 10]),
    "expect_table_column_count_to_equal": _fixed(value=[0, 9]),
    "expect_table_columns_to_match_ordered_list": _fixed(
        column_list=[list(SCHEMA), ["i", "j"], ["j", "i", *list(SCHEMA)[2:]]]
    ),
    "expect_table_columns_to_match_set": _merged(
        _fixed(column_set=[list(SCHEMA), ["i", "j"], ["j", "z"]]),
        _optional(exact_match=[True, False]),
    ),
    "expect_column_to_exist": _merged(_one_of("i", "zz"), _optional(column_index=[0, 1, 9])),
    "expect_column_values_to_be_of_type": _merged(
        _one_of("j", "f", "b", "d"), _fixed(type_=_TYPES)
    ),
    "expect_column_values_to_be_in_type_list": _merged(
        _one_of("j", "f", "b"), _fixed(type_list=[["int64"], ["float64", "bool"], _TYPES])
    ),
    "expect_column_type_to_be": _merged(
        _one_of("j", "f", "b"), _fixed(type_=["int64", "float64", "bool"])
    ),
}  # fmt: skip
_UNCONDITIONAL = (
    "expect_table_column",
    "expect_column_to_exist",
    "expect_column_type",
    "expect_column_pair_values_to_be_in_set",  # GX forgets the condition: a known fault
)


def expectations(kind: str) -> st.SearchStrategy[Expectation]:
    """Return a strategy for one expectation with any of its arguments, and often a condition."""
    arguments = ARGUMENTS[kind]
    if not kind.startswith(_UNCONDITIONAL) and "type" not in kind:
        arguments = _merged(arguments, _optional(row_condition=CONDITIONS))
    return arguments.map(lambda kwargs: Expectation(kind, kwargs))
