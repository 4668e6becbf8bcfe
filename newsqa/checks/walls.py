"""Pages that a site shows instead of an article, told from articles about such pages."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property, lru_cache, reduce
from importlib.resources import files
from itertools import chain, islice, pairwise
from operator import or_
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, Row, check, clued
from newsqa.checks.patterns import Patterns, of_lines
from newsqa.text.phrases import held_phrases, phrase_pattern, squeezed_clue, squeezed_texts
from newsqa.text.screening import (
    found_in,
    has_text,
    kept_where,
    loosened,
    one_found_in,
    unanchored,
)
from newsqa.text.spans import any_of, matches, text_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsqa.text.spans import Span

_QUOTED = re.compile(
    r"\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|»[^«\n]{1,300}«"
    r"|‘[^’\n]{1,300}’(?!\w)|「[^」\n]{1,300}」|『[^』\n]{1,300}』"
)
_SENTENCE_END = re.compile(r"[.!?。؟…\n]")
_SITE_NAME = re.compile(r"\s[|–—·•-]\s[^|]{1,60}\Z")
# Words between which nothing but a space stands, and the end of a sentence.
_SENTENCE = re.compile(r"\w+(?:[ ,’'-]+\w+){3,}[.!?।]|\w{8,}。")
# No headline of news is a code of HTTP and its name.
_STATUS = re.compile(r"\b[45]\d\d\b.*[A-Za-z]{3}|[A-Za-z]{5}.*\b[45]\d\d\b")
# What asks for subscribers of a letter ends articles that are whole.
_NEWSLETTER = re.compile(
    "(?i)newsletter|rundbrief|infolettre|nieuwsbrief|nyhetsbrev|nyhedsbrev|bolet[ií]n"
)
_PAGE = 80
# A button is at most as long as this; an offer has short lines and is not long as a whole.
_LABEL = 60
_OFFER_LINE, _OFFER = 160, 400
# What a headline may hold beside the words of the wall: `This content is ...`, a full stop.
_TITLE_SPARE = 20
# Screens look at texts of at most so many characters, that rules may share them.
_SHARED_LENGTH, _SHARED_BRIEF = 1500, 700

_Concepts = tuple[tuple[re.Pattern[str], ...], ...]


@check
class Walls(Patterns):
    """Forbids records that are the page a site shows instead of an article.

    Takes the parameters of `patterns` and knows a page from a report about such pages: a match
    does not count inside quotation marks, in a headline that says more than it, or in a text that
    attributes words to someone or tells on which day it happened (`newsqa/data/reporting.toml`).
    A record is one page: it has one finding, the first match that counts.

    Args:
        lead: The text may begin like an article; only what reports in the sentence of the match
            or behind it acquits.
        brief_phrases: Phrases that articles hold too. They count in a brief text that speaks to
            its visitor or holds them on a line of their own, as buttons do.
        brief_length: A text of at most this many characters is brief.
        tail_length: With `lead`, the last lines of a text of at most this many characters are
            judged as a brief text, since the offer follows the first lines of the article.
        concepts: Sets of patterns, of Rust and Python alike. A text that speaks to its visitor and
            that all patterns of a set match outside quotation marks says the same as a phrase
            that nobody has listed, in other words.
        concepts_length: Only a text of at most this many characters is judged by concepts.
    """

    key: ClassVar[str] = "walls"

    lead: bool = False
    brief_phrases: tuple[str, ...] = ()
    brief_length: int = Field(default=300, gt=0)
    tail_length: int = Field(default=700, gt=0)
    concepts: tuple[tuple[str, ...], ...] = ()
    concepts_length: int = Field(default=140, gt=0)

    def marks(self) -> dict[str, pl.Expr]:
        """Return the short texts in which phrases and patterns are looked for, and those spoken."""
        short = [_at_most(self._shared_length, name) for name in self._searched]
        squeezed = squeezed_texts(pl.concat_str(*short, separator="\0", ignore_nulls=True))
        lines = pl.concat_str(*short, separator="\n", ignore_nulls=True)
        spoken = {
            mark: _at_most(longest, name).map_batches(_spoken, pl.String())
            for name, mark, longest in self._spoken_marks()
        }
        return {self._shared("squeezed"): squeezed, self._shared("short"): lines} | spoken

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return the patterns, as what the lines of short texts match."""
        framed = (of_lines(loosened(self._framed(pattern))) for pattern in self.patterns)
        return {self._shared("short"): tuple(framed)} if self.patterns else {}

    def literal_clues(self) -> dict[str, tuple[str, ...]]:
        """Return what squeezed texts hold in which a phrase matches."""
        phrases = (*self.phrases, *self.brief_phrases)
        return {self._shared("squeezed"): tuple(map(squeezed_clue, phrases))} if phrases else {}

    def _spoken_marks(self) -> Iterator[tuple[str, str, int]]:
        """Yield each field that is judged by concepts, with the name and the reach of its mark."""
        longest = max(self._concepts_reach, _SHARED_BRIEF)
        for name in self.look_in if self.concepts else ():
            if name != "title":
                yield name, f"spoken_{name}_{longest}", longest

    def _shared(self, kind: str) -> str:
        return f"{kind}_{'_'.join(self._searched)}_{self._shared_length}"

    @property
    def _searched(self) -> list[str]:
        """The fields to look in; more than need be, that rules may share one pass."""
        return sorted({*self.look_in, "title", "body", "summary"})

    @property
    def _shared_length(self) -> int | None:
        return None if self.max_length is None else max(self.max_length, _SHARED_LENGTH)

    @property
    def _concepts_reach(self) -> int:
        return max(self.concepts_length, self.tail_length if self.lead else 0)

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a phrase, a pattern or a whole set of patterns may match."""
        screens = [one_found_in(pl.col(clued(n)), c) for n, c in self.literal_clues().items()]
        screens += [found_in(pl.col(clued(n)), any_of(c)) for n, c in self.clues().items()]
        if marks := list(self._spoken_marks()):
            screens.append(self._concept_screen(marks))
        return reduce(or_, screens, pl.lit(value=False))

    def _concept_screen(self, marks: Sequence[tuple[str, str, int]]) -> pl.Expr:
        # What several fields say is one text here: a pattern costs more than a few texts.
        said = (
            kept_where(pl.col(name).str.len_chars() <= self._concepts_reach, pl.col(mark))
            for name, mark, _ in marks
        )
        text = pl.concat_str(*said, separator="\n").str.strip_chars("\n")
        return text.map_batches(self._may_mean, return_dtype=pl.Boolean())

    def _may_mean(self, texts: pl.Series) -> pl.Series:
        """Return whether some first pattern of the sets matches, some second one, and so on."""
        places = (texts != "").arg_true()
        for patterns in zip(*self.concepts, strict=False):
            found = texts.gather(places).str.contains(any_of(map(_loose_concept, patterns)))
            places = places.filter(found)
        return pl.int_range(len(texts), eager=True).is_in(places.implode())

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each record the first match that is no report of one."""
        for row, hits in zip(rows, self._all_hits(rows), strict=True):
            counting = (h for h in chain(hits, self._brief_hits(row)) if self._counts(row, h))
            yield islice(counting, 1)

    def _brief_hits(self, row: Row) -> Iterator[Hit]:
        for name in self.look_in:
            if name == "title":
                continue
            text = row.text(name)
            for start, end in chain(self._weak_spans(text), self._concept_spans(text)):
                yield Hit(name, start, end, {"field": name, "match": text[start:end]})

    def _weak_spans(self, text: str) -> Iterator[Span]:
        """Yield the brief phrases of a text, or of its last lines, that speak to a visitor."""
        begins = 0
        if len(text) > self.brief_length:
            if not self.lead or len(text) > self.tail_length:
                return
            begins = _offer_start(text)
        if begins == len(text) or not self.brief_phrases:
            return
        part = text[begins:]
        fitting = held_phrases(self.brief_phrases, [part])
        if not fitting:
            return
        speaks = addresses(_unquoted(part))
        for start, end in text_spans(part, any_of(map(phrase_pattern, fitting))):
            if speaks or _is_label(part, start):
                yield start + begins, end + begins

    @cached_property
    def _compiled(self) -> _Concepts:
        # Only brief texts get here, one by one, for which Polars compiles each pattern anew.
        return tuple(tuple(map(re.compile, concept)) for concept in self.concepts)

    def _concept_spans(self, text: str) -> Iterator[Span]:
        """Yield where the first pattern of each set begins that matches as a whole."""
        if not self.concepts:
            return
        if len(text) <= self.concepts_length:
            unquoted = _unquoted(text)
            if addresses(unquoted):
                yield from self._meant(unquoted, self._compiled)
        elif self.lead and len(text) <= self.tail_length:
            begins = _offer_start(text)
            offer = _unquoted(text[begins:])
            if not _NEWSLETTER.search(offer) and (addresses(offer) or _is_label(text, begins)):
                for start, end in self._meant(offer, self._compiled[:1]):
                    yield start + begins, end + begins

    def _meant(self, text: str, concepts: _Concepts) -> Iterator[Span]:
        # Offers name both ideas in one breath, where letters of readers hold them apart.
        bounds = [m.end() for m in _SENTENCE_END.finditer(text)] if self.lead else []
        for start, end in pairwise([0, *bounds, len(text)]):
            part = text[start:end]
            for concept in concepts:
                first = concept[0].search(part)
                if first and all(pattern.search(part) for pattern in concept[1:]):
                    yield first.start() + start, first.end() + start

    def _is_news(self, body: str) -> bool:
        """Tell whether a text below the headline of a page has nothing of the page."""
        if not _tells(body):
            return False
        brief = len(body) <= _PAGE and not reports(body)
        return not (brief and any(self._meant(body, self._compiled)))

    def _counts(self, row: Row, hit: Hit) -> bool:
        text = row.text(hit.field or "")
        start, end = hit.start or 0, hit.end or len(text)
        if hit.field == "title" and not _STATUS.search(text) and self._is_news(row.text("body")):
            return False
        if _is_value(self.patterns, text):
            return True
        if _is_quoted(text, start, end):
            return False
        body = row.text("body")
        if hit.field == "title":
            spare = len(_SITE_NAME.sub("", text)) - (end - start)
            # A page has little text; what follows the words of a wall in a headline is news.
            return spare <= _TITLE_SPARE and not reports(body[: self.max_length])
        return not reports(_from_sentence(text, start) if self.lead else text)


