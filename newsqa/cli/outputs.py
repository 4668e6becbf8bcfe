"""What a check writes: the words of `--output`, the default format, and the files."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsqa.errors import UsageError
from newsqa.report import FORMATS, STREAM_FORMATS, write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.config import Config
    from newsqa.result import Result

PRINTED = (*STREAM_FORMATS, "none")
_ENDINGS = {
    "md": "markdown",
    "xml": "junit",
    "htm": "html",
    "ndjson": "jsonl",
    "txt": "text",
    "log": "concise",
}


def read_outputs(
    _ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]
) -> dict[str, str]:
    """Return file by format from the words of `--output`.

    Raises:
        click.BadParameter: A word is not `FORMAT=FILE`, or a format or a file comes twice.
    """
    outputs: dict[str, str] = {}
    for word in words:
        name, sign, file = word.partition("=")
        if not sign:
            raise click.BadParameter(f"{word!r} is not FORMAT=FILE; {_meant(word)}")
        if fault := _fault(name, file):
            raise click.BadParameter(f"{word!r}: {fault}")
        if name in outputs:
            raise click.BadParameter(f"{name} is given twice: {outputs[name]} and {file}")
        if file in outputs.values():
            raise click.BadParameter(f"{file} is given twice")
        outputs[name] = file
    return outputs


def check_outputs(outputs: Mapping[str, str], report: str | None) -> None:
    """Refuse outputs that cannot be written, before anything is read.

    Args:
        outputs: File by format, from command line and configuration.
        report: The HTML report, or None where there is none.

    Raises:
        click.UsageError: There is no such format, or a file has no name.
        UsageError: A file cannot be written.
    """
    for name, file in outputs.items():
        if fault := _fault(name, file):
            raise click.UsageError(f"output.{name}: {fault}")
    for path in (*outputs.values(), *([report] if report else [])):
        if reason := _why_not(Path(path)):
            fault = f"{path} cannot be written: {reason}"
            raise UsageError(fault, hint="name another file")


def _why_not(path: Path) -> str:
    if path.is_dir():
        return "it is a folder"
    nearest = next((place for place in (path, *path.parents) if place.exists()), Path())
    if nearest != path and not nearest.is_dir():
        return f"{nearest} is no folder"
    return "" if os.access(nearest, os.W_OK) else f"{nearest} is write-protected"


def _fault(name: str, file: str) -> str:
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, 1)
        hint = f"did you mean {near[0]}?" if near else f"formats: {', '.join(FORMATS)}"
        return f"no format is called {name!r}; {hint}"
    return "" if file else "the file has no name"


def _meant(word: str) -> str:
    ending = Path(word).suffix.removeprefix(".").casefold()
    form = ending if ending in FORMATS else _ENDINGS.get(ending, "")
    return f"did you mean {form}={word}?" if form else f"formats: {', '.join(FORMATS)}"


def default_format() -> str:
    """Return what is printed unless told: annotations in the log of GitHub Actions, else text."""
    in_log = sys.stdout is None or not sys.stdout.isatty()
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" and in_log else "text"


def write_outputs(result: Result, config: Config) -> list[tuple[str, str]]:
    """Write every further output; return format and file of each.

    The summary of a step of GitHub Actions is added to, since its other commands write there too.

    Raises:
        UsageError: A file cannot be written.
    """
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    for form, file in config.output.items():
        append = bool(summary) and Path(file) == Path(str(summary))
        write_file(result, form, Path(file), assets=config.report.assets, append=append)
    return list(config.output.items())
