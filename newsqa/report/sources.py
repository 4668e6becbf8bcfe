"""The sources side by side: findings by rule, filled fields, and publication days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from newsqa.earlier import usual_fill
from newsqa.figures import count, percent, shade
from newsqa.record import FIELD_NAMES
from newsqa.report.examples import NO_SOURCE, source_name
from newsqa.report.trends import Bar

if TYPE_CHECKING:
    from datetime import date

    from newsqa.earlier import EarlierRun
    from newsqa.result import Result

MAX_ROWS = 30
MAX_COLUMNS = 20
LEAST_CHANGE = 0.01
"""Smaller changes of a share are not told."""
_FAR = 730
"""Days from the middle half of all records that are never too far for the axis."""
MAX_OUTSIDE = 3
CHART_WIDTH, CHART_HEIGHT, CHART_BARS = 360, 34, 60
_BINS = (1, 7, 14, 30, 91, 182, 365)


class Cell(NamedTuple):
    """A figure in a shaded table: what is printed, its step from 0 to 5, and what it means.

    `change` is the difference from what was usual, in points, signed; empty for none.
    """

    text: str
    step: int
    about: str
    change: str = ""


@dataclass(frozen=True)
class SourceRow:
    """One source, or all those that are folded into the last row.

    Args:
        name: As shown; also what the table of findings is filtered by.
        folded: How many sources the row stands for, where it is the folded one; else 0.
        records: Records read.
        flawed: Records with a finding.
        errors, warnings, infos: Findings by severity.
        cells: Findings by rule, in the order of the columns.
        filled: Filled fields, in the order of the columns.
    """

    name: str
    folded: int
    records: int
    flawed: int
    errors: int
    warnings: int
    infos: int
    cells: tuple[Cell, ...] = ()
    filled: tuple[Cell, ...] = ()

    @property
    def findings(self) -> int:
        """Findings of every severity."""
        return self.errors + self.warnings + self.infos


@dataclass(frozen=True)
class DayChart:
    """The publication days of one source.

    Args:
        source: As shown.
        dated: Records with a publication date.
        first, last: Earliest and latest day.
        busiest: The day with most records.
        busiest_records: How many those are.
        bars: Records by bin, scaled to the source's own largest.
        outside: Records before or after the axis that all charts share.
        outside_days: Some of their days, in words.
    """

    source: str
    dated: int
    first: date
    last: date
    busiest: date
    busiest_records: int
    bars: tuple[Bar, ...]
    outside: int
    outside_days: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayAxis:
    """The axis that all charts share.

    It leaves out what lies two years and ten times the spread of the middle half away from that
    half, and the outermost 1 % of the records at either end where those would more than double it:
    one date of the year 1 or 9999 must not flatten every chart.
    """

    first: date
    last: date
    bin_days: int


def source_rows(result: Result, rules: list[str], limit: int = MAX_ROWS) -> list[SourceRow]:
    """Return the sources, worst first; those past the limit are folded into the last row.

    Args:
        result: The run.
        rules: Codes of the rules that become columns.
        limit: Number of sources with a row of their own.
    """
    table = source_table(result)
    if table.is_empty():
        return []
    fields, _ = filled_fields(result)
    counts = _counts_by_rule(result.findings)
    ranked = table.sort(
        ["errors", "warnings", "findings", "records", "shown"], descending=[True] * 4 + [False]
    )
    rows = ranked.to_dicts()
    groups = [[row] for row in rows[:limit]]
    if rest := rows[limit:]:
        groups.append(rest)
    return [_row_of(group, rules, fields, counts, result.earlier) for group in groups]


def filled_fields(result: Result) -> tuple[list[str], list[str]]:
    """Return the fields that some record lacks though its file has them, and those always filled.

    Fields that no file provides are in neither list.
    """
    lacking: list[str] = []
    full: list[str] = []
    for name in FIELD_NAMES:
        if f"{name}_provided" not in result.records.columns:
            continue
        provided = result.records[f"{name}_provided"].sum()
        if provided:
            filled = result.records[f"{name}_filled"].sum()
            (full if filled == provided else lacking).append(name)
    return lacking, full


def source_table(result: Result) -> pl.DataFrame:
    """Return a row a source: records, findings by severity, records with a finding, fields."""
    severities = [
        (pl.col("severity") == word).sum().alias(f"{word}s")
        for word in ("error", "warning", "info")
    ]
    flawed = pl.struct("path", "record").filter(pl.col("record").is_not_null()).n_unique()
    found = result.findings.group_by(pl.col("source").fill_null("")).agg(
        *severities, pl.len().alias("findings"), flawed.alias("flawed")
    )
    read = result.records.with_columns(
        pl.col("source").cast(pl.String).fill_null(""), pl.col("records").cast(pl.Int64)
    )
    table = read.join(found, on="source", how="full", coalesce=True)
    numbers = [name for name in table.columns if name != "source"]
    return table.with_columns(pl.col(numbers).cast(pl.Int64).fill_null(0)).with_columns(
        pl.col("source").map_elements(source_name, return_dtype=pl.String).alias("shown")
    )


def _counts_by_rule(findings: pl.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    records = pl.struct("path", "record").filter(pl.col("record").is_not_null()).n_unique()
    counted = findings.group_by(pl.col("source").fill_null(""), "rule").agg(
        pl.len().alias("findings"), records.alias("records")
    )
    return {(s, r): (n, k) for s, r, n, k in counted.iter_rows()}


def _row_of(
    group: list[dict[str, int]],
    rules: list[str],
    fields: list[str],
    counts: dict[tuple[str, str], tuple[int, int]],
    earlier: tuple[EarlierRun, ...],
) -> SourceRow:
    total = {
        key: sum(row[key] for row in group) for key in group[0] if key not in {"source", "shown"}
    }
    cells = []
    for code in rules:
        pairs = [counts.get((str(row["source"]), code), (0, 0)) for row in group]
        findings, records = sum(n for n, _ in pairs), sum(k for _, k in pairs)
        cells.append(_finding_cell(findings, records, total["records"]))
    folded = len(group) if len(group) > 1 else 0
    return SourceRow(
        name=f"{folded} other sources" if folded else str(group[0]["shown"]),
        folded=folded,
        records=total["records"],
        flawed=total["flawed"],
        errors=total["errors"],
        warnings=total["warnings"],
        infos=total["infos"],
        cells=tuple(cells),
        filled=tuple(
            _fill_cell(
                total[f"{name}_filled"],
                total[f"{name}_provided"],
                total["records"],
                None if folded else usual_fill(earlier, str(group[0]["source"]), name),
            )
            for name in fields
        ),
    )


def _finding_cell(findings: int, records: int, of: int) -> Cell:
    if not findings:
        return Cell("·", 0, "no finding")
    about = f"{count(findings, 'finding')} in {records:,} of {count(of, 'record')}"
    # A finding that is no record's concerns the source as a whole.
    step = shade(records, of) if records else 1
    return Cell(f"{findings:,}", max(1, step), about)


def _fill_cell(filled: int, provided: int, records: int, usual: float | None) -> Cell:
    change, told = "", ""
    difference = filled / records - usual if records and usual is not None else 0.0
    if usual is not None and abs(difference) >= LEAST_CHANGE:
        change = f"{100 * difference:+.0f}".replace("-", "−")
        told = f"; usually {percent(usual, 1)}"
    if not provided:
        return Cell("–", 0, f"not provided{told}", change)
    about = f"{filled:,} of {count(provided, 'record')} filled{told}"
    return Cell(percent(filled, provided), shade(provided - filled, provided), about, change)


def day_charts(result: Result, limit: int = MAX_ROWS) -> tuple[DayAxis | None, list[DayChart]]:
    """Return the shared axis and a chart for each of the largest sources."""
    days = result.days
    if days.is_empty():
        return None, []
    axis = _axis(days)
    sizes = (
        days.group_by("source")
        .agg(pl.col("records").sum())
        .sort(["records", "source"], descending=[True, False], nulls_last=True)
    )
    charts = []
    for source in sizes["source"].head(limit):
        own = days.filter(pl.col("source").eq_missing(pl.lit(source, dtype=pl.String)))
        charts.append(_chart(source_name(source) if source else NO_SOURCE, own, axis))
    return axis, charts


def _axis(days: pl.DataFrame) -> DayAxis:
    ordered = days.group_by("day").agg(pl.col("records").sum()).sort("day")
    quarter, three = _day_at(ordered, 0.25), _day_at(ordered, 0.75)
    reach = max(_FAR, 10 * (three - quarter).days)
    near = ((ordered["day"] - quarter).dt.total_days() >= -reach) & (
        (ordered["day"] - three).dt.total_days() <= reach
    )
    ordered = ordered.filter(near)
    first, last = ordered["day"][0], ordered["day"][-1]
    inner_first, inner_last = _day_at(ordered, 0.01), _day_at(ordered, 0.99)
    if (last - first).days > 2 * (inner_last - inner_first).days + 14:
        first, last = inner_first, inner_last
    length = (last - first).days + 1
    size = next((n for n in _BINS if length <= n * CHART_BARS), 1 + length // CHART_BARS)
    return DayAxis(first, last, size)


def _day_at(ordered: pl.DataFrame, share: float) -> date:
    """Return the day on which this share of the records is reached; days are in order."""
    so_far = ordered["records"].cast(pl.Int64).cum_sum()
    place = int((so_far < share * so_far[-1]).sum())
    found: date = ordered["day"][min(place, ordered.height - 1)]
    return found


def _chart(source: str, own: pl.DataFrame, axis: DayAxis) -> DayChart:
    is_inside = pl.col("day").is_between(axis.first, axis.last)
    inside, far = own.filter(is_inside), own.filter(~is_inside)["day"].unique().sort()
    named = [day.isoformat() for day in far.head(MAX_OUTSIDE)]
    if far.len() > MAX_OUTSIDE:
        named.append(f"{far.len() - MAX_OUTSIDE:,} more")
    offsets = (inside["day"] - axis.first).dt.total_days() // axis.bin_days
    binned = dict(inside.select(offsets.alias("bin"), "records").group_by("bin").sum().iter_rows())
    bins = max(1, -(-((axis.last - axis.first).days + 1) // axis.bin_days))
    busiest = own.sort(["records", "day"], descending=[True, False]).row(0, named=True)
    total = int(own["records"].sum())
    return DayChart(
        source=source,
        dated=total,
        first=min(own["day"]),
        last=max(own["day"]),
        busiest=busiest["day"],
        busiest_records=busiest["records"],
        bars=tuple(_bars(binned, bins)),
        outside=total - int(inside["records"].sum()),
        outside_days=tuple(named),
    )


def _bars(binned: dict[int, int], bins: int) -> list[Bar]:
    top = max(binned.values(), default=0)
    step = CHART_WIDTH / bins
    width = round(min(step * 0.82, 14), 2)
    bars = []
    for position, records in sorted(binned.items()):
        height = round(max(1.5, (CHART_HEIGHT - 2) * records / top), 2)
        x = round(position * step + (step - width) / 2, 2)
        bars.append(Bar(x, round(CHART_HEIGHT - height, 2), width, height))
    return bars
