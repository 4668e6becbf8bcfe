"""Expectations about two or more columns in each row, natively."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import TYPE_CHECKING

import polars as pl

from newsqa.suites.domain import Unsupported, kind, literal, plain
from newsqa.suites.native import SHOWN, Native, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsqa.suites.domain import Domain
    from newsqa.suites.native import Kwargs, Measures

    Condition = Callable[[Sequence[pl.Expr], Sequence[pl.DataType], Kwargs], pl.Expr]

_MOST_PAIRS = 500


def row_map(condition: Condition, *, after_filter: bool = False) -> Native:
    """Return an expectation that a condition over several columns holds in every row.

    Args:
        condition: Takes the columns, their types and the arguments; true in a row as expected.
        after_filter: Whether the condition compares rows with each other, so that it must see only
            the rows that count.
    """

    def measures(kwargs: Kwargs, domain: Domain) -> Measures:
        names = _names(kwargs)
        columns, types = [domain.raw(n) for n in names], [domain.dtype(n) for n in names]
        keep = _kept(kwargs, columns)
        if after_filter:
            inside = [domain.rows(column, keep) for column in columns]
            wrong = ~condition(inside, types, kwargs).fill_null(value=False)
            shown = pl.struct(inside).filter(wrong)
        else:
            everywhere = ~condition(columns, types, kwargs).fill_null(value=False)
            wrong = domain.rows(everywhere, keep)
            shown = domain.rows(pl.struct(columns), keep).filter(wrong)
        judged = domain.rows(keep, keep)
        return {
            "elements": domain.size(),
            "judged": judged.len(),
            "unexpected": wrong.sum(),
            "values": shown.head(SHOWN).implode(),
        }

    return Native(measures, counted, "frame" if after_filter else "rows")


def _names(kwargs: Kwargs) -> list[str]:
    if "column_A" in kwargs:
        return [kwargs["column_A"], kwargs["column_B"]]
    names = list(kwargs["column_list"])
    if len(names) < 2:
        raise Unsupported("a column_list of fewer than two columns")
    return names


def _kept(kwargs: Kwargs, columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return the rows that `ignore_row_if` does not leave out."""
    word = kwargs.get("ignore_row_if")
    if word is None:
        word = "both_values_are_missing" if "column_A" in kwargs else "all_values_are_missing"
    filled = [column.is_not_null() for column in columns]
    if word in {"both_values_are_missing", "all_values_are_missing"}:
        return reduce(or_, filled)
    if word in {"either_value_is_missing", "any_value_is_missing"}:
        return reduce(and_, filled)
    if word in {"neither", "never"}:
        return columns[0].is_not_null() | True
    raise Unsupported(f"ignore_row_if is {word!r}")


def _alike(types: Sequence[pl.DataType]) -> None:
    if any(t.is_nested() for t in types) or len({kind(t) for t in types}) > 1:
        raise Unsupported(f"columns of types {', '.join(map(str, types))}")


def _both(columns: Sequence[pl.Expr], types: Sequence[pl.DataType]) -> list[pl.Expr]:
    _alike(types)
    return [plain(c, t) for c, t in zip(columns, types, strict=True)]


def _greater(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], kwargs: Kwargs) -> pl.Expr:
    left, right = _both(columns, types)
    return left >= right if kwargs.get("or_equal") else left > right


def _equal(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], _kwargs: Kwargs) -> pl.Expr:
    left, right = _both(columns, types)
    return left == right


def _in_pairs(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], kwargs: Kwargs) -> pl.Expr:
    pairs = kwargs["value_pairs_set"]
    if pairs is None:
        return columns[0].is_not_null() | True
    if len(pairs) > _MOST_PAIRS or any(kind(t) not in {"number", "text"} for t in types):
        raise Unsupported("the pairs")
    tests = [
        reduce(and_, (_is(c, t, v) for c, t, v in zip(columns, types, pair, strict=True)))
        for pair in pairs
    ]
    return reduce(or_, tests, pl.lit(value=False))


def _is(column: pl.Expr, dtype: pl.DataType, value: object) -> pl.Expr:
    if value is None:
        return column.is_null()
    try:
        return (plain(column, dtype) == literal(value, dtype)).fill_null(value=False)
    except Unsupported:
        return pl.lit(value=False)


def _unique(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], _kwargs: Kwargs) -> pl.Expr:
    if any(t.is_nested() for t in types):
        raise Unsupported("nested columns")
    return pl.struct(columns).is_unique()


def _sum(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], kwargs: Kwargs) -> pl.Expr:
    if not all(t.is_numeric() for t in types):
        raise Unsupported("columns that are no numbers")
    total: pl.Expr = pl.sum_horizontal(columns, ignore_nulls=False)
    return total == literal(kwargs["sum_total"], pl.Float64())


def _same(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], _kwargs: Kwargs) -> pl.Expr:
    first, *others = _both(columns, types)
    return reduce(and_, (first.eq_missing(other) for other in others), pl.lit(value=True))


def _distinct(columns: Sequence[pl.Expr], types: Sequence[pl.DataType], _kwargs: Kwargs) -> pl.Expr:
    if any(t.is_nested() for t in types):
        raise Unsupported("nested columns")
    apart = [
        left.ne_missing(right) if kind(a) == kind(b) else left.is_not_null() | right.is_not_null()
        for (left, a), (right, b) in combinations(
            [(plain(c, t), t) for c, t in zip(columns, types, strict=True)], 2
        )
    ]
    return reduce(and_, apart, pl.lit(value=True))


ROW_MAPS: dict[str, Native] = {
    "expect_column_pair_values_a_to_be_greater_than_b": row_map(_greater),
    "expect_column_pair_values_to_be_equal": row_map(_equal),
    "expect_column_pair_values_to_be_in_set": row_map(_in_pairs),
    "expect_compound_columns_to_be_unique": row_map(_unique, after_filter=True),
    "expect_multicolumn_sum_to_equal": row_map(_sum),
    "expect_multicolumn_values_to_be_equal": row_map(_same),
    "expect_select_column_values_to_be_unique_within_record": row_map(_distinct),
}
