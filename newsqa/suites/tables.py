"""Expectations about the table and the types of its columns, natively."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from newsqa.suites.aggregates import between
from newsqa.suites.domain import Unsupported, kind
from newsqa.suites.native import Native

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsqa.suites.domain import Domain
    from newsqa.suites.native import Figures, Judgement, Kwargs, Measures

_TYPE_NAMES: tuple[tuple[pl.DataType, frozenset[str]], ...] = (
    (pl.String(), frozenset({"str", "object", "object_", "string", "String", "Utf8"})),
    (pl.Boolean(), frozenset({"bool", "bool_", "boolean", "Boolean"})),
    (pl.Int8(), frozenset({"int8", "Int8"})),
    (pl.Int16(), frozenset({"int16", "Int16"})),
    (pl.Int32(), frozenset({"int32", "Int32"})),
    (pl.Int64(), frozenset({"int64", "int", "int_", "Int64"})),
    (pl.UInt8(), frozenset({"uint8", "UInt8"})),
    (pl.UInt16(), frozenset({"uint16", "UInt16"})),
    (pl.UInt32(), frozenset({"uint32", "UInt32"})),
    (pl.UInt64(), frozenset({"uint64", "UInt64"})),
    (pl.Float32(), frozenset({"float32", "Float32"})),
    (pl.Float64(), frozenset({"float64", "float", "float_", "double", "Float64"})),
)
_TIME_NAMES = frozenset({"datetime64", "datetime", "Datetime", "Timestamp"})


def _of_table(
    measure: Callable[[Domain], pl.Expr],
    judge: Callable[[Kwargs, Figures], Judgement],
    about: Literal["rows", "columns"] = "columns",
) -> Native:
    return Native(lambda _kwargs, domain: {"figure": measure(domain)}, judge, about)


def _size(domain: Domain) -> pl.Expr:
    return domain.size()


def _columns(domain: Domain) -> pl.Expr:
    return pl.lit(pl.Series([list(domain.schema)], dtype=pl.List(pl.String))).first()


def _column_count(domain: Domain) -> pl.Expr:
    return pl.lit(len(domain.schema))


def _count_between(kwargs: Kwargs, figures: Figures) -> Judgement:
    return between(figures["figure"], kwargs), {"observed_value": figures["figure"]}


def _count_equals(kwargs: Kwargs, figures: Figures) -> Judgement:
    return figures["figure"] == kwargs["value"], {"observed_value": figures["figure"]}


def _ordered(kwargs: Kwargs, figures: Figures) -> Judgement:
    wanted, found = kwargs.get("column_list"), figures["figure"]
    if wanted is None or list(wanted) == found:
        return True, {"observed_value": found}
    mismatched = [
        {"Expected Column Position": n, "Expected": w, "Found": f}
        for n, (w, f) in enumerate(zip_longest(wanted, found))
        if w != f
    ]
    return False, {"observed_value": found, "details": {"mismatched": mismatched}}


def _as_set(kwargs: Kwargs, figures: Figures) -> Judgement:
    wanted, found = set(kwargs.get("column_set") or ()), set(figures["figure"])
    result: dict[str, Any] = {"observed_value": sorted(found)}
    exact = kwargs.get("exact_match")
    mismatched = {}
    if found - wanted:
        mismatched["unexpected"] = sorted(found - wanted)
    if wanted - found:
        mismatched["missing"] = sorted(wanted - found)
    if mismatched:
        result["details"] = {"mismatched": mismatched}
    return (wanted <= found if exact is False else wanted == found), result


def _exists(kwargs: Kwargs, figures: Figures) -> Judgement:
    name, index, found = kwargs["column"], kwargs.get("column_index"), figures["figure"]
    if index:
        return -len(found) <= index < len(found) and found[index] == name, {}
    return name in found, {}


def _value_types(kwargs: Kwargs, domain: Domain) -> Measures:
    """Return the measures of a type that pandas looks for in the values.

    A text column without a text is of any type, since there is no value to look at.
    """
    measures = _column_type(kwargs, domain)
    if kind(domain.dtype(kwargs["column"])) == "text":
        measures["fits"] |= domain.column(kwargs["column"]).count() == 0
    return measures


def _column_type(kwargs: Kwargs, domain: Domain) -> Measures:
    dtype = domain.dtype(kwargs["column"])
    wanted = kwargs.get("type_list") if "type_list" in kwargs else [kwargs["type_"]]
    names = _names_of(dtype)
    known = frozenset[str]().union(_TIME_NAMES, *(n for _, n in _TYPE_NAMES))
    if wanted is not None and not known.issuperset(wanted):
        raise Unsupported(f"the types {', '.join(map(str, wanted))}")
    fits = wanted is None or bool(names & set(wanted))
    return {"figure": pl.lit(str(dtype)), "fits": pl.lit(fits)}


def _names_of(dtype: pl.DataType) -> frozenset[str]:
    if dtype == pl.Datetime:
        return _TIME_NAMES
    for known, names in _TYPE_NAMES:
        if dtype == known:
            return names
    raise Unsupported(f"a column of type {dtype}")


def _judge_type(_kwargs: Kwargs, figures: Figures) -> Judgement:
    return figures["fits"], {"observed_value": figures["figure"]}


TABLES: dict[str, Native] = {
    "expect_table_row_count_to_be_between": _of_table(_size, _count_between, "rows"),
    "expect_table_row_count_to_equal": _of_table(_size, _count_equals, "rows"),
    "expect_table_column_count_to_be_between": _of_table(_column_count, _count_between),
    "expect_table_column_count_to_equal": _of_table(_column_count, _count_equals),
    "expect_table_columns_to_match_ordered_list": _of_table(_columns, _ordered),
    "expect_table_columns_to_match_set": _of_table(_columns, _as_set),
    "expect_column_to_exist": _of_table(_columns, _exists),
    "expect_column_values_to_be_of_type": Native(_value_types, _judge_type),
    "expect_column_values_to_be_in_type_list": Native(_value_types, _judge_type),
    "expect_column_type_to_be": Native(_column_type, _judge_type, "columns"),
}
