"""JSON as scrapers leave it: lines, arrays, wrappers, and all of them broken.

A record is an object. Objects are looked for one by one, so that a broken one does not take the
others along, and an array is read as a stream, however long it is.
"""

from __future__ import annotations

import json
import re
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson

from newsqa.readers.blocks import lines_of
from newsqa.readers.formats import folded, load_formats
from newsqa.readers.model import Raw, unreadable_record
from newsqa.readers.values import without_surrogates
from newsqa.readers.wrappers import Element, elements_of, has_text, opens_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from newsqa.readers.blocks import Block
    from newsqa.readers.encoding import Decoder
    from newsqa.readers.model import Entry

_CHUNK = 1 << 20
# Fewer lines are read one by one in less time.
_MANY = 50
_LONGEST = 1 << 28
_SHOWN = 400
_BETWEEN = re.compile(rb"[\s,\[\]\x00\x1e]*+")
# Strings are taken whole, so that braces in text do not count; a quote alone is an unclosed string.
_BRACES = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}]|"', re.DOTALL)
_FIRST_KEY = re.compile(rb'\{\s*+("[^"\\\n]{1,200}")\s*+:')
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_WRAPPED_ARRAY = re.compile(rb'"([^"]{1,100})"\s*+:\s*+(?=\[\s*+\{)')
_WRAPPER_HEAD = 4000


def read_json_lines(
    path: str, chunks: Iterable[bytes], decoder: Decoder, first: int = 1
) -> Iterator[Entry | Block]:
    """Yield the records of a file with one JSON value a line, in blocks where there are many.

    Args:
        path: File as shown to the user.
        chunks: Its bytes in order, decompressed, each chunk some whole lines.
        decoder: Decoder of the file.
        first: 1-based number of the first line.
    """
    for raw in chunks:
        block = lines_of(raw, first, decoder, partial(_read_lines, path))
        if block.count >= _MANY:
            yield block
        else:
            yield from block.entries()
        first += block.count


