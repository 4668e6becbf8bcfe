"""`newsqa baseline` and `newsqa suppress`: findings that are accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsqa.cli.options import config_options, resolve_config

if TYPE_CHECKING:
    from datetime import datetime

    from newsqa.config import Config
    from newsqa.result import Result

DEFAULT_BASELINE = "newsqa-baseline.jsonl"


@click.group()
def baseline() -> None:
    """Accept today's findings, so that only new ones count.

    A baseline is a file of fingerprints, one finding a line; `newsqa check --baseline FILE` or
    `baseline = "FILE"` in newsqa.toml use it. Any file of findings as JSON lines can serve as one.
    """


def _baseline_options(command: Any) -> Any:
    command = click.option(
        "--run",
        default="latest",
        show_default=True,
        metavar="RUN",
        help="The run that the findings are taken from.",
    )(config_options(command))
    return click.argument("file", required=False)(command)


def _prepare(file: str | None, run: str, options: dict[str, Any]) -> tuple[Path, Result]:
    from newsqa.history import find_run, load_result

    config = resolve_config(options["config_words"], isolated=options["isolated"], changes={})
    target = Path(file or config.baseline or DEFAULT_BASELINE)
    return target, load_result(find_run(run, Path(config.history.dir)))


@baseline.command()
@_baseline_options
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def create(file: str | None, run: str, force: bool, **options: Any) -> None:
    """Write a baseline of all findings of a run that are not suppressed."""
    from newsqa.errors import UsageError
    from newsqa.history.baseline import entries_of, write_baseline

    target, result = _prepare(file, run, options)
    if target.exists() and not force:
        raise UsageError(
            f"{target} is there already", hint="`newsqa baseline update` adds to it; or --force"
        )
    entries = entries_of(result)
    write_baseline(target, entries)
    _tell(target, len(entries), "accepted")


@baseline.command()
@_baseline_options
def update(file: str | None, run: str, **options: Any) -> None:
    """Add the findings of a run to a baseline; nothing is taken out."""
    from newsqa.history.baseline import entries_of, write_baseline
    from newsqa.history.past import baseline_entries

    target, result = _prepare(file, run, options)
    known = baseline_entries(target)
    fingerprints = {entry["fingerprint"] for entry in known}
    added = [e for e in entries_of(result) if e["fingerprint"] not in fingerprints]
    write_baseline(target, [*known, *added])
    _tell(target, len(added), "added")


@baseline.command()
@_baseline_options
def prune(file: str | None, run: str, **options: Any) -> None:
    """Take out of a baseline what a run did not find any more.

    Findings of rules that the run did not check stay.
    """
    from newsqa.history.baseline import still_there, write_baseline
    from newsqa.history.past import baseline_entries

    target, result = _prepare(file, run, options)
    known = baseline_entries(target)
    kept = still_there(known, result)
    write_baseline(target, kept)
    _tell(target, len(known) - len(kept), "taken out")


def _tell(target: Path, number: int, what: str) -> None:
    from newsqa.cli.terminal import say
    from newsqa.figures import count

    say(f"{target}: {count(number, 'finding')} {what}")


@click.command()
@click.argument("fingerprint")
@click.option("--reason", required=True, help="Why it is accepted; ten characters at least.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Last day on which it holds, such as 2027-01-31.",
)
@click.option("--owner", help="Whom to ask.")
@config_options
def suppress(
    fingerprint: str, reason: str, expires: datetime | None, owner: str | None, **options: Any
) -> None:
    """Accept one finding, with a reason, in newsqa.toml.

    FINGERPRINT is printed by `newsqa show`; the first eight of its characters will do where the
    latest run has one such finding only. The entry goes to the end of the configuration file;
    nothing else in it changes.
    """
    from pydantic import ValidationError

    from newsqa.cli.terminal import say
    from newsqa.config import Suppression
    from newsqa.configfile import add_suppression
    from newsqa.errors import UsageError

    config = resolve_config(options["config_words"], isolated=options["isolated"], changes={})
    found = _finding(fingerprint, config)
    stated = {
        "fingerprint": found["fingerprint"] if found else fingerprint,
        "rule": found["rule"] if found else None,
        "reason": _text(reason),
        "expires": expires.date() if expires else None,
        "owner": _text(owner) if owner else None,
    }
    try:
        entry = Suppression.model_validate({k: v for k, v in stated.items() if v is not None})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UsageError(faults, where="command line") from None
    path = _target(options)
    add_suppression(path, entry)
    if found:
        say(f"{path}: suppressed {found['rule']} {found['name']}: {found['message']}")
    else:
        say(f"{path}: suppressed {fingerprint}")
        say("warning: the latest run has no such finding")


def _text(words: str) -> str:
    """Return words of the command line, which may hold bytes that are no text."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _finding(fingerprint: str, config: Config) -> dict[str, Any] | None:
    import polars as pl

    from newsqa.errors import UsageError
    from newsqa.history import find_run, load_result

    try:
        result = load_result(find_run("latest", Path(config.history.dir)))
    except UsageError:
        return None
    findings = result.all_findings
    own = findings.filter(pl.col("fingerprint") == fingerprint)
    if own.is_empty() and len(fingerprint) >= 8:
        own = findings.filter(pl.col("fingerprint").str.starts_with(fingerprint))
    if own.height > 1:
        raise UsageError(
            f"{own.height} findings of the latest run begin with {fingerprint!r}",
            hint="name the whole fingerprint",
        )
    return own.row(0, named=True) if own.height else None


def _target(options: dict[str, Any]) -> Path:
    """Return the configuration file that takes the entry."""
    from newsqa.config import find_config

    files = [word for word in options["config_words"] if "=" not in word]
    if files:
        return Path(files[-1])
    return find_config(Path.cwd()) or Path("newsqa.toml")
