"""One run: paths or frames in, a `Result` out."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl

from newsqa import __version__
from newsqa.ahead import read_ahead
from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.config import Config, RuleLimits, RuleSettings
from newsqa.describe import findings_frame, number_repeats
from newsqa.engine import Partial, applicable_mask, check_batch, judge_groups
from newsqa.errors import UsageError
from newsqa.finding import Severity
from newsqa.gates import judge_gates
from newsqa.plan import build_plan
from newsqa.readers import Reading, records_from_frame
from newsqa.record import FIELD_NAMES, provided_fields
from newsqa.result import Result, RuleState

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from typing import BinaryIO

    from newsqa.catalogue import Catalogue
    from newsqa.plan import Plan
    from newsqa.readers import Batch, FileReport
    from newsqa.result import Verdict
    from newsqa.rule import Rule

Input = str | Path | pl.DataFrame | pl.LazyFrame
Progress = "Callable[[int, int], None]"


_YEARS = (1900, 2200)  # outside, some differences of times overflow
_FIGURES = {
    "source": pl.String,
    "provides": pl.UInt32,
    "day": pl.Date,
    "records": pl.UInt32,
}


@dataclass(frozen=True)
class Setup:
    """A configuration that has met the catalogue: every word in it names a rule."""

    config: Config
    catalogue: Catalogue
    plan: Plan
    limits: dict[str, RuleSettings] = field(default_factory=dict)
    source_limits: dict[str, list[tuple[str, RuleLimits]]] = field(default_factory=dict)


def set_up(config: Config, now: datetime) -> Setup:
    """Return what a run needs to know before it reads anything.

    Raises:
        UsageError: The configuration names a rule that does not exist, or no rule is on, or `now`
            is centuries away.
        RuleFileError: A rule file is faulty.
    """
    if not _YEARS[0] <= now.year <= _YEARS[1]:
        raise UsageError(f"nothing can be judged at {now:%Y-%m-%d}", hint="set another time")
    catalogue = load_catalogue(config.validators)
    limits: dict[str, RuleSettings] = {}
    for word, own in config.rules.settings.items():
        code = catalogue.find(word).code
        changes = own.model_dump(exclude_unset=True)
        limits[code] = limits.get(code, own).model_copy(update=changes)
    source_limits: dict[str, list[tuple[str, RuleLimits]]] = {}
    for source in config.source:
        for word, limit in source.rules.items():
            source_limits.setdefault(catalogue.find(word).code, []).append((source.name, limit))
    ignored = {rule.code for rule in catalogue.select(config.rules.ignore)}
    on, off = [], {}
    selected = {rule.code for rule in catalogue.select(config.rules.select)}
    for rule in catalogue.rules:
        reason = _why_off(rule, selected, ignored, limits)
        if reason:
            off[rule.code] = reason
        else:
            on.append(rule)
    if not on:
        raise UsageError("no rule is on", hint="`newsqa rules` lists them")
    plan = build_plan(
        on,
        Context(now=now),
        severities={c: s.severity for c, s in limits.items() if s.severity not in {None, "off"}},
        params={code: s.params for code, s in limits.items()},
        off=off,
    )
    return Setup(config, catalogue, plan, limits, source_limits)


def _why_off(
    rule: Rule, selected: set[str], ignored: set[str], limits: dict[str, RuleSettings]
) -> str:
    if rule.code not in selected:
        return "not selected"
    if rule.code in ignored:
        return "ignored"
    setting = limits.get(rule.code)
    return "severity is off" if setting and setting.severity == "off" else ""


def check(
    inputs: Input | Sequence[Input],
    *,
    config: Config | None = None,
    now: datetime | None = None,
    stdin: BinaryIO | None = None,
    progress: Callable[[int, int], None] | None = None,
    **reading: Any,
) -> Result:
    """Check what a scraper wrote.

    Args:
        inputs: Files, folders, globs or `-` (standard input), or Polars frames, eager or lazy.
        config: Configuration; the default checks every rule and fails on errors.
        now: The time that the records are judged at; the start of the run unless given. A time
            without a zone is UTC.
        stdin: Where `-` is read from.
        progress: Called after each batch with the files begun and the records read so far.
        reading: Further arguments of `newsqa.readers.Reading`, such as `batch_records`.

    Raises:
        UsageError: A path does not exist, or a rule that is named does not, or no rule is on, or an
            input is neither path nor frame.
        RuleFileError: A rule file is faulty.
    """
    started = datetime.now(UTC)
    clock = perf_counter()
    config = config or Config()
    now = now or started
    setup = set_up(config, now if now.tzinfo else now.replace(tzinfo=UTC))
    given = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    for item in given:
        if not isinstance(item, (str, Path, pl.DataFrame, pl.LazyFrame)):
            raise UsageError(
                f"{type(item).__name__} is no path and no Polars frame",
                hint="polars.from_pandas and polars.DataFrame make frames of other data",
            )
    paths = [str(item) for item in given if isinstance(item, (str, Path))]
    frames = [item for item in given if isinstance(item, (pl.DataFrame, pl.LazyFrame))]
    source = Reading(paths, fields=config.fields, exclude=config.exclude, stdin=stdin, **reading)
    partial = Partial()
    for batch in read_ahead(_batches(source, frames, config)):
        partial.merge(check_batch(batch, setup.plan))
        if progress:
            progress(len(source.files), partial.records)
    run = {
        "id": uuid4().hex[:12],
        "started": started.isoformat(timespec="seconds"),
        "now": setup.plan.context.now.isoformat(timespec="seconds"),
        "newsqa": __version__,
        "python": platform.python_version(),
        "polars": pl.__version__,
        "command": " ".join(["newsqa", *sys.argv[1:]]) if paths else "",
        "paths": paths,
        "config": config.model_dump(mode="json"),
        "config_hash": config.digest(),
    }
    return conclude(partial, setup, tuple(source.files), run, clock)


def _batches(
    source: Reading, frames: Iterable[pl.DataFrame | pl.LazyFrame], config: Config
) -> Generator[Batch, None, None]:
    yield from source
    for number, frame in enumerate(frames):
        name = f"<frame {number}>" if number else "<frame>"
        yield from records_from_frame(frame, fields=config.fields, path=name)


def conclude(
    partial: Partial,
    setup: Setup,
    files: tuple[FileReport, ...],
    run: dict[str, Any],
    clock: float,
) -> Result:
    """Return the result once every batch has been merged into one partial.

    Args:
        partial: All batches.
        setup: What the run was told.
        files: Reports of the files that were read.
        run: Facts about the run; the seconds are added.
        clock: `perf_counter()` at its start.
    """
    frames = partial.findings + judge_groups(partial, setup.plan)
    findings = number_repeats(pl.concat(frames) if frames else findings_frame([]))
    judged = _judged(partial, setup.plan)
    gates = judge_gates(
        setup.plan.active, findings, judged, setup.config, setup.limits, setup.source_limits
    )
    totals = _totals(partial, findings, len(files))
    run["files"] = [asdict(file) for file in files]
    run |= {"seconds": round(perf_counter() - clock, 3), "timings": _timings(partial)}
    return Result(
        findings=findings,
        records=_by_source(partial),
        days=_summed(partial.days, ["source", "day"]),
        rules=_states(setup, partial, findings, judged),
        gates=gates,
        files=files,
        run=run,
        verdict=_verdict(partial, totals, any(not g.passed for g in gates), setup.config),
        totals=totals,
    )


def _verdict(partial: Partial, totals: dict[str, int], failed: bool, config: Config) -> Verdict:
    unread = totals["records_read"] == 0 and (partial.refused or totals["unread_files"])
    if partial.crashed or unread:
        return "could-not-check"
    if totals["records_found"] == 0:
        return "pass" if config.allow_empty else "nothing-to-check"
    return "fail" if failed else "pass"


def _judged(partial: Partial, plan: Plan) -> dict[str, dict[str | None, int]]:
    """Return how many records each rule could judge, by code and source."""
    masks = _summed(partial.masks, ["source", "provides"])
    judged: dict[str, dict[str | None, int]] = {}
    for rule in plan.active:
        need = applicable_mask(rule)
        counts = masks.filter((pl.col("provides") & need) == need)
        counts = counts.group_by("source").agg(pl.col("records").sum()) if counts.height else counts
        judged[rule.rule.code] = {r["source"]: r["records"] for r in counts.iter_rows(named=True)}
    return judged


def _states(
    setup: Setup,
    partial: Partial,
    findings: pl.DataFrame,
    judged: dict[str, dict[str | None, int]],
) -> tuple[RuleState, ...]:
    counts = {
        row["rule"]: (row["findings"], row["records"])
        for row in findings.group_by("rule")
        .agg(
            pl.len().alias("findings"),
            pl.struct("path", "record")
            .filter(pl.col("record").is_not_null())
            .n_unique()
            .alias("records"),
        )
        .iter_rows(named=True)
    }
    active = {rule.rule.code: rule for rule in setup.plan.active}
    states = []
    for rule in setup.catalogue.rules:
        if rule.code not in active:
            note = setup.plan.off.get(rule.code, "")
            states.append(RuleState(rule, rule.severity, "off", note=note))
            continue
        number, records = counts.get(rule.code, (0, 0))
        applicable = sum(judged[rule.code].values())
        status, note = "checked", ""
        if rule.code in partial.crashed:
            status, note = "crashed", partial.crashed[rule.code]
        elif partial.records and not applicable:
            fields = ", ".join(sorted(provided_fields(applicable_mask(active[rule.code]))))
            status, note = "not-applicable", f"no file provides {fields}"
        severity = active[rule.code].severity
        states.append(
            RuleState(rule, severity, status, applicable, number, records, note)  # type: ignore[arg-type]
        )
    return tuple(states)


def _by_source(partial: Partial) -> pl.DataFrame:
    masks = _summed(partial.masks, ["source", "provides"])
    provided = [
        (pl.col("records") * ((pl.col("provides") & (1 << bit)) != 0))
        .sum()
        .cast(pl.UInt32)
        .alias(f"{name}_provided")
        for bit, name in enumerate(FIELD_NAMES)
    ]
    filled = _summed(partial.filled, ["source"])
    if filled.is_empty():
        return filled
    figures = masks.group_by("source").agg(provided)
    return filled.join(figures, on="source", how="left", nulls_equal=True).sort(
        "source", nulls_last=True
    )


def _summed(frames: Sequence[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    if not frames:
        return pl.DataFrame(schema={name: _FIGURES[name] for name in [*by, "records"]})
    return pl.concat(frames).group_by(by).sum().sort(by, nulls_last=True)


def _timings(partial: Partial) -> dict[str, float]:
    slowest = sorted(partial.seconds.items(), key=lambda item: -item[1])
    return {code: round(seconds, 4) for code, seconds in slowest}


def _totals(partial: Partial, findings: pl.DataFrame, files: int) -> dict[str, int]:
    by_severity = dict(findings.group_by("severity").len().iter_rows())
    placed = findings.filter(pl.col("record").is_not_null())
    return {
        "files": files,
        "unread_files": partial.unread_files,
        "sources": _summed(partial.filled, ["source"]).height,
        "records_found": partial.found,
        "records_read": partial.found - partial.refused,
        "records_refused": partial.refused,
        "findings": findings.height,
        "errors": by_severity.get(Severity.ERROR, 0),
        "warnings": by_severity.get(Severity.WARNING, 0),
        "infos": by_severity.get(Severity.INFO, 0),
        "records_with_findings": placed.select("path", "record").n_unique() if placed.height else 0,
        "suppressed": 0,
    }
