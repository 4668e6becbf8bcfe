"""Options about how the work of a check is done; none of them changes what is found."""

from __future__ import annotations

import os
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsqa.config import Config
    from newsqa.run import How

_ENGINES = ("local", "ray")


def working_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of processes, engines, the cache and resuming to a command."""
    options = (
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(1),
            metavar="N",
            help="Processes that share a large input. [default: one a core]",
        ),
        click.option(
            "--engine",
            type=click.Choice(_ENGINES),
            default="local",
            show_default=True,
            help="Where parts of the input are checked; ray needs newsqa[ray].",
        ),
        click.option(
            "--ray-address",
            metavar="ADDRESS",
            help="Cluster for --engine ray. [default: the one that Ray finds, or one of its own]",
        ),
        click.option(
            "--cache-dir",
            type=click.Path(file_okay=False),
            help="Where results of unchanged files are kept. [default: .newsqa_cache]",
        ),
        click.option("--no-cache", is_flag=True, help="Check unchanged files again, keep nothing."),
        click.option(
            "--resume",
            is_flag=True,
            help="Go on with the check of these paths that was interrupted, at the time it had.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def how_of(options: dict[str, Any], config: Config) -> Iterator[How]:
    """Give how the work is done; a cluster that is started for it ends with it.

    Raises:
        UsageError: Options contradict one another, or Ray is not installed.
    """
    from newsqa.parts.onray import RayEngine
    from newsqa.run import How

    if options["resume"] and options["no_cache"]:
        raise click.UsageError("--resume needs the cache: leave out --no-cache")
    if options["ray_address"] and options["engine"] != "ray":
        raise click.UsageError("--ray-address needs --engine ray")
    cache = None if options["no_cache"] else Path(options["cache_dir"] or config.cache_dir)
    how = How(jobs=options["jobs"] or _cores(), cache=cache, resume=options["resume"])
    if options["engine"] != "ray":
        yield how
        return
    # Ray prints what it has to say of workers on standard output, whatever it is told.
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        RayEngine(options["ray_address"], how.jobs) as engine,
    ):
        yield replace(how, engine=engine)


def _cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
