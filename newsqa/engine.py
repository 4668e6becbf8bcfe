"""The engine: one batch in, one partial result out; partial results merge.

All record rules are boolean expressions in one pass over a batch. Only the records that fail one of
them are looked at again, to find spans, excerpts and messages.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.checks import GroupCheck, RecordCheck, Row
from newsqa.describe import (
    describe_group_hit,
    describe_hit,
    describe_problem,
    findings_frame,
)
from newsqa.record import FIELD_NAMES, provides_mask
from newsqa.text.clues import clue_screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.checks.base import Marks
    from newsqa.plan import ActiveRule, Plan
    from newsqa.readers import Batch
    from newsqa.text.clues import Clue

Rows = dict[int, Row]
LOCATORS = ("path", "line", "record", "id", "url", "source")


@dataclass(frozen=True)
class Packed:
    """Rows that a group check keeps of a batch, compressed: lines of text make up most of them.

    Args:
        data: The rows, as Arrow IPC.
        shift: What the batch's first record is in the column `row`.
    """

    data: bytes
    shift: int = 0

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Packed:
        """Return rows packed."""
        stream = BytesIO()
        frame.write_ipc(stream, compression="zstd")
        return cls(stream.getvalue())

    def frame(self) -> pl.DataFrame:
        """Return the rows."""
        rows = pl.read_ipc(BytesIO(self.data))
        return rows.with_columns((pl.col("row") + self.shift).cast(pl.UInt32))


class PackedRows(Sequence[pl.DataFrame]):
    """Packed rows of many batches, of which each is unpacked when its turn comes."""

    def __init__(self, parts: Sequence[Packed]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, at: Any) -> Any:
        return self._parts[at].frame()


@dataclass
class Partial:
    """What one or more batches leave behind; the size of findings and keys, never of the texts.

    Args:
        findings: Findings of record rules and of reading.
        keys: One row a record: locators, and what group checks keep of it.
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
    keys: list[pl.DataFrame] = field(default_factory=list)
    own: dict[str, list[Packed]] = field(default_factory=dict)
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
        for code, parts in other.own.items():
            shifted = [Packed(part.data, part.shift + self.records) for part in parts]
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
        frame = _marked(frame, plan, partial)
        screened = _screen(frame, plan, partial)
        rows = _suspects(frame, screened, plan)
        located = _record_findings(screened, rows, plan, partial)
        if located:
            partial.findings.append(findings_frame(located))
        _keep_keys(frame, screened, rows, plan, partial)
        _count(frame, partial)
    return partial


def applicable_mask(rule: ActiveRule) -> int:
    """Return the mask of the fields that a file must provide for the rule to be applicable."""
    return provides_mask(rule.check.fields())


def _marked(frame: pl.DataFrame, plan: Plan, partial: Partial) -> pl.DataFrame:
    """Return the batch with the columns that checks have worked out of it."""
    marks: dict[Marks, list[str]] = {}
    for rule in plan.active:
        for mark in rule.check.marks():
            marks.setdefault(mark, []).append(rule.rule.code)
    for mark, codes in marks.items():
        try:
            frame = frame.hstack(mark(frame))
        except Exception:  # noqa: BLE001  a rule that crashes must not take the others along
            partial.crashed |= dict.fromkeys(codes, traceback.format_exc())
    return frame


def _screen(frame: pl.DataFrame, plan: Plan, partial: Partial) -> dict[str, pl.Series]:
    """Return the places of the records that each rule suspects.

    Checks with clues see only the records that one of their group's clues leaves over.
    """
    groups: dict[str, list[tuple[ActiveRule, RecordCheck | GroupCheck]]] = {}
    clues: dict[str, list[Clue]] = {}
    for rule in plan.active:
        check = rule.check
        if rule.rule.code in partial.crashed or not isinstance(check, (RecordCheck, GroupCheck)):
            continue
        own = check.clues() if isinstance(check, RecordCheck) else ()
        group = own[0].group if own else ""
        groups.setdefault(group, []).append((rule, check))
        clues.setdefault(group, []).extend(own)
    places: dict[str, pl.Series] = {}
    for group, rules in groups.items():
        part = frame.filter(clue_screen(clues[group])) if group else frame
        made = [_screen_of(rule, check, plan, partial) for rule, check in rules]
        screens = [screen for screen in made if screen is not None]
        if part.height and screens:
            places |= _places(part, screens, partial)
    return places


def _screen_of(
    rule: ActiveRule, check: RecordCheck | GroupCheck, plan: Plan, partial: Partial
) -> pl.Expr | None:
    code, mask = rule.rule.code, applicable_mask(rule)
    try:
        screen = check.screen(plan.context)
    except Exception:  # noqa: BLE001  as above
        partial.crashed[code] = traceback.format_exc()
        return None
    if screen is None:
        return None
    applies = (pl.col("provides") & mask) == mask
    return (applies & screen.fill_null(value=False)).alias(code)


