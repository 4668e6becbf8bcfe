"""Annotations for GitHub Actions: one a broken limit, the worst ten of a kind, then a notice.

GitHub shows ten errors and ten warnings a step and drops the rest, so a finding a line would show
an arbitrary few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from newsqa.figures import count
from newsqa.report.issues import repository_path
from newsqa.report.safe import log_line, one_line
from newsqa.report.summary import summarise

if TYPE_CHECKING:
    from newsqa.report.examples import Example
    from newsqa.result import Gate, Result

MAX_ANNOTATIONS = 10
"""Errors, and warnings, that GitHub shows of one step."""


def write_github(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write workflow commands; texts are escaped as the runner demands."""
    summary = summarise(result, max_examples=3)
    first = {r.state.rule.code: r.examples[0] for r in summary.rules if r.examples}
    errors = [gate for gate in summary.failed if gate.severity == "error"]
    others = [gate for gate in summary.failed if gate.severity != "error"]
    shown = errors[:MAX_ANNOTATIONS] + others[:MAX_ANNOTATIONS]
    stream.writelines(_annotation(gate, first.get(gate.rule)) for gate in shown)
    notice = f"newsqa {summary.word.upper()}: {summary.headline}"
    if hidden := len(summary.failed) - len(shown):
        notice += f" {count(hidden, 'broken limit')} more than GitHub shows."
    stream.write(f"::notice title=newsqa::{_data(notice)}\n")


def _annotation(gate: Gate, example: Example | None) -> str:
    command = "error" if gate.severity == "error" else "warning"
    properties = {"title": f"{gate.rule} {gate.name}"}
    text = gate.why if gate.source is None else f"{gate.source}: {gate.why}"
    if example is not None:
        path, _, line = example.place.rpartition(":")
        if path and line.isdigit():
            properties = {"file": repository_path(path), "line": line, **properties}
        text += f"; such as: {example.message}"
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command} {listed}::{_data(text)}\n"


def _data(text: str) -> str:
    return log_line(one_line(text, 600)).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
