"""Which container a file is: decided by what it holds first, by its name second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import orjson

from newsqa.readers.dump import has_header
from newsqa.readers.encoding import is_binary
from newsqa.readers.formats import folded, load_formats
from newsqa.readers.tables import layout_of

if TYPE_CHECKING:
    from newsqa.readers.streams import Opened

Container = Literal[
    "jsonl",
    "json",
    "csv",
    "tsv",
    "parquet",
    "arrow",
    "arrow-stream",
    "xml",
    "dump",
    "text",
    "empty",
]

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive; unpack it"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database; export its table"),
    (b"FEA1", "Feather of version 1; write it as Parquet"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x80\x04", "a Python pickle; export its records"),
    (b"\x7fELF", "a program"),
)
_JSON_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".jl", ".jsonlines"})
_LINE_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jl", ".jsonlines"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_JSON_START = re.compile(rb'\{\s*+(?:"|\})|\[\s*+[\[{\]"\d]')
NEVER_TEXT = _JSON_SUFFIXES | _TABLE_SUFFIXES
"""Endings of files that are no plain text, whatever they hold."""
_MARKUP = re.compile(rb"(?i)<(?:\?xml|!doctype|!--|html|head|body|rss|feed|tei|doc\b|urlset)")
_TRIED_LINES = 20


class NoContainerError(Exception):
    """A file that holds nothing newsqa can read; the text says what it is."""


def sniff(opened: Opened, suffix: str) -> Container:
    """Return the container of a file.

    Args:
        opened: The file.
        suffix: Ending of its name in lower case, without that of its compression.

    Raises:
        NoContainerError: It is none that newsqa reads.
    """
    head = opened.head
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith(b"\xff\xff\xff\xff") and suffix in {".arrow", ".arrows", ".feather", ".ipc"}:
        return "arrow-stream"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise NoContainerError(what)
    if head[257:262] == b"ustar":
        raise NoContainerError("a tar archive; unpack it")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00 \t\r\n\x1e")
    if not start:
        return _without_content(head)
    if is_binary(head):
        raise NoContainerError("binary data of no known kind")
    return _of_text(start, opened, suffix)


def _without_content(head: bytes) -> Container:
    if b"\x00" in head:
        raise NoContainerError("nothing but NUL bytes")
    return "empty"


def _of_text(start: bytes, opened: Opened, suffix: str) -> Container:
    if _JSON_START.match(start) and not (suffix in _TABLE_SUFFIXES and not _is_json(start)):
        return _kind_of_json(start, opened, suffix)
    text = start[:65536].decode("utf-8", "replace")
    if suffix not in NEVER_TEXT and has_header(text):
        return "dump"
    if _MARKUP.match(start):
        if re.search(rb"<doc\b[^>]*\s(?:url|title|hostname|sitename)=", start[:4096]):
            return "xml"
        raise NoContainerError("markup; newsqa reads what a scraper wrote, not pages or feeds")
    if suffix in _JSON_SUFFIXES:
        return "jsonl" if suffix in _LINE_SUFFIXES else "json"
    return _of_plain_text(text, suffix)


def _of_plain_text(text: str, suffix: str) -> Container:
    if text.startswith(" ") or "\n" in text or suffix in _TABLE_SUFFIXES:
        layout = layout_of(text.splitlines(keepends=True)[:50], suffix)
        known = {folded(name) for name in layout.columns} & load_formats().names
        if suffix in _TABLE_SUFFIXES or layout.name or len(known) >= 2:
            return "tsv" if layout.delimiter == "\t" else "csv"
    return "text"


def _is_json(start: bytes) -> bool:
    try:
        orjson.loads(start.splitlines()[0])
    except orjson.JSONDecodeError:
        return len(start) > 1 and start[:1] == b"[" and start[1:].lstrip()[:1] == b"{"
    return True


def _kind_of_json(start: bytes, opened: Opened, suffix: str) -> Container:
    """Return `jsonl` where most of the first lines are whole objects, else `json`.

    Either kind reads the other: the choice is about line numbers and about memory.
    """
    lines = [line for line in start.splitlines() if line.strip()]
    if len(lines) > 1 and not opened.whole:
        lines.pop()
    if start[:1] == b"[":
        whole = [line for line in lines[:_TRIED_LINES] if _is_whole(line, b"[")]
        return "jsonl" if len(lines) > 1 and 2 * len(whole) >= len(lines[:_TRIED_LINES]) else "json"
    if len(lines) == 1:
        return "jsonl" if suffix in _LINE_SUFFIXES else "json"
    tried = lines[:_TRIED_LINES]
    whole = [line for line in tried if _is_whole(line, b"{")]
    if 2 * len(whole) >= len(tried):
        return "jsonl"
    pretty = lines[0].strip() == b"{" or lines[0].rstrip().endswith((b",", b"{", b"["))
    return "jsonl" if suffix in _LINE_SUFFIXES and not pretty else "json"


def _is_whole(line: bytes, opening: bytes) -> bool:
    if not line.lstrip().startswith(opening):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
