"""JUnit XML for CI servers: one test case a rule and source, so that trends can be drawn."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TextIO
from xml.etree import ElementTree as ET

import polars as pl

from newsqa.figures import count
from newsqa.report.examples import examples_by_rule
from newsqa.report.lines import concise_line
from newsqa.report.safe import log_line, visible
from newsqa.report.sources import source_table

if TYPE_CHECKING:
    from newsqa.result import Result, RuleState

MAX_SOURCES = 100
MAX_EXAMPLES = 5


def write_junit(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write the suite; no control character is left, since no XML may hold one.

    A rule over its limit fails in each source where it has findings. A rule that crashed is an
    error, one that was not checked is skipped. Sources past the hundred worst are left out.
    """
    suite = ET.Element("testsuite", name="newsqa")
    gates = {(gate.rule, gate.source): gate for gate in result.gates}
    table = source_table(result).sort("errors", "findings", descending=True, maintain_order=True)
    sources = dict(table.select("source", "shown").head(MAX_SOURCES).iter_rows())
    lines = _lines(result)
    for state in result.rules:
        code = state.rule.code
        if state.status != "checked":
            _idle_case(suite, state)
            continue
        for source, shown in sources.items():
            case = _case(suite, state, shown)
            found = lines.get((code, source))
            gate = gates.get((code, source)) or gates.get((code, None))
            if gate and not gate.passed and found:
                number, texts = found
                message = f"{count(number, 'finding')}; limit: {gate.limit}"
                fault = ET.SubElement(case, "failure", type=code, message=_text(message))
                fault.text = "\n".join(texts)
    for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        suite.set(key, str(len(list(suite.iter(tag)))))
    suite.set("skipped", str(len(list(suite.iter("skipped")))))
    ET.indent(suite)
    stream.write("<?xml version='1.0' encoding='UTF-8'?>\n")
    stream.write(ET.tostring(suite, encoding="unicode") + "\n")


def _lines(result: Result) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """Return number and first findings by rule and source, in the concise form."""
    lines: dict[tuple[str, str], tuple[int, list[str]]] = defaultdict(lambda: (0, []))
    for (source,), own in result.findings.group_by(pl.col("source").fill_null("")):
        numbers = dict(own.group_by("rule").len().iter_rows())
        for code, examples in examples_by_rule(own, MAX_EXAMPLES).items():
            texts = [concise_line(example) for example in examples]
            lines[code, str(source)] = (numbers[code], texts)
    return lines


def _case(suite: ET.Element, state: RuleState, source: str) -> ET.Element:
    name = f"{state.rule.code} {state.rule.name}"
    return ET.SubElement(suite, "testcase", classname=f"newsqa.{_text(source)}", name=name)


def _idle_case(suite: ET.Element, state: RuleState) -> None:
    case = _case(suite, state, "rules")
    tag = "error" if state.status == "crashed" else "skipped"
    ET.SubElement(case, tag, message=_text(state.note[-500:]) or state.status)


def _text(text: str) -> str:
    return log_line(visible(text))
