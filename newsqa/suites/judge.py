"""A suite judged over a frame: all native expectations in one lazy pass, the rest by GX."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from newsqa.errors import SuiteError
from newsqa.suites.condition import condition_columns, row_condition
from newsqa.suites.domain import Domain, Unsupported
from newsqa.suites.known import NATIVE
from newsqa.suites.model import Outcome, SuiteResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from newsqa.suites.model import Expectation, Suite
    from newsqa.suites.native import Figures, Measures

_ABOUT_THE_COLUMNS = ("expect_table_column", "expect_column_to_exist")
_ABOUT_THE_TABLE = ("expect_table_", "expect_column_to_exist")


def judge_suite(
    frame: pl.LazyFrame | pl.DataFrame,
    suite: Suite,
    *,
    values: bool = False,
    known: Mapping[int, Figures] | None = None,
) -> SuiteResult:
    """Return what becomes of a suite over a frame.

    Expectations that Polars can judge are judged in one pass over the frame; the others by Great
    Expectations itself, over a pandas frame of the columns that they name, and only then are those
    two imported.

    Args:
        frame: The rows; a lazy frame is read once for the native expectations together.
        suite: Its expectations; the frame that each is about is the caller's business.
        values: Whether results show values that are not as expected. They are scraped: such a
            result must not be published.
        known: Figures that were measured before, by number of the expectation; the frame may lack
            the columns of these.

    Raises:
        SuiteError: An expectation names a column that the frame does not have.
    """
    lazy = frame.lazy()
    schema = dict(lazy.collect_schema())
    known = known or {}
    plans = {
        number: measures
        for number, expectation in enumerate(suite.expectations)
        if number not in known
        and (measures := measures_of(expectation, schema, values=values)) is not None
    }
    figures = {**known, **_figures(lazy, plans)}
    outcomes = [
        _judged(expectation, figures[number]) if number in figures else None
        for number, expectation in enumerate(suite.expectations)
    ]
    left = [e for e, o in zip(suite.expectations, outcomes, strict=True) if o is None]
    if left:
        from newsqa.suites.oracle import judge_with_gx

        by_gx = iter(judge_with_gx(lazy, left, values=values))
        outcomes = [outcome or next(by_gx) for outcome in outcomes]
    return SuiteResult(suite, tuple(o for o in outcomes if o is not None))


def columns_of(expectation: Expectation, names: Iterable[str]) -> set[str]:
    """Return the columns that an expectation needs, among those that a frame has.

    An expectation that names none needs all of them.
    """
    known = dict.fromkeys(names)
    kwargs = expectation.kwargs
    found = condition_columns(kwargs.get("row_condition"), known)
    if expectation.type.startswith(_ABOUT_THE_COLUMNS):
        return set(known)
    if expectation.type.startswith(_ABOUT_THE_TABLE):
        return found & known.keys()
    named = [kwargs.get(key) for key in ("column", "column_A", "column_B")]
    listed = kwargs.get("column_list")
    found |= {*(listed if isinstance(listed, (list, tuple)) else ())} | {n for n in named if n}
    if not found and expectation.type not in NATIVE:
        found = set(known)
    return found & known.keys()


def require_columns(suite: Suite, schemas: Mapping[str, Iterable[str]]) -> None:
    """Raise where an expectation names a column that its frame will never have.

    Raises:
        SuiteError: With the file, the line and the nearest name.
    """
    for expectation in suite.expectations:
        _require(expectation, list(schemas[expectation.frame]), suite.path)


def _require(expectation: Expectation, names: Sequence[str], path: str = "") -> None:
    if expectation.type.startswith(_ABOUT_THE_TABLE):
        return
    kwargs = expectation.kwargs
    wanted = [kwargs.get(key) for key in ("column", "column_A", "column_B")]
    wanted += kwargs.get("column_list") or []
    for name in wanted:
        if name is None or name in names:
            continue
        near = difflib.get_close_matches(str(name), names, 1)
        raise SuiteError(
            f"{expectation.type}: the {expectation.frame} have no column {name!r}",
            where=f"{path}:{expectation.line}" if path and expectation.line else path,
            hint=f"did you mean {near[0]!r}?" if near else f"columns: {', '.join(names)}",
        )


def measures_of(
    expectation: Expectation, schema: Mapping[str, pl.DataType], *, values: bool = False
) -> Measures | None:
    """Return the measures of an expectation, None where GX must judge it.

    Args:
        expectation: The expectation.
        schema: Columns and types of the frame that it is about.
        values: Whether values that are not as expected are among them.

    Raises:
        SuiteError: It names a column that the frame does not have.
    """
    _require(expectation, list(schema))
    native = NATIVE.get(expectation.type)
    if native is None:
        return None
    kwargs = expectation.kwargs
    try:
        where = row_condition(kwargs.get("row_condition"), kwargs.get("condition_parser"), schema)
        measures = native.measures(kwargs, Domain(schema, where))
    except Unsupported:
        return None
    return measures if values else {n: m for n, m in measures.items() if n != "values"}


def _figures(lazy: pl.LazyFrame, plans: Mapping[int, Measures]) -> dict[int, Figures]:
    """Return the value of every measure, from one pass over the frame."""
    if not plans:
        return {}
    wanted = [
        expression.alias(f"{number}.{name}")
        for number, plan in plans.items()
        for name, expression in plan.items()
    ]
    found = lazy.select(wanted).collect().row(0, named=True)
    return {n: {name: found[f"{n}.{name}"] for name in plan} for n, plan in plans.items()}


def _judged(expectation: Expectation, figures: Figures) -> Outcome | None:
    try:
        success, result = NATIVE[expectation.type].judge(expectation.kwargs, figures)
    except Unsupported:
        return None
    return Outcome(expectation, bool(success), result)
