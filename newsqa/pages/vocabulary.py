"""The words of page furniture: which lines are put around articles by the sites that print them.

The lines themselves are data, in `newsqa/data/furniture.toml`: 26 languages, all of them used at
once, since a page's furniture need not be in the language of its article.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FurnitureKind = Literal[
    "related",
    "inline",
    "newsletter",
    "share",
    "comments",
    "player",
    "advert",
    "legal",
    "tags",
    "caption",
    "byline",
    "chrome",
]
KINDS: tuple[FurnitureKind, ...] = get_args(FurnitureKind)

# Characters; a longer line is prose, whatever it begins with.
LONGEST: dict[str, int] = {
    "related": 60,
    "inline": 220,
    "newsletter": 240,
    "share": 120,
    "comments": 160,
    "player": 200,
    "advert": 200,
    "legal": 240,
    "tags": 240,
    "caption": 240,
    "byline": 80,
    "chrome": 60,
}
LONGEST_LINE = max(LONGEST.values())
_MOST_KNOWN = 20_000
INDEXED = 3  # globs are looked up by so many characters, or one less where they have no more

_ENDS = " \t\"'“”„‘’«»‹›()[]{}<>|/\\:;,.!?…·•●▪■►▶▸→←↓↑*-–—_=~+#"
_ALIKE = str.maketrans("’‘ʼ`´ıς", "'''''iσ", '"“”„«»‹›「」『』')


_BEFORE_SIGN = re.compile(r" +(?=[:|])")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Cf"}


_MARKS = re.compile(
    "[" + "".join(filter(_is_mark, map(chr, range(0x80, 0x3100)))) + "\ufe0f\ufeff]"
)


def fold(text: str) -> str:
    """Return a line without case, accents, quotation marks, and the marks at its ends.

    Dotted and dotless i are one letter, since Turkish capitals are lower-cased wrongly everywhere.
    """
    plain = text.lower()
    if plain.isascii():
        plain = plain.replace('"', "").replace("`", "'")
    else:
        letters = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_ALIKE)))
        plain = unicodedata.normalize("NFC", letters).lower().translate(_ALIKE)
    plain = " ".join(plain.split()).strip(_ENDS)
    return _BEFORE_SIGN.sub("", plain)


@dataclass(frozen=True, slots=True)
class Glob:
    """A line with gaps: `*` stands for any text, `#` for a number.

    Matching looks for each part behind the one before it, so that it is linear in the line.
    """

    parts: tuple[str, ...]
    counts: bool = False

    def matches(self, line: str) -> bool:
        """Return whether a folded line has this form."""
        first, last = self.parts[0], self.parts[-1]
        if not line.startswith(first) or not line.endswith(last):
            return False
        at, end = len(first), len(line) - len(last)
        for part in self.parts[1:-1]:
            found = line.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return at <= end and (not self.counts or _is_number(line[len(first) : end]))


def _is_number(text: str) -> bool:
    digits = text.strip(" .,kKmM()")
    return digits.replace(".", "").replace(",", "").isdecimal()


def glob_of(entry: str) -> Glob:
    """Return the glob of an entry of the vocabulary."""
    counts = "#" in entry
    parts = re.split(r"[*#]", entry)
    folded = [_fold_part(part) for part in parts]
    folded[0] = folded[0].lstrip(_ENDS)
    folded[-1] = folded[-1].rstrip(_ENDS)
    return Glob(tuple(part.rstrip() if part.endswith(": ") else part for part in folded), counts)


def _fold_part(part: str) -> str:
    core = fold(f"x{part}x")
    return core[1:-1]


@dataclass(frozen=True)
class Vocabulary:
    """Lines by kind, ready to be looked up.

    Args:
        whole: Kind by folded line.
        starts: Globs that begin with a text, by its first three characters.
        ends: Globs that end with a text, by its last three characters.
        middles: Globs that do neither, by the longest text in them.
        phrases: Folded text by kind that tells even inside a paragraph.
        languages: Codes of the languages it covers.
    """

    whole: Mapping[str, FurnitureKind]
    starts: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    ends: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    middles: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    phrases: tuple[tuple[FurnitureKind, str], ...]
    languages: tuple[str, ...] = field(default=())

    def is_header(self, line: str) -> bool:
        """Return whether a folded line may head a block of other stories."""
        return 0 < len(line) <= LONGEST["related"] and "related" in self.kinds(line)

    def kinds(self, line: str) -> tuple[FurnitureKind, ...]:
        """Return the kinds that a folded line may be of, the most certain first."""
        known = self._known.get(line)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[line] = tuple(self._kinds(line))
        return known

    @cached_property
    def _known(self) -> dict[str, tuple[FurnitureKind, ...]]:
        """Lines looked up before: those of furniture come again and again."""
        return {}

    @cached_property
    def _middle(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.middles)) or r"(?!)")

    def _kinds(self, line: str) -> Iterator[FurnitureKind]:
        size = len(line)
        whole = self.whole.get(line)
        if whole:
            yield whole
        for kind, glob in self._candidates(line):
            if size <= LONGEST[kind] and glob.matches(line):
                yield kind

    def _candidates(self, line: str) -> list[tuple[FurnitureKind, Glob]]:
        found: list[tuple[FurnitureKind, Glob]] = []
        for size in (INDEXED, INDEXED - 1):
            found += self.starts.get(line[:size], ())
            found += self.ends.get(line[-size:], ())
        if self._middle.search(line):
            for core in [core for core in self.middles if core in line]:
                found += self.middles[core]
        return found


def build_vocabulary(tables: Mapping[str, Mapping[str, object]]) -> Vocabulary:
    """Return the vocabulary of parsed tables: kind to entries, by language.

    Raises:
        ValueError: A table has a kind that does not exist.
    """
    whole: dict[str, FurnitureKind] = {}
    starts: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    ends: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    middles: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    phrases: list[tuple[FurnitureKind, str]] = []
    for kind, _, text, anywhere in entries_of(tables):
        if anywhere:
            phrases.append((kind, fold(text)))
        elif "*" not in text and "#" not in text:
            whole.setdefault(fold(text), kind)
        else:
            glob = glob_of(text)
            first, last = glob.parts[0], glob.parts[-1]
            if len(first) >= INDEXED - 1:
                starts[first[:INDEXED]].append((kind, glob))
            elif len(last) >= INDEXED - 1:
                ends[last[-INDEXED:]].append((kind, glob))
            else:
                middles[max(glob.parts, key=len)].append((kind, glob))
    return Vocabulary(
        whole,
        {key: tuple(globs) for key, globs in starts.items()},
        {key: tuple(globs) for key, globs in ends.items()},
        {key: tuple(globs) for key, globs in middles.items()},
        tuple(phrases),
        tuple(tables),
    )


class Entry(NamedTuple):
    """One entry of the vocabulary as it is written; `anywhere` ones need no line of their own."""

    kind: FurnitureKind
    language: str
    text: str
    anywhere: bool = False


def entries_of(tables: Mapping[str, Mapping[str, object]]) -> Iterator[Entry]:
    """Yield all entries in the order of the kinds.

    Raises:
        ValueError: A table has a kind that does not exist.
    """
    known = {*KINDS, "anywhere"}
    for language, table in tables.items():
        if unknown := set(table) - known:
            raise ValueError(f"{language}: no kind of furniture is called {min(unknown)!r}")
    for kind in KINDS:
        for language, table in tables.items():
            yield from (Entry(kind, language, text) for text in _list(table.get(kind)))
            anywhere = table.get("anywhere")
            if isinstance(anywhere, dict):
                yield from (
                    Entry(kind, language, text, anywhere=True) for text in _list(anywhere.get(kind))
                )


def _list(value: object) -> Iterable[str]:
    return value if isinstance(value, list) else ()


@lru_cache(maxsize=1)
def shipped_tables() -> dict[str, dict[str, object]]:
    """Return the vocabulary that newsqa ships: kind to entries, by language."""
    return tomllib.loads((files("newsqa") / "data" / "furniture.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary that newsqa ships."""
    return build_vocabulary(shipped_tables())
