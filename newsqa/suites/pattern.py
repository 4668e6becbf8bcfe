"""Patterns of Python and of SQL as patterns of Rust, where they mean the same."""

from __future__ import annotations

import re

import polars as pl

from newsqa.suites.domain import Unsupported

_BEYOND_RUST = re.compile(r"\(\?(?:[=!>(]|<[=!]|P=|#)|\\[1-9]|\\Z|[*+?}]\+")
"""Look-around, back references, comments, atomic groups, possessive repeats."""


def rust_pattern(pattern: str) -> str:
    r"""Return a pattern of Python's `re.search` as one of Rust that finds the same.

    Python's `$` also matches before a line feed at the very end, Rust's does not.

    Raises:
        Unsupported: Rust cannot say it, or it is no pattern at all.
    """
    if _BEYOND_RUST.search(pattern):
        raise Unsupported(f"the pattern {pattern!r}")
    try:
        flags = re.compile(pattern).flags
    except re.error as error:
        raise Unsupported(f"the pattern {pattern!r}: {error}") from None
    written = pattern if flags & re.MULTILINE else _with_ends(pattern)
    try:
        pl.select(pl.lit("").str.contains(written))
    except pl.exceptions.ComputeError:
        raise Unsupported(f"the pattern {pattern!r}") from None
    return written


def _with_ends(pattern: str) -> str:
    written, in_class, at = [], False, 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            written.append(pattern[at : at + 2])
            at += 2
            continue
        if sign == "[" and not in_class:
            in_class = True
        elif sign == "]" and in_class:
            in_class = False
        written.append(r"(?:\n?\z)" if sign == "$" and not in_class else sign)
        at += 1
    return "".join(written)


def like_pattern(like: str, escape: str | None = None) -> str:
    """Return a LIKE pattern of SQL as one of Rust: case counts, `%` is any text, `_` any sign."""
    written, at = [], 0
    while at < len(like):
        sign = like[at]
        if escape and sign == escape and at + 1 < len(like):
            at += 1
            written.append(re.escape(like[at]))
        else:
            written.append({"%": ".*", "_": "."}.get(sign) or re.escape(sign))
        at += 1
    return rf"(?s)\A{''.join(written)}\z"
