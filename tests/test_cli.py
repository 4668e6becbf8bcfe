"""The command line: exit statuses, streams, and what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsqa.finding import FINDING_FIELDS

GOOD = {
    "title": "Harbour reopens after repairs",
    "text": "The harbour of the old town reopened on Monday after two years of repairs to its "
    "eastern pier.\n\nFishing boats entered it at dawn, followed by the ferry from the islands. "
    "The mayor said that the work had cost less than planned, and that the second pier would "
    "be rebuilt next year.\n\nThe ferry company will resume its daily crossings in May.",
    "date": "2025-04-14",
    "url": "https://news.example/harbour-reopens",
}
LEAK = {
    "title": "Storm closes the mountain pass",
    "text": "Snow closed the pass late on Sunday.\n\n{{ article.related.title }}\n",
    "date": "2025-04-15",
    "url": "https://news.example/storm-closes-pass",
}


def newsqa(
    *words: str, cwd: Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsqa", *words],
        cwd=cwd,
        input=stdin,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def write(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_good_data_exits_0(tmp_path: Path) -> None:
    write(tmp_path / "out" / "a.jsonl", GOOD)
    run = newsqa("check", "out", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stderr.splitlines()[-1].startswith("PASS 0 findings in 1 record · report: ")
    assert (tmp_path / "reports" / "newsqa.html").is_file()


def test_bad_data_exits_1_and_exit_zero_clears_it(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", GOOD, LEAK)
    run = newsqa("check", "a.jsonl", "--no-report", "--format", "jsonl", cwd=tmp_path)
    assert run.returncode == 1
    findings = [json.loads(line) for line in run.stdout.splitlines()]
    (finding,) = [f for f in findings if f["severity"] == "error"]
    assert (finding["name"], finding["line"]) == ("template-leak", 2)
    assert LEAK["text"][finding["start"] : finding["end"]] == "{{ article.related.title }}"
    assert newsqa("check", "a.jsonl", "--no-report", "--exit-zero", cwd=tmp_path).returncode == 0


def test_a_missing_path_exits_2(tmp_path: Path) -> None:
    run = newsqa("check", "nowhere", cwd=tmp_path)
    assert run.returncode == 2
    assert "nowhere" in run.stderr
    assert run.stdout == ""


def test_no_path_exits_2(tmp_path: Path) -> None:
    assert newsqa("check", cwd=tmp_path).returncode == 2


def test_binary_rubbish_exits_3(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.bin").write_bytes(bytes(range(256)) * 20)
    run = newsqa("check", "out", "--exit-zero", cwd=tmp_path)
    assert run.returncode == 3
    assert "COULD NOT CHECK" in run.stderr.splitlines()[-1]


def test_an_empty_folder_exits_5(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert newsqa("check", "out", cwd=tmp_path).returncode == 5
    assert newsqa("check", "out", "--allow-empty", cwd=tmp_path).returncode == 0


def test_a_broken_line_is_reported_and_the_others_are_checked(tmp_path: Path) -> None:
    lines: list[object] = [
        GOOD | {"url": f"https://news.example/{n}", "title": f"Story {n}"} for n in range(10)
    ]
    lines[6] = '{"title": "cut off", "text": "The harb'
    write(tmp_path / "a.jsonl", *lines)
    run = newsqa("check", "a.jsonl", "--no-report", "--format", "json", cwd=tmp_path)
    told = json.loads(run.stdout)
    broken = [f for f in told["findings"] if f["name"] == "unreadable-record"]
    assert [f["line"] for f in broken] == [7]
    assert told["totals"]["records_found"] == 10
    assert told["totals"]["records_read"] == 9
    assert told["totals"]["records_refused"] == 1


def test_a_faulty_configuration_exits_2_and_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "newsqa.toml").write_text('paths = ["."]\nfail_one = "error"\n')
    run = newsqa("check", cwd=tmp_path)
    assert run.returncode == 2
    assert "newsqa.toml:2: unknown key 'fail_one'; did you mean 'fail_on'?" in run.stderr


def test_an_unknown_rule_exits_2(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", GOOD)
    run = newsqa("check", "a.jsonl", "--select", "template-leek", cwd=tmp_path)
    assert run.returncode == 2
    assert "did you mean template-leak?" in run.stderr


def test_standard_input_is_read(tmp_path: Path) -> None:
    run = newsqa(
        "check", "-", "--no-report", "--format", "concise", cwd=tmp_path, stdin=json.dumps(LEAK)
    )
    assert run.returncode == 1
    assert "LEK001 error body" in run.stdout


def test_json_output_has_the_public_keys(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", LEAK)
    run = newsqa("check", "a.jsonl", "--no-report", "--format", "json", cwd=tmp_path)
    told = json.loads(run.stdout)
    assert list(told) == [
        "schema_version",
        "newsqa",
        "run",
        "verdict",
        "totals",
        "gates",
        "rules",
        "sources",
        "findings",
    ]
    assert told["verdict"] == "fail"
    assert list(told["findings"][0]) == list(FINDING_FIELDS)


def test_several_outputs_in_one_run(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", LEAK)
    words = ["--output", "jsonl=out/f.jsonl", "--output", "json=f.json", "--report", "r.html"]
    run = newsqa("check", "a.jsonl", *words, "--format", "none", cwd=tmp_path)
    assert run.stdout == ""
    assert (tmp_path / "out" / "f.jsonl").read_text().count("template-leak") == 1
    assert json.loads((tmp_path / "f.json").read_text())["verdict"] == "fail"
    assert "<html" in (tmp_path / "r.html").read_text("utf-8")


def test_a_limit_on_the_command_line_is_the_gate(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", LEAK)
    words = ["a.jsonl", "--no-report", "--max-count", "template-leak=1"]
    assert newsqa("check", *words, cwd=tmp_path).returncode == 0
    words[-1] = "template-leak=0"
    assert newsqa("check", *words, cwd=tmp_path).returncode == 1


def test_rules_of_a_users_own_are_run_and_tested(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "acme.toml").write_text(
        """
