"""Small tables and curves for the terminal."""

from __future__ import annotations

import sys
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from newsqa.report.safe import log_line, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STEPS, _PLAIN_STEPS = "▁▂▃▄▅▆▇█", "_.-~=+*#"
_WIDEST = 44


def sparkline(values: Sequence[int | None]) -> str:
    """Return a curve of one character a value, on a scale from 0; a gap where there is none."""
    steps = _STEPS if _can_print(_STEPS) else _PLAIN_STEPS
    top = max((value for value in values if value), default=0)
    last = len(steps) - 1
    return "".join(
        " " if value is None else steps[min(last, -(-value * last // top)) if top else 0]
        for value in values
    )


def _can_print(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; texts to the left, numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    numbers = [all(_is_number(row[n]) for row in cells) for n in range(len(head))]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    echo(_line(head, widths, numbers), bold=True)
    for row in cells:
        echo(_line(row, widths, numbers))


def echo(line: str, *, bold: bool = False) -> None:
    """Print one line that no CI system obeys, in whatever the terminal can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text = log_line(line).encode(encoding, "backslashreplace").decode(encoding)
    click.echo(click.style(text, bold=True) if bold else text)


def _cell(value: object) -> str:
    if value is None:
        return "–" if _can_print("–") else "-"
    return f"{value:,}" if isinstance(value, (int, float)) else one_line(str(value), _WIDEST)


def _is_number(text: str) -> bool:
    return not text.strip("0123456789,.–-%<> \u202f")


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> str:
    parts = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip_longest(cells, widths, numbers)
    ]
    return "  ".join(parts).rstrip()
