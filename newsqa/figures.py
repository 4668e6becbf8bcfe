"""Numbers as people read them: `12,345`, `1 finding`, `4.2 %`."""

from __future__ import annotations

THIN_SPACE = "\u202f"
"""No-break space that keeps a figure and its unit on one line."""


def number(value: float) -> str:
    """Return a number with its thousands apart."""
    return f"{value:,}"


def count(value: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 rule`, `2 rules`."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(part: float, whole: float) -> str:
    """Return a share in per cent; only nothing is 0 % and only everything is 100 %."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 0.1:
        return f"<0.1{THIN_SPACE}%"
    if 99.9 < share < 100:
        return f">99.9{THIN_SPACE}%"
    digits = 0 if share in {0, 100} else 1
    return f"{share:.{digits}f}{THIN_SPACE}%"


def shade(part: float, whole: float) -> int:
    """Return the step of a share on a scale of six: none, to 1, 5, 20 and 50 %, and above."""
    if not whole or not part:
        return 0
    share = part / whole
    return 1 + sum(share > limit for limit in (0.01, 0.05, 0.20, 0.50))


def seconds(value: float) -> str:
    """Return a duration: `0.42 s`, `75 s`."""
    return f"{value:.2f}{THIN_SPACE}s" if value < 10 else f"{value:,.0f}{THIN_SPACE}s"
