"""Blocks: many records in a row, read as columns where they are all alike.

Polars reads JSON some times as fast as records can be made one by one, and more loosely: it passes
over keys that it does not look for and makes text of what is none. So a block of lines is read as
columns only where what it holds is proven to be what the records one by one would be.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import polars as pl

from newsqa.readers.model import Raw
from newsqa.readers.streams import count_lines
from newsqa.readers.wrappers import may_wrap_texts
from newsqa.record import INSTANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from newsqa.readers.encoding import Decoder
    from newsqa.readers.mapping import Mapper
    from newsqa.readers.model import Entry

_TEXTS = pl.List(pl.String())
_STEP = 1 << 20
_MOST_BLANK = 20
# How Polars writes JSON that is no text.
_DOUBTED = (
    r"(?m)^(?:(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false)$"
    r"|\{[\"}]|\[(?:[\"\[\]{\d-]|true|false|null))"
)
_BUFFER = 2000
# Of a block in which something is odd, most parts of this size are not.
_SMALL = 1 << 21
_MOST_KEYS = 200
_SCALARS = (str, int, float, type(None))


class Shape:
    """How the records of a file look, by the first of them.

    Args:
        mapper: Which keys are read.
        sample: The first records.
    """

    def __init__(self, mapper: Mapper, sample: Sequence[dict[str, Any]]) -> None:
        self._mapper = mapper
        self._sample = sample

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple({key: None for record in self._sample for key in record})

    @cached_property
    def fields(self) -> Mapping[str, str] | None:
        """Canonical field and key, where all records have all keys; None where it is not so."""
        return self._mapper.keys(self._keys)

    @cached_property
    def types(self) -> Mapping[str, pl.DataType] | None:
        """Type of each key in JSON, whatever other keys are there; None where they are too varied.

        A key that is not read may hold other scalars than text.
        """
        fields = self.fields
        few = len(self._keys) <= _MOST_KEYS
        if not fields or not few or not self._mapper.is_free(self._keys):
            return None
        field_of = {key: name for name, key in fields.items()}
        types: dict[str, pl.DataType] = {}
        for key in self._keys:
            values = [record[key] for record in self._sample if key in record]
            dtype = _type_of(values, field_of.get(key))
            if dtype is None or '"' in key or "\\" in key:
                return None
            types[key] = dtype
        # Of keys that are not read it is unknown whether they hold lists later on.
        lists = [key for key, dtype in types.items() if dtype == _TEXTS or key not in field_of]
        return None if may_wrap_texts(lists) else types


def _type_of(values: Sequence[Any], field: str | None) -> pl.DataType | None:
    """Return the type of a column of some values, text where whole numbers mean no instant."""
    if all(
        value is None or (value.__class__ is list and all(map(_is_text, value))) for value in values
    ):
        return _TEXTS if any(values) else pl.String()
    if field is None:
        plain = all(isinstance(value, _SCALARS) for value in values)
    else:
        plain = all(_is_text(v) or (v.__class__ is int and field not in INSTANTS) for v in values)
    return pl.String() if plain else None


@dataclass(frozen=True)
class Lines:
    """Lines of JSON.

    Args:
        raw: The lines.
        line: Number of the first.
        count: Number of lines.
        decoder: Decoder of the file.
        read: Reads them one by one.
    """

    raw: bytes
    line: int
    count: int
    decoder: Decoder
    read: Callable[[bytes, int, Decoder], Iterator[Entry]]

    @property
    def size(self) -> int:
        """Bytes of the lines."""
        return len(self.raw)

    def entries(self) -> Iterator[Entry]:
        """Yield the records, and what could not be read, one by one."""
        return self.read(self.raw, self.line, self.decoder)

    def peek(self) -> Iterator[Entry]:
        """Yield the same, although all of it is to be read again."""
        return self.read(self.raw, self.line, copy(self.decoder))

    def parts(self, shape: Shape) -> list[Lines]:
        """Return the same lines in smaller blocks, where these may be read as columns."""
        if shape.types is None or len(self.raw) < 2 * _SMALL:
            return []
        parts: list[Lines] = []
        start, line = 0, self.line
        while start < len(self.raw):
            end = self.raw.find(b"\n", start + _SMALL) + 1 or len(self.raw)
            parts.append(lines_of(self.raw[start:end], line, self.decoder, self.read))
            start, line = end, line + parts[-1].count
        return parts

    def columns(self, shape: Shape) -> pl.DataFrame | None:
        """Return a column for each key, to be proven; None where they have none."""
        if shape.types is None or shape.fields is None:
            return None
        try:
            return pl.read_ndjson(self.raw, schema=shape.types)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None

    def kinds(self, shape: Shape) -> Kinds | None:
        """Return what kinds of values there are, for the proof; None where it is hard to say."""
        return None if shape.types is None else kinds_of_values(self.raw)

    def proven(self, frame: pl.DataFrame, shape: Shape, kinds: Kinds | None) -> pl.DataFrame | None:
        """Return those of the columns that are read; None where they may not be the same."""
        if frame.height != self.count or kinds is None or shape.fields is None:
            return None
        values = [frame.height - missing for missing in frame.null_count().row(0)]
        lists = sum(n for n, dtype in zip(values, frame.dtypes, strict=True) if dtype == _TEXTS)
        # Then there is no other key with a value, and none twice.
        if sum(kinds) != sum(values) or kinds.lists != lists:
            return None
        used = pl.DataFrame([frame[key] for key in set(shape.fields.values())])
        return used if self._holds_text(used, shape, kinds) else None

    def _holds_text(self, frame: pl.DataFrame, shape: Shape, kinds: Kinds) -> bool:
        """Return whether what is text in a frame is text in the lines, in every record."""
        texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
        # Polars makes this of half of a surrogate pair.
        halves = [pl.col(name).str.contains("\x00", literal=True).any() for name in texts]
        parts = [pl.col(name).explode() for name in frame.columns if name not in texts]
        values = parts + [pl.col(name) for name in texts if kinds.others]
        doubted = [value.str.contains(_DOUBTED).any() for value in values]
        none = pl.lit(value=False)
        half, doubtful = frame.select(
            half=reduce(or_, halves, none), doubtful=reduce(or_, doubted, none)
        ).row(0)
        if half or not doubtful:
            return not half
        doubts = [_doubt(name, dtype) for name, dtype in frame.schema.items() if dtype == _TEXTS]
        doubts += [_doubt(name, pl.String()) for name in texts if kinds.others]
        numbers = frame.select(reduce(or_, doubts)).to_series().arg_true().to_list()
        lines = self.raw.split(b"\n")
        instants = {key for name, key in (shape.fields or {}).items() if name in INSTANTS}
        return all(_is_plain(lines[number], frame.schema, instants) for number in numbers)


class Kinds(NamedTuple):
    """How many keys of objects have a text, a list, or another value that is not null."""

    texts: int
    lists: int
    others: int


def kinds_of_values(raw: bytes) -> Kinds | None:
    """Return how many keys have values of each kind; None where it is hard to say.

    Args:
        raw: Valid JSON, one value a line.
    """
    import numpy as np

    count, text = np.zeros(256, np.intp), np.frombuffer(raw, np.uint8)
    blank = np.isin(np.arange(256), list(b" \t\r"))

    def beside(places: NDArray[np.intp], step: int) -> NDArray[np.intp]:
        places = places + step
        for _ in range(_MOST_BLANK):
            passed = blank[text[places]]
            if not passed.any():
                break
            places = np.minimum(places + step * passed, len(text) - 1)
        return places

    for start in range(0, len(text), _STEP):
        colons = np.flatnonzero(text[start : start + _STEP] == ord(":")) + start
        before = beside(colons, -1)
        keys = (text[before] == ord('"')) & (text[before - 1] != ord("\\"))
        values = text[beside(colons[keys], 1)]
        if blank[text[before]].any() or blank[values].any():
            return None
        count += np.bincount(values, minlength=256)
    texts, lists, nulls = (int(count[ord(first)]) for first in '"[n')
    return Kinds(texts, lists, int(count.sum()) - texts - lists - nulls)


def _doubt(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return true where a value could be something else in JSON."""
    column = pl.col(name)
    text = column.list.join("\n", ignore_nulls=True) if dtype == _TEXTS else column
    return text.str.contains(_DOUBTED).fill_null(value=False)


