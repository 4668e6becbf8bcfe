"""Values of records as canonical fields hold them: text, lists of names, names of outlets.

Nothing is lost and nothing is cleaned: only structure is flattened.
"""

from __future__ import annotations

import ast
import json
import math
import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from newsqa.text.urls import registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAGRAPH = "\n\n"

# Keys of objects that only give text a structure (Fundus bodies, paragraph blocks, ninjs).
_TEXT_KEYS = ("summary", "headline", "title", "text", "value", "paragraphs", "sections", "content")
_TEXT_MARKS = frozenset({"type", "role", "contenttype", "language", "id", "charcount", "wordcount"})
_NAME_KEYS = ("name", "full_name", "fullname", "title", "nameraw", "domain", "uri", "url", "href")
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}:)?//(?:[^/?#@\s]*@)?(\[[\da-f:.]+\]|[^/?#:\s\\\[\]]+)",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}\.?(?=[:/?#]|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DEEPEST = 50
_LONGEST_LIST = 2000
_LONGEST_NAMES = 5000
_LONGEST_OUTLET = 300


def as_text(value: Any) -> str | None:
    """Return a value as text; null where it holds nothing but white space.

    Lists of paragraphs are joined by empty lines, objects that only give text a structure are
    flattened in the same way, and every other object becomes JSON text.
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    value = _unwrapped(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, (dict, list, tuple)):
        parts = list(_leaves(value, 0)) if _is_structure(value, 0) else [as_json(value)]
        return as_text(PARAGRAPH.join(parts))
    return as_text(str(value))


def as_json(value: Any) -> str:
    """Return JSON text of any value; what JSON does not know becomes text."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError, RecursionError):
        try:
            return json.dumps(value, default=str, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError):
            return f"<{type(value).__name__}>"


def without_surrogates(text: str) -> str:
    """Return text with lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def _unwrapped(value: Any) -> Any:
    """Return what MongoDB's extended JSON wraps: `{"$oid": ...}`, `{"$date": ...}`."""
    while isinstance(value, dict) and len(value) == 1:
        (key,) = value
        if not (isinstance(key, str) and key.startswith("$")):
            break
        value = value[key]
    return value


def _is_structure(value: Any, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        keys = {str(key).casefold() for key in value}
        return bool(keys & set(_TEXT_KEYS)) and all(
            folded in _TEXT_MARKS or (folded in _TEXT_KEYS and _is_structure(part, depth + 1))
            for folded, part in ((str(key).casefold(), part) for key, part in value.items())
        )
    if isinstance(value, (list, tuple)):
        return all(_is_structure(part, depth + 1) for part in value)
    return True


def _leaves(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if str(key).casefold() in _TEXT_KEYS:
                yield from _leaves(part, depth + 1)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part, depth + 1)
    else:
        text = as_text(value)
        if text is not None:
            yield text


def as_raw_instant(value: Any) -> Any:
    """Return the value of a date field: its text, or the number, list or date that it is."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    value = _unwrapped(value)
    if isinstance(value, dict):
        return as_text(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (list, tuple)):
        return _list_of_instant(list(value))
    return value


def _list_of_instant(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return as_raw_instant(parts[0])
    return parts or None


def as_names(value: Any) -> list[str] | None:
    """Return the names in a value; null where there is none.

    Text is split at semicolons, at commas between full names and at a last "and"; when in doubt it
    stays whole, for half a name is worse than two in one.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        names = _split_names(value)
    elif isinstance(value, (list, tuple)):
        names = [name for part in value[:_LONGEST_LIST] if (name := name_of(part)) is not None]
    else:
        name = name_of(value)
        names = [] if name is None else [name]
    return names or None


def name_of(value: Any) -> str | None:
    """Return the name of a person or outlet given as text or as an object with a name."""
    if isinstance(value, dict):
        folded = {str(key).casefold(): part for key, part in value.items()}
        for key in _NAME_KEYS:
            name = folded.get(key)
            if isinstance(name, (str, int)) and (text := as_text(name)) is not None:
                return text
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return name_of(value[0])
    return as_text(value)


def _split_names(text: str) -> list[str]:
    text = text.strip()
    if len(text) > _LONGEST_NAMES:
        return [text]
    if text.startswith("[") and text.endswith("]"):
        listed = _listed(text)
        if listed is not None:
            return [name for part in listed if (name := name_of(part)) is not None]
    for mark in (";", "|"):
        if mark in text:
            return [name for part in text.split(mark) if (name := part.strip())]
    parts = [part.strip() for part in re.split(r",\s+(?:and\s+)?|\s+and\s+", text)]
    if len(parts) > 1 and all(_is_full_name(part) for part in parts):
        return parts
    return [text] if text else []


def _is_full_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(w[:1].isupper() and "." not in w[2:] for w in words)


def _listed(text: str) -> list[Any] | None:
    """Return the list that a text writes out in JSON or in Python."""
    for read in (orjson.loads, ast.literal_eval):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # stray backslashes in scraped text
                value = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, list):
            return value
    return None


@lru_cache(maxsize=65536)
def _site(host: str) -> str:
    """Return the registered domain of a host name, or the host itself where it has none."""
    return registered_domain(host) or host.strip(".").casefold()


def domain_of_url(url: str | None) -> str | None:
    """Return the registered domain of a URL, or None where it names no host."""
    match = _HOST.match(url.strip()) if url else None
    return _site(match[1]) if match else None


def outlet_of(text: str) -> str:
    """Return an outlet as a record names it; of URLs and host names the registered domain."""
    name = text.strip()
    return _outlet(name) if len(name) <= _LONGEST_OUTLET else name


@lru_cache(maxsize=65536)
def _outlet(name: str) -> str:
    match = _HOST.match(name)
    if match:
        return _site(match[1])
    bare = _BARE_HOST.match(name)
    if bare and " " not in name and registered_domain(bare[0], unknown=name.islower()):
        return _site(bare[0])
    return name
