"""Field mapping: which key of a record is which canonical field.

The format is recognised for a file as a whole, from its first records; the keys of every single
record are then matched against it, so that a record which lacks a key, or has another one, is
still read. A key is never read twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsqa.readers.formats import Format, Path, folded, load_formats, path_of
from newsqa.readers.htmltext import text_of_html
from newsqa.record import FIELD_NAMES, provides_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Getter = Callable[[dict[str, Any]], Any]

SAMPLE = 1000
"""Records from which a file's format and fields are recognised; fixed, whatever the batch size."""

# Fields in the order in which they may claim a key.
_CLAIMS = (
    "title",
    "body",
    "published",
    "modified",
    "crawled",
    "url",
    "source",
    "summary",
    "section",
    "authors",
    "language",
    "dateline",
    "id",
)
_ENOUGH = 0.2
_MOST_PLANS = 2000


@dataclass(frozen=True)
class Plan:
    """How records with one set of keys are read.

    Args:
        getters: A key, a function of the record or None, one a field in the order of `FIELD_NAMES`.
        labels: Canonical field -> path that it is read from.
        used: Keys that are read.
    """

    getters: tuple[str | Getter | None, ...]
    labels: dict[str, str]
    used: frozenset[str]


@dataclass(frozen=True)
class Learnt:
    """What a mapper has learnt from a sample; plain data, for any process.

    Args:
        format: Name of the format.
        spread: Keys of objects whose keys count as keys of the record.
        labels: Canonical field and path that it is read from.
        unmapped: Keys that no field is read from.
        provides: Mask of the fields that are provided.
    """

    format: str
    spread: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    unmapped: tuple[str, ...]
    provides: int


class Mapper:
    """Reads canonical fields from the records of one file.

    Args:
        form: Format of the file.
        fields: Paths of the configuration by canonical field; they come first.
        spread: Keys of objects whose keys count as keys of the record.
    """

    def __init__(
        self, form: Format, fields: Mapping[str, Sequence[Path]], spread: frozenset[str]
    ) -> None:
        self.format = form
        self.provides = 0
        self.labels: dict[str, str] = {}
        self.unmapped: list[str] = []
        self._fields = fields
        self._spread = spread
        self._html = [FIELD_NAMES.index(name) for name in sorted(form.html)]
        self._plans: dict[tuple[str, ...], Plan] = {}

    def values(self, record: dict[str, Any]) -> list[Any]:
        """Return one raw value a canonical field, in the order of `FIELD_NAMES`."""
        if self._spread:
            record = self._flat(record)
        keys = tuple(record)
        plan = self._plan_for(keys)
        values = [
            None if g is None else record[g] if g.__class__ is str else g(record)  # type: ignore[operator]
            for g in plan.getters
        ]
        for place in self._html:
            value = values[place]
            if isinstance(value, str):
                values[place] = text_of_html(value)
        return values

    def keys(self, keys: Sequence[str]) -> dict[str, str] | None:
        """Return the key of each field that is read from a record with certain keys.

        None where that takes more than the value of one key.
        """
        if self._spread:
            return None
        getters = self._plan_for(tuple(keys)).getters
        found = {n: g for n, g in zip(FIELD_NAMES, getters, strict=True) if isinstance(g, str)}
        alone = len(found) == sum(getter is not None for getter in getters)
        return found if alone and self.format.html.isdisjoint(found) else None

    def is_free(self, keys: Sequence[str]) -> bool:
        """Return whether a record that lacks some of certain keys is read from the others alike."""
        whole = self.keys(keys)
        return whole is not None and all(
            self.keys([k for k in keys if k != key]) == {n: k for n, k in whole.items() if k != key}
            for key in whole.values()
        )

    def learn(self, sample: Iterable[dict[str, Any]]) -> None:
        """Note which fields the file provides, from a sample of its records."""
        seen: dict[str, Counter[str]] = {}
        keys: dict[str, None] = {}
        used: set[str] = set()
        flats = (self._flat(record) if self._spread else record for record in sample)
        for alike, count in Counter(map(tuple, flats)).items():
            plan = self._plan_for(alike)
            keys |= dict.fromkeys(alike)
            used |= plan.used
            for name, label in plan.labels.items():
                seen.setdefault(name, Counter())[label] += count
        self.labels = {n: seen[n].most_common(1)[0][0] for n in FIELD_NAMES if n in seen}
        self.unmapped = [key for key in keys if key not in used]
        provided = set(seen) | self.format.declared | {"id"}
        if "url" in provided:
            provided.add("source")
        self.provides = provides_mask(provided)

    @property
    def learnt(self) -> Learnt:
        """What was learnt."""
        labels, unmapped = tuple(self.labels.items()), tuple(self.unmapped)
        return Learnt(
            self.format.name, tuple(sorted(self._spread)), labels, unmapped, self.provides
        )

    @property
    def is_news(self) -> bool:
        """Whether a headline or an article text is read at all."""
        return "title" in self.labels or "body" in self.labels

    def _flat(self, record: dict[str, Any]) -> dict[str, Any]:
        inner = [
            key for key, value in record.items() if isinstance(value, dict) and key in self._spread
        ]
        if not inner:
            return record
        flat: dict[str, Any] = {}
        for key in inner:
            flat |= record[key]
        return flat | {key: value for key, value in record.items() if key not in inner}

    def _plan_for(self, keys: tuple[str, ...]) -> Plan:
        plan = self._plans.get(keys)
        if plan is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            plan = self._plans[keys] = self._planned(keys)
        return plan

    def _planned(self, keys: tuple[str, ...]) -> Plan:
        by_name: dict[str, str] = {}
        for key in keys:
            by_name.setdefault(folded(key), key)
        taken: set[str] = set()
        chosen: dict[str, list[tuple[str, Path | None]]] = {}
        self._claim(self._fields, by_name, chosen, taken, every=True)
        if self.format.keys:
            self._claim(self.format.fields, by_name, chosen, taken, every=True)
        left = {name: key for name, key in by_name.items() if name not in self.format.ignore}
        used_tops = {key for places in chosen.values() for key, _ in places}
        left = {name: key for name, key in left.items() if key not in used_tops}
        self._claim(load_formats().plain.fields, left, chosen, taken, every=False)
        return _plan(chosen)

    @staticmethod
    def _claim(
        source: Mapping[str, Sequence[Path]],
        by_name: Mapping[str, str],
        chosen: dict[str, list[tuple[str, Path | None]]],
        taken: set[str],
        *,
        every: bool,
    ) -> None:
        """Give each field that has none yet its keys: every path that fits, or only the best."""
        for name in _CLAIMS:
            if name in chosen:
                continue
            places: list[tuple[str, Path | None]] = []
            for path in source.get(name, ()):
                place = _place(path, by_name)
                label = None if place is None else _label(*place)
                if place is None or label is None or label in taken:
                    continue
                taken.add(label)
                places.append(place)
                if not every:
                    break
            if places:
                chosen[name] = places


