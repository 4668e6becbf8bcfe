"""The page that says what was measured: docs/performance.md."""

from __future__ import annotations

import inspect
import platform
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from contestants import CONTESTANTS, Contestant
from dozen import CHECKS
from limit import Outcome, told
from measure import MIB, Cost

BAR = 8
"""What the whole catalogue may cost at most, in units."""


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
    control: Outcome
    outcome: Outcome


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
    sections = (_head, _contest, _dozen, _growth, _memory, _rules)
    lines = [line for section in sections for line in section(found)]
    return "\n".join([*lines, _REPEAT])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "|".join(["---"] + ["--:"] * (len(names) - 1)) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def _head(found: Measured) -> Iterator[str]:
    unit = found.costs["unit"]
    yield "# What a check costs\n"
    yield (
        "Seconds say more about a machine than about a program. So this page gives ratios to one"
        " unit: *read the file and pass over its texts once*, looking for 200 phrases, in plain"
        " Polars. Every figure comes from one run of `make bench`, which measures everybody in turn"
        f" on the same file. The whole catalogue is to cost at most {BAR} units.\n"
    )
    for name, words in (("all", "in one process"), ("all-cores", "in one process a core")):
        if name in found.costs:
            cost = found.costs[name]
            yield (
                f"- The whole catalogue {words} takes **{cost.wall / unit.wall:.1f} units** of time"
                f" and {cost.cpu / unit.cpu:.1f} of processor time:"
                f" {found.records / cost.wall:,.0f} articles a second."
            )
    ours = [found.costs[n] for n in ("suite", "rules") if n in found.costs]
    peers = [c for n, c in found.costs.items() if CONTESTANTS[n].kind == "dozen" and not _own(n)]
    if ours:
        best = min(cost.wall for cost in ours)
        slower = sum(cost.wall > best for cost in peers)
        yield (
            f"- A dozen checks that every validator can express take newsqa {best / unit.wall:.1f}"
            f" units; {slower} of {len(peers)} others take longer for the same dozen."
        )
    if found.growth:
        largest = max(found.growth)
        yield (
            f"- {largest.records:,} articles ({largest.size / 1e6:,.0f} MB) take"
            f" {largest.whole.wall:,.0f} s and {largest.whole.memory:,.0f} MiB."
        )


def _own(name: str) -> bool:
    return CONTESTANTS[name].library == "newsqa"


def _contest(found: Measured) -> Iterator[str]:
    versions = sorted({CONTESTANTS[name].versioned() for name in found.costs})
    rounds = "one round" if found.rounds == 1 else f"{found.rounds} rounds"
    yield "\n## Everybody on the same file\n"
    yield (
        f"{found.records:,} invented articles in ten languages as JSON lines,"
        f" {found.size / 1e6:,.0f} MB; {found.cores} cores; Python {platform.python_version()},"
        f" {', '.join(versions)}. Each has a process of its own, in which it first runs over 400"
        " other articles, so that imports and compiled patterns are not counted. Medians of"
        f" {rounds}. *CPU* is the time of all cores together; memory is the peak of all processes"
        " together."
    )
    for kind, title in (
        ("limit", "What no check can do without"),
        ("dozen", "The same dozen checks"),
        ("newsqa", "The whole catalogue of newsqa"),
    ):
        rows = [(n, c) for n, c in found.costs.items() if CONTESTANTS[n].kind == kind]
        if kind == "dozen":
            rows.sort(key=lambda row: row[1].wall)
        if rows:
            yield f"\n**{title}**\n"
            head = ["", "seconds", "in units", "CPU seconds", "in units", "MB/s", "MiB"]
            yield from _table(head, (_row(CONTESTANTS[n], c, found) for n, c in rows))
    for name, reason in found.missing.items():
        yield f"\n{CONTESTANTS[name].title} could not be measured: {reason}"
    yield (
        "\nThe 200 phrases of the unit are lines of real page furniture, as different from one"
        " another as those that a filter looks for. With 200 literals that begin alike (`marker 1"
        " of two hundred` …) a vectorised search skips from one candidate to the next, and costs"
        " hardly more than reading."
    )


