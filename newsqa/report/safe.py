r"""Scraped text made fit to show: what cannot be seen is made visible, and lines stay lines.

Escape sequences command terminals, line ends forge log lines, direction overrides turn text round
and zero-width characters hide it. Escaping for a syntax (HTML, JSON) is left to the one who writes
that syntax.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_INVISIBLE = (
    "\x00-\x1f\x7f-\x9f"  # controls, among them escape and line ends
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # spaces without width, line ends, directions
    "\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, noncharacters
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags can carry hidden text
)
# Joiners shape words in Persian, Hindi and emoji; behind an ASCII character they only hide.
_UNSEEN = re.compile(f"\r\n|[{_INVISIBLE}]|(?<![^\\x00-\\x7f])[\u200c\u200d]")
_OF_JSON = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_COMMAND = re.compile(r"##(?=\w*\[)")
_LINE_START = re.compile(r"\s*(?:::|(?:---|\+\+\+|~~~|\^\^\^)\s)")
_LINE_ENDS = {"\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"}


class Piece(NamedTuple):
    """A part of a text; `label` is what stands for an unseen character, else empty."""

    text: str
    label: str = ""


def label_of(character: str) -> str:
    """Return what stands for an unseen character: `↵`, `␛`, or `<U+202E>`."""
    if character in _LINE_ENDS:
        return "↵"
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def visible(text: str) -> str:
    """Return the text with a visible sign for every unseen character, line ends included."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: label_of(match[0]), text)


def pieces(text: str) -> Iterator[Piece]:
    """Yield the parts of a text, so that signs can be told from the text around them."""
    position = 0
    for match in _UNSEEN.finditer(text):
        if match.start() > position:
            yield Piece(text[position : match.start()])
        yield Piece(match[0], label_of(match[0]))
        position = match.end()
    if position < len(text):
        yield Piece(text[position:])


def name_of(character: str) -> str:
    """Return the name of an unseen character, such as `U+202E right-to-left override`."""
    code = ord(character[-1])
    name = unicodedata.name(character[-1], "control character").lower()
    return f"U+{code:04X} {name}"


def clip(text: str, length: int) -> str:
    """Return at most `length` characters, the last one an ellipsis where the text was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def one_line(text: str, length: int = 240) -> str:
    """Return the text on one line, its white space folded, cut, and everything unseen visible."""
    return visible(clip(" ".join(text[: 8 * length].split()), length))


def log_line(line: str) -> str:
    """Return a line that no CI system obeys.

    GitHub Actions takes a line that begins with `::` for a command, older runners, Azure Pipelines
    and TeamCity one that holds `##[`, `##vso[` or `##teamcity[` anywhere, and Buildkite folds its
    log at lines that begin with `---`, `+++`, `~~~` or `^^^`.
    """
    line = _COMMAND.sub("# #", line)
    return f"./{line}" if _LINE_START.match(line) else line


def json_text(dumped: str) -> str:
    r"""Return dumped JSON that means the same, what terminals obey or hide written as `\uXXXX`."""
    escaped = _OF_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", dumped)
    return _COMMAND.sub(r"\\u0023#", escaped)
