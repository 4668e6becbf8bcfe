"""Expectations about each value of a column, natively: a condition, and the rows that break it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import polars as pl

from newsqa.suites.domain import Unsupported, kind, literal, plain, typed
from newsqa.suites.native import SHOWN, Native, counted
from newsqa.suites.pattern import like_pattern, rust_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsqa.suites.domain import Domain
    from newsqa.suites.native import Kwargs, Measures

    Condition = Callable[[pl.Expr, Kwargs, pl.DataType], pl.Expr]


def column_map(condition: Condition, about: Literal["rows", "frame"] = "rows") -> Native:
    """Return an expectation that a condition holds of every value that is not null.

    Args:
        condition: Takes the values without nulls, the arguments and the type of the column, and
            gives true for each value that is as expected.
        about: `frame` where it compares values with each other.
    """

    def measures(kwargs: Kwargs, domain: Domain) -> Measures:
        name = kwargs["column"]
        values = domain.values(name)
        unexpected = ~condition(values, kwargs, domain.dtype(name)).fill_null(value=False)
        return {
            "elements": domain.size(),
            "judged": domain.column(name).count(),
            "unexpected": unexpected.sum(),
            "values": values.filter(unexpected).head(SHOWN).implode(),
        }

    return Native(measures, counted, about)


def nullness(*, null: bool) -> Native:
    """Return an expectation about nulls, which counts all rows."""

    def measures(kwargs: Kwargs, domain: Domain) -> Measures:
        column = domain.column(kwargs["column"])
        wrong = column.count() if null else column.null_count()
        return {"elements": domain.size(), "unexpected": wrong}

    return Native(measures, counted, "rows")


def _between(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    return within(plain(values, dtype), kwargs, dtype)


def within(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    """Return whether values lie between `min_value` and `max_value`, strictly where asked."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None and high is None:
        raise Unsupported("neither min_value nor max_value")
    strict = bool(kwargs.get("strict_min")), bool(kwargs.get("strict_max"))
    if high is None:
        return values > literal(low, dtype) if strict[0] else values >= literal(low, dtype)
    if low is None:
        return values < literal(high, dtype) if strict[1] else values <= literal(high, dtype)
    bounds = literal(low, dtype), literal(high, dtype)
    if low > high:
        raise Unsupported("min_value is greater than max_value")
    return values.is_between(*bounds, _CLOSED[strict])


_CLOSED: dict[tuple[bool, bool], Literal["both", "left", "right", "none"]] = {
    (False, False): "both",
    (False, True): "left",
    (True, False): "right",
    (True, True): "none",
}


