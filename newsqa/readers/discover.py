"""The files that paths, folders and globs name.

In a folder, what cannot be data by its name is passed over and listed: hidden files, newsqa's own
files, documents, pages, program code, media and the usual files of projects. Everything else is
opened. The same holds for a glob that leaves the ending open (`data/*`). A file that is named is
opened whatever it is called.
"""

# A folder may hold 100,000 files, and to make a Path of each takes as long as to read it.
# ruff: noqa: PTH110, PTH113, PTH114, PTH118, PTH119, PTH120, PTH207
from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from glob import glob
from os import walk
from os.path import basename, dirname, exists, isfile, islink, join, realpath
from pathlib import Path
from typing import TYPE_CHECKING

from newsqa.errors import UsageError
from newsqa.readers.columns import is_url
from newsqa.readers.formats import load_formats
from newsqa.readers.streams import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"

_OWN_FOLDERS = frozenset({"__pycache__", "node_modules"})
_CACHE_TAG = "CACHEDIR.TAG"


@dataclass(frozen=True)
class InputFile:
    """One file to read, or a stretch of one.

    Args:
        path: As shown to the user: as named, or folder as named and the way from there.
        named: Whether it was named itself, not found in a folder.
        at: Where its bytes are, if not at the path: those of standard input are kept in a file.
        start: Where the stretch begins: a byte of JSON lines, a row of a table, from 0.
        end: Where the next one begins; None where the file ends.
        line: 1-based line that begins at `start`.
    """

    path: str
    named: bool
    at: str = ""
    start: int = 0
    end: int | None = None
    line: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the file."""
        return self.start == 0 and self.end is None

    @property
    def place(self) -> str:
        """Where its bytes are."""
        return self.at or self.path

    @property
    def suffix(self) -> str:
        """Ending of the name in lower case, without that of a compression."""
        name = basename(self.path).casefold()
        for ending in SUFFIXES:
            name = name.removesuffix(ending)
        return _suffix(name)

    @property
    def folder(self) -> str:
        """Folder that it is in."""
        return _plain(dirname(self.path))


@lru_cache(maxsize=1024)
def _plain(folder: str) -> str:
    return str(Path(folder))


@lru_cache(maxsize=1024)
def _real_folder(folder: str) -> str:
    return realpath(folder)


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""


@dataclass(frozen=True)
class Skipped:
    """A file that was passed over, and why."""

    path: str
    reason: str


def find_inputs(
    paths: Sequence[str | Path], exclude: Sequence[str] = ()
) -> tuple[list[InputFile], list[Skipped]]:
    """Return the files to read, sorted by path, each once, and those passed over.

    Args:
        paths: Files, folders, globs, URLs, and `-` for standard input.
        exclude: Globs of files to leave out; they are matched against the path, the way from the
            folder and the name.

    Raises:
        UsageError: A path does not exist, or a glob matches nothing.
    """
    _real_folder.cache_clear()  # links and the working directory may have changed
    found: dict[str, InputFile] = {}
    skipped: list[Skipped] = []
    for path in map(str, paths):
        for file in _expanded(path, skipped):
            if not _is_excluded(file.path, path, exclude):
                identity = _identity(file.path)
                known = found.get(identity)
                if known is None or (file.named and not known.named):
                    found[identity] = file
    return sorted(found.values(), key=lambda file: file.path), skipped


def _identity(path: str) -> str:
    """Return what is equal for two paths to one file, written otherwise or through a link."""
    if path == STDIN or is_url(path):
        return path
    return realpath(path) if islink(path) else join(_real_folder(dirname(path)), basename(path))


def _expanded(path: str, skipped: list[Skipped]) -> Iterator[InputFile]:
    if path == STDIN or is_url(path):
        yield InputFile(path, named=True)
    elif Path(path).is_dir():
        yield from _in_folder(path, skipped)
    elif Path(path).is_file():
        yield InputFile(path, named=True)
    elif Path(path).exists():
        raise UsageError(f"{path} is a pipe or device", hint=f"newsqa check - < {path}")
    elif any(mark in path for mark in "*?["):
        matches = sorted(glob(path, recursive=True))
        if not matches:
            raise UsageError(f"no file matches {path}", hint="quote the glob and check the folder")
        chosen = Path(path).suffix.strip(".*?") != ""
        for match in matches:
            if Path(match).is_dir():
                yield from _in_folder(match, skipped)
            elif chosen:
                yield from _unless_pipe(match, skipped)
            else:
                yield from _unless_no_data(str(Path(match)), Path(match).name, skipped)
    else:
        raise UsageError(f"{path} does not exist", hint="check the path")


def _in_folder(folder: str, skipped: list[Skipped]) -> Iterator[InputFile]:
    closed: list[str] = []
    for parent, folders, names in walk(folder, onerror=lambda error: closed.append(error.filename)):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _OWN_FOLDERS)
        shown = _plain(parent)
        if _CACHE_TAG in names and _is_own_cache(parent):
            skipped.append(Skipped(shown, "the cache of newsqa"))
            folders.clear()
            continue
        for name in sorted(names):
            path = name if shown == "." else join(shown, name)
            yield from _unless_no_data(path, name, skipped)
    # Opening it fails as listing it did: an unreadable file, instead of silence.
    yield from (InputFile(path, named=True) for path in closed)


def _is_own_cache(folder: str) -> bool:
    """Return whether a folder with a tag holds results of newsqa, not anybody's data."""
    try:
        return b"newsqa" in Path(folder, _CACHE_TAG).read_bytes()
    except OSError:
        return False


def _unless_no_data(path: str, name: str, skipped: list[Skipped]) -> Iterator[InputFile]:
    reason = why_no_data(name)
    if reason:
        skipped.append(Skipped(path, reason))
    else:
        yield from _unless_pipe(path, skipped, named=False)


def _unless_pipe(path: str, skipped: list[Skipped], *, named: bool = True) -> Iterator[InputFile]:
    """Yield a file, also one that a broken link promises; a pipe would be waited for."""
    if isfile(path) or not exists(path):
        yield InputFile(path, named=named)
    else:
        skipped.append(Skipped(path, "no regular file"))


def why_no_data(name: str) -> str:
    """Return why a file in a folder cannot be data by its name; empty where it can."""
    if name.startswith((".", "~")):
        return "hidden"
    lowered = name.casefold()
    formats = load_formats()
    if lowered in formats.skip_names or _suffix(lowered) in formats.skip_suffixes:
        return "no data by its name"
    return ""


def _is_excluded(path: str, root: str, exclude: Sequence[str]) -> bool:
    if not exclude:
        return False
    posix = Path(path).as_posix()
    forms = {posix, posix.removeprefix(Path(root).as_posix()).lstrip("/"), Path(path).name}
    return any(fnmatch(form, pattern) for pattern in exclude for form in forms)
