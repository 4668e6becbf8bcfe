"""docs/runs.md is true: its commands exist, run in its order, and print what it shows."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click

from newsqa.cli import cli
from newsqa.config import Config
from tests.runs_support import newsqa

PAGE = Path(__file__).parent.parent / "docs" / "runs.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"```(json|console|toml)\n(.*?)```", TEXT, re.DOTALL)
STREAMED = {"check", "suppress", "baseline"}


def plain(text: str) -> list[str]:
    """Lines without what differs from run to run: identifiers and times."""
    text = re.sub(r"\b[0-9a-f]{12}\b", "<id>", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?(?= |$)", "<time>", text)
    return [line.rstrip() for line in text.strip().splitlines()]


def steps(block: str) -> list[tuple[list[str], str]]:
    """Commands of a block with what is printed below them."""
    parts = re.split(r"^\$ newsqa ", block, flags=re.MULTILINE)[1:]
    return [
        (shlex.split(head), printed)
        for head, _, printed in (part.partition("\n") for part in parts)
    ]


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    ran = 0
    for kind, block in BLOCKS:
        if kind == "json":
            (tmp_path / "out").mkdir(exist_ok=True)
            (tmp_path / "out/news.jsonl").write_text(block, "utf-8")
        for words, printed in steps(block) if kind == "console" else ():
            ran += 1
            done = newsqa(tmp_path, *words)
            wanted = plain(printed)
            if words[0] in STREAMED:
                # The last line may say more than the page shows.
                said = done.stderr.strip().splitlines()[-1].split(" · ")
                assert set(wanted.pop().split(" · ")) <= set(said), words
            assert plain(done.stdout) == wanted, words
    assert ran >= 9


def test_settings_are_understood() -> None:
    for kind, block in BLOCKS:
        if kind == "toml":
            Config.model_validate(tomllib.loads(block))


def test_commands_and_options_exist() -> None:
    for line in re.findall(r"`newsqa ([a-z][^`]*)`", TEXT):
        words = shlex.split(line)
        command: click.Command = cli.commands[words.pop(0)]
        if isinstance(command, click.Group) and words:
            command = command.commands[words.pop(0)]
        context = click.Context(command)
        known = {option for param in command.get_params(context) for option in param.opts}
        for option in (word for word in words if word.startswith("--")):
            assert option in known, line
