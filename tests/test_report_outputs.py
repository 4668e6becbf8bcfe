"""Text, concise, JSON, JSON lines and HTML as text: form, escaping and caps."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.errors import UsageError
from newsqa.finding import FINDING_FIELDS
from newsqa.report import FORMATS, OF_SUITES, STREAM_FORMATS, write, write_file
from newsqa.report.html import MAX_FINDINGS, render_html
from newsqa.report.markdown import cell, code
from newsqa.result import Gate
from tests import report_factory as factory
from tests.hostile import HOSTILE

OWN_COMMAND = re.compile(r"::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::")
FOLDER = Path(__file__).parents[1] / "newsqa" / "report"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printed(result: object, form: str, **options: object) -> str:
    stream = io.StringIO()
    write(result, form, stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.fixture(scope="module")
def hostile() -> object:
    return factory.hostile(HOSTILE)


@pytest.fixture(scope="module")
def page() -> str:
    return render_html(factory.broken())


def payload_of(page: str) -> dict[str, list[list[object]]]:
    found = re.search(r'id="payload">([A-Za-z0-9+/=]*)</script>', page)
    assert found
    content: dict[str, list[list[object]]] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content


def test_json_is_one_object_with_the_promised_keys() -> None:
    result = factory.broken()
    data = json.loads(printed(result, "json"))
    keys = ["schema_version", "newsqa", "run", "verdict", "totals", "gates", "rules", "sources"]
    assert set(keys) | {"findings"} <= set(data)
    assert data["totals"]["findings"] == len(data["findings"]) == 156
    assert list(data["findings"][0]) == list(FINDING_FIELDS)
    assert {source["source"] for source in data["sources"]} == set(factory.SOURCES)
    assert data["verdict"] == "fail"


def test_json_of_an_empty_run_parses() -> None:
    data = json.loads(printed(factory.empty(), "json"))
    assert (data["findings"], data["sources"]) == ([], [])
    assert data["verdict"] == "nothing-to-check"


def test_jsonl_is_one_finding_a_line() -> None:
    lines = printed(factory.broken(), "jsonl").splitlines()
    assert len(lines) == 156
    assert isinstance(json.loads(lines[0])["evidence"], dict)


def test_concise_names_place_rule_field_and_hit() -> None:
    first = printed(factory.broken(), "concise").splitlines()[0]
    assert first == (
        'out/news.jsonl:1: LEK001 error title: template leak in title "{{ article.kicker }}"'
    )


def test_min_level_hides_what_is_less_severe() -> None:
    concise = printed(factory.broken(), "concise", min_level="error")
    assert " warning " not in concise
    text = printed(factory.broken(), "text", min_level="error", max_shown=1)
    assert "site-line" not in text
    assert "template-leak" in text


def test_text_fits_80_columns_and_marks_the_hit() -> None:
    text = printed(factory.broken(), "text", max_shown=2)
    head = text.split("broken:")[0]
    assert max(len(line) for line in head.splitlines()) <= 80
    assert "▸{{ article.kicker }}◂" in text
    assert text.index("courier.example") < text.index("LEK001") < text.index("broken:")
    assert "and 26 more" in text


def test_text_without_examples_keeps_the_rules() -> None:
    text = printed(factory.broken(), "text", max_shown=0)
    assert "LEK001" in text
    assert "▸" not in text


@pytest.mark.parametrize("make", [factory.clean, factory.empty, factory.crashed])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_shows_every_verdict(make: object, form: str) -> None:
    assert printed(make(), form) or form in {"concise", "jsonl", "rdjsonl"}  # type: ignore[operator]


@pytest.mark.parametrize("form", STREAM_FORMATS)
def test_hostile_text_reaches_no_terminal_raw(hostile: object, form: str) -> None:
    output = printed(hostile, form, max_shown=50)
    assert not CONTROL.search(output)
    commands = [line for line in output.splitlines() if line.lstrip().startswith("::")]
    assert all(form == "github" and OWN_COMMAND.match(line) for line in commands)
    assert not re.search(r"##(\[|vso)", output)


def test_hostile_text_is_one_finding_a_line(hostile: object) -> None:
    rows = 2 * len(HOSTILE)
    assert len(printed(hostile, "concise").splitlines()) == rows
    assert [json.loads(line) for line in printed(hostile, "jsonl").splitlines()]


def test_markup_of_rich_is_text(hostile: object) -> None:
    output = printed(hostile, "text", max_shown=50)
    assert "[bold red]rich[/bold red] [/nope]" in output


def test_colour_only_adds_styles(hostile: object) -> None:
    output = printed(hostile, "text", color=True, max_shown=3)
    assert "\x1b[" in output
    assert not CONTROL.search(re.sub(r"\x1b\[[0-9;]*m", "", output))


def test_stream_that_knows_no_unicode_gets_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    write(factory.broken(20), "text", stream, color=False)
    stream.flush()
    assert b"\\u25b8{{ article.kicker }}" in raw.getvalue()


def test_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match="pdf"):
        write(factory.empty(), "pdf", io.StringIO())


@pytest.mark.parametrize("form", FORMATS)
def test_files_are_written_into_new_folders(tmp_path: Path, form: str) -> None:
    path = tmp_path / "new" / "folder" / "out"
    write_file(factory.broken(), form, path)
    assert ("LEK001" in path.read_text("utf-8")) is (form not in OF_SUITES)


def test_github_gets_one_annotation_a_broken_limit() -> None:
    lines = printed(factory.broken(), "github").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 4 + ["::notice"]
    assert lines[1].startswith("::error file=out/news.jsonl,line=1,title=LEK001 template-leak::")


def test_github_escapes_what_ends_a_property() -> None:
    row = factory.finding(
        0, "LEK001", "template-leak", "error", "a.example", path="50%,a:b\n.jsonl"
    )
    first = printed(factory.build([row], {"a.example": 3}), "github").splitlines()[0]
    assert first.startswith("::error file=50%25%2Ca%3Ab .jsonl,line=1,")


def test_markdown_keeps_scraped_text_in_code() -> None:
    assert code("a `b` ``c`` | @here") == "``` a `b` ``c`` | @here ```"
    assert cell("a | b") == "` a ¦ b `"
    assert code("![x](https://evil.example)") == "` ![x](https://evil.example) `"


def test_markdown_is_small_even_with_many_sources() -> None:
    names = tuple(f"outlet-{n:02}.example" for n in range(48))
    text = printed(factory.broken(9000, names), "markdown")
    assert text.startswith("## newsqa: Fail")
    assert len(text.encode()) < 100_000
    assert "33 other sources" in text


def test_junit_has_a_case_for_each_rule_and_source(hostile: object) -> None:
    suite = ET.fromstring(printed(factory.broken(), "junit"))  # noqa: S314  our own
    cases = {(c.get("classname"), c.get("name")): c for c in suite.iter("testcase")}
    assert len(cases) == 1 + 9 * 5 + 2
    assert suite.get("skipped") == "2"
    failure = cases["newsqa.gazete.example", "LEK001 template-leak"].find("failure")
    assert failure is not None
    assert "limit: no finding" in str(failure.get("message"))
    assert "article.kicker" in str(failure.text)
    assert cases["newsqa.gazete.example", "BLD001 site-line"].find("failure") is None
    assert ET.fromstring(printed(hostile, "junit")).get("errors") == "1"  # noqa: S314


def test_junit_takes_the_limit_of_the_source() -> None:
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", f"{name}.example")
        for n, name in enumerate(("strict", "lenient"))
    ]
    why = {"findings": 1, "records": 1, "share": 0.5, "why": "1 finding"}
    gates = (
        Gate("LEK001", "template-leak", "error", None, limit="no finding", passed=False, **why),
        Gate("LEK001", "template-leak", "error", "lenient.example", limit="5", passed=True, **why),
    )
    result = factory.build(rows, {"strict.example": 2, "lenient.example": 2}, gates=gates)
    suite = ET.fromstring(printed(result, "junit"))  # noqa: S314  our own
    failures = [c.get("classname") for c in suite.iter("testcase") if c.find("failure") is not None]
    assert failures == ["newsqa.strict.example"]


def test_csv_holds_no_formula(hostile: object) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(hostile, "csv"))))
    assert len(rows) == 2 * len(HOSTILE)
    assert list(rows[0]) == list(FINDING_FIELDS)
    cells = [value for row in rows for value in row.values()]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "-"))]


def test_page_is_the_same_for_the_same_result(page: str) -> None:
    assert page == render_html(factory.broken())


def test_page_has_all_findings_and_the_title_says_the_verdict(page: str) -> None:
    content = payload_of(page)
    assert len(content["rows"]) == 156
    assert "<title>newsqa FAIL: 156 findings in 470 records</title>" in page


def test_policy_allows_exactly_what_the_page_holds(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = set(re.findall(r"sha256-[^&]*?=(?=&#39;)", policy[1]))
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", page, flags=re.DOTALL)
    hashes = {
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in inline
    }
    assert len(inline) == 3
    assert allowed == hashes
    assert "unsafe" not in policy[1]


def test_page_asks_for_nothing_and_links_nowhere(page: str) -> None:
    document = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"\s(?:src|action|srcset|poster|background)=", document)
    assert not re.search(r"\s(?:style|on\w+)=", document)
    assert {link[0] for link in re.findall(r'href="([^"]*)"', document)} == {"#"}


def test_page_holds_nothing_unseen(hostile: object) -> None:
    page = render_html(hostile)  # type: ignore[arg-type]
    assert not CONTROL.search(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))
    assert not CONTROL.search(json.dumps(payload_of(page), ensure_ascii=False))
    assert "invoice&lt;U+202E&gt;gnp.exe" in page


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=4, max_size=12))
def test_any_text_can_be_shown(texts: list[str]) -> None:
    result = factory.hostile(tuple(dict.fromkeys(texts)))
    page = render_html(result)
    assert len(payload_of(page)["rows"]) == result.findings.height
    assert json.loads(printed(result, "json"))["totals"]["findings"] == result.findings.height
    assert len(printed(result, "concise").splitlines()) == result.findings.height
    assert printed(result, "text")


def test_large_result_is_capped_and_says_so() -> None:
    page = render_html(factory.broken(9_000))
    assert len(payload_of(page)["rows"]) == MAX_FINDINGS
    assert "5,000 of 10,0" in page
    assert len(page) < 1_500_000


def test_huge_texts_do_not_make_a_huge_page() -> None:
    huge = "https://courier.example/" + "x" * 2_000_000
    over = {"url": huge, "id": huge, "message": huge, "path": huge, "evidence": {"key": huge}}
    row = factory.finding(0, "LEK001", "template-leak", "error", huge, **over)
    assert len(render_html(factory.build([row], {huge: 3}))) < 400_000


def test_templates_trust_nothing() -> None:
    for path in sorted((FOLDER / "templates").glob("*.j2")):
        text = path.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|style=|javascript:|\son\w+=", text), path.name


def test_script_writes_text_only() -> None:
    script = (FOLDER / "assets" / "report.js").read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_vendored_table_keeps_its_licence() -> None:
    licence = (FOLDER / "assets" / "datatables.LICENSE.txt").read_text("utf-8")
    assert licence.startswith("The MIT License")
    code = (FOLDER / "assets" / "datatables.min.js").read_text("utf-8")
    assert "</script" not in code.lower()
