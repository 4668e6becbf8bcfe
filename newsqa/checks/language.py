"""The language that a record states, against the language of its text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.text.languages import known_languages, language_of
from newsqa.text.scripts import foreign_script

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = re.compile(r"[^\W\d_]")
# The identifier reads so much of a text; more costs time and changes nothing.
_READ = 1500
# Text that no reader speaks aloud: addresses, handles, tags, markup.
_UNSPOKEN = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|<[^<>]{1,200}>|\S+@\S+")


@check
class LanguageMismatch(RecordCheck):
    """Demands that the text is in the language that the record states.

    The screen acquits texts that hold enough everyday words of the stated language; only the rest
    is identified, by py3langid, and both halves of the text must give the same answer. A text in a
    script that the stated language is never written in needs no such proof.

    Args:
        everyday_words: The most frequent short words of a language, by its code.
        enough: So many everyday words at the start of a text prove its language.
        within: Characters from the start in which they are counted.
        min_letters: Shorter texts are not judged.
        confidence: Probability that the identified language must have.
        alike: Groups of languages that are not told apart.
    """

    key: ClassVar[str] = "language-mismatch"

    everyday_words: dict[str, str]
    enough: int = Field(default=6, gt=0)
    within: int = Field(default=1000, gt=0)
    min_letters: int = Field(default=200, gt=0)
    confidence: float = Field(default=0.99, gt=0, le=1)
    alike: tuple[tuple[str, ...], ...] = ()

    def fields(self) -> frozenset[str]:
        """Return the stated language and the body."""
        return frozenset({"language", "body"})

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a language is stated and the text lacks its everyday words."""
        stated = pl.col("language").str.strip_chars().str.to_lowercase()
        code = stated.replace(known_languages()).str.extract(r"\A([a-z]+)", 1)
        told = pl.struct(code.alias("code"), pl.col("body").str.head(self.within).alias("head"))
        judged = code.is_not_null() & (pl.col("body").str.len_bytes() >= self.min_letters)
        return judged & ~told.map_batches(self._proven, return_dtype=pl.Boolean())

    def _proven(self, told: pl.Series) -> pl.Series:
        """Return whether texts have enough everyday words of their language, each by its own."""
        frame = told.struct.unnest().with_row_index("row_number")
        proven = [pl.Series(dtype=pl.UInt32())]
        for (language,), texts in frame.group_by("code"):
            if words := self.everyday_words.get(str(language)):
                proven += self._rows_with(self._word_of(words), texts)
        return frame["row_number"].is_in(pl.concat(proven).implode())

    def _rows_with(self, word: str, texts: pl.DataFrame) -> Iterator[pl.Series]:
        """Yield the numbers of the rows with enough words; for most, half the text tells."""
        for length in (self.within // 2, self.within):
            enough = texts["head"].str.head(length).str.count_matches(word) >= self.enough
            yield texts["row_number"].filter(enough)
            texts = texts.filter(~enough)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield one hit where both halves of the text are in one other language."""
        stated = language_of(row.text("language"))
        text = _UNSPOKEN.sub(" ", row.text("body")[: 4 * _READ])
        if stated is None:
            return
        if found_script := foreign_script(stated, text):
            likely = identify(text[:_READ])
            found = max(likely, key=likely.__getitem__)
            if not self._same(stated, found):
                proof = {"stated": stated, "found": found, "script": found_script}
                yield Hit("language", values=proof, evidence=proof)
            return
        if len(_LETTERS.findall(text)) < self.min_letters:
            return
        likely = identify(text[:_READ])
        found = max(likely, key=likely.__getitem__)
        # What the identifier does not know it takes for something else.
        if stated not in likely or likely[found] < self.confidence or self._same(stated, found):
            return
        half = min(len(text), 2 * _READ) // 2
        halves = (identify(part) for part in (text[:half], text[half : 2 * half]))
        if any(max(part, key=part.__getitem__) != found for part in halves):
            return
        evidence = {"stated": stated, "found": found, "confidence": round(likely[found], 4)}
        yield Hit("language", values=evidence, evidence=evidence)

    @staticmethod
    def _word_of(words: str) -> str:
        return rf"[\s\p{{P}}](?i:{'|'.join(words.split())})[\s\p{{P}}]"

    def _same(self, one: str, other: str) -> bool:
        return one == other or any(one in group and other in group for group in self.alike)


def identify(text: str) -> dict[str, float]:
    """Return the probability of each language that py3langid knows, by its code."""
    import py3langid

    scores = {str(language): float(score) for language, score in py3langid.rank(text)}
    best = max(scores.values())
    weights = {code: math.exp(max(-700.0, score - best)) for code, score in scores.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}
