"""Group checks keep what they say of themselves: which columns they read, what they compare."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from newsqa import groups
from newsqa.catalogue import load_catalogue
from newsqa.checks import Context, GroupCheck
from newsqa.engine import LOCATORS, Partial, check_batch
from newsqa.groups import Keys, judge_groups
from newsqa.plan import Plan, build_check, build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.rule import Rule
from newsqa.selftest import EXAMPLES_NOW, _earlier, _repeated

RULES = [r for r in load_catalogue().rules if isinstance(build_check(r), GroupCheck)]


def examples(rule: Rule) -> tuple[Plan, Partial, list[pl.DataFrame]]:
    """Return the findings in the bad examples of a rule beside the records of other sources."""
    plan = build_plan([rule], Context(now=EXAMPLES_NOW))
    own = [record for example in rule.bad for record in example]
    sources = {record.get("source") for record in own}
    others = [record for other in RULES for example in other.bad for record in example]
    given = own + [record for record in others if record.get("source") not in {*sources, None}]
    past = [record for record in given if "earlier" in record]
    plan = replace(plan, context=replace(plan.context, earlier=_earlier(past)))
    frame = records_from_rows(
        [copy for record in given if "earlier" not in record for copy in _repeated(record)]
    )
    assert frame["source"].n_unique() > 5
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    return plan, partial, judge_groups(partial, plan)


def told(frames: list[pl.DataFrame]) -> list[str]:
    return sorted(str(row) for frame in frames for row in frame.iter_rows())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_check_names_the_columns_that_it_reads(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, partial, found = examples(rule)
    assert found
    assert not partial.crashed

    narrow = Keys.table

    def wide(self: Keys, check: GroupCheck, mask: int) -> pl.DataFrame:
        monkeypatch.setattr(type(check), "locators", LOCATORS)
        return narrow(self, check, mask)

    monkeypatch.setattr(Keys, "table", wide)
    assert told(judge_groups(partial, plan)) == told(found)


@pytest.mark.parametrize(
    "rule", [r for r in RULES if type(build_check(r)).by_source], ids=lambda rule: rule.code
)
def test_sources_judged_one_by_one_are_judged_alike(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, partial, found = examples(rule)
    monkeypatch.setattr(groups, "TOGETHER", 1)
    assert told(judge_groups(partial, plan)) == told(found)
    assert found
