"""Fields that a record lacks although its file provides them."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.record import FIELDS, provides_mask

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT = frozenset(f.name for f in FIELDS if f.kind == "text")
_LIST = frozenset(f.name for f in FIELDS if f.kind == "list")


@check
class Presence(RecordCheck):
    """Demands a value: text that is not blank, a list that is not empty, an instant as written.

    Args:
        required: Canonical fields of which at least one must have a value.
        given: Canonical fields of which one must have a value for the rule to apply.
    """

    key: ClassVar[str] = "presence"

    required: tuple[str, ...]
    given: tuple[str, ...] = ()

    def fields(self) -> frozenset[str]:
        """Return the required field; of several, none is indispensable."""
        return frozenset(self.required) if len(self.required) == 1 else frozenset()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where the file provides a required field and the record has none of them."""
        provided = (pl.col("provides") & provides_mask(self.required)) != 0
        missing = ~reduce(or_, (_has_value(name) for name in self.required))
        if not self.given:
            return provided & missing
        return provided & missing & reduce(or_, (_has_value(name) for name in self.given))

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the first required field."""
        yield Hit(field=self.required[0], values={"field": self.required[0]})


def _has_value(name: str) -> pl.Expr:
    if name in _LIST:
        return pl.col(name).list.len().fill_null(0) > 0
    if name in _TEXT:
        return pl.col(name).str.contains(r"[^\s\p{C}]").fill_null(value=False)
    return pl.col(f"{name}_raw").is_not_null()
