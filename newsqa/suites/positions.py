"""Where the values of a JSON text stand, so that a fault in it can be shown by its line."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and indexes from the root to a value."""

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = JSONDecoder()


def value_lines(text: str) -> dict[Path, int]:
    """Return the 1-based line on which each value of a valid JSON text begins."""
    offsets = dict(_walk(text, _SPACE.match(text, 0).end(), ()))  # type: ignore[union-attr]
    offsets.pop(("", -1), None)
    lines, line, last = {}, 1, 0
    for path, offset in sorted(offsets.items(), key=lambda item: item[1]):
        line += text.count("\n", last, offset)
        last = offset
        lines[path] = line
    return lines


def _walk(text: str, at: int, path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the offset of each value, then, under the path `("", -1)`, the end of the outermost."""
    yield path, at
    if text[at] not in "{[":
        _, end = _SCALAR.raw_decode(text, at)
        yield ("", -1), end
        return
    closing = "}" if text[at] == "{" else "]"
    at, number = _skip(text, at + 1), 0
    while text[at] != closing:
        key: str | int = number
        if closing == "}":
            key, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
        for inner, offset in _walk(text, at, (*path, key)):
            if inner == ("", -1):
                at = _skip(text, offset)
            else:
                yield inner, offset
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    yield ("", -1), at + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


__all__ = ["JSONDecodeError", "Path", "value_lines"]
