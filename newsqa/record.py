"""The news record: the columns that every reader fills and every check reads.

A batch is a `polars.DataFrame` with exactly the columns of `RECORD_SCHEMA`, one row a record. Text
columns hold what the scraper wrote, unchanged; null means that the record has no such value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


@dataclass(frozen=True)
class Field:
    """One canonical field of a record."""

    name: str
    kind: str  # text | list | instant
    about: str


FIELDS: tuple[Field, ...] = (
    Field(
        "id",
        "text",
        "The record's own identifier, else its URL, else a digest of title and text.",
    ),
    Field(
        "source",
        "text",
        "The outlet: the record's own source field, else the registered domain of its URL.",
    ),
    Field("url", "text", "Where the article was fetched."),
    Field("title", "text", "The headline."),
    Field("body", "text", "The text of the article; for a page dump, the text of the whole page."),
    Field("summary", "text", "A teaser or description that belongs to this article."),
    Field("published", "instant", "When the article says that it was published."),
    Field("modified", "instant", "When the article says that it was last changed."),
    Field("crawled", "instant", "When the page was fetched."),
    Field("section", "text", "The section, category or breadcrumb of the outlet."),
    Field(
        "authors", "list", "The names of the authors, one entry a name as the scraper split them."
    ),
    Field("language", "text", "The language as the record states it, unchanged."),
    Field("dateline", "text", "The dateline, where the scraper kept it apart from the body."),
)
FIELD_NAMES: tuple[str, ...] = tuple(f.name for f in FIELDS)
TEXT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.kind == "text")
INSTANTS: tuple[str, ...] = tuple(f.name for f in FIELDS if f.kind == "instant")

_BIT = {name: 1 << i for i, name in enumerate(FIELD_NAMES)}


def provides_mask(names: Iterable[str]) -> int:
    """Return the bit mask that says which canonical fields a file provides."""
    mask = 0
    for name in names:
        mask |= _BIT[name]
    return mask


def provided_fields(mask: int) -> frozenset[str]:
    """Return the canonical fields of a bit mask; the reverse of `provides_mask`."""
    return frozenset(name for name, bit in _BIT.items() if mask & bit)


def record_schema() -> dict[str, pl.DataType]:
    """Return column names and Polars types of a batch, in order.

    Provenance: `path` (as shown to the user), `line` (1-based, where the record starts),
    `record` (0-based number in its file), `provides` (mask of the canonical fields that the file
    provides at all; a rule whose field is not provided is not applicable), `body_line` and
    `body_start` (line and character offset of the body in its file; null unless the body is a
    verbatim part of the file, as in page dumps).

    Each instant `x` (UTC) has `x_raw` (text as written), `x_zone` (a zone was given, else UTC is
    assumed) and `x_clock` (a time of day was given, else midnight).
    """
    import polars as pl

    text, stamp = pl.String(), pl.Datetime("us", "UTC")
    schema: dict[str, pl.DataType] = {
        "path": text,
        "line": pl.UInt32(),
        "record": pl.UInt32(),
        "provides": pl.UInt32(),
        "body_line": pl.UInt32(),
        "body_start": pl.UInt64(),
    }
    for field in FIELDS:
        if field.kind == "instant":
            schema |= {
                field.name: stamp,
                f"{field.name}_raw": text,
                f"{field.name}_zone": pl.Boolean(),
                f"{field.name}_clock": pl.Boolean(),
            }
        else:
            schema[field.name] = pl.List(pl.String()) if field.kind == "list" else text
    return schema


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a batch with every canonical column from rows that may lack some of them."""
    import polars as pl

    return pl.DataFrame(rows, schema=record_schema(), orient="row", strict=True)
