"""Opening a file: its container and the entries that it holds, read as a stream."""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import polars as pl

from newsqa.readers.columns import (
    is_url,
    read_url,
    scan_arrow,
    scan_arrow_stream,
    scan_parquet,
    text_of_url,
    url_lines,
)
from newsqa.readers.discover import why_no_data
from newsqa.readers.dump import has_header, read_dump
from newsqa.readers.encoding import Decoder
from newsqa.readers.jsontext import read_json, read_json_lines
from newsqa.readers.model import Problem, Raw
from newsqa.readers.sniff import NoContainerError, sniff
from newsqa.readers.streams import (
    DAMAGED,
    lines_of_file,
    open_stream,
    opened_stream,
    stream_of,
    whole_lines,
)
from newsqa.readers.tables import read_table
from newsqa.readers.xmldoc import read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from newsqa.readers.blocks import Block
    from newsqa.readers.discover import InputFile
    from newsqa.readers.model import Entry
    from newsqa.readers.sniff import Container
    from newsqa.readers.streams import Opened

_SIBLINGS = 20
_BROKEN = (
    *DAMAGED,
    ValueError,
    RecursionError,
    ParseError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)


class NoRecords(Exception):  # noqa: N818  not an error: the file is passed over
    """A text file that is no data; the text says why."""


def open_entries(file: InputFile) -> tuple[str, Iterator[Entry | Block]]:
    """Return the container of a file and its entries: records and what could not be read.

    Reading never raises: what goes wrong on the way is the last entry, and all before it counts.

    Args:
        file: The file, or a stretch of it that `newsqa.readers.cut` has made.

    Raises:
        NoRecords: It was found in a folder and is text without any records.
    """
    path = file.path
    if is_url(file.place):
        return _open_url(file, path)
    raw = None
    try:
        raw = open(file.place, "rb")  # noqa: SIM115, PTH123  closed when it is read
        opened = open_stream(raw, file.place)
        container = sniff(opened, file.suffix)
        # A shell turns `data/*` into names: a README among them is no article.
        if container == "text" and (not file.named or why_no_data(Path(path).name)):
            container = _in_folder(file)
    except NoRecords:
        _close(raw)
        raise
    except (NoContainerError, *DAMAGED) as error:
        _close(raw)
        return "unknown", iter([_unreadable(path, error)])
    return container, _guarded(_entries(container, path, file, opened), path, raw)


def _in_folder(file: InputFile) -> Container:
    """Return what a text in a folder is: a page without its header, where others are page dumps."""
    if beside_dumps(file.folder, file.suffix):
        return "dump"
    raise NoRecords("text without records")


def _open_url(file: InputFile, path: str) -> tuple[str, Iterator[Entry | Block]]:
    if not text_of_url(path):
        return "parquet", _guarded(read_url(path), path, None)
    try:
        opened = opened_stream(stream_of(url_lines(path)))
        container = sniff(opened, file.suffix)
    except (NoContainerError, *DAMAGED, pl.exceptions.PolarsError) as error:
        return "unknown", iter([_unreadable(path, error)])
    return container, _guarded(_entries(container, path, file, opened), path, None)


def _entries(
    container: Container, path: str, file: InputFile, opened: Opened
) -> Iterator[Entry | Block]:
    decoder = Decoder(path, opened.head)
    if opened.wide:
        decoder.report(1, f"not UTF-8 but {opened.wide.upper()}", opened.head[:200])
        yield from decoder.problems()
    if not file.is_whole:
        yield from _stretch(container, file, decoder)
    elif container == "jsonl":
        yield from read_json_lines(path, _lines(opened), decoder)
    elif container == "json":
        yield from read_json(path, opened.stream, decoder)
    elif container in {"csv", "tsv"}:
        yield from read_table(path, opened.stream, decoder, file.suffix)
    elif container in {"dump", "text", "xml"}:
        text = decoder.text(opened.stream.read(), 1).removeprefix("\ufeff")
        yield from decoder.problems()
        yield from _READ_TEXT[container](text)
    elif container != "empty":
        yield from _columnar(container, opened)


def _lines(opened: Opened) -> Iterator[bytes]:
    if opened.path is None or opened.wide:
        return whole_lines(opened.stream)
    return lines_of_file(opened.path)


def _stretch(container: Container, file: InputFile, decoder: Decoder) -> Iterator[Entry | Block]:
    if container != "jsonl":
        yield from scan_parquet(file.place, file.start, file.end)
        return
    lines = lines_of_file(file.place, file.start, file.end)
    yield from read_json_lines(file.path, lines, decoder, file.line)


def _columnar(container: Container, opened: Opened) -> Iterator[Entry | Block]:
    if container == "arrow-stream":
        return scan_arrow_stream(opened.stream)
    source = opened.path or io.BytesIO(opened.stream.read())
    return scan_parquet(source) if container == "parquet" else scan_arrow(source)


def _plain_text(text: str) -> Iterator[Raw]:
    """Yield a text without header as the body of a record that has nothing else."""
    for page in read_dump(text):
        yield page._replace(record={"body": page.record["body"]})


_READ_TEXT = {"dump": read_dump, "text": _plain_text, "xml": read_xml}


def _guarded(
    entries: Iterator[Entry | Block], path: str, raw: BinaryIO | None
) -> Iterator[Entry | Block]:
    """Yield entries; what reading raises becomes the last one."""
    try:
        yield from entries
    except _BROKEN as error:
        yield _unreadable(path, error)
    finally:
        _close(raw)


def _close(raw: BinaryIO | None) -> None:
    if raw is not None:
        raw.close()


def _unreadable(path: str, error: BaseException) -> Problem:
    first = str(error).strip().partition("\n")[0][:200] or type(error).__name__
    known = isinstance(error, NoContainerError)
    return Problem("unreadable-file", path, None, first if known else f"cannot be read: {first}")


@lru_cache(maxsize=1024)
def beside_dumps(folder: str, suffix: str) -> bool:
    """Return whether a folder holds page dumps: then a text there is a page without header."""
    for path in islice(sorted(Path(folder).glob(f"*{suffix}*")), _SIBLINGS):
        try:
            with path.open("rb") as stream:
                head = stream.read(4096).decode("utf-8", "replace")
        except OSError:
            continue
        if has_header(head):
            return True
    return False
