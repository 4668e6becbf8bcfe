"""Reading: one pass over all files, from paths to batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsqa.readers.build import Builder, Columns, sighting_of
from newsqa.readers.columns import read_frame
from newsqa.readers.discover import InputFile
from newsqa.readers.files import Pass, items_of
from newsqa.readers.inputs import Inputs
from newsqa.readers.model import FileReport, Problem, Raw
from newsqa.readers.order import DayOrders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import polars as pl

    from newsqa.readers.files import Item, Shared
    from newsqa.readers.model import Batch
    from newsqa.readers.order import Sighting


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
        batch_records: int = 20_000,
        batch_bytes: int = 64 << 20,
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
            self._bytes += 0 if isinstance(entry, Problem) else entry.size
            yield item

    def _pass(self, *, in_columns: bool = True) -> Pass:
        return Pass(self._fields, self._shared, in_columns=in_columns)

    def sightings(self) -> Iterator[Sighting]:
        """Yield what each record says about the order of numbers in dates; one pass of its own."""
        for _, mapper, entry in self._pass(in_columns=False).items(self._files):
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
        elif isinstance(entry, Columns):
            yield from builder.add_columns(entry)
        else:
            builder.add_problem(entry)
        if builder.full:
            yield builder.build()
    if not builder.empty:
        yield builder.build()


def records_from_frame(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    fields: Mapping[str, Sequence[str]] | None = None,
    path: str = "<frame>",
    batch_records: int = 20_000,
    batch_bytes: int = 64 << 20,
) -> Iterator[Batch]:
    """Yield batches from a Polars frame with columns of any known format.

    Args:
        frame: One row a record; a lazy frame is collected part by part.
        fields: Names to try first, by canonical field.
        path: Shown as the file of the records; `line` is the number of the row, from 1.
        batch_records: Most records of a batch.
        batch_bytes: Bytes after which a batch is full.
    """

    def items(*, in_columns: bool = True) -> Iterator[Item]:
        entries = read_frame(frame)
        return items_of(FileReport(path, "frame"), entries, fields, in_columns=in_columns)

    def sightings() -> Iterator[Sighting]:
        for _, mapper, entry in items(in_columns=False):
            if isinstance(entry, Raw) and mapper.format.day_first is None:
                yield sighting_of(mapper.values(entry.record))

    yield from _batches(items(), Builder(DayOrders(sightings), batch_records, batch_bytes))