def _is_plain(line: bytes, schema: Mapping[str, pl.DataType], instants: set[str]) -> bool:
    """Return whether a line holds values of some types."""
    record = orjson.loads(line)
    for name, dtype in schema.items():
        value = record.get(name)
        if dtype == _TEXTS:
            plain = value is None or (value.__class__ is list and all(map(_is_text, value)))
        else:
            plain = _is_text(value) or (value.__class__ is int and name not in instants)
        if not plain:
            return False
    return True


def _is_text(value: Any) -> bool:
    return value is None or value.__class__ is str


def lines_of(
    raw: bytes, line: int, decoder: Decoder, read: Callable[[bytes, int, Decoder], Iterator[Entry]]
) -> Lines:
    """Return a block of some whole lines, the first of which has a number."""
    return Lines(raw, line, _lines_in(raw), decoder, read)


def _lines_in(raw: bytes) -> int:
    return count_lines(raw) + (not raw.endswith(b"\n"))


@dataclass(frozen=True)
class Rows:
    """Rows of a frame; lines are their numbers from 1."""

    frame: pl.DataFrame
    line: int

    @property
    def size(self) -> int:
        """Bytes of the rows in memory."""
        return int(self.frame.estimated_size())

    def entries(self) -> Iterator[Entry]:
        """Yield the records one by one."""
        size = self.size // max(self.frame.height, 1)
        rows = self.frame.iter_rows(named=True, buffer_size=_BUFFER)
        for number, row in enumerate(rows, self.line):
            yield Raw(number, row, size)

    peek = entries

    def parts(self, shape: Shape) -> list[Rows]:  # noqa: ARG002  as of lines
        """Return nothing: what some rows forbid, the others do."""
        return []

    def columns(self, shape: Shape) -> pl.DataFrame | None:
        """Return the columns that are read."""
        return self.frame.select(set(shape.fields.values())) if shape.fields else None

    def kinds(self, shape: Shape) -> None:
        """Return nothing: there is nothing to prove."""

    def proven(self, frame: pl.DataFrame, shape: Shape, kinds: Kinds | None) -> pl.DataFrame:  # noqa: ARG002  likewise
        """Return the same columns, which are the rows."""
        return frame


Block = Lines | Rows
"""Many records in a row, with a line each where they are read as columns."""


def one_by_one(entries: Iterable[Entry | Block]) -> Iterator[Entry]:
    """Yield the records of blocks one by one, and all else as it is."""
    for entry in entries:
        if isinstance(entry, (Lines, Rows)):
            yield from entry.entries()
        else:
            yield entry