def _place(path: Path, by_name: Mapping[str, str]) -> tuple[str, Path | None] | None:
    if path.whole in by_name:
        return by_name[path.whole], None
    if path.steps and path.top in by_name:
        return by_name[path.top], path
    return None


def _label(key: str, path: Path | None) -> str:
    return key if path is None else key + path.text[len(path.text.split(".")[0].split("[")[0]) :]


def _plan(chosen: Mapping[str, list[tuple[str, Path | None]]]) -> Plan:
    getters: list[str | Getter | None] = []
    for name in FIELD_NAMES:
        places = chosen.get(name)
        if not places:
            getters.append(None)
        elif len(places) == 1 and places[0][1] is None:
            getters.append(places[0][0])
        else:
            getters.append(_first_of(places))
    labels = {name: _label(*places[0]) for name, places in chosen.items()}
    used = frozenset(key for places in chosen.values() for key, _ in places)
    return Plan(tuple(getters), labels, used)


def _first_of(places: list[tuple[str, Path | None]]) -> Getter:
    def first(record: dict[str, Any]) -> Any:
        for key, path in places:
            value = record[key] if path is None else path.follow(record[key])
            if value is not None and value not in ("", []):
                return value
        return None

    return first


def mapper_for(
    sample: Sequence[dict[str, Any]], fields: Mapping[str, Sequence[str]] | None = None
) -> Mapper:
    """Return a mapper for the file that a sample of records is from.

    Args:
        sample: Its first records, at most `SAMPLE` of them count.
        fields: Names to try first, by canonical field, as the configuration gives them.
    """
    sample = sample[:SAMPLE]
    form = recognise(sample)
    spread: frozenset[str] = frozenset()
    if form.name == "plain":
        names = load_formats().spread
        spread = frozenset(
            key
            for record in sample
            for key, value in record.items()
            if isinstance(value, dict) and key.casefold() in names
        )
    mapper = Mapper(form, _paths(fields), spread)
    mapper.learn(sample)
    return mapper


def mapper_of(learnt: Learnt, fields: Mapping[str, Sequence[str]] | None = None) -> Mapper:
    """Return the mapper that has learnt something already; `fields` are as for `mapper_for`."""
    formats = load_formats()
    known = {form.name: form for form in (formats.plain, *formats.known)}
    mapper = Mapper(known[learnt.format], _paths(fields), frozenset(learnt.spread))
    mapper.labels, mapper.unmapped = dict(learnt.labels), list(learnt.unmapped)
    mapper.provides = learnt.provides
    return mapper


def _paths(fields: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[Path, ...]]:
    return {name: tuple(map(path_of, names)) for name, names in (fields or {}).items()}


def recognise(sample: Sequence[dict[str, Any]]) -> Format:
    """Return the format that most records of a sample are of, or `plain`."""
    formats = load_formats()
    counts: Counter[str] = Counter()
    known: dict[frozenset[str], str | None] = {}
    for record in sample:
        names = key_names(record)
        if names not in known:
            found = (f.name for f in formats.known if any(keys <= names for keys in f.keys))
            known[names] = next(found, None)
        if (name := known[names]) is not None:
            counts[name] += 1
    if counts:
        name, count = counts.most_common(1)[0]
        if count >= _ENOUGH * len(sample):
            return next(f for f in formats.known if f.name == name)
    return formats.plain


def key_names(record: Mapping[str, Any]) -> frozenset[str]:
    """Return the folded keys of a record, and those of its objects behind their key."""
    inner: list[tuple[str, tuple[str, ...]]] = []
    for key, value in record.items():
        first = value[0] if value.__class__ is list and value else value
        if isinstance(first, dict) and len(first) < 100:
            inner.append((key, tuple(first)))
    return _folded_names(tuple(record), tuple(inner))


@lru_cache(maxsize=4096)
def _folded_names(
    keys: tuple[str, ...], inner: tuple[tuple[str, tuple[str, ...]], ...]
) -> frozenset[str]:
    names = {folded(key) for key in keys}
    return frozenset(names | {folded(f"{key}.{name}") for key, part in inner for name in part})
