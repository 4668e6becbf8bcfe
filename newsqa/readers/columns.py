"""Parquet, Arrow and other data that Polars reads: files, object stores, frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from newsqa.readers.blocks import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

_SLICE = 5000
_PER_DAY = {"d": 1, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
# A day within the years 1 and 9999, since a zone may move a time by that much.
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895
_SCHEMES = "s3 s3a gs gcs az abfs abfss adl azure hf http https file"
URL_SCHEMES = tuple(f"{scheme}://" for scheme in _SCHEMES.split())


def is_url(path: str) -> bool:
    """Return whether a path is a URL that Polars opens by itself."""
    return path.startswith(URL_SCHEMES)


def read_frame(frame: pl.DataFrame | pl.LazyFrame, before: int = 0) -> Iterator[Rows]:
    """Yield the rows of a frame in blocks; a lazy one is collected part by part.

    `line` is the number of the row, from 1; `before` says how many rows come before the frame.
    """
    parts: Iterable[pl.DataFrame] = [frame] if isinstance(frame, pl.DataFrame) else _parts(frame)
    number = before
    for part in map(_in_years_of_python, parts):
        for rows in part.iter_slices(_SLICE):
            yield Rows(rows, number + 1)
            number += rows.height


def _in_years_of_python(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose times Python can hold: of a column with others, all become text.

    One such value would end the reading of the whole frame; as text it is a date not understood.
    """
    texts = []
    for name, dtype in frame.schema.items():
        if not isinstance(dtype, (pl.Date, pl.Datetime)):
            continue
        number = pl.col(name).to_physical()
        unit = dtype.time_unit if isinstance(dtype, pl.Datetime) else "d"
        fits = number.is_between(_FIRST_DAY * _PER_DAY[unit], _LAST_DAY * _PER_DAY[unit])
        if not frame.select(fits.all()).item():
            text = pl.when(fits).then(pl.col(name)).dt.to_string("iso:strict")
            texts.append(text.fill_null(pl.format(f"{{}} {unit}", number)).alias(name))
    return frame.with_columns(texts)


def _parts(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    yield from frame.collect_batches(chunk_size=_SLICE, maintain_order=True)


def scan_parquet(source: str | BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Rows]:
    """Yield the rows of a Parquet file, by path, URL or stream: all, or those of a stretch."""
    frame = pl.scan_parquet(source, glob=False)
    whole = start == 0 and end is None
    length = None if end is None else end - start
    return read_frame(frame if whole else frame.slice(start, length), start)


def scan_arrow(source: str | BinaryIO) -> Iterator[Rows]:
    """Yield the rows of an Arrow or Feather file."""
    return read_frame(pl.scan_ipc(source, glob=False))


def scan_arrow_stream(stream: BinaryIO) -> Iterator[Rows]:
    """Yield the rows of an Arrow stream."""
    return read_frame(pl.read_ipc_stream(stream))


def url_lines(url: str) -> Iterator[bytes]:
    """Yield the lines of a text file behind a URL."""
    for part in pl.scan_lines(url, name="line").collect_batches(chunk_size=_SLICE):
        for line in part.get_column("line"):
            yield (line or "").encode() + b"\n"


def read_url(url: str) -> Iterator[Rows]:
    """Yield the rows of a columnar file behind a URL."""
    path = url.partition("?")[0].casefold()
    return scan_arrow(url) if path.endswith((".arrow", ".feather", ".ipc")) else scan_parquet(url)


def text_of_url(path: str) -> bool:
    """Return whether the file behind a URL is text, by its ending."""
    plain = path.partition("?")[0].casefold()
    for ending in (".gz", ".zst", ".zstd"):
        plain = plain.removesuffix(ending)
    return plain.endswith((".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt"))