def _places(frame: pl.DataFrame, screens: list[pl.Expr], partial: Partial) -> dict[str, pl.Series]:
    """Return the places that each screen lets through; in one pass, unless one of them crashes."""
    try:
        # Lazily, since only the optimizer finds what several screens have in common.
        screened = frame.lazy().select(screens).collect()
    except Exception:  # noqa: BLE001  find out below which one it was
        screened = frame.select(_screen_alone(frame, s, partial) for s in screens)
    return {series.name: frame["row"].filter(series) for series in screened if series.any()}


def _screen_alone(frame: pl.DataFrame, screen: pl.Expr, partial: Partial) -> pl.Series:
    code = screen.meta.output_name()
    try:
        return frame.select(screen).to_series()
    except Exception:  # noqa: BLE001  as above
        partial.crashed[code] = traceback.format_exc()
        return pl.repeat(value=False, n=frame.height, eager=True).alias(code)


def _suspects(frame: pl.DataFrame, screened: Mapping[str, pl.Series], plan: Plan) -> Rows:
    """Return the records that some screen let through, by their place in the batch."""
    if not screened:
        return {}
    places = pl.concat(list(screened.values())).unique().sort()
    found = frame[places].iter_rows(named=True)
    return {values["row"]: Row(values, plan.context) for values in found}


def _record_findings(
    screened: Mapping[str, pl.Series], rows: Rows, plan: Plan, partial: Partial
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for rule, check in plan.record_rules:
        code = rule.rule.code
        suspects = _rows_of(code, screened, rows)
        if not suspects:
            continue
        started = perf_counter()
        try:
            for row, hit in check.locate_all(suspects):
                found.append(describe_hit(hit, row, rule))
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()
        partial.seconds[code] = partial.seconds.get(code, 0.0) + perf_counter() - started
    return found


def _rows_of(code: str, screened: Mapping[str, pl.Series], rows: Rows) -> list[Row]:
    return [rows[place] for place in screened.get(code, ())]


def _keep_keys(
    frame: pl.DataFrame,
    screened: Mapping[str, pl.Series],
    rows: Rows,
    plan: Plan,
    partial: Partial,
) -> None:
    columns: dict[str, pl.Expr] = {}
    for rule, check in plan.group_rules:
        code = rule.rule.code
        if code in partial.crashed:
            continue
        try:
            columns |= check.keys()
            suspects = _rows_of(code, screened, rows)
            own = [check.collect(frame), check.gather(suspects) if suspects else None]
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()
            continue
        if frames := [part for part in own if part is not None]:
            partial.own[code] = [Packed.of(part) for part in frames]
    locators = [pl.col(name) for name in LOCATORS]
    kept = [expression.alias(name) for name, expression in columns.items()]
    keys = frame.lazy().select(*locators, "provides", *kept).collect()
    partial.keys.append(_apart(keys))


def _apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with texts of its own.

    A part of a text is but a view of it in Polars, and would keep all bodies of the batch alive.
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.concat_str(pl.col(name), pl.lit("")) for name in texts)


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


def judge_groups(partial: Partial, plan: Plan) -> list[pl.DataFrame]:
    """Return the findings of source and corpus rules, once all batches are merged."""
    if not partial.keys:
        return []
    order = (
        pl.concat(partial.keys).with_row_index("was").sort("path", "record", maintain_order=True)
    )
    keys = order.drop("was").with_row_index("row")
    renumbered = order.select(pl.col("was").alias("row")).with_row_index("new")
    frames = []
    for rule, check in plan.group_rules:
        code, mask = rule.rule.code, applicable_mask(rule)
        if code in partial.crashed:
            continue
        started = perf_counter()
        judged = keys.filter((pl.col("provides") & mask) == mask)
        try:
            parts = partial.own.get(code)
            own = _own(check.sift(PackedRows(parts)), renumbered) if parts else None
            frames += _judge(rule, check, judged, keys, own, plan)
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()
        partial.seconds[code] = partial.seconds.get(code, 0.0) + perf_counter() - started
    return frames


def _own(parts: Sequence[pl.DataFrame], renumbered: pl.DataFrame) -> pl.DataFrame:
    """Return a check's own rows with the final numbers of their records."""
    joined = pl.concat(parts).join(renumbered, on="row", how="left")
    return joined.drop("row").rename({"new": "row"})


def _judge(
    rule: ActiveRule,
    check: GroupCheck,
    judged: pl.DataFrame,
    keys: pl.DataFrame,
    own: pl.DataFrame | None,
    plan: Plan,
) -> list[pl.DataFrame]:
    hits = list(check.judge(judged, own, plan.context))
    if not hits:
        return []
    wanted = sorted({hit.row for hit in hits if hit.row is not None})
    rows = keys.filter(pl.col("row").is_in(wanted)).select("row", *LOCATORS)
    located = {row["row"]: row for row in rows.iter_rows(named=True)}
    return [findings_frame([describe_group_hit(hit, located, rule) for hit in hits])]
