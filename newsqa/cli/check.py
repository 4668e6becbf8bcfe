"""`newsqa check`: the main job."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsqa.cli.options import Instant, Limit, config_options, resolve_config, validators_option
from newsqa.cli.outputs import PRINTED, check_outputs, default_format, read_outputs, write_outputs
from newsqa.cli.past import (
    history_options,
    keep,
    past_of,
    say_suppressions,
    selection_of,
    series_for,
)
from newsqa.cli.working import how_of, working_options
from newsqa.report import FORMATS

if TYPE_CHECKING:
    from newsqa.config import Config
    from newsqa.result import Result


@click.command()
@click.argument("paths", nargs=-1)
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Only these rules: codes, beginnings of codes, names, ALL; separated by commas.",
)
@click.option("--ignore", multiple=True, metavar="RULES", help="All rules but these.")
@validators_option
@click.option(
    "--suite",
    "suites",
    multiple=True,
    metavar="NAME|FILE",
    help="Judge this suite of Great Expectations too: crawl, article, or a file. Repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    help="Fail on any finding of this severity or worse. [default: error]",
)
@click.option(
    "--max-share",
    multiple=True,
    type=Limit(float),
    metavar="RULE=SHARE",
    help="Allow findings of a rule in this share of records, 0 to 1.",
)
@click.option(
    "--max-count",
    multiple=True,
    type=Limit(int),
    metavar="RULE=COUNT",
    help="Allow this many findings of a rule.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when the data is bad.")
@click.option("--allow-empty", is_flag=True, help="An input without records passes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(PRINTED),
    help="What is printed on standard output. [default: text; github in GitHub Actions]",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    callback=read_outputs,
    metavar="FORMAT=FILE",
    help=f"Write a further output to a file: {', '.join(FORMATS)}. Repeatable.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False),
    help="Where the HTML report goes. [default: reports/newsqa.html]",
)
@click.option("--no-report", is_flag=True, help="Write no HTML report.")
@click.option(
    "--assets",
    type=click.Choice(["inline", "external"]),
    help="Style and script of the report: inside it, or beside it (Jenkins needs that).",
)
@click.option(
    "--max-shown",
    default=5,
    show_default=True,
    type=click.IntRange(0),
    help="Examples of each rule in the text output.",
)
@click.option(
    "--min-level",
    type=click.Choice(["error", "warning", "info"]),
    default="info",
    show_default=True,
    help="Print findings from this severity on; the gate and the report see all.",
)
@click.option("--statistics", is_flag=True, help="Print how often each rule was broken, not where.")
@click.option(
    "--durations",
    is_flag=False,
    flag_value=10,
    type=click.IntRange(1),
    metavar="[N]",
    help="Say which rules took longest. [N: 10]",
)
@click.option(
    "--now",
    type=Instant(),
    metavar="TIME",
    help="The time to judge at, ISO 8601. [default: start of the run]",
)
@click.option(
    "--stdin-name", default="<stdin>", show_default=True, help="Name of standard input in findings."
)
@click.option("--no-progress", is_flag=True, help="Show no progress bar.")
@click.option("-q", "--quiet", is_flag=True, help="Print only the findings and the last line.")
@click.option("-v", "--verbose", is_flag=True, help="Say all that was read, left out and written.")
@working_options
@history_options
@config_options
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Check what a scraper wrote.

    PATHS are files, folders, globs, or - for JSON lines on standard input: JSONL, JSON, CSV, TSV,
    Parquet, Arrow and page dumps, also compressed.
    """
    options["form"] = options["form"] or ("text" if options["statistics"] else default_format())
    if options["statistics"] and options["form"] != "text":
        raise click.UsageError(f"--statistics cannot be printed as {options['form']}")
    config = _configure(options)
    check_outputs(config.output, None if options["no_report"] else config.report.path)
    inputs = list(paths) or list(config.paths)
    if not inputs:
        raise click.UsageError(
            "name what to check: newsqa check out/ (or set paths in newsqa.toml)"
        )
    from newsqa.cli.progress import progress_bar
    from newsqa.cli.terminal import last_line, say_about, say_durations, say_work
    from newsqa.run import check as run_check

    _let_interrupt()
    series = series_for(config, options, inputs)
    past, selection = past_of(config, options, series), selection_of(options)
    with (
        how_of(options, config) as how,
        progress_bar(wanted=not options["no_progress"]) as progress,
    ):
        result = run_check(
            inputs,
            config=config,
            now=options["now"],
            stdin=sys.stdin.buffer if sys.stdin and "-" in inputs else None,
            stdin_name=options["stdin_name"],
            progress=progress,
            past=past,
            selection=selection,
            how=how,
        )
    result.run["series"] = series
    # Files first: whoever reads standard output may go away before its end, as `head` does.
    written = write_outputs(result, config)
    report = None if options["no_report"] else _write_report(result, config)
    if not options["no_history"]:
        result.run["report"] = report
        keep(result, config)
    _print(result, options)
    if not options["quiet"]:
        say_about(result, written if options["verbose"] else None)
        say_work(result, asked=options["resume"], everything=options["verbose"])
        say_suppressions(result)
    if options["durations"]:
        say_durations(result, options["durations"])
    last_line(result, report)
    if options["exit_zero"] and result.verdict == "fail":
        return 0
    return result.exit_status


def _let_interrupt() -> None:
    """Let Ctrl-C end a read that waits: the handler that Polars sets has such reads go on."""
    if hasattr(signal, "siginterrupt"):
        signal.siginterrupt(signal.SIGINT, True)  # noqa: FBT003  its parameter has no name


def _configure(options: dict[str, Any]) -> Config:
    changes: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for key in ("select", "ignore"):
        if options[key]:
            words = ",".join(options[key]).split(",")
            rules[key] = [word.strip() for word in words if word.strip()]
    for key in ("max_share", "max_count"):
        for rule, number in options[key]:
            rules.setdefault("settings", {}).setdefault(rule, {})[key] = number
    if rules:
        changes["rules"] = rules
    for key in ("fail_on", "baseline", "allow_empty", "suites"):
        if options[key]:
            changes[key] = list(options[key]) if key == "suites" else options[key]
    report = {"path": options["report"], "assets": options["assets"]}
    if any(report.values()):
        changes["report"] = {key: value for key, value in report.items() if value}
    if options["outputs"]:
        changes["output"] = options["outputs"]
    config = resolve_config(options["config_words"], isolated=options["isolated"], changes=changes)
    folders = [*config.validators, *options["validators"]]
    return config.model_copy(update={"validators": folders})


def _print(result: Result, options: dict[str, Any]) -> None:
    if options["form"] == "none" or sys.stdout is None:
        return
    from newsqa.report import write

    form = "statistics" if options["statistics"] else options["form"]
    try:
        write(
            result,
            form,
            sys.stdout,
            max_shown=options["max_shown"],
            min_level=options["min_level"],
            color=_colour(),
        )
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does: the report and the verdict still count.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _colour() -> bool | None:
    """Return click's decision about colour, which knows NO_COLOR and whether this is a terminal."""
    context = click.get_current_context()
    return context.color


def _write_report(result: Result, config: Config) -> str:
    from newsqa.report import write_file

    path = Path(config.report.path)
    write_file(result, "html", path, assets=config.report.assets)
    return str(path)
