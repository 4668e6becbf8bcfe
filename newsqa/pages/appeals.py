"""How furniture is said: an ask and the thing it is about, in whatever words the two are put.

The vocabulary of `newsqa.pages.vocabulary` knows lines; this knows the grammar behind them, so that
`Have our evening bulletin sent to your inbox` is found though nobody has listed it. Words and forms
are data, in `newsqa/data/appeals.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, get_args

from newsqa.pages.vocabulary import LONGEST, FurnitureKind, fold, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsqa.pages.lines import Line

INDEXED = 2
HINT = 4
SIZES = (4, 3, 2, 1)
HINT_SIZES = (7, 6, 5, 4, 3)
NEAR_END = 14
"""Characters between a verb and the end of its sentence, for languages that put it last."""
MOST_LABEL = 40
LONGEST_APPEAL = 170
SHORTEST_LINK = 15

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE = re.compile(r"[.!?:|…。！？：｜।](?:\s+|$)|[。！？：]|\s[–—-]\s")
_STOP = re.compile(r"[.。।۔][\"'“”’»)\]]{0,2}$")
_QUOTE = re.compile(r"[\"“”„«»「『]")
_LABEL = re.compile(rf"([^:|：\n]{{2,{MOST_LABEL}}})[:|：]\s*([^\s].*)$")
_NAME_END = re.compile(r"\s*[,|/·•]\s*|\s+[-–—]\s+")
_POLITE_WORDS = """
please click tap here now just and to today bitte jetzt hier einfach gleich und um clique
cliquez ici pour haz clic aqui por favor para ahora agora clicca qui per adesso ora klik
hier nu om klicka har for att klikk her kliknij tutaj aby by kliknete zde lutfen hemen
simdi нажмите здесь чтобы та и щоб sekarang yuk ayo hay
"""
POLITE = frozenset(_POLITE_WORDS.split())


class Word(NamedTuple):
    """A folded word and the class that it belongs to."""

    text: str
    of: str
    whole: bool
    inside: bool
    raw: str
    language: str


class Found(NamedTuple):
    """Where a word of a class stands in a folded line."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Form:
    """Classes of words that make a line furniture of a kind where they meet in it.

    Args:
        kind: Kind of furniture.
        all: Classes that must all occur; each is one or several, of which one is enough.
        edge: Classes of which a word must begin or end a sentence, unless the line speaks to its
            reader; empty where their place does not matter.
        own: Classes of which one must occur in a line that is a sentence; `never` forbids those.
        rare: The class of them that is the rarest in prose, where `edge` does not narrow it down.
        words: Most words of the line, or of its label.
        label: The classes must meet in a label before a headline.
        at_edge: The line must stand above or behind the article and name a person.
    """

    kind: FurnitureKind
    all: tuple[tuple[str, ...], ...]
    edge: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    words: int = 24
    label: bool = False
    at_edge: bool = False

    @property
    def things(self) -> tuple[str, ...]:
        """Classes of which one must occur in each line of the form, and few lines have any.

        None for labels and headers, which are looked for by other means.
        """
        if self.label or self.kind == "related":
            return ()
        return self.rare or next((one for one in self.all if one != self.edge), self.all[0])


