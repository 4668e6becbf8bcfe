"""What the readers hand on: batches of records, problems, and a report on each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import polars as pl

ProblemKind = Literal["unreadable-file", "unreadable-record", "wrong-encoding", "unknown-fields"]
EXCERPT = 160


@dataclass(frozen=True)
class Problem:
    """A part of the input that could not be read as it stands.

    Args:
        kind: Name of the INP rule that reports it.
        path: File as shown to the user.
        line: 1-based line, or None where the whole file is meant.
        message: What is wrong, a clause without a full stop.
        excerpt: Text at that place, at most 160 characters.
    """

    kind: ProblemKind
    path: str
    line: int | None
    message: str
    excerpt: str = ""


@dataclass(frozen=True)
class Batch:
    """Records that were read together, possibly from several files.

    Args:
        frame: The records, columns of `newsqa.record.record_schema`.
        problems: What could not be read on the way.
        found: Records found: `frame.height + refused`.
        refused: Records that were found and could not be read.
    """

    frame: pl.DataFrame
    problems: tuple[Problem, ...]
    found: int
    refused: int


@dataclass
class FileReport:
    """What was found in one file; complete once the file is read.

    Args:
        path: File as shown to the user.
        container: How its records are stored, such as `jsonl`, `json`, `csv`, `parquet`, `dump`.
        format: Whose records they are, such as `news-please`; `plain` where no format is known.
        fields: Canonical field -> key of the record, dots reach into objects.
        unmapped: Keys of the records that no field is read from.
        found: Records found: `read + refused`.
        read: Records read.
        refused: Records that could not be read.
        day_order: How dates such as 04/10/2025 are read, by source: `day-first` or `month-first`.
    """

    path: str
    container: str
    format: str = "plain"
    fields: dict[str, str] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    found: int = 0
    read: int = 0
    refused: int = 0
    day_order: dict[str, str] = field(default_factory=dict)


class Raw(NamedTuple):
    """One record as its container holds it.

    Args:
        line: 1-based line where the record starts, or its row number in a table without lines.
        record: Keys and values.
        size: Bytes that it takes up, for batches of bounded size.
        body_line: Line where the body starts, where the body is a verbatim part of the file.
        body_start: Character offset of the body in the file, likewise.
    """

    line: int
    record: dict[str, Any]
    size: int
    body_line: int | None = None
    body_start: int | None = None


Entry = Raw | Problem


def unreadable_record(path: str, line: int, message: str, text: str | bytes = "") -> Problem:
    """Return the problem of one record that could not be read."""
    return Problem("unreadable-record", path, line, message, excerpt_of(text))


def excerpt_of(text: str | bytes) -> str:
    """Return the beginning of a text on one line, fit to be shown."""
    if isinstance(text, bytes):
        text = text[: EXCERPT * 4].decode("utf-8", "replace")
    text = text[: EXCERPT * 2].encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.split())[:EXCERPT]
