"""The frames that suites are about, and the suites that are shipped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import newsqa
from newsqa.record import record_schema
from newsqa.suites import judge_suite, load_suite, require_columns
from newsqa.suites.frames import (
    FINDING_COLUMNS,
    RECORD_COLUMNS,
    SOURCE_COLUMNS,
    RecordStore,
    findings_frame,
    sources_frame,
)

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


def test_records_are_kept_on_disk_in_the_columns_that_are_needed():
    batch = pl.DataFrame(
        {"title": ["Ab", None], "body": ["x" * 9, None], "authors": [["A", "B"], None]},
        schema={name: record_schema()[name] for name in ("title", "body", "authors")},
    )
    columns = ("author_count", "body_length", "title", "title_length")
    with RecordStore(columns) as store:
        store.take(batch)
        store.take(batch.head(1))
        found = store.scan().collect()
    assert found.columns == ["title", "title_length", "body_length", "author_count"]
    assert found.rows() == [("Ab", 2, 9, 2), (None, None, None, None), ("Ab", 2, 9, 2)]


def test_no_record_is_a_frame_with_types():
    with RecordStore(RECORD_COLUMNS) as store:
        assert store.scan().collect_schema().names() == list(RECORD_COLUMNS)
        assert store.scan().collect().is_empty()


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
