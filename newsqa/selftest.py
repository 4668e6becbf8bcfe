"""The self-test: every rule is tried on its own good and bad examples."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsqa.checks import Context, GroupCheck
from newsqa.checks.reading import Reading
from newsqa.checks.suite import SuiteOutcome
from newsqa.describe import describe_unmet, findings_frame
from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.engine import Partial, check_batch
from newsqa.errors import RuleFileError
from newsqa.groups import judge_groups
from newsqa.plan import build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.readers import Reading as Input
from newsqa.suites import suite_of
from newsqa.suites.counts import RowCounts, counted
from newsqa.suites.frames import stored_columns, suite_columns
from newsqa.suites.outcomes import judge_suites, observed, record_columns, unmet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from newsqa.plan import Plan
    from newsqa.rule import Rule

EXAMPLES_NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""The time at which examples are checked, so that they say the same on every day."""


@dataclass(frozen=True)
class Trial:
    """One example of one rule, tried.

    Args:
        rule: Code of the rule.
        kind: `good` or `bad`.
        number: 0-based place in that list.
        outcome: `validated` (good, no finding), `noisy` (good, a finding), `reported` (bad, a
            finding) or `missing` (bad, no finding).
        messages: Messages of the findings, or the crash.
    """

    rule: str
    kind: str
    number: int
    outcome: str
    messages: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the example did what its rule promises."""
        return self.outcome in {"validated", "reported"}


def try_examples(rules: Iterable[Rule]) -> Iterator[Trial]:
    """Yield one trial an example.

    Raises:
        RuleFileError: A rule's check cannot be built, or an example is not of the rule's shape.
    """
    for rule in rules:
        plan = build_plan([rule], Context(now=EXAMPLES_NOW))
        for kind in ("good", "bad"):
            for number, example in enumerate(getattr(rule, kind)):
                findings, crash = _findings(example, plan, rule)
                messages = tuple(findings["message"].to_list()) if findings is not None else ()
                if crash:
                    outcome, messages = ("noisy" if kind == "good" else "missing"), (crash,)
                elif kind == "good":
                    outcome = "noisy" if messages else "validated"
                else:
                    outcome = "reported" if messages else "missing"
                yield Trial(rule.code, kind, number, outcome, messages)


def _findings(example: Any, plan: Plan, rule: Rule) -> tuple[pl.DataFrame | None, str]:
    import polars as pl

    check = plan.active[0].check
    if isinstance(check, SuiteOutcome):
        return _suite_example(example, plan, rule), ""
    if isinstance(check, Reading):
        partial = _read_example(example, plan, rule)
    else:
        if isinstance(check, GroupCheck) != isinstance(example, list):
            wanted = "a list of records" if isinstance(check, GroupCheck) else "one record"
            raise RuleFileError(f"{rule.code}: an example is {wanted}", where=rule.origin)
        records = example if isinstance(example, list) else [example]
        past = [record for record in records if "earlier" in record]
        try:
            context = replace(plan.context, earlier=_earlier(past))
            plan = replace(plan, context=context)
            frame = records_from_rows(
                [copy for record in records if record not in past for copy in _repeated(record)]
            )
        except (AttributeError, KeyError, TypeError) as error:
            fault = f"{rule.code}: an example is no record: {error.args[0]}"
            raise RuleFileError(fault, where=rule.origin) from None
        partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    frames = partial.findings + judge_groups(partial, plan)
    crash = partial.crashed.get(rule.code, "").strip().splitlines()
    return (pl.concat(frames) if frames else None), (crash[-1] if crash else "")


def _suite_example(example: Any, plan: Plan, rule: Rule) -> pl.DataFrame | None:
    if not isinstance(example, dict) or set(example) != {"suite", "records"}:
        fault = f"{rule.code}: an example is a table of `suite`, expectations, and `records`"
        raise RuleFileError(fault, where=rule.origin)
    suite = suite_of({"name": "example", "expectations": example["suite"]})
    counts, records = RowCounts(counted([suite])), records_from_rows(example["records"])
    counts.take(records)
    kept = suite_columns(records.lazy(), stored_columns(record_columns([suite])))
    results = judge_suites([suite], {"records": kept}, counts.sums())
    rows = [describe_unmet(r.suite, o, observed(o), plan.suite_rules[0]) for r, o in unmet(results)]
    return findings_frame(rows) if rows else None


def _read_example(example: Any, plan: Plan, rule: Rule) -> Partial:
    if not isinstance(example, dict) or not {"file"} < set(example) <= {"file", "text", "hex"}:
        raise RuleFileError(
            f"{rule.code}: an example is a table of `file` and `text` or `hex`", where=rule.origin
        )
    content = bytes.fromhex(example["hex"]) if "hex" in example else example["text"].encode()
    partial = Partial()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(example["file"]).name)
        path.write_bytes(content)
        for batch in Input([path]):
            partial.merge(check_batch(batch, plan))
    return partial


def _earlier(tables: list[Mapping[str, Any]]) -> tuple[EarlierRun, ...]:
    """Return the earlier runs of an example: `earlier = [30, 28]` records of a `source` in each.

    `filled = { body = 0.9 }` is the share of them that fill a field.
    """
    runs = []
    for number in range(max((len(table["earlier"]) for table in tables), default=0)):
        sources = {}
        for table in tables:
            records = table["earlier"][number] if number < len(table["earlier"]) else 0
            if records:
                shares = table.get("filled", {}).items()
                filled = {name: round(share * records) for name, share in shares}
                sources[table["source"]] = SourceFigures(records, filled)
        total = sum(figures.records for figures in sources.values())
        started = f"2025-12-{number + 1:02}T06:00:00+00:00"
        runs.append(EarlierRun(f"run{number}", started, "pass", total, 0, 0, 0, sources))
    return tuple(runs)


def _repeated(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return copies of an example record: `repeat = 3` with `{n}` 0, 1, 2 and `{n2}` 01, 02, 03."""
    times = record.get("repeat", 1)
    plain = {key: value for key, value in record.items() if key != "repeat"}
    if "repeat" not in record:
        return [plain]
    return [{key: _numbered(value, n) for key, value in plain.items()} for n in range(times)]


def _numbered(value: Any, n: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n2}", f"{n + 1:02}").replace("{n}", str(n))
    if isinstance(value, list):
        return [_numbered(part, n) for part in value]
    return value
