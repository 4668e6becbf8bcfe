"""What holds for any input: never a traceback, never a lost record, never a result by chance."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newsqa
from newsqa.result import Result

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = (
    "title", "headline", "text", "body", "maintext", "url", "source", "date", "published",
    "date_publish", "publish_date", "modified", "scraped", "author", "authors", "language",
    "section", "summary", "id", "description", "dateline", "thread",
)  # fmt: skip
NEWSY = st.sampled_from(
    [
        "{{ article.title }}", "Read more: Storm hits coast", "LATEST NEWS", "None", "2025-04-10",
        "03/04/2025", "ANKARA, April 8 (AA) - The talks", "https://a.example/2025/04/10/x", "[sic]",
        "Just a moment...", "Itâ€™s", "<p>x</p>", "\x00\x1b[31m", "\u202e", "x" * 5000,
        "Thursday, April 11", "&nbsp;", "Related\n\nOne story here\n\nAnother story there",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), NEWSY
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDS = st.lists(
    st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=8)), VALUES, max_size=8),
    min_size=1,
    max_size=5,
)
relaxed = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def run(inputs: Any, **options: Any) -> Result:
    return newsqa.check(inputs, now=NOW, **options)


def assert_counts_add_up(result: Result) -> None:
    totals = result.totals
    assert totals["records_found"] == totals["records_read"] + totals["records_refused"]
    crashed = [state.note for state in result.rules if state.status == "crashed"]
    assert not crashed, crashed[0]


@relaxed
@given(RECORDS)
def test_any_value_in_any_field(records: Sequence[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
        result = run(path)
    assert_counts_add_up(result)
    assert result.totals["records_found"] == len(records)


@relaxed
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)),
    st.sampled_from(
        ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.parquet", "a.arrow", "a.jsonl.gz", "a"]
    ),
)
def test_any_bytes_in_any_file(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        result = run(path)
    assert_counts_add_up(result)


@pytest.fixture(scope="module")
def broken() -> Path:
    return Path(__file__).parent.parent / "samples" / "broken"


def same(one: Result, other: Result) -> bool:
    return one.findings.equals(other.findings)


@pytest.mark.parametrize("size", [1, 40])
def test_findings_do_not_depend_on_the_batch_size(broken: Path, size: int) -> None:
    """Record rules must be element-wise, and group rules must not see the seams of batches."""
    files = sorted(str(path) for path in broken.rglob("*") if path.is_file())
    some = files[::5] if size == 1 else files
    assert same(run(some), run(some, batch_records=size))


def test_findings_do_not_depend_on_the_order_of_files(broken: Path) -> None:
    files = sorted(str(path) for path in broken.rglob("*") if path.is_file())
    assert same(run(files), run(files[::-1]))


def test_findings_do_not_depend_on_how_a_frame_comes() -> None:
    frame = pl.DataFrame(
        {
            "title": ["Harbour reopens", "Storm hits coast"],
            "text": ["The harbour reopened. {{ page.title }}", "A storm hit the coast."],
            "date": ["2025-04-10", "2027-04-10"],
            "url": ["https://a.example/1", "https://a.example/2"],
        }
    )
    eager, lazy = run(frame), run(frame.lazy())
    assert same(eager, lazy)
    assert {"template-leak", "published-in-future"} <= set(eager.findings["name"])
