"""Row conditions of GX as Polars expressions, as far as they can be said in Polars."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, or_
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.suites.domain import Unsupported, literal, plain, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

Comparison = Callable[[Any, Any], Any]

_COMPARISONS: dict[str, Comparison] = {"==": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_AST_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "IN", ast.NotIn: "NOT_IN",
}  # fmt: skip
_GX_LANGUAGE = re.compile(
    r"""\s*col\("(?P<column>[^"]+)"\)\s*(?:
    (?P<notnull>\.notnull\(\)) | (?P<op>[<>=!]=|[<>])\s*(?:
    (?P<number>[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?) |
    date\(["'](?P<date>[^"']*)["']\) | ["'](?P<text>[^"']*)["'] ) )\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def row_condition(
    condition: Any, parser: str | None, schema: Mapping[str, pl.DataType]
) -> pl.Expr | None:
    """Return the rows that a row condition keeps, None where there is no condition.

    Args:
        condition: What the suite says: nothing, text, or a condition object as GX writes it.
        parser: The suite's `condition_parser`, for text.
        schema: Columns and types of the frame.

    Raises:
        Unsupported: It cannot be said in Polars.
    """
    if not condition:
        return None
    if isinstance(condition, str):
        if parser in {"great_expectations", "great_expectations__experimental__"}:
            return _of_gx_language(condition, schema)
        return _of_query(condition, schema)
    return _of_object(condition, schema)


def condition_columns(condition: Any, names: Mapping[str, Any]) -> set[str]:
    """Return the columns among `names` that a row condition speaks of."""
    if isinstance(condition, str):
        words = set(re.findall(r"\w+", condition))
        return {name for name in names if name in words or f"`{name}`" in condition}
    if not isinstance(condition, dict):
        return set()
    found = {condition["column"]["name"]} if isinstance(condition.get("column"), dict) else set()
    if "pass_through_filter" in condition:
        found |= condition_columns(condition["pass_through_filter"], names)
    for part in condition.get("conditions", ()):
        found |= condition_columns(part, names)
    return found


def _of_object(condition: Mapping[str, Any], schema: Mapping[str, pl.DataType]) -> pl.Expr:
    sort = condition.get("type")
    if sort in {"and", "or"} and condition.get("conditions"):
        parts = [_of_object(part, schema) for part in condition["conditions"]]
        return reduce(and_ if sort == "and" else or_, parts)
    if sort == "pass_through":
        return _of_query(condition["pass_through_filter"], schema)
    if sort == "nullity":
        empty = _column(condition["column"]["name"], schema).is_null()
        return empty if condition["is_null"] else ~empty
    if sort == "comparison":
        name, value = condition["column"]["name"], condition["parameter"]
        return _compared(name, condition["operator"], value, schema)
    raise Unsupported(f"a row condition of type {sort!r}")


def _compared(name: str, operator: str, value: Any, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return a comparison; null compares as pandas has it: it differs from everything."""
    column, dtype = _column(name, schema), schema[name]
    if operator in {"IN", "NOT_IN"}:
        known = typed(list(value), dtype)
        if len(known) != len(value):
            raise Unsupported(f"{value!r} does not compare with {dtype}")
        inside = plain(column, dtype).is_in(known.implode()).fill_null(value=False)
        return inside if operator == "IN" else ~inside
    bound = literal(value, dtype)
    if operator == "!=":
        return plain(column, dtype).ne_missing(bound)
    if operator not in _COMPARISONS:
        raise Unsupported(f"the operator {operator!r}")
    compared: pl.Expr = _COMPARISONS[operator](plain(column, dtype), bound)
    return compared.fill_null(value=False)


def _column(name: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    if name not in schema:
        raise Unsupported(f"there is no column {name!r}")
    return pl.col(name).fill_nan(None) if schema[name].is_float() else pl.col(name)


def _of_gx_language(text: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    match = _GX_LANGUAGE.fullmatch(text)
    if not match:
        raise Unsupported(f"the row condition {text!r}")
    name = match["column"]
    if match["notnull"]:
        return _column(name, schema).is_not_null()
    number = match["number"]
    value = float(number) if number else match["date"] or match["text"]
    return _compared(name, match["op"], value, schema)


def _of_query(text: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Return the part of pandas' query language that compares columns with constants."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise Unsupported(f"the row condition {text!r}") from None
    return _of_node(tree, schema)


def _of_node(node: ast.expr, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    if isinstance(node, ast.BoolOp):
        joined = and_ if isinstance(node.op, ast.And) else or_
        return reduce(joined, (_of_node(part, schema) for part in node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        return ~_of_node(node.operand, schema)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _of_comparison(node, schema)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        called, owner = node.func.attr, node.func.value
        if isinstance(owner, ast.Name) and called in {"isnull", "isna", "notnull", "notna"}:
            empty = _column(owner.id, schema).is_null()
            return empty if called.startswith("is") else ~empty
    raise Unsupported("a row condition beyond comparisons")


def _of_comparison(node: ast.Compare, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    operator = _AST_COMPARISONS.get(type(node.ops[0]))
    if operator is None or not isinstance(node.left, ast.Name):
        raise Unsupported("a row condition beyond comparisons")
    try:
        value = ast.literal_eval(node.comparators[0])
    except ValueError:
        raise Unsupported("a row condition beyond constants") from None
    return _compared(node.left.id, operator, value, schema)
