"""Pages that a site shows instead of an article, told from articles about such pages."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property, lru_cache, reduce
from importlib.resources import files
from itertools import chain, pairwise
from operator import or_
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, Hit, Row, check
from newsqa.checks.patterns import Patterns
from newsqa.text.phrases import phrase_pattern
from newsqa.text.spans import any_of, matches, text_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a pattern matches, or the text is brief enough to be read whole."""
        briefly = (self._brief_screen(name) for name in self.look_in if name != "title")
        return reduce(or_, briefly, super().screen(context))

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the first match that is no report of one."""
        for hit in chain(self._all_hits(row), self._brief_hits(row)):
            if self._counts(row, hit):
                yield hit
                return

    @cached_property
    def _brief(self) -> str:
        return any_of(phrase_pattern(phrase) for phrase in self.brief_phrases)

    def _brief_screen(self, name: str) -> pl.Expr:
        value = pl.col(name)
        bytes_ = value.str.len_bytes()
        concise = (bytes_ > 0) & (bytes_ <= 4 * self.concepts_length) & bool(self.concepts)
        if not self.brief_phrases:
            return concise
        longest = self.tail_length if self.lead else self.brief_length
        text = pl.when(bytes_ <= 4 * longest).then(value).otherwise(pl.lit(""))
        return concise | text.str.contains(self._brief)

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
        speaks = addresses(_unquoted(part))
        for start, end in text_spans(part, self._brief):
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
    data = tomllib.loads((files("newsqa") / "data" / "reporting.toml").read_text("utf-8"))
    spaced = "|".join(data["address"].values())
    return re.compile(rf"\b(?:{spaced})\b|{data['address_unspaced']['all']}")


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    data = tomllib.loads((files("newsqa") / "data" / "reporting.toml").read_text("utf-8"))
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
