"""What a check is told to write: formats, files, the log of GitHub Actions, counts and times."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from newsqa.cli import cli, main
from newsqa.report import FORMATS, OF_SUITES, STREAM_FORMATS
from tests.outputs_support import obeyed
from tests.test_cli import GOOD, write

LEAK = GOOD | {
    "title": "Storm closes the mountain pass",
    "text": "Snow closed the pass late on Sunday, and the ploughs were called out at once. The two "
    "villages behind it have food for a week, said the mayor.\n\n{{ article.related.title }}\n\n"
    "The road service hopes to open one lane by the end of the week if the wind turns.",
    "url": "https://news.example/storm-closes-pass",
}


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, in a folder with one bad and one good record."""
    write(tmp_path / "a.jsonl", LEAK, GOOD)
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NEWSQA_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["newsqa", *words])
            with pytest.raises(SystemExit) as stop:
                main()
        return Ran(int(str(stop.value.code)), *capsys.readouterr())

    return run


def test_every_format_in_one_run(tmp_path: Path, run: Run) -> None:
    words = [word for form in FORMATS for word in ("--output", f"{form}=out/{form}.file")]
    ran = run("check", "a.jsonl", *words, "--no-report", "--format", "none")
    assert (ran.returncode, ran.stdout) == (1, "")
    for form in FORMATS:
        written = (tmp_path / "out" / f"{form}.file").read_text("utf-8")
        assert ("LEK001" in written) is (form not in OF_SUITES), form
        assert not (tmp_path / "out" / f"{form}.file").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--output", "out.sarif"],
            "'out.sarif' is not FORMAT=FILE; did you mean sarif=out.sarif?",
        ),
        (["--output", "a/summary.md"], "did you mean markdown=a/summary.md?"),
        (["--output", "x"], "'x' is not FORMAT=FILE; formats: text, "),
        (["--output", "sarrif=x"], "no format is called 'sarrif'; did you mean sarif?"),
        (["--output", "pdf=x"], "no format is called 'pdf'; formats: text, "),
        (["--output", "json="], "the file has no name"),
        (["--output", "json=a", "--output", "json=b"], "json is given twice: a and b"),
        (["--output", "json=a", "--output", "csv=a"], "a is given twice"),
        (["--config", "output.pdf='x'"], "output.pdf: no format is called 'pdf'"),
        (["--output", "json=a.jsonl/x"], "a.jsonl/x cannot be written: a.jsonl is no folder"),
        (["--output", "json=."], ". cannot be written: it is a folder"),
        (["--report", "a.jsonl/r.html"], "a.jsonl/r.html cannot be written: a.jsonl is no folder"),
        (["--statistics", "--format", "json"], "--statistics cannot be printed as json"),
        (["--durations", "a.jsonl"], "'a.jsonl' is not a valid integer"),
    ],
)
def test_what_is_no_output_is_refused_before_anything_is_read(
    tmp_path: Path, run: Run, words: list[str], said: str
) -> None:
    ran = run("check", "a.jsonl", *words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert not (tmp_path / "reports").exists()


def test_annotations_are_the_default_in_the_log_of_github(run: Run) -> None:
    words = ("check", "a.jsonl", "--no-report")
    ran = run(*words, GITHUB_ACTIONS="true")
    assert ran.stdout.startswith("::error file=a.jsonl,line=1,title=LEK001 template-leak::")
    assert run(*words).stdout.startswith("source ")
    told = run(*words, "--format", "concise", GITHUB_ACTIONS="true")
    assert told.stdout.startswith("a.jsonl:1: LEK001 error body: ")


def test_the_summary_of_a_step_is_added_to(tmp_path: Path, run: Run) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("written by another command\n")
    words = ("check", "a.jsonl", "--no-report", "--output", f"markdown={summary}")
    run(*words, GITHUB_STEP_SUMMARY=str(summary))
    run(*words, GITHUB_STEP_SUMMARY=str(summary))
    text = summary.read_text()
    assert text.startswith("written by another command\n## newsqa: Fail\n")
    assert text.count("## newsqa: Fail") == 2
    run(*words)
    assert summary.read_text().count("## newsqa: Fail") == 1


def test_no_summary_is_written_unasked(tmp_path: Path, run: Run) -> None:
    run("check", "a.jsonl", GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert not (tmp_path / "summary.md").exists()


def test_statistics_count_the_rules(run: Run) -> None:
    ran = run("check", "a.jsonl", "--no-report", "--statistics", GITHUB_ACTIONS="true")
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["1", "50.0", "%", "error", "LEK001", "template-leak"],
        ["1", "finding", "of", "1", "rule"],
    ]
    assert ran.returncode == 1


def test_durations_name_the_slowest_rules(run: Run) -> None:
    lines = run("check", "a.jsonl", "--no-report", "--durations=2").stderr.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("slowest rules, of "))
    assert len(lines[start + 1 : -1]) == 2
    assert run("check", "a.jsonl", "--no-report", "--durations").returncode == 1


