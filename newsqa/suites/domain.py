"""The rows that an expectation is about, as Polars expressions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Unsupported(Exception):  # noqa: N818  a reason, not an error: GX judges instead
    """This expectation, with these arguments, on this column, is not judged natively."""


@dataclass(frozen=True)
class Domain:
    """The rows of a frame that a row condition lets through.

    Args:
        schema: Columns and types of the frame.
        where: The condition, or None for all rows. Null lets no row through.
    """

    schema: Mapping[str, pl.DataType]
    where: pl.Expr | None = None

    def size(self) -> pl.Expr:
        """Return the number of rows."""
        return pl.len() if self.where is None else self._where().sum()

    def column(self, name: str) -> pl.Expr:
        """Return a column; NaN is null in it, as pandas has it."""
        return self._within(self.raw(name))

    def values(self, name: str) -> pl.Expr:
        """Return a column without its nulls."""
        return self.column(name).drop_nulls()

    def raw(self, name: str) -> pl.Expr:
        """Return a column in all rows, NaN as null, for expressions over several columns."""
        column = pl.col(name)
        return column.fill_nan(None) if self.dtype(name).is_float() else column

    def rows(self, expression: pl.Expr, keep: pl.Expr | None = None) -> pl.Expr:
        """Return an expression over several columns, in those rows that `keep` keeps."""
        if keep is None:
            return self._within(expression)
        return expression.filter(keep if self.where is None else keep & self._where())

    def dtype(self, name: str) -> pl.DataType:
        """Return the type of a column."""
        return self.schema[name]

    def _within(self, expression: pl.Expr) -> pl.Expr:
        return expression if self.where is None else expression.filter(self._where())

    def _where(self) -> pl.Expr:
        assert self.where is not None  # noqa: S101  callers ask first
        return self.where.fill_null(value=False)


def kind(dtype: pl.DataType) -> str:
    """Return what values of a type can be compared with: `number`, `text`, `time` or the type."""
    if dtype.is_numeric() or dtype == pl.Boolean:
        return "number"
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)):
        return "text"
    if isinstance(dtype, (pl.Date, pl.Datetime)):
        return "time"
    return str(dtype)


def literal(value: Any, dtype: pl.DataType) -> pl.Expr:
    """Return an argument as a literal that compares with a column of this type.

    Raises:
        Unsupported: The argument and the column are of different kinds.
    """
    if kind(dtype) == "number" and isinstance(value, (int, float)) and not math.isnan(value):
        return pl.lit(value)
    found = typed([value], dtype)
    if found.is_empty():
        raise Unsupported(f"{value!r} does not compare with {dtype}")
    return pl.lit(found).first()


def plain(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return a column in the type in which `typed` and `literal` compare with it."""
    if dtype == pl.Boolean:
        return column.cast(pl.Int8)
    if kind(dtype) == "number" and not dtype.is_integer():
        return column.cast(pl.Float64)
    if dtype == pl.Date:
        return column.cast(pl.Datetime("us"))
    return column.cast(pl.String) if kind(dtype) == "text" else column


def typed(values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    """Return the arguments that can equal a value of this type; nulls and other kinds are left out.

    Raises:
        Unsupported: Values of the type are not told apart by newsqa.
    """
    sort = kind(dtype)
    if sort == "number":
        numbers = [v for v in values if isinstance(v, (int, float)) and not math.isnan(v)]
        return _numbers(numbers, dtype)
    if sort == "text":
        return pl.Series([v for v in values if isinstance(v, str)], dtype=pl.String)
    if sort == "time":
        texts = [v if isinstance(v, str) else v.isoformat() for v in values if _is_time(v)]
        return _times(texts, dtype)
    raise Unsupported(f"a column of type {dtype}")


def _numbers(numbers: Sequence[float], dtype: pl.DataType) -> pl.Series:
    if not dtype.is_integer() and dtype != pl.Boolean:
        return pl.Series(numbers, dtype=pl.Float64, strict=False)
    whole = pl.Int8() if dtype == pl.Boolean else dtype
    low, high = pl.select(
        pl.lit(0, dtype=whole).lower_bound(), pl.lit(0, dtype=whole).upper_bound().alias("high")
    ).row(0)
    return pl.Series([int(n) for n in numbers if low <= n <= high and n == int(n)], dtype=whole)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) or hasattr(value, "isoformat")


def _times(texts: Sequence[str], dtype: pl.DataType) -> pl.Series:
    from datetime import UTC, datetime

    stamps = []
    zone = getattr(dtype, "time_zone", None)
    for text in texts:
        try:
            stamp = datetime.fromisoformat(text)
        except ValueError:
            raise Unsupported(f"{text!r} is no ISO date") from None
        if stamp.tzinfo and not zone:
            raise Unsupported(f"{text!r} has a zone and the column has none")
        stamps.append(stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp)
    series = pl.Series(stamps, dtype=pl.Datetime("us"))
    if dtype == pl.Date:
        return series
    return series.dt.replace_time_zone(zone) if zone else series
