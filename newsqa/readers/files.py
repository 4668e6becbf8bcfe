"""Files read in one pass: their entries, each with the mapper and the report of its file."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from newsqa.lanes import in_lane
from newsqa.readers.blocks import Lines, Rows, Shape, one_by_one
from newsqa.readers.build import Columns
from newsqa.readers.containers import NoRecords, open_entries
from newsqa.readers.mapping import SAMPLE, key_names, mapper_for, mapper_of
from newsqa.readers.model import FileReport, Problem, Raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from newsqa.readers.blocks import Block, Kinds
    from newsqa.readers.discover import InputFile
    from newsqa.readers.mapping import Learnt, Mapper
    from newsqa.readers.model import Entry

    Item = tuple[FileReport, Mapper, Entry | Columns]

_SAMPLE_BYTES = 32 << 20
_SHOWN_KEYS = 12
_AHEAD = 2
# Containers that scrapers write an article to, each to a file of its own.
_SINGLES = frozenset({"json", "jsonl", "xml", "dump"})


@dataclass(frozen=True)
class Shared:
    """What is learnt from the first single-record files of a folder for all of them.

    Args:
        folder: The folder.
        kind: Format of the records, or `no news`.
        learnt: What is learnt.
    """

    folder: str
    kind: str
    learnt: Learnt


class Pass:
    """One pass over files: entries with the mapper and the report of their file.

    Files that hold a single record each are taken together, folder by folder and format by format:
    a field that one of them lacks is missing there, not unknown to the scraper.

    Args:
        fields: Names to try first, by canonical field.
        shared: What is known of folders from files that may not be among these.
        in_columns: Whether records may come as columns; else they come one by one.
    """

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]] | None,
        shared: Sequence[Shared] = (),
        *,
        in_columns: bool = True,
    ) -> None:
        self._fields = fields
        self._in_columns = in_columns
        self.files: list[FileReport] = []
        self.skipped: list[tuple[str, str]] = []
        self._singles: list[tuple[FileReport, list[Entry], Raw]] = []
        self._held = 0
        self._shared = {(s.folder, s.kind): mapper_of(s.learnt, fields) for s in shared}
        self._kinds: dict[frozenset[str], str] = {}

    def items(self, files: Iterable[InputFile]) -> Iterator[Item]:
        """Yield every entry of every file; the reports are complete at the end."""
        folder = None
        for file in files:
            if folder is not None and file.folder != folder:
                yield from self._release(folder)
            folder = file.folder
            try:
                container, entries = open_entries(file)
            except NoRecords as reason:
                self.skipped.append((file.path, str(reason)))
                continue
            report = FileReport(file.path, container)
            if file.is_whole:
                yield from self._file(report, entries)
            else:
                self.files.append(report)
                yield from self._stretch(file, report, entries)
            if len(self._singles) >= SAMPLE or self._held >= _SAMPLE_BYTES:
                yield from self._release(folder)
        if folder is not None:
            yield from self._release(folder)

    def _file(self, report: FileReport, entries: Iterator[Entry | Block]) -> Iterator[Item]:
        self.files.append(report)
        head = _head(entries)
        if head.ended and len(head.sample) == 1 and report.container in _SINGLES:
            single = [entry for entry in head.entries if isinstance(entry, (Raw, Problem))]
            raw = next(entry for entry in single if isinstance(entry, Raw))
            self._singles.append((report, single, raw))
            self._held += raw.size
        else:
            mapper = mapper_for(head.sample, self._fields)
            yield from self._counted(report, mapper, chain(head.entries, entries), head.sample)

    def _stretch(
        self, file: InputFile, report: FileReport, entries: Iterator[Entry | Block]
    ) -> Iterator[Item]:
        """Yield the entries of a stretch with the mapper that the beginning of the file calls for.

        Where no record can be read there, it is its own beginning.
        """
        # The line would make it another one for each stretch.
        sample, mapper = _beginning(replace(file, start=0, end=None, line=1), self._fields)
        own = _Head([], [], ended=False)
        if not sample:
            own = _head(entries)
            sample, mapper = own.sample, mapper_for(own.sample, self._fields)
        yield from self._counted(report, mapper, chain(own.entries, entries), sample)

    def _release(self, folder: str) -> Iterator[Item]:
        """Yield the entries of the single-record files gathered so far."""
        singles, self._singles, self._held = self._singles, [], 0
        kinds = [self._kind(raw) for _, _, raw in singles]
        for kind in dict.fromkeys(kinds):
            if (folder, kind) not in self._shared:
                alike = [s[2].record for s, k in zip(singles, kinds, strict=True) if k == kind]
                self._shared[folder, kind] = mapper_for(alike, self._fields)
        for (report, head, _), kind in zip(singles, kinds, strict=True):
            yield from self._counted(report, self._shared[folder, kind], head, [])

    def _counted(
        self,
        report: FileReport,
        mapper: Mapper,
        entries: Iterable[Entry | Block],
        sample: Sequence[dict[str, Any]],
    ) -> Iterator[Item]:
        given = entries if self._in_columns else one_by_one(entries)
        yield from _counted(report, mapper, given, sample)

    def learn(self, files: Iterable[InputFile]) -> Iterator[Shared]:
        """Yield what the single-record files of a folder have in common, by the first of them."""
        alike: dict[str, list[dict[str, Any]]] = {}
        folder, count, size = "", 0, 0
        for file in files:
            try:
                container, entries = open_entries(file)
            except NoRecords:
                continue
            raws = (entry for entry in one_by_one(entries) if isinstance(entry, Raw))
            first = list(islice(raws, 2))
            if container in _SINGLES and len(first) == 1:
                alike.setdefault(self._kind(first[0]), []).append(first[0].record)
                folder, count, size = file.folder, count + 1, size + first[0].size
                if count >= SAMPLE or size >= _SAMPLE_BYTES:
                    break
        for kind, records in alike.items():
            yield Shared(folder, kind, mapper_for(records, self._fields).learnt)

    def _kind(self, raw: Raw) -> str:
        """Return the format of a record, or `no news`; records with equal keys are of one kind."""
        names = key_names(raw.record)
        if names not in self._kinds:
            mapper = mapper_for([raw.record], self._fields)
            self._kinds[names] = mapper.format.name if mapper.is_news else "no news"
        return self._kinds[names]


def _beginning(
    file: InputFile, fields: Mapping[str, Sequence[str]] | None
) -> tuple[list[dict[str, Any]], Mapper]:
    """Return the first records of a file, and their mapper; several stretches of it ask for them.

    Once they were read they are remembered, unless it is unknown whether the file has changed.
    """
    names = tuple((field, tuple(keys)) for field, keys in (fields or {}).items())
    try:
        state = os.stat(file.place)  # noqa: PTH116  as elsewhere
    except OSError:
        return _first_records(file, None, names)
    return _known_records(file, (state.st_ino, state.st_size, state.st_mtime_ns), names)


def _first_records(
    file: InputFile, _state: tuple[int, ...] | None, names: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[list[dict[str, Any]], Mapper]:
    sample = _head(open_entries(file)[1]).sample
    return sample, mapper_for(sample, dict(names))


_known_records = lru_cache(maxsize=1)(_first_records)


class _Head(NamedTuple):
    """The first entries of a file, the records among them, and whether these are all."""

    entries: list[Entry | Block]
    sample: list[dict[str, Any]]
    ended: bool


def _head(entries: Iterator[Entry | Block]) -> _Head:
    """Return the first entries of a file; of what these are a sample of, the rest is left."""
    head: list[Entry | Block] = []
    sample: list[dict[str, Any]] = []
    size = 0

    def seen() -> Iterator[Entry]:
        for entry in entries:
            head.append(entry)
            yield from entry.peek() if isinstance(entry, (Lines, Rows)) else (entry,)

    for count, entry in enumerate(seen(), 1):
        if isinstance(entry, Raw):
            sample.append(entry.record)
            size += entry.size
        if count > SAMPLE or size > _SAMPLE_BYTES:
            return _Head(head, sample, ended=False)
    return _Head(head, sample, ended=True)


def _counted(
    report: FileReport,
    mapper: Mapper,
    entries: Iterable[Entry | Block],
    sample: Sequence[dict[str, Any]],
) -> Iterator[Item]:
    """Yield the entries of a file, and count them; blocks become columns where they can."""
    report.format = mapper.format.name
    report.fields = dict(mapper.labels)
    report.unmapped = list(mapper.unmapped)
    shape = Shape(mapper, sample)
    for given in _ahead(entries, shape):
        for entry in _opened(given, shape) if isinstance(given, _Loading) else (given,):
            if isinstance(entry, _Taken):
                columns = _columns(entry, shape, report, mapper)
                report.found += columns.count
                report.read += columns.count
                yield report, mapper, columns
                continue
            if isinstance(entry, Raw):
                report.found += 1
                report.read += 1
            elif entry.kind == "unreadable-record":
                report.found += 1
                report.refused += 1
            yield report, mapper, entry
    if report.read and not mapper.is_news:
        yield report, mapper, _unknown_fields(report, mapper)


class _Loading(NamedTuple):
    """A block, and its columns as soon as they are read, None where it is read in another way."""

    block: Block
    columns: Future[pl.DataFrame | None]
    kinds: Future[Kinds | None]


class _Taken(NamedTuple):
    """A block that was read, and the columns of the keys that are used."""

    block: Block
    frame: pl.DataFrame


def _ahead(entries: Iterable[Entry | Block], shape: Shape) -> Iterator[Entry | _Loading]:
    """Yield entries in order; another core reads the next block while one is worked on."""
    waiting: deque[_Loading] = deque()
    for entry in entries:
        if isinstance(entry, (Lines, Rows)):
            parsed = in_lane("lines", entry.columns, shape)
            waiting.append(_Loading(entry, parsed, in_lane("kinds", entry.kinds, shape)))
            if len(waiting) == min(_AHEAD, pl.thread_pool_size()):
                yield waiting.popleft()
        else:
            yield from waiting
            waiting.clear()
            yield entry
    yield from waiting


def _opened(loading: _Loading, shape: Shape) -> Iterator[Entry | _Taken]:
    """Yield a block as columns, or its parts, or its records one by one, as far as each can be."""
    block, frame = loading.block, loading.columns.result()
    if frame is not None:
        frame = block.proven(frame, shape, loading.kinds.result())
    if frame is not None:
        yield _Taken(block, frame)
    elif parts := block.parts(shape):
        for part in _ahead(parts, shape):
            yield from _opened(part, shape) if isinstance(part, _Loading) else (part,)
    else:
        yield from block.entries()


def _columns(taken: _Taken, shape: Shape, report: FileReport, mapper: Mapper) -> Columns:
    return Columns(
        path=report.path,
        line=taken.block.line,
        number=report.found,
        provides=mapper.provides,
        day_first=mapper.format.day_first,
        values={name: taken.frame[key] for name, key in (shape.fields or {}).items()},
        count=taken.frame.height,
        size=taken.block.size,
    )


def _unknown_fields(report: FileReport, mapper: Mapper) -> Problem:
    keys = [*mapper.labels.values(), *mapper.unmapped]
    shown = ", ".join(keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "")
    message = (
        f"neither a headline nor an article text among the keys {shown}; "
        'name them in the configuration: [fields] title = ["..."], body = ["..."]'
    )
    return Problem("unknown-fields", report.path, None, message)


def items_of(
    report: FileReport,
    entries: Iterator[Entry | Block],
    fields: Mapping[str, Sequence[str]] | None,
    *,
    in_columns: bool,
) -> Iterator[Item]:
    """Yield the entries of one file with the mapper that its first records call for."""
    head = _head(entries)
    rows: Iterable[Entry | Block] = chain(head.entries, entries)
    given = rows if in_columns else one_by_one(rows)
    return _counted(report, mapper_for(head.sample, fields), given, head.sample)


def learn_folder(
    files: Iterable[InputFile], fields: Mapping[str, Sequence[str]] | None = None
) -> tuple[Shared, ...]:
    """Return what the first files of a folder tell of those that hold a single record each."""
    return tuple(Pass(fields).learn(files))