def _read_lines(path: str, raw: bytes, first: int, decoder: Decoder) -> Iterator[Entry]:
    for number, line in enumerate(BytesIO(raw), first):
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            if line.strip(b"\x00\xef\xbb\xbf \t\r\n,[]"):
                yield from scan_objects(path, iter([line]), decoder, number)
            continue
        if value.__class__ is dict:
            if has_text(value):
                yield Raw(number, value, len(line))
            else:
                yield from _records(path, value, number, len(line))
        elif value.__class__ is list and value and all(v.__class__ is dict for v in value):
            yield from (Raw(number, part, len(line) // len(value)) for part in value)
        elif value is not None and value != []:
            yield unreadable_record(path, number, "the line is not a JSON object", line)


def _records(path: str, value: dict[str, Any], line: int, size: int) -> Iterator[Entry]:
    """Yield a record, or those that it wraps, all at one line."""
    elements = elements_of(value)
    if elements is None:
        yield Raw(line, value, size)
        return
    for element in elements:
        yield _entry(path, element.value, line, size // len(elements))


def _entry(path: str, value: Any, line: int, size: int) -> Entry:
    if isinstance(value, dict):
        return Raw(line, value, size)
    return unreadable_record(path, line, "the element is not a JSON object", str(value)[:_SHOWN])


def read_json(path: str, stream: BinaryIO, decoder: Decoder) -> Iterator[Entry]:
    """Yield the records of a JSON document: an array, one object, or a wrapper around arrays.

    Arrays are streamed; a document that is an object is held in memory.
    """
    head = stream.read(_CHUNK)
    if head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n").startswith(b"{"):
        yield from _read_object(path, head + stream.read(), decoder)
    else:
        yield from scan_objects(path, _chunks(head, stream), decoder)


def _chunks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    while head:
        yield head
        head = stream.read(_CHUNK)


def _read_object(path: str, raw: bytes, decoder: Decoder) -> Iterator[Entry]:
    raw = raw.strip(b"\x00") if raw.startswith(b"\x00") or raw.endswith(b"\x00") else raw
    try:
        value = load(raw, decoder, 1)
    except (ValueError, RecursionError):
        start = _start_of_list(raw)
        line = 1 + raw.count(b"\n", 0, start)
        yield from scan_objects(path, iter([raw[start:]]), decoder, line, wrapped=start > 0)
        return
    yield from decoder.problems()
    elements = elements_of(value) if isinstance(value, dict) else [Element((), value)]
    first = 1 + raw.count(b"\n", 0, len(raw) - len(raw.lstrip()))
    if elements is None:
        yield Raw(first, value, len(raw))
        return
    lines = _lines_of(raw, elements) or [first] * len(elements)
    for element, line in zip(elements, lines, strict=True):
        yield _entry(path, element.value, line, len(raw) // len(elements))


def _start_of_list(raw: bytes) -> int:
    """Return where the list of records begins in a broken wrapper; 0 where there is none."""
    for match in _WRAPPED_ARRAY.finditer(raw, 0, _WRAPPER_HEAD):
        key = match[1].decode("utf-8", "replace")
        is_first = raw[: match.start()].strip(b"\xef\xbb\xbf \t\r\n") == b"{"
        if opens_list(key) or (is_first and folded(key) not in load_formats().names):
            return match.end()
    return 0


def load(raw: bytes, decoder: Decoder, line: int) -> Any:
    """Return a JSON value; also of JSON that Python writes and that strict parsers refuse.

    That is NaN, Infinity, numbers of any size, lone surrogates, control characters in strings and
    encodings other than UTF-8; the last two and surrogates are reported to the decoder.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deep.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    text = decoder.text(raw, line).strip().strip("\ufeff\x00")
    value = json.loads(text, strict=False, parse_int=_integer)
    if _SURROGATE_ESCAPE.search(text):
        mended = _mended(value)
        if mended != value:
            decoder.report(line, "half of a surrogate pair, replaced by U+FFFD")
        return mended
    return value


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 1000 else digits


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_mended(part) for part in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(part) for key, part in value.items()}
    return value


class _Window:
    """The part of a stream that is being looked at."""

    def __init__(self, chunks: Iterator[bytes], line: int) -> None:
        self._chunks = chunks
        self._line = line
        self._counted = 0
        self.raw = b""
        self.at = 0
        self.ended = False
        self.runaway = False

    def limit(self) -> int:
        """Return how far an object may reach.

        After one that was never closed it is the next one that begins alike: to look for the end
        of each up to the end of the input would take a time that grows with its square.
        """
        return _next_like(self.raw, self.at, None) if self.runaway else len(self.raw)

    def more(self) -> bool:
        """Read as much again as there is; return whether there was anything."""
        self._drop()
        wanted, parts = max(len(self.raw), 1), []
        while wanted > 0 and not self.ended:
            chunk = next(self._chunks, b"")
            self.ended = not chunk
            parts.append(chunk)
            wanted -= len(chunk)
        self.raw += b"".join(parts)
        return any(parts)

    def line(self) -> int:
        """Return the 1-based line of the present place."""
        self._line += self.raw.count(b"\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _drop(self) -> None:
        self.line()
        self.raw = self.raw[self.at :]
        self.at = self._counted = 0


def scan_objects(
    path: str,
    chunks: Iterator[bytes],
    decoder: Decoder,
    line: int = 1,
    *,
    wrapped: bool = False,
) -> Iterator[Entry]:
    """Yield every object of an array, of several arrays, or of what is left of them.

    Brackets, commas and white space between objects are passed over, whether or not they are where
    they should be. What is no object, and an object that is broken, is one refused record each.

    Args:
        path: File as shown to the user.
        chunks: Its bytes in order.
        decoder: Decoder of the file.
        line: 1-based line where they start.
        wrapped: Whether an object around the array is left open, whose rest says nothing.
    """
    window = _Window(chunks, line)
    sound = True
    while True:
        between = _BETWEEN.match(window.raw, window.at)
        window.at = between.end() if between else window.at
        if window.at >= len(window.raw):
            if not window.more():
                return
            continue
        if window.raw.startswith(b"\xef\xbb\xbf", window.at):
            window.at += 3
            continue
        if window.raw[window.at] != ord("{"):
            if wrapped and sound and window.raw[window.at] in b'}"':
                return
            yield from _skip_junk(path, window)
            continue
        for entry in _next_object(path, window, decoder):
            sound = isinstance(entry, Raw)
            yield entry


def _next_object(path: str, window: _Window, decoder: Decoder) -> Iterator[Entry]:
    end = _end_of_object(window.raw, window.at, window.limit())
    while end is None and len(window.raw) - window.at < _LONGEST and window.more():
        end = _end_of_object(window.raw, window.at, window.limit())
    line = window.line()
    raw = window.raw[window.at : window.at + _SHOWN if end is None else end]
    try:
        if end is None:
            raise ValueError("the object is not closed")
        value = load(raw, decoder, line)
    except (ValueError, RecursionError) as error:
        yield from decoder.problems()
        window.runaway = window.runaway or end is None
        restart = _next_like(window.raw, window.at, end)
        yield unreadable_record(path, line, f"not valid JSON: {_reason(error)}", raw)
        window.at = restart
        return
    yield from decoder.problems()
    window.at = window.at + len(raw)
    yield from _records(path, value, line, len(raw))


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(error).partition(": line ")[0][:100]


def _end_of_object(raw: bytes, start: int, limit: int) -> int | None:
    """Return the offset behind the object that starts at an offset; None where it does not end."""
    depth = 0
    for match in _BRACES.finditer(raw, start, limit):
        token = match[0]
        if token == b"{":
            depth += 1
        elif token == b"}":
            depth -= 1
            if depth == 0:
                return match.end()
        elif token == b'"':
            return None
    return None


def _next_like(raw: bytes, start: int, end: int | None) -> int:
    """Return where the next object begins that has the same first key as a broken one."""
    stop = len(raw) if end is None else end
    key = _FIRST_KEY.match(raw, start)
    if key is not None:
        again = re.compile(rb"[\[\],}\s](\{\s*+" + re.escape(key[1]) + rb"\s*+:)")
        found = again.search(raw, start + 1, stop)
        if found is not None:
            return found.start(1)
    return stop


def _skip_junk(path: str, window: _Window) -> Iterator[Entry]:
    """Pass over what is no object, up to the next one."""
    line = window.line()
    beginning = window.raw[window.at : window.at + _SHOWN]
    while True:
        brace = window.raw.find(b"{", window.at)
        if brace >= 0:
            window.at = brace
            break
        window.at = len(window.raw)
        if not window.more():
            break
    junk = beginning.partition(b"{")[0].strip(b" \t\r\n,[]\x00")
    if junk:
        yield unreadable_record(path, line, "not a JSON object", junk)


_TOKENS = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*+(:?)|[{}\[\]]', re.DOTALL)


def _lines_of(raw: bytes, elements: list[Element]) -> list[int] | None:
    """Return the line of every wrapped element; None where they cannot be told apart."""
    if b"\n" not in raw:
        return None
    wanted = {element.place for element in elements}
    lines, line, counted = [], 1, 0
    stack: list[str | None] = []
    for match in _TOKENS.finditer(raw):
        token = match[0][:1]
        if token == b'"':
            if match[2] and stack:
                stack[-1] = _key(match[1])
        elif token in b"{[":
            if token == b"{" and stack and tuple(k for k in stack if k is not None) in wanted:
                line += raw.count(b"\n", counted, match.start())
                counted = match.start()
                lines.append(line)
            stack.append(None)
        elif stack:
            stack.pop()
    return lines if len(lines) == len(elements) else None


def _key(token: bytes) -> str | None:
    try:
        key = orjson.loads(token)
    except orjson.JSONDecodeError:
        return None
    return key if isinstance(key, str) else None
