"""Values of a column as a canonical field holds them: text, names, outlets, instants.

What most values of a column are is worked out for all of them at once; the rest one by one.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.dates.stamp import instant_of, iso_instant
from newsqa.readers.canonical import ISO, NOT_BLANK, ZONED, filled, instants_of_iso
from newsqa.readers.values import (
    as_json,
    as_names,
    as_raw_instant,
    as_text,
    domain_of_url,
    name_of,
    outlet_of,
    without_surrogates,
)
from newsqa.record import record_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsqa.dates.stamp import Instant

    Values = pl.Series | Sequence[Any]
    ReadDate = Callable[[Any, int], Any]

_SCHEMA = record_schema()
_NAMES = pl.List(pl.String())
_JOINT = "\x1f"
# URLs alike up to here are of one host; a `//` may follow a scheme or begin the URL.
_UP_TO_HOST = r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*"
_MOST_NAMES = 2000


def text_values(values: Values) -> pl.Series:
    """Return values as text; null where one holds nothing but white space."""
    return not_blank(texts_of(values, as_text))


def texts_of(values: Values, text_of: Callable[[Any], str | None]) -> pl.Series:
    """Return values as text: what is none is made text by a function."""
    if isinstance(values, pl.Series):
        if values.dtype == pl.String:
            return values
        values = values.to_list()
    texts = [v if v is None or v.__class__ is str else text_of(v) for v in values]
    try:
        return pl.Series(texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series([t and without_surrogates(t) for t in texts], dtype=pl.String)


def not_blank(texts: pl.Series) -> pl.Series:
    """Return texts, null where there is nothing but white space."""
    if texts.null_count() == len(texts):
        return texts
    filled = texts.str.contains(NOT_BLANK)
    return texts if filled.all() else texts.zip_with(filled.fill_null(value=False), _null(texts))


def _null(like: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=like.dtype)


def ids_of(values: Values, url: pl.Series, title: pl.Series, body: pl.Series) -> pl.Series:
    """Return what identifies a record: its own identifier, else its URL, else what it says."""
    ids = _first_of(text_values(values), url)
    if not ids.null_count():
        return ids
    nameless = ids.is_null()
    said = zip(title.filter(nameless), body.filter(nameless), strict=True)
    return _placed(ids, nameless, [_digest(*texts) for texts in said])


def _first_of(texts: pl.Series, others: pl.Series) -> pl.Series:
    """Return texts, and others where there is none."""
    if texts.null_count() == len(texts):
        return others
    return texts.zip_with(texts.is_not_null(), others) if texts.null_count() else texts


def _digest(title: str | None, body: str | None) -> str:
    """Return an identifier made of what a record says, which survives moves and new neighbours."""
    text = f"{title or ''}\n{body or ''}".encode("utf-8", "surrogatepass")
    return f"text-{hashlib.sha256(text).hexdigest()[:16]}"


def _placed(series: pl.Series, where: pl.Series, values: Sequence[Any]) -> pl.Series:
    """Return a series with other values where a mask is true, in order."""
    if not values:
        return series
    # It changes a series in place, which may be a column of another field.
    return series.clone().scatter(where.arg_true(), pl.Series(values, dtype=series.dtype))


def sources_of(values: Values, urls: pl.Series) -> pl.Series:
    """Return the outlet of each record: the one that it names, else the domain of its URL."""
    names = not_blank(texts_of(values, name_of))
    named = _of_each(names, outlet_of, pl.String())
    if not named.null_count():
        return named
    hosts = _first_of(urls.str.extract(_UP_TO_HOST, 0), urls)
    return _first_of(named, _of_each(hosts, _domain_of_host, pl.String()))


_domain_of_host = lru_cache(maxsize=65536)(domain_of_url)


def source_of(value: Any, url: str | None) -> str | None:
    """Return the outlet of one record, as `sources_of` does."""
    name = value if value is None or isinstance(value, str) else name_of(value)
    return outlet_of(name) if name and not name.isspace() else domain_of_url(url)


def _of_each(texts: pl.Series, made: Callable[[str], Any], dtype: pl.DataType) -> pl.Series:
    """Return what a function makes of each text, which it is asked for once."""
    if texts.null_count() == len(texts):
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts))
    known = texts.unique()
    made_of = pl.Series([None if text is None else made(text) for text in known], dtype=dtype)
    places = pl.DataFrame({"text": known, "made": made_of})
    asked = pl.DataFrame({"text": texts})
    return asked.join(places, on="text", how="left", maintain_order="left").get_column("made")


def names_of(values: Values) -> pl.Series:
    """Return lists of names, none of them empty."""
    if isinstance(values, pl.Series):
        if values.dtype == pl.String:
            return _of_each(values, as_names, _NAMES)
        if values.dtype == _NAMES:
            names = pl.col("names")
            kept, plain = (
                values.to_frame("names")
                .select(pl.when(names.list.len() > 0).then(names), _are_names(names).alias("plain"))
                .get_columns()
            )
            if plain.all():
                return kept
        values = values.to_list()
    lists = [as_names(value) for value in values]
    try:
        return _lists(lists)
    except UnicodeEncodeError:
        return _lists([names and [*map(without_surrogates, names)] for names in lists])


def _are_names(lists: pl.Expr) -> pl.Expr:
    """Return whether `as_names` would change none of some lists but empty ones."""
    names = lists.explode(empty_as_null=False, keep_nulls=False)
    few = (lists.list.len().max() <= _MOST_NAMES).fill_null(value=True)
    return names.is_not_null().all() & filled(names) & few


def _lists(lists: Sequence[list[str] | None]) -> pl.Series:
    """Return a series of lists, none of them empty: joined and split, where nothing forbids it.

    Polars makes a series of each list that it is given, which takes longer than all other columns.
    """
    if any(_JOINT in part for names in lists if names for part in names):
        return pl.Series(lists, dtype=_NAMES)
    joined = [None if names is None else _JOINT.join(names) for names in lists]
    return pl.Series(joined, dtype=pl.String).str.split(_JOINT)


def instants_of(
    name: str, values: Values, read: ReadDate, *, plain: bool = False
) -> list[pl.Series]:
    """Return the columns of an instant: when, as written, with a zone, with a clock.

    Args:
        name: Canonical field.
        values: Text, numbers, lists or dates.
        read: Returns the `Stamp` of a value, given the number of its record, or None.
        plain: Whether they are known to be plain, as of `plain_among`.
    """
    raws: pl.Series | None = None
    if isinstance(values, pl.Series):
        raws, values = (values, values) if values.dtype == pl.String else (None, values.to_list())
    elif all(value is None or value.__class__ is str for value in values):
        raws = values = texts_of(values, as_text)
    if raws is None:
        told = [_told(value, number, read) for number, value in enumerate(values)]
        return _instants(name, zip(*told, strict=True) if told else ([], [], [], []))
    if raws.null_count() == len(raws):
        return [
            pl.Series([None], dtype=_SCHEMA[column]).new_from_index(0, len(raws)).alias(column)
            for column in _columns(name)
        ]
    columns = _iso_instants(raws) if plain else None
    columns = columns or _text_instants(name, raws, read)
    return [c.alias(n) for c, n in zip(columns, _columns(name), strict=True)]


def _iso_instants(texts: pl.Series) -> list[pl.Series] | None:
    """Return the columns of plain texts; None where they are not read all at once."""
    at = instants_of_iso(texts)
    if at is None:
        return None
    given = pl.Series([True]).new_from_index(0, len(texts))
    if texts.null_count():
        there = texts.is_not_null()
        at, given = at.zip_with(there, _null(at)), given.zip_with(there, _null(given))
    return [at, texts, given, given]


def _text_instants(name: str, texts: pl.Series, read: ReadDate) -> list[pl.Series]:
    text = pl.col("text")
    quick, zoned = text.str.contains(ISO), text.str.contains(ZONED)
    padded = pl.when(quick & zoned).then(text).when(quick).then(text + "Z")
    at = padded.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    columns = (
        texts.to_frame("text")
        .select(
            at.alias("at"),
            pl.when(text.str.contains(NOT_BLANK)).then(text),
            pl.when(at.is_not_null()).then(zoned).alias("zone"),
            pl.when(at.is_not_null()).then(statement=True).alias("clock"),
        )
        .get_columns()
    )
    left = (columns[0].is_null() & texts.is_not_null()).arg_true()
    if left.is_empty():
        return columns
    numbers = left.to_list()
    told = [_told(texts[number], number, read) for number in numbers]
    rest = _instants(name, zip(*told, strict=True))
    return [c.scatter(left, r) for c, r in zip(columns, rest, strict=True)]


def _columns(name: str) -> tuple[str, ...]:
    return name, f"{name}_raw", f"{name}_zone", f"{name}_clock"


def _instants(name: str, told: Iterable[Sequence[Any]]) -> list[pl.Series]:
    at, raws, zones, clocks = told
    return [
        pl.Series(name, at, dtype=pl.Int64).cast(_SCHEMA[name]),
        texts_of(list(raws), as_text).alias(f"{name}_raw"),
        pl.Series(f"{name}_zone", zones, dtype=pl.Boolean),
        pl.Series(f"{name}_clock", clocks, dtype=pl.Boolean),
    ]


def _told(given: Any, number: int, read: ReadDate) -> tuple[Any, ...]:
    """Return microseconds, text, and whether zone and clock were given, of one value."""
    at, raw = _quick_instant(given)
    if at is not None:
        return at.micros, raw, at.zone, at.clock
    value = given if given is None else as_raw_instant(given)
    stamp = None if value is None else read(value, number)
    text = value if isinstance(value, str) else raw_text(value)
    return (None, text, None, None) if stamp is None else (
        stamp.micros, text, stamp.zone, stamp.clock,
    )  # fmt: skip


def _quick_instant(value: Any) -> tuple[Instant | None, str | None]:
    """Return instant and text of what needs no look at its source or language, else None."""
    if value.__class__ is str:
        return iso_instant(value), value
    if value.__class__ is datetime:
        return instant_of(value), value.isoformat()
    return None, None


def raw_text(value: Any) -> str | None:
    """Return the text of a date value that is none: a number, a list, a date."""
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return as_json(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
