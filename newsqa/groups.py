"""Judging sources and the corpus once all records are known by their keys.

Keys may lie on disk. Each rule gets the columns that it needs and no others, and one that judges
sources one by one gets some sources at a time, so that memory does not grow with their number.
What is judged in one go is a unit that any process can do.
"""

from __future__ import annotations

import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import polars as pl

from newsqa.describe import describe_group_hit, findings_frame
from newsqa.engine import LOCATORS
from newsqa.lanes import in_lane
from newsqa.parts.buckets import Buckets
from newsqa.parts.engines import Here, written
from newsqa.screens import applicable_mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsqa.checks import Context, GroupCheck, GroupHit
    from newsqa.engine import Partial
    from newsqa.parts.engines import Engine
    from newsqa.plan import ActiveRule, Plan

TOGETHER = 200_000
"""Records whose sources are judged together."""
APART = 100_000
"""Records above which other processes judge: below, handing them over costs more than judging."""


class Keys:
    """The keys of all records, in the order in which they are judged.

    They are ordered by what the records are before where they lie: which of two copies is the
    first, and with it the fingerprint of the other, must not change with the order of records and
    files.
    """

    def __init__(self, partial: Partial) -> None:
        self._keys = pl.concat(partial.keys)
        self._own = partial.own
        what = ("url", "id", "source", "path", "record")
        read = self._keys.select(what).collect().with_row_index("was")
        self._was = read.sort(*what, nulls_last=True, maintain_order=True)["was"]
        self._new = self._was.arg_sort().cast(pl.UInt32)
        # Few are read and ordered once, for all rules together.
        few = partial.records < APART
        self._ordered = self._keys.collect()[self._was] if few else None

    def table(self, check: GroupCheck, mask: int) -> pl.DataFrame:
        """Return the columns that a check needs, of the records that provide its fields."""
        names = dict.fromkeys((*check.locators, *check.keys()))
        columns = ["provides", *names]
        if self._ordered is not None:
            table = self._ordered.select(columns)
        else:
            table = self._keys.select(columns).collect()[self._was]
        provided = (pl.col("provides") & mask) == mask
        return table.with_row_index("row").filter(provided)

    def own(self, code: str) -> Iterator[pl.DataFrame]:
        """Yield the rows that a check has kept of its own."""
        for part in self._own.get(code, ()):
            frame = part.collect()
            yield frame.with_columns(self._new.gather(frame["row"]).alias("row"))

    def places(self, rows: Iterable[int]) -> pl.DataFrame:
        """Return where the records at some rows stand, once each."""
        places = pl.DataFrame({"row": sorted(set(rows))}, schema={"row": pl.UInt32})
        places = places.with_columns(self._was.gather(places["row"]).alias("was"))
        wanted = self._keys.select(LOCATORS).with_row_index("was")
        return wanted.join(places.lazy(), on="was").drop("was").collect()


@dataclass(frozen=True)
class Unit:
    """What a rule judges in one go, all records or those of some sources; data for any process."""

    code: str
    check: GroupCheck
    keys: pl.DataFrame
    own: pl.DataFrame | None
    context: Context


@dataclass(frozen=True)
class Judged:
    """What a rule says of a unit, or the traceback of its crash."""

    code: str
    hits: Sequence[GroupHit] = ()
    crash: str = ""
    seconds: float = 0.0

    @property
    def rows(self) -> list[int]:
        """Rows of the records that hits are shown at."""
        return sorted({hit.row for hit in self.hits if hit.row is not None})


def judge_unit(unit: Unit, _folder: Path) -> Judged:
    """Judge a unit; nothing is written."""
    started, hits, crash = perf_counter(), [], ""
    try:
        hits = list(unit.check.judge(unit.keys, unit.own, unit.context))
    except Exception:  # noqa: BLE001  a rule that crashes must not take the others along
        crash = traceback.format_exc()
    return Judged(unit.code, hits, crash, perf_counter() - started)