def test_quiet_says_the_last_line_and_verbose_says_all(run: Run) -> None:
    words = ("check", "a.jsonl", "--report", "r.html", "--format", "none", "--output", "csv=f.csv")
    words = (*words, "--no-history")
    quiet = run(*words, "-q").stderr
    assert quiet == "FAIL 1 rule over limit · 1 finding in 2 records · report: r.html\n"
    loud = run(*words, "-v").stderr
    assert "read 2 records from 1 file, plain jsonl: body = text, published = date\n" in loud
    assert "not applicable, no file provides authors: AUT001, AUT002" in loud
    assert "wrote csv: f.csv\n" in loud
    assert loud.splitlines()[-1] == quiet.rstrip()


@pytest.mark.parametrize("verdict", ["pass", "fail", "empty", "unreadable", "interrupted"])
def test_the_last_line_says_the_verdict(tmp_path: Path, verdict: str) -> None:
    (tmp_path / "out").mkdir()
    if verdict in {"pass", "fail"}:
        write(tmp_path / "out" / "a.jsonl", GOOD if verdict == "pass" else LEAK)
    elif verdict == "unreadable":
        (tmp_path / "out" / "a.jsonl.gz").write_bytes(b"\x1f\x8b not packed")
    words = [sys.executable, "-m", "newsqa", "check", "-" if verdict == "interrupted" else "out"]
    run = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdin
    if verdict == "interrupted":
        # More than a pipe holds: once it is written, the check is reading.
        run.stdin.write(json.dumps(GOOD) * 2000)
        run.stdin.flush()
        run.send_signal(signal.SIGINT)
    said = run.communicate(None if verdict == "interrupted" else "", timeout=60)[1]
    status, word = {
        "pass": (0, "PASS 0 findings in 1 record · report: reports/newsqa.html"),
        "fail": (1, "FAIL 1 rule over limit · 1 finding in 1 record · report: "),
        "empty": (5, "NOTHING TO CHECK 0 findings in 0 records · report: "),
        "unreadable": (3, "COULD NOT CHECK 1 rule over limit · 1 finding in 0 records"),
        "interrupted": (130, "interrupted: there is no verdict"),
    }[verdict]
    assert said.splitlines()[-1].startswith(word), said
    assert "Traceback" not in said
    assert run.returncode == status


@pytest.mark.parametrize("words", ["rules", "config show"])
def test_a_reader_that_goes_away_hears_nothing(tmp_path: Path, words: str) -> None:
    line = f"{sys.executable} -m newsqa {words} | true; exit ${{PIPESTATUS[0]}}"
    run = subprocess.run(
        ["bash", "-c", line],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "roken pipe" not in run.stderr
    assert "Traceback" not in run.stderr
    # click ends with 1 where it notices; a short output may fit before anyone leaves.
    assert run.returncode in {0, 1}


def test_a_fault_of_the_command_line_is_no_command_to_a_log(run: Run) -> None:
    ran = run("check", "--output", "x\n::error::owned\x1b[2J")
    assert ran.returncode == 2
    assert "newsqa check" in ran.stderr
    assert "\x1b" not in ran.stderr
    assert obeyed(ran.stderr) == []


ROOT = Path(__file__).parent.parent


def test_formats_are_documented() -> None:
    page = (ROOT / "docs" / "outputs.md").read_text("utf-8")
    for form in (*STREAM_FORMATS, "html", "none"):
        assert f"`{form}`" in page, form


@pytest.mark.parametrize("name", ["docs/outputs.md", "action.yml", ".pre-commit-hooks.yaml"])
def test_what_is_documented_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    known = {
        option
        for command in (cli, *cli.commands.values())
        for param in command.get_params(click.Context(command))
        for option in param.opts
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known
    for form, _ in re.findall(r"--output (\S+?)=(\S+)", text):
        assert form in {*FORMATS, "FORMAT"}
    for form in re.findall(r"--format (\w+)", text):
        assert form in FORMATS