def _at_most(characters: int | None, name: str) -> pl.Expr:
    """Return a field where it has at most so many characters, else the empty text."""
    value = pl.col(name)
    return value if characters is None else kept_where(value.str.len_chars() <= characters, value)


def _spoken(texts: pl.Series) -> pl.Series:
    """Return what texts say outside quotation marks if they may speak to a visitor, else nothing.

    Of several lines one may be a button, which need not speak. Dots on i are as in the concepts.
    """
    may = texts.str.contains("\n", literal=True)
    if has_text(texts):
        may |= texts.str.contains(_rust_address())
    places = may.fill_null(value=False).arg_true()
    said = [_one_i(_unquoted(text)) for text in texts.gather(places)]
    return pl.repeat("", n=len(texts), eager=True).scatter(places, said)


def _loose_concept(pattern: str) -> str:
    """Return what matches in a text where a concept's pattern does in a sentence of it, in Python.

    Python takes each i for the same letter where case does not count, Rust does not.
    """
    return _one_i(unanchored(loosened(pattern)))


def _one_i(text: str) -> str:
    return text.replace("ı", "i").replace("İ", "i")


def reports(text: str) -> bool:
    """Tell whether a text attributes words to someone or says on which day something happened."""
    return _reporting().search(_QUOTED.sub('""', text)) is not None


