"""Reading: one pass over all files, from paths to batches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from newsqa.readers.build import Builder, sighting_of
from newsqa.readers.columns import read_frame
from newsqa.readers.containers import NoRecords, open_entries
from newsqa.readers.discover import InputFile
from newsqa.readers.inputs import Inputs
from newsqa.readers.mapping import SAMPLE, key_names, mapper_for, mapper_of
from newsqa.readers.model import FileReport, Problem, Raw
from newsqa.readers.order import DayOrders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import polars as pl

    from newsqa.readers.mapping import Learnt, Mapper
    from newsqa.readers.model import Batch, Entry
    from newsqa.readers.order import Sighting

    Item = tuple[FileReport, Mapper, Entry]

_SAMPLE_BYTES = 32 << 20
_SHOWN_KEYS = 12
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
        open_file: Returns container and entries of a file.
        fields: Names to try first, by canonical field.
        shared: What is known of folders from files that may not be among these.
    """

    def __init__(
        self,
        open_file: Callable[[InputFile], tuple[str, Iterator[Entry]]],
        fields: Mapping[str, Sequence[str]] | None,
        shared: Sequence[Shared] = (),
    ) -> None:
        self._open = open_file
        self._fields = fields
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
                container, entries = self._open(file)
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

    def _file(self, report: FileReport, entries: Iterator[Entry]) -> Iterator[Item]:
        self.files.append(report)
        head, ended = _head(entries)
        records = [entry for entry in head if isinstance(entry, Raw)]
        if ended and len(records) == 1 and report.container in _SINGLES:
            self._singles.append((report, head, records[0]))
            self._held += records[0].size
        else:
            yield from read_one(report, chain(head, entries), self._fields)

    def _stretch(
        self, file: InputFile, report: FileReport, entries: Iterator[Entry]
    ) -> Iterator[Item]:
        """Yield the entries of a stretch with the mapper that the beginning of the file calls for.

        Where no record can be read there, it is its own beginning.
        """
        _, whole = self._open(replace(file, start=0, end=None))
        head, _ = _head(whole)
        own, _ = _head(entries)
        sample = _records(head) or _records(own)
        yield from _counted(report, mapper_for(sample, self._fields), chain(own, entries))

    def _release(self, folder: str) -> Iterator[Item]:
        """Yield the entries of the single-record files gathered so far."""
        singles, self._singles, self._held = self._singles, [], 0
        kinds = [self._kind(raw) for _, _, raw in singles]
        for kind in dict.fromkeys(kinds):
            if (folder, kind) not in self._shared:
                alike = [s[2].record for s, k in zip(singles, kinds, strict=True) if k == kind]
                self._shared[folder, kind] = mapper_for(alike, self._fields)
        for (report, head, _), kind in zip(singles, kinds, strict=True):
            yield from _counted(report, self._shared[folder, kind], head)

    def learn(self, files: Iterable[InputFile]) -> Iterator[Shared]:
        """Yield what the single-record files of a folder have in common, by the first of them."""
        alike: dict[str, list[dict[str, Any]]] = {}
        folder, count, size = "", 0, 0
        for file in files:
            try:
                container, entries = self._open(file)
            except NoRecords:
                continue
            first = list(islice((entry for entry in entries if isinstance(entry, Raw)), 2))
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


def read_one(
    report: FileReport, entries: Iterator[Entry], fields: Mapping[str, Sequence[str]] | None
) -> Iterator[Item]:
    """Yield the entries of one file with the mapper that its first records call for."""
    head, _ = _head(entries)
    mapper = mapper_for(_records(head), fields)
    yield from _counted(report, mapper, chain(head, entries))


