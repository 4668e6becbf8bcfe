"""`newsqa report`, `show`, `diff` and `history`: what is done with runs that are over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsqa.cli.options import config_options, resolve_config

if TYPE_CHECKING:
    import polars as pl

    from newsqa.compare import Base
    from newsqa.config import Config
    from newsqa.earlier import EarlierRun
    from newsqa.history import Run
    from newsqa.result import Comparison, Result

_INDEX_RUNS = 90


def _config(options: dict[str, Any]) -> Config:
    return resolve_config(options["config_words"], isolated=options["isolated"], changes={})


def _load(word: str, config: Config) -> Result:
    from newsqa.history import find_run, load_result

    return load_result(find_run(word, Path(config.history.dir)))


@click.command()
@click.argument("run", default="latest")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Where the page goes.")
@click.option(
    "--assets",
    type=click.Choice(["inline", "external"]),
    help="Style and script of the report: inside it, or beside it (Jenkins needs that).",
)
@click.option("--index", is_flag=True, help="Write the page over all runs instead.")
@config_options
def report(run: str, output: str | None, assets: str | None, index: bool, **options: Any) -> None:
    """Build the HTML report of a run again, without checking anything.

    RUN is `latest`, `previous`, the beginning of a run's id or name, the folder of a run, findings
    as JSON lines, or results as JSON. The report goes to reports/newsqa-<run>.html unless -o says
    otherwise, the page over all runs to reports/index.html.
    """
    config = _config(options)
    home = Path(config.report.path).parent
    if index:
        target = Path(output or config.history.index or home / "index.html")
        write_index_of(Path(config.history.dir), target, config, assets or config.report.assets)
        click.echo(f"index: {target}", err=True)
        return
    from newsqa.history import Run, find_run, load_result
    from newsqa.report import write_file

    place = find_run(run, Path(config.history.dir))
    name = place.name if isinstance(place, Run) else place.stem
    target = Path(output) if output else home / f"newsqa-{name}.html"
    write_file(load_result(place), "html", target, assets=assets or config.report.assets)
    click.echo(f"report: {target}", err=True)


def write_index_of(folder: Path, target: Path, config: Config, assets: str = "inline") -> None:
    """Write the page over all runs in a folder, with links to those reports that are there."""
    from newsqa.errors import UsageError
    from newsqa.history import earlier_run, list_runs
    from newsqa.report.index import IndexEntry, write_index

    entries = []
    for run in list_runs(folder)[-_INDEX_RUNS:]:
        try:
            facts = run.facts
            names = {rule["code"]: rule["name"] for rule in facts["rules"]}
            link = _report_of(run, target, facts["run"])
            entries.append(IndexEntry(earlier_run(facts), run.series, link, names))
        except (KeyError, TypeError, UsageError):
            continue
    _only_last(entries)
    write_index(entries, target, assets or config.report.assets)


def _report_of(run: Run, target: Path, facts: dict[str, Any]) -> str:
    """Return the report of a run as seen from the page, or nothing where there is none."""
    own = target.parent / f"newsqa-{run.name}.html"
    if own.is_file():
        return own.name
    stated = Path(str(facts.get("report") or ""))
    is_near = stated.name and stated.parent.resolve() == target.parent.resolve()
    return stated.name if is_near and stated.is_file() and stated != target else ""


def _only_last(entries: list[Any]) -> None:
    """Take away the links to a file that a later run has written anew."""
    seen: set[str] = set()
    for number in reversed(range(len(entries))):
        link = entries[number].report
        if link in seen:
            entries[number] = entries[number]._replace(report="")
        elif link:
            seen.add(link)


@click.command()
@click.argument("run", default="latest")
@click.option("--rule", multiple=True, metavar="RULE", help="Code, beginning of codes, or name.")
@click.option("--source", multiple=True, metavar="GLOB", help="Only findings of these sources.")
@click.option("--record", metavar="TEXT", help="Only the record with this id, URL or path:line.")
@click.option("--fingerprint", metavar="HEX", help="Only this finding; its beginning will do.")
@click.option("--status", type=click.Choice(["new", "known", "accepted"]), help="Only these.")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="At most.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "concise", "jsonl", "csv"]),
    default="text",
    show_default=True,
    help="How to print them.",
)
@config_options
def show(run: str, limit: int, form: str, **options: Any) -> None:
    """Print findings of a run, those that were accepted too.

    RUN is as for `newsqa report`.
    """
    from dataclasses import replace

    from newsqa.cli.showing import choose, show_findings
    from newsqa.report import write
    from newsqa.result import no_findings

    result = _load(run, _config(options))
    chosen = choose(result, options)
    shown = chosen.head(limit)
    if form == "text":
        show_findings(result, shown, chosen.height)
    elif sys.stdout is not None:
        write(replace(result, findings=shown, accepted=no_findings()), form, sys.stdout)


@click.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option(
    "--limit", type=click.IntRange(0), default=10, show_default=True, help="Findings shown."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it; json has every finding.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there are new findings.")
@config_options
def diff(
    before: str | None, after: str | None, limit: int, form: str, exit_code: bool, **options: Any
) -> int:
    """Compare two runs: what is new, gone, and still there.

    BEFORE and AFTER are as RUN for `newsqa report`: without them the latest run is compared with
    the one before of the same paths, and with one of them the latest run with that one. Findings
    are told apart by their fingerprints; accepted ones are left out. The exit status is 0, unless
    --exit-code asks for 1 when there are new ones.
    """
    from newsqa.cli.showing import diff_object, say_diff
    from newsqa.compare import compare
    from newsqa.history import base_of

    config = _config(options)
    first = base_of(_load(before or "previous", config))
    second = base_of(_load(after or "latest", config))
    kept = first.findings.height
    comparison = compare(first, second.findings, second.accepted, second.checked, gone_kept=kept)
    new = _new(comparison, second)
    if form == "json":
        import orjson

        from newsqa.report.safe import json_text

        told = diff_object(comparison, new, second.facts)
        click.echo(json_text(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()))
    else:
        say_diff(comparison, new, second.facts, limit, _names(first.findings, second.findings))
    return 1 if exit_code and comparison.totals.new else 0


def _names(*frames: pl.DataFrame) -> dict[str, str]:
    return {
        rule: name
        for frame in frames
        for rule, name in frame.select("rule", "name").unique().iter_rows()
    }


def _new(comparison: Comparison, after: Base) -> pl.DataFrame:
    import polars as pl

    marks = comparison.statuses.filter(pl.col("status") == "new")["fingerprint"]
    return after.findings.filter(pl.col("fingerprint").is_in(marks.implode()))


@click.command()
@click.option("--rule", metavar="RULE", help="Also the findings of this rule, by code or name.")
@click.option("--source", metavar="SOURCE", help="Also the records and findings of this source.")
@click.option("--limit", type=click.IntRange(1), default=14, show_default=True, help="Runs shown.")
@click.option("--all", "everything", is_flag=True, help="Runs of all paths, not only the latest's.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print them.",
)
@config_options
def history(
    rule: str | None, source: str | None, limit: int, everything: bool, form: str, **options: Any
) -> None:
    """List the last runs with their counts, the latest last."""
    from newsqa.cli.showing import history_object, say_history
    from newsqa.errors import UsageError
    from newsqa.history import earlier_run, list_runs
    from newsqa.history.runs import runs_of_series

    config = _config(options)
    folder = Path(config.history.dir)
    runs = list_runs(folder)
    if not runs:
        raise UsageError(f"no run is kept in {folder}", hint="`newsqa check` keeps one")
    chosen = runs[-limit:] if everything else runs_of_series(runs, runs[-1].series, limit)
    figures: list[EarlierRun] = [earlier_run(run.facts) for run in chosen]
    code = _code(rule, config) if rule else None
    if form == "json":
        import orjson

        click.echo(orjson.dumps(history_object(figures, code, source)).decode())
    else:
        say_history(figures, code, source)


def _code(word: str, config: Config) -> str:
    from newsqa.catalogue import load_catalogue

    return load_catalogue(config.validators).find(word).code
