"""The page over all runs: verdicts, counts, and the course of every source and rule.

It is as safe as the report: every text is escaped, no script, nothing from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from newsqa import __version__
from newsqa.report.examples import source_name
from newsqa.report.html import STYLES, asset, environment, policy
from newsqa.report.safe import clip
from newsqa.report.summary import VERDICT_WORDS
from newsqa.report.trends import Bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsqa.earlier import EarlierRun

WIDTH, HEIGHT = 180, 28
MAX_RUNS, MAX_ROWS, CURVE_RUNS = 30, 40, 30


class IndexEntry(NamedTuple):
    """One run on the page.

    Args:
        run: Its figures.
        series: What it is compared within.
        report: Its report, relative to the page; empty where there is none.
        names: Names of rules by code.
    """

    run: EarlierRun
    series: str
    report: str
    names: Mapping[str, str]


class Curve(NamedTuple):
    """The course of one figure, oldest run first.

    Args:
        name: Whose figure it is.
        last, before: In the latest run and in the one before; None where there is none.
        bars: One a run, in the units of the view box.
        about: The figures in words.
    """

    name: str
    last: int | None
    before: int | None
    bars: tuple[Bar, ...]
    about: str


class RunRow(NamedTuple):
    """One row of the table of runs."""

    run: EarlierRun
    started: str
    word: str
    report: str


@dataclass(frozen=True)
class Series:
    """The runs of one job.

    Args:
        name: The paths that it checks, without their numbers.
        tone: `good`, `bad` or `odd`, after the latest verdict.
        word: The latest verdict in words.
        rows: Runs, latest first.
        more: Runs beyond those.
        totals, sources, rules: Curves of records and findings, of records by source, and of
            findings by rule.
        more_sources, more_rules: How many have no curve here.
    """

    name: str
    tone: str
    word: str
    rows: tuple[RunRow, ...]
    more: int
    totals: tuple[Curve, ...]
    sources: tuple[Curve, ...]
    rules: tuple[Curve, ...]
    more_sources: int
    more_rules: int


_TONES = {"pass": "good", "fail": "bad", "could-not-check": "bad", "nothing-to-check": "odd"}


def write_index(entries: Sequence[IndexEntry], path: Path, assets: str = "inline") -> None:
    """Write the page to a file.

    Args:
        entries: Runs, oldest first.
        path: The file; its folder is made.
        assets: `inline`, or `external` for a style sheet beside the page.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = None
    if assets == "external":
        folder = f"{path.stem}.assets"
        (path.parent / folder).mkdir(exist_ok=True)
        for name in STYLES:
            (path.parent / folder / name).write_text(asset(name), "utf-8", newline="\n")
    path.write_text(render_index(entries, folder), "utf-8", newline="\n")


def render_index(entries: Sequence[IndexEntry], folder: str | None = None) -> str:
    """Return the page as text.

    Args:
        entries: Runs, oldest first.
        folder: Folder of the style sheet, relative to the page; None puts it into the page.
    """
    names = list(dict.fromkeys(entry.series for entry in reversed(entries)))
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            series=[_series(name, [e for e in entries if e.series == name]) for name in names],
            runs=len(entries),
            version=__version__,
            policy=policy(inline=folder is None),
            folder=folder,
            styles={name: Markup(asset(name)) for name in STYLES},  # noqa: S704  our own files
            chart=(WIDTH, HEIGHT),
        )
    )


def _series(name: str, entries: list[IndexEntry]) -> Series:
    runs = [entry.run for entry in entries][-CURVE_RUNS:]
    latest = runs[-1]
    sources = {source for run in runs for source in run.sources}
    volumes = [
        _curve(source_name(source), [run.volume(source) for run in runs]) for source in sources
    ]
    rules = {rule for run in runs for rule, number in run.rules.items() if number}
    names = {rule: entry.names.get(rule, "") for entry in entries for rule in entry.run.rules}
    findings = [
        _curve(f"{rule} {names.get(rule, '')}".strip(), [run.rules.get(rule) for run in runs])
        for rule in rules
    ]
    # What fell most comes first; then what is largest.
    volumes.sort(key=lambda c: ((c.last or 0) - (c.before or 0), -(c.last or 0), c.name))
    findings.sort(key=lambda c: (-(c.last or 0), -(c.before or 0), c.name))
    rows = [
        RunRow(
            e.run,
            e.run.started[:19].replace("T", " "),
            VERDICT_WORDS.get(e.run.verdict, e.run.verdict),
            e.report,
        )
        for e in reversed(entries)
    ]
    return Series(
        name=clip(name, 120) or "(no paths)",
        tone=_TONES.get(latest.verdict, "odd"),
        word=rows[0].word,
        rows=tuple(rows[:MAX_RUNS]),
        more=max(0, len(rows) - MAX_RUNS),
        totals=(
            _curve("Records", [run.records for run in runs]),
            _curve("Findings", [run.findings for run in runs]),
            _curve("Errors", [run.errors for run in runs]),
        ),
        sources=tuple(volumes[:MAX_ROWS]),
        rules=tuple(findings[:MAX_ROWS]),
        more_sources=max(0, len(volumes) - MAX_ROWS),
        more_rules=max(0, len(findings) - MAX_ROWS),
    )


def _curve(name: str, values: Sequence[int | None]) -> Curve:
    top = max((value for value in values if value), default=0)
    step = WIDTH / max(len(values), 10)
    bars = []
    for place, value in enumerate(values):
        if value is None:
            continue
        height = round(max(1.0, (HEIGHT - 2) * value / top), 2) if top else 1.0
        bars.append(
            Bar(round(place * step, 2), round(HEIGHT - height, 2), round(step * 0.8, 2), height)
        )
    said = ", ".join("none" if value is None else f"{value:,}" for value in values[-10:])
    before = values[-2] if len(values) > 1 else None
    return Curve(name, values[-1], before, tuple(bars), f"the last runs: {said}")
