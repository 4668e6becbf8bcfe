"""Text that matches patterns: leaked code, walls, markers of a cut, words out of place."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check
from newsqa.errors import RuleFileError
from newsqa.text.clues import Clue
from newsqa.text.codetalk import CODE_CHARACTERS, leaked_spans
from newsqa.text.phrases import phrase_pattern
from newsqa.text.spans import Span, any_of, joined_spans, matches, regex_spans, require_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

Place = Literal["anywhere", "value", "line", "start", "end"]

_FRAMES: dict[Place, str] = {
    "anywhere": "{}",
    "value": r"\A\s*(?:{})\s*\z",
    "line": r"(?m:^)[ \t]*(?:{})[ \t\r]*(?m:$)",
    "start": r"\A\s*(?:{})",
    "end": r"(?:{})\s*\z",
}
# Authors are screened as the lines of one text, which may suspect too much and never too little.
_BY_LINE: dict[Place, str] = {
    "anywhere": "{}",
    "value": r"(?:\A|\n)\s*(?:{})\s*(?:\z|\n)",
    "line": r"(?:\A|\n)\s*(?:{})\s*(?:\z|\n)",
    "start": r"(?:\A|\n)\s*(?:{})",
    "end": r"(?:{})\s*(?:\z|\n)",
}
_HITS_PER_FIELD = 5
_JUDGED_PER_FIELD = 200
_GAP = 3
_LONGEST_MATCH = 300


@check
class Patterns(RecordCheck):
    """Forbids text that matches Rust patterns or phrases.

    Matches at most three characters apart are one fault, and a field shows its first five; the
    evidence counts them all.

    Args:
        look_in: Canonical text fields, and `authors`, whose elements are looked at one by one.
        patterns: Rust regular expressions.
        phrases: Text to find in any case, with any white space and any kind of apostrophe.
        at: Where a match counts: anywhere, as the whole value, as a whole line, at the start or at
            the end of the value.
        first: Look only at this many characters from the start of the value.
        min_length: Judge only values of at least this many characters.
        max_length: Judge only values of at most this many characters.
        at_least: How many different patterns or phrases must match in the value.
        prefilter: `code` when every match holds a character or pair that prose seldom has; all
            rules that say so share one cheap pass over the text.
        unless: Patterns: a match that overlaps one of theirs is acquitted.
        acquit_shown_code: Acquit matches in text that is about code, which shows it on purpose.
        once: Yield only the first match of a record: together they are one fault.
    """

    key: ClassVar[str] = "patterns"

    look_in: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    at: Place = "anywhere"
    first: int | None = Field(default=None, gt=0)
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, gt=0)
    at_least: int = Field(default=1, ge=1)
    prefilter: Literal["none", "code"] = "none"
    unless: tuple[str, ...] = ()
    acquit_shown_code: bool = False
    once: bool = False

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not self.patterns and not self.phrases:
            raise RuleFileError("`patterns` and `phrases` are both empty: nothing could match")
        for pattern in (*self._all, *self.unless):
            require_pattern(pattern)
        return self

    def fields(self) -> frozenset[str]:
        """Return the field that is searched; of several, none is indispensable."""
        return frozenset(self.look_in) if len(self.look_in) == 1 else frozenset()

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a pattern matches within the window."""
        return reduce(or_, (self._screen_field(name) for name in self.look_in))

    def clues(self) -> tuple[Clue, ...]:
        """Return what must be found in one of the fields."""
        if self.prefilter == "code":
            return tuple(Clue(name, (CODE_CHARACTERS,), group="code") for name in self.look_in)
        return tuple(map(self._clue, self.look_in))

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the matches that count, at most five a field."""
        yield from (hit for _, hit in self.locate_all([row]))

    def locate_all(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Hit]]:
        """Yield the matches that count, at most five a field; a pattern is dear to compile."""
        told: set[int] = set()
        for name in self.look_in:
            values = [(row, value) for row in rows for value in _values(row, name)]
            texts = [self._window_of(value) for _, value in values]
            for (row, _), text, spans in zip(values, texts, self._found(texts), strict=True):
                hits = self._hits(row, name, text or "", spans) if spans else ()
                for hit in hits:
                    if self.once and id(row) in told:
                        break
                    told.add(id(row))
                    yield row, hit

    @cached_property
    def _all(self) -> tuple[str, ...]:
        frame = _FRAMES[self.at]
        found = (*self.patterns, *(phrase_pattern(phrase) for phrase in self.phrases))
        return tuple(frame.replace("{}", pattern) for pattern in found)

    def _clue(self, name: str) -> Clue:
        frames = _BY_LINE if name == "authors" else _FRAMES
        framed = tuple(frames[self.at].replace("{}", pattern) for pattern in self.patterns)
        return Clue(name, framed, self.phrases, self.max_length)

    @cached_property
    def _combined(self) -> str:
        return any_of(self._all)

    def _screen_field(self, name: str) -> pl.Expr:
        if name == "authors":
            lines = pl.col(name).list.join("\n", ignore_nulls=True)
            return lines.str.contains(_BY_LINE[self.at].replace("{}", any_of(self._bare)))
        value = pl.col(name)
        text = value if self._window is None else value.str.head(self._window)
        # Empty text is searched in no time, which null is not: Polars searches what null hides.
        if self.prefilter == "code":
            text = pl.when(value.str.contains(CODE_CHARACTERS)).then(text).otherwise(pl.lit(""))
        if self.max_length is not None:
            short = value.str.len_chars() <= self.max_length
            text = pl.when(short).then(text).otherwise(pl.lit(""))
        return reduce(or_, (text.str.contains(pattern) for pattern in self._passes))

    @cached_property
    def _passes(self) -> tuple[str, ...]:
        """The patterns in as few passes as are quick.

        One that is bound to the end of the text is searched backwards from there, in no time, but
        only when it stands alone.
        """
        ends = [p for p in self._all if p.endswith(r"\z") and not p.startswith(r"\A")]
        rest = [p for p in self._all if p not in ends]
        return (*ends, any_of(rest)) if rest else tuple(ends)

    @cached_property
    def _bare(self) -> tuple[str, ...]:
        return (*self.patterns, *(phrase_pattern(phrase) for phrase in self.phrases))

    @cached_property
    def _window(self) -> int | None:
        bounds = [n for n in (self.first, self.max_length) if n is not None]
        return min(bounds) if bounds else None

    def _window_of(self, value: str) -> str | None:
        """Return what is looked at of a value; None where its length spares it."""
        length = len(value)
        if self.max_length is not None and length > self.max_length:
            return None
        if self.min_length is not None and length < self.min_length:
            return None
        return value if self.first is None else value[: self.first]

    def _found(self, texts: Sequence[str | None]) -> list[list[Span]]:
        """Return the matches in each text that are not acquitted by another pattern."""
        found = [
            [_trimmed(text or "", span) for span in spans]
            for text, spans in zip(texts, _spans_of(texts, self._combined), strict=True)
        ]
        if not self.unless:
            return found
        doubted = [text if spans else None for text, spans in zip(texts, found, strict=True)]
        allowed = _spans_of(doubted, any_of(self.unless))
        return [
            [s for s in spans if not any(a < s[1] and s[0] < b for a, b in others)]
            for spans, others in zip(found, allowed, strict=True)
        ]

    def _hits(self, row: Row, name: str, text: str, spans: list[Span]) -> Iterator[Hit]:
        spans = joined_spans(spans, _GAP)
        if self.acquit_shown_code:
            title = "" if name == "title" else row.text("title")
            spans = leaked_spans(text, title, spans[:_JUDGED_PER_FIELD])
        if spans and self.at_least > 1 and not self._enough(text):
            return
        for start, end in spans[:_HITS_PER_FIELD]:
            values = {"field": name, "match": text[start:end][:_LONGEST_MATCH]}
            evidence = {"count": len(spans)} if len(spans) > 1 else {}
            if name == "authors":
                yield Hit(name, values=values, evidence=evidence)
            else:
                yield Hit(name, start, end, values=values, evidence=evidence)

    def _enough(self, text: str) -> bool:
        return sum(matches(text, pattern) for pattern in self._all) >= self.at_least


def _values(row: Row, name: str) -> list[str]:
    """Return what a field holds: the elements of a list, else the text."""
    return (
        [author or "" for author in row["authors"] or ()] if name == "authors" else [row.text(name)]
    )


def _spans_of(texts: Sequence[str | None], pattern: str) -> list[list[Span]]:
    if not any(texts):
        return [[] for _ in texts]
    return regex_spans(pl.Series(texts, dtype=pl.String), pattern)


def _trimmed(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends."""
    start, end = span
    matched = text[start:end]
    return start + len(matched) - len(matched.lstrip()), end - (
        len(matched) - len(matched.rstrip())
    )
