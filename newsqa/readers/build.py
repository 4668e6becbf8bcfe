"""Batches: mapped values of records become the canonical columns of a Polars frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.dates.stamp import is_ambiguous, parse_stamp
from newsqa.readers.canonical import plain_among
from newsqa.readers.fields import (
    ids_of,
    instants_of,
    names_of,
    raw_text,
    source_of,
    sources_of,
    text_values,
)
from newsqa.readers.model import Batch
from newsqa.readers.order import Sighting
from newsqa.readers.values import as_raw_instant, as_text, without_surrogates
from newsqa.record import FIELD_NAMES, INSTANTS, TEXT_FIELDS, record_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsqa.dates.stamp import Stamp
    from newsqa.readers.fields import Values
    from newsqa.readers.model import Problem, Raw
    from newsqa.readers.order import DayOrders

    _Origin = tuple[str, bool | None]
    """Path of the file, and how its format writes numeric dates, where that is known."""

_SCHEMA = record_schema()
_AT = {name: place for place, name in enumerate(FIELD_NAMES)}
_PLAIN_TEXT = tuple(name for name in TEXT_FIELDS if name not in {"id", "source"})
_PLACES = ("path", "line", "record", "provides", "body_line", "body_start")


@dataclass(frozen=True)
class Columns:
    """Records of one file in a row, as columns.

    Args:
        path: File as shown to the user.
        line: 1-based line of the first; each has one.
        number: 0-based number of the first in its file.
        provides: Mask of the fields that the file provides.
        day_first: How its format writes numeric dates, where that is known.
        values: Values by canonical field; the others are null.
        count: Number of records.
        size: Bytes that they take up.
    """

    path: str
    line: int
    number: int
    provides: int
    day_first: bool | None
    values: Mapping[str, pl.Series]
    count: int
    size: int


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
        self._frames: list[pl.DataFrame] = []
        self._built = 0
        self._places: list[tuple[str, int, int, int, int | None, int | None]] = []
        self._values: list[Sequence[Any]] = []
        self._origins: list[_Origin] = []
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
        self._origins.append((path, day_first))
        self._bytes += raw.size

    def add_columns(self, columns: Columns) -> Iterator[Batch]:
        """Take in many records, and yield the batches that are full by then."""
        self._frame_rows()
        frame = self._canonical(
            _places_of(columns), columns.values, [(columns.path, columns.day_first)]
        )
        average = columns.size / max(columns.count, 1)
        while frame.height:
            room = int((self._size - self._bytes) / average) + 1 if average else frame.height
            part = frame.head(min(room, self._records - self._built))
            frame = frame.slice(part.height)
            self._take(part)
            self._bytes += round(part.height * average)
            if self.full:
                yield self.build()

    def add_problem(self, problem: Problem) -> None:
        """Take in something that could not be read; names of files may be no UTF-8."""
        self._problems.append(replace(problem, path=without_surrogates(problem.path)))

    @property
    def full(self) -> bool:
        """Whether the batch has reached its size."""
        many = self._built + len(self._values) >= self._records
        return many or len(self._problems) >= self._records or self._bytes >= self._size

    @property
    def empty(self) -> bool:
        """Whether there is nothing to build a batch from."""
        return not self._built and not self._values and not self._problems

    def build(self) -> Batch:
        """Return the batch gathered so far, and begin the next."""
        self._frame_rows()
        frames = self._frames or [pl.DataFrame(schema=_SCHEMA)]
        frame = frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=True)
        problems = tuple(self._problems)
        refused = sum(problem.kind == "unreadable-record" for problem in problems)
        self._clear()
        return Batch(frame, problems, frame.height + refused, refused)

    def _take(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        self._built += frame.height

    def _frame_rows(self) -> None:
        """Make columns of the single records so far."""
        if not self._values:
            return
        paths, *numbers = zip(*self._places, strict=True)
        series = [
            pl.Series(name, values, dtype=_SCHEMA[name])
            for name, values in zip(_PLACES[1:], numbers, strict=True)
        ]
        places = pl.DataFrame([text_values(paths).alias("path"), *series])
        values = dict(zip(FIELD_NAMES, zip(*self._values, strict=True), strict=True))
        self._take(self._canonical(places, values, self._origins))
        self._places, self._values, self._origins = [], [], []

    def _canonical(
        self, places: pl.DataFrame, values: Mapping[str, Values], origins: Sequence[_Origin]
    ) -> pl.DataFrame:
        """Return the columns of a batch.

        Args:
            places: The columns of `_PLACES`.
            values: Values by canonical field.
            origins: Where each record is from, or all of them.
        """
        missing = pl.Series([None], dtype=pl.String).new_from_index(0, places.height)
        given = {name: values.get(name, missing) for name in FIELD_NAMES}
        columns = {series.name: series for series in places}
        plain = plain_among(given)
        columns |= {n: plain[n] if n in plain else text_values(given[n]) for n in _PLAIN_TEXT}
        columns["id"] = ids_of(given["id"], *(columns[n] for n in ("url", "title", "body")))
        columns["source"] = sources_of(given["source"], columns["url"])
        columns["authors"] = names_of(given["authors"])

        def read(value: Any, row: int) -> Stamp | None:
            origin = origins[row if len(origins) > 1 else 0]
            return self._stamp(value, origin, columns["source"][row], columns["language"][row])

        for name in INSTANTS:
            made = instants_of(name, given[name], read, plain=name in plain)
            columns |= {series.name: series for series in made}
        return pl.DataFrame([columns[name].alias(name) for name in _SCHEMA])

    def _stamp(
        self, value: Any, origin: _Origin, source: str | None, language: str | None
    ) -> Stamp | None:
        path, day_first = origin
        if day_first is None and isinstance(value, str) and _may_be_ambiguous(value):
            day_first = self._orders.day_first(source, path)
        known = language or (source or "").rpartition(".")[2]
        return parse_stamp(value, day_first=day_first is not False, language=known)


def _may_be_ambiguous(text: str) -> bool:
    return 6 <= len(text) <= 120 and is_ambiguous(text)


def _places_of(columns: Columns) -> pl.DataFrame:
    count = columns.count
    return pl.select(
        pl.repeat(without_surrogates(columns.path), count, dtype=pl.String).alias("path"),
        pl.int_range(columns.line, columns.line + count, dtype=pl.UInt32).alias("line"),
        pl.int_range(columns.number, columns.number + count, dtype=pl.UInt32).alias("record"),
        pl.repeat(columns.provides, count, dtype=pl.UInt32).alias("provides"),
        pl.repeat(None, count, dtype=pl.UInt32).alias("body_line"),
        pl.repeat(None, count, dtype=pl.UInt64).alias("body_start"),
    )


def sighting_of(values: Sequence[Any]) -> Sighting:
    """Return what the mapped values of a record say about the order of its source."""
    url = as_text(values[_AT["url"]])
    dates = {name: as_raw_instant(values[_AT[name]]) for name in INSTANTS}
    crawled = raw_text(dates["crawled"])
    return Sighting(
        source=source_of(values[_AT["source"]], url),
        language=as_text(values[_AT["language"]]),
        url=url,
        stated=tuple(value for value in dates.values() if isinstance(value, str)),
        crawled=crawled,
    )