@dataclass(frozen=True)
class Grammar:
    """Forms and the words that their classes are made of, ready to be looked up."""

    words: tuple[Word, ...]
    forms: tuple[Form, ...]
    starts: Mapping[str, tuple[Word, ...]]
    inner: tuple[Word, ...]
    hints: frozenset[str]
    heads: frozenset[str]

    def may_fit(self, key: str) -> bool:
        """Return whether a folded line has the thing of a form; cheap, and never wrongly false."""
        if not key.isascii() and _UNSPACED.search(key):
            return True
        tokens = _WORD.findall(key)
        return not all(
            self.hints.isdisjoint([token[:size] for token in tokens]) for size in HINT_SIZES
        )

    def classes(self, key: str) -> dict[str, list[Found]]:
        """Return where the words of each class stand in a folded line."""
        found: dict[str, list[Found]] = defaultdict(list)
        begins = {match.start() for match in _WORD.finditer(key)}
        if not key.isascii():
            begins |= {match.start() for match in _UNSPACED.finditer(key)}
        for at in sorted(begins):
            for size in SIZES:
                for word in self.starts.get(key[at : at + size], ()):
                    if not key.startswith(word.text, at):
                        continue
                    end = at + len(word.text)
                    if not (word.whole and _goes_on(key, end)):
                        found[word.of].append(Found(at, end))
        for word in self.inner:
            at = key.find(word.text)
            if at >= 0:
                found[word.of].append(Found(at, at + len(word.text)))
        return found

    def is_header(self, line: str) -> bool:
        """Return whether a folded line says that other stories follow."""
        if not 0 < len(line) <= LONGEST["related"] or line[:INDEXED] not in self.heads:
            return False
        if len(line.split()) > self._header.words:
            return False
        found = self.classes(line)
        spots = [spot.start for one in self._header.all for of in one for spot in found.get(of, ())]
        return 0 in spots and all(any(of in found for of in one) for one in self._header.all)

    @cached_property
    def header_words(self) -> tuple[str, ...]:
        """Folded words of which one begins every header."""
        classes = {of for one in self._header.all for of in one}
        return tuple(word.text for word in self.words if word.of in classes)

    @cached_property
    def _header(self) -> Form:
        return next(form for form in self.forms if form.kind == "related")


def _goes_on(key: str, at: int) -> bool:
    return key[at : at + 1].isalnum()


def build_grammar(tables: Mapping[str, object]) -> Grammar:
    """Return the grammar of parsed tables: `words` by class and language, and `form`s.

    Raises:
        ValueError: A form names a kind or a class of words that does not exist.
    """
    words = tuple(_words(tables["words"]))
    known = {word.of for word in words} | {"never"}
    forms = tuple(_form(table, known) for table in _rows(tables["form"]))
    starts: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        if not word.inside:
            starts[word.text[:HINT]].append(word)
    inner = tuple(word for word in words if word.inside)
    index = {key: tuple(group) for key, group in starts.items()}
    hints = frozenset(hint for form in forms for hint in _hints(form, words))
    header = {of for form in forms if form.kind == "related" for one in form.all for of in one}
    heads = frozenset(word.text[:INDEXED] for word in words if word.of in header)
    return Grammar(words, forms, index, inner, hints, heads)


def _hints(form: Form, words: Sequence[Word]) -> Iterator[str]:
    """Yield how the thing of a form can begin, by its longest word."""
    for word in words:
        if word.of in form.things:
            yield max(_WORD.findall(word.text), key=len)[: HINT_SIZES[0]]


