"""Judging sources and the corpus once all records are known by their keys.

Keys may lie on disk. Each rule gets the columns that it needs and no others, and one that judges
sources one by one gets some sources at a time, so that memory does not grow with their number.
"""

from __future__ import annotations

import traceback
from time import perf_counter
from typing import TYPE_CHECKING

import polars as pl

from newsqa.describe import describe_group_hit, findings_frame
from newsqa.engine import LOCATORS, applicable_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.checks import GroupCheck
    from newsqa.engine import Partial
    from newsqa.plan import ActiveRule, Plan

TOGETHER = 200_000
"""Records whose sources are judged together."""


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

    def table(self, check: GroupCheck, mask: int) -> pl.DataFrame:
        """Return the columns that a check needs, of the records that provide its fields."""
        names = dict.fromkeys((*check.locators, *check.keys()))
        table = self._keys.select("provides", *names).collect()[self._was].with_row_index("row")
        return table.filter((pl.col("provides") & mask) == mask)

    def own(self, code: str, rows: pl.Series | None = None) -> pl.DataFrame | None:
        """Return the rows that a check has kept of its own, those of some records or of all."""
        frames = []
        for part in self._own.get(code, ()):
            frame = part.collect()
            frame = frame.with_columns(self._new.gather(frame["row"]).alias("row"))
            frames.append(frame if rows is None else frame.filter(pl.col("row").is_in(rows)))
        return pl.concat(frames) if frames else None

    def located(self, rows: list[int]) -> dict[int, dict[str, object]]:
        """Return where the records at these rows stand, by row."""
        places = pl.DataFrame({"row": rows}, schema={"row": pl.UInt32})
        places = places.with_columns(self._was.gather(places["row"]).alias("was"))
        wanted = self._keys.select(LOCATORS).with_row_index("was")
        found = wanted.join(places.lazy(), on="was").collect()
        return {row["row"]: row for row in found.drop("was").iter_rows(named=True)}


def judge_groups(partial: Partial, plan: Plan) -> list[pl.DataFrame]:
    """Return the findings of source and corpus rules, once all batches are merged."""
    if not partial.keys:
        return []
    keys = Keys(partial)
    frames = []
    for rule, check in plan.group_rules:
        code = rule.rule.code
        if code in partial.crashed or check.lacks(plan.context):
            continue
        started = perf_counter()
        try:
            frames += judge_rule(rule, check, keys, plan)
        except Exception:  # noqa: BLE001  a rule that crashes must not take the others along
            partial.crashed[code] = traceback.format_exc()
        partial.seconds[code] = partial.seconds.get(code, 0.0) + perf_counter() - started
    return frames


def judge_rule(rule: ActiveRule, check: GroupCheck, keys: Keys, plan: Plan) -> list[pl.DataFrame]:
    """Return the findings of one source or corpus rule."""
    table = keys.table(check, applicable_mask(rule))
    frames = []
    for part, rows in _parts(table, check):
        hits = list(check.judge(part, keys.own(rule.rule.code, rows), plan.context))
        if hits:
            located = keys.located(sorted({hit.row for hit in hits if hit.row is not None}))
            frames.append(findings_frame([describe_group_hit(hit, located, rule) for hit in hits]))
    return frames


def _parts(
    table: pl.DataFrame, check: GroupCheck
) -> Iterator[tuple[pl.DataFrame, pl.Series | None]]:
    """Yield what is judged together, with its rows, None where that is everything."""
    if not check.by_source or table.height <= TOGETHER:
        yield table, None
        return
    sizes = table.group_by("source").len().sort("source", nulls_last=True)
    bucket = (sizes["len"].cum_sum() - 1) // TOGETHER
    placed = table.join(
        sizes.select("source", bucket.alias("bucket")), on="source", nulls_equal=True
    ).sort("row")
    for part in placed.partition_by("bucket", include_key=False, maintain_order=True):
        yield part, part["row"]
