"""How often each rule was broken, for a terminal: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from rich.text import Text

from newsqa.figures import count, percent
from newsqa.finding import Severity
from newsqa.report.text import STYLES, console_of

if TYPE_CHECKING:
    from newsqa.result import Result, RuleState


def write_statistics(
    result: Result,
    stream: TextIO,
    *,
    min_level: str = "info",
    color: bool | None = None,
    **_options: Any,
) -> None:
    """Write findings, share of the records, severity, code and name of each rule with findings.

    Args:
        result: The run.
        stream: Where it goes.
        min_level: Lowest severity that is shown.
        color: Whether to use colour; None asks the stream.
    """
    console = console_of(stream, color)
    lowest = Severity(min_level).rank
    broken = [
        state
        for state in result.rules
        if state.findings and Severity(state.severity).rank >= lowest
    ]
    broken.sort(key=lambda state: (-state.findings, state.rule.code))
    widest = max((len(f"{state.findings:,}") for state in broken), default=1)
    for state in broken:
        console.print(_line(state, widest), soft_wrap=True)
    total = sum(state.findings for state in broken)
    found = f"{count(total, 'finding')} of {count(len(broken), 'rule')}"
    console.print(Text(found, "dim"), soft_wrap=True)


def _line(state: RuleState, widest: int) -> Text:
    share = percent(state.records, state.applicable) if state.records else ""
    return Text.assemble(
        (f"{state.findings:>{widest},}", "bold"),
        f"  {share:>7}  ",
        (f"{state.severity:<7}", STYLES[state.severity]),
        f"  {state.rule.code}  {state.rule.name}",
    )
