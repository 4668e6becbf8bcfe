"""From the parts of an input to one partial result, whoever works on them."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import partial as bound
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from newsqa.engine import Partial
from newsqa.parts.ahead import ReadAhead
from newsqa.parts.engines import Here, Processes, written
from newsqa.parts.kept import Facts, add_report, read_kept, unpack_reports
from newsqa.parts.sight import run_on_parts
from newsqa.parts.work import PartReader, check_part, survey_part
from newsqa.readers.order import DayOrders, add_votes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from newsqa.parts.engines import Engine
    from newsqa.parts.store import Store
    from newsqa.parts.work import Job
    from newsqa.readers import FileReport
    from newsqa.readers.cut import Part
    from newsqa.readers.order import SourceVotes


@dataclass
class Progress:
    """How far a check is; `tell` gets files, records, bytes, and bytes of all or None."""

    tell: Callable[[int, int, int, int | None], None]
    total: int | None
    files: int = 0
    records: int = 0
    read: int = 0

    def done(self, part: Part, facts: Facts) -> None:
        """Note that a part is done."""
        self.files += len(part.files) - part.continues
        self.records += facts.counts["records"]
        self.read += part.size
        self.tell(self.files, self.records, self.read, self.total)

    def within(self, records: int, read: int) -> None:
        """Say how far the part at hand is."""
        most = self.read + read if self.total is None else min(self.total, self.read + read)
        self.tell(self.files + 1, self.records + records, most, self.total)


@dataclass
class Checked:
    """All parts of an input, put together in their order.

    Args:
        partial: Their partial results.
        files: Reports of all files.
        records: Columns of the records that suites need.
        rows: What suites count of the records, as in `newsqa.suites.counts.RowCounts`.
        left_out: Records that were not selected.
        reused: Parts whose result was known from an earlier run.
        parts: Number of parts.
    """

    partial: Partial = field(default_factory=Partial)
    files: list[FileReport] = field(default_factory=list)
    records: list[pl.LazyFrame] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    reused: int = 0
    parts: int = 0
    _faults: set[tuple[str, str]] = field(default_factory=set)
    _unread: bool = False

    def add(
        self,
        folder: Path,
        facts: Facts,
        held: Mapping[str, pl.DataFrame] | None = None,
        *,
        continues: bool = False,
    ) -> None:
        """Take in the next part, from where it was kept."""
        files = unpack_reports(facts)
        last = self.files[-1] if self.files else None
        if continues and last and [last.path] == [file.path for file in files]:
            kept = read_kept(folder, facts, last.found, held)
            add_report(last, files[0])
        else:
            kept = read_kept(folder, facts, 0, held)
            self.files += files
            self._faults, self._unread = set(), False
        if len(files) == 1:
            self._tell_once(kept.partial)
        self.partial.merge(kept.partial)
        self.records += kept.records
        self.rows.update(facts.rows)
        self.left_out += facts.left_out
        self.parts += 1

    def _tell_once(self, further: Partial) -> None:
        """Keep the first of equal faults of a file as a whole, which every stretch may find anew.

        Another encoding is another fault; a file is unread, or without known fields, but once.
        """
        unread = further.unread_files > 0
        further.unread_files -= self._unread and unread
        self._unread |= unread
        for number, frame in enumerate(further.findings):
            repeated = []
            for row, name, message in _faults_of_files(frame):
                fault = (name, message if name == "wrong-encoding" else "")
                if fault in self._faults:
                    repeated.append(row)
                self._faults.add(fault)
            if repeated:
                rows = frame.with_row_index("row_number")
                kept = rows.filter(~pl.col("row_number").is_in(repeated)).drop("row_number")
                further.findings[number] = kept


def _faults_of_files(findings: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield row, name and message of the findings about a file as a whole."""
    about = pl.col("name").is_in(["wrong-encoding", "unreadable-file", "unknown-fields"])
    rows = findings.with_row_index("row_number").filter(about)
    yield from rows.select("row_number", "name", "message").iter_rows()


