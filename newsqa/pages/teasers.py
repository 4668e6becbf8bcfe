"""Teasers: other stories that are listed on the page, as headline, summary and section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsqa.pages.likeness import stems
from newsqa.pages.lines import HEADLINE, SUMMARY, is_doubled
from newsqa.pages.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.pages.lines import Line

LONGEST_KICKER = 80
LONGEST_LABEL = 30
FEWEST_PAIRS = 3
FEWEST_KICKED = 2
UNENDED_SUMMARY = 60
LONGEST_BYLINE = 5
LINK_NEAR = 4


@dataclass(frozen=True, slots=True)
class Teaser:
    """One story that is listed on the page of another.

    Args:
        headline: Its headline.
        start: Character offset of the whole teaser, kicker included.
        headline_start: Character offset of the headline; of the second one where it is doubled.
        headline_end: Character offset behind it.
        summary: The text under the headline, or the empty string.
        summary_start: Character offset of the summary; the end of the headline where there is none.
        end: Character offset behind the teaser.
        kicker: The section or other label before the headline, or the empty string.
        doubled: The headline stands there twice in a row, or once behind its kicker and once alone.
        first: Index of its first line among the lines of the page.
        last: Index of its last line.
        listing: Number of the block of teasers that it belongs to.
    """

    headline: str
    start: int
    headline_start: int
    headline_end: int
    summary: str
    summary_start: int
    end: int
    kicker: str
    doubled: bool
    first: int
    last: int
    listing: int = 0


def doubled_teasers(lines: Sequence[Line], taken: Sequence[str]) -> Iterator[Teaser]:
    """Yield the teasers whose headline stands twice in a row, the second time bare.

    `KICKER Headline` above `Headline` counts as well. `taken` says the kind of lines that are
    something else already.
    """
    at = free = 0
    while at + 1 < len(lines):
        kicker = None if taken[at] or taken[at + 1] else _kicker_of_pair(lines, at)
        if kicker is None:
            at += 1
            continue
        first = at
        if not kicker and at > free and _is_label(lines[at - 1]) and not taken[at - 1]:
            first, kicker = at - 1, lines[at - 1].text
        last = at + 1
        while is_doubled(lines, last):
            last += 1
        teaser = make_teaser(lines, taken, first, last, kicker, doubled=True)
        yield teaser
        at = free = teaser.last + 1


def _kicker_of_pair(lines: Sequence[Line], at: int) -> str | None:
    """Return what stands before the headline of a doubled pair, or None where there is no pair."""
    if at + 1 >= len(lines):
        return None
    first, second = lines[at], lines[at + 1]
    if not HEADLINE[0] - 3 <= second.weight <= HEADLINE[1] or not second.key or not first.key:
        return None
    if first.key == second.key:
        return ""
    if not second.is_headline or not first.key.endswith(f" {second.key}"):
        return None
    kicker = first.text[: len(first.text) - len(second.text)].strip(" \u00a0:|-–—")
    return kicker if _is_kicker(kicker) else None


def _is_kicker(text: str) -> bool:
    """Return whether a text is a section's name, or the template that should have become one."""
    if not 0 < len(text) <= LONGEST_KICKER:
        return False
    return text.isupper() or len(text.split()) <= 2 or any(sign in text for sign in "(){}[]<>%$_=")


def _is_label(line: Line) -> bool:
    is_short = line.is_short and len(line.text) <= LONGEST_LABEL and line.words <= 3
    return is_short and not vocabulary().is_header(line.key)


def make_teaser(
    lines: Sequence[Line],
    taken: Sequence[str],
    first: int,
    last: int,
    kicker: str,
    *,
    doubled: bool = False,
) -> Teaser:
    """Return the teaser whose headline is the line `last`, with the summary behind it if any."""
    head = lines[last]
    after = _behind_stamps(lines, taken, last)
    summary = None
    if summary_at(lines, taken, after, doubled=doubled, kicked=bool(kicker)):
        summary, last = lines[after], after
    return Teaser(
        headline=head.text,
        start=lines[first].start,
        headline_start=head.start,
        headline_end=head.end,
        summary=summary.text if summary else "",
        summary_start=summary.start if summary else head.end,
        end=summary.end if summary else head.end,
        kicker=kicker,
        doubled=doubled,
        first=first,
        last=last,
    )


def _behind_stamps(lines: Sequence[Line], taken: Sequence[str], headline: int) -> int:
    """Return the line behind a headline's time of publication and byline, in either order."""
    at = headline + 1
    at += _is_stamp(lines, taken, at)
    if _is_byline(lines, taken, headline, at):
        at += 1
        at += _is_stamp(lines, taken, at)
    return at


def _is_byline(lines: Sequence[Line], taken: Sequence[str], headline: int, at: int) -> bool:
    """Return whether a line names an author: the text behind it is the headline's, not its own.

    That holds in any language, unlike the word before the name.
    """
    if at + 1 >= len(lines) or taken[at + 1]:
        return False
    if taken[at]:
        return taken[at] == "byline"
    line, behind = lines[at], lines[at + 1 + _is_stamp(lines, taken, at + 1) :][:1]
    if line.words > LONGEST_BYLINE or line.is_ended or not behind or not behind[0].is_summary():
        return False
    told = stems(behind[0].text)
    return bool(stems(lines[headline].text) & told) and not stems(line.text) & told


