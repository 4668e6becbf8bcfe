"""Furniture of a page: the lines and blocks that a site puts around its articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsqa.pages.lines import is_doubled
from newsqa.pages.teasers import Teaser, listed_teasers
from newsqa.pages.vocabulary import LONGEST, LONGEST_LINE, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.pages.lines import Line

HEAD_LINES = 6
TAIL_LINES = 4
_NAME_WORDS = 6
CREDIT_WORDS = 10
FEWEST_PHRASE_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")
_WEAK = frozenset({"chrome", "legal", "tags"})


@dataclass(frozen=True, slots=True)
class Related:
    """A block of other stories under its header: its first and last line, and the stories."""

    first: int
    last: int
    teasers: tuple[Teaser, ...]


def mark_furniture(lines: Sequence[Line], kinds: list[str]) -> None:
    """Label the lines that the vocabulary knows, where they stand as such lines stand."""
    words = vocabulary()
    found = [""] * len(lines)
    for i, line in enumerate(lines):
        if kinds[i]:
            continue
        if not line.key:
            found[i] = _phrase(line)
            continue
        candidates = words.kinds(line.key)
        if "related" in candidates and len(line.key) <= LONGEST["related"]:
            continue  # only with the lines behind it; see `related_blocks`
        fitting = (kind for kind in candidates if _holds(kind, lines, i))
        found[i] = next(fitting, "") or _phrase(line)
    for i, kind in enumerate(found):
        is_label = kind in _WEAK and lines[i].key in words.whole
        if kind and not (is_label and _is_lonely(found, i)):
            kinds[i] = kind


def _phrase(line: Line) -> str:
    text = line.key or line.text[:2000].lower()
    if line.words < FEWEST_PHRASE_WORDS:
        return ""
    return next((kind for kind, phrase in vocabulary().phrases if phrase in text), "")


def _holds(kind: str, lines: Sequence[Line], at: int) -> bool:
    """Return whether a line can be of the kind that its words suggest."""
    line = lines[at]
    if kind == "byline":
        near_end = at < HEAD_LINES or at >= len(lines) - TAIL_LINES
        return near_end and is_byline(line)
    if kind == "caption":
        return len(line.key.rpartition(":")[2].split()) <= CREDIT_WORDS or ":" not in line.key
    return True


def is_byline(line: Line) -> bool:
    """Return whether a line names authors and says no more.

    Each word behind the first must begin with a capital, but for short particles and `and`.
    """
    text = line.text
    words = text.split()
    if line.is_ended or not 2 <= len(words) <= 2 + _NAME_WORDS or line.weight > LONGEST_LINE / 4:
        return False
    names = [word for word in words[1:] if _WORD.search(word)]
    capital = sum(word[0].isupper() or not word[0].islower() for word in names)
    small = [word for word in names if word[0].islower()]
    return (
        capital >= 2 and all(len(word) <= 4 for word in small) and not any(map(str.isdigit, text))
    )


def _is_lonely(found: Sequence[str], at: int) -> bool:
    """Return whether a label of navigation stands alone above text, as a subhead could."""
    if at == len(found) - 1 and at:
        return False
    return not any(found[max(0, at - 2) : at]) and not any(found[at + 1 : at + 3])


def related_blocks(
    lines: Sequence[Line], kinds: Sequence[str], doubled: Sequence[Teaser]
) -> list[Related]:
    """Return the blocks of other stories that a header begins and headline-like lines follow.

    A header above prose is a subhead of the article and begins nothing.
    """
    words = vocabulary()
    by_line = {teaser.first: teaser for teaser in doubled}
    blocks: list[Related] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        is_header = not kinds[at] and words.is_header(line.key)
        block = _related_at(lines, kinds, by_line, at) if is_header else None
        if block:
            blocks.append(block)
        at = block.last + 1 if block else at + 1
    return blocks


def _related_at(
    lines: Sequence[Line], kinds: Sequence[str], doubled: dict[int, Teaser], at: int
) -> Related | None:
    first = at + 1
    if is_doubled(lines, at):
        first += 1
    teasers = _list_below(lines, kinds, doubled, first)
    last = teasers[-1].last if teasers else first - 1
    ends = last + 1 >= len(lines)
    long_header = lines[at].words >= 2
    if len(teasers) >= 2 or (teasers and (teasers[0].doubled or (ends and long_header))):
        return Related(at, last, tuple(teasers))
    if not teasers and ends and long_header and at:
        return Related(at, last, ())
    return None


def _list_below(
    lines: Sequence[Line], kinds: Sequence[str], doubled: dict[int, Teaser], at: int
) -> list[Teaser]:
    """Return the teasers below a header: as long as they are laid out alike."""
    found: list[Teaser] = []
    while at < len(lines) and not kinds[at]:
        if vocabulary().is_header(lines[at].key):
            break
        teaser = doubled.get(at) or next(
            listed_teasers(lines, kinds, at, min(at + 3, len(lines))), None
        )
        if teaser is None or (len(found) >= 2 and teaser.summary and not found[-1].summary):
            break
        if found and found[0].doubled and not teaser.doubled:
            break
        found.append(teaser)
        at = teaser.last + 1
    return found
