"""A page cut into its parts: headline, article, furniture and teasers.

The text may be a whole page or only the body that an extractor returned. Every pass over the lines
labels those that earlier passes left alone, from the most certain evidence to the least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from newsqa.pages.furniture import mark_furniture, mark_links, related_blocks
from newsqa.pages.lines import Line, read_lines
from newsqa.pages.runs import mark_runs
from newsqa.pages.teasers import Teaser, doubled_teasers, teasers_in_runs
from newsqa.pages.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines of one kind.

    Args:
        kind: `headline`, `dateline`, `paragraph`, `teaser`, `headlines` (a run of headlines
            without a header), `menu` (a run of labels), or a kind of furniture.
        start: Character offset of its first line.
        end: Character offset behind its last.
        line: 0-based line of its start in the text.
        lines: Number of its lines, blank ones not counted.
        label: Its first line.
    """

    kind: str
    start: int
    end: int
    line: int
    lines: int
    label: str


@dataclass(frozen=True)
class Page:
    """A text with its parts, in order.

    Args:
        text: The text.
        lines: Its lines that hold a letter or a digit.
        kinds: Kind of each line, as in `Block.kind`.
        blocks: Its blocks; they do not overlap.
        teasers: Its teasers, each within one block.
    """

    text: str
    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    blocks: tuple[Block, ...]
    teasers: tuple[Teaser, ...]

    @cached_property
    def figures(self) -> Figures:
        """What the shapes of the lines add up to."""
        lines = self.lines
        prose = [line for line in lines if line.is_prose]
        size = sum(line.end - line.start for line in lines)
        return Figures(
            lines=len(lines),
            prose=len(prose),
            headlines=sum(line.is_headline for line in lines),
            short=sum(line.is_short for line in lines),
            listed=sum(kind in {"related", "headlines", "teaser"} for kind in self.kinds),
            menu=self.kinds.count("menu"),
            furniture=sum(kind not in {"", "headline", "dateline"} for kind in self.kinds),
            prose_share=sum(line.end - line.start for line in prose) / size if size else 0.0,
        )

    @property
    def article(self) -> tuple[Block, ...]:
        """The blocks of the article itself."""
        return tuple(block for block in self.blocks if block.kind == "paragraph")

    def is_certain(self, teaser: Teaser) -> bool:
        """Return whether more than the turns of its lines shows that a teaser is one."""
        return teaser.doubled or bool(teaser.kicker) or self.kinds[teaser.first] == "related"

    def of_kind(self, kind: str) -> tuple[Block, ...]:
        """Return the blocks of a kind."""
        return tuple(block for block in self.blocks if block.kind == kind)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of lines by shape, for checks that judge a page as a whole.

    Args:
        lines: Lines that hold a letter or a digit.
        prose: Lines of running text.
        headlines: Lines with the shape of a headline.
        short: Lines that are shorter, such as menu entries.
        listed: Lines that belong to teasers, related blocks and runs of headlines.
        menu: Lines that belong to runs of labels.
        furniture: Lines that are neither article nor headline nor dateline.
        prose_share: Share of the characters that stands in running text.
    """

    lines: int
    prose: int
    headlines: int
    short: int
    listed: int
    menu: int
    furniture: int
    prose_share: float


def segment(text: str, *, title: str = "") -> Page:
    """Return the parts of a page or of an article's body; linear in the length of the text.

    Args:
        text: The text, its lines separated as the scraper left them.
        title: The article's headline, where it is known.
    """
    lines = read_lines(text)
    kinds = [""] * len(lines)
    groups = [0] * len(lines)
    _mark_head(lines, kinds, fold(title[:300]))
    mark_furniture(lines, kinds)
    teasers = _mark_teasers(lines, kinds, groups)
    mark_links(lines, kinds)
    mark_runs(lines, kinds, groups)
    return Page(text, tuple(lines), tuple(kinds), tuple(_blocks(lines, kinds, groups)), teasers)


def _mark_head(lines: Sequence[Line], kinds: list[str], title: str) -> None:
    """Label the headline, each time it stands before the article, and the dateline beside it."""
    head = lines[: next((i for i, line in enumerate(lines) if line.is_prose), len(lines))]
    head = head[:HEAD_LINES]
    keys = [line.key for line in head]
    if not title or title not in keys:
        repeated = [key for line, key in zip(head, keys, strict=True) if line.is_headline]
        title = repeated[0] if repeated and keys.count(repeated[0]) > 1 else title
    last = max((i for i, key in enumerate(keys) if key == title), default=-1)
    if not title or last < 0:
        return
    for i in range(len(head)):
        if keys[i] == title:
            kinds[i] = "headline"
        elif i <= last + 1 and head[i].is_short and head[i].is_capital and head[i].words <= 3:
            kinds[i] = "dateline"


def _mark_teasers(lines: Sequence[Line], kinds: list[str], groups: list[int]) -> tuple[Teaser, ...]:
    found: list[Teaser] = list(doubled_teasers(lines, kinds))
    blocks = related_blocks(lines, kinds, found)
    taken = list(kinds)
    listing = 0
    kept: list[Teaser] = []
    for block in blocks:
        listing += 1
        _label(taken, groups, block.first, block.last, "related", listing)
        kept += [replace(teaser, listing=listing) for teaser in block.teasers]
    inside = {teaser.first for teaser in kept}
    loose = [t for t in found if t.first not in inside and not any(taken[t.first : t.last + 1])]
    for teaser in loose:
        _label(taken, groups, teaser.first, teaser.last, "teaser", -1 - len(kept))
        kept.append(replace(teaser, listing=-1 - len(kept)))
    for run in teasers_in_runs(lines, taken):
        listing += 1
        for teaser in run:
            _label(taken, groups, teaser.first, teaser.last, "teaser", -1 - len(kept))
            kept.append(replace(teaser, listing=listing))
    kinds[:] = taken
    return tuple(sorted(kept, key=lambda teaser: teaser.start))


def _label(
    kinds: list[str], groups: list[int], first: int, last: int, kind: str, group: int
) -> None:
    for i in range(first, last + 1):
        kinds[i] = kind
        groups[i] = group


def _blocks(lines: Sequence[Line], kinds: Sequence[str], groups: Sequence[int]) -> list[Block]:
    def part(i: int) -> tuple[str, int]:
        own = i if kinds[i] in {"", "headline", "dateline"} else groups[i]
        return kinds[i], own

    blocks = []
    for (kind, _), members in groupby(range(len(lines)), key=part):
        inside = [lines[i] for i in members]
        blocks.append(
            Block(
                kind=kind or "paragraph",
                start=inside[0].start,
                end=inside[-1].end,
                line=inside[0].number,
                lines=len(inside),
                label=inside[0].text,
            )
        )
    return blocks
