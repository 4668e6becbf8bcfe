"""Which of many lines may be furniture by their words.

A pattern of the whole vocabulary is dear to compile and slow to run. Instead lines are folded as
the vocabulary is, and how they begin and end is looked up at a few lengths. The words of forms are
few enough for patterns, which need neither cases nor accents once the lines are folded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from newsqa.pages.appeals import LONGEST_APPEAL, NEAR_END, POLITE, grammar
from newsqa.pages.furniture import LONGEST_SHOUT, is_vague
from newsqa.pages.spelling import alternatives
from newsqa.pages.vocabulary import LONGEST, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RUNGS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
_FIRST_LOOK = 4
"""Characters that acquit most lines, before those left are looked up at the longer rungs."""
_SENTENCE_END = r"[.!?:|…。！？：｜।–—-]"
_STOPPED = r"[.。।۔][\"'“”’»)\]]*\z"
_NO_WORD = r"[^\p{L}\p{N}_]"
_UNSPACED = r"[\x{E00}-\x{E7F}\x{3040}-\x{30FF}\x{3400}-\x{9FFF}\x{AC00}-\x{D7AF}]"


def entries_among(words: pl.Series, closed: pl.Series) -> pl.Series:
    """Return whether folded lines may be entries of the vocabulary.

    Args:
        words: The folded lines.
        closed: Whether each surely ends a sentence, which many entries cannot.
    """
    known = _clues()
    inside = words.str.contains(known.inner) | words.is_in(known.whole.implode())
    edge = _begins(words, known.heads) | _ends(words, known.tails)
    some = (~closed | (words.str.len_chars() <= LONGEST_SHOUT)).arg_true()
    edge |= true_at(some.filter(_begins(words.gather(some), known.vague)), len(words))
    read = (edge & ~inside).arg_true()
    fits = vocabulary().fits_edges
    told = read.filter(pl.Series([fits(line) for line in words.gather(read)], dtype=pl.Boolean))
    return inside | true_at(told, len(words))


def headers_among(words: pl.Series) -> pl.Series:
    """Return whether folded lines may say, in words of the grammar, that other stories follow."""
    short = (words.str.len_chars() <= LONGEST["related"]).arg_true()
    return true_at(short.filter(_begins(words.gather(short), _clues().headers)), len(words))


def networks_among(words: pl.Series) -> pl.Series:
    """Return whether folded lines begin with the name of a network, as lists of them do."""
    return _begins(words, _clues().networks)


def forms_among(words: pl.Series, raw: pl.Series) -> pl.Series:
    """Return whether folded lines may have a form.

    Args:
        words: The folded lines.
        raw: The same lines as they are written.
    """
    patterns = _form_patterns()
    labelled = _matching(words, patterns.label, words.str.contains("[:|]").arg_true())
    appeals = (words.str.len_chars() <= LONGEST_APPEAL).arg_true()
    things = _matching(words, patterns.things, appeals)
    known = _matching(words, patterns.known, things)
    open_ended = things.filter(~raw.gather(things).str.contains(_STOPPED))
    sentences = words.gather(open_ended).str.replace_all(_SENTENCE_END, "\n").str.split("\n")
    ends = pl.DataFrame({"at": open_ended, "end": sentences}).explode("end")
    asking = ends.filter(pl.col("end").str.tail(patterns.reach).str.contains(patterns.asks))["at"]
    return true_at(pl.concat([labelled, known, asking]), len(words))


def _begins(words: pl.Series, heads: _Rungs) -> pl.Series:
    return _looked_up(words, heads, lambda text, size: text.str.head(size))


def _ends(words: pl.Series, tails: _Rungs) -> pl.Series:
    return _looked_up(words, tails, lambda text, size: text.str.tail(size))


def _looked_up(
    words: pl.Series, rungs: _Rungs, part: Callable[[pl.Expr, int], pl.Expr]
) -> pl.Series:
    text = pl.col("text")
    first = (
        words.to_frame("text")
        .select(part(text, _FIRST_LOOK))
        .select(found=_any_of_rungs(text, rungs.short, part), near=text.is_in(rungs.near.implode()))
    )
    near = first["near"].arg_true()
    some = words.gather(near).to_frame("text")
    longer = some.select(found=_any_of_rungs(text, rungs.long, part))["found"]
    return first["found"].scatter(near.filter(longer), values=True)


def _any_of_rungs(
    text: pl.Expr, rungs: Mapping[int, pl.Series], part: Callable[[pl.Expr, int], pl.Expr]
) -> pl.Expr:
    held = [part(text, size).is_in(known.implode()) for size, known in rungs.items()]
    return pl.any_horizontal(pl.lit(value=False), *held)


def _matching(words: pl.Series, pattern: str, at: pl.Series) -> pl.Series:
    """Return those of some places at which a pattern matches."""
    return at.filter(words.gather(at).str.contains(pattern))


def true_at(places: pl.Series, size: int) -> pl.Series:
    """Return so many booleans, true at some places."""
    return pl.repeat(value=False, n=size, eager=True).scatter(places, values=True)


class _Rungs(NamedTuple):
    """How lines begin or end, by the length that is looked up.

    Args:
        short: Texts of at most `_FIRST_LOOK` characters.
        long: Longer ones.
        near: What the longer ones begin or end with.
    """

    short: Mapping[int, pl.Series]
    long: Mapping[int, pl.Series]
    near: pl.Series


class _Clues(NamedTuple):
    """How entries and headers begin and end, and whole lines.

    `vague` are beginnings of entries that no sentence can be. `inner` is a pattern of what stands
    inside the other entries, and of phrases.
    """

    heads: _Rungs
    vague: _Rungs
    tails: _Rungs
    headers: _Rungs
    networks: _Rungs
    whole: pl.Series
    inner: str


@lru_cache(maxsize=1)
def _clues() -> _Clues:
    words = vocabulary()
    heads: dict[bool, list[str]] = {True: [], False: []}
    for kind, glob in chain.from_iterable(words.starts.values()):
        heads[kind != "related" and is_vague(kind, glob)].append(glob.parts[0])
    networks = [line for line, kinds in words.whole.items() if "share" in kinds]
    tails = [glob.parts[-1] for globs in words.ends.values() for _, glob in globs]
    return _Clues(
        _heads(heads[False]),
        _heads(heads[True]),
        _by_rung(tails, lambda text, size: text[-size:]),
        _heads(grammar().header_words),
        _heads(network + end for network in networks for end in " ,"),
        pl.Series(sorted(words.whole)),
        _any_of([*words.middles, *(phrase for _, phrase in words.phrases)]),
    )


def _heads(texts: Iterable[str]) -> _Rungs:
    return _by_rung(texts, lambda text, size: text[:size])


def _by_rung(texts: Iterable[str], part: Callable[[str, int], str]) -> _Rungs:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for text in texts:
        size = max((rung for rung in RUNGS if rung <= len(text)), default=0)
        found[size].add(part(text, size) if size else "")
    by_size = {size: pl.Series(sorted(parts)) for size, parts in found.items()}
    long = {size: parts for size, parts in by_size.items() if size > _FIRST_LOOK}
    near = {part(text, _FIRST_LOOK) for parts in long.values() for text in parts}
    return _Rungs(
        {size: parts for size, parts in by_size.items() if size not in long},
        long,
        pl.Series(sorted(near), dtype=pl.String),
    )


class _FormPatterns(NamedTuple):
    """Rust patterns of folded lines; `things` and one of the next two match where a form does.

    Args:
        things: A word that a form cannot do without.
        known: A word that asks for something begins a sentence, courtesies aside, or a word is
            enough, or the rarest of those that must meet.
        asks: A word that asks for something, to look for at the ends of sentences.
        reach: Characters from the end of a sentence in which it may begin there.
        label: A word of a label stands before a colon.
    """

    things: str
    known: str
    asks: str
    reach: int
    label: str


@lru_cache(maxsize=1)
def _form_patterns() -> _FormPatterns:
    forms = grammar().forms
    edge = {of for form in forms for of in form.edge}
    asks = _words_of(edge)
    rare = {of for form in forms for of in form.rare}
    rare |= {of for form in forms if form.at_edge for one in form.all for of in one}
    labels = {of for form in forms if form.label for of in form.all[-1]}
    things = {of for form in forms for of in form.things}
    polite = "|".join(sorted(POLITE))
    return _FormPatterns(
        _word_of(things),
        rf"(?:\A|{_SENTENCE_END})(?:{_NO_WORD}|(?:{polite}){_NO_WORD})*{_any_of(asks)}"
        rf"|{_word_of(rare)}",
        _word_of(edge),
        NEAR_END + 1 + max(map(len, asks)),
        rf"{_word_of(labels)}[^:|]*[:|]",
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
