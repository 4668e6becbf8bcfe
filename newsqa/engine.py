"""The engine: one batch in, one partial result out; partial results merge.

Record rules are boolean expressions over a batch; what several of them need is worked out once, as
marks. Only the records that fail one are looked at again, to find spans, excerpts and messages.
"""

from __future__ import annotations

import traceback
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from newsqa.checks import GroupCheck, Row
from newsqa.describe import describe_hit, describe_problem, findings_frame
from newsqa.lanes import CORES, in_lane
from newsqa.record import FIELD_NAMES, record_schema
from newsqa.screens import column, marked, screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsqa.checks import RecordCheck
    from newsqa.plan import ActiveRule, Plan
    from newsqa.readers import Batch
    from newsqa.rule import Rule
    from newsqa.screens import Looking

    Found = Iterator[Iterable[Any]]
    _Looked = tuple[Found, float]

LOCATORS = ("path", "line", "record", "id", "url", "source")


@dataclass
class Partial:
    """What one or more batches leave behind; the size of findings and keys, never of the texts.

    Args:
        findings: Findings of record rules and of reading.
        keys: One row a record: locators, and what group checks keep of it; in memory or on disk.
        own: Rows that a group check keeps of its own, by rule code; `row` refers to `keys`.
        masks: Records by `source` and `provides`.
        filled: Records by `source`, and how many fill each field.
        days: Records by `source` and publication `day`.
        crashed: Traceback by rule code.
        seconds: Time by rule code, of locating and judging.
        found: Records found, read or not.
        refused: Records that could not be read.
        unread_files: Files of which nothing could be read.
        records: Records read.
    """

    findings: list[pl.DataFrame] = field(default_factory=list)
    keys: list[pl.LazyFrame] = field(default_factory=list)
    own: dict[str, list[pl.LazyFrame]] = field(default_factory=dict)
    masks: list[pl.DataFrame] = field(default_factory=list)
    filled: list[pl.DataFrame] = field(default_factory=list)
    days: list[pl.DataFrame] = field(default_factory=list)
    crashed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    found: int = 0
    refused: int = 0
    unread_files: int = 0
    records: int = 0

    def merge(self, other: Partial) -> None:
        """Take in the partial result of further batches."""
        shift = pl.col("row") + self.records
        for code, frames in other.own.items():
            shifted = [frame.with_columns(shift.cast(pl.UInt32)) for frame in frames]
            self.own.setdefault(code, []).extend(shifted)
        for code, seconds in other.seconds.items():
            self.seconds[code] = self.seconds.get(code, 0.0) + seconds
        self.findings += other.findings
        self.keys += other.keys
        self.masks += other.masks
        self.filled += other.filled
        self.days += other.days
        self.crashed = other.crashed | self.crashed
        self.found += other.found
        self.refused += other.refused
        self.unread_files += other.unread_files
        self.records += other.records


def check_batch(batch: Batch, plan: Plan) -> Partial:
    """Return the partial result of one batch."""
    frame = batch.frame.with_row_index("row")
    partial = Partial(
        found=batch.found,
        refused=batch.refused,
        unread_files=sum(problem.kind == "unreadable-file" for problem in batch.problems),
        records=frame.height,
    )
    problems = [
        describe_problem(problem, rule)
        for problem in batch.problems
        if (rule := plan.reading_rules.get(problem.kind))
    ]
    if problems:
        partial.findings.append(findings_frame(problems))
    if frame.height:
        told, partial.crashed = marked(frame, {a.rule.code: a.check for a in plan.active})
        suspects = _suspects_of(told, plan, partial)
        # Other threads make the keys while this one looks at the suspects.
        keys = _keys_of(frame, plan, partial) if plan.group_rules else None
        seen = _look_at(suspects, partial)
        if seen.findings:
            partial.findings.append(findings_frame(seen.findings))
        if keys:
            _keep(keys, plan, seen.notes, partial)
        _count(frame, partial)
    return partial


class _Suspects(NamedTuple):
    """Records that rules suspect, and for each the rules that look at it."""

    rows: list[Row]
    due: list[list[_Due]]


