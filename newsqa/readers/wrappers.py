"""Objects around records: answers of news services, and articles by publisher or identifier."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsqa.readers.formats import folded, load_formats

if TYPE_CHECKING:
    from collections.abc import Iterable

# Keys under which services and tools put their list of records.
_LISTS = frozenset(
    {"articles", "article", "posts", "data", "objects", "items", "results", "entries", "documents"}
    | {"docs", "records", "news", "stories", "hits", "rows", "edges", "value", "output"}
    | {"response", "newsresults", "organicresults"}
    | {"haberler", "artikel", "noticias", "notizie", "новости"}
)
_MOST_KEYS = 100_000


class Element(NamedTuple):
    """One wrapped value, and the keys that lead to it."""

    place: tuple[str, ...]
    value: Any


def elements_of(value: dict[str, Any]) -> list[Element] | None:
    """Return what an object wraps, or None where it is a record itself.

    An object with an article text is a record. Otherwise a list of objects under one of the usual
    keys, at most two levels down, is a list of records; so is an object of which every value is a
    list of objects, or an object that looks like a record; so is a table written column by column.
    """
    if not value or has_text(value):
        return None
    if isinstance(next(iter(value.values())), (dict, list)):
        columns = _by_column(value)
        if columns is not None:
            return columns
    if not _may_wrap(tuple(value)):
        return None
    for key, part in value.items():
        found = _of_graph(part) if key == "@graph" else None
        if found is None and folded(key) in _LISTS:
            found = _listed((key,), part)
        if found is not None:
            return found
    return None if _is_record(value) else _by_key(value)


def _of_graph(part: Any) -> list[Element] | None:
    """Return the articles of a JSON-LD graph, which also holds their site and their authors."""
    nodes = part if isinstance(part, list) else []
    found = [Element(("@graph",), node) for node in nodes if _is_article(node)]
    return found or None


def _is_article(node: Any) -> bool:
    """Return whether a node of a JSON-LD graph says that it is an article."""
    if not isinstance(node, dict):
        return False
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(n, str) and n.endswith(("Article", "BlogPosting")) for n in names)


def opens_list(key: str) -> bool:
    """Return whether the objects listed under a key are records, as far as its name says."""
    return folded(key) in _LISTS


@lru_cache(maxsize=4096)
def _may_wrap(keys: tuple[str, ...]) -> bool:
    """Return whether keys can be those of a wrapper; false for those of most records."""
    names = {folded(key) for key in keys}
    news = _fields("title", "body", "published", "url")
    return bool(names & _LISTS) or not names & news


@lru_cache(maxsize=64)
def _fields(*fields: str) -> frozenset[str]:
    formats = load_formats()
    tables = [formats.plain.fields, *(form.fields for form in formats.known)]
    return frozenset(p.whole for table in tables for name in fields for p in table.get(name, ()))


def may_wrap_texts(keys: Iterable[str]) -> bool:
    """Return whether an object could wrap something of which all values are text or lists of text.

    Args:
        keys: Keys whose values may be lists.
    """
    names = {folded(key) for key in keys}
    return bool(names & (_LISTS | _fields("title", "body")))


def has_text(value: dict[str, Any]) -> bool:
    """Return whether an object has an article text, so that it is a record and wraps none."""
    for key in text_keys(tuple(value)):  # noqa: SIM110  asked of every record
        if isinstance(value[key], str):
            return True
    return False


@lru_cache(maxsize=4096)
def text_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that an article text may stand under."""
    names = _fields("body")
    return tuple(key for key in keys if folded(key) in names)


def _is_record(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    names = {folded(key) for key in list(value)[:200]}
    return bool(names & _fields("title")) or bool(names & _fields("body"))


def _listed(place: tuple[str, ...], part: Any) -> list[Element] | None:
    if isinstance(part, list):
        if all(isinstance(element, dict) for element in part[:1]):
            return [Element(place, element) for element in part]
    elif isinstance(part, dict) and len(place) < 2 and not _is_record(part):
        for key, inner in part.items():
            if folded(key) in _LISTS:
                found = _listed((*place, key), inner)
                if found is not None:
                    return found
    return None


def _by_column(value: dict[str, Any]) -> list[Element] | None:
    """Return the rows of a table that pandas wrote by columns: `{"title": {"0": ...}, ...}`."""
    if len(value) < 2 or not _is_record(value):
        return None
    columns = list(value.values())
    if all(isinstance(column, dict) for column in columns):
        rows = list(columns[0])
        if not rows or any(list(column) != rows for column in columns):
            return None
    elif all(isinstance(column, list) for column in columns):
        rows = list(range(len(columns[0])))
        if len(rows) < 2 or any(len(column) != len(rows) for column in columns):
            return None
    else:
        return None
    return [Element((), {key: column[row] for key, column in value.items()}) for row in rows]


def _by_key(value: dict[str, Any]) -> list[Element] | None:
    parts = list(value.values())
    if not parts or len(parts) > _MOST_KEYS:
        return None
    if all(isinstance(part, list) for part in parts):
        elements = [Element((key,), e) for key, part in value.items() for e in part]
        return elements if elements and all(_is_record(e.value) for e in elements[:20]) else None
    if all(_is_record(part) for part in parts):
        return [Element((key,), part) for key, part in value.items()]
    return None
