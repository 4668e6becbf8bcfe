"""Which of many lines may be furniture by their words.

A pattern of the whole vocabulary is dear to compile and slow to run. Instead lines are folded as
the vocabulary is, and how they begin and end is looked up at a few lengths. The words of forms are
few enough for patterns, which need neither cases nor accents once the lines are folded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from newsqa.pages.appeals import NEAR_END, POLITE, grammar
from newsqa.pages.spelling import alternatives
from newsqa.pages.vocabulary import LONGEST, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RUNGS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
LONGEST_RUNG = RUNGS[-1]
_SENTENCE_END = r"[.!?:|…。！？：｜।–—-]"
_STOPPED = r"[.。।۔][\"'“”’»)\]]*\z"
_NO_WORD = r"[^\p{L}\p{N}_]"
_UNSPACED = r"[\x{E00}-\x{E7F}\x{3040}-\x{30FF}\x{3400}-\x{9FFF}\x{AC00}-\x{D7AF}]"


def entries_among(lines: pl.Series) -> pl.Series:
    """Return whether folded lines may be entries of the vocabulary, or names of networks."""
    known = _clues()
    found = lines.is_in(known.whole) | lines.str.contains(known.inner)
    for size, texts in known.heads.items():
        found |= lines.str.head(size).is_in(texts)
    for size, texts in known.tails.items():
        found |= lines.str.tail(size).is_in(texts)
    return found


def headers_among(lines: pl.Series) -> pl.Series:
    """Return whether folded lines may say, in words of the grammar, that other stories follow."""
    found = pl.repeat(value=False, n=len(lines), eager=True)
    for size, texts in _clues().headers.items():
        found |= lines.str.head(size).is_in(texts)
    return found & (lines.str.len_chars() <= LONGEST["related"])


def forms_among(lines: pl.Series, raw: pl.Series) -> pl.Series:
    """Return whether folded lines may have a form.

    Args:
        lines: The folded lines.
        raw: The same lines as they are written.
    """
    patterns = _form_patterns()
    found = lines.str.contains(patterns.begin)
    found |= lines.str.contains(patterns.inside)
    found |= lines.str.contains(patterns.label)
    open_ended = (~raw.str.contains(_STOPPED)).arg_true()
    sentences = lines.gather(open_ended).str.replace_all(_SENTENCE_END, "\n").str.split("\n")
    ends = pl.DataFrame({"at": open_ended, "end": sentences}).explode("end")
    asking = ends.filter(pl.col("end").str.tail(patterns.reach).str.contains(patterns.asks))
    places = found.scatter(asking["at"], values=True).arg_true()
    told = places.filter(lines.gather(places).str.contains(patterns.things))
    return pl.repeat(value=False, n=len(lines), eager=True).scatter(told, values=True)


class _Clues(NamedTuple):
    """How entries and headers begin and end, by the length that is looked up, and whole lines.

    `inner` is a pattern of what stands inside the other entries, and of phrases.
    """

    heads: Mapping[int, list[str]]
    tails: Mapping[int, list[str]]
    headers: Mapping[int, list[str]]
    whole: list[str]
    inner: str


@lru_cache(maxsize=1)
def _clues() -> _Clues:
    words = vocabulary()
    heads = [glob.parts[0] for globs in words.starts.values() for _, glob in globs]
    networks = [line for line, kinds in words.whole.items() if "share" in kinds]
    heads += [network + end for network in networks for end in " ,"]
    tails = [glob.parts[-1] for globs in words.ends.values() for _, glob in globs]
    return _Clues(
        _by_rung(heads, lambda text, size: text[:size]),
        _by_rung(tails, lambda text, size: text[-size:]),
        _by_rung(grammar().header_words, lambda text, size: text[:size]),
        sorted(words.whole),
        _any_of([*words.middles, *(phrase for _, phrase in words.phrases)]),
    )


def _by_rung(texts: Iterable[str], part: Callable[[str, int], str]) -> dict[int, list[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for text in texts:
        size = max((rung for rung in RUNGS if rung <= len(text)), default=0)
        found[size].add(part(text, size) if size else "")
    return {size: sorted(parts) for size, parts in found.items()}


class _FormPatterns(NamedTuple):
    """Rust patterns of folded lines; `things` and one of the others match where a form does.

    Args:
        begin: A word that asks for something begins a sentence, courtesies aside.
        inside: A word that is enough, or the rarest of those that must meet.
        label: A word of a label stands before a colon.
        asks: A word that asks for something, to look for at the ends of sentences.
        reach: Characters from the end of a sentence in which it may begin there.
        things: A word that must meet one of those.
    """

    begin: str
    inside: str
    label: str
    asks: str
    reach: int
    things: str


@lru_cache(maxsize=1)
def _form_patterns() -> _FormPatterns:
    forms = grammar().forms
    edge = _words_of({of for form in forms for of in form.edge})
    asks = _any_of(edge)
    rare = {of for form in forms for of in form.rare}
    rare |= {of for form in forms if form.at_edge for one in form.all for of in one}
    labels = {of for form in forms if form.label for of in form.all[-1]}
    groups = ((form, one) for form in forms for one in form.all)
    others = {of for form, one in groups for of in one if one not in (form.edge, form.rare)}
    alone = {of for form in forms if len(form.all) == 1 for of in form.all[0]}
    polite = "|".join(sorted(POLITE))
    return _FormPatterns(
        rf"(?:\A|{_SENTENCE_END})(?:{_NO_WORD}|(?:{polite}){_NO_WORD})*{asks}",
        _word_of(rare),
        rf"{_word_of(labels)}[^:|]*[:|]",
        asks,
        NEAR_END + 1 + max(map(len, edge)),
        _word_of(others | alone),
    )


def _word_of(classes: set[str]) -> str:
    words = [word for word in grammar().words if word.of in classes]
    begin = _any_of(word.text for word in words if not word.inside)
    inside = [word.text for word in words if word.inside]
    return rf"(?:(?:\A|{_NO_WORD}|{_UNSPACED}){begin}{'|' * bool(inside)}{'|'.join(inside)})"


def _words_of(classes: set[str]) -> list[str]:
    return [word.text for word in grammar().words if word.of in classes]


def _any_of(words: Iterable[str]) -> str:
    return alternatives(tuple(map(re.escape, word)) for word in words)