def _suspects_of(frame: pl.DataFrame, plan: Plan, partial: Partial) -> _Suspects:
    """Return the records that record rules suspect, and those of which group checks take a note.

    The same records are looked at for both, one after the other, so that each is cut into its
    parts once.
    """
    noting = [(rule, check) for rule, check in plan.group_rules if check.suspects() is not None]
    looking: list[Looking] = [*plan.record_rules, *noting]
    if not looking:
        return _Suspects([], [])
    screened = screen(frame, looking, plan, partial.crashed)
    suspected = screened.select(pl.any_horizontal(pl.all())).to_series()
    records = frame.select("row", *record_schema()).filter(suspected)
    rows = [Row(values, plan.context) for values in records.iter_rows(named=True)]
    due: list[list[_Due]] = [[] for _ in rows]
    for rule, check in looking:
        places = screened[rule.rule.code].filter(suspected).arg_true().to_list()
        if places and rule.rule.code not in partial.crashed:
            one = _Due(rule, check, _looks(rule, check, [rows[at] for at in places]))
            for at in places:
                due[at].append(one)
    return _Suspects(rows, due)


def _look_at(suspects: _Suspects, partial: Partial) -> _Seen:
    """Return the findings of record rules, and what group checks note of single records."""
    seen = _Seen([], {})
    for row, waiting in zip(*suspects, strict=True):
        found: list[tuple[Rule, bool, dict[str, Any]]] = []
        for one in waiting:
            told = _next_of(one, row, partial)
            if isinstance(one.check, GroupCheck):
                seen.notes.setdefault(one.rule.rule.code, []).extend(told)
            else:
                found += [(one.rule.rule, one.check.yields_to_wider, hit) for hit in told]
        row.forget()
        seen.findings.extend(one_fault_each(found))
    return seen


class _Seen(NamedTuple):
    """Rows of findings, and notes of group checks by rule code."""

    findings: list[dict[str, Any]]
    notes: dict[str, list[tuple[Any, ...]]]


class _Due:
    """A rule that suspects records, and what its check finds in them, one after the other."""

    def __init__(
        self, rule: ActiveRule, check: RecordCheck | GroupCheck, found: Found | Future[_Looked]
    ) -> None:
        self.rule = rule
        self.check = check
        self._found = found

    def ready(self) -> tuple[Found, float]:
        """Return what gives the findings of the next suspect, and seconds that it took so far."""
        if not isinstance(self._found, Future):
            return self._found, 0.0
        self._found, seconds = self._found.result()
        return self._found, seconds


def _looks(
    rule: ActiveRule, check: RecordCheck | GroupCheck, suspects: Sequence[Row]
) -> Found | Future[_Looked]:
    """Return an iterator of what a check finds in its suspects, or notes of them.

    All suspects are looked at together, unless that takes their pages, of which only one is held.
    """
    found: Found
    if isinstance(check, GroupCheck):
        found = map(check.note, suspects)
    else:
        found = check.locate_all(suspects)
    return found if check.reads_pages else in_lane(rule.rule.code, _all_of, found)


def _all_of(found: Found) -> _Looked:
    """Return an iterator over what another one gives, which has been asked for all of it.

    Where that fails, so does the returned one, in its turn.
    """
    started = perf_counter()
    told: list[Iterable[Any]] = []
    try:
        told.extend(list(one) for one in found)
    except Exception as error:  # noqa: BLE001  a rule that crashes must not take the others along
        return chain(told, _raising(error)), perf_counter() - started
    return iter(told), perf_counter() - started


def _raising(error: Exception) -> Found:
    raise error
    yield ()


def _next_of(due: _Due, row: Row, partial: Partial) -> list[Any]:
    """Return the findings, or the notes, in the next of a rule's suspects, which is this record."""
    code = due.rule.rule.code
    if code in partial.crashed:
        return []
    found, seconds = due.ready()
    started = perf_counter() - seconds
    told: list[Any] = []
    try:
        if isinstance(due.check, GroupCheck):
            told = [(row["row"], *note) for note in next(found)]
        else:
            told = [describe_hit(hit, row, due.rule) for hit in next(found)]
    except Exception:  # noqa: BLE001  as above
        partial.crashed[code] = traceback.format_exc()
    partial.seconds[code] = partial.seconds.get(code, 0.0) + perf_counter() - started
    return told


