"""The schema: what a batch of records must look like, once for pandera and once for the rules.

`CONSTRAINTS` says of each column what its values must fulfil, as Polars expressions. The pandera
model and the screens of the `schema` check are both made from it, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from newsqa.record import provides_mask, record_schema
from newsqa.text.languages import known_languages

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandera.polars as pa

_PROVENANCE = ("path", "line", "record", "provides")
# A scheme, a host with a dot (or a local one), and nothing that a URL must escape.
_URL = (
    r"""(?i)\A\s*https?://(?:[^\s/?#@<>"]+@)?(?:[^\s/?#@:<>"{}.,]+(?:\.[^\s/?#@:<>"{}.,]+)+\.?"""
    r"""|localhost|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s<>"{}]*)?\s*\z"""
)
# Names of things that are no addresses, which feeds and agencies put there on purpose.
_NAME_OF_THING = r"(?i)\A\s*(?:urn|tag|doi|at):[^\s]+\s*\z"
_LONGEST = {"url": 8_000, "source": 100, "language": 40, "section": 500, "dateline": 300}


@dataclass(frozen=True)
class Constraint:
    """What a column must fulfil.

    Args:
        column: Canonical field.
        name: `present`, `well-formed`, `known` or `plausible-length`.
        holds: Boolean expression, element-wise; null where there is nothing to judge.
    """

    column: str
    name: str
    holds: pl.Expr

    @property
    def broken(self) -> pl.Expr:
        """True where the constraint is violated, else false."""
        return ~self.holds.fill_null(value=True)


def _present(column: str) -> pl.Expr:
    """Hold where the field has a value, or its file does not provide the field at all."""
    provided = (pl.col("provides") & provides_mask([column])) != 0
    return ~provided | pl.col(column).is_not_null()


def _well_formed_url(column: str) -> pl.Expr:
    value = pl.col(column)
    return value.str.contains(_URL) | value.str.contains(_NAME_OF_THING)


def _known_language(column: str) -> pl.Expr:
    """Hold for codes, tags and names of languages; a tag's region and script are not judged."""
    value = pl.col(column).str.strip_chars().str.to_lowercase()
    tag = value.str.replace_all("_", "-", literal=True).str.replace(r"\..*$", "")
    shaped = tag.str.contains(r"\A[a-z]{2,3}(?:-[a-z0-9]{1,8})*\z")
    known = sorted(known_languages())
    return value.is_in(known) | (shaped & tag.str.extract(r"\A([a-z]+)", 1).is_in(known))


def _plausible_length(column: str) -> pl.Expr:
    return pl.col(column).str.len_chars() <= _LONGEST[column]


_KINDS: dict[str, tuple[Callable[[str], pl.Expr], tuple[str, ...]]] = {
    "present": (_present, ("url", "source", "title", "language")),
    "well-formed": (_well_formed_url, ("url",)),
    "known": (_known_language, ("language",)),
    "plausible-length": (_plausible_length, tuple(_LONGEST)),
}


@lru_cache(maxsize=1)
def constraints() -> dict[tuple[str, str], Constraint]:
    """Return the constraints of a record by column and name."""
    return {
        (column, name): Constraint(column, name, make(column))
        for name, (make, columns) in _KINDS.items()
        for column in columns
    }


def judged_columns() -> list[str]:
    """Return the columns of the model: all but the body.

    Pandera's report of failures holds whole values, and a body is far too long for that.
    """
    return [name for name in record_schema() if name != "body"]


def record_model() -> pa.DataFrameSchema:
    """Return the pandera model of a batch without its body column.

    Beside the constraints it demands the dtypes of `record_schema`, provenance in every row, lines
    that count from 1, and one row for each path and record.
    """
    import pandera.polars as pa

    schema = record_schema()
    columns = {
        name: pa.Column(
            schema[name],
            checks=pa.Check.ge(1, name="starts-at-1") if name == "line" else None,
            nullable=name not in _PROVENANCE,
        )
        for name in judged_columns()
    }
    checks = [
        pa.Check(
            lambda data, broken=constraint.broken: data.lazyframe.select(~broken),
            name=f"{constraint.column}:{constraint.name}",
        )
        for constraint in constraints().values()
    ]
    return pa.DataFrameSchema(
        columns, checks=checks, unique=["path", "record"], strict=True, ordered=True, name="record"
    )


def failures(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what a batch violates, by pandera.

    One row a violation: `row` (null where a whole column is wrong), `column`, `constraint`. The
    frame must be a collected one: of a lazy one pandera checks only dtypes.
    """
    from pandera.errors import SchemaErrors

    try:
        record_model().validate(frame.drop("body", strict=False), lazy=True)
    except SchemaErrors as errors:
        found: pl.DataFrame = errors.failure_cases.select(
            pl.col("index").cast(pl.UInt32).alias("row"), _column, _name
        )
        return found.unique().sort("row", "column", "constraint")
    return pl.DataFrame(schema={"row": pl.UInt32, "column": pl.String, "constraint": pl.String})


_of_record = pl.col("check").str.contains(":", literal=True)
_column = (
    pl.when(_of_record)
    .then(pl.col("check").str.extract(r"^(\w+):", 1))
    .otherwise("column")
    .alias("column")
)
_name = (
    pl.when(_of_record)
    .then(pl.col("check").str.extract(r":(.+)$", 1))
    .otherwise("check")
    .alias("constraint")
)
