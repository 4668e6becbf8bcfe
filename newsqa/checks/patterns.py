"""Text that matches patterns: leaked code, walls, markers of a cut, words out of place."""

from __future__ import annotations

import re
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check, clued
from newsqa.errors import RuleFileError
from newsqa.text.codetalk import CODE_CHARACTERS, Suspected, leaked_spans
from newsqa.text.phrases import held_phrases, phrase_pattern
from newsqa.text.screening import found_in, kept_where, loosened, sought
from newsqa.text.spans import Span, any_of, joined_spans, matches, regex_spans, require_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
_TEXT_EDGE = re.compile(r"(?<!\\)((?:\\\\)*)\\([Az])")
_LINE_EDGES = {"A": "(?m:^)", "z": "(?m:$)"}
_TEXTS = "texts"
_JOINED = ("title", "summary", "body")
# More of them in one pattern, beside others, are slower to search for than by themselves.
_FEW_PHRASES = 100
_HITS_PER_FIELD = 5
_JUDGED_PER_FIELD = 200
_GAP = 3
_LONGEST_MATCH = 300
_LONGEST_VALUE = 200


@check
class Patterns(RecordCheck):
    """Forbids text that matches Rust patterns or phrases.

    Matches at most three characters apart are one fault, and a field shows its first five; the
    evidence counts them all.

    Args:
        look_in: Canonical text fields, and `authors`, whose elements are looked at one by one.
        patterns: Rust regular expressions.
        values: Patterns that count as the whole value alone, of at most 200 characters.
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
        yield_to_wider: Withdraw a match inside a wider one of another such rule of the family.
    """

    key: ClassVar[str] = "patterns"

    look_in: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
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
    yield_to_wider: bool = False

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not self.patterns and not self.phrases and not self.values:
            raise RuleFileError(
                "`patterns`, `values` and `phrases` are all empty: nothing could match"
            )
        # Phrases are escaped, so they compile; trying hundreds of them costs every start.
        for pattern in (*self.patterns, *self.values, *self.unless):
            require_pattern(_FRAMES[self.at].replace("{}", pattern))
        return self

    def fields(self) -> frozenset[str]:
        """Return the field that is searched; of several, none is indispensable."""
        return frozenset(self.look_in) if len(self.look_in) == 1 else frozenset()

    @property
    def yields_to_wider(self) -> bool:
        """Whether a match inside a wider one of the family is the same fault."""
        return self.yield_to_wider

    def marks(self) -> dict[str, pl.Expr]:
        """Return the texts that are searched together."""
        joined = pl.concat_str(*_JOINED, separator="\n", ignore_nulls=True)
        return {_TEXTS: joined} if self._joins else {}

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return what code holds, or what is searched for in the joined texts.

        That is all but for phrases where they are many.
        """
        if self.prefilter == "code":
            names = dict.fromkeys(map(self._column, self.look_in))
            return {_coded(name): (CODE_CHARACTERS,) for name in names if name != "authors"}
        phrases = self._free_phrases if len(self._free_phrases) <= _FEW_PHRASES else ()
        clues = tuple(map(loosened, (*self._free, *phrases)))
        return {_TEXTS: clues} if clues and self._joins else {}

    @property
    def _joins(self) -> bool:
        """Whether the longest fields are searched as lines of one text, even what need not be.

        A pass costs more than what short texts add to long ones.
        """
        return "body" in self.look_in and self.first is None and self.max_length is None

    def _column(self, name: str) -> str:
        """Return the column in which a field is searched."""
        return _TEXTS if self._joins and name in _JOINED else name

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a pattern matches within the window."""
        screens = [screen for name in self.look_in for screen in self._screens_of(name)]
        clues = self.clues().get(_TEXTS, ())
        if clues:
            screens.append(found_in(pl.col(clued(_TEXTS)), any_of(clues)))
        if self._joins:
            text = pl.col(_TEXTS if self.prefilter == "none" else clued(_coded(_TEXTS)))
            for patterns in (self._free_phrases, self._free):
                left = tuple(p for p in patterns if loosened(p) not in clues)
                if left:
                    screens.append(found_in(text, sought(left)))
        return reduce(or_, screens, pl.lit(value=False))

    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the matches that count, at most five a field."""
        return next(self.locate_all([row]))

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each record the matches that count: patterns are compiled once for all."""
        for hits in self._all_hits(rows):
            yield hits[:1] if self.once else hits

    def _all_hits(self, rows: Sequence[Row]) -> list[list[Hit]]:
        found: list[list[Hit]] = [[] for _ in rows]
        for name in self.look_in:
            values = [(at, v) for at, row in enumerate(rows) for v in _values(row, name)]
            texts = [self._window_of(value) for _, value in values]
            places = self._places(texts, [rows[at] for at, _ in values], name)
            for (at, _), text, spans in zip(values, texts, places, strict=True):
                if spans:
                    found[at] += self._hits(name, text, spans)
        return found

    def _places(self, texts: Sequence[str], rows: Sequence[Row], name: str) -> list[list[Span]]:
        """Return where patterns match in the texts of a field, unless they are shown on purpose."""
        places = [joined_spans(spans, _GAP) for spans in self._matches(texts)]
        if not self.acquit_shown_code:
            return places
        held = [number for number, spans in enumerate(places) if spans]
        suspected = [
            Suspected(
                texts[number],
                "" if name == "title" else rows[number].text("title"),
                places[number][:_JUDGED_PER_FIELD],
            )
            for number in held
        ]
        for number, spans in zip(held, leaked_spans(suspected), strict=True):
            places[number] = spans
        return places

    @cached_property
    def _all(self) -> tuple[str, ...]:
        found = (*self.patterns, *(phrase_pattern(phrase) for phrase in self.phrases))
        return tuple(map(self._framed, found))

    def _framed(self, pattern: str) -> str:
        return _FRAMES[self.at].replace("{}", pattern)

    def _screens_of(self, name: str) -> Iterator[pl.Expr]:
        """Yield what is searched for in one field alone."""
        if name == "authors":
            lines = pl.col(name).list.join("\n", ignore_nulls=True)
            bare = [of_lines(pattern) for pattern in self._bare]
            wanted = [_BY_LINE[self.at].replace("{}", any_of(bare))] if bare else []
            if self.values:
                wanted.append(_BY_LINE["value"].replace("{}", any_of(self.values)))
            yield lines.str.contains(loosened(any_of(wanted)))
            return
        value = text = pl.col(name)
        if self.prefilter == "code":
            text = kept_where(pl.col(clued(_coded(self._column(name)))) != "", value)
        if self.first is not None:
            text = text.str.head(self.first)
        if self.max_length is not None:
            text = kept_where(value.str.len_chars() <= self.max_length, text)
        free = () if self._column(name) == _TEXTS else (self._free_phrases, self._free)
        for patterns in (self._bound, *free):
            if patterns:
                yield found_in(text, sought(patterns))
        if self.values:
            short = kept_where(value.str.len_chars() <= _LONGEST_VALUE, value)
            yield found_in(short, self._whole)

    @cached_property
    def _bound(self) -> tuple[str, ...]:
        """The patterns at an end of the text, from where they are searched for in no time.

        That is so unless they stand beside others.
        """
        return tuple(p for p in self._all if p.startswith(r"\A") or p.endswith(r"\z"))

    @cached_property
    def _free(self) -> tuple[str, ...]:
        return tuple(p for p in map(self._framed, self.patterns) if p not in self._bound)

    @cached_property
    def _free_phrases(self) -> tuple[str, ...]:
        return tuple(p for p in self._all[len(self.patterns) :] if p not in self._bound)

    @cached_property
    def _whole(self) -> str:
        return _FRAMES["value"].replace("{}", any_of(self.values))

    @cached_property
    def _bare(self) -> tuple[str, ...]:
        return (*self.patterns, *(phrase_pattern(phrase) for phrase in self.phrases))

    def _window_of(self, value: str) -> str:
        """Return what is looked at of a value; nothing where its length spares it."""
        length = len(value)
        if self.max_length is not None and length > self.max_length:
            return ""
        if self.min_length is not None and length < self.min_length:
            return ""
        return value if self.first is None else value[: self.first]

    def _matches(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the matches in each text that are not acquitted by another pattern."""
        found = _spans_of(texts, self._fitting(texts))
        if self.values:
            short = [text if len(text) <= _LONGEST_VALUE else "" for text in texts]
            found = [a + b for a, b in zip(found, _spans_of(short, self._whole), strict=True)]
        found = [
            [_trimmed(text, span) for span in spans]
            for text, spans in zip(texts, found, strict=True)
        ]
        if not self.unless:
            return found
        doubted = [text if spans else "" for text, spans in zip(texts, found, strict=True)]
        return [
            [s for s in spans if not any(a < s[1] and s[0] < b for a, b in allowed)]
            for spans, allowed in zip(found, _spans_of(doubted, any_of(self.unless)), strict=True)
        ]

    def _fitting(self, texts: Sequence[str]) -> str:
        """Return a pattern of the patterns, and of the phrases that one of some texts holds.

        Hundreds of phrases are dear to compile, and the others can match nowhere.
        """
        fitting = map(phrase_pattern, held_phrases(self.phrases, texts))
        return any_of(map(self._framed, (*self.patterns, *fitting)))

    def _hits(self, name: str, text: str, spans: list[Span]) -> Iterator[Hit]:
        if self.at_least > 1 and not self._enough(text):
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


def _coded(column: str) -> str:
    return f"{column}/code"


def _values(row: Row, name: str) -> list[str]:
    """Return what a field holds: the elements of a list, else the text."""
    if name == "authors":
        return [author or "" for author in row["authors"] or ()]
    return [row.text(name)]


def _spans_of(texts: Sequence[str], pattern: str) -> list[list[Span]]:
    if not pattern or not any(texts):
        return [[] for _ in texts]
    return regex_spans(texts, pattern)


def of_lines(pattern: str) -> str:
    """Return a pattern whose start and end of the text are those of a line."""
    return _TEXT_EDGE.sub(lambda edge: edge[1] + _LINE_EDGES[edge[2]], pattern)


def _trimmed(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends."""
    start, end = span
    matched = text[start:end]
    return start + len(matched) - len(matched.lstrip()), end - (
        len(matched) - len(matched.rstrip())
    )
