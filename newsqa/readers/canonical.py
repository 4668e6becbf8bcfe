"""Columns that are canonical as they stand, as most are: one query over all of them tells which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from newsqa.record import INSTANTS, record_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.readers.fields import Values

# What Python takes for white space; Rust leaves out the four separators of ASCII.
NOT_BLANK = r"[^\s\x1c-\x1f]"
# White space is among the characters before the first of these, and from one to another of a pair.
_VISIBLE, _UNSURE = "!", (("\x7f", "\xa1"), ("\u1680", "\u3001"))
_DAY = r"(?:1[0-9]|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
ISO = rf"^{_DAY}[T ]{_CLOCK}{_ZONE}?$"
"""A part of what `iso_instant` reads: no year and no offset that any of the two would refuse."""
ZONED = r"(?:Z|[+-][0-9]{2}:[0-9]{2})$"
"""Tells which of them has a zone."""
_ZONED_ISO = rf"^{_DAY}[T ]{_CLOCK}{_ZONE}$"
_TO_MICROSECONDS = len("2000-01-01T00:00:00.000000")
_MICROS = "datetime64[us]"


def plain_among(values: Mapping[str, Values]) -> dict[str, pl.Series]:
    """Return those of some columns that need no other look, by name.

    They hold text, none of it blank, and where they are instants, in ISO 8601 with a zone.
    """
    columns = {
        name: column
        for name, column in values.items()
        if isinstance(column, pl.Series) and column.dtype == pl.String
    }
    frame = pl.DataFrame([column.alias(name) for name, column in columns.items()])
    checks = [
        pl.col(name).str.contains(_ZONED_ISO).all() if name in INSTANTS else filled(pl.col(name))
        for name in columns
    ]
    told = frame.select(checks).row(0, named=True) if checks else {}
    return {name: columns[name] for name, plain in told.items() if plain}


def filled(texts: pl.Expr) -> pl.Expr:
    """Return whether no text holds nothing but white space."""
    # Most begin with a character that is none, and what they begin with is quickly compared.
    unsure = texts < _VISIBLE
    for start, end in _UNSURE:
        unsure |= texts.is_between(pl.lit(start), pl.lit(end), closed="left")
    return texts.filter(unsure).str.contains(NOT_BLANK).all()


def instants_of_iso(texts: pl.Series) -> pl.Series | None:
    """Return the instants of plain texts; None where not all are alike, or one is no such day.

    Where there is no text, there is any instant. NumPy reads them in a fraction of the time that
    Polars takes to read zones.
    """
    first = texts.first(ignore_nulls=True)
    if not isinstance(first, str):
        return None
    width, in_utc = len(first), first.endswith("Z")
    text = pl.col("text").fill_null(first)
    told = texts.to_frame("text").select(
        text.str.join("").alias("joined"), (text.str.len_bytes() == width).all().alias("alike")
    )
    local = width - (1 if in_utc else len("+00:00"))
    if not told["alike"][0] or local > _TO_MICROSECONDS:
        return None
    chars = np.frombuffer(told["joined"][0].encode("ascii"), np.uint8).reshape(-1, width)
    if ((chars[:, -1] == ord("Z")) != in_utc).any():
        return None
    try:
        at = np.ascontiguousarray(chars[:, :local]).view(f"S{local}").ravel().astype(_MICROS)
    except ValueError:
        return None
    if not in_utc:
        digits = chars[:, [-5, -4, -2, -1]] - np.int64(ord("0"))
        minutes = digits @ np.array([600, 60, 10, 1])
        east = np.where(chars[:, -6] == ord("+"), minutes, -minutes)
        at -= east.astype("timedelta64[m]")
    return pl.Series(at.view(np.int64)).cast(record_schema()["published"])
