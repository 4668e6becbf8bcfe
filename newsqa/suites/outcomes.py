"""All suites of a run judged over its frames, and the findings of what is not met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsqa.suites.counts import known_figures, needs
from newsqa.suites.frames import FINDING_COLUMNS, RECORD_COLUMNS, SOURCE_COLUMNS
from newsqa.suites.judge import judge_suite, require_columns
from newsqa.suites.model import FRAMES, SuiteResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from newsqa.suites.model import Outcome, Suite
    from newsqa.suites.native import Figures

SCHEMAS = {"records": RECORD_COLUMNS, "sources": SOURCE_COLUMNS, "findings": FINDING_COLUMNS}
"""The columns of each frame."""
_SHOWN = 6


def record_columns(suites: Iterable[Suite]) -> set[str]:
    """Return the columns of all records that suites need, beside what is counted by the batch.

    Raises:
        SuiteError: An expectation names a column that its frame does not have.
    """
    needed: set[str] = set()
    for suite in suites:
        require_columns(suite, SCHEMAS)
        for expectation in suite.expectations:
            if expectation.frame == "records":
                needed |= needs(expectation)
    return needed


def judge_suites(
    suites: Sequence[Suite], frames: Mapping[str, pl.LazyFrame], counts: Mapping[str, int]
) -> tuple[SuiteResult, ...]:
    """Return what becomes of the suites; each frame is read once a suite.

    Args:
        suites: Suites whose columns were found to exist.
        frames: The frame of each name in `FRAMES`; that of the records has `record_columns`.
        counts: As `newsqa.suites.counts.RowCounts` has counted the records.
    """
    known = known_figures(suites, counts)
    return tuple(_judged(*given, frames) for given in zip(suites, known, strict=True))


def _judged(
    suite: Suite, known: Mapping[int, Figures], frames: Mapping[str, pl.LazyFrame]
) -> SuiteResult:
    outcomes: dict[int, Outcome] = {}
    for name in FRAMES:
        own = {n: e for n, e in enumerate(suite.expectations) if e.frame == name}
        if own:
            part = replace(suite, expectations=tuple(own.values()))
            told = {place: known[n] for place, n in enumerate(own) if n in known}
            result = judge_suite(frames[name], part, known=told)
            outcomes |= zip(own, result.outcomes, strict=True)
    return SuiteResult(suite, tuple(outcomes[n] for n in sorted(outcomes)))


def unmet(results: Iterable[SuiteResult]) -> list[tuple[SuiteResult, Outcome]]:
    """Return the outcomes of expectations that were judged and are not met."""
    return [(r, o) for r in results for o in r.outcomes if not o.success and not o.exception]


def raised(results: Iterable[SuiteResult]) -> list[str]:
    """Return a line for each expectation that could not be judged."""
    return [
        f"{r.suite.name}: {o.expectation.type} of {o.expectation.subject}: {o.exception}"
        for r in results
        for o in r.outcomes
        if o.exception
    ]


def observed(outcome: Outcome) -> str:
    """Return the figures of an outcome in words, without scraped values."""
    result, kwargs = outcome.result, outcome.expectation.kwargs
    if "unexpected_count" in result and "element_count" in result:
        percent = result.get("unexpected_percent")
        share = f" ({percent:.1f} %)" if percent is not None else ""
        wanted = kwargs.get("mostly")
        allowed = f", at most {100 * (1 - wanted):.1f} % may be" if wanted is not None else ""
        return (
            f"{result['unexpected_count']:,} of {result['element_count']:,} rows are not as"
            f" expected{share}{allowed}"
        )
    counts = [f"{result[k]:,} {w}" for k, w in _COUNTS.items() if result.get(k)]
    if counts:
        return ", ".join(counts)
    value = result.get("observed_value")
    told = outcome.expectation.type.startswith("expect_table") or not isinstance(value, str)
    return f"it is {_figure(value) if told else 'another text'}, not {_wanted(kwargs)}"


_COUNTS = {"unexpected_count": "values are beyond the set", "missing_count": "values are missing"}


def _figure(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, dict) and "values" in value:
        return ", ".join(map(_figure, value["values"]))
    if isinstance(value, (list, tuple)):
        more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
        return ", ".join(map(_figure, value[:_SHOWN])) + more
    return "nothing" if value is None else str(value)


def _wanted(kwargs: Mapping[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None and high is not None:
        return f"between {_figure(low)} and {_figure(high)}"
    if low is not None:
        return f"at least {_figure(low)}"
    if high is not None:
        return f"at most {_figure(high)}"
    return _figure(kwargs["value"]) if "value" in kwargs else "as expected"