def _is_stamp(lines: Sequence[Line], taken: Sequence[str], at: int) -> bool:
    """Return whether a line is short and has a digit, as times of publication are."""
    if at >= len(lines) or taken[at] or not lines[at].is_short:
        return False
    return any(map(str.isdigit, lines[at].text)) and len(lines[at].text) <= LONGEST_LABEL


def summary_at(
    lines: Sequence[Line], taken: Sequence[str], at: int, *, doubled: bool, kicked: bool
) -> bool:
    """Return whether a line is the summary of the headline above it.

    It must be the only paragraph before the next headline, since several are an article, unless
    section and doubling leave no doubt. Where headlines are doubled, what is not is a summary.
    """
    if at >= len(lines) or taken[at] or is_doubled(lines, at):
        return False
    line = lines[at]
    plain = doubled and line.weight >= UNENDED_SUMMARY and _kicker_of_pair(lines, at) is None
    if not line.is_summary() and not (plain and line.weight <= SUMMARY[1]):
        return False
    alone = at + 1 >= len(lines) or bool(taken[at + 1]) or not lines[at + 1].is_prose
    return alone or (doubled and kicked)


def listed_teasers(
    lines: Sequence[Line], taken: Sequence[str], at: int, until: int
) -> Iterator[Teaser]:
    """Yield the teasers of a list that begins at a line, until something else begins."""
    while at < until and not taken[at]:
        first, kicker = at, ""
        if _is_label(lines[at]) and at + 1 < until and lines[at + 1].is_headline:
            kicker, at = lines[at].text, at + 1
        if taken[at] or not lines[at].is_headline:
            return
        teaser = make_teaser(lines, taken, first, at, kicker or capital_kicker(lines[at].text))
        yield teaser
        at = behind(lines, taken, teaser)


def behind(lines: Sequence[Line], taken: Sequence[str], teaser: Teaser) -> int:
    """Return the line behind a teaser, its time of publication and its link ("Read more")."""
    at = teaser.last + 1
    at += _is_stamp(lines, taken, at)
    return at + (bool(teaser.summary) and _is_link(lines, taken, at))


def _is_link(lines: Sequence[Line], taken: Sequence[str], at: int) -> bool:
    """Return whether a line is the label of a link, known or told by standing at a neighbour, too.

    The name of a section may, too; but then it is in capitals or other sections are beside it.
    """
    if at >= len(lines) or not lines[at].is_short or lines[at].is_ended:
        return False
    if taken[at]:
        return taken[at] == "inline"
    near = [*lines[max(0, at - LINK_NEAR) : at], *lines[at + 1 : at + 1 + LINK_NEAR]]
    return not lines[at].is_capital and any(line.key == lines[at].key for line in near)


def capital_kicker(headline: str) -> str:
    """Return the words in capitals that a headline begins with where its rest has lower case."""
    words = headline.split()
    count = 0
    while count < len(words) and words[count].isupper() and len(words[count]) > 1:
        count += 1
    long_enough = any(len(word) >= 4 for word in words[:count])
    if not long_enough or count > 3 or len(words) - count < 3:
        return ""
    return " ".join(words[:count])


def teasers_in_runs(lines: Sequence[Line], taken: Sequence[str]) -> Iterator[list[Teaser]]:
    """Yield runs of headline and summary in turns behind the article, without a header.

    Three pairs make a run, two where each has a kicker; articles have longer sections.
    """
    prose = 0
    at = 0
    while at < len(lines):
        if taken[at] or not prose >= 2 or not _begins_pair(lines, taken, at):
            prose += not taken[at] and lines[at].is_prose
            at += 1
            continue
        found = [t for t in listed_teasers(lines, taken, at, len(lines)) if t.summary]
        last = found[-1].last
        end = behind(lines, taken, found[-1])
        ends = end >= len(lines) or bool(taken[end])
        kicked = all(teaser.kicker for teaser in found)
        if ends and len(found) >= (FEWEST_KICKED if kicked else FEWEST_PAIRS):
            yield found
        at = last + 1


def may_end_run(lines: Sequence[Line]) -> bool:
    """Return whether a text with these last lines may end with such a run; cheap, never wrongly no.

    No two lines of text follow one another in a run.
    """
    heads = kickers = 0
    is_text = False
    for line in reversed(lines):
        was_text, is_text = is_text, False
        if line.is_headline:
            heads += 1
            kickers += bool(capital_kicker(line.text))
        elif line.is_short:
            kickers += 1
        elif line.words > LONGEST_BYLINE:
            is_text = True
            if was_text:
                return heads >= FEWEST_PAIRS or (heads >= FEWEST_KICKED and kickers >= heads)
    return True


def _begins_pair(lines: Sequence[Line], taken: Sequence[str], at: int) -> bool:
    if not lines[at].is_headline and not _is_label(lines[at]):
        return False
    first = next(listed_teasers(lines, taken, at, min(at + 3, len(lines))), None)
    return first is not None and bool(first.summary)