def _row(contestant: Contestant, cost: Cost, found: Measured) -> list[str]:
    unit = found.costs["unit"]
    return [
        f"**{contestant.title}**" if _own(contestant.name) else contestant.title,
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
    agreed = "" if found.disagreements else " All count the same failing records."
    yield "\n## The dozen\n"
    yield f"A missing value fails the checks that ask for it and no others.{agreed}\n"
    rows = ([name, when, f"{counts[name]:,}"] for name, when in CHECKS.items())
    yield from _table(["check", "a record fails when", "failing"], rows)
    for name, checks in found.disagreements.items():
        differ = ", ".join(f"{c}: {own:,} for {right:,}" for c, (own, right) in checks.items())
        yield f"\n**{CONTESTANTS[name].title} counts otherwise**: {differ}."
    yield "\nHow each is asked:\n"
    for name in found.costs:
        contestant = CONTESTANTS[name]
        if contestant.kind == "dozen":
            text = " ".join((inspect.getdoc(contestant.load()) or "").split())
            yield f"- *{contestant.title}*: {text}"
    yield (
        "\nThe others say which values fail. newsqa's rules also say at which characters, with a"
        " message, the line of the file and a fingerprint, and take in what is broken: the price of"
        " that is in the figures."
    )


def _growth(found: Measured) -> Iterator[str]:
    if not found.growth:
        return
    yield "\n## More articles\n"
    yield (
        "The whole catalogue in one process a core, measured once each. Few parts, of some 50 MB"
        " each, are checked in one process even so, whose rules share the cores: fewer than ten"
        " where there are two.\n"
    )
    yield from _table(
        (
            "articles",
            "MB",
            "seconds",
            "in units",
            "CPU seconds",
            "µs of CPU an article",
            "MiB",
            "MiB of the unit",
        ),
        (
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
        ),
    )


def _memory(found: Measured) -> Iterator[str]:
    limited = found.limited
    if limited is None:
        return
    held = "was killed" if limited.control.killed else "lived on, so that the limit did not hold"
    yield "\n## Within a limit of memory\n"
    yield (
        f"With {limited.limit / MIB:,.0f} MiB for all its processes, enforced by {limited.how},"
        f" `newsqa check` of {limited.records:,} articles {told(limited.outcome, limited.limit)}."
        f" A control that takes a quarter more than the limit {held}."
    )


def _rules(found: Measured) -> Iterator[str]:
    if not found.rules:
        return
    yield "\n## The dearest rules\n"
    yield (
        f"Processor time of one rule alone over {found.rule_records:,} articles, without what a"
        f" check with the cheapest rule takes ({found.rules['base']:.2f} s) and with what it shares"
        " with other rules, so that the sum is more than all cost together.\n"
    )
    dearest = sorted(found.rules["rules"], key=lambda rule: -rule["cpu"])[: found.dearest]
    yield from _table(
        ("rule", "µs of CPU an article", "in units", "articles with a finding"),
        (
            [
                rule["rule"],
                f"{1e6 * rule['cpu'] / found.rule_records:,.0f}",
                f"{rule['cpu'] / found.rules['unit']:.2f}",
                f"{rule['found']:,}",
            ]
            for rule in dearest
        ),
    )


_REPEAT = """
## To repeat it

    make bench                                    # prints this page
    make bench BENCH='--growth 10000 100000 1000000 --write docs/performance.md'
    make bench BENCH='--only polars duckdb rules --growth --limit 0 --rules 0'

`make bench` installs the others into a folder of their own, `.venv-bench`, which no test and no
demo needs. With `.venv-bench/bin/python`:

    bench/generate.py 1000000 news.jsonl          # the articles; also .parquet, or a folder
    bench/limit.py --limit 1GiB --records 100000 -- --jobs 1
    bench/suites.py --records 1000000             # 25 expectations, natively and by GX
    bench/duplicates.py                           # near-duplicates: precision, recall, time

bench/dozen.py defines the dozen, and bench/contestants.py lists who is measured.
"""
