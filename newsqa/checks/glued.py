"""Words and sentences that ran together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check, clued
from newsqa.text.screening import found_in
from newsqa.text.spans import regex_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsqa.text.spans import Span

_HUMP = r"\p{L}*\p{Ll}{2}\p{Lu}\p{Ll}[\p{L}’']*"
# A glued name has another name before it, which few brand names have.
_JOINED = r"\p{Lu}[\p{L}.'’)-]* \p{Lu}\p{L}*\p{Ll}{2}\p{Lu}\p{Ll}"
_STOP = r"\p{Ll}{3}[.!?][”\"’]?\p{Lu}\p{Ll}{2}"
# What begins with one of three signs is fast to search for.
_LOOSE_STOP = _STOP.removeprefix(r"\p{Ll}{3}")
_REACH = 100
_LAST_HUMP = re.compile(r"^(.*[^\W\d_A-Z])([A-ZÀ-ÞŀА-ЯΑ-Ω].*)$", re.DOTALL)
# Names, initials and nicknames in brackets; each word begins with what no other word can.
_NAMES = re.compile(r"(?:[ ]\(?[^\W\d_a-zß-ÿ][\w.'’-]*\)?,?){1,6}[ ]?|[ ]")
_ADDRESS = re.compile(r"[@#/_\\]|www\.|https?:|\w\?\.\w|\w\(\)|\.(?:com|org|net)\b", re.IGNORECASE)


@check
class Glued(RecordCheck):
    """Forbids text in which words or sentences ran together.

    A word is glued when one of its parts stood as a word of its own just before, with nothing but
    names between, as in `Ann Lee Ann Maria LeeSenator` or `Ann LeeAnn Maria`; a sentence is when
    the next one follows its full stop without a space. Brand names such as YouTube have no such
    neighbour, and addresses, handles and hashtags are left out.

    Args:
        look_in: Canonical text field.
        words: Least number of glued words.
        sentences: Least number of glued sentences.
    """

    key: ClassVar[str] = "glued"

    look_in: str = "body"
    words: int = 1
    sentences: int = 3

    def fields(self) -> frozenset[str]:
        """Return the field that is looked at."""
        return frozenset({self.look_in})

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return what stands where words ran together."""
        return {f"{self.look_in}/letters": (_JOINED,)}

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a capital follows a small letter in a name, or enough full stops."""
        joined = found_in(pl.col(clued(f"{self.look_in}/letters")), _JOINED)
        stops = pl.col(self.look_in).map_batches(self._has_stops, return_dtype=pl.Boolean())
        return joined | stops

    def _has_stops(self, texts: pl.Series) -> pl.Series:
        places = (texts.str.count_matches(_LOOSE_STOP) >= self.sentences).arg_true()
        found = texts.gather(places).str.count_matches(_STOP) >= self.sentences
        return pl.int_range(len(texts), eager=True).is_in(places.filter(found).implode())

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the first glued word, else the first glued sentence, and their numbers."""
        return next(self.locate_all([row]))

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each record the same: places are looked for in all of them at once."""
        texts = [row.text(self.look_in) for row in rows]
        places = (regex_spans(texts, pattern) for pattern in (_HUMP, _STOP))
        for text, humps, stops in zip(texts, *places, strict=True):
            yield self._hits(text, humps, stops)

    def _hits(self, text: str, humps: list[Span], stops: list[Span]) -> Iterator[Hit]:
        words = [span for span in humps if _is_glued(text, span)]
        stops = [span for span in stops if not _in_address(text, span)]
        if len(words) < self.words:
            words = []
        if len(stops) < self.sentences:
            stops = []
        if not words and not stops:
            return
        start, end = (words or stops)[0]
        counts = {"words": len(words), "sentences": len(stops)}
        yield Hit(self.look_in, start, end, values={"match": text[start:end]}, evidence=counts)


def _is_glued(text: str, span: Span) -> bool:
    match = _LAST_HUMP.match(text[span[0] : span[1]][:100])
    if match is None or len(match[1]) < 3 or _in_address(text, span):
        return False
    before = text[max(0, span[0] - _REACH) : span[0]]
    return _is_told(match[1], before) or (len(match[2]) >= 3 and _is_told(match[2], before))


def _is_told(word: str, before: str) -> bool:
    """Return whether a word stands in a text with nothing but names behind it."""
    earlier = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", before))
    return bool(earlier) and _NAMES.fullmatch(before, earlier[-1].end()) is not None


def _in_address(text: str, span: Span) -> bool:
    start, end = span
    left = text.rfind(" ", max(0, start - 60), start) + 1
    right = text.find(" ", end, end + 40)
    return (
        _ADDRESS.search(text[max(left, start - 60) : right if right > 0 else end + 40]) is not None
    )
