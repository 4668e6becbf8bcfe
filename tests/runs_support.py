"""Small crawls of invented news, checked in this process and kept as runs."""

from __future__ import annotations

import json
from contextlib import chdir
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from newsqa.cli import cli
from newsqa.errors import NewsqaError
from newsqa.history import list_runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RULES = "LEK001,LEK008,HED001,SRC020,SRC021,SRC022"
SENTENCE = (
    "The council of {place} voted on item {n} late on Monday, after a debate of two hours that "
    "drew a full gallery. The mayor said that the work would begin in spring and cost less than "
    "planned."
)


def story(n: int, place: str = "Fenmouth", **over: Any) -> dict[str, Any]:
    """Return a clean record."""
    site = f"{place.lower()}.example"
    return {
        "url": f"https://{site}/news/{n}",
        "title": f"Council of {place} votes on item {n}",
        "text": SENTENCE.format(place=place, n=n),
        "date": "2025-04-14T08:30:00Z",
    } | over


def leak(n: int, place: str = "Fenmouth", code: str = "{{ article.kicker }}") -> dict[str, Any]:
    """Return a record with a template leak."""
    return story(n, place, text=f"{SENTENCE.format(place=place, n=n)}\n\n{code}\n")


def write(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return path


class Done:
    """A command that ran: its status, what it printed, and on which stream."""

    def __init__(self, status: int, stdout: str, stderr: str) -> None:
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    @property
    def last(self) -> str:
        return self.stderr.splitlines()[-1]


def newsqa(folder: Path, *words: str) -> Done:
    """Run a command in a folder, in this process."""
    with chdir(folder):
        ran = CliRunner().invoke(cli, list(words), standalone_mode=False)
    if isinstance(ran.exception, NewsqaError):
        return Done(2, ran.stdout, str(ran.exception))
    if ran.exception is not None:
        raise ran.exception
    return Done(ran.return_value or 0, ran.stdout, ran.stderr)


def check(folder: Path, *words: str, rules: str = RULES) -> Done:
    """Check `out/` in a folder with few rules and without a report."""
    fixed = ["--select", rules, "--no-report", "--now", "2026-01-01"]
    return newsqa(folder, "check", "out", *fixed, "--format", "jsonl", *words)


def found(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def runs(folder: Path) -> list[Path]:
    """Return the folders of the runs, oldest first."""
    return [run.folder for run in list_runs(folder / ".newsqa/runs")]
