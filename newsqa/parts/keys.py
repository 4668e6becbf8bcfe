"""What tells parts apart whose results differ: their content, the rules, and the program itself."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import unicodedata
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsqa import __version__
from newsqa.readers.columns import is_url
from newsqa.readers.containers import beside_dumps
from newsqa.readers.cut import PART_BYTES
from newsqa.readers.sniff import NEVER_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsqa.parts.work import Job
    from newsqa.readers.cut import Part
    from newsqa.readers.discover import InputFile

_CHUNK = 1 << 16
_State = tuple[int, int, int]
_RULES = ("validators/", "expectations/")


class PartKeys:
    """Names of the results of parts: equal names mean equal results, but for the time of a run.

    Args:
        job: What is done with the parts.
    """

    def __init__(self, job: Job) -> None:
        self._job = job_digest(job)
        self._keys: dict[int, str | None] = {}
        self._states: dict[int, list[_State | None]] = {}
        self._files: dict[tuple[str, int | None], str] = {}

    def of(self, part: Part) -> str | None:
        """Return the name of a part's result; None where its content is unknown, as of a URL."""
        if part.number not in self._keys:
            self._states[part.number] = []
            self._keys[part.number] = self._key(part)
        return self._keys[part.number]

    def still_hold(self, part: Part) -> bool:
        """Return whether the content of a part is what it was when it got its name."""
        before = self._states.pop(part.number, None)
        if before == [_state(file) for file in part.files]:
            return True
        self._files.clear()
        return self._key(part) == self._keys[part.number]

    def forget_state(self, part: Part) -> None:
        """Forget what tells whether the content of a part has changed."""
        self._states.pop(part.number, None)

    def _key(self, part: Part) -> str | None:
        told = [self._job.encode(), json.dumps([asdict(s) for s in part.shared]).encode()]
        try:
            for file in part.files:
                if is_url(file.place):
                    return None
                if part.number in self._states:
                    self._states[part.number].append(_state(file))
                place = (file.path, file.named, file.start, file.line, *self._content(file))
                told.append(json.dumps(place).encode())
        except (OSError, ValueError):
            return None
        return _hashed(told)

    def _content(self, file: InputFile) -> tuple[str, ...]:
        """Return digests of what a file or stretch says, and of what decides how it is read."""
        if file.is_whole:
            may_be_text = not file.named and file.suffix not in NEVER_TEXT
            beside = may_be_text and beside_dumps(file.folder, file.suffix)
            return _digest(file.place, 0, None), "a page" if beside else ""
        with Path(file.place).open("rb") as raw:
            if raw.read(4) == b"PAR1":
                return self._known(file.place, None), str(file.end)
        return _digest(file.place, file.start, file.end), self._known(file.place, 2 * PART_BYTES)

    def _known(self, path: str, end: int | None) -> str:
        if (path, end) not in self._files:
            self._files[path, end] = _digest(path, 0, end)
        return self._files[path, end]


def _state(file: InputFile) -> _State | None:
    """Return what changes when a file is written to."""
    try:
        state = os.stat(file.place)  # noqa: PTH116  of many files
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino


def job_digest(job: Job) -> str:
    """Return what tells jobs apart whose results differ, their time aside."""
    # Where a rule stands in a file says nothing; comments move it.
    rules = [
        (asdict(a.rule) | {"origin": ""}, a.severity, a.check.model_dump(mode="json"))
        for a in job.plan.active
    ]
    selection = (job.selection.sources, str(job.selection.since))
    counted = [(expectation.type, dict(expectation.kwargs)) for expectation in job.counted]
    told = (
        program(), rules, dict(job.fields), selection, job.columns, counted, dict(job.limits),
    )  # fmt: skip
    return _hashed([json.dumps(told, sort_keys=True, default=str).encode()])


@lru_cache(maxsize=1)
def program() -> dict[str, str]:
    """Return what tells states of the program apart: what it is run with, and its code."""
    contents = sorted(_contents(files("newsqa"), ""))
    # Rules are told as those of a job, and a checkout has them elsewhere.
    contents = [told for told in contents if not told[0].startswith(_RULES)]
    return {
        "newsqa": __version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Unicode": unicodedata.unidata_version,
        **dict(_versions()),
        "code": _hashed([part for name, content in contents for part in (name.encode(), content)]),
    }


def _versions() -> Iterator[tuple[str, str]]:
    """Yield the versions of the libraries that are at work."""
    with suppress(PackageNotFoundError):
        for wanted in requires("newsqa") or ():
            name = re.split(r"[^\w.-]", wanted)[0]
            with suppress(PackageNotFoundError):
                if "extra ==" not in wanted:
                    yield name, version(name)


def _contents(folder: Any, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _contents(item, f"{path}{item.name}/")
        elif not item.name.endswith(".pyc"):
            yield path + item.name, item.read_bytes()


def _digest(path: str, start: int, end: int | None) -> str:
    digest = hashlib.blake2b(digest_size=20)
    with open(path, "rb", buffering=0) as raw:  # noqa: PTH123  of many files
        raw.seek(start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = raw.read(_CHUNK if left is None else min(_CHUNK, left))
            if not chunk:
                break
            digest.update(chunk)
            left = None if left is None else left - len(chunk)
    return digest.hexdigest()


def _hashed(pieces: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()
