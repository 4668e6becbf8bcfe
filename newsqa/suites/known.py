"""Every core expectation of Great Expectations, with its arguments and who judges it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsqa.suites.aggregates import AGGREGATES
from newsqa.suites.maps import COLUMN_MAPS
from newsqa.suites.pairs import ROW_MAPS
from newsqa.suites.tables import TABLES

if TYPE_CHECKING:
    from newsqa.suites.native import Native

NATIVE: dict[str, Native] = COLUMN_MAPS | ROW_MAPS | AGGREGATES | TABLES

_CONDITION = ("row_condition", "condition_parser")
_MAP = ("mostly", *_CONDITION)
_BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")


@dataclass(frozen=True)
class Known:
    """The arguments of an expectation.

    Args:
        required: Arguments that it cannot do without.
        optional: Arguments that it can have.
        without: Why it cannot be judged at all over frames; empty where it can.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    without: str = ""


def _map(*required: str, optional: tuple[str, ...] = ()) -> Known:
    return Known(("column", *required), (*optional, *_MAP))


def _pair(*required: str, optional: tuple[str, ...] = ()) -> Known:
    return Known(("column_A", "column_B", *required), (*optional, "ignore_row_if", *_MAP))


def _columns(*required: str) -> Known:
    return Known(("column_list", *required), ("ignore_row_if", *_MAP))


def _figure(*required: str, optional: tuple[str, ...] = ()) -> Known:
    return Known(("column", *required), (*optional, *_CONDITION))


_BETWEEN = _figure(optional=_BOUNDS)
_SQL = "it runs SQL in a data source, and newsqa has frames"

KNOWN: dict[str, Known] = {
    "expect_column_distinct_values_to_be_in_set": _figure("value_set"),
    "expect_column_distinct_values_to_contain_set": _figure("value_set"),
    "expect_column_distinct_values_to_equal_set": _figure("value_set"),
    "expect_column_kl_divergence_to_be_less_than": _figure(
        optional=(
            "partition_object", "threshold", "internal_weight_holdout", "tail_weight_holdout",
            "bucketize_data", "min_value", "max_value",
        )
    ),
    "expect_column_max_to_be_between": _BETWEEN,
    "expect_column_mean_to_be_between": _BETWEEN,
    "expect_column_median_to_be_between": _BETWEEN,
    "expect_column_min_to_be_between": _BETWEEN,
    "expect_column_most_common_value_to_be_in_set": _figure("value_set", optional=("ties_okay",)),
    "expect_column_pair_values_a_to_be_greater_than_b": _pair(optional=("or_equal",)),
    "expect_column_pair_values_to_be_equal": _pair(),
    "expect_column_pair_values_to_be_in_set": _pair("value_pairs_set"),
    "expect_column_proportion_of_non_null_values_to_be_between": _BETWEEN,
    "expect_column_proportion_of_unique_values_to_be_between": _BETWEEN,
    "expect_column_quantile_values_to_be_between": _figure(
        "quantile_ranges", optional=("allow_relative_error",)
    ),
    "expect_column_stdev_to_be_between": _BETWEEN,
    "expect_column_sum_to_be_between": _BETWEEN,
    "expect_column_to_exist": Known(("column",), ("column_index",)),
    "expect_column_type_to_be": Known(("column", "type_")),
    "expect_column_unique_value_count_to_be_between": _BETWEEN,
    "expect_column_value_lengths_to_be_between": _map(optional=_BOUNDS),
    "expect_column_value_lengths_to_equal": _map("value"),
    "expect_column_value_z_scores_to_be_less_than": _map("threshold", "double_sided"),
    "expect_column_values_to_be_between": _map(optional=_BOUNDS),
    "expect_column_values_to_be_dateutil_parseable": _map(),
    "expect_column_values_to_be_decreasing": _map(optional=("strictly",)),
    "expect_column_values_to_be_in_set": _map("value_set"),
    "expect_column_values_to_be_in_type_list": _map(optional=("type_list",)),
    "expect_column_values_to_be_increasing": _map(optional=("strictly",)),
    "expect_column_values_to_be_json_parseable": _map(),
    "expect_column_values_to_be_null": _map(),
    "expect_column_values_to_be_of_type": _map("type_"),
    "expect_column_values_to_be_unique": _map(),
    "expect_column_values_to_match_json_schema": _map("json_schema"),
    "expect_column_values_to_match_like_pattern": _map("like_pattern", optional=("escape",)),
    "expect_column_values_to_match_like_pattern_list": _map(
        "like_pattern_list", optional=("match_on", "escape")
    ),
    "expect_column_values_to_match_regex": _map(optional=("regex",)),
    "expect_column_values_to_match_regex_list": _map("regex_list", optional=("match_on",)),
    "expect_column_values_to_match_strftime_format": _map("strftime_format"),
    "expect_column_values_to_not_be_in_set": _map("value_set"),
    "expect_column_values_to_not_be_null": _map(),
    "expect_column_values_to_not_be_outliers": _map(optional=("method", "multiplier")),
    "expect_column_values_to_not_match_like_pattern": _map("like_pattern", optional=("escape",)),
    "expect_column_values_to_not_match_like_pattern_list": _map(
        "like_pattern_list", optional=("escape",)
    ),
    "expect_column_values_to_not_match_regex": _map("regex"),
    "expect_column_values_to_not_match_regex_list": _map("regex_list"),
    "expect_compound_columns_to_be_unique": _columns(),
    "expect_multicolumn_sum_to_equal": _columns("sum_total"),
    "expect_multicolumn_values_to_be_equal": _columns(),
    "expect_multicolumn_values_to_be_unique": Known(
        without="GX itself gave it up; use expect_select_column_values_to_be_unique_within_record"
    ),
    "expect_query_results_to_match_comparison": Known(without=_SQL),
    "expect_select_column_values_to_be_unique_within_record": _columns(),
    "expect_table_column_count_to_be_between": Known((), ("min_value", "max_value")),
    "expect_table_column_count_to_equal": Known(("value",)),
    "expect_table_columns_to_match_ordered_list": Known((), ("column_list",)),
    "expect_table_columns_to_match_set": Known((), ("column_set", "exact_match")),
    "expect_table_row_count_to_be_between": Known((), (*_BOUNDS, *_CONDITION)),
    "expect_table_row_count_to_equal": Known(("value",), _CONDITION),
    "expect_table_row_count_to_equal_other_table": Known(without=_SQL),
    "unexpected_rows_expectation": Known(without=_SQL),
}  # fmt: skip
