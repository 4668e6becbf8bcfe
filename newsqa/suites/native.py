"""What a natively judged expectation is: figures to measure, and a judgement of the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    from newsqa.suites.domain import Domain

Kwargs: TypeAlias = Mapping[str, Any]
Figures: TypeAlias = Mapping[str, Any]
Measures: TypeAlias = "dict[str, pl.Expr]"
Judgement: TypeAlias = tuple[bool, dict[str, Any]]
"""Whether it is met, and the figures in the shape of GX."""

SHOWN = 20
"""Values of which a result shows so many at most, as GX does."""


@dataclass(frozen=True)
class Native:
    """One kind of expectation.

    Args:
        measures: Expressions that give one value each over the whole frame; all those of a suite
            are worked out in one pass. Raises `Unsupported` where GX must judge.
        judge: Decides from the figures, under the names of the measures.
        about: What the figures are of: `rows`, each by itself, so that they are counts, and those
            of parts of a frame add up; the `frame` as a whole; or its `columns`, names and types,
            whatever the rows.
    """

    measures: Callable[[Kwargs, Domain], Measures]
    judge: Callable[[Kwargs, Figures], Judgement]
    about: Literal["rows", "frame", "columns"] = "frame"


def mostly(kwargs: Kwargs) -> float:
    """Return the share of rows that must be as expected."""
    value = kwargs.get("mostly")
    return 1.0 if value is None else float(value)


def counted(kwargs: Kwargs, figures: Figures) -> Judgement:
    """Judge counts of rows: `elements`, `judged` (None where nulls count too), `unexpected`."""
    elements, unexpected = figures["elements"], figures["unexpected"]
    judged = figures.get("judged")
    considered = elements if judged is None else judged
    met = not considered or (considered - unexpected) / considered >= mostly(kwargs)
    share = 100 * unexpected / considered if considered else None
    result: dict[str, Any] = {
        "element_count": elements,
        "unexpected_count": unexpected,
        "unexpected_percent": share,
    }
    if "values" in figures:
        result["partial_unexpected_list"] = figures["values"]
    if judged is not None:
        result |= {
            "missing_count": elements - judged,
            "missing_percent": 100 * (elements - judged) / elements if elements else None,
            "unexpected_percent_total": 100 * unexpected / elements if elements else None,
            "unexpected_percent_nonmissing": share,
        }
    return met, result
