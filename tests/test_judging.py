"""Sources and the corpus are judged alike wherever it is done."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from newsqa import groups
from newsqa.config import Config
from newsqa.engine import Partial, check_batch
from newsqa.groups import judge_groups
from newsqa.parts import buckets, engines
from newsqa.parts.engines import Here, Processes
from newsqa.readers import Reading
from newsqa.setup import set_up

if TYPE_CHECKING:
    from newsqa.parts.engines import Engine
    from newsqa.plan import Plan

SAMPLES = Path(__file__).parent.parent / "samples" / "broken"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def checked() -> tuple[Plan, Partial]:
    plan = set_up(Config(), NOW).plan
    partial = Partial()
    for batch in Reading([SAMPLES]):
        partial.merge(check_batch(batch, plan))
    return plan, partial


def judged(engine: Engine | None) -> pl.DataFrame:
    plan, partial = checked()
    frames = judge_groups(partial, plan, engine)
    assert not partial.crashed
    assert {
        rule.rule.code for rule, check in plan.group_rules if not check.lacks(plan.context)
    } <= {*partial.seconds}
    return pl.concat(frames)


@pytest.fixture(scope="module")
def together() -> pl.DataFrame:
    """Findings of units that hold all records, judged in this process."""
    return judged(None)


@pytest.fixture
def apart(together: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have few records judged as many are: by others, and some sources at a time."""
    monkeypatch.setattr(groups, "APART", 1)
    monkeypatch.setattr(groups, "TOGETHER", 20)
    monkeypatch.setattr(buckets, "RUN_BYTES", 1000)


@pytest.mark.usefixtures("apart")
def test_processes_judge_as_this_one_does(
    together: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = judged(None)
    assert here["rule"].n_unique() > 10
    assert here.sort(here.columns).equals(together.sort(here.columns))
    # Units that are too large wait on disk, here every second one or so.
    monkeypatch.setattr(engines, "_IN_MEMORY", 10_000)
    assert judged(Processes(2)).equals(here)


def test_few_records_are_judged_in_this_process() -> None:
    class Nobody:
        elsewhere = False

        def run(self, work: object, tasks: object) -> None:
            pytest.fail("handed over")

    assert judged(Nobody()).height > 20  # type: ignore[arg-type]


@pytest.mark.usefixtures("apart")
def test_a_rule_that_crashes_for_some_sources_finds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan, partial = checked()
    whole = pl.concat(judge_groups(partial, plan))
    (check,) = [check for rule, check in plan.group_rules if rule.rule.code == "BLD001"]
    judge = type(check).judge
    units: list[int] = []

    def judge_the_first(self: object, keys: pl.DataFrame, *rest: object) -> object:
        units.append(keys.height)
        if len(units) > 1:
            raise ValueError("no")
        return judge(self, keys, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(check), "judge", judge_the_first)
    found = pl.concat(judge_groups(partial, plan, Here()))
    assert len(units) > 1
    assert "ValueError: no" in partial.crashed["BLD001"]
    rest = whole.filter(pl.col("rule") != "BLD001")
    assert found.filter(pl.col("rule") != "BLD001").equals(rest)
    assert "BLD001" not in found["rule"].to_list()
