"""Options that several commands share, and how they change the configuration."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from newsqa.config import Config

validators_option = click.option(
    "--validators",
    multiple=True,
    metavar="DIR",
    help="Folder of rule files of your own, beside the shipped rules. Repeatable.",
)


def config_options(command: Any) -> Any:
    """Add `--config` and `--isolated`."""
    command = click.option("--isolated", is_flag=True, help="Ignore every configuration file.")(
        command
    )
    return click.option(
        "--config",
        "config_words",
        multiple=True,
        envvar="NEWSQA_CONFIG",
        metavar="FILE|KEY=VALUE",
        help="Configuration file, or one setting as in newsqa.toml. Repeatable.",
    )(command)


class Instant(click.ParamType[datetime]):
    """A point in time in ISO 8601; UTC unless it says otherwise."""

    name = "datetime"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time, with its zone."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no ISO 8601 date or time, such as 2025-04-10T12:00Z", param, ctx
            )
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


class Limit(click.ParamType[tuple[str, float]]):
    """`RULE=NUMBER`."""

    name = "rule=number"

    def __init__(self, number: type[int | float]) -> None:
        self.number = number

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the rule's code or name and the limit."""
        rule, _, number = str(value).partition("=")
        try:
            return rule, self.number(number)
        except ValueError:
            self.fail(f"{value!r} is not of the form RULE=NUMBER", param, ctx)


def resolve_config(words: tuple[str, ...], *, isolated: bool, changes: dict[str, Any]) -> Config:
    """Return the configuration in force: defaults, then the file, then the command line.

    Args:
        words: Values of `--config`: a file, or `KEY=VALUE` with a TOML value.
        isolated: Ignore the files that would be found.
        changes: Settings by key of `newsqa.toml`; tables are merged, everything else is replaced.

    Raises:
        ConfigError: A file or a setting is not understood.
        UsageError: `--config` names a file that does not exist.
    """
    from newsqa.config import Config, find_config, load_config

    config = Config()
    files = [word for word in words if "=" not in word]
    path = Path(files[-1]) if files else None if isolated else find_config(Path.cwd())
    if path is not None:
        config = load_config(path)
    data = config.model_dump(exclude_unset=True)
    for word in words:
        if "=" in word:
            _merge(data, _setting(word))
    _merge(data, changes)
    return _checked(data)


def _checked(data: dict[str, Any]) -> Config:
    from pydantic import ValidationError

    from newsqa.config import Config
    from newsqa.errors import UsageError

    try:
        return Config.model_validate(data)
    except ValidationError as error:
        faults = [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise UsageError("\n".join(faults), where="command line") from None


def _setting(word: str) -> dict[str, Any]:
    from newsqa.errors import UsageError

    key, _, value = word.partition("=")
    for text in (word, f"{key}={value!r}"):
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
    raise UsageError(f"{word!r} is no setting", where="--config", hint="write KEY=VALUE as in TOML")


def _merge(into: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
