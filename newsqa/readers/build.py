"""Batches: mapped values of records become the canonical columns of a Polars frame."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.dates.stamp import instant_of, is_ambiguous, iso_instant, parse_stamp
from newsqa.readers.model import Batch
from newsqa.readers.order import Sighting
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
from newsqa.record import FIELD_NAMES, INSTANTS, TEXT_FIELDS, record_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsqa.dates.stamp import Instant, Stamp
    from newsqa.readers.model import Problem, Raw
    from newsqa.readers.order import DayOrders

_JOINT = "\x1f"
_SCHEMA = record_schema()
_AT = {name: place for place, name in enumerate(FIELD_NAMES)}
_PLAIN_TEXT = tuple(name for name in TEXT_FIELDS if name not in {"id", "source"})


class Builder:
    """Gathers records until a batch is full.

    Args:
        orders: How each source writes numeric dates.
        records: Records of a full batch.
        size: Bytes of a full batch; a single record may be larger.
    """

    def __init__(self, orders: DayOrders, records: int, size: int) -> None:
        self._orders = orders
        self._records = records
        self._size = size
        self._clear()

    def _clear(self) -> None:
        self._places: list[tuple[str, int, int, int, int | None, int | None]] = []
        self._values: list[Sequence[Any]] = []
        self._day_first: list[bool | None] = []
        self._problems: list[Problem] = []
        self._bytes = 0

    def add(
        self,
        path: str,
        number: int,
        raw: Raw,
        values: Sequence[Any],
        provides: int,
        *,
        day_first: bool | None = None,
    ) -> None:
        """Take in one record.

        Args:
            path: File as shown to the user.
            number: 0-based number of the record in its file.
            raw: Where it stands.
            values: One value a canonical field, in the order of `FIELD_NAMES`.
            provides: Mask of the fields that its file provides.
            day_first: How its format writes numeric dates, where that is known.
        """
        self._places.append((path, raw.line, number, provides, raw.body_line, raw.body_start))
        self._values.append(values)
        self._day_first.append(day_first)
        self._bytes += raw.size

    def add_problem(self, problem: Problem) -> None:
        """Take in something that could not be read; names of files may be no UTF-8."""
        self._problems.append(replace(problem, path=without_surrogates(problem.path)))

    @property
    def full(self) -> bool:
        """Whether the batch has reached its size."""
        many = len(self._values) >= self._records or len(self._problems) >= self._records
        return many or self._bytes >= self._size

    @property
    def empty(self) -> bool:
        """Whether there is nothing to build a batch from."""
        return not self._values and not self._problems

    def build(self) -> Batch:
        """Return the batch gathered so far, and begin the next."""
        frame = self._frame()
        problems = tuple(self._problems)
        refused = sum(problem.kind == "unreadable-record" for problem in problems)
        self._clear()
        return Batch(frame, problems, frame.height + refused, refused)

    def _frame(self) -> pl.DataFrame:
        if not self._values:
            return pl.DataFrame(schema=_SCHEMA)
        places = list(zip(*self._places, strict=True))
        fields = list(zip(*self._values, strict=True))
        names = ("path", "line", "record", "provides", "body_line", "body_start")
        columns: dict[str, Sequence[Any]] = dict(zip(names, places, strict=True))
        columns |= {name: _texts(fields[_AT[name]]) for name in _PLAIN_TEXT}
        columns["id"] = _ids(fields[_AT["id"]], columns)
        columns["source"] = _sources(fields[_AT["source"]], columns["url"])
        columns["authors"] = [as_names(value) for value in fields[_AT["authors"]]]
        for name in INSTANTS:
            columns |= self._instants(name, fields[_AT[name]], columns)
        return pl.DataFrame([_series(name, columns[name]) for name in _SCHEMA])

    def _instants(
        self, name: str, values: Sequence[Any], columns: dict[str, Sequence[Any]]
    ) -> dict[str, list[Any]]:
        stamps: list[int | None] = []
        raws: list[str | None] = []
        zones: list[bool | None] = []
        clocks: list[bool | None] = []
        for row, given in enumerate(values):
            at, raw = _quick_instant(given)
            if at is not None:
                stamps.append(at.micros)
                zones.append(at.zone)
                clocks.append(at.clock)
                raws.append(raw)
                continue
            value = given if given is None else as_raw_instant(given)
            stamp = None if value is None else self._stamp(value, row, columns)
            stamps.append(stamp.micros if stamp else None)
            zones.append(stamp.zone if stamp else None)
            clocks.append(stamp.clock if stamp else None)
            raws.append(value if isinstance(value, str) else raw_text(value))
        keys = (name, f"{name}_raw", f"{name}_zone", f"{name}_clock")
        return dict(zip(keys, (stamps, raws, zones, clocks), strict=True))

    def _stamp(self, value: Any, row: int, columns: dict[str, Sequence[Any]]) -> Stamp | None:
        day_first = True
        if isinstance(value, str) and 6 <= len(value) <= 120 and is_ambiguous(value):
            declared = self._day_first[row]
            day_first = (
                self._orders.day_first(columns["source"][row], columns["path"][row])
                if declared is None
                else declared
            )
        language = columns["language"][row] or (columns["source"][row] or "").rpartition(".")[2]
        return parse_stamp(value, day_first=day_first, language=language)


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


def sighting_of(values: Sequence[Any]) -> Sighting:
    """Return what the mapped values of a record say about the order of its source."""
    url = as_text(values[_AT["url"]])
    dates = {name: as_raw_instant(values[_AT[name]]) for name in INSTANTS}
    crawled = raw_text(dates["crawled"])
    return Sighting(
        source=_sources([values[_AT["source"]]], [url])[0],
        language=as_text(values[_AT["language"]]),
        url=url,
        stated=tuple(value for value in dates.values() if isinstance(value, str)),
        crawled=crawled,
    )


def _texts(values: Iterable[Any]) -> list[str | None]:
    return [
        value
        if value.__class__ is str and value and not value.isspace()
        else (None if value is None else as_text(value))
        for value in values
    ]


def _ids(values: Iterable[Any], columns: dict[str, Sequence[Any]]) -> list[str]:
    parts = zip(columns["url"], columns["title"], columns["body"], strict=True)
    return [
        text or url or _digest(title, body)
        for text, (url, title, body) in zip(_texts(values), parts, strict=True)
    ]


def _digest(title: str | None, body: str | None) -> str:
    """Return an identifier made of what a record says, which survives moves and new neighbours."""
    text = f"{title or ''}\n{body or ''}".encode("utf-8", "surrogatepass")
    return f"text-{hashlib.sha256(text).hexdigest()[:16]}"


def _sources(values: Iterable[Any], urls: Iterable[str | None]) -> list[str | None]:
    sources: list[str | None] = []
    for value, url in zip(values, urls, strict=True):
        name = value if value is None or isinstance(value, str) else name_of(value)
        sources.append(outlet_of(name) if name and not name.isspace() else domain_of_url(url))
    return sources


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    dtype = _SCHEMA[name]
    if name in INSTANTS:
        return pl.Series(name, values, dtype=pl.Int64).cast(dtype)
    make = _lists if isinstance(dtype, pl.List) else pl.Series
    try:
        return make(name, values, dtype)
    except UnicodeEncodeError:
        return make(name, [_encodable(value) for value in values], dtype)


def _lists(name: str, values: Sequence[list[str] | None], dtype: pl.DataType) -> pl.Series:
    """Return a series of lists, none of them empty: joined and split, where nothing forbids it.

    Polars makes a series of each list that it is given, which takes longer than all other columns.
    """
    if any(_JOINT in part for value in values if value for part in value):
        return pl.Series(name, values, dtype)
    joined = [None if value is None else _JOINT.join(value) for value in values]
    return pl.Series(name, joined, pl.String).str.split(_JOINT)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_encodable(part) for part in value]
    return value
