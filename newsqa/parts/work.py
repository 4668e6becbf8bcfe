"""The work on one part: the same whichever process does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsqa.engine import check_batch
from newsqa.parts.kept import Facts, Spill, pack_reports
from newsqa.parts.settled import settled_at
from newsqa.readers import DayOrders, Reading
from newsqa.readers.order import SurveyNeededError, count_votes
from newsqa.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsqa.parts.ahead import ReadAhead
    from newsqa.parts.kept import Held
    from newsqa.plan import Plan
    from newsqa.readers import Batch
    from newsqa.readers.cut import Part
    from newsqa.readers.order import SourceVotes
    from newsqa.suites.model import Expectation


@dataclass(frozen=True)
class Job:
    """What is done with every part; plain data, for any process.

    Args:
        plan: The rules that are on.
        fields: Names of keys to try first, by canonical field.
        selection: Which records are checked.
        columns: Columns of the records that suites need; none where there are no suites.
        counted: What suites ask of each record by itself.
        limits: Most records and bytes of a batch, where they are not the usual ones.
    """

    plan: Plan
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    selection: Selection = field(default_factory=Selection)
    columns: tuple[str, ...] = ()
    counted: tuple[Expectation, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)


def check_part(
    part: Part,
    folder: Path,
    job: Job,
    votes: SourceVotes | None = None,
    tell: Callable[[int, int], None] | None = None,
    held: Held | None = None,
    ahead: ReadAhead | None = None,
) -> Facts | None:
    """Check a part, write what it leaves behind, and return the facts.

    Args:
        part: The part.
        folder: An existing folder that is written to.
        job: What is done.
        votes: How the sources of the whole input write dates, where that is known already.
        tell: Called after each batch with the records and the bytes of the part so far.
        held: Where frames may stay in memory.
        ahead: What reads the part, if it is read ahead of this.

    Returns:
        None where a date cannot be read before the whole input was surveyed.
    """
    reader = ahead.reader(part) if ahead else PartReader(part, job, votes)
    take = held.begin(part.number) if held else None
    spill = Spill(folder, job.columns, job.counted, take)

    def told_of() -> Iterator[Batch]:
        for batch, size in ahead.batches(reader) if ahead else reader:
            yield batch
            if tell:
                tell(spill.records, size)

    try:
        read = check_batches(told_of(), job, spill)
    except SurveyNeededError:
        return None
    facts = Facts(
        **reader.facts(),
        left_out=read.left_out,
        now=job.plan.context.now.isoformat(),
        settled_at=read.settled_at.isoformat() if read.settled_at else None,
    )
    return spill.close(facts)


class PartReader:
    """Reads a part.

    Args:
        part: The part.
        job: What is done with it.
        votes: As in `check_part`.
    """

    def __init__(self, part: Part, job: Job, votes: SourceVotes | None = None) -> None:
        self.part = part
        self._orders = DayOrders(votes=votes)
        self._reading = Reading(
            part.files, fields=job.fields, orders=self._orders, shared=part.shared, **job.limits
        )

    def __iter__(self) -> Iterator[tuple[Batch, int]]:
        """Yield the batches, each with the bytes of the part that were read by then."""
        for batch in self._reading:
            yield batch, self._reading.size

    def facts(self) -> dict[str, Any]:
        """Return what is known of the files once all batches were read, as `Facts` have it."""
        kinds, files = pack_reports(self._reading.files)
        orders = sorted(self._orders.decided.items(), key=lambda item: item[0] or "")
        return {"kinds": kinds, "files": files, "skipped": self._reading.skipped, "orders": orders}


@dataclass
class Read:
    """What was noted of batches while they were checked.

    Args:
        left_out: Records that were not selected.
        settled_at: Time from which on no record is at fault or not because of the time.
    """

    left_out: int = 0
    settled_at: datetime | None = None


def check_batches(batches: Iterable[Batch], job: Job, spill: Spill) -> Read:
    """Check batches one after the other, and write what they leave behind."""
    read = Read()
    for given in batches:
        batch, dropped = job.selection.apply(given)
        read.left_out += dropped
        spill.take(check_batch(batch, job.plan), batch.frame)
        settled = settled_at(batch.frame, job.plan)
        if settled is not None:
            read.settled_at = max(read.settled_at or settled, settled)
    return read


def survey_part(part: Part, _folder: Path, job: Job) -> SourceVotes:
    """Return how the sources of a part seem to write dates; nothing is written."""
    reading = Reading(part.files, fields=job.fields, shared=part.shared)
    return count_votes(reading.sightings())
