"""What each rule costs: its screen by itself, its suspects, and what locating and judging take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from time import process_time
from typing import NamedTuple

import polars as pl

from newsqa.checks import GroupCheck, RecordCheck, Row
from newsqa.config import Config
from newsqa.engine import Partial, check_batch, judge_groups
from newsqa.plan import ActiveRule, Plan
from newsqa.readers import Reading
from newsqa.run import set_up
from newsqa.text.clues import clue_screen


class RuleCost(NamedTuple):
    """Seconds of all cores that one rule takes when it is alone.

    Args:
        name: Code and name; in brackets what many rules share.
        screen: Screening, without what it shares with others.
        suspects: Records that the screen lets through.
        found: Records with a finding.
        locate: Locating.
        judge: Keys, rows of its own and judging.
    """

    name: str
    screen: float
    suspects: int
    found: int
    locate: float
    judge: float

    @property
    def total(self) -> float:
        """Seconds in all."""
        return self.screen + self.locate + self.judge


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of all cores that a second run takes: the first compiles patterns."""
    work()
    started = process_time()
    work()
    return process_time() - started


def rule_costs(path: Path, now: datetime) -> list[RuleCost]:
    """Return the costs of all rules over the records of a file."""
    plan = set_up(Config(), now).plan
    batches = list(Reading([path]))
    frame = pl.concat([batch.frame for batch in batches]).with_row_index("row")
    costs = []
    marks = dict.fromkeys(mark for rule in plan.active for mark in rule.check.marks())
    for mark in marks:
        costs.append(_shared(mark.__name__, partial(mark, frame)))
        frame = frame.hstack(mark(frame))
    clues = [clue for _, check in plan.record_rules for clue in check.clues()]
    parts = {"": frame}
    for group in dict.fromkeys(clue.group for clue in clues):
        clued = clue_screen([clue for clue in clues if clue.group == group])
        costs.append(_shared(f"clues, {group}", partial(frame.filter, clued)))
        parts[group] = frame.filter(clued)
    costs += [_of_record(rule, check, parts, plan) for rule, check in plan.record_rules]
    merged = Partial()
    for batch in batches:
        merged.merge(check_batch(batch, plan))
    merged.seconds.clear()
    judge_groups(merged, plan)
    judging = merged.seconds
    costs += [
        _of_group(rule, check, frame, judging[rule.rule.code]) for rule, check in plan.group_rules
    ]
    return costs


def _shared(name: str, work: Callable[[], object]) -> RuleCost:
    return RuleCost(f"({name})", seconds(work), 0, 0, 0.0, 0.0)


def _of_record(
    rule: ActiveRule, check: RecordCheck, parts: dict[str, pl.DataFrame], plan: Plan
) -> RuleCost:
    clues = check.clues()
    part = parts[clues[0].group] if clues else parts[""]
    screen = check.screen(plan.context).fill_null(value=False)
    screened = seconds(lambda: part.select(screen))
    suspects = part.filter(screen)
    rows = [Row(values, plan.context) for values in suspects.iter_rows(named=True)]
    started = process_time()
    found = {row["row"] for row, _ in check.locate_all(rows)}
    located = process_time() - started
    name = f"{rule.rule.code} {rule.rule.name}"
    return RuleCost(name, screened, suspects.height, len(found), located, 0.0)


def _of_group(rule: ActiveRule, check: GroupCheck, frame: pl.DataFrame, judging: float) -> RuleCost:
    keys = [expression.alias(name) for name, expression in check.keys().items()]
    kept = seconds(lambda: (frame.select(keys), check.collect(frame)))
    return RuleCost(f"{rule.rule.code} {rule.rule.name}", 0.0, 0, 0, 0.0, kept + judging)