def _records(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [entry.record for entry in entries if isinstance(entry, Raw)]


def _head(entries: Iterator[Entry]) -> tuple[list[Entry], bool]:
    """Return the first entries of a file, and whether these are all."""
    head: list[Entry] = []
    size = 0
    for entry in islice(entries, SAMPLE + 1):
        head.append(entry)
        size += entry.size if isinstance(entry, Raw) else 0
        if size > _SAMPLE_BYTES:
            return head, False
    return head, len(head) <= SAMPLE


def _counted(report: FileReport, mapper: Mapper, entries: Iterable[Entry]) -> Iterator[Item]:
    report.format = mapper.format.name
    report.fields = dict(mapper.labels)
    report.unmapped = list(mapper.unmapped)
    for entry in entries:
        if isinstance(entry, Raw):
            report.found += 1
            report.read += 1
        elif entry.kind == "unreadable-record":
            report.found += 1
            report.refused += 1
        yield report, mapper, entry
    if report.read and not mapper.is_news:
        yield report, mapper, _unknown_fields(report, mapper)


def _unknown_fields(report: FileReport, mapper: Mapper) -> Problem:
    keys = [*mapper.labels.values(), *mapper.unmapped]
    shown = ", ".join(keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "")
    message = (
        f"neither a headline nor an article text among the keys {shown}; "
        'name them in the configuration: [fields] title = ["..."], body = ["..."]'
    )
    return Problem("unknown-fields", report.path, None, message)


class Reading:
    """All records of files, folders, globs, URLs and standard input, as batches.

    Args:
        paths: What to read; `-` is standard input. Files that were found already are read as given.
        fields: Names to try first, by canonical field; dots reach into objects.
        stdin: Where `-` is read from.
        stdin_name: What standard input is called in findings.
        batch_records: Most records of a batch.
        batch_bytes: Bytes after which a batch is full; a single record may be larger.
        exclude: Globs of files to leave out.
        orders: How each source writes numeric dates; what is read is surveyed unless given.
        shared: What is known of folders that only some files of are read.

    Attributes:
        files: A report on each file begun so far.
        skipped: Files passed over, each with the reason.

    Raises:
        UsageError: A path does not exist, a glob matches nothing, or there is no standard input.
    """

    def __init__(  # noqa: PLR0913  all but the paths may be left out
        self,
        paths: Sequence[str | Path] | Sequence[InputFile],
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        stdin: BinaryIO | None = None,
        stdin_name: str = "<stdin>",
        batch_records: int = 15_000,
        batch_bytes: int = 48 << 20,
        exclude: Sequence[str] = (),
        orders: DayOrders | None = None,
        shared: Sequence[Shared] = (),
    ) -> None:
        files = [path for path in paths if isinstance(path, InputFile)]
        self._inputs = Inputs([] if files else paths, exclude, stdin, stdin_name)
        self._files = files or self._inputs.files
        self._orders = orders
        self._shared = shared
        self._fields = fields
        self._limits = (batch_records, batch_bytes)
        self.files: list[FileReport] = []
        self.skipped: list[tuple[str, str]] = list(self._inputs.skipped)
        self._bytes = 0
        self.day_order: dict[str, str] = {}

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches; every record and every problem of the input is in exactly one."""
        reading = self._pass()
        self.files = reading.files
        orders = self._orders or DayOrders(self.sightings)
        builder = Builder(orders, *self._limits)
        yield from _batches(self._weighed(reading.items(self._files)), builder)
        self.skipped = [*self._inputs.skipped, *reading.skipped]
        for report in self.files:
            report.day_order = orders.used.get(report.path, {})
            self.day_order |= report.day_order

    @property
    def size(self) -> int:
        """Bytes of the records read so far."""
        return self._bytes

    def _weighed(self, items: Iterator[Item]) -> Iterator[Item]:
        for item in items:
            entry = item[2]
            self._bytes += entry.size if isinstance(entry, Raw) else 0
            yield item

    def _pass(self) -> Pass:
        return Pass(open_entries, self._fields, self._shared)

    def sightings(self) -> Iterator[Sighting]:
        """Yield what each record says about the order of numbers in dates; one pass of its own."""
        for _, mapper, entry in self._pass().items(self._files):
            if isinstance(entry, Raw) and mapper.format.day_first is None:
                yield sighting_of(mapper.values(entry.record))


def _batches(items: Iterable[Item], builder: Builder) -> Iterator[Batch]:
    for report, mapper, entry in items:
        if isinstance(entry, Raw):
            builder.add(
                report.path,
                report.found - 1,
                entry,
                mapper.values(entry.record),
                mapper.provides,
                day_first=mapper.format.day_first,
            )
        else:
            builder.add_problem(entry)
        if builder.full:
            yield builder.build()
    if not builder.empty:
        yield builder.build()


def learn_folder(
    files: Iterable[InputFile], fields: Mapping[str, Sequence[str]] | None = None
) -> tuple[Shared, ...]:
    """Return what the first files of a folder tell of those that hold a single record each."""
    return tuple(Pass(open_entries, fields).learn(files))


def records_from_frame(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    fields: Mapping[str, Sequence[str]] | None = None,
    path: str = "<frame>",
    batch_records: int = 15_000,
    batch_bytes: int = 48 << 20,
) -> Iterator[Batch]:
    """Yield batches from a Polars frame with columns of any known format.

    Args:
        frame: One row a record; a lazy frame is collected part by part.
        fields: Names to try first, by canonical field.
        path: Shown as the file of the records; `line` is the number of the row, from 1.
        batch_records: Most records of a batch.
        batch_bytes: Bytes after which a batch is full.
    """

    def items() -> Iterator[Item]:
        return read_one(FileReport(path, "frame"), read_frame(frame), fields)

    def sightings() -> Iterator[Sighting]:
        for _, mapper, entry in items():
            if isinstance(entry, Raw) and mapper.format.day_first is None:
                yield sighting_of(mapper.values(entry.record))

    yield from _batches(items(), Builder(DayOrders(sightings), batch_records, batch_bytes))
