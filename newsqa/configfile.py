"""Writing into a configuration file: an entry is added at its end, and nothing else is touched."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from newsqa.config import load_config
from newsqa.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from newsqa.config import Suppression

_BY_HAND = "add the entry by hand: [[suppress]] with fingerprint or rule, reason and expires"


def add_suppression(path: Path, entry: Suppression) -> None:
    """Add a `[[suppress]]` to the end of a configuration file; comments and layout stay.

    Args:
        path: `newsqa.toml` or `pyproject.toml`; made where it does not exist.
        entry: What is accepted, and why.

    Raises:
        ConfigError: The file is faulty, or cannot take the entry, for instance since it has its
            suppressions in one line as `suppress = [...]`.
        UsageError: The same finding is suppressed already.
    """
    text = ""
    if path.exists():
        known = load_config(path).suppress
        if any(_means_the_same(item, entry) for item in known):
            raise UsageError(
                "it is suppressed already", where=str(path), hint="change that entry by hand"
            )
        text = path.read_bytes().decode("utf-8")
    line_end = "\r\n" if "\r\n" in text else "\n"
    table = "tool.newsqa.suppress" if path.name == "pyproject.toml" else "suppress"
    lines = [f"[[{table}]]", *(f"{key} = {value}" for key, value in _values(entry))]
    gap = "" if not text else line_end if text.endswith("\n") else 2 * line_end
    added = text + gap + line_end.join(lines) + line_end
    _replace(path.resolve(), added)


def _means_the_same(one: Suppression, other: Suppression) -> bool:
    if other.fingerprint is not None:
        return one.fingerprint == other.fingerprint
    return one.fingerprint is None and (one.rule, one.source) == (other.rule, other.source)


def _values(entry: Suppression) -> list[tuple[str, str]]:
    stated = entry.model_dump(exclude_none=True)
    return [
        (key, _quoted(value) if isinstance(value, str) else value.isoformat())
        for key, value in stated.items()
    ]


def _quoted(text: str) -> str:
    """Return a TOML basic string; its escapes are those of JSON, and DEL is escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, text: str) -> None:
    """Write the file in one step, after reading the text back as a configuration."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise ConfigError("the file cannot take it", where=str(path), hint=_BY_HAND) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".newsqa-") as folder:
        draft = Path(folder, path.name)
        draft.write_bytes(text.encode("utf-8"))
        draft.chmod(mode)
        load_config(draft)
        os.replace(draft, path)  # noqa: PTH105  the file is a path already