def _rows(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        yield from value


def _words(table: object) -> Iterator[Word]:
    if not isinstance(table, dict):
        return
    for of, languages in table.items():
        for language, listed in languages.items():
            for entry in listed.split(", "):
                raw = entry.strip("~.")
                yield Word(fold(raw), of, entry.endswith("."), entry.startswith("~"), raw, language)


def _form(table: Mapping[str, object], known: set[str]) -> Form:
    every = table["all"]
    groups = tuple(_classes(one, known) for one in every) if isinstance(every, list) else ()
    kind = table["kind"]
    if kind not in get_args(FurnitureKind):
        raise ValueError(f"no kind of furniture is called {kind!r}")
    own = table.get("own", [])
    return Form(
        kind=kind,  # type: ignore[arg-type]
        all=groups,
        edge=_classes(table.get("edge", ""), known),
        own=tuple(name for one in own for name in _classes(one, known))
        if isinstance(own, list)
        else (),
        rare=_classes(table.get("rare", ""), known),
        words=int(str(table.get("words", 24))),
        label=bool(table.get("label")),
        at_edge=table.get("place") == "edge",
    )


def _classes(names: object, known: set[str]) -> tuple[str, ...]:
    listed = tuple(name for name in str(names).split("+") if name)
    if unknown := set(listed) - known:
        raise ValueError(f"no class of words is called {min(unknown)!r}")
    return listed


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Return the grammar that newsqa ships."""
    text = (files("newsqa") / "data" / "appeals.toml").read_text("utf-8")
    return build_grammar(tomllib.loads(text))


@lru_cache(maxsize=4096)
def is_header(line: str) -> bool:
    """Return whether a folded line may head a block of other stories."""
    return vocabulary().is_header(line) or grammar().is_header(line)


def kind_by_form(line: Line, *, at_edge: bool) -> FurnitureKind | None:
    """Return the kind of a line that the forms tell, or None.

    Args:
        line: The line.
        at_edge: It stands above the article or among the last lines.
    """
    if not line.key or line.text[0] in "\"'“„«»「『":
        return None
    known = grammar()
    for form in known.forms:
        if form.label and _is_labelled(form, line):
            return form.kind
    if len(line.key) > LONGEST_APPEAL or not known.may_fit(line.key):
        return None
    found = known.classes(line.key)
    if len(found) < 2 and "role" not in found and "soon" not in found:
        return None
    for form in known.forms:
        if form.kind != "related" and (at_edge or not form.at_edge) and _fits(form, line, found):
            return form.kind
    return None


def _fits(form: Form, line: Line, found: Mapping[str, list[Found]]) -> bool:
    if form.label or len(line.key) > LONGEST[form.kind] or line.words > form.words:
        return False
    if not all(any(of in found for of in one) for one in form.all):
        return False
    if form.at_edge:
        return _names_role(line)
    ends = bool(_STOP.search(line.text))
    if ends and (_QUOTE.search(line.text) or (form.own and not _speaks(form, found))):
        return False
    return not form.edge or _at_edge(
        line.key, [spot for of in form.edge for spot in found.get(of, ())], ends=ends
    )


def _speaks(form: Form, found: Mapping[str, list[Found]]) -> bool:
    return any(of in found for of in form.own)


def _at_edge(key: str, spots: Sequence[Found], *, ends: bool) -> bool:
    """Return whether one of some words begins a sentence, or ends it where it has no full stop."""
    first = 0
    for last, behind in [*((m.start(), m.end()) for m in _SENTENCE.finditer(key)), (len(key), 0)]:
        begin = _behind_polite(key, first, last)
        for spot in spots:
            if first <= spot.start <= begin:
                return True
            if not ends and first <= spot.start < last and last - spot.end <= NEAR_END:
                return True
        first = behind
    return False


def _behind_polite(key: str, first: int, last: int) -> int:
    """Return where a sentence's first word stands that is more than `please` or `click here to`."""
    for match in _WORD.finditer(key, first, last):
        if match[0] not in POLITE:
            return match.start()
    return first


def _is_labelled(form: Form, line: Line) -> bool:
    """Return whether a label such as `See also` stands before a headline."""
    match = _LABEL.match(line.text)
    if not match or _STOP.search(line.text) or len(match[1].split()) > form.words:
        return False
    if len(match[2]) < SHORTEST_LINK / 2 or match[2][0].islower() or line.weight < SHORTEST_LINK:
        return False
    found = grammar().classes(fold(match[1]))
    return all(any(of in found for of in one) for one in form.all)


def _names_role(line: Line) -> bool:
    """Return whether a line is a name and what its bearer does: `Ann Example, Rome Correspondent`.

    Headlines and sentences have no name of their own before or behind a sign.
    """
    parts = [part for part in _NAME_END.split(line.text) if part]
    if not 2 <= len(parts) <= 3 or line.is_ended or any(map(str.isdigit, line.text)):
        return False
    names = [part for part in parts if _is_name(part)]
    roles = [part for part in parts if "role" in grammar().classes(fold(part))]
    return bool(names and roles) and any(name not in roles for name in names)


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)
