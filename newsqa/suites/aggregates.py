"""Expectations about one figure of a column, or about the table, natively."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from newsqa.suites.domain import Unsupported, kind, plain, typed
from newsqa.suites.native import SHOWN, Native

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsqa.suites.domain import Domain
    from newsqa.suites.native import Figures, Judgement, Kwargs, Measures

_METHODS: dict[str, Literal["linear", "lower", "higher", "midpoint"]] = {
    "linear": "linear",
    "lower": "lower",
    "higher": "higher",
    "midpoint": "midpoint",
}
_CLOSE = 1e-4
"""Relative tolerance of quantiles at the ends of a range, as in GX."""


def figure(measure: Callable[[pl.Expr, Domain], pl.Expr], *, numbers: bool = False) -> Native:
    """Return an expectation that a figure of a column lies between two bounds.

    Args:
        measure: Takes the values without nulls, and the domain.
        numbers: Whether only columns of numbers have the figure.
    """

    def measures(kwargs: Kwargs, domain: Domain) -> Measures:
        name = kwargs["column"]
        dtype = domain.dtype(name)
        if dtype.is_nested() or (numbers and not dtype.is_numeric() and dtype != pl.Boolean):
            raise Unsupported(f"a column of type {dtype}")
        values = domain.values(name)
        return {"figure": measure(values.cast(pl.Int8) if dtype == pl.Boolean else values, domain)}

    return Native(measures, _judge_figure)


def _judge_figure(kwargs: Kwargs, figures: Figures) -> Judgement:
    value = figures["figure"]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False, {"observed_value": None}
    return between(value, kwargs), {"observed_value": value}


def between(value: Any, kwargs: Kwargs) -> bool:
    """Return whether a figure lies between `min_value` and `max_value`.

    Raises:
        Unsupported: The figure and a bound are of different kinds.
    """
    low, high = (_bound(kwargs.get(name), value) for name in ("min_value", "max_value"))
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, datetime.min.time())
    try:
        above = low is None or (value > low if kwargs.get("strict_min") else value >= low)
        below = high is None or (value < high if kwargs.get("strict_max") else value <= high)
    except TypeError as error:
        raise Unsupported(str(error)) from None
    return bool(above and below)


def _bound(bound: Any, value: Any) -> Any:
    if not isinstance(value, date) or bound is None:
        return bound
    try:
        stamp = datetime.fromisoformat(str(bound))
    except ValueError:
        raise Unsupported(f"{bound!r} is no ISO date") from None
    zone = getattr(value, "tzinfo", None)
    return stamp.replace(tzinfo=zone) if zone and stamp.tzinfo is None else stamp


def _share_of_unique(values: pl.Expr, _domain: Domain) -> pl.Expr:
    return (values.n_unique() / pl.when(values.len() > 0).then(values.len())).fill_null(0)


def _quantile_measures(kwargs: Kwargs, domain: Domain) -> Measures:
    name = kwargs["column"]
    if not domain.dtype(name).is_numeric():
        raise Unsupported(f"a column of type {domain.dtype(name)}")
    method = kwargs.get("allow_relative_error") or "nearest"
    if method == "nearest":
        return {"quantiles": _nearest(domain.values(name), kwargs)}
    if method not in _METHODS:
        raise Unsupported(f"allow_relative_error is {method!r}")
    quantiles = kwargs["quantile_ranges"]["quantiles"]
    found = [domain.values(name).quantile(q, _METHODS[method]) for q in quantiles]
    return {"quantiles": pl.concat_list(found)}


def _nearest(values: pl.Expr, kwargs: Kwargs) -> pl.Expr:
    """Return the values nearest to the quantiles; halfway, the one with the even position."""
    ordered = values.sort()
    last = (values.len().cast(pl.Int64) - 1).cast(pl.Float64)
    positions = [
        (last * q).round(0, mode="half_to_even").cast(pl.Int64)
        for q in kwargs["quantile_ranges"]["quantiles"]
    ]
    return pl.concat_list([ordered.get(p, null_on_oob=True) for p in positions])


def _judge_quantiles(kwargs: Kwargs, figures: Figures) -> Judgement:
    ranges = kwargs["quantile_ranges"]
    values = figures["quantiles"]
    inside = [
        _in_range(value, low, high)
        for value, (low, high) in zip(values, ranges["value_ranges"], strict=True)
    ]
    observed = {"quantiles": ranges["quantiles"], "values": values}
    return all(inside), {"observed_value": observed, "details": {"success_details": inside}}


def _in_range(value: Any, low: Any, high: Any) -> bool:
    if value is None:
        return False
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    close = any(
        math.isfinite(end) and abs(value - end) <= 1e-8 + _CLOSE * abs(end) for end in (low, high)
    )
    return close or low <= value <= high


def _distinct_measures(kwargs: Kwargs, domain: Domain) -> Measures:
    name = kwargs["column"]
    dtype = domain.dtype(name)
    known = _expected(kwargs, dtype)
    values = plain(domain.values(name).unique(), dtype)
    inside = values.is_in(known.implode())
    return {
        "unexpected": (~inside).sum(),
        "found": inside.sum(),
        "values": values.filter(~inside).sort().head(SHOWN).implode(),
        "expected": pl.lit(len(known)),
    }


def _expected(kwargs: Kwargs, dtype: pl.DataType) -> pl.Series:
    given = kwargs["value_set"]
    known = typed(given, dtype).drop_nulls().unique()
    if kind(dtype) != "time" and len(known) != len(set(map(repr, given))):
        raise Unsupported(f"values of another kind than {dtype} in value_set")
    return known


def _judge_distinct(*, inside: bool, all_found: bool) -> Callable[[Kwargs, Figures], Judgement]:
    def judge(_kwargs: Kwargs, figures: Figures) -> Judgement:
        missing = figures["expected"] - figures["found"]
        result: dict[str, Any] = {"observed_value": None}
        if inside:
            result["unexpected_count"] = figures["unexpected"]
            if "values" in figures:
                result["partial_unexpected_list"] = figures["values"]
        if all_found:
            result["missing_count"] = missing
        met = not (inside and figures["unexpected"]) and not (all_found and missing)
        return met, result

    return judge


def _modes(kwargs: Kwargs, domain: Domain) -> Measures:
    name = kwargs["column"]
    dtype = domain.dtype(name)
    known = typed(kwargs["value_set"] or [], dtype).drop_nulls().unique()
    counts = domain.values(name).value_counts()
    most = counts.struct.field("count").max()
    modes = counts.filter(counts.struct.field("count") == most).struct.field(name)
    return {
        "modes": modes.len(),
        "known": plain(modes, dtype).is_in(known.implode()).sum(),
        "values": modes.sort().head(SHOWN).implode(),
    }


def _judge_modes(kwargs: Kwargs, figures: Figures) -> Judgement:
    met = (
        figures["known"] > 0
        if kwargs.get("ties_okay")
        else (figures["modes"] == 1 and figures["known"] == 1)
    )
    return bool(met), {"observed_value": figures["values"]} if "values" in figures else {}


AGGREGATES: dict[str, Native] = {
    "expect_column_min_to_be_between": figure(lambda v, _: v.min()),
    "expect_column_max_to_be_between": figure(lambda v, _: v.max()),
    "expect_column_mean_to_be_between": figure(lambda v, _: v.mean(), numbers=True),
    "expect_column_median_to_be_between": figure(lambda v, _: v.median(), numbers=True),
    "expect_column_sum_to_be_between": figure(lambda v, _: v.cast(pl.Float64).sum(), numbers=True),
    "expect_column_stdev_to_be_between": figure(lambda v, _: v.std(), numbers=True),
    "expect_column_unique_value_count_to_be_between": figure(lambda v, _: v.n_unique()),
    "expect_column_proportion_of_unique_values_to_be_between": figure(_share_of_unique),
    "expect_column_proportion_of_non_null_values_to_be_between": figure(
        lambda v, d: (v.len() / pl.when(d.size() > 0).then(d.size())).fill_null(0)
    ),
    "expect_column_quantile_values_to_be_between": Native(_quantile_measures, _judge_quantiles),
    "expect_column_distinct_values_to_be_in_set": Native(
        _distinct_measures, _judge_distinct(inside=True, all_found=False)
    ),
    "expect_column_distinct_values_to_contain_set": Native(
        _distinct_measures, _judge_distinct(inside=False, all_found=True)
    ),
    "expect_column_distinct_values_to_equal_set": Native(
        _distinct_measures, _judge_distinct(inside=True, all_found=True)
    ),
    "expect_column_most_common_value_to_be_in_set": Native(_modes, _judge_modes),
}
