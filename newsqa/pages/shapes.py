"""Furniture that the shape of its line gives away, in whatever language it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import FurnitureKind, fold, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.pages.lines import Line

_CRUMB_TRAIL = r"[^\n>»›«‹]{1,60}?[ \u00a0]*[>»›][ \u00a0]*[^\n>»›«‹]{1,60}?[>»›]"
_CLOCK_TIME = r"[0-2]?[0-9](?:[:：h][0-5][0-9]|[.][0-5][0-9][ \u00a0]*[Uu]hr|[時时点시])"
SHAPED = (
    r"\A(?:[^>»›]+[>»›][^>»›]+[>»›]|[^#]*#[^#]+#"
    r"|(?:[\s*•·▪■●–—○◦‣⁃|=>+-]|[0-9]{1,3}[.)])*[→»›☞▷↳>►▶▸+]\s)"
    rf"|[|·•／]|\s[/>»›–—]\s|{_CLOCK_TIME}"
)
"""A Rust regex that matches every line whose shape may tell its kind, and others."""

_HEAD_LINES = 6
_MOST_ARROWS = 3
_CRUMB_WORDS = 6
_MOST_STAMP_WORDS = 9
_LONGEST_STAMP = 70
_SHORTEST_LINK = 20
_CRUMBS = re.compile(rf"{_CRUMB_TRAIL}[^\n>»›«‹]*(?:[>»›][^\n>»›«‹]*)*")
_CRUMB = re.compile(r"\s*[>»›]\s*")
_LABELS = re.compile(r"\s*[|·•／]\s*|\s+[/>»›–—]\s+")
_TAGS = re.compile(r"#[^\s#,]+(?:[\s,]+#[^\s#,]+)+[\s,]*")
_CLOCK = re.compile(rf"(?<![0-9:.,]){_CLOCK_TIME}")
_DAY = re.compile(r"[0-9]{1,4}\s*[./年월月-]\s*[0-9]{1,2}|(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_ARROWS = frozenset("→»›☞▷↳>")
_BULLETS = frozenset("►▶▸+")


def kind_by_shape(lines: Sequence[Line], at: int, first_prose: int) -> FurnitureKind | None:
    """Return the kind of a line that its shape alone tells, or None.

    Args:
        lines: All lines of the text.
        at: Index of the line.
        first_prose: Index of the first paragraph of running text.
    """
    line = lines[at]
    if line.is_prose and not line.text.startswith("#"):
        return None
    if _TAGS.fullmatch(line.text):
        return "tags"
    if at < _HEAD_LINES and _is_trail(line):
        return "chrome"
    if _is_arrowed(lines, at):
        return "inline"
    if at < min(first_prose, _HEAD_LINES) and _is_stamp(line):
        return "stamp"
    return _kind_of_labels(line)


def says_clock(text: str) -> bool:
    """Return whether a text names a time of day."""
    return bool(_CLOCK.search(text))


def _is_trail(line: Line) -> bool:
    """Return whether a line is the path from the home page to the article."""
    if line.is_ended or "<" in line.text or not _CRUMBS.fullmatch(line.text):
        return False
    *sections, _ = parts = [part for part in _CRUMB.split(line.text) if part]
    return len(parts) >= 3 and all(len(part.split()) <= _CRUMB_WORDS for part in sections)


def _is_arrowed(lines: Sequence[Line], at: int) -> bool:
    """Return whether an arrow points from a line to another story.

    Bullets have the form of arrows too: they come in numbers, and some transcripts mark each
    sentence so.
    """
    sign = lines[at].marker[-1:]
    if sign not in _ARROWS | _BULLETS or not lines[at].is_headline or lines[at].is_ended:
        return False
    if lines[at].weight < _SHORTEST_LINK or len(lines) < 3:
        return False
    near = lines[max(0, at - _MOST_ARROWS) : at + 1 + _MOST_ARROWS]
    most = 1 if sign in _BULLETS else _MOST_ARROWS
    return sum(line.marker[-1:] == sign for line in near) <= most


def _is_stamp(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _LONGEST_STAMP
        and line.words <= _MOST_STAMP_WORDS
        and bool(_CLOCK.search(text))
        and bool(_DAY.search(text))
    )


def _kind_of_labels(line: Line) -> FurnitureKind | None:
    """Return the kind of the labels in one line: `Terms | Privacy`, `Facebook Twitter Print`."""
    if line.is_ended or not line.key:
        return None
    whole = vocabulary().whole
    parts = [fold(part) for part in _LABELS.split(line.text)]
    if len(parts) >= 2:
        kinds = [whole[part][0] for part in parts if part in whole]
        return kinds[0] if len(kinds) >= 2 and len(kinds) * 3 >= len(parts) * 2 else None
    words = {fold(word) for word in line.text.split()}
    if len(words) >= 3 and all("share" in whole.get(word, ()) for word in words):
        return "share"
    return None
