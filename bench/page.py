"""The page that says what was measured: docs/performance.md."""

from __future__ import annotations

import inspect
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dozen
from contestants import CONTESTANTS, Contestant
from limit import Outcome, told
from measure import MIB, Cost


class Grown(NamedTuple):
    """The whole catalogue and the unit over a number of records; size in bytes."""

    records: int
    size: int
    whole: Cost
    unit: Cost


class Limited(NamedTuple):
    """A check within a limit of memory, in bytes."""

    records: int
    limit: int
    how: str
    control: Outcome | None = None
    outcome: Outcome | None = None


class Measured(NamedTuple):
    """All that one run measured.

    Args:
        records: Records of the contest.
        size: Bytes of their file.
        rounds: Rounds of the contest.
        cores: Processors of the machine.
        costs: Medians by contestant.
        missing: Why others have none.
        disagreements: Failing records as counted and as agreed, by contestant and check.
        growth: The whole catalogue over more and more records.
        limited: A check within a limit of memory.
        rule_records: Records of the measuring of rules.
        rules: What `rulecosts.py` tells.
        dearest: How many rules are shown.
    """

    records: int
    size: int
    rounds: int
    cores: int
    costs: dict[str, Cost]
    missing: dict[str, str]
    disagreements: dict[str, dict[str, tuple[int, int]]]
    growth: list[Grown]
    limited: Limited | None
    rule_records: int
    rules: dict[str, Any] | None
    dearest: int


def page(found: Measured) -> str:
    """Return the page as Markdown."""
    lines = [
        *_head(found),
        *_contest(found),
        *_dozen(found),
        *_growth(found),
        *_memory(found),
        *_rules(found),
        *_repeat(),
    ]
    return "\n".join(lines) + "\n"


