"""Whatever a file holds: no traceback, no record lost, no difference between batch sizes."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.readers import Reading, records_from_frame, records_from_rows
from newsqa.readers.formats import load_formats
from newsqa.readers.wrappers import elements_of
from newsqa.record import FIELD_NAMES, record_schema
from tests.readers_support import gather

NAMES = sorted({path.text for paths in load_formats().plain.fields.values() for path in paths})
SURROGATES = st.text(st.characters(), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | SURROGATES
    | st.sampled_from(["2025-04-10", "04/10/2025"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
RECORDS = st.dictionaries(
    st.sampled_from(NAMES)
    | st.text(max_size=8)
    | st.sampled_from(["title", "text", "date", "url"]),
    VALUES,
    max_size=8,
)
FIELD_RECORDS = st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES, max_size=8)

# The first example loads tables; a busy machine must not fail for that.
patient = settings(deadline=None, max_examples=60)


def stdin(content: bytes, name: str = "<stdin>", **kwargs: Any) -> Any:
    return gather("-", stdin=io.BytesIO(content), stdin_name=name, **kwargs)


@given(st.lists(RECORDS, max_size=6))
@patient
def test_any_values_in_json_lines(records: list[dict[str, Any]]) -> None:
    content = "".join(json.dumps(record) + "\n" for record in records).encode()
    frame, _, reading = stdin(content, "a.jsonl")
    wrapped = [elements_of(json.loads(json.dumps(record))) for record in records]
    assert dict(frame.schema) == record_schema()
    if all(elements is None for elements in wrapped):
        assert reading.files[0].found == len(records)
        assert frame["line"].to_list() == list(range(1, len(records) + 1))


@given(st.lists(RECORDS.filter(lambda r: "title" in r), min_size=1, max_size=5), st.integers(1, 3))
@patient
def test_any_values_in_any_json(records: list[dict[str, Any]], indent: int) -> None:
    frame, problems, _ = stdin(json.dumps(records, indent=indent).encode(), "a.json")
    assert dict(frame.schema) == record_schema()
    assert not [problem for problem in problems if problem.kind == "unreadable-file"]


@given(st.lists(FIELD_RECORDS, max_size=5))
@patient
def test_any_values_in_rows(rows: list[dict[str, Any]]) -> None:
    frame = records_from_rows(rows)
    assert frame.height == len(rows)
    assert dict(frame.schema) == record_schema()
    assert frame["id"].null_count() == 0
    for name in ("title", "body", "source", "published_raw"):
        assert not [text for text in frame[name] if text is not None and not text.strip()]


@given(
    st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a", "a.parquet", "a.xml"]),
    st.binary(max_size=200)
    | st.text('{}[]",:\\\n abdetil0\x00', max_size=120).map(str.encode)
    | st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace"))
    | st.text(max_size=100).map(lambda text: f" date 2025-04-10 {text}".encode("utf-8", "replace")),
    st.booleans(),
)
@patient
def test_any_bytes_in_any_file(name: str, content: bytes, packed: bool) -> None:
    stdin(gzip.compress(content) if packed else content, name)


@given(
    st.lists(
        st.sampled_from(['{"title": "A", "text": "B"}', "{", "}", "[", "]", ",", '"', "\n", "1"]),
        max_size=14,
    ),
    st.sampled_from(["a.json", "a.jsonl"]),
)
@patient
def test_whole_objects_survive_what_is_around_them(parts: list[str], name: str) -> None:
    content = "".join(parts)
    frame, _, _ = stdin(content.encode(), name)
    quotes = content.replace('{"title": "A", "text": "B"}', "").count('"')
    if quotes == 0 and "{" not in parts:
        assert frame["title"].to_list() == ["A"] * content.count('{"title"')


@given(st.lists(RECORDS, max_size=8), st.integers(1, 5), st.integers(1, 400))
@patient
def test_batches_make_no_difference(records: list[dict[str, Any]], count: int, size: int) -> None:
    content = "".join(json.dumps(record) + "\n" for record in records).encode() + b"{\n"
    whole, faults, _ = stdin(content, "a.jsonl")
    parts, same, _ = stdin(content, "a.jsonl", batch_records=count, batch_bytes=size)
    assert parts.equals(whole)
    assert same == faults


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
@patient
def test_any_text_in_csv(rows: list[list[str]]) -> None:
    frame = pl.DataFrame(rows, schema=["title", "text", "date"], orient="row")
    content = frame.write_csv().encode()
    read, _, reading = stdin(content, "a.csv")
    assert reading.files[0].found == read.height + reading.files[0].refused


@given(st.lists(RECORDS, max_size=4))
@patient
def test_frames_lose_no_record(records: list[dict[str, Any]]) -> None:
    flat = [{key: str(value) for key, value in record.items()} for record in records]
    texts = [
        {
            k.encode("utf-8", "replace").decode(): v.encode("utf-8", "replace").decode()
            for k, v in r.items()
        }
        for r in flat
    ]
    frame = pl.DataFrame(texts) if any(texts) else pl.DataFrame()
    assert sum(batch.found for batch in records_from_frame(frame)) == frame.height


def test_reading_of_nothing_yields_nothing() -> None:
    assert list(Reading([])) == []