family = "ACM"
title = "Acme"
about = "Ours."

[[rule]]
code = "ACM001"
name = "test-article"
summary = "It is a test."
rationale = "Readers believed it."
fix = "Leave it out."
severity = "error"
check = "patterns"
params = { look_in = ["title"], patterns = ['(?i)^harbour'] }
message = "test article: {excerpt}"
good = [{ title = "Test cricket returns" }]
bad = [{ title = "Harbour of tests" }, { title = "Cricket" }]
"""
    )
    write(tmp_path / "a.jsonl", GOOD)
    run = newsqa(
        "check",
        "a.jsonl",
        "--no-report",
        "--validators",
        "mine",
        "--format",
        "concise",
        cwd=tmp_path,
    )
    assert run.returncode == 1
    assert "ACM001" in run.stdout
    tested = newsqa("test", "ACM", "--validators", "mine", cwd=tmp_path)
    assert tested.returncode == 1
    assert "ACM001 bad[1] missing" in tested.stdout
    assert "1 validated, 1 reported, 0 noisy, 1 missing" in tested.stderr


def test_explain_takes_codes_and_names(tmp_path: Path) -> None:
    by_code = newsqa("explain", "INP002", cwd=tmp_path)
    by_name = newsqa("explain", "unreadable-record", cwd=tmp_path)
    assert by_code.returncode == 0
    assert by_code.stdout == by_name.stdout
    assert "Rationale" in by_code.stdout


def test_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    nasty = "\x1b]0;owned\x07\x1b[31m{{ a.b }}\u202e"
    write(tmp_path / "a.jsonl", GOOD | {"title": nasty, "text": nasty * 3})
    for form in ("text", "concise"):
        run = newsqa("check", "a.jsonl", "--no-report", "--format", form, cwd=tmp_path)
        assert "\x1b]0" not in run.stdout + run.stderr
        assert "\x07" not in run.stdout
        assert "\u202e" not in run.stdout


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    code = (
        "import sys\n"
        "from newsqa.cli import cli\n"
        f"try:\n    cli({words!r})\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'polars', 'pandera', 'pandas', 'great_expectations', 'jinja2', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )  # fmt: skip
    assert run.stderr.strip() == "[]"
    assert run.stdout


def test_no_color_is_respected(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", LEAK)
    plain = newsqa("check", "a.jsonl", "--no-report", cwd=tmp_path, NO_COLOR="1")
    assert "\x1b[" not in plain.stdout + plain.stderr
    forced = newsqa("--color", "always", "check", "a.jsonl", "--no-report", cwd=tmp_path)
    assert "\x1b[" in forced.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--select", ","], "no rule is on"),
        (["--select", "DUP", "--ignore", "DUP"], "no rule is on"),
        (["--config", "fields.bodi=['x']"], "no field is called 'bodi'"),
        (["--config", "rules.settings=3"], "valid dictionary"),
        (["--now", "9999-12-31T23:59:59-14:00"], "nothing can be judged at 9999-12-31"),
        (["--output", "json=a.jsonl/x.json"], "cannot be written"),
        (["--output", "json=."], "cannot be written"),
        (["--report", "a.jsonl/x.html"], "cannot be written"),
        (["--validators", "odd"], "odd/x.toml: cannot be read"),
    ],
)
def test_what_cannot_be_done_exits_2_and_says_why(
    tmp_path: Path, words: list[str], said: str
) -> None:
    write(tmp_path / "a.jsonl", GOOD)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "x.toml").write_bytes(b"\xff")
    run = newsqa("check", "a.jsonl", *words, cwd=tmp_path)
    assert (run.returncode, "Traceback" in run.stderr) == (2, False), run.stderr
    assert said in run.stderr


def test_a_page_of_rules_that_cannot_be_written_exits_2(tmp_path: Path) -> None:
    assert newsqa("rules", "docs", "no/such/folder.md", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("redirection", "status"),
    [("| true", 1), (">&-", 1), (">/dev/full", 3), ("2>&-", 1), ("<&- -", 2)],
)
def test_streams_that_are_closed_change_no_verdict(
    tmp_path: Path, redirection: str, status: int
) -> None:
    write(tmp_path / "a.jsonl", *[LEAK] * 50)
    words = f"set -o pipefail; {sys.executable} -m newsqa check a.jsonl {redirection}"
    run = subprocess.run(
        ["bash", "-c", words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, "Traceback" in run.stderr) == (status, False), run.stderr
    assert (tmp_path / "reports" / "newsqa.html").is_file() == (status != 2)


def test_settings_by_code_and_by_name_are_one(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *[LEAK] * 2)
    (tmp_path / "newsqa.toml").write_text("[rules.LEK001]\nmax_count = 9\n")
    name = json.loads(newsqa("explain", "LEK001", "--format", "json", cwd=tmp_path).stdout)["name"]
    words = ("--config", f"rules.{name}.severity='info'", "--format", "json", "--select", "LEK001")
    run = newsqa("check", "a.jsonl", *words, cwd=tmp_path)
    (gate,) = json.loads(run.stdout)["gates"]
    assert (gate["severity"], gate["limit"]) == ("info", "at most 9 findings")


def test_names_that_are_no_utf8_are_no_crash(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    write(tmp_path / f"{name}.jsonl", GOOD, "{broken")
    outputs = ("--output", f"json={name}.json", "--report", f"{name}.html")
    run = newsqa("check", f"{name}.jsonl", *outputs, cwd=tmp_path)
    assert (run.returncode, "Traceback" in run.stderr) == (1, False), run.stderr
    assert (
        "caf\ufffd.jsonl"
        in json.loads((tmp_path / f"{name}.json").read_text("utf-8"))["findings"][0]["path"]
    )
    assert (tmp_path / f"{name}.html").is_file()
