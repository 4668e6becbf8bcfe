"""Runs of lines that no article has: headlines under one another, and menus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsqa.pages.lines import Line

FEWEST_HEADLINES = 4
FEWEST_STAMPED = 2
FEWEST_LABELS = 8
SHORTEST_HEADLINE = 20
MEAN_HEADLINE = (30, 95)
"""Letters; longer lines are paragraphs that have lost their full stops."""
_SPLIT = re.compile(r" [–—-] ?|[.!?] +[^\W\d_a-z]|[^\W\d_]/ ?[^\W\d_]|/$")
_ENTRY = re.compile(r"[:=;|$€£@<>\[\]()]|[0-9]{3}|[0-9]\s*[x×:-]\s*[0-9]|[0-9]$")


def mark_runs(lines: Sequence[Line], kinds: list[str], groups: list[int]) -> None:
    """Label runs of headlines and of labels that stand before or behind the article.

    Inside it they are its own: results, line-ups, ingredients.
    """
    prose = [i for i, line in enumerate(lines) if line.is_prose and not kinds[i]]
    if not prose:
        return
    behind = prose[-1]
    free = [not kind or kind == "stamp" for kind in kinds]
    for first, last in _runs(lines, free, _is_listed_headline, kinds):
        if first > behind and _is_listing(lines[first : last + 1], kinds[first : last + 1]):
            _label(kinds, groups, first, last, "headlines")
    free = [not known or known in {"chrome", "legal"} for known in kinds]
    for first, last in _runs(lines, free, _is_label, kinds):
        if (first > behind or last < prose[0]) and _distinct(lines[first : last + 1]) >= (
            FEWEST_LABELS
        ):
            _label(kinds, groups, first, last, "menu")


def _label(kinds: list[str], groups: list[int], first: int, last: int, kind: str) -> None:
    for i in range(first, last + 1):
        kinds[i], groups[i] = kind, first


def _is_listing(lines: Sequence[Line], kinds: Sequence[str]) -> bool:
    """Return whether lines are headlines of other stories, with or without the time of each."""
    heads = [line for line, kind in zip(lines, kinds, strict=True) if kind != "stamp"]
    stamps = len(lines) - len(heads)
    if _is_list(heads) or _distinct(heads) < FEWEST_STAMPED:
        return False
    if stamps >= FEWEST_STAMPED:
        return True
    mean = sum(line.weight for line in heads) / len(heads)
    return _distinct(heads) >= FEWEST_HEADLINES and MEAN_HEADLINE[0] <= mean <= MEAN_HEADLINE[1]


def _runs(
    lines: Sequence[Line],
    free: Sequence[bool],
    fits: Callable[[Line], bool],
    kinds: Sequence[str],
) -> Iterator[tuple[int, int]]:
    first = None
    for i, line in enumerate(lines):
        if free[i] and (fits(line) or kinds[i] == "stamp"):
            first = i if first is None else first
        elif first is not None:
            yield first, i - 1
            first = None
    if first is not None:
        yield first, len(lines) - 1


def _is_listed_headline(line: Line) -> bool:
    """Return whether a line is a headline and no entry of the article's own list."""
    text = line.text
    if not line.is_headline or line.weight < SHORTEST_HEADLINE or not text[0].isalpha():
        return text[:1] in "\"'“‘«„" and line.is_headline
    return not text[0].islower() and not _ENTRY.search(text)


def _is_list(lines: Sequence[Line]) -> bool:
    """Return whether lines are the article's own list: most are split by a sign."""
    return sum(bool(_SPLIT.search(line.text)) for line in lines) * 2 > len(lines)


def _is_label(line: Line) -> bool:
    return line.is_short and not line.is_ended and not any(map(str.isdigit, line.text))


def _distinct(lines: Sequence[Line]) -> int:
    return len({line.key for line in lines})
