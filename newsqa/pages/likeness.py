"""Which summary tells which headline's story, by the stems of their rarer words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsqa.pages.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FEWEST_PAIRS = 3
SHARED_STEMS = 2
STEM = 5
SHORTEST = 4
_MOST_PAIRS = 60
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def strangers(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield the headlines whose summary shares nothing with them while another one does.

    A headline is a stranger when its own summary has no stem in common with it, another summary
    has two, and that one's own headline shares no more with it.

    Args:
        pairs: Headline and summary of each story; fewer than three tell nothing.

    Yields:
        Index of the headline, and of the pair whose summary fits it.
    """
    pairs = pairs[:_MOST_PAIRS]
    if len(pairs) < FEWEST_PAIRS:
        return
    heads = [stems(headline) for headline, _ in pairs]
    tales = [stems(summary) for _, summary in pairs]
    spread = Counter(stem for tale in tales for stem in tale)
    common = {stem for stem, count in spread.items() if count > max(1, len(pairs) // 3)}
    shared = [[len((head & tale) - common) for tale in tales] for head in heads]
    for own, row in enumerate(shared):
        if heads[own] & tales[own]:
            continue
        best = max(range(len(row)), key=row.__getitem__)
        if row[best] >= SHARED_STEMS and shared[best][best] < row[best]:
            yield own, best


def stems(text: str) -> set[str]:
    """Return the beginnings of a text's longer words; pairs of characters in unspaced scripts."""
    words = re.findall(r"\w+", fold(text))
    found = {word[:STEM] for word in words if len(word) >= SHORTEST and not _CJK.search(word)}
    for word in words:
        if _CJK.search(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)}
    return found