def _table(head: list[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join(["---"] + ["--:"] * (len(head) - 1)) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def _head(found: Measured) -> Iterator[str]:
    yield "# What a check costs\n"
    yield (
        "Seconds say more about a machine than about a program. So this page gives ratios, and every"
        " figure on it comes from one run of one command, `make bench`, which measured everybody in"
        " turn on the same file."
    )
    unit = found.costs["unit"]
    for name, words in (("all", "in one process"), ("all-cores", "in one process a core")):
        if name in found.costs:
            cost = found.costs[name]
            yield (
                f"\n- The whole catalogue {words} takes **{cost.wall / unit.wall:.1f} times** the"
                f" time and {cost.cpu / unit.cpu:.1f} times the processor time of *reading the file"
                " and passing over its texts once*:"
                f" {found.records / cost.wall:,.0f} records a second."
            )
    ours = [found.costs[n] for n in ("suite", "rules") if n in found.costs]
    if ours:
        peers = [n for n in found.costs if CONTESTANTS[n].kind == "dozen" and not _own(n)]
        best = min(ours)
        slower = sum(found.costs[n].wall > best.wall for n in peers)
        yield (
            f"\n- A dozen checks that every validator can express take newsqa {best.wall:.2f} s;"
            f" {slower} of {len(peers)} peers take longer for the same dozen."
        )
    largest = max(found.growth, default=None)
    if largest:
        yield (
            f"\n- {largest.records:,} records ({largest.size / 1e6:,.0f} MB) take"
            f" {largest.whole.wall:,.0f} s and {largest.whole.memory:,.0f} MiB."
        )


def _own(name: str) -> bool:
    return CONTESTANTS[name].library == "newsqa"


def _contest(found: Measured) -> Iterator[str]:
    versions = {CONTESTANTS[name].versioned() for name in found.costs}
    yield "\n## Everybody on the same file\n"
    yield (
        f"{found.records:,} invented articles in ten languages as JSON lines,"
        f" {found.size / 1e6:,.0f} MB; {found.cores} cores; Python {platform.python_version()},"
        f" {', '.join(sorted(versions))}. Each contestant has a process of its own, in which it"
        " first runs over 400 other records, so that imports and compiled patterns are not counted."
        f" Medians of {found.rounds} rounds. *CPU* is the time of all cores together; memory is the"
        " peak of all processes together."
    )
    for kind, title in (
        ("limit", "What no check can do without"),
        ("dozen", "The same dozen checks"),
        ("newsqa", "The whole catalogue of newsqa"),
    ):
        rows = [(n, c) for n, c in found.costs.items() if CONTESTANTS[n].kind == kind]
        if not rows:
            continue
        if kind == "dozen":
            rows.sort(key=lambda row: row[1].wall)
        yield f"\n**{title}**\n"
        head = ["", "seconds", "in units", "CPU seconds", "in units", "MB/s", "MiB"]
        yield from _table(head, (_row(CONTESTANTS[n], c, found) for n, c in rows))
    for name, reason in found.missing.items():
        yield f"\n{CONTESTANTS[name].title} could not be measured: {reason}"
    yield (
        "\nThe unit looks for 200 lines of real page furniture, as different from one another as"
        " those of a filter are. With 200 literals that begin alike (`marker 1 of two hundred` …) a"
        " vectorised search skips from one candidate to the next and costs hardly more than reading;"
        " it is shown since older figures of this project were given in it."
    )


def _row(contestant: Contestant, cost: Cost, found: Measured) -> list[str]:
    unit = found.costs["unit"]
    title = f"**{contestant.title}**" if _own(contestant.name) else contestant.title
    return [
        title,
        f"{cost.wall:.2f}",
        f"{cost.wall / unit.wall:.1f}",
        f"{cost.cpu:.2f}",
        f"{cost.cpu / unit.cpu:.1f}",
        f"{found.size / 1e6 / cost.wall:,.0f}",
        f"{cost.memory:,.0f}",
    ]


def _dozen(found: Measured) -> Iterator[str]:
    counts = found.costs["polars"].counts
    assert counts is not None
    meanings = dict(re.findall(r"^\| ([a-z]+-[a-z]+) \| (.+) \|$", dozen.__doc__ or "", re.M))
    yield "\n## The dozen\n"
    yield (
        "A missing value fails the checks that ask for it and no others."
        + (" All contestants count the same failing records." if not found.disagreements else "")
        + "\n"
    )
    rows = ([name, meanings[name], f"{counts[name]:,}"] for name in dozen.CHECKS)
    yield from _table(["check", "a record fails when", "failing"], rows)
    for name, checks in found.disagreements.items():
        told_of = ", ".join(f"{check}: {own:,} for {all_:,}" for check, (own, all_) in checks.items())
        yield f"\n**{CONTESTANTS[name].title} counts otherwise**: {told_of}."
    yield "\nHow each is asked:\n"
    for name in found.costs:
        contestant = CONTESTANTS[name]
        if contestant.kind == "dozen":
            text = " ".join((inspect.getdoc(contestant.load()) or "").split())
            yield f"- *{contestant.title}*: {text}"
    yield (
        "\nNone of the others says at which characters a text is at fault, in which record, with a"
        " message and a fingerprint; newsqa's rules do, and that is counted."
    )


def _growth(found: Measured) -> Iterator[str]:
    if not found.growth:
        return
    yield "\n## More records\n"
    yield "The whole catalogue in one process a core, measured once each.\n"
    head = ["records", "MB", "seconds", "in units", "CPU seconds", "µs of CPU a record", "MiB"]
    head.append("MiB of the unit")
    rows = (
        [
            f"{g.records:,}",
            f"{g.size / 1e6:,.0f}",
            f"{g.whole.wall:,.1f}",
            f"{g.whole.wall / g.unit.wall:.1f}",
            f"{g.whole.cpu:,.1f}",
            f"{1e6 * g.whole.cpu / g.records:,.0f}",
            f"{g.whole.memory:,.0f}",
            f"{g.unit.memory:,.0f}",
        ]
        for g in found.growth
    )
    yield from _table(head, rows)


def _memory(found: Measured) -> Iterator[str]:
    limited = found.limited
    if limited is None or limited.outcome is None or limited.control is None:
        return
    yield "\n## Within a limit of memory\n"
    yield (
        f"With {limited.limit / MIB:,.0f} MiB for all its processes, enforced by {limited.how},"
        f" `newsqa check` of {limited.records:,} records {told(limited.outcome, limited.limit)}."
        " A control that takes a quarter more than the limit"
        f" {'was killed at once' if limited.control.killed else 'was not killed, so that the limit did not hold'}."
    )


def _rules(found: Measured) -> Iterator[str]:
    if not found.rules:
        return
    yield "\n## The dearest rules\n"
    yield (
        f"Processor time of one rule alone over {found.rule_records:,} records, without reading"
        f" ({found.rules['base']:.2f} s) and with what it shares with other rules, so that the sum is"
        " more than all together cost.\n"
    )
    dearest = sorted(found.rules["rules"], key=lambda rule: -rule["cpu"])[: found.dearest]
    unit = found.rules["unit"]
    rows = (
        [
            r["rule"],
            f"{1e6 * r['cpu'] / found.rule_records:,.0f}",
            f"{r['cpu'] / unit:.2f}",
            f"{r['found']:,}",
        ]
        for r in dearest
    )
    yield from _table(["rule", "µs of CPU a record", "in units", "records with a finding"], rows)


def _repeat() -> Iterator[str]:
    yield "\n## To repeat it\n"
    yield (
        "    make bench                                   # prints this page, some minutes\n"
        "    make bench BENCH='--growth 10000 100000 1000000 --write docs/performance.md'\n"
        "    make bench BENCH='--only polars duckdb rules --growth --limit 0 --rules 0'\n"
    )
    yield (
        "`make bench` installs the peers into a folder of their own, `.venv-bench`, which no test and"
        " no demo needs. With `.venv-bench/bin/python` also:\n"
    )
    yield (
        "    bench/generate.py 1000000 news.jsonl         # the records; .parquet or a folder too\n"
        "    bench/limit.py --limit 1GiB --records 100000 -- --jobs 1\n"
        "    bench/suites.py --records 1000000            # 25 expectations, natively and by GX\n"
        "    bench/duplicates.py                          # near-duplicates: precision, recall, time\n"
    )
    yield f"{Path('bench/dozen.py')} defines the dozen, and bench/contestants.py lists who is measured."