def _tells(text: str) -> bool:
    """Tell whether a text has a sentence and speaks to nobody: headlines may be one word long."""
    return _SENTENCE.search(text) is not None and not addresses(text)


def _unquoted(text: str) -> str:
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def _is_label(text: str, start: int) -> bool:
    """Tell whether a match stands on a short line that is no sentence, beside other lines."""
    line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0].strip()
    return len(line) <= _LABEL and line != text.strip() and line[-1:] not in ".。।"


def _offer_start(text: str) -> int:
    """Return where the last short lines of a text begin, or its length if the last line is long."""
    begins = len(text)
    for line in reversed(text.splitlines(keepends=True)):
        if len(line) > _OFFER_LINE or len(text) - begins + len(line) > _OFFER:
            break
        begins -= len(line)
    return begins


def addresses(text: str) -> bool:
    """Tell whether a text speaks to its visitor or of the page that it stands on."""
    return _address().search(text) is not None


@lru_cache(maxsize=1)
def _address() -> re.Pattern[str]:
    spaced, unspaced = _words_of_address()
    return re.compile(rf"\b(?:{spaced})\b|{unspaced}")


@lru_cache(maxsize=1)
def _rust_address() -> str:
    """The same for Rust, which has no fast word boundaries and another idea of words."""
    spaced, unspaced = _words_of_address()
    edge = r"[^\p{L}\p{N}_]"
    return rf"(?:\A|{edge})(?:{spaced})(?:{edge}|\z)|{unspaced}"


def _words_of_address() -> tuple[str, str]:
    data = _words()
    return "|".join(data["address"].values()), data["address_unspaced"]["all"]


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("newsqa") / "data" / "reporting.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    data = _words()
    spaced = "|".join(data["reporting"].values())
    unspaced = "|".join(data["reporting_unspaced"].values())
    return re.compile(rf"\b(?:{spaced})\b|{unspaced}", re.IGNORECASE)


def _is_value(patterns: tuple[str, ...], text: str) -> bool:
    whole = [pattern for pattern in patterns if pattern.startswith(r"\A") and r"\z" in pattern]
    return bool(whole) and matches(text, any_of(whole))


def _is_quoted(text: str, start: int, end: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return any(
        span.start() + line <= start and end <= span.end() + line
        for span in _QUOTED.finditer(text[line : end + 300])
    )


def _from_sentence(text: str, start: int) -> str:
    begins = 0
    for mark in _SENTENCE_END.finditer(text, 0, start):
        begins = mark.end()
    return text[begins:]