def judge_groups(partial: Partial, plan: Plan, engine: Engine | None = None) -> list[pl.DataFrame]:
    """Return the findings of source and corpus rules, once all batches are merged.

    Args:
        partial: All batches; crashes and seconds are noted there.
        plan: The rules that are on.
        engine: Who judges where there are many records; else it is this process.
    """
    if not partial.keys:
        return []
    keys = Keys(partial)
    rules = {
        rule.rule.code: (rule, check)
        for rule, check in plan.group_rules
        if rule.rule.code not in partial.crashed and not check.lacks(plan.context)
    }
    units = _units(rules.values(), keys, plan, partial)
    judged = _at_once(units) if partial.records < APART else _by(engine or Here(), units)
    for unit in judged:
        partial.seconds[unit.code] = partial.seconds.get(unit.code, 0.0) + unit.seconds
        if unit.crash:
            partial.crashed.setdefault(unit.code, unit.crash)
    sound = [unit for unit in judged if unit.code not in partial.crashed and unit.hits]
    if not sound:
        return []
    places = keys.places(row for unit in sound for row in unit.rows)
    frames = {}
    for number, unit in enumerate(sound):
        rule, _ = rules[unit.code]
        try:
            frames[unit.code, number] = _described(unit, places, rule)
        except Exception:  # noqa: BLE001  as above
            partial.crashed.setdefault(unit.code, traceback.format_exc())
    return [frame for (code, _), frame in frames.items() if code not in partial.crashed]


def _at_once(units: Iterable[Unit]) -> list[Judged]:
    """Judge units side by side in threads of this process, which holds all of them."""
    waiting = [in_lane(unit.code, judge_unit, unit, Path()) for unit in units]
    return [told.result() for told in waiting]


def _by(engine: Engine, units: Iterable[Unit]) -> list[Judged]:
    with tempfile.TemporaryDirectory(prefix="newsqa-") as folder:
        tasks = ((unit, Path(folder, str(number))) for number, unit in enumerate(units))
        told = dict(engine.run(judge_unit, tasks))
    return [written(told[number]) for number in sorted(told)]


def _units(
    rules: Iterable[tuple[ActiveRule, GroupCheck]], keys: Keys, plan: Plan, partial: Partial
) -> Iterator[Unit]:
    """Yield all units, made one at a time, rule by rule."""
    for rule, check in rules:
        code, started = rule.rule.code, perf_counter()
        try:
            for table, own in _parts(keys, rule, check):
                unit = Unit(code, check, table, own, plan.context)
                spent = perf_counter() - started
                partial.seconds[code] = partial.seconds.get(code, 0.0) + spent
                yield unit
                started = perf_counter()
        except Exception:  # noqa: BLE001  as above
            partial.crashed[code] = traceback.format_exc()


def _described(unit: Judged, places: pl.DataFrame, rule: ActiveRule) -> pl.DataFrame:
    shown = places.filter(pl.col("row").is_in(pl.Series(unit.rows, dtype=pl.UInt32).implode()))
    located = {row["row"]: row for row in shown.iter_rows(named=True)}
    return findings_frame([describe_group_hit(hit, located, rule) for hit in unit.hits])


def _parts(
    keys: Keys, rule: ActiveRule, check: GroupCheck
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame | None]]:
    """Yield what is judged together: the keys, and the rows that the check keeps of its own."""
    table = keys.table(check, applicable_mask(rule))
    if not check.by_source or table.height <= TOGETHER:
        kept = list(keys.own(rule.rule.code))
        yield table, pl.concat(kept) if kept else None
        return
    sizes = table.group_by("source").len().sort("source", nulls_last=True)
    number = ((sizes["len"].cum_sum() - 1) // TOGETHER).alias("bucket")
    placed = table.join(sizes.select("source", number), on="source", nulls_equal=True).sort("row")
    with tempfile.TemporaryDirectory(prefix="newsqa-") as folder:
        place = placed.select("row", "bucket")
        own = (
            frame.join(place, on="row", maintain_order="left") for frame in keys.own(rule.rule.code)
        )
        buckets = Buckets(own, Path(folder))
        for part in placed.partition_by("bucket", maintain_order=True):
            yield part.drop("bucket"), buckets.rows(part["bucket"][0])
