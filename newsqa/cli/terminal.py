"""What the command line says beside its findings, on stderr: messages, progress, the last line."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

import click

from newsqa.figures import count
from newsqa.report.safe import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsqa.readers import FileReport
    from newsqa.result import Result

_WORDS = {
    "pass": ("PASS", "green"),
    "fail": ("FAIL", "red"),
    "could-not-check": ("COULD NOT CHECK", "red"),
    "nothing-to-check": ("NOTHING TO CHECK", "yellow"),
}
_KINDS_SHOWN = 8
_PATIENCE = 0.5
"""Seconds before a progress bar is worth showing."""


def say(message: str) -> None:
    """Print a message on stderr, its control characters made visible."""
    for line in message.splitlines():
        click.echo(visible(line), err=True)


def report_crash(error: BaseException) -> None:
    """Say that newsqa itself failed, with the traceback that a bug report needs."""
    say("".join(traceback.format_exception(error)).rstrip())
    say("error: newsqa failed; the data was not judged")
    say("hint: this is a fault of newsqa; please report it with the lines above")


def say_what_was_read(result: Result) -> None:
    """Print, for each kind of file, what it was taken for and which of its fields were used."""
    kinds: dict[tuple[str, str, str], list[FileReport]] = {}
    for file in result.files:
        used = ", ".join(f"{field} = {key}" for field, key in file.fields.items() if field != key)
        kinds.setdefault((file.format, file.container, used), []).append(file)
    ranked = sorted(kinds.items(), key=lambda kind: -sum(file.read for file in kind[1]))
    for (form, container, used), files in ranked[:_KINDS_SHOWN]:
        records = count(sum(file.read for file in files), "record")
        what = " ".join(word for word in (form, container) if word)
        line = f"read {count(len(files), 'file')} as {what}: {records}"
        say(f"{line}; {used}" if used else line)
    if len(ranked) > _KINDS_SHOWN:
        say(f"and {count(len(ranked) - _KINDS_SHOWN, 'other kind')} of files; the report lists all")


def last_line(result: Result, report: str | None) -> None:
    """Print the line that always comes last: verdict, counts and where the report is."""
    word, colour = _WORDS[result.verdict]
    totals, failed = result.totals, [g for g in result.gates if not g.passed]
    parts = []
    if failed:
        parts.append(f"{count(len(failed), 'rule')} over limit")
    crashed = [state.rule.code for state in result.rules if state.status == "crashed"]
    if crashed:
        parts.append(f"crashed: {', '.join(crashed)}")
    parts.append(
        f"{count(totals['findings'], 'finding')} in {count(totals['records_read'], 'record')}"
    )
    if totals["records_refused"]:
        parts.append(f"{totals['records_refused']:,} unreadable")
    if report:
        parts.append(f"report: {report}")
    text = " " + " · ".join(parts)
    click.echo(click.style(word, fg=colour, bold=True) + visible(text), err=True)


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows files and records read, on a terminal and after half a second."""
    if not wanted or not sys.stderr or not sys.stderr.isatty():
        yield lambda _files, _records: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("checking {task.fields[files]:,} files · {task.completed:,.0f} records"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=None, files=0, rate="")
    started = perf_counter()

    def show(files: int, records: int) -> None:
        elapsed = perf_counter() - started
        if elapsed < _PATIENCE:
            return
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=records, files=files, rate=f"{records / elapsed:,.0f}/s")

    try:
        yield show
    finally:
        bar.stop()
