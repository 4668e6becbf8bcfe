"""Hostile text in every field of a record and in file names, read once, in every output."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import orjson
import pytest
from markdown_it import MarkdownIt
from rich.cells import cell_len

import newsqa
from newsqa.cli.terminal import last_line, report_crash, say, say_about, say_durations
from newsqa.errors import UsageError
from newsqa.finding import FINDING_FIELDS
from newsqa.report import STREAM_FORMATS
from newsqa.report.markdown import code
from newsqa.result import Result
from tests.hostile import HOSTILE, UNPAIRED
from tests.outputs_support import CONTROL, STYLE, command_of, obeyed, printed

LEAK = "{{ article.related.title }}"
BODY = "The harbour reopened on Monday after repairs, and boats entered it at dawn. "
ALL = (*HOSTILE, *UNPAIRED)


def record(number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"{text}{number}",
        "title": f"{text} {LEAK}",
        "text": f"{text}\n\n{LEAK} {text}\n\n{BODY * 4}\n{text}",
        "summary": f"{text} {LEAK}",
        "url": f"https://news.example/{number}/{text}",
        "source": text or "news.example",
        "section": f"{text} {LEAK}",
        "author": [text, LEAK],
        "language": text,
        "date": text,
        "modified": text,
    }


def file_name(text: str) -> str:
    name = text.encode("utf-8", "replace").decode()[:60].replace("/", "\u2215").replace("\0", "")
    return f"{name}.jsonl"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    """One check of every string in every field, and of files that are called like them."""
    with contextlib.chdir(tmp_path_factory.mktemp("hostile")):
        lines = [json.dumps(record(number, text)) for number, text in enumerate(ALL)]
        Path("all.jsonl").write_text("\n".join(lines), "ascii")
        names = dict.fromkeys(file_name(text) for text in ALL)
        names = [name for name in names if not name.startswith(("http", "file:"))]
        for number, name in enumerate(names):
            broken = '{"title": "' + json.dumps(ALL[number])[1:-1]
            Path(name).write_text(f"{json.dumps(record(number, name))}\n{broken}\n", "ascii")
        yield newsqa.check(["all.jsonl", *names], now=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def outputs(result: Result) -> dict[str, str]:
    return {form: printed(result, form, max_shown=100_000) for form in STREAM_FORMATS}


def test_the_corpus_is_large_and_everything_of_it_was_read(result: Result) -> None:
    assert len(ALL) >= 200
    assert result.totals["records_read"] > 2 * len(ALL) - 20
    assert result.totals["records_refused"] > len(ALL) - 20
    for name in ("title", "body", "summary", "section", "authors", "url", "published"):
        assert (result.findings["field"] == name).sum() > len(ALL) // 2, name
    assert result.findings["path"].n_unique() > len(ALL) - 20


@pytest.mark.parametrize("form", STREAM_FORMATS)
def test_no_log_and_no_terminal_obeys_it(outputs: dict[str, str], form: str) -> None:
    output = outputs[form]
    assert not CONTROL.search(output)
    lines = obeyed(output)
    if form == "github":
        lines = [line for line in lines if command_of(line) is None]
    assert lines == []


def test_what_is_said_beside_the_findings_is_obeyed_by_nothing(
    result: Result, capfd: pytest.CaptureFixture[str]
) -> None:
    with click.Context(click.Command("check"), color=False).scope():
        say_about(result, [("json", text) for text in HOSTILE])
        say_durations(result, 200)
        for text in HOSTILE:
            say(f"error: {UsageError(text, where=text, hint=text)}")
            say(text)
            report_crash(ValueError(text))
            last_line(result, text)
    told = capfd.readouterr()
    assert told.out == ""
    assert not CONTROL.search(told.err)
    assert obeyed(told.err) == []


def test_github_obeys_only_what_newsqa_commands(outputs: dict[str, str]) -> None:
    commands = [command_of(line) for line in outputs["github"].splitlines()]
    for command in commands:
        assert command is not None
        assert command.name in {"error", "warning", "notice"}
        assert set(command.properties) <= {"file", "line", "title"}
        assert command.properties.get("line", "1").isdigit()
        told = [command.data, *command.properties.values()]
        assert not [text for text in told if re.search(r"[\r\n]", text)]
    names = [command.name for command in commands if command]
    assert max(names.count(name) for name in set(names)) <= 10


def test_concise_is_one_finding_a_line(outputs: dict[str, str], result: Result) -> None:
    assert len(outputs["concise"].splitlines()) == result.findings.height


def test_text_is_read_as_no_markup_and_colour_only_adds_styles(
    outputs: dict[str, str], result: Result
) -> None:
    assert "[bold red]rich[/bold red] [/nope] [link=https://evil.example]x[/link]" in re.sub(
        r"\s*│?\s*\n\s*│? ?", " ", outputs["text"]
    )
    colour = printed(result, "text", max_shown=2, color=True)
    assert "\x1b[" in colour
    bare = STYLE.sub("", colour)
    assert not CONTROL.search(bare)
    assert obeyed(bare) == []


def test_what_hides_or_turns_text_is_visible(outputs: dict[str, str]) -> None:
    for form in ("text", "concise", "csv", "junit", "markdown", "gitlab", "sarif"):
        assert "\u202e" not in outputs[form]
    assert "invoice<U+202E>gnp.exe" in outputs["concise"]
    assert "invoice<U+202E>gnp.exe" in outputs["csv"]
    assert "zero<U+200B>width<U+2060>join<U+FEFF>bom<U+00AD>soft" in outputs["concise"]
    assert "␛[2J␛]0;owned␇" in outputs["concise"]


def test_lines_of_json_mean_what_was_found(outputs: dict[str, str], result: Result) -> None:
    rows = result.findings.select(FINDING_FIELDS).to_dicts()
    for row in rows:
        row["evidence"] = orjson.loads(row["evidence"])
    assert [json.loads(line) for line in outputs["jsonl"].splitlines()] == rows
    assert json.loads(outputs["json"])["findings"] == rows


def test_machines_can_read_every_output(outputs: dict[str, str], result: Result) -> None:
    number = result.findings.height
    assert len(json.loads(outputs["gitlab"])) == number
    assert len(json.loads(outputs["rdjson"])["diagnostics"]) == number
    assert len([json.loads(line) for line in outputs["rdjsonl"].splitlines()]) == number
    assert len(json.loads(outputs["sarif"])["runs"][0]["results"]) == min(number, 5_000)
    assert len(list(csv.reader(io.StringIO(outputs["csv"]), strict=True))) == number + 1
    for form in ("junit", "junit-strict"):
        assert ET.fromstring(outputs[form]).get("tests")  # noqa: S314  our own


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th",
        "td", "strong"}  # fmt: skip


def spoken(text: str) -> list[str]:
    """Return the texts of Markdown outside of code; fail where it holds more than plain blocks."""
    texts = []
    for token in MARKDOWN.parse(text):
        kinds = [token, *(token.children or [])]
        for kind in kinds:
            name = re.sub("_(open|close)$", "", kind.type)
            assert name in OURS | {"inline", "text", "code_inline", "softbreak"}, kind
            texts += [kind.content] if kind.type == "text" else []
    return texts


def test_markdown_says_nothing_of_it_outside_of_code(outputs: dict[str, str]) -> None:
    text = outputs["markdown"]
    assert len(text.encode()) < 100_000
    bold = r"[A-Z]{3}\d{3} [a-z0-9-]+"
    ours = rf"({bold}|[A-Z]{{3}}\d{{3}}|[\w ,.:()%<>\u202f·–|-]*)"
    for said in spoken(text):
        assert re.fullmatch(ours, said), said
        assert not re.search(r"evil|owned|www\.|@|<\w", said), said
    widths = {line.count("|") for line in text.splitlines() if line.startswith("| Source")}
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert {line.count("|") for line in rows} == widths


def test_comments_of_reviewdog_are_code(outputs: dict[str, str]) -> None:
    for line in outputs["rdjsonl"].splitlines():
        said = spoken(json.loads(line)["message"])
        assert re.fullmatch(r"[a-z0-9-]+: ?", "".join(said)), said


@pytest.mark.parametrize("text", ALL)
def test_nothing_leaves_its_code_span(text: str) -> None:
    shown = code(text)
    (_, inline, _) = MARKDOWN.parse(f"x {shown} y") if shown else (0, None, 0)
    if inline is not None:
        assert [child.type for child in inline.children or []] == ["text", "code_inline", "text"]


def test_excerpts_stay_in_their_gutter(outputs: dict[str, str]) -> None:
    lines = outputs["text"].splitlines()
    excerpts = [line for line in lines if "│" in line[:7]]
    assert len(excerpts) > len(ALL)
    assert max(map(cell_len, excerpts)) <= 80