def _in_set(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    if kwargs["value_set"] is None:
        return values.is_not_null()
    known = typed(kwargs["value_set"], dtype)
    return plain(values, dtype).is_in(known.implode())


def _not_in_set(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    return values.is_not_null() if kwargs["value_set"] is None else ~_in_set(values, kwargs, dtype)


def _unique(values: pl.Expr, _kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_nested():
        raise Unsupported(f"a column of type {dtype}")
    return values.is_unique()


def _text_only(dtype: pl.DataType) -> None:
    if kind(dtype) != "text":
        raise Unsupported(f"a column of type {dtype}")


def _lengths(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _text_only(dtype)
    length: pl.DataType = pl.Int64()
    counted_ = values.cast(pl.String).str.len_chars().cast(pl.Int64)
    if "value" in kwargs:
        return counted_ == literal(kwargs["value"], length)
    return within(counted_, kwargs, length)


def _regex(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _text_only(dtype)
    pattern = kwargs.get("regex")
    return values.cast(pl.String).str.contains(
        rust_pattern("(?s).*" if pattern is None else pattern)
    )


def _regex_list(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _text_only(dtype)
    texts = values.cast(pl.String)
    matched = [texts.str.contains(rust_pattern(p)) for p in kwargs["regex_list"]]
    return _joined(matched, kwargs)


def _like(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _text_only(dtype)
    return values.cast(pl.String).str.contains(
        like_pattern(kwargs["like_pattern"], kwargs.get("escape"))
    )


def _like_list(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _text_only(dtype)
    texts, escape = values.cast(pl.String), kwargs.get("escape")
    matched = [texts.str.contains(like_pattern(p, escape)) for p in kwargs["like_pattern_list"]]
    return _joined(matched, kwargs)


def _joined(matched: list[pl.Expr], kwargs: Kwargs) -> pl.Expr:
    if not matched:
        raise Unsupported("an empty list of patterns")
    match_on = kwargs.get("match_on") or "any"
    if match_on not in {"any", "all"}:
        raise Unsupported(f"match_on is {match_on!r}")
    return pl.any_horizontal(matched) if match_on == "any" else pl.all_horizontal(matched)


def _negated(condition: Condition) -> Condition:
    return lambda values, kwargs, dtype: ~condition(values, kwargs, dtype)


def _steps(*, up: bool) -> Condition:
    def condition(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
        if kind(dtype) not in {"number", "time"}:
            raise Unsupported(f"a column of type {dtype}")
        ordered = plain(values, dtype)
        before = ordered.shift(1)
        if kwargs.get("strictly"):
            in_order = ordered > before if up else ordered < before
        else:
            in_order = ordered >= before if up else ordered <= before
        return in_order | before.is_null()

    return condition


def _numbers_only(dtype: pl.DataType) -> None:
    if not dtype.is_numeric():
        raise Unsupported(f"a column of type {dtype}")


def _z_scores(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _numbers_only(dtype)
    deviation = values.std()
    score = (values - values.mean()) / pl.when(deviation != 0).then(deviation)
    threshold = float(kwargs["threshold"])
    below = score.abs() < abs(threshold) if kwargs["double_sided"] else score < threshold
    return below.fill_null(value=True) | score.is_nan()


def _not_outliers(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
    _numbers_only(dtype)
    multiplier = float(kwargs.get("multiplier", 1.5))
    if kwargs.get("method", "iqr") == "iqr":
        low, high = values.quantile(0.25, "linear"), values.quantile(0.75, "linear")
        reach = multiplier * (high - low)
        return ((values >= low - reach) & (values <= high + reach)).fill_null(value=True)
    center, reach = values.mean(), multiplier * values.std()
    inside = pl.when(reach <= 0).then(values == center).otherwise((values - center).abs() < reach)
    return inside.fill_null(value=True)


def _by_python(test: Callable[[str, Kwargs], bool]) -> Condition:
    """Return a condition that Python tests, once for each different value."""

    def condition(values: pl.Expr, kwargs: Kwargs, dtype: pl.DataType) -> pl.Expr:
        _text_only(dtype)
        return values.cast(pl.String).map_batches(
            lambda series: _tested(series, lambda text: test(text, kwargs)),
            return_dtype=pl.Boolean,
            is_elementwise=True,
        )

    return condition


def _tested(series: pl.Series, test: Callable[[str], bool]) -> pl.Series:
    known: Mapping[str, bool] = {text: test(text) for text in series.unique() if text is not None}
    return series.replace_strict(known, default=None, return_dtype=pl.Boolean)


def _is_json(text: str, _kwargs: Kwargs) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_stamp(text: str, kwargs: Kwargs) -> bool:
    try:
        datetime.strptime(text, kwargs["strftime_format"])  # noqa: DTZ007  only whether it parses
    except ValueError:
        return False
    return True


COLUMN_MAPS: dict[str, Native] = {
    "expect_column_values_to_be_between": column_map(_between),
    "expect_column_values_to_be_in_set": column_map(_in_set),
    "expect_column_values_to_not_be_in_set": column_map(_not_in_set),
    "expect_column_values_to_be_unique": column_map(_unique, "frame"),
    "expect_column_values_to_be_null": nullness(null=True),
    "expect_column_values_to_not_be_null": nullness(null=False),
    "expect_column_value_lengths_to_be_between": column_map(_lengths),
    "expect_column_value_lengths_to_equal": column_map(_lengths),
    "expect_column_values_to_match_regex": column_map(_regex),
    "expect_column_values_to_not_match_regex": column_map(_negated(_regex)),
    "expect_column_values_to_match_regex_list": column_map(_regex_list),
    "expect_column_values_to_not_match_regex_list": column_map(_negated(_regex_list)),
    "expect_column_values_to_match_like_pattern": column_map(_like),
    "expect_column_values_to_not_match_like_pattern": column_map(_negated(_like)),
    "expect_column_values_to_match_like_pattern_list": column_map(_like_list),
    "expect_column_values_to_not_match_like_pattern_list": column_map(_negated(_like_list)),
    "expect_column_values_to_be_increasing": column_map(_steps(up=True), "frame"),
    "expect_column_values_to_be_decreasing": column_map(_steps(up=False), "frame"),
    "expect_column_value_z_scores_to_be_less_than": column_map(_z_scores, "frame"),
    "expect_column_values_to_not_be_outliers": column_map(_not_outliers, "frame"),
    "expect_column_values_to_be_json_parseable": column_map(_by_python(_is_json)),
    "expect_column_values_to_match_strftime_format": column_map(_by_python(_is_stamp)),
}
