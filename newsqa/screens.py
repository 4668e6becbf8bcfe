"""Screens: which records of a batch each rule suspects, and the columns that tell it."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import polars as pl

from newsqa.checks import RecordCheck, clued
from newsqa.lanes import in_lane
from newsqa.record import provides_mask
from newsqa.text.screening import held_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from newsqa.checks import Check, GroupCheck
    from newsqa.plan import ActiveRule, Plan

    Looking = tuple[ActiveRule, RecordCheck | GroupCheck]


def applicable_mask(rule: ActiveRule) -> int:
    """Return the mask of the fields that a file must provide for the rule to be applicable."""
    return provides_mask(rule.check.fields())


def marked(frame: pl.DataFrame, checks: Mapping[str, Check]) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return a batch with the columns that checks read beside those of a record.

    Args:
        frame: The batch.
        checks: The checks by rule code.

    Returns:
        The batch, and the traceback by rule code where a column could not be made.
    """
    marks: dict[str, pl.Expr] = {}
    readers: dict[str, list[str]] = {}
    clues: dict[str, dict[str, None]] = {}
    literals: dict[str, dict[str, None]] = {}
    # Pages first, which take the longest, so that nobody waits for them alone.
    for code, check in sorted(checks.items(), key=lambda item: not item[1].reads_pages):
        for name, mark in check.marks().items():
            marks[name] = mark
            readers.setdefault(name, []).append(code)
        for name, patterns in check.clues().items():
            clues.setdefault(name, {}).update(dict.fromkeys(patterns))
        for name, held in check.literal_clues().items():
            literals.setdefault(name, {}).update(dict.fromkeys(held))
    made = {name: in_lane(name, column, frame, mark) for name, mark in marks.items()}
    searched: dict[str, Future[pl.Series]] = {}
    for name in clues | literals:
        texts = made.get(_column_of(name)) or frame.get_column(_column_of(name), default=None)
        if texts is not None:
            wanted = [*clues.get(name, ())], [*literals.get(name, ())]
            searched[name] = in_lane(clued(name), _holding, texts, *wanted)
    crashed: dict[str, str] = {}
    for name, future in made.items():
        try:
            frame = frame.with_columns(future.result().alias(name))
        except Exception:  # noqa: BLE001  a rule that crashes must not take the others along
            crashed |= dict.fromkeys(readers[name], traceback.format_exc())
    columns = {clued(n): texts for n, texts in searched.items() if _column_of(n) in frame}
    return frame.with_columns(t.result().alias(name) for name, t in columns.items()), crashed


def _column_of(clue: str) -> str:
    return clue.partition("/")[0]


def column(frame: pl.DataFrame, expression: pl.Expr) -> pl.Series:
    """Return what an expression makes of a frame."""
    return frame.select(expression).to_series()


def _holding(texts: pl.Series, patterns: Sequence[str], literals: Sequence[str]) -> pl.Series:
    """Return the texts in which a pattern matches or that hold a literal, the others emptied.

    All of them where the patterns cannot be searched for together, too many to compile or in what
    is no text: each rule then looks for its own, and crashes alone if it must.
    """
    try:
        held = held_by(texts, patterns)
        if literals:
            held |= texts.str.contains_any([*literals]).fill_null(value=False)
    except pl.exceptions.PolarsError:
        return texts
    return texts.zip_with(held, pl.Series([""]))


def screen(
    frame: pl.DataFrame, rules: Sequence[Looking], plan: Plan, crashed: dict[str, str]
) -> pl.DataFrame:
    """Return one boolean column a rule: true where it suspects the record.

    Each is worked out by itself: what several have in common are marks, and to look for more of it
    takes longer than it saves.

    Args:
        frame: A batch with the columns of `marked`.
        rules: The rules, each with its check.
        plan: What they belong to.
        crashed: Traceback by rule code of those that have crashed; others that do are added.
    """
    under_way = {
        rule.rule.code: in_lane(rule.rule.code, _screened, frame, rule, check, plan)
        for rule, check in rules
        if rule.rule.code not in crashed
    }
    columns = []
    for rule, _ in rules:
        code = rule.rule.code
        suspected = pl.repeat(value=False, n=frame.height, eager=True)
        try:
            suspected = under_way[code].result() if code in under_way else suspected
        except Exception:  # noqa: BLE001  as above
            crashed[code] = traceback.format_exc()
        columns.append(suspected.alias(code))
    return pl.DataFrame(columns)


def _screened(
    frame: pl.DataFrame, rule: ActiveRule, check: RecordCheck | GroupCheck, plan: Plan
) -> pl.Series:
    mask = applicable_mask(rule)
    applies = (pl.col("provides") & mask) == mask
    suspects = _suspects(check, plan).fill_null(value=False)
    return frame.select((applies & suspects).alias(rule.rule.code)).to_series()


def _suspects(check: RecordCheck | GroupCheck, plan: Plan) -> pl.Expr:
    if isinstance(check, RecordCheck):
        return check.screen(plan.context)
    suspects = check.suspects()
    return pl.lit(value=False) if suspects is None else suspects
