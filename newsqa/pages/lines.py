"""The lines of a page, and the shapes that tell prose from what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import LONGEST_LINE, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADLINE = (15, 140)
SUMMARY = (30, 600)
PROSE = 40
WIDE = 2.5
"""How many letters of an alphabet one Chinese, Japanese or Korean character is worth."""

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_MARKER = re.compile(
    r"(?:(?:[0-9]{1,3}[.)]|[-=]?>{1,3}|[-*•·▪■●►▶▸›»–—+○◦‣⁃|→☞▷↳])[ \t\u00a0]+){1,3}"
)
_LETTER = re.compile(r"[^\W\d_]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"'“”’»«)\]」』]{0,3}$")
_FULL_STOP = re.compile(r"(?<![.…])[.。।۔][\"'“”’»«)\]」』]{0,3}$")
_NEXT_SENTENCE = re.compile(r"[.!?…。！？؟।۔][\"'“”’»)\]]{0,2}[ \u00a0]+[^\W\d_a-z]")
_DANGLING = ":,;،؛：、"


@dataclass(frozen=True)
class Line:
    """One line that holds a letter or a digit, without its margins and its list marker.

    Args:
        number: 0-based number of the line in the text, blank ones counted.
        start: Character offset of its first character.
        end: Character offset behind its last.
        text: The characters between them.
        marker: The list marker that it began with, such as `*` or `1.`, without the space.
    """

    number: int
    start: int
    end: int
    text: str
    marker: str = ""

    @property
    def marked(self) -> bool:
        """Whether it began with a list marker."""
        return bool(self.marker)

    @cached_property
    def weight(self) -> float:
        """Length in letters of an alphabet."""
        return self.end - self.start + (WIDE - 1) * self._wide

    @cached_property
    def key(self) -> str:
        """The line as it is compared; empty for one that is too long to be furniture."""
        return fold(self.text) if len(self.text) <= LONGEST_LINE else ""

    @cached_property
    def words(self) -> int:
        """Number of words; eight characters without spaces between them count as three."""
        return max(len(self.text[:400].split()), self._wide * 3 // 8)

    @cached_property
    def _wide(self) -> int:
        return 0 if self.text.isascii() else len(_CJK.findall(self.text[:400]))

    @cached_property
    def is_ended(self) -> bool:
        """Whether a sentence ends with the line."""
        return bool(_SENTENCE_END.search(self.text[-8:]))

    @cached_property
    def is_headline(self) -> bool:
        """Whether it has the shape of a headline: some words, no full stop."""
        return (
            HEADLINE[0] <= self.weight <= HEADLINE[1]
            and self.words >= 3
            and not _FULL_STOP.search(self.text[-8:])
            and self.text[-1] not in _DANGLING
            and bool(_LETTER.search(self.text))
        )

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is a paragraph of running text."""
        return self.weight > HEADLINE[1] or (self.is_ended and self.weight >= PROSE)

    @cached_property
    def is_short(self) -> bool:
        """Whether it is shorter than a headline, as menu entries and labels are."""
        return not self.is_prose and not self.is_headline and self.words <= 4

    @cached_property
    def is_capital(self) -> bool:
        """Whether it is written in capitals; never true of scripts that have none."""
        return self.text.isupper()

    def is_summary(self) -> bool:
        """Whether it can be the text under a teaser's headline: a few sentences, not more."""
        if not (SUMMARY[0] <= self.weight <= SUMMARY[1] and (self.is_ended or self.is_prose)):
            return False
        return len(_NEXT_SENTENCE.findall(self.text)) <= 2


def read_lines(text: str) -> list[Line]:
    """Return the lines of a text that hold a letter or a digit."""
    lines: list[Line] = []
    number, at = 0, 0
    for match in _LINE.finditer(text):
        number += len(_BREAK.findall(text, at, match.start()))
        at = match.start()
        line = _line(match, number)
        if line:
            lines.append(line)
    return lines


def _line(match: re.Match[str], number: int) -> Line | None:
    whole = match[0]
    stripped = whole.strip()
    start = match.start() + len(whole) - len(whole.lstrip())
    marker = _MARKER.match(stripped)
    if marker and marker.end() < len(stripped):
        start += marker.end()
        stripped = stripped[marker.end() :]
    if not any(character.isalnum() for character in stripped[:400]):
        return None
    sign = marker[0].rstrip() if marker else ""
    return Line(number, start, start + len(stripped), stripped, sign)


def is_doubled(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line says the same as the one behind it, case and marks aside."""
    if at + 1 >= len(lines):
        return False
    first, second = lines[at], lines[at + 1]
    return bool(first.key) and first.key == second.key
