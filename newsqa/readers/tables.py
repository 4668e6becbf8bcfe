"""CSV and TSV: with a header line, or the header-less tables of known tools."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import TYPE_CHECKING

from newsqa.readers.formats import folded, load_formats
from newsqa.readers.model import Raw, unreadable_record
from newsqa.readers.values import domain_of_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from newsqa.readers.encoding import Decoder
    from newsqa.readers.model import Entry

# The text of an article may fill a field; the limit of the csv module is for the whole process.
csv.field_size_limit(2**31 - 1)

_DELIMITERS = ("\t", ",", ";", "|")
_MOST_LINES = 20_000
_SNIFFED = 50
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')


@dataclass(frozen=True)
class Layout:
    """How a table is written: what separates its fields, and what its columns are called.

    Args:
        delimiter: Character between two fields.
        columns: Names of the columns.
        header: Whether the first line holds the names.
        name: Name of the tool whose header-less table it is, else empty; such a table writes
            nothing as `null`.
        quoted: Whether quotation marks enclose fields that hold a delimiter or a line break; old
            versions of such tools wrote none.
    """

    delimiter: str
    columns: tuple[str, ...]
    header: bool = True
    name: str = ""
    quoted: bool = True

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Return a reader of rows from lines."""
        if not self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter)


class _Lines:
    """Lines that can be handed back, so that reading can start again in the middle."""

    def __init__(self, stream: BinaryIO, decoder: Decoder) -> None:
        self._stream = stream
        self._decoder = decoder
        self._waiting: list[str] = []
        self.taken: list[str] = []
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise StopIteration
        line = self._waiting.pop() if self._waiting else self._fresh()
        self.taken.append(line)
        self.read += 1
        return line

    def _fresh(self) -> str:
        raw = next(self._stream)
        text = self._decoder.text(raw, self.read + 1)
        if self.read > 0:
            return text
        text = text.removeprefix("\ufeff")
        if "\n" in text:
            return text
        # No line feed in the whole file: Excel on a Mac ends lines with a carriage return alone.
        first, *others = list(io.StringIO(text, newline="")) or [text]
        self._waiting += reversed(others)
        return first

    def give_back(self, lines: list[str]) -> None:
        """Take lines back, to be read again."""
        self._waiting += reversed(lines)
        self.read -= len(lines)


def read_table(path: str, stream: BinaryIO, decoder: Decoder, suffix: str) -> Iterator[Entry]:
    """Yield the rows of a table.

    A row with more or fewer fields than there are columns is refused: its values stand in the wrong
    columns. When an unclosed quotation mark has swallowed several lines, only its own line is lost.

    Args:
        path: File as shown to the user.
        stream: Its bytes, decompressed.
        decoder: Decoder of the file.
        suffix: Ending of its name, which settles what the text leaves open.
    """
    lines = _Lines(stream, decoder)
    beginning = list(dropwhile(lambda line: not line.strip(), islice(lines, _SNIFFED)))
    lines.give_back(beginning)
    layout = layout_of(beginning, suffix)
    skip = layout.header
    reader = layout.reader(lines)
    while True:
        lines.taken = []
        line = lines.read + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row, message = [], str(error)
        else:
            message = f"{len(row)} fields where {len(layout.columns)} are expected"
        yield from decoder.problems()
        if skip or not any(map(str.strip, lines.taken)):
            skip = False
        elif (values := _fitted(row, layout)) is not None:
            record = dict(zip(layout.columns, values, strict=True))
            yield Raw(line, record, sum(map(len, row)))
        else:
            yield unreadable_record(path, line, message, lines.taken[0])
            lines.give_back(_swallowed(lines.taken, layout))
            reader = layout.reader(lines)


def _swallowed(taken: list[str], layout: Layout) -> list[str]:
    """Return the lines of a refused row from where one of them is a whole row by itself."""
    for number, line in enumerate(taken[1:], 1):
        try:
            row = next(layout.reader(iter([line])), [])
        except csv.Error:
            continue
        if len(row) == len(layout.columns) > 1:
            return taken[number:]
    return []


def _fitted(row: list[str], layout: Layout) -> list[str | None] | None:
    """Return a row with one value a column, or None where the numbers do not agree."""
    columns = len(layout.columns)
    if len(row) < columns or any(row[columns:]):
        return None
    nulls = {"null"} if layout.name else set()
    return [None if cell in nulls else cell for cell in row[:columns]]


def layout_of(lines: list[str], suffix: str) -> Layout:
    """Return the layout of a table from its first lines."""
    delimiter = _delimiter(lines, suffix)
    first = _cells(lines[:1], delimiter)
    known = {folded(cell) for cell in first} & load_formats().names
    if len(known) < min(2, len(first)):
        bare = lines[0].rstrip("\r\n").split("\t") if lines else []
        for table in load_formats().tables if delimiter == "\t" else ():
            for quoted, row in ((True, _first_row(lines)), (False, bare)):
                if _is_row_of(row, table.url, table.host, len(table.columns)):
                    columns = table.columns[: len(row)]
                    return Layout("\t", columns, header=False, name=table.name, quoted=quoted)
        if not known and not _is_header(first):
            names = tuple(f"column {n}" for n in range(1, len(first) + 1))
            return Layout(delimiter, names, header=False)
    return Layout(delimiter, _unique(first))


def _first_row(lines: list[str]) -> list[str]:
    """Return the first row of a table whose fields may hold line breaks in quotation marks."""
    try:
        return next(csv.reader(lines, delimiter="\t", strict=True), [])
    except csv.Error:
        return []


def _delimiter(lines: Iterable[str], suffix: str) -> str:
    """Return the character that splits the first line best into names, or into most fields."""
    first = next(iter(lines), "")
    bare = _QUOTED.sub("", first)
    names = load_formats().names
    counts: Counter[str] = Counter()
    for delimiter in _DELIMITERS:
        cells = _cells([first], delimiter)
        known = sum(folded(cell) in names for cell in cells)
        counts[delimiter] = 1000 * known * (len(cells) > 1) + bare.count(delimiter)
    if suffix in {".tsv", ".tab"} and "\t" in first:
        return "\t"
    best, score = counts.most_common(1)[0]
    return best if score else ","


def _cells(lines: list[str], delimiter: str) -> list[str]:
    """Return the fields of the first row; of a line that is none, its parts."""
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return lines[0].split(delimiter)


def _is_row_of(row: list[str], url: int, host: int | None, columns: int) -> bool:
    """Return whether a row looks like one of a table whose URL stands in a certain column."""
    if not columns - 1 <= len(row) <= columns:
        return False
    domain = domain_of_url(row[url])
    if domain is None or not row[url].startswith("http"):
        return False
    return host is None or row[host] == "null" or row[host].endswith(domain)


def _is_header(cells: list[str]) -> bool:
    """Return whether cells look like names: short, different, and no numbers or URLs."""
    return len(set(cells)) == len(cells) and all(
        cell.strip() and len(cell) <= 60 and "://" not in cell and not cell[:1].isdigit()
        for cell in cells
    )


def _unique(cells: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return tuple(names)
