"""The words of page furniture: which lines are put around articles by the sites that print them.

The lines themselves are data, in `newsqa/data/furniture.toml`: 32 languages, all of them used at
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
    from collections.abc import Callable, Iterable, Iterator, Mapping

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
    "stamp",
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
    "stamp": 120,
    "byline": 110,
    "chrome": 60,
}
LONGEST_LINE = max(LONGEST.values())
UNSPACED_WORD = 4
REMEMBERED = 4096
INDEXED = 3  # globs are looked up by so many characters, or one less where they have no more

ENDS = " \t\"'“”„‘’«»‹›()[]{}<>|/\\:;,.!?…·•●▪■►▶▸→←↓↑*-–—_=~+#【】『』"
ALIKE = dict(zip("’‘ʼ`´ıς", "'''''iσ", strict=True)) | dict.fromkeys('"“”„«»‹›「」『』', "")
_ALIKE = re.compile(f"[{''.join(ALIKE)}]")


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
        letters = _MARKS.sub("", unicodedata.normalize("NFKD", _ALIKE.sub(_alike, text)))
        plain = _ALIKE.sub(_alike, unicodedata.normalize("NFC", letters).lower())
    plain = " ".join(plain.split()).strip(ENDS)
    return _BEFORE_SIGN.sub("", plain)


def _alike(character: re.Match[str]) -> str:
    return ALIKE[character[0]]


@dataclass(frozen=True, slots=True)
class Glob:
    """A line with gaps: `*` stands for any text, `#` for a number.

    Matching looks for each part behind the one before it, so that it is linear in the line.
    """

    parts: tuple[str, ...]
    counts: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is a beginning and nothing else, so that any sentence can follow."""
        return len(self.parts) == 2 and not self.parts[1] and not self.counts

    @property
    def is_weak(self) -> bool:
        """Whether it is open and but one word: as good as nothing before a sentence."""
        first = self.parts[0]
        unspaced = not first.isascii() and first[-1:] > "\u2fff"
        short = len(first) <= UNSPACED_WORD if unspaced else len(first.split()) < 2
        return self.is_open and ":" not in first and short

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
    folded[0] = folded[0].lstrip(ENDS)
    folded[-1] = folded[-1].rstrip(ENDS)
    return Glob(tuple(part.rstrip() if part.endswith(": ") else part for part in folded), counts)


def _fold_part(part: str) -> str:
    core = fold(f"x{part}x")
    return core[1:-1]


@dataclass(frozen=True)
class Vocabulary:
    """Lines by kind, ready to be looked up.

    Args:
        whole: Kinds by folded line, the most certain first.
        starts: Globs that begin with a text, by its first three characters.
        ends: Globs that end with a text, by its last three characters.
        middles: Globs that do neither, by the longest text in them.
        phrases: Folded text by kind that tells even inside a paragraph.
        languages: Codes of the languages it covers.
    """

    whole: Mapping[str, tuple[FurnitureKind, ...]]
    starts: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    ends: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    middles: Mapping[str, tuple[tuple[FurnitureKind, Glob], ...]]
    phrases: tuple[tuple[FurnitureKind, str], ...]
    languages: tuple[str, ...] = field(default=())

    def is_header(self, line: str) -> bool:
        """Return whether a folded line may head a block of other stories."""
        return 0 < len(line) <= LONGEST["related"] and "related" in self.kinds(line)

    def kinds(self, line: str) -> Iterator[FurnitureKind]:
        """Yield the kinds that a folded line may be of, the most certain first."""
        return (kind for kind, _ in self.readings(line))

    def readings(self, line: str) -> Iterator[tuple[FurnitureKind, Glob | None]]:
        """Yield them with the glob that the line matches; None where it is an entry itself."""
        return iter(self._remembered(line))

    @cached_property
    def _remembered(self) -> Callable[[str], tuple[tuple[FurnitureKind, Glob | None], ...]]:
        # Each line is asked for by several passes, and furniture by many pages.
        return lru_cache(maxsize=REMEMBERED)(self._readings)

    def fits_edges(self, line: str) -> bool:
        """Return whether a folded line is of a form that is looked up by how it begins or ends."""
        size = len(line)
        return any(size <= LONGEST[kind] and glob.matches(line) for kind, glob in self._edges(line))

    def _readings(self, line: str) -> tuple[tuple[FurnitureKind, Glob | None], ...]:
        size = len(line)
        fitting = [
            (kind, glob)
            for kind, glob in self._candidates(line)
            if size <= LONGEST[kind] and glob.matches(line)
        ]
        return (*((kind, None) for kind in self.whole.get(line, ())), *fitting)

    def _candidates(self, line: str) -> list[tuple[FurnitureKind, Glob]]:
        found = self._edges(line)
        for core in [core for core in self.middles if core in line]:
            found += self.middles[core]
        return found

    def _edges(self, line: str) -> list[tuple[FurnitureKind, Glob]]:
        found: list[tuple[FurnitureKind, Glob]] = []
        for size in (INDEXED, INDEXED - 1):
            found += self.starts.get(line[:size], ())
            found += self.ends.get(line[-size:], ())
        return found


def build_vocabulary(tables: Mapping[str, Mapping[str, object]]) -> Vocabulary:
    """Return the vocabulary of parsed tables: kind to entries, by language.

    Raises:
        ValueError: A table has a kind that does not exist.
    """
    whole: dict[str, dict[FurnitureKind, None]] = defaultdict(dict)
    starts: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    ends: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    middles: dict[str, list[tuple[FurnitureKind, Glob]]] = defaultdict(list)
    phrases: list[tuple[FurnitureKind, str]] = []
    for kind, _, text, anywhere in entries_of(tables):
        if anywhere:
            phrases.append((kind, fold(text)))
        elif "*" not in text and "#" not in text:
            whole[fold(text)][kind] = None
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
        {line: tuple(kinds) for line, kinds in whole.items()},
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
