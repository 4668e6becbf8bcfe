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
) -> Facts | None:
    """Check a part, write what it leaves behind, and return the facts.

    Args:
        part: The part.
        folder: An existing folder that is written to.
        job: What is done.
        votes: How the sources of the whole input write dates, where that is known already.
        tell: Called after each batch with the records and the bytes of the part so far.
        held: Where columns of the records may stay in memory.

    Returns:
        None where a date cannot be read before the whole input was surveyed.
    """
    orders = DayOrders(votes=votes)
    reading = Reading(
        part.files, fields=job.fields, orders=orders, shared=part.shared, **job.limits
    )
    take = held.begin(part.number) if held else None
    spill = Spill(folder, job.columns, job.counted, take)

    def told_of() -> Iterator[Batch]:
        for batch in reading:
            yield batch
            if tell:
                tell(spill.records, reading.size)

    try:
        read = check_batches(told_of(), job, spill)
    except SurveyNeededError:
        return None
    kinds, files = pack_reports(reading.files)
    facts = Facts(
        left_out=read.left_out,
        kinds=kinds,
        files=files,
        skipped=reading.skipped,
        orders=sorted(orders.decided.items(), key=lambda item: item[0] or ""),
        now=job.plan.context.now.isoformat(),
        settled_at=read.settled_at.isoformat() if read.settled_at else None,
    )
    return spill.close(facts)


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
