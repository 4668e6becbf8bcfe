"""Bytes of files: decompressed by what they begin with, in UTF-8 where they were UTF-16."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zlib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from backports import zstd

from newsqa.readers.encoding import wide_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = 1 << 20
_CHUNK = 1 << 20
_PIECE = 1 << 16
# The allocator keeps what is smaller than 32 MB; more is taken from the system anew each time.
_BLOCK = 16 << 20
_FIRST = 4 << 20

DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError)
"""What reading a file may raise, its decompression included."""

SUFFIXES = (".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz")


@dataclass(frozen=True)
class Opened:
    """A file opened for reading.

    Args:
        stream: Its bytes from the beginning, decompressed and, where it was UTF-16, in UTF-8.
        head: The first of these bytes, about a megabyte.
        whole: Whether `head` is all there is.
        path: Where a library can read the same bytes itself; None where they were compressed or
            are in no file.
        wide: Name of the encoding where it was UTF-16 or UTF-32.
    """

    stream: BinaryIO
    head: bytes
    whole: bool
    path: str | None
    wide: str | None


class _Chunks(io.RawIOBase):
    """A stream of what an iterator yields."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def stream_of(chunks: Iterable[bytes]) -> BinaryIO:
    """Return a buffered stream of chunks of bytes."""
    return cast("BinaryIO", io.BufferedReader(_Chunks(iter(chunks)), _CHUNK))


def open_stream(raw: BinaryIO, path: str | None = None) -> Opened:
    """Return a file's bytes ready to be read.

    Args:
        raw: The file; must be able to seek.
        path: Where it is in the file system, if it is.

    Raises:
        OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError: It is damaged.
    """
    magic = raw.read(8)
    raw.seek(0)
    stream = _decompressed(raw, magic)
    return opened_stream(stream, path if stream is raw else None)


def opened_stream(stream: BinaryIO, path: str | None = None) -> Opened:
    """Return a stream of decompressed bytes, with its beginning known; raises as it does."""
    pieces = _pieces(stream)
    if wide := wide_encoding(first := next(pieces, b"")):
        pieces = _narrowed(chain([first], pieces), wide)
        first = next(pieces, b"")
    begun = [first]
    rest: Iterator[bytes] = pieces
    try:
        while sum(map(len, begun)) < HEAD and (piece := next(pieces, b"")):
            begun.append(piece)
    except DAMAGED as error:
        rest = _failing(error)
    head = b"".join(begun)
    whole = len(head) < HEAD
    known = whole and rest is pieces  # most files are small, and a buffer takes as long as they do
    stream = cast("BinaryIO", io.BytesIO(head)) if known else stream_of(chain([head], rest))
    return Opened(stream, head, whole, path, wide)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield small pieces: of a damaged file, all before the damage."""
    while piece := stream.read(_PIECE):
        yield piece


def _failing(error: BaseException) -> Iterator[bytes]:
    yield from ()
    raise error


def _decompressed(raw: BinaryIO, magic: bytes) -> BinaryIO:
    if magic.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw, mode="rb"))
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        return cast("BinaryIO", zstd.ZstdFile(raw))
    if magic.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(raw))
    if magic.startswith(b"\xfd7zXZ\x00"):
        return cast("BinaryIO", lzma.LZMAFile(raw))
    return raw


def _narrowed(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream, many together; those before a damaged place, too."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := stream.read1(_BLOCK):  # type: ignore[attr-defined]
            pieces.append(piece)
            size += len(piece)
            if size >= _BLOCK:
                pieces.append(stream.readline())
                yield b"".join(pieces)
                pieces, size = [], 0
    except DAMAGED:
        yield b"".join(pieces)
        raise
    if pieces:
        yield b"".join(pieces)


def lines_of_file(path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the lines of a plain file, or of a stretch of it, many together."""
    with Path(path).open("rb") as raw:
        stop = raw.seek(0, io.SEEK_END) if end is None else end
        # Often no more than the first records are asked for.
        size = _FIRST
        while start < stop:
            raw.seek(start + size)
            raw.readline()
            after = min(raw.tell(), stop)
            raw.seek(start)
            yield raw.read(after - start)
            start, size = after, _BLOCK


def count_lines(raw: bytes) -> int:
    """Return how many line feeds bytes hold; of large ones faster than `bytes.count`."""
    if len(raw) < _CHUNK:
        return raw.count(b"\n")
    import numpy as np

    text = np.frombuffer(raw, np.uint8)
    # Steps that stay close to the processor.
    steps = range(0, len(text), _PIECE)
    return sum(int(np.count_nonzero(text[at : at + _PIECE] == ord("\n"))) for at in steps)
