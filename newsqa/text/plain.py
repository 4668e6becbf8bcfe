"""Plain texts: equal where only case, punctuation and spaces differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_SIGNS = r"[^\p{L}\p{N}]+"
_SIGN_OR_GAP = r"[^\p{L}\p{N} ]|  "


def plain(texts: pl.Series) -> pl.Series:
    """Return texts in lower case, with one space instead of each run of other signs."""
    lower = texts.str.to_lowercase()
    signed = lower.str.contains(_SIGN_OR_GAP).arg_true()
    return lower.scatter(signed, lower.gather(signed).str.replace_all(_SIGNS, " "))
