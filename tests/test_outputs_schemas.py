"""Outputs for machines, held against the schema, the limits or the parser of their consumer."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import JUnitXml
from lxml import etree

from newsqa.report import STREAM_FORMATS
from newsqa.report.issues import NOWHERE, issues, repository_path, uri_of
from newsqa.report.junit import MAX_SOURCES
from newsqa.report.sarif import MAX_RESULTS
from newsqa.result import Gate, Result
from tests import report_factory as factory
from tests.hostile import HOSTILE
from tests.outputs_support import (
    DATA,
    DIAGNOSTIC,
    GITLAB,
    RDJSON,
    obeyed,
    printed,
    sarif_schema,
)

MAKERS = {
    "broken": factory.broken,
    "clean": factory.clean,
    "empty": factory.empty,
    "crashed": factory.crashed,
    "hostile": lambda: factory.hostile(HOSTILE),
}
SARIF = Draft4Validator(sarif_schema())
STRICT_JUNIT = etree.XMLSchema(etree.parse(DATA / "junit-strict.xsd"))


@pytest.fixture(scope="module", params=MAKERS)
def result(request: pytest.FixtureRequest) -> Result:
    return MAKERS[request.param]()


def accepted(count: int = 30) -> Result:
    """Return a run in which the first findings were accepted for a reason."""
    run = factory.broken(count)
    evidence = run.findings["evidence"].to_list()
    marks = [{"by": "suppression", "reason": "The wire repeats headlines; NEWS-123"}]
    marks += [{"by": "baseline"}, {"by": "known"}]
    for number, mark in enumerate(marks):
        evidence[number] = orjson.dumps(
            orjson.loads(evidence[number]) | {"accepted": mark}
        ).decode()
    return dataclasses.replace(
        run, findings=run.findings.with_columns(evidence=pl.Series(evidence))
    )


def sarif_run(result: Any) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(printed(result, "sarif"))["runs"][0]
    return run


def test_sarif_fits_its_schema(result: Result) -> None:
    assert not [error.message for error in SARIF.iter_errors(json.loads(printed(result, "sarif")))]


def test_sarif_keeps_to_the_limits_of_github(result: Result) -> None:
    run = sarif_run(result)
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        texts = [rule["shortDescription"]["text"], rule["fullDescription"]["text"]]
        assert all(0 < len(text) <= 1024 for text in texts)
        assert rule["help"]["text"]
        assert len(rule["properties"]["tags"]) <= 10
        assert "security-severity" not in rule["properties"]
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
        assert found["message"]["text"].strip()
        (location,) = found["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"]
        assert set(place["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert found["partialFingerprints"]["primaryLocationLineHash"]


def test_sarif_holds_no_link_and_no_placeholder() -> None:
    text = "see [this](https://evil.example) and {0}, {{ article.title }}"
    row = factory.finding(0, "LEK001", "template-leak", "error", "a.example", message=text)
    (found,) = sarif_run(factory.build([row], {"a.example": 3}))["results"]
    assert found["message"]["text"] == (
        "see [this] (https://evil.example) and { 0}, {{ article.title }}"
    )
    messages = [r["message"]["text"] for r in sarif_run(factory.hostile(HOSTILE))["results"]]
    assert not [text for text in messages if re.search(r"\]\(|\{\d+\}", text)]


def test_sarif_holds_the_worst_and_says_how_many_it_leaves_out() -> None:
    run = factory.broken(9_000)
    told = printed(run, "sarif")
    assert len(gzip.compress(told.encode())) < 10 * 2**20
    (sarif,) = json.loads(told)["runs"]
    assert len(sarif["results"]) == MAX_RESULTS == 5_000
    levels = Counter(found["level"] for found in sarif["results"])
    errors = run.totals["errors"]
    assert levels["error"] == min(errors, MAX_RESULTS)
    (note,) = (
        n["message"]["text"]
        for n in sarif["invocations"][0]["toolExecutionNotifications"]
        if "not in this file" in n["message"]["text"]
    )
    assert note.startswith(f"{run.findings.height - MAX_RESULTS:,} findings of ")


def test_a_noisy_source_does_not_crowd_the_others_out_of_sarif() -> None:
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", "loud.example")
        for n in range(MAX_RESULTS + 500)
    ]
    rows.append(factory.finding(9_999, "LEK001", "template-leak", "error", "quiet.example"))
    run = sarif_run(factory.build(rows, {"loud.example": 9_000, "quiet.example": 10}))
    assert "quiet.example" in {found["properties"]["source"] for found in run["results"]}


def test_sarif_says_that_a_rule_crashed() -> None:
    (invocation,) = sarif_run(factory.crashed())["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error"
    assert note["message"]["text"].startswith("BLD002 crashed: ValueError: <b>no</b>")


def test_accepted_findings_are_suppressed_in_sarif_and_left_out_elsewhere() -> None:
    run = accepted()
    results = sarif_run(run)["results"]
    marked = [found["suppressions"] for found in results if "suppressions" in found]
    assert [mark[0].get("justification") for mark in marked] == [
        "The wire repeats headlines; NEWS-123",
        "in the baseline",
        "in an earlier run",
    ]
    counting = run.findings.height - 3
    assert len(json.loads(printed(run, "gitlab"))) == counting
    assert len(json.loads(printed(run, "rdjson"))["diagnostics"]) == counting
    assert len(printed(run, "rdjsonl").splitlines()) == counting


def test_gitlab_fits_its_documentation(result: Result) -> None:
    text = printed(result, "gitlab")
    assert text.startswith("[")
    told = json.loads(text)
    assert not [error.message for error in Draft202012Validator(GITLAB).iter_errors(told)]
    marks = [issue["fingerprint"] for issue in told]
    assert len(set(marks)) == len(marks)


def test_gitlab_shows_equal_fingerprints_as_two() -> None:
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", "a.example", fingerprint="same")
        for n in range(3)
    ]
    told = json.loads(printed(factory.build(rows, {"a.example": 3}), "gitlab"))
    assert [issue["fingerprint"] for issue in told] == ["same", "same-2", "same-3"]


def test_gitlab_blocks_what_was_not_checked() -> None:
    for make in (factory.crashed, factory.empty):
        (issue,) = json.loads(printed(make(), "gitlab"))
        assert issue["severity"] == "blocker"


def test_rdjson_fits_its_documentation(result: Result) -> None:
    told = json.loads(printed(result, "rdjson"))
    assert not [error.message for error in Draft202012Validator(RDJSON).iter_errors(told)]
    lines = [json.loads(line) for line in printed(result, "rdjsonl").splitlines()]
    validator = Draft202012Validator(DIAGNOSTIC)
    assert not [error.message for line in lines for error in validator.iter_errors(line)]
    assert [{**d, "source": told["source"]} for d in told["diagnostics"]] == lines


def test_strict_junit_fits_the_schema_and_both_open_in_a_strict_parser(result: Result) -> None:
    strict = printed(result, "junit-strict")
    STRICT_JUNIT.assertValid(etree.fromstring(strict.encode()))
    for text in (strict, printed(result, "junit")):
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
        names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
        assert len(set(names)) == len(names)
        suite = JUnitXml.fromstring(text.encode())
        assert suite.tests == len(names)
        assert suite.failures == len(root.findall(".//failure"))


def test_no_run_without_records_is_green_in_junit() -> None:
    case = etree.fromstring(printed(factory.empty(), "junit").encode())[0]
    assert case.find("error").get("type") == "nothing-to-check"
    clean = etree.fromstring(printed(factory.clean(), "junit").encode())
    assert (clean.get("errors"), clean.get("failures")) == ("0", "0")


def test_junit_names_the_file_unless_it_is_strict() -> None:
    failing = etree.fromstring(printed(factory.broken(), "junit").encode()).find(".//failure/..")
    assert failing.get("file") == "out/news.jsonl"
    assert "file=" not in printed(factory.broken(), "junit-strict")


def test_no_broken_limit_goes_without_a_failure_in_junit() -> None:
    names = [f"paper{n:03}.example" for n in range(MAX_SOURCES + 40)]
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", name)
        for n, name in enumerate(names)
        for _ in range(2 if n < MAX_SOURCES + 20 else 0)
    ]
    why = {"findings": 2, "records": 1, "share": 0.5, "why": "2 findings in 1 of 2 records"}
    gates = (
        Gate("LEK001", "template-leak", "error", None, limit="9", passed=True, **why),
        Gate("LEK001", "template-leak", "error", names[110], limit="1", passed=False, **why),
    )
    run = factory.build(rows, dict.fromkeys(names, 2), gates=gates)
    (failure,) = etree.fromstring(printed(run, "junit").encode()).iter("failure")
    assert failure.getparent().get("classname") == f"newsqa.{names[110]}"


def test_sources_that_are_shown_alike_are_two_cases_in_junit() -> None:
    long = "x" * 200
    names = [f"{long}.example", f"{long}.test", "a\u200bb", "a\x00b"]
    rows = [
        factory.finding(n, "LEK001", "template-leak", "error", name) for n, name in enumerate(names)
    ]
    root = etree.fromstring(printed(factory.build(rows, dict.fromkeys(names, 2)), "junit").encode())
    assert len(root.findall(".//failure")) == 4


def test_csv_is_the_same_for_both_of_its_readers(result: Result) -> None:
    text = printed(result, "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    frame = pl.read_csv(io.StringIO(text), infer_schema=False)
    assert len(rows) == frame.height == result.findings.height
    assert frame.with_columns(pl.all().fill_null("")).to_dicts() == rows
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text)
    assert not [c for row in rows for c in row.values() if re.match(r"\s*[=+@-]", c)]


def test_paths_are_those_of_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert repository_path("./out/a.jsonl") == "out/a.jsonl"
    assert repository_path(str(tmp_path / "out" / "a b.jsonl")) == "out/a b.jsonl"
    assert repository_path("/elsewhere/a.jsonl") == "/elsewhere/a.jsonl"
    assert repository_path("s3://bucket/a.parquet") == "s3://bucket/a.parquet"
    assert uri_of("out/a b%20#é:x.jsonl") == "out/a%20b%2520%23%C3%A9%3Ax.jsonl"
    assert uri_of("/elsewhere/a.jsonl") == "file:///elsewhere/a.jsonl"
    assert uri_of("s3://bucket/a.parquet") == "s3://bucket/a.parquet"
    assert uri_of("javascript://x") == "javascript%3A//x"


def test_a_finding_about_a_source_lies_in_a_file_of_that_source() -> None:
    whole = {"path": "", "line": None, "record": None}
    rows = [
        factory.finding(0, "LEK001", "template-leak", "error", "a.example", path="out/a.jsonl"),
        factory.finding(1, "BLD001", "site-line", "warning", "a.example", **whole),
        factory.finding(2, "BLD001", "site-line", "warning", "b.example", **whole),
    ]
    sizes: dict[str | None, int] = {"a.example": 3, "b.example": 3}
    places = {i.source: (i.path, i.line) for i in issues(factory.build(rows, sizes)) if i.line == 1}
    assert places == {"a.example": ("out/a.jsonl", 1), "b.example": ("out/news.jsonl", 1)}
    nowhere = factory.build(rows[2:], {"b.example": 3}, files=())
    assert [issue.path for issue in issues(nowhere)] == [NOWHERE]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=3, max_size=9))
def test_whatever_the_text_every_output_is_read_and_none_is_obeyed(texts: list[str]) -> None:
    run = factory.hostile(tuple(dict.fromkeys(texts)))
    told = {form: printed(run, form) for form in STREAM_FORMATS}
    assert not [form for form in told if form != "github" and obeyed(told[form])]
    assert SARIF.is_valid(json.loads(told["sarif"]))
    assert Draft202012Validator(GITLAB).is_valid(json.loads(told["gitlab"]))
    assert len(list(csv.reader(io.StringIO(told["csv"]), strict=True))) == run.findings.height + 1
    STRICT_JUNIT.assertValid(etree.fromstring(told["junit-strict"].encode()))