def check_parts(
    parts: Iterable[Part], job: Job, engine: Engine, store: Store, progress: Progress
) -> Checked:
    """Check the parts that the store does not know yet, and put all of them together.

    Args:
        parts: All parts in order, possibly cut while others are worked on.
        job: What is done with each.
        engine: Who does it.
        store: Where results are kept, those of earlier runs among them.
        progress: Told of each part that is done.
    """
    checking = _Checking(job, engine, store, progress)
    again = checking.work_on(checking.unknown(parts))
    if again or checking.dated:
        votes = _survey(checking.parts, job, engine)
        again += checking.read_otherwise(DayOrders(votes=votes))
        checking.work_on(((part, store.folder(part)) for part in again), votes)
    checked = Checked(reused=len(checking.reused))
    for part in checking.parts:
        facts = checking.facts.pop(part.number)
        held = store.held.of(part.number) if store.held else None
        checked.add(store.folder(part), facts, held, continues=part.continues)
    return checked


class _Checking:
    """The parts of an input so far, and what is known of them."""

    def __init__(self, job: Job, engine: Engine, store: Store, progress: Progress) -> None:
        self._job, self._engine, self._store, self._progress = job, engine, store, progress
        self.parts: list[Part] = []
        self.facts: dict[int, Facts] = {}
        self.reused: set[int] = set()

    def unknown(self, parts: Iterable[Part]) -> Iterator[tuple[Part, Path]]:
        """Yield the parts whose result is not known, each with the folder for it."""
        for part in parts:
            self.parts.append(part)
            known = self._store.find(part)
            if known is None:
                yield part, self._store.folder(part)
            else:
                self.reused.add(part.number)
                self._note(part, known)

    def work_on(
        self, tasks: Iterable[tuple[Part, Path]], votes: SourceVotes | None = None
    ) -> list[Part]:
        """Check parts; return those that cannot be read before the input was surveyed."""
        given: list[Part] = []
        unread: list[Part] = []
        unwritten: list[Part] = []
        for number, told in self._run(_noting(tasks, given), votes):
            part = given[number]
            if isinstance(told, OSError):
                self._store.give_up(part, told)
                unwritten.append(part)
            elif told is None:
                unread.append(part)
            else:
                self._store.note(part)
                self._note(part, told)
        if unwritten:
            unread += self.work_on(((part, self._store.folder(part)) for part in unwritten), votes)
        return unread

    def _run(
        self, tasks: Iterator[tuple[Part, Path]], votes: SourceVotes | None
    ) -> Iterator[tuple[int, Facts | OSError | None]]:
        """Yield the number of each task with what checking it returned."""
        engine, work = self._engine, bound(check_part, job=self._job, votes=votes)
        if isinstance(engine, Processes):
            engine, tasks = engine.chosen(tasks)
        if not isinstance(engine, Here):
            yield from run_on_parts(engine, work, tasks)
            return
        ahead = ReadAhead(bound(PartReader, job=self._job, votes=votes))
        work = bound(work, tell=self._progress.within, held=self._store.held, ahead=ahead)
        with ahead.of(tasks) as known:
            yield from engine.run(work, known)

    @property
    def dated(self) -> list[Part]:
        """The parts known from before with dates whose order the whole input decides."""
        known = (part for part in self.parts if part.number in self.reused)
        return [part for part in known if self.facts[part.number].orders]

    def read_otherwise(self, orders: DayOrders) -> list[Part]:
        """Return the parts known from before whose dates are read otherwise by now."""
        changed = [
            part
            for part in self.dated
            if any(orders.first(source) != day for source, day in self.facts[part.number].orders)
        ]
        self.reused -= {part.number for part in changed}
        return changed

    def _note(self, part: Part, facts: Facts) -> None:
        if part.number not in self.facts:
            self._progress.done(part, facts)
        self.facts[part.number] = facts


def _noting(tasks: Iterable[tuple[Part, Path]], given: list[Part]) -> Iterator[tuple[Part, Path]]:
    """Yield tasks and note their parts."""
    for part, folder in tasks:
        given.append(part)
        yield part, folder


def _survey(parts: Iterable[Part], job: Job, engine: Engine) -> SourceVotes:
    """Return how the sources of an input write dates, from what all of its parts say."""
    with tempfile.TemporaryDirectory(prefix="newsqa-") as folder:
        tasks = ((part, Path(folder, str(part.number))) for part in parts)
        counted = dict(run_on_parts(engine, bound(survey_part, job=job), tasks))
    return add_votes(written(counted[number]) for number in sorted(counted))
