"""The terminal: widths, colours, the progress bar; in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import gzip
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.cells import cell_len

from newsqa.cli import progress
from newsqa.readers import Inputs
from newsqa.report.text import write_text
from newsqa.run import check as run_check
from tests import report_factory as factory
from tests.outputs_support import STYLE, printed
from tests.test_cli import GOOD, LEAK, write

ROOT = Path(__file__).parent.parent
WIDE = (
    "とても長い名前の新聞社のウェブサイト東京本社編集局デジタル版",
    "👩‍👩‍👧‍👦 the family paper of the northern islands 🏳️‍🌈",
    "a-very-long-name-of-a-source-" * 5 + ".example",
    "short.example",
)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def in_terminal(words: list[str], cwd: Path, columns: int = 80, **environment: str) -> str:
    """Return what a command prints on a terminal, both streams."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    cleared = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS", "CI")
    kept = {key: value for key, value in os.environ.items() if key not in cleared}
    told = {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **environment}
    run = subprocess.Popen(
        [sys.executable, *words], cwd=cwd, env=kept | told, stdin=other, stdout=other, stderr=other
    )
    os.close(other)
    shown = b""
    while select.select([main], [], [], 60)[0]:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(main)
    run.wait(60)
    return shown.decode("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    records = [
        LEAK | {"source": name, "url": f"https://{n}.example/x"} for n, name in enumerate(WIDE)
    ]
    write(tmp_path / "a.jsonl", *records, GOOD)
    return tmp_path


CHECK = ["-m", "newsqa", "check", "a.jsonl", "--no-report", "--no-progress"]


@pytest.mark.parametrize("columns", [60, 200])
def test_nothing_is_wider_than_the_terminal(folder: Path, columns: int) -> None:
    shown = STYLE.sub("", in_terminal(CHECK, folder, columns))
    lines = [line.rstrip("\r") for line in shown.split("\n")]
    # The verdict is one line, whatever the width: others look for it.
    assert max(cell_len(line) for line in lines[:-2]) <= min(columns, 120)
    assert any(line.startswith("FAIL ") for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_columns_are_aligned_whatever_the_names(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    sizes: dict[str | None, int] = dict.fromkeys(WIDE, 12345)
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", name) for n, name in enumerate(WIDE)
    ]
    screen = Screen()
    write_text(factory.build(rows, sizes), screen, color=False)
    table = screen.getvalue().split("\n\n")[0].splitlines()
    assert len(table) == 5
    ends = {cell_len(line[: line.index(mark) + len(mark)]) for line, mark in zip(
        table, ["records", *["12,345"] * 4], strict=True
    )}  # fmt: skip
    assert len(ends) == 1
    assert max(map(cell_len, table)) <= columns


def test_text_is_80_columns_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = printed(factory.broken(), "text").splitlines()
    assert 70 < max(map(cell_len, lines)) <= 80


def test_colours_follow_the_terminal_the_environment_and_the_option(folder: Path) -> None:
    assert STYLE.search(in_terminal(CHECK, folder))
    for environment in ({"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        assert "\x1b" not in in_terminal(CHECK, folder, **environment)
    always = ["-m", "newsqa", "--color", "always", *CHECK[2:]]
    assert STYLE.search(in_terminal(always, folder, NO_COLOR="1"))


def test_no_colour_is_no_narrow_terminal(folder: Path) -> None:
    shown = in_terminal([*CHECK, "-q"], folder, 120, NO_COLOR="1").splitlines()
    assert 80 < max(map(cell_len, shown)) <= 120


EAGER = (
    "import sys, time, newsqa.cli.progress as p, newsqa.run as r\n"
    "p.PATIENCE = 0\n"
    "check = r.check\n"
    "def slow(*a, **k):\n"
    "    told = k['progress']\n"
    "    time.sleep(0.3); told(1, 1200, 4_000_000, 16_000_000); time.sleep(0.3)\n"
    "    return check(*a, **k)\n"
    "r.check = slow\n"
    "sys.argv[0] = 'newsqa'\n"
    "from newsqa.cli import main; main()\n"
)


def test_a_bar_is_shown_while_it_takes_long_and_taken_away(folder: Path) -> None:
    check = CHECK[2:-1]
    shown = in_terminal(["-c", EAGER, *check], folder)
    bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "reading" in bare
    assert re.search(r"1,200 records · [\d,]+/s · 4\.0 of 16\.0 MB · \d+ s left", bare)
    assert shown.rindex("\x1b[2K") < shown.index("source ")
    for words, environment in ((["--no-progress"], {}), ([], {"TERM": "dumb"})):
        told = in_terminal(["-c", EAGER, *check, *words], folder, **environment)
        assert "1,200 records" not in told


def test_a_bar_that_was_not_needed_never_shows() -> None:
    with progress.progress_bar(wanted=True) as tell:
        tell(1, 10, 5, 10)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            (1, 5000, 10_000_000, 40_000_000, 2.0),
            "5,000 records · 2,500/s · 10.0 of 40.0 MB · 6 s left",
        ),
        ((3, 5000, 10, None, 2.0), "5,000 records · 2,500/s · 3 files"),
        ((1, 5000, 10, None, 2.0), "5,000 records · 2,500/s · 1 file"),
        (
            (1, 1, 1_000_000, 1_500_000_000, 10.0),
            "1 records · 0/s · 0.0 of 1.5 GB · 4 h 10 min left",
        ),
        (
            (1, 900, 1_000_000, 61_000_000, 10.0),
            "900 records · 90/s · 1.0 of 61.0 MB · 10 min left",
        ),
        ((0, 0, 0, 61_000_000, 0.0), "0 records · 0/s · 0.0 of 61.0 MB"),
    ],
)
def test_progress_in_words(told: tuple[int, int, int, int | None, float], words: str) -> None:
    assert progress.describe(*told) == words


def test_the_size_of_files_and_of_standard_input(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path / name, *[GOOD] * 40)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert Inputs([tmp_path]).size() == size
    assert Inputs(["-"], stdin=io.BytesIO(b"{}")).size() == 2


def test_the_size_of_packed_files_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"title": "x", "text": "y"}\n' * 9))
    assert Inputs([tmp_path]).size() is None


def test_progress_grows_to_the_size_of_the_files(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path / name, *[GOOD] * 40)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    told: list[tuple[int, int, int, int | None]] = []
    run_check(tmp_path, progress=lambda *how_far: told.append(how_far), batch_records=20)
    read = [how_far[2] for how_far in told]
    assert read == sorted(read)
    assert 0 < read[0] < size / 2
    assert told[-1] == (2, 80, size, size)
