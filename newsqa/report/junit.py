"""JUnit XML for CI servers: one test case a rule and source, so that trends can be drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO
from xml.etree import ElementTree as ET

import polars as pl

from newsqa.figures import count
from newsqa.report.issues import repository_path
from newsqa.report.lines import COLUMNS, concise_line
from newsqa.report.safe import clip, log_line, visible
from newsqa.report.sources import source_table
from newsqa.report.summary import summarise

if TYPE_CHECKING:
    from newsqa.result import Gate, Result, RuleState

MAX_SOURCES = 100
MAX_EXAMPLES = 5


class _Found(NamedTuple):
    """Findings of one rule in one source: how many, the first file, the first in words."""

    number: int
    file: str
    lines: list[str]


def write_junit(result: Result, stream: TextIO, *, strict: bool = False, **_options: Any) -> None:
    """Write the suite; no control character is left, since no XML may hold one.

    A rule over its limit fails in each source where it has findings. A rule that crashed is an
    error, one that was not checked is skipped. A run that checked nothing is an error too. Sources
    past the hundred worst have no cases of their own, but no broken limit goes without one.

    Args:
        result: The run.
        stream: Where it goes.
        strict: Leave out the attribute `file`, which GitLab reads and Jenkins' schema refuses.
    """
    suite = ET.Element("testsuite", name="newsqa")
    _input_case(suite, result)
    gates = {(gate.rule, gate.source): gate for gate in result.gates}
    sources = _sources(result)
    found = _found(result)
    told: set[tuple[str, str | None]] = set()
    for state in result.rules:
        code = state.rule.code
        if state.status != "checked":
            _idle_case(suite, state)
            continue
        for source, shown in sources.items():
            case = _case(suite, state, shown)
            own = found.get((code, source))
            gate = gates.get((code, source)) or gates.get((code, None))
            if gate and not gate.passed and own:
                told.add((code, gate.source))
                _fail(case, gate, own)
                if own.file and not strict:
                    case.set("file", _text(own.file))
    states = {state.rule.code: state for state in result.rules}
    for gate in result.gates:
        if not gate.passed and (gate.rule, gate.source) not in told and gate.rule in states:
            where = "all sources" if gate.source is None else clip(gate.source, 80)
            _fail(_case(suite, states[gate.rule], where), gate, None)
    _finish(suite)
    stream.write("<?xml version='1.0' encoding='UTF-8'?>\n")
    stream.write(ET.tostring(suite, encoding="unicode") + "\n")


def write_junit_strict(result: Result, stream: TextIO, **options: Any) -> None:
    """Write the suite as Jenkins' xUnit schema (junit-10.xsd) wants it."""
    write_junit(result, stream, **{**options, "strict": True})


def _finish(suite: ET.Element) -> None:
    """Make the names of the cases unique, count them, and indent all."""
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for case in suite.iter("testcase"):
        name = (case.get("classname"), case.get("name"))
        seen[name] += 1
        if seen[name] > 1:
            case.set("name", f"{name[1]} ({seen[name]})")
    for key, tag in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(key, str(sum(1 for _ in suite.iter(tag))))
    ET.indent(suite)


def _sources(result: Result) -> dict[str, str]:
    """Return the worst sources, as they are shown; a name shared by two is numbered."""
    table = source_table(result).sort("errors", "findings", descending=True, maintain_order=True)
    seen: Counter[str] = Counter()
    sources = {}
    for source, shown in table.select("source", "shown").head(MAX_SOURCES).iter_rows():
        seen[shown] += 1
        sources[source] = f"{shown} ({seen[shown]})" if seen[shown] > 1 else shown
    return sources


def _found(result: Result) -> dict[tuple[str, str], _Found]:
    """Return what was found by rule and source."""
    findings = result.findings.with_columns(pl.col("source").fill_null("").alias("_source"))
    by = ("rule", "_source")
    numbers = {(rule, source): n for rule, source, n in findings.group_by(by).len().iter_rows()}
    first = findings.filter(pl.int_range(pl.len()).over(by) < MAX_EXAMPLES)
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in first.select(*COLUMNS, "_source").iter_rows(named=True):
        rows[row["rule"], row["_source"]].append(row)
    return {
        key: _Found(
            numbers[key],
            repository_path(own[0]["path"]) if own[0]["path"] else "",
            [concise_line(row) for row in own],
        )
        for key, own in rows.items()
    }


def _fail(case: ET.Element, gate: Gate, found: _Found | None) -> None:
    number = found.number if found else gate.findings
    message = f"{count(number, 'finding')}; limit: {gate.limit}"
    fault = ET.SubElement(case, "failure", type=gate.rule, message=_text(message))
    lines = found.lines if found else [_text(gate.why)]
    if found and found.number > len(lines):
        lines = [*lines, f"and {found.number - len(lines):,} more"]
    fault.text = "\n".join(lines)


def _case(suite: ET.Element, state: RuleState, source: str) -> ET.Element:
    name = _text(f"{state.rule.code} {state.rule.name}")
    return ET.SubElement(suite, "testcase", classname=f"newsqa.{_text(source)}", name=name)


def _idle_case(suite: ET.Element, state: RuleState) -> None:
    case = _case(suite, state, "rules")
    tag = "error" if state.status == "crashed" else "skipped"
    ET.SubElement(case, tag, message=_text(state.note[-500:]) or state.status)


def _input_case(suite: ET.Element, result: Result) -> None:
    case = ET.SubElement(suite, "testcase", classname="newsqa", name="something was checked")
    if not result.totals["records_read"] and result.verdict != "pass":
        headline = summarise(result, max_examples=0).headline
        ET.SubElement(case, "error", type=result.verdict, message=_text(headline))


def _text(text: str) -> str:
    return log_line(visible(text))
