"""`newsqa config`: what is configured, and what can be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from newsqa.cli.options import config_options, resolve_config

if TYPE_CHECKING:
    from newsqa.config import Config


@click.group()
def config() -> None:
    """Show the configuration in force, or its JSON Schema."""


@config.command()
@config_options
def show(config_words: tuple[str, ...], isolated: bool) -> None:
    """Print the configuration in force as JSON."""
    resolved: Config = resolve_config(config_words, isolated=isolated, changes={})
    click.echo(json.dumps(resolved.model_dump(mode="json"), indent=2, ensure_ascii=False))


@config.command()
def schema() -> None:
    """Print the JSON Schema of newsqa.toml, for editors."""
    from newsqa.config import config_schema

    click.echo(json.dumps(config_schema(), indent=2))


@config.command()
def path() -> None:
    """Print which configuration file is used here."""
    from pathlib import Path

    from newsqa.config import find_config

    found = find_config(Path.cwd())
    click.echo(str(found) if found else "none: the defaults are in force")
