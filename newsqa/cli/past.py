"""What a check takes from earlier runs, and what it leaves to later ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from newsqa.config import Config
    from newsqa.earlier import EarlierRun
    from newsqa.result import Result, SuppressionState
    from newsqa.selection import Selection
    from newsqa.setup import Past

_WARNED_DAYS = 14
_LINES = 5


def history_options(command: Any) -> Any:
    """Add the options of `check` about earlier runs, accepted findings and chosen records."""
    options = (
        click.option(
            "--source",
            "sources",
            multiple=True,
            metavar="GLOB",
            help="Check only the records of these sources. Repeatable.",
        ),
        click.option(
            "--since",
            metavar="TIME",
            help="Check only records crawled (or published) since a date, or 36h, 7d, 2w ago.",
        ),
        click.option(
            "--baseline",
            metavar="FILE",
            help="Findings in this file were accepted earlier and do not count.",
        ),
        click.option(
            "--new-only",
            is_flag=True,
            help="Only findings that the run compared with does not have count.",
        ),
        click.option(
            "--compare",
            metavar="RUN",
            help="The run, or file of findings, to compare with. [default: the one before]",
        ),
        click.option("--no-history", is_flag=True, help="Keep no run, and look at no earlier one."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def selection_of(options: dict[str, Any]) -> Selection:
    """Return which records are checked."""
    from newsqa.selection import Selection, since_when

    since = None
    if options["since"]:
        since = since_when(options["since"])
        if since is None:
            raise click.BadParameter(
                f"{options['since']!r} is neither a date nor a span such as 36h or 7d",
                param_hint="--since",
            )
    return Selection(tuple(options["sources"]), since)


def past_of(config: Config, options: dict[str, Any], series: str) -> Past:
    """Return what earlier runs and the baseline say to this one."""
    from newsqa.cli.terminal import say
    from newsqa.errors import UsageError
    from newsqa.history.load import base_of, load_result
    from newsqa.history.past import compared_with, look_back, read_baseline
    from newsqa.setup import Past

    folder = Path(config.history.dir)
    runs: tuple[EarlierRun, ...] = ()
    base = None
    if not options["no_history"]:
        runs, last = look_back(folder, series)
        if last and not options["compare"]:
            try:
                base = base_of(load_result(last))
            except UsageError as error:
                say(f"warning: the last run is left aside: {error}")
    if options["compare"]:
        base = compared_with(options["compare"], folder)
    if options["new_only"] and base is None:
        if options["no_history"]:
            raise UsageError("--new-only needs a run to compare with", hint="add --compare RUN")
        say("warning: there is no earlier run: every finding is new")
    baseline = read_baseline(Path(config.baseline)) if config.baseline else frozenset()
    return Past(runs=runs, base=base, baseline=baseline, new_only=options["new_only"])


def series_for(config: Config, options: dict[str, Any], inputs: list[str]) -> str:
    """Return what the runs of one job have in common."""
    from newsqa.history.past import series_of

    words = [f"--source {glob}" for glob in sorted(options["sources"])]
    if options["since"]:
        words.append(f"--since {options['since']}")
    return config.history.series or series_of(inputs, words)


def keep(result: Result, config: Config) -> None:
    """Keep the run; a folder that cannot be written is worth a warning and no more."""
    from newsqa.cli.terminal import say
    from newsqa.history.save import save_run

    folder = Path(config.history.dir)
    try:
        save_run(result, folder, keep=config.history.keep)
        if config.history.index:
            from newsqa.cli.runs import write_index_of

            write_index_of(folder, Path(config.history.index), config)
    except OSError as error:
        say(f"warning: the run is not kept: {error}")


def say_suppressions(result: Result) -> None:
    """Print what people have to know about the suppressions: expired, ending soon, unused."""
    from newsqa.cli.terminal import say

    notes = [note for state in result.suppressions if (note := _note(state))]
    for note in notes[:_LINES]:
        say(f"warning: {note}")
    if len(notes) > _LINES:
        say(f"warning: and {len(notes) - _LINES} more; the report lists all suppressions")


def _note(state: SuppressionState) -> str:
    from newsqa.figures import count

    what = " ".join(part for part in (state.rule, state.fingerprint) if part)
    if state.source:
        what += f" in {state.source}"
    if state.status == "expired":
        ago = count(-(state.days_left or 0), "day")
        again = count(state.findings, "finding")
        return f"the suppression of {what} expired {ago} ago; {again} counted again"
    if state.status == "unused":
        return f"the suppression of {what} is unused: no finding is meant by it"
    if state.days_left is not None and state.days_left <= _WARNED_DAYS and state.findings:
        return f"the suppression of {what} ends in {count(state.days_left, 'day')}"
    return ""
