"""Cutting an input into parts that can be checked by themselves, in any order and any process.

A part is one stretch of a large file, or some files in a row. Where parts begin depends on names
and sizes alone, and a file that comes or goes moves few of the borders: borders follow names, as
content-defined chunking has them follow content, so that the results of most other parts still
hold.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from newsqa.readers.columns import is_url
from newsqa.readers.files import learn_folder
from newsqa.readers.mapping import SAMPLE
from newsqa.readers.sniff import NoContainerError, sniff
from newsqa.readers.streams import DAMAGED, count_lines, open_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from newsqa.readers.discover import InputFile
    from newsqa.readers.files import Shared

PART_BYTES = 48 << 20
"""Bytes of JSON lines a part, about: the last one may be a third larger, and is a batch, too."""
# A short rest costs nearly as much as a part of its own.
_LAST_BYTES_SHARE = 1.3
_PART_ROWS = 15_000
# Small enough to stay close to the processor while its lines are counted.
_CHUNK = 1 << 20
_MOST_FILES = 4000
_ARTICLE_BYTES = 1 << 20
_BORDERS = ((1 << 23, 1, 8), (1, 500, 512))
"""Least bytes, least files, and one in how many names ends a part that has both."""


@dataclass(frozen=True)
class Part:
    """What is checked in one go.

    Args:
        files: Whole files, or one stretch of one.
        size: Bytes on disk, about; 0 where unknown.
        number: Its place among all parts, from 0.
        shared: How single-record files are read in folders that other parts have files of, too.
    """

    files: tuple[InputFile, ...]
    size: int = 0
    number: int = 0
    shared: tuple[Shared, ...] = ()

    @property
    def continues(self) -> bool:
        """Whether it goes on where the part before it ended, in the same file."""
        return self.files[0].start > 0

    @property
    def is_stretch(self) -> bool:
        """Whether it is a stretch of one large file, which most likely is read as columns."""
        return not self.files[0].is_whole


def cut(
    files: Sequence[InputFile], fields: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Part]:
    """Yield the parts of an input in the order of its files, each as soon as its end is known.

    Args:
        files: All files.
        fields: Names of keys to try first, by canonical field.
    """
    last = {file.folder: at for at, file in enumerate(files)}
    known: dict[str, tuple[Shared, ...]] = {}
    end = 0
    for number, part in enumerate(_cut(files)):
        start = end
        end += len(part.files) if part.files[-1].end is None else 0
        for at, file in enumerate(part.files, start):
            # What is read otherwise because of other files is learnt before it is cut apart.
            if file.folder not in known and last[file.folder] >= end:
                known[file.folder] = learn_folder(_first_of(file.folder, files, at), fields)
        folders = dict.fromkeys(file.folder for file in part.files)
        shared = tuple(chain.from_iterable(known.get(folder, ()) for folder in folders))
        yield replace(part, number=number, shared=shared)


def _first_of(folder: str, files: Sequence[InputFile], at: int) -> Iterator[InputFile]:
    """Yield the files of a folder from its first one on that may hold a single record."""
    for file in islice(files, at, at + SAMPLE):
        if file.folder != folder:
            return
        if size_of(file) <= _ARTICLE_BYTES:
            yield file


def _cut(files: Iterable[InputFile]) -> Iterator[Part]:
    held: list[InputFile] = []
    size = 0
    for file in files:
        own = size_of(file)
        stretches = _stretches(file) if own >= 2 * PART_BYTES else None
        if stretches is not None:
            if held:
                yield Part(tuple(held), size)
            held, size = [], 0
            yield from stretches
            continue
        held.append(file)
        size += own
        if is_url(file.place) or _is_border(file.path, size, len(held)):
            yield Part(tuple(held), size)
            held, size = [], 0
    if held:
        yield Part(tuple(held), size)


def size_of(file: InputFile) -> int:
    """Return the bytes of a file; 0 where there is none, as of a URL."""
    if is_url(file.place):
        return 0
    try:
        return os.stat(file.place).st_size  # noqa: PTH116  of many files
    except (OSError, ValueError):
        return 0


def _is_border(path: str, size: int, files: int) -> bool:
    if size >= PART_BYTES or files >= _MOST_FILES:
        return True
    word = zlib.crc32(path.encode("utf-8", "surrogatepass"))
    return any(size >= b and files >= n and word % one_in == 0 for b, n, one_in in _BORDERS)


def _stretches(file: InputFile) -> Iterator[Part] | None:
    """Return the stretches of a file that can be read from the middle, else None."""
    try:
        with Path(file.place).open("rb") as raw:
            opened = open_stream(raw, file.place)
            container = sniff(opened, file.suffix)
    except (NoContainerError, *DAMAGED):
        return None
    if opened.path is None or opened.wide:
        return None
    if container == "jsonl":
        return _of_lines(file)
    return _of_rows(file) if container == "parquet" else None


def _of_lines(file: InputFile) -> Iterator[Part]:
    start, line = 0, file.line
    with Path(file.place).open("rb") as raw:
        while end := _end_of_part(raw, start):
            yield Part((replace(file, start=start, end=end, line=line),), end - start)
            start, line = end, line + _lines_between(raw, start, end)
    yield Part((replace(file, start=start, line=line),), size_of(file) - start)


def _end_of_part(raw: BinaryIO, start: int) -> int | None:
    """Return where the part ends that begins somewhere in a file; None for the last one."""
    size = os.fstat(raw.fileno()).st_size
    if size - start <= _LAST_BYTES_SHARE * PART_BYTES:
        return None
    raw.seek(start + PART_BYTES)
    raw.readline()
    return raw.tell() if raw.tell() < size else None


def _lines_between(raw: BinaryIO, start: int, end: int) -> int:
    """Return the number of lines between two places in a file."""
    raw.seek(start)
    sizes = (min(_CHUNK, end - at) for at in range(start, end, _CHUNK))
    return sum(count_lines(raw.read(size)) for size in sizes)


def _of_rows(file: InputFile) -> Iterator[Part] | None:
    try:
        rows = pl.scan_parquet(file.place, glob=False).select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    size = size_of(file) * _PART_ROWS // max(rows, 1)
    starts = range(0, rows, _PART_ROWS)
    return (
        Part(
            (replace(file, start=at, end=at + _PART_ROWS if at + _PART_ROWS < rows else None),),
            size,
        )
        for at in starts
    )
