"""What the command line says beside its findings, on stderr: messages and the last line."""

from __future__ import annotations

import shutil
import sys
import textwrap
import traceback
from typing import TYPE_CHECKING, TextIO

import click

from newsqa.figures import count
from newsqa.report.safe import log_line, visible

if TYPE_CHECKING:
    from newsqa.readers import FileReport
    from newsqa.result import Result

_WORDS = {
    "pass": ("PASS", "green"),
    "fail": ("FAIL", "red"),
    "could-not-check": ("COULD NOT CHECK", "red"),
    "nothing-to-check": ("NOTHING TO CHECK", "yellow"),
}
_KINDS_SHOWN = 8
_WIDEST = 100


def say(message: str) -> None:
    """Print a message on stderr, in lines that no terminal and no CI system obeys."""
    for line in message.splitlines():
        click.echo(log_line(visible(line)), err=True)


def report_crash(error: BaseException) -> None:
    """Say that newsqa itself failed, with the traceback that a bug report needs."""
    say("".join(traceback.format_exception(error)).rstrip())
    say("error: newsqa failed; the data was not judged")
    say("hint: this is a fault of newsqa; please report it with the lines above")


def say_about(result: Result, written: list[tuple[str, str]] | None = None) -> None:
    """Print, for each kind of file, what it was taken for and which of its fields were used.

    Args:
        result: The run.
        written: Formats and files of the further outputs, where all is to be said: every kind, the
            keys that no field is read from, the rules that could not be applied, and the outputs.
    """
    if _is_terminal(sys.stdout) and _is_terminal(sys.stderr):
        click.echo(err=True)
    _say_kinds(result, everything=written is not None)
    if written is not None:
        _say_not_applicable(result)
        for form, path in written:
            say(f"wrote {form}: {path}")


def say_work(result: Result, *, asked: bool, everything: bool) -> None:
    """Print what was taken from the cache, and why it was not used where that is so.

    Args:
        result: The run.
        asked: Whether an interrupted check was to go on.
        everything: Whether all is to be said.
    """
    run = result.run
    if run["cache_trouble"]:
        say(f"no cache: {run['cache_trouble']}")
    if asked and not run["resumed"]:
        say("nothing to resume: no check of these paths was interrupted")
    known = f"{run['parts_reused']:,} of {count(run['parts'], 'part')} known from before"
    if run["resumed"]:
        say(f"resumed the check of {run['now']}: {known}")
    elif everything:
        say(known)


def _say_kinds(result: Result, *, everything: bool) -> None:
    kinds: dict[tuple[str, str, str], list[FileReport]] = {}
    for file in result.files:
        used = ", ".join(f"{field} = {key}" for field, key in file.fields.items() if field != key)
        kinds.setdefault((file.format, file.container, used), []).append(file)
    ranked = sorted(kinds.items(), key=lambda kind: -sum(file.read for file in kind[1]))
    shown = ranked if everything else ranked[:_KINDS_SHOWN]
    for (form, container, used), files in shown:
        records = count(sum(file.read for file in files), "record")
        what = " ".join(word for word in (form, container) if word)
        line = f"read {records} from {count(len(files), 'file')}, {what}"
        _say_wrapped(f"{line}: {used}" if used else line)
        unused = dict.fromkeys(key for file in files for key in file.unmapped)
        if everything and unused:
            _say_wrapped(f"  not used: {', '.join(unused)}")
    if len(ranked) > len(shown):
        more = count(len(ranked) - len(shown), "other kind")
        say(f"and {more} of files; -v lists all")


def _say_not_applicable(result: Result) -> None:
    reasons: dict[str, list[str]] = {}
    for state in result.rules:
        if state.status == "not-applicable":
            reasons.setdefault(state.note, []).append(state.rule.code)
    for reason, codes in reasons.items():
        _say_wrapped(f"not applicable, {reason}: {', '.join(codes)}")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _say_wrapped(line: str) -> None:
    columns = shutil.get_terminal_size((80, 24)).columns if _is_terminal(sys.stderr) else 80
    width = min(max(columns, 40), _WIDEST)
    # A field and its key stay together.
    bound = visible(line).replace(" = ", "\xa0=\xa0")
    wrapped = textwrap.fill(bound, width, subsequent_indent="    ", break_on_hyphens=False)
    say(wrapped.replace("\xa0", " "))


def say_durations(result: Result, number: int) -> None:
    """Print the rules that took longest: to locate and to judge, beside the pass they share."""
    timings = list(result.run.get("timings", {}).items())
    names = {state.rule.code: state.rule.name for state in result.rules}
    own = sum(value for _, value in timings)
    run = result.run.get("seconds") or 0.0
    say(f"slowest rules, of {own:.2f} s for single rules in a run of {run:.2f} s:")
    for code, value in timings[:number]:
        say(f"  {value:8.3f} s  {code}  {names.get(code, '')}")


def last_line(result: Result, report: str | None) -> None:
    """Print the line that always comes last: verdict, counts and where the report is."""
    word, colour = _WORDS[result.verdict]
    totals, failed = result.totals, [g for g in result.gates if not g.passed]
    parts = []
    if failed:
        parts.append(f"{count(len({gate.rule for gate in failed}), 'rule')} over limit")
    crashed = [state.rule.code for state in result.rules if state.status == "crashed"]
    if crashed:
        parts.append(f"crashed: {', '.join(crashed)}")
    parts.append(
        f"{count(totals['findings'], 'finding')} in {count(totals['records_read'], 'record')}"
    )
    accepted = result.accepted.height
    if accepted:
        parts.append(f"{accepted:,} accepted")
    if result.comparison:
        change = result.comparison.totals
        parts.append(f"{change.new:,} new, {change.gone:,} gone")
    if totals["records_refused"]:
        parts.append(f"{totals['records_refused']:,} unreadable")
    if report:
        parts.append(f"report: {report}")
    text = " " + " · ".join(parts)
    told = log_line(visible(text))
    click.echo(click.style(word, fg=colour, bold=True) + told, err=True)