def one_fault_each(located: Sequence[tuple[Rule, bool, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the findings of one record that tell different faults.

    A rule yields where another that it names has fired: a wall is short because it is a wall. Of
    findings of one family inside a wider one only the wider stays, of equal ones the first: a tag
    inside a leaked script is the script's fault.

    Args:
        located: Rule, whether its check yields to wider findings, and finding.
    """
    fired = {rule.name for rule, _, _ in located}
    left = [(wide, f) for rule, wide, f in located if fired.isdisjoint(rule.yields_to)]
    places: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for number, (yields, finding) in enumerate(left):
        if yields and finding["start"] is not None:
            key = (finding["rule"].rstrip("0123456789"), finding["field"])
            places.setdefault(key, []).append((finding["start"], -finding["end"], number))
    same_fault: set[int] = set()
    for spans in places.values():
        widest_end = -1
        for _, minus_end, number in sorted(spans):
            if -minus_end <= widest_end:
                same_fault.add(number)
            widest_end = max(widest_end, -minus_end)
    return [finding for number, (_, finding) in enumerate(left) if number not in same_fault]


class _Keys(NamedTuple):
    """The keys of a batch, and rows that checks keep of their own by rule code, under way."""

    keys: list[Future[pl.DataFrame]]
    own: dict[str, Future[pl.DataFrame | None]]


def _keys_of(frame: pl.DataFrame, plan: Plan, partial: Partial) -> _Keys:
    # Kept also for a rule that waits for earlier runs: what is kept serves later runs, too.
    columns: dict[str, pl.Expr] = {}
    own: dict[str, Future[pl.DataFrame | None]] = {}
    for rule, check in plan.group_rules:
        code = rule.rule.code
        try:
            columns |= check.keys()
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()
        if code not in partial.crashed and check.suspects() is None:
            own[code] = in_lane(code, check.collect, frame)
    columns |= {name: pl.col(name) for name in (*LOCATORS, "provides")}
    step = -(-frame.height // CORES)
    slices = (frame.slice(start, step) for start in range(0, frame.height, step))
    keys = [in_lane(f"keys {n}", _kept_of, rows, columns) for n, rows in enumerate(slices)]
    return _Keys(keys, own)


def _kept_of(frame: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    # Each for itself: Polars works on several in its own threads, where those of others wait then.
    return pl.DataFrame([column(frame, kept).alias(name) for name, kept in columns.items()])


def _keep(
    kept: _Keys, plan: Plan, notes: Mapping[str, list[tuple[Any, ...]]], partial: Partial
) -> None:
    for rule, check in plan.group_rules:
        code = rule.rule.code
        if code in partial.crashed:
            continue
        try:
            own = kept.own[code].result() if code in kept.own else check.noted(notes.get(code, ()))
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()
            continue
        if own is not None:
            partial.own[code] = [own.lazy()]
    partial.keys.append(pl.concat([keys.result() for keys in kept.keys]).lazy())


def _count(frame: pl.DataFrame, partial: Partial) -> None:
    filled = [
        (pl.col(name).list.len() > 0 if name == "authors" else pl.col(name).is_not_null())
        .sum()
        .cast(pl.UInt32)
        .alias(f"{name}_filled")
        for name in FIELD_NAMES
    ]
    partial.filled.append(
        frame.group_by("source").agg(pl.len().cast(pl.UInt32).alias("records"), *filled)
    )
    partial.masks.append(frame.group_by("source", "provides").agg(pl.len().alias("records")))
    days = frame.filter(pl.col("published").is_not_null())
    partial.days.append(
        days.group_by("source", pl.col("published").dt.date().alias("day")).agg(
            pl.len().cast(pl.UInt32).alias("records")
        )
    )
