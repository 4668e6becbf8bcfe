"""This run beside earlier ones: courses of limits, of findings and of the volume of sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsqa.earlier import RUNS_COMPARED, usual_volume
from newsqa.figures import count, percent
from newsqa.finding import Severity
from newsqa.report.examples import example_of, source_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsqa.report.examples import Example
    from newsqa.result import Change, Gate, Result

SPARK_WIDTH, SPARK_HEIGHT = 112, 22
MAX_CHANGES = 15
MAX_GONE = 10
MAX_VOLUMES = 30
ODD_VOLUME = 0.30
"""A source whose volume differs from its median by more than this share gets a row."""
MIN_VOLUME = 5
"""Below this many records, now and usually, a difference says nothing."""


class Bar(NamedTuple):
    """A bar of a chart, in the units of its view box."""

    x: float
    y: float
    width: float
    height: float


class Curve(NamedTuple):
    """The course of a figure, oldest run first, this one last.

    Args:
        bars: One a run that knows the figure.
        about: The figures in words.
    """

    bars: tuple[Bar, ...]
    about: str


class GateRow(NamedTuple):
    """A limit with its course.

    Args:
        gate: The limit.
        records, share: Records with a finding, and their share of those judged, in words.
        curve: Findings in the last runs; None without earlier runs, or for a single source.
        change: Findings since the last run, signed; empty where nobody knows.
    """

    gate: Gate
    records: str
    share: str
    curve: Curve | None
    change: str


class Volume(NamedTuple):
    """The records of a source beside its median over the last runs.

    Args:
        source: As shown.
        now, usual: Records.
        change: Difference in per cent, in words.
        curve: The course.
    """

    source: str
    now: int
    usual: int
    change: str
    curve: Curve


class Changed(NamedTuple):
    """What changed since an earlier run.

    Args:
        base: When the run compared with was started, or its id or path; empty without one.
        totals: New, gone and still there; None without a comparison.
        rules, sources: Those with something new or gone.
        more_rules, more_sources: How many of them are not shown.
        not_compared: Findings of rules that only one of the runs checked.
        gone: Some findings that are no more.
        vanished: Sources of earlier runs without a record in this one.
        volumes: Sources with far more or fewer records than usual.
        more_volumes: How many of them are not shown.
        steady: Sources with about as many records as usual.
        runs: Earlier runs that the medians are of.
    """

    base: str
    totals: Change | None
    rules: tuple[Change, ...]
    sources: tuple[Change, ...]
    more_rules: int
    more_sources: int
    not_compared: int
    gone: tuple[Example, ...]
    vanished: tuple[str, ...]
    volumes: tuple[Volume, ...]
    more_volumes: int
    steady: int
    runs: int


def gate_rows(result: Result, gates: Iterable[Gate]) -> tuple[GateRow, ...]:
    """Return limits, worst first, with their course over the last runs."""
    ranked = sorted(
        gates, key=lambda g: (-Severity(g.severity).rank, -g.share, -g.findings, g.rule)
    )
    return tuple(_gate_row(result, gate) for gate in ranked)


def _gate_row(result: Result, gate: Gate) -> GateRow:
    past = [run.rules.get(gate.rule) for run in result.earlier[-RUNS_COMPARED + 1 :]]
    known = bool(past) and gate.source is None
    last = past[-1] if known else None
    return GateRow(
        gate,
        f"{gate.records:,}" if gate.records else "–",
        percent(gate.share, 1) if gate.records else "–",
        curve([*past, gate.findings]) if known else None,
        "" if last is None else signed(gate.findings - last),
    )


def signed(difference: int) -> str:
    """Return a difference with its sign: `+3`, `−1,200`, `±0`."""
    if not difference:
        return "±0"
    return f"+{difference:,}" if difference > 0 else f"−{-difference:,}"


def curve(
    values: Sequence[int | None], width: int = SPARK_WIDTH, height: int = SPARK_HEIGHT
) -> Curve:
    """Return bars for the values of the last runs; None is a run that does not know."""
    top = max((value for value in values if value), default=0)
    step = width / max(len(values), RUNS_COMPARED)
    first = width - step * len(values)
    bars = []
    for place, value in enumerate(values):
        if value is not None:
            tall = round(max(1.0, (height - 2) * value / top), 2) if top else 1.0
            x = round(first + place * step, 2)
            bars.append(Bar(x, round(height - tall, 2), round(step * 0.74, 2), tall))
    said = ", ".join("not checked" if value is None else f"{value:,}" for value in values)
    return Curve(tuple(bars), f"last {count(len(values), 'run')}, oldest first: {said}")


def what_changed(result: Result) -> Changed | None:
    """Return what changed since earlier runs, or None where there is none to compare with."""
    told, runs = result.comparison, result.earlier[-RUNS_COMPARED:]
    if told is None and not runs:
        return None
    odd, steady, vanished = _volumes(result)
    rules = [c for c in told.rules if c.new or c.gone] if told else []
    sources = [c for c in told.sources if c.new or c.gone] if told else []
    facts = told.base if told else {}
    base = facts.get("started") or facts.get("id") or facts.get("path") or "an earlier run"
    return Changed(
        base=base if told else "",
        totals=told.totals if told else None,
        rules=tuple(rules[:MAX_CHANGES]),
        sources=tuple(
            replace(change, key=source_name(change.key)) for change in sources[:MAX_CHANGES]
        ),
        more_rules=max(0, len(rules) - MAX_CHANGES),
        more_sources=max(0, len(sources) - MAX_CHANGES),
        not_compared=told.not_compared if told else 0,
        gone=tuple(example_of(row) for row in told.gone.head(MAX_GONE).iter_rows(named=True))
        if told
        else (),
        vanished=tuple(vanished),
        volumes=tuple(odd[:MAX_VOLUMES]),
        more_volumes=max(0, len(odd) - MAX_VOLUMES),
        steady=steady,
        runs=len(runs),
    )


def _volumes(result: Result) -> tuple[list[Volume], int, list[str]]:
    """Return sources of unusual volume, the number of usual ones, and those that vanished."""
    runs = result.earlier[-RUNS_COMPARED:]
    if not runs:
        return [], 0, []
    now = {source or "": int(n) for source, n in _volume_now(result)}
    past = {source for run in runs for source in run.sources}
    odd, vanished, steady = [], [], 0
    for source in sorted(past | now.keys()):
        records, usual = now.get(source, 0), usual_volume(runs, source)
        if not records and not usual:
            continue
        if not records:
            vanished.append(source_name(source))
        if max(records, usual) < MIN_VOLUME or abs(records - usual) <= ODD_VOLUME * usual:
            steady += bool(records)
            continue
        change = "new" if not usual else f"{100 * (records - usual) / usual:+.0f}\u202f%"
        course = curve([*(run.volume(source) for run in runs[1 - RUNS_COMPARED :]), records])
        shown = change.replace("-", "−")
        odd.append(Volume(source_name(source), records, round(usual), shown, course))
    odd.sort(key=lambda v: (v.now > v.usual, v.usual and v.now / v.usual, v.source))
    return odd, steady, vanished


def _volume_now(result: Result) -> Iterable[tuple[str | None, int]]:
    return result.records.select("source", "records").iter_rows()
