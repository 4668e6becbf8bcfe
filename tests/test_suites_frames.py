"""The frames that suites are about, and the suites that are shipped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import newsqa
from newsqa.cli import cli
from newsqa.errors import SuiteError
from newsqa.record import record_schema
from newsqa.report.suites import write_data_docs
from newsqa.suites import SuiteResult, judge_suite, load_suite, require_columns, suite_of
from newsqa.suites.frames import (
    FINDING_COLUMNS,
    RECORD_COLUMNS,
    SOURCE_COLUMNS,
    findings_frame,
    no_records,
    sources_frame,
    stored_columns,
    suite_columns,
)
from newsqa.suites.model import SEVERITIES

FOLDER = Path(__file__).parent.parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHIPPED = sorted((FOLDER / "expectations").glob("*.json"))


def test_suites_are_shipped():
    assert {path.stem for path in SHIPPED} == {"article", "crawl"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_suites_fit_their_frames_and_say_why(path: Path):
    suite = load_suite(path)
    schemas = {"records": RECORD_COLUMNS, "sources": SOURCE_COLUMNS, "findings": FINDING_COLUMNS}
    require_columns(suite, schemas)
    assert all(str(e.notes).endswith(".") for e in suite.expectations)


def test_records_are_kept_in_the_columns_that_are_needed():
    batch = pl.DataFrame(
        {"title": ["Ab", None], "body": ["x" * 9, None], "authors": [["A", "B"], None]},
        schema={name: record_schema()[name] for name in ("title", "body", "authors")},
    )
    columns = ("author_count", "body_length", "title", "title_length")
    found = suite_columns(batch, stored_columns(columns))
    assert found.columns == ["title", "title_length", "body_length", "author_count"]
    assert found.rows() == [("Ab", 2, 9, 2), (None, None, None, None)]
    assert suite_columns(batch.lazy(), stored_columns(columns)).collect().equals(found)


def test_no_record_is_a_frame_with_types():
    frame = no_records(RECORD_COLUMNS)
    assert frame.collect_schema().names() == list(RECORD_COLUMNS)
    assert frame.collect().is_empty()


def test_sources_are_figures_of_the_run():
    result = newsqa.check(FOLDER / "samples" / "broken", now=NOW)
    frame = sources_frame(result.records, result.findings, result.days, NOW)
    assert frame.columns == list(SOURCE_COLUMNS)
    assert frame["records"].sum() == result.totals["records_read"]
    assert frame["errors"].sum() + frame["warnings"].sum() <= result.totals["findings"]
    assert frame["flawed_share"].is_between(0, 1).all()
    assert frame.drop_nulls("last_day")["age_days"].min() is not None
    assert findings_frame(result.findings).columns == list(FINDING_COLUMNS)


def test_shipped_suites_judge_the_clean_samples_natively():
    result = newsqa.check(FOLDER / "samples" / "clean", now=NOW)
    sources = sources_frame(result.records, result.findings, result.days, NOW)
    suite = load_suite(FOLDER / "expectations" / "crawl.json")
    about = [e for e in suite.expectations if e.frame == "sources"]
    outcomes = judge_suite(sources, type(suite)(suite.name, tuple(about))).outcomes
    assert all(o.engine == "native" for o in outcomes)
    assert [o.expectation.subject for o in outcomes if not o.success] in ([], ["age_days"])


def test_a_crawl_meets_the_suite_that_was_proposed_from_it(tmp_path: Path):
    path = tmp_path / "ours.json"
    runner = CliRunner()
    profile = ["profile", str(FOLDER / "samples" / "clean"), "--suite", str(path)]
    assert runner.invoke(cli, profile).exit_code == 0
    assert len(load_suite(path).expectations) >= 15
    check = ["check", str(FOLDER / "samples" / "clean"), "--suite", str(path), "--no-history"]
    outputs = ["--no-report", "--now", "2026-01-01", "--output", f"suites={tmp_path / 's.json'}"]
    found = runner.invoke(cli, [*check, *outputs, "--select", "EXP"])
    assert found.exit_code == 0, found.output
    (result,) = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert result["success"], [r for r in result["results"] if not r["success"]]
    assert SuiteResult.from_dict(result).as_dict() == result | {"meta": {"newsqa_suite": "ours"}}


def test_what_is_not_met_is_a_finding_with_the_severity_of_its_expectation(tmp_path: Path):
    entry = {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 2}}
    suite = {"name": "strict", "expectations": [entry | {"severity": s} for s in SEVERITIES]}
    path = tmp_path / "strict.json"
    path.write_text(json.dumps(suite), "utf-8")
    frame = pl.DataFrame({"title": ["Harbour reopens"], "url": ["https://e.example/a"]})
    result = newsqa.check(frame, config=newsqa.Config(suites=[str(path)]), now=NOW)
    found = result.findings.filter(name="unmet-expectation")
    assert found["severity"].to_list() == list(SEVERITIES.values())
    assert found["path"].unique().to_list() == [str(path)]
    assert found["message"][0] == (
        "strict: expect_table_row_count_to_equal of table: it is 1, not 2"
    )
    assert result.verdict == "fail"
    assert not result.suites[0].success


def test_without_a_suite_the_rule_is_not_applicable():
    result = newsqa.check(pl.DataFrame({"title": ["Harbour reopens"]}), now=NOW)
    (state,) = [s for s in result.rules if s.rule.name == "unmet-expectation"]
    assert (state.status, state.note) == ("not-applicable", "no suite is in use")


def test_a_misspelt_suite_is_refused_before_anything_is_read(tmp_path: Path):
    path = tmp_path / "ours.json"
    entry = {"type": "expect_column_values_to_not_be_nul", "kwargs": {"column": "title"}}
    path.write_text(json.dumps({"name": "s", "expectations": [entry]}, indent=1), "utf-8")
    found = CliRunner().invoke(cli, ["check", str(FOLDER / "samples"), "--suite", str(path)])
    assert isinstance(found.exception, SuiteError)
    assert f"{path}:5" in str(found.exception)
    assert "expect_column_values_to_not_be_null" in str(found.exception)
    for name in ("crwl", str(tmp_path / "none.json")):
        found = CliRunner().invoke(cli, ["check", str(FOLDER), "--suite", name])
        assert isinstance(found.exception, SuiteError)


def test_an_expectation_that_raises_stops_no_other_and_is_no_verdict(tmp_path: Path):
    entries = [
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "title", "min_value": 1}},
        {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 2}},
    ]
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"name": "s", "expectations": entries}), "utf-8")
    frame = pl.DataFrame({"title": ["Harbour reopens"]})
    result = newsqa.check(frame, config=newsqa.Config(suites=[str(path)]), now=NOW)
    assert result.verdict == "could-not-check"
    assert result.findings.filter(name="unmet-expectation").height == 1


def test_data_docs_hold_no_scraped_text():
    hostile = "<script>alert(1)</script>"
    frame = pl.DataFrame({"title": [hostile], "source": [hostile], "text": [hostile]})
    entry = {"type": "expect_column_most_common_value_to_be_in_set",
             "kwargs": {"column": "title", "value_set": ["a"]}}  # fmt: skip
    results = judge_suite(frame, suite_of({"name": "s", "expectations": [entry]}), values=True)
    result = newsqa.check(frame, now=NOW)
    stream = StringIO()
    write_data_docs(replace(result, suites=(results,)), stream)
    assert "expect" in stream.getvalue() or "most common" in stream.getvalue()
    assert "alert(1)" not in stream.getvalue()
