"""The shape of a record: fields that must be there, and values that must have a certain form."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.errors import RuleFileError
from newsqa.schema import Constraint, constraints

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    import polars as pl


@check
class Schema(RecordCheck):
    """Demands a constraint of the record schema.

    Args:
        column: Canonical field that the constraint is about.
        constraint: `present` (where the file provides the field at all), `well-formed`, `known` or
            `plausible-length`.
    """

    key: ClassVar[str] = "schema"

    column: str
    constraint: Literal["present", "well-formed", "known", "plausible-length"]

    @model_validator(mode="after")
    def _exists(self) -> Self:
        if (self.column, self.constraint) not in constraints():
            known = ", ".join(c for c, name in constraints() if name == self.constraint)
            raise RuleFileError(f"the schema has {self.constraint!r} only for: {known}")
        return self

    def fields(self) -> frozenset[str]:
        """Return the constrained field."""
        return frozenset({self.column})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the constraint is violated; the screen is exact."""
        return self._constraint.broken

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the value that violates the constraint."""
        yield Hit(self.column, values={"value": row.text(self.column)})

    @property
    def _constraint(self) -> Constraint:
        return constraints()[self.column, self.constraint]
