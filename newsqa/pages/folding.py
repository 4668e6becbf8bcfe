"""Many lines folded at once, as `vocabulary.fold` folds each of them.

Most characters are folded the same whatever stands beside them; one pass replaces them all. Lines
with others are folded in steps, each a pass over the line.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import ALIKE, ENDS

if TYPE_CHECKING:
    import polars as pl

MARGIN = "".join(sorted({*ENDS, *"=○◦‣⁃☞▷↳", "\u00a0", "\r"}))
"""What may stand around the words of a line, numbers of a list aside."""
_NUMBERS = r"\A(?:[0-9]{1,3}[.)] +)+"
_MARKS = r"[\p{Mn}\p{Cf}\x{FE0F}\x{FEFF}]"
# Python takes four separators of data for white space that Unicode does not.
_ODD_SPACE = r"[\s\x1C-\x1F][\s\x1C-\x1F]+|[^\S ]|[\x1C-\x1F]"
# Alphabets whose letters do not merge with the one behind them, as those of most of India do, and
# signs of Korean syllables. Syllables and Chinese characters remain what they are.
_ALPHABETS = (
    (0x00, 0x6FF), (0x900, 0x97F), (0xE00, 0xEFF), (0x1E00, 0x2BFF), (0x3000, 0x3130),
    (0x3190, 0x31FF), (0xFF01, 0xFF65),
)  # fmt: skip
_SYLLABLES = ((0x3400, 0x9FFF), (0xAC00, 0xD7A3))


def folded(lines: pl.Series) -> pl.Series:
    """Return lines as `vocabulary.fold` does, without their list markers."""
    bare = lines.str.strip_chars(MARGIN)
    plain = bare.str.replace_many(_letters())
    special = plain.str.contains(_special()).arg_true()
    if len(special):
        plain = plain.scatter(special, _folded_in_steps(bare.gather(special)))
    return plain.str.strip_chars(MARGIN)


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    """Return what characters of the alphabets become where that is not themselves."""
    letters = {chr(at) for first, last in _ALPHABETS for at in range(first, last + 1)}
    return {letter: plain for letter in sorted(letters) if (plain := _plain(letter)) != letter}


def _plain(letter: str) -> str:
    alike = str.maketrans(ALIKE)
    parts = unicodedata.normalize("NFKD", letter.lower().translate(alike))
    bare = "".join(part for part in parts if unicodedata.category(part) not in {"Mn", "Cf"})
    return unicodedata.normalize("NFC", bare).lower().translate(alike)


@lru_cache(maxsize=1)
def _special() -> str:
    """Return a pattern that matches in lines, their letters replaced, that are not folded yet."""
    known = "".join(
        rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in (*_ALPHABETS, *_SYLLABLES)
    )
    return rf"[^{known}]|{_ODD_SPACE}| [:|]|{_NUMBERS}"


def _folded_in_steps(bare: pl.Series) -> pl.Series:
    plain = bare.str.to_lowercase().str.replace_many(ALIKE)
    plain = plain.str.normalize("NFKD").str.replace_all(_MARKS, "")
    plain = plain.str.normalize("NFC").str.to_lowercase().str.replace_many(ALIKE)
    plain = plain.str.replace_all(_ODD_SPACE, " ").str.replace(_NUMBERS, "")
    for sign in ":|":
        plain = plain.str.replace_all(f" {sign}", sign, literal=True)
    return plain
