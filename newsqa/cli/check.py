"""`newsqa check`: the main job."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsqa.cli.options import Instant, Limit, config_options, resolve_config, validators_option
from newsqa.report import FORMATS, STREAM_FORMATS

if TYPE_CHECKING:
    from newsqa.config import Config
    from newsqa.result import Result


PRINTED = (*STREAM_FORMATS, "none")


def _outputs(
    _ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]
) -> dict[str, str]:
    outputs = {}
    for word in words:
        name, sign, file = word.partition("=")
        if name not in FORMATS or not sign or not file:
            raise click.BadParameter(f"{word!r} is not FORMAT=FILE; formats: {', '.join(FORMATS)}")
        outputs[name] = file
    return outputs


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
    default="text",
    show_default=True,
    help="What is printed on standard output.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    callback=_outputs,
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
@config_options
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Check what a scraper wrote.

    PATHS are files, folders, globs, or - for JSON lines on standard input: JSONL, JSON, CSV, TSV,
    Parquet, Arrow and page dumps, also compressed.
    """
    config = _configure(options)
    inputs = list(paths) or list(config.paths)
    if not inputs:
        raise click.UsageError(
            "name what to check: newsqa check out/ (or set paths in newsqa.toml)"
        )
    from newsqa.cli.terminal import last_line, progress_bar, say_what_was_read
    from newsqa.run import check as run_check

    with progress_bar(wanted=not options["no_progress"]) as progress:
        result = run_check(
            inputs,
            config=config,
            now=options["now"],
            stdin=sys.stdin.buffer if sys.stdin and "-" in inputs else None,
            stdin_name=options["stdin_name"],
            progress=progress,
        )
    # Files first: whoever reads standard output may go away before its end, as `head` does.
    report = _write(result, config, options)
    _print(result, options)
    if not options["quiet"]:
        say_what_was_read(result)
    last_line(result, report)
    if options["exit_zero"] and result.verdict == "fail":
        return 0
    return result.exit_status


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
    if options["fail_on"]:
        changes["fail_on"] = options["fail_on"]
    if options["allow_empty"]:
        changes["allow_empty"] = True
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

    try:
        write(
            result,
            options["form"],
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


def _write(result: Result, config: Config, options: dict[str, Any]) -> str | None:
    from newsqa.report import write_file

    for form, file in config.output.items():
        write_file(result, form, Path(file), assets=config.report.assets)
    if options["no_report"]:
        return None
    path = Path(config.report.path)
    write_file(result, "html", path, assets=config.report.assets)
    return str(path)
