"""The table of record formats, `newsqa/data/formats.toml`, and how keys and paths are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEPARATORS = re.compile(r"[\s._-]+")
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


@lru_cache(maxsize=16384)
def folded(key: str) -> str:
    """Return a key without case, accents and separators: names that look alike are one."""
    plain = unicodedata.normalize("NFKD", key.casefold().replace("ı", "i"))
    return _SEPARATORS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True)
class Path:
    """A path into a record: a key, or a key and steps into objects and lists.

    Args:
        text: The path as written, such as `bodies[role=main].value`.
        top: Folded first key.
        whole: Folded path, as the key of a flattened record.
        steps: Steps behind the first key: names of objects' keys, or selectors in brackets.
    """

    text: str
    top: str
    whole: str
    steps: tuple[str, ...]

    def follow(self, value: Any) -> Any:
        """Return what the steps lead to from the value of the first key; None where nothing is."""
        return _follow(value, self.steps)


@lru_cache(maxsize=4096)
def path_of(text: str) -> Path:
    """Return a path as written in the table or in the configuration."""
    steps = [name or f"[{selector}]" for name, selector in _STEP.findall(text)]
    head, *rest = steps or [text]
    return Path(text, folded(head), folded(re.sub(r"\[[^\]]*\]", "", text)), tuple(rest))


def _follow(value: Any, steps: tuple[str, ...]) -> Any:
    for place, step in enumerate(steps):
        if value is None:
            return None
        if step == "[]":
            parts = value if isinstance(value, list) else [value]
            return [_follow(part, steps[place + 1 :]) for part in parts]
        value = _selected(value, step[1:-1]) if step.startswith("[") else _child(value, step)
    return value


def _selected(value: Any, selector: str) -> Any:
    """Return the element of a list that a selector names: its number, or `key=value`."""
    parts = value if isinstance(value, list) else [value]
    if selector.isdecimal():
        return parts[int(selector)] if int(selector) < len(parts) else None
    key, _, wanted = selector.partition("=")
    return next((p for p in parts if str(_child(p, key)).casefold() == wanted), None)


def _child(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    wanted = folded(name)
    return next((v for k, v in value.items() if folded(str(k)) == wanted), None)


@dataclass(frozen=True)
class Format:
    """How one tool or service names the fields of its records.

    Args:
        name: Name of the tool or service; `plain` for records of no known format.
        keys: Sets of folded keys; a record with all of one set is of this format.
        fields: Canonical field -> paths, best first.
        optional: Fields that records may lack although the format has them.
        ignore: Folded keys that single names must not match.
        day_first: How numeric dates are written, where the format fixes it.
        html: Fields that the format defines as HTML; their text is read.
    """

    name: str
    fields: Mapping[str, tuple[Path, ...]]
    keys: tuple[frozenset[str], ...] = ()
    optional: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    day_first: bool | None = None
    html: frozenset[str] = frozenset()

    @property
    def declared(self) -> frozenset[str]:
        """Fields that every record of this format should have."""
        return frozenset(self.fields) - self.optional


@dataclass(frozen=True)
class Table:
    """A table without a header line: its columns, and where URL and host name stand."""

    name: str
    columns: tuple[str, ...]
    url: int
    host: int | None = None


@dataclass(frozen=True)
class Formats:
    """The whole table.

    Args:
        known: Formats of tools and services.
        plain: Single names, for records of none of them.
        tables: Tables without a header line.
        spread: Keys of objects, in lower case, whose keys count as keys of the record.
        names: Folded names of all fields.
        skip_names: Names of files that are no data, in lower case.
        skip_suffixes: Endings of such names.
    """

    known: tuple[Format, ...]
    plain: Format
    tables: tuple[Table, ...]
    spread: frozenset[str]
    names: frozenset[str]
    skip_names: frozenset[str]
    skip_suffixes: frozenset[str]


@lru_cache(maxsize=1)
def load_formats() -> Formats:
    """Return the formats of the table."""
    data = tomllib.loads((files("newsqa") / "data" / "formats.toml").read_text("utf-8"))
    spread = frozenset(data["plain"].pop("spread"))
    plain = Format("plain", _paths(data["plain"]), optional=frozenset(data["plain"]))
    known = tuple(_format(entry) for entry in data["format"])
    tables = tuple(
        Table(t["name"], tuple(t["columns"]), t["url"], t.get("host")) for t in data["table"]
    )
    names = {path.whole for f in (plain, *known) for paths in f.fields.values() for path in paths}
    skip = data["skip"]
    return Formats(
        known,
        plain,
        tables,
        spread,
        frozenset(names),
        frozenset(skip["names"]),
        frozenset(skip["suffixes"]),
    )


def _format(entry: Mapping[str, Any]) -> Format:
    return Format(
        name=entry["name"],
        fields=_paths(entry["fields"]),
        keys=tuple(frozenset(map(folded, keys)) for keys in entry["keys"]),
        optional=frozenset(entry.get("optional", ())),
        html=frozenset(entry.get("html", ())),
        ignore=frozenset(map(folded, entry.get("ignore", ()))),
        day_first=entry.get("day_first"),
    )


def _paths(table: Mapping[str, Iterable[str]]) -> dict[str, tuple[Path, ...]]:
    return {name: tuple(map(path_of, paths)) for name, paths in table.items()}
