"""Furniture of a page: the lines and blocks that a site puts around its articles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsqa.pages.appeals import is_header, kind_by_form
from newsqa.pages.lines import Line, is_doubled
from newsqa.pages.shapes import kind_by_shape, says_clock
from newsqa.pages.teasers import Teaser, behind, listed_teasers
from newsqa.pages.vocabulary import LONGEST, LONGEST_LINE, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.pages.vocabulary import Glob

HEAD_LINES = 6
TAIL_LINES = 4
_NAME_WORDS = 6
CREDIT_WORDS = 10
FEWEST_PHRASE_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")
_WEAK = frozenset({"chrome", "legal", "tags"})
_WEAK_WORDS = frozenset({"share", "player"})
_LABELS = frozenset({"tags", "advert"})
_TOLD = frozenset({"inline", "newsletter", "share", "comments", "chrome", "player"})
LONGEST_SHOUT = 30
"""Letters of the longest sentence that is no more than a call, such as `Sign up now!`."""
FEWEST_TOLD = 3
MOST_SAYING_WORDS = 5
MOST_STAMP_WORDS = 18
STAMP_LINES = 8
SHORTEST_LINK = 30
FEWEST_LINK_WORDS = 4
_CASED = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_NAME_END = re.compile(r"[,|–—·•]|\s[-/]\s")
_STOP = re.compile(r"[.。।۔][\"'“”’»)\]]{0,2}$")
_QUOTED = re.compile(
    '(?:“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|"[^"]*"|「[^」]*」|‘[^’]*’)[ ,،、]*[^\\W\\d_]'
)
_BEHIND_COLON = re.compile(r"[^:：]{1,40}[:：]\s*([^\W\d_])")
_COMMAS = str.maketrans("،，、؛;", ",,,,,")
_OTHERS = (Line(0, 0, 0, ""),) * 2


@dataclass(frozen=True, slots=True)
class Related:
    """A block of other stories under its header: its first and last line, and the stories."""

    first: int
    last: int
    teasers: tuple[Teaser, ...]


def mark_furniture(lines: Sequence[Line], kinds: list[str]) -> None:
    """Label the lines that the vocabulary or their shape tells, where such lines stand."""
    words = vocabulary()
    first_prose = next((i for i, line in enumerate(lines) if line.is_prose), len(lines))
    found = [""] * len(lines)
    for i, line in enumerate(lines):
        if kinds[i]:
            continue
        if not line.key:
            found[i] = _phrase(line)
            continue
        readings = list(words.readings(line.key))
        if words.is_header(line.key) or (not _STOP.search(line.text) and is_header(line.key)):
            continue  # only with the lines behind it; see `related_blocks` and `mark_links`
        # The times of other stories are a part of their teasers, which are looked for later.
        early = [r for r in readings if r[0] != "stamp" or (i < STAMP_LINES and not _counts(r[1]))]
        fitting = (kind for kind, glob in early if _holds(kind, glob, lines, i))
        found[i] = (
            next(fitting, "")
            or _phrase(line)
            or kind_by_shape(lines, i, first_prose)
            or _form(lines, i, first_prose)
        )
    tail = short_tail(lines)
    for i, kind in enumerate(found):
        if kind and not (_is_label(lines[i], kind) and _is_lonely(lines, found, i, tail)):
            kinds[i] = kind


def may_be_entry(line: Line) -> bool:
    """Return whether there are texts in which a line is furniture by its words."""
    readings = vocabulary().readings(line.key)
    held = (kind != "related" and _holds(kind, glob, (line,), 0) for kind, glob in readings)
    return any(held) or bool(_phrase(line))


def may_be_shaped(line: Line) -> bool:
    """Return whether there are texts in which a line is furniture by its shape."""
    beside = (line, *_OTHERS)
    return bool(line.key) and kind_by_shape(beside, 0, len(beside)) is not None


def may_be_form(line: Line) -> bool:
    """Return whether there are texts in which a line is furniture by a form."""
    return bool(line.key and _form((line,), 0, 1))


def _counts(glob: Glob | None) -> bool:
    return glob is not None and glob.counts


def mark_links(lines: Sequence[Line], kinds: list[str]) -> None:
    """Label what lists of teasers have left: headers that are links themselves, and stamps."""
    words = vocabulary()
    tail = short_tail(lines)
    for i, line in enumerate(lines):
        if kinds[i] or not line.key or len(line.key) > LONGEST["related"]:
            continue
        readings = [reading for reading in words.readings(line.key) if reading[0] != "related"]
        kind = next((kind for kind, glob in readings if _holds(kind, glob, lines, i)), "")
        if kind and not (_is_label(line, kind) and _is_lonely(lines, kinds, i, tail)):
            kinds[i] = kind


def _phrase(line: Line) -> str:
    text = line.key or line.text[:2000].lower()
    if line.words < FEWEST_PHRASE_WORDS:
        return ""
    return next((kind for kind, phrase in vocabulary().phrases if phrase in text), "")


def _form(lines: Sequence[Line], at: int, first_prose: int) -> str:
    at_edge = at < min(first_prose, HEAD_LINES) or at >= len(lines) - TAIL_LINES
    kind = kind_by_form(lines[at], at_edge=at_edge)
    told = kind and is_told(lines[at], sure=kind == "inline")
    return "" if not kind or told else kind


def _is_label(line: Line, kind: str) -> bool:
    """Return whether a line could as well be a subhead or an answer of one word."""
    if line.key not in vocabulary().whole:
        return False
    return (kind in _WEAK and line.words < 3) or (kind in _WEAK_WORDS and line.words == 1)


def short_tail(lines: Sequence[Line]) -> int:
    """Return the index of the first of the short lines that end a text."""
    at = len(lines)
    while at and lines[at - 1].is_short:
        at -= 1
    return at


def _is_lonely(lines: Sequence[Line], found: Sequence[str], at: int, tail: int) -> bool:
    """Return whether a label stands alone above text, as a subhead could."""
    if at and at + 1 >= tail:
        return False
    one_word = lines[at].words == 1
    if not at and (not one_word or found[0] in _WEAK_WORDS):
        return False
    near = 1 if one_word else 2
    return not any(found[max(0, at - near) : at]) and not any(found[at + 1 : at + 1 + near])


def _holds(kind: str, glob: Glob | None, lines: Sequence[Line], at: int) -> bool:
    """Return whether a line can be of the kind that its words suggest."""
    line = lines[at]
    if _is_sentence(kind, glob, line):
        return False
    if kind == "byline":
        near_end = at < HEAD_LINES or at >= len(lines) - TAIL_LINES
        return near_end and (glob is None or is_byline(line))
    if kind == "stamp":
        return _is_stamp(glob, lines, at)
    return kind != "caption" or _is_credit(glob, line)


def _is_sentence(kind: str, glob: Glob | None, line: Line) -> bool:
    """Return whether a line is a sentence of the article that begins with a word of furniture."""
    if is_vague(kind, glob) and line.is_ended and line.weight > LONGEST_SHOUT:
        return True
    sure = glob is not None and (not glob.is_open or "," in glob.parts[0])
    return kind in _TOLD and is_told(line, sure=sure)


def is_vague(kind: str, glob: Glob | None) -> bool:
    """Return whether a glob says too little for a sentence that begins so to be furniture."""
    return glob is not None and (glob.is_weak or (glob.is_open and kind in _LABELS))


def _is_credit(glob: Glob | None, line: Line) -> bool:
    if _goes_on(line) or (glob and "/" in glob.parts[-1] and line.is_ended):
        return False
    return len(line.key.rpartition(":")[2].split()) <= CREDIT_WORDS or ":" not in line.key


def is_told(line: Line, *, sure: bool = False) -> bool:
    """Return whether a sentence only begins as furniture does.

    Someone says it (`"Subscribe!", she said.`, `Read also the rest, the mayor said.`), or what
    follows the colon is no headline but goes on in small letters to a full stop.

    Args:
        line: The line.
        sure: Its words are too many for a sentence of the article, so that only quotation marks
            speak against them.
    """
    if _QUOTED.match(line.text) or _goes_on(line):
        return True
    if sure or not _STOP.search(line.text) or _BEHIND_COLON.match(line.text):
        return False
    _, comma, said = line.text.translate(_COMMAS).rpartition(",")
    return bool(comma and said.strip()) and _is_saying(said.split())


def _goes_on(line: Line) -> bool:
    """Return whether a sentence goes on behind its colon, in small letters to a full stop."""
    behind = _BEHIND_COLON.match(line.text)
    if not behind or not behind[1].islower() or not _STOP.search(line.text):
        return False
    return line.words >= len(behind[0].split()) + FEWEST_TOLD


def _is_saying(words: Sequence[str]) -> bool:
    """Return whether the words behind the last comma can be `the mayor said`."""
    if words[0][:1].isupper() or any(map(str.isdigit, "".join(words))):
        return False
    return len(words) <= MOST_SAYING_WORDS


def _is_stamp(glob: Glob | None, lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    if glob is None or not any(map(str.isdigit, text)) or lines[at].words > MOST_STAMP_WORDS:
        return False
    if glob.counts:
        return True
    if lines[at].is_ended and lines[at].weight > LONGEST_SHOUT:
        return False
    return at < STAMP_LINES or (at >= len(lines) - TAIL_LINES and says_clock(text))


def is_byline(line: Line) -> bool:
    """Return whether a line names authors and says no more, but for their place or the time.

    Each word behind the first must begin with a capital, but for short particles and `and`.
    """
    text = line.text
    if "@" in text and line.weight <= LONGEST["byline"] and not line.is_ended:
        return True
    name, *behind = _NAME_END.split(text, maxsplit=1)
    if behind and (any(map(str.isdigit, behind[0])) or text[len(name)] == "|"):
        text = name.strip()
    words = text.split()
    if line.is_ended or line.weight > LONGEST["byline"] or any(map(str.isdigit, text)):
        return False
    if not _CASED.search(text):
        return len(words) >= 2 or ":" in unicodedata.normalize("NFKC", text) or "/" in text
    if not 2 <= len(words) <= 2 + _NAME_WORDS or len(text) > LONGEST_LINE / 4:
        return False
    names = [word for word in words[1:] if _WORD.search(word)]
    capital = sum(word[0].isupper() or not word[0].islower() for word in names)
    small = [word for word in names if word[0].islower()]
    return capital >= 2 and all(len(word) <= 4 for word in small)


def related_blocks(
    lines: Sequence[Line], kinds: Sequence[str], doubled: Sequence[Teaser]
) -> list[Related]:
    """Return the blocks of other stories that a header begins and headline-like lines follow.

    A header above prose is a subhead of the article and begins nothing.
    """
    by_line = {teaser.first: teaser for teaser in doubled}
    blocks: list[Related] = []
    tail = short_tail(lines)
    at = 0
    while at < len(lines):
        line = lines[at]
        heads = not kinds[at] and not _STOP.search(line.text) and is_header(line.key)
        block = _related_at(lines, kinds, by_line, at, tail) if heads else None
        if block:
            blocks.append(block)
        at = block.last + 1 if block else at + 1
    return blocks


def _related_at(
    lines: Sequence[Line], kinds: Sequence[str], doubled: dict[int, Teaser], at: int, tail: int
) -> Related | None:
    first = at + 1
    if is_doubled(lines, at):
        first += 1
    teasers = _list_below(lines, kinds, doubled, first)
    last = teasers[-1].last if teasers else first - 1
    ends = last + 1 >= len(lines)
    long_header = lines[at].words >= 2
    if len(teasers) >= 2 or (teasers and (teasers[0].doubled or (ends and long_header))):
        return Related(at, last, tuple(teasers))
    if not long_header or not at:
        return None
    if not teasers and ends:
        return Related(at, last, ())
    if teasers and _is_link(lines, teasers[0], last):
        return Related(at, last, tuple(teasers))
    if not teasers and tail <= first <= len(lines) - 2:
        return Related(at, len(lines) - 1, ())
    return None


def _is_link(lines: Sequence[Line], teaser: Teaser, last: int) -> bool:
    """Return whether one headline under a header, and text behind it, is a link to its story."""
    line = lines[teaser.first]
    return (
        teaser.first == last
        and line.weight >= SHORTEST_LINK
        and line.words >= FEWEST_LINK_WORDS
        and not line.is_ended
        and lines[last + 1].is_prose
    )


def _list_below(
    lines: Sequence[Line], kinds: Sequence[str], doubled: dict[int, Teaser], at: int
) -> list[Teaser]:
    """Return the teasers below a header: as long as they are laid out alike."""
    found: list[Teaser] = []
    while at < len(lines) and not kinds[at]:
        if is_header(lines[at].key):
            break
        teaser = doubled.get(at) or next(
            listed_teasers(lines, kinds, at, min(at + 3, len(lines))), None
        )
        if teaser is None or (len(found) >= 2 and teaser.summary and not found[-1].summary):
            break
        if found and found[0].doubled and not teaser.doubled:
            break
        found.append(teaser)
        at = behind(lines, kinds, teaser)
    return found
