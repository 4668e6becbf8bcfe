"""`newsqa init`: a scraper's own configuration and folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsqa.cli.options import Instant

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), default=".")
@click.option(
    "--from",
    "paths",
    multiple=True,
    metavar="PATH",
    help="What the scraper wrote: keys and limits are guessed from it. Repeatable.",
)
@click.option(
    "--now", type=Instant(), metavar="TIME", help="The time to judge at, ISO 8601. [default: now]"
)
def init(folder: str, paths: tuple[str, ...], now: datetime | None) -> None:
    """Write newsqa.toml and the folders of a project: validators, expectations, samples, reports.

    With --from the keys of fields that newsqa does not know by itself are guessed from the values,
    and rules over their limit get one at the level of today, so that a first run passes and later
    ones cannot get worse. Files that are there are left as they are; a newsqa.toml that is there is
    an error.
    """
    from newsqa.cli.terminal import say
    from newsqa.config import load_config
    from newsqa.errors import UsageError
    from newsqa.starting import FILES, Guess, config_text, guess

    home = Path(folder)
    target = home / "newsqa.toml"
    if target.exists():
        raise UsageError(f"{target} is there already", hint="change it by hand, or move it away")
    guessed = guess(paths, now) if paths else Guess()
    near = [Path(os.path.relpath(path, home)).as_posix() for path in paths]
    try:
        for name, text in FILES.items():
            path = home / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8", newline="\n")
        target.write_text(config_text(near, guessed), "utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{home} cannot be written: {reason}") from None
    load_config(target)
    say(f"wrote {target}; next: newsqa check{'' if paths else ' PATH'}")
    for name, key in guessed.fields.items():
        say(f"guessed: {name} = {key}")
