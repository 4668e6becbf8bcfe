"""`newsqa profile` and `newsqa split`: what an input is like, and which of its records to keep."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsqa.cli.options import Instant, config_options, resolve_config, validators_option
from newsqa.cli.past import selection_of

if TYPE_CHECKING:
    from newsqa.config import Config
    from newsqa.profile import Profile, SourceProfile, Spread

_EMPTY, _UNREADABLE = 5, 3


def _selection_options(command: Any) -> Any:
    options = (
        click.option(
            "--source",
            "sources",
            multiple=True,
            metavar="GLOB",
            help="Only the records of these sources. Repeatable.",
        ),
        click.option(
            "--since",
            metavar="TIME",
            help="Only records crawled (or published) since a date, or 36h, 7d, 2w ago.",
        ),
        click.option(
            "--now",
            type=Instant(),
            metavar="TIME",
            help="The time to judge at, ISO 8601. [default: now]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _inputs(paths: tuple[str, ...], options: dict[str, Any]) -> tuple[Config, list[str]]:
    config = resolve_config(options["config_words"], isolated=options["isolated"], changes={})
    inputs = list(paths) or list(config.paths)
    if not inputs:
        raise click.UsageError("name what to read: out/ (or set paths in newsqa.toml)")
    return config, inputs


def _stdin(inputs: list[str]) -> Any:
    return sys.stdin.buffer if sys.stdin and "-" in inputs else None


@click.command()
@click.argument("paths", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1), default=30, show_default=True, help="Sources shown."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it; json has every source.",
)
@click.option(
    "--suite",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write a suite of Great Expectations too, which this crawl meets.",
)
@_selection_options
@config_options
def profile(
    paths: tuple[str, ...], limit: int, form: str, suite: str | None, **options: Any
) -> int:
    """Show what an input is like: filled fields, lengths and languages by source.

    PATHS are as for `newsqa check`. Nothing is judged and nothing is kept. The exit status is 0, 3
    when no record could be read, and 5 when there is none.
    """
    config, inputs = _inputs(paths, options)
    if suite:
        if "-" in inputs:
            raise click.UsageError("a suite is made in a second reading: name files, not -")
        _propose(inputs, config, Path(suite), options)
    from newsqa.profile import profile as take_profile

    chosen = selection_of(options).at(options["now"] or datetime.now(UTC))
    taken = take_profile(inputs, config, chosen, stdin=_stdin(inputs))
    if form == "json":
        import orjson

        told = {
            "schema_version": 1,
            "records_found": taken.found,
            "records_refused": taken.refused,
            "files": len(taken.files),
            "sources": [asdict(source) for source in taken.sources],
        }
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    else:
        _say_profile(taken, limit)
    if taken.sources:
        return 0
    return _UNREADABLE if taken.refused else _EMPTY


def _propose(inputs: list[str], config: Config, path: Path, options: dict[str, Any]) -> None:
    """Write the suite of an input that was good."""
    import orjson

    from newsqa.run import check_and_keep
    from newsqa.suites.frames import RECORD_COLUMNS, sources_frame
    from newsqa.suites.propose import propose

    wanted = [name for name in RECORD_COLUMNS if name != "body"]
    chosen = selection_of(options)
    with check_and_keep(inputs, wanted, config=config, now=options["now"], selection=chosen) as (
        result,
        records,
    ):
        if not result.totals["records_read"]:
            return
        now = datetime.fromisoformat(result.run["now"])
        sources = sources_frame(result.records, result.findings, result.days, now)
        content = propose(path.stem, records, sources)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
    click.echo(f"{len(content['expectations'])} expectations: {path}", err=True)


def _say_profile(taken: Profile, limit: int) -> None:
    from newsqa.cli.tables import echo, table
    from newsqa.figures import count
    from newsqa.report.examples import source_name

    read = taken.found - taken.refused
    unread = f", {taken.refused:,} unreadable" if taken.refused else ""
    sources = count(len(taken.sources), "source")
    echo(f"{count(read, 'record')} from {sources} in {count(len(taken.files), 'file')}{unread}")
    shown = taken.sources[:limit]
    if not shown:
        return
    echo("")
    head = ["source", "records", "published", "body", "title", "language"]
    table(head, [(source_name(s.source), s.records, *_row(s)) for s in shown])
    fields = _lacking(shown)
    if fields:
        echo("")
        echo("filled, of the records whose file has the field:")
        rows = [(source_name(s.source), *(_fill(s, field) for field in fields)) for s in shown]
        table(["source", *fields], rows)
    if len(taken.sources) > limit:
        echo(f"and {count(len(taken.sources) - limit, 'other source')}; --limit shows more")
    echo("")
    echo("body and title: characters exceeded by 95 %, 50 % and 5 % of the records")


def _row(source: SourceProfile) -> tuple[str, ...]:
    days = f"{source.first} to {source.last}" if source.first else "no date"
    languages = " ".join(list(source.identified)[:3]) or "?"
    return days, _lengths(source.body), _lengths(source.title), languages


def _lengths(spread: Spread | None) -> str:
    if spread is None:
        return "none"
    return f"{spread.low:,}/{spread.median:,}/{spread.high:,}"


def _lacking(sources: tuple[SourceProfile, ...]) -> list[str]:
    """Return the fields that some record lacks though its file has them."""
    return [
        name
        for name in sources[0].filled
        if any(source.filled[name] < source.provided[name] for source in sources)
    ]


def _fill(source: SourceProfile, name: str) -> str | None:
    from newsqa.figures import percent

    provided = source.provided[name]
    return percent(source.filled[name], provided) if provided else None


@click.command()
@click.argument("paths", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="The list: .jsonl, .parquet or .csv. [default: JSON lines on standard output]",
)
@click.option(
    "--drop-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    help="Drop records with a finding of this severity or worse.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="RULES",
    help="Drop records with a finding of these rules, whatever their severity, such as DUP.",
)
@click.option(
    "--select", multiple=True, metavar="RULES", help="Check only these rules, as newsqa check does."
)
@validators_option
@_selection_options
@config_options
def split(
    paths: tuple[str, ...],
    output: str | None,
    drop_on: str,
    also: tuple[str, ...],
    select: tuple[str, ...],
    **options: Any,
) -> int:
    """List every record with a verdict: keep it, or drop it, and why.

    PATHS are as for `newsqa check`. The list has `path`, `line`, `record`, `id`, `url`, `source`,
    `keep` and `rules`; the records themselves are not copied. Suppressions and the baseline of the
    configuration hold. The exit status is 0, 3 when the records could not be checked, and 5 when
    there is none.
    """
    config, inputs = _inputs(paths, options)
    from newsqa.cli.terminal import say
    from newsqa.figures import count
    from newsqa.history.past import read_baseline
    from newsqa.setup import Past
    from newsqa.split import chosen_rules, write_list
    from newsqa.split import split as divide

    changes: dict[str, Any] = {"validators": [*config.validators, *options["validators"]]}
    if select:
        words = [word.strip() for word in ",".join(select).split(",") if word.strip()]
        changes["rules"] = config.rules.model_copy(update={"select": words})
    config = config.model_copy(update=changes)
    accepted = read_baseline(Path(config.baseline)) if config.baseline else frozenset()
    words = [word.strip() for word in ",".join(also).split(",") if word.strip()]
    divided = divide(
        inputs,
        drop_on=drop_on,
        also=chosen_rules(words, config),
        config=config,
        now=options["now"],
        stdin=_stdin(inputs),
        past=Past(baseline=accepted),
        selection=selection_of(options),
    )
    records = divided.records
    if output:
        write_list(records, Path(output))
    elif sys.stdout is not None:
        from newsqa.report.safe import json_text

        click.echo(json_text(records.write_ndjson()), nl=False)
    kept = int(records["keep"].sum())
    where = f": {output}" if output else ""
    say(f"{count(kept, 'record')} to keep, {records.height - kept:,} to drop{where}")
    return 0 if divided.result.verdict in {"pass", "fail"} else divided.result.exit_status
