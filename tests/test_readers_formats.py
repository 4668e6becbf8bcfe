"""Formats of scrapers and services are recognised, and their fields found."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from newsqa.readers import FileReport, Reading, records_from_frame, records_from_rows
from newsqa.readers.formats import load_formats
from newsqa.record import FIELD_NAMES, provided_fields, record_schema
from tests.readers_support import gather

BODY = "The council met on Tuesday. It decided to keep the old bridge."
URL = "https://www.example.co.uk/news/bridge"


def read(tmp_path: Path, content: str, name: str = "a.json", **kwargs: Any) -> list[dict[str, Any]]:
    rows, _ = read_all(tmp_path, content, name, **kwargs)
    return rows


def read_all(
    tmp_path: Path, content: str, name: str = "a.json", **kwargs: Any
) -> tuple[list[dict[str, Any]], FileReport]:
    (tmp_path / name).write_text(content, encoding="utf-8")
    reading = Reading([tmp_path / name], **kwargs)
    rows = [row for batch in reading for row in batch.frame.to_dicts()]
    return rows, reading.files[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


def examples(name: str) -> list[Any]:
    """Return invented examples: format, record or document, expected values (dates in ISO)."""
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [tuple(json.loads(line).values()) for line in lines]


RECORDS = examples("formats.jsonl")


@pytest.mark.parametrize(("form", "record", "expected"), RECORDS)
def test_fields_of_every_format(
    tmp_path: Path, form: str, record: dict[str, Any], expected: dict[str, Any]
) -> None:
    (row,), report = read_all(tmp_path, json.dumps(record))
    assert report.format == form
    for name, value in expected.items():
        if name in {"published", "modified", "crawled"} and value is not None:
            assert row[name] == at(value), name
        else:
            assert row[name] == value, name


def test_every_format_of_the_table_has_an_example() -> None:
    wrapped = {"newsapi", "mediastack", "feedparser", "diffbot", "nyt", "ninjs-1.3"}
    assert {form.name for form in load_formats().known} - wrapped <= {
        form for form, _, _ in RECORDS
    }


@pytest.mark.parametrize(("form", "document", "expected"), examples("wrappers.jsonl"))
def test_wrappers_of_services(
    tmp_path: Path, form: str, document: dict[str, Any], expected: dict[str, Any]
) -> None:
    rows, report = read_all(tmp_path, json.dumps(document, indent=1))
    assert (report.format, len(rows)) == (form, 2)
    for name, value in expected.items():
        assert rows[0][name] == (at(value) if name == "published" else value), name
    assert 1 < rows[0]["line"] < rows[1]["line"]


def test_table_of_trafilatura_without_header(tmp_path: Path) -> None:
    cells = [URL, "null", "f00", "example.co.uk", 'Bridge "stays"', "null", "2025-04-10", BODY]
    row = "\t".join([*cells, "null", "null", "article"]) + "\n"
    rows, report = read_all(tmp_path, row * 2, "out.tsv")
    assert report.format == "trafilatura"
    assert rows[1]["line"] == 2
    assert rows[0]["title"] == 'Bridge "stays"'
    assert (rows[0]["url"], rows[0]["source"], rows[0]["body"]) == (URL, "example.co.uk", BODY)


def test_table_of_mind_without_header(tmp_path: Path) -> None:
    row = f"N1\tnews\tcity\tBridge stays\tA bridge stays.\t{URL}\t[]\t[]\n"
    (record, *_), _ = read_all(tmp_path, row * 3, "news.tsv")
    assert (record["title"], record["summary"], record["section"]) == (
        "Bridge stays",
        "A bridge stays.",
        "news",
    )


def test_xml_of_trafilatura(tmp_path: Path) -> None:
    xml = (
        f'<doc sitename="Example" title="Bridge stays" date="2025-04-10" url="{URL}" '
        'hostname="example.co.uk"><main><p>One.</p><p>Two <hi>b</hi>.</p></main></doc>'
    )
    (record,), report = read_all(tmp_path, xml, "a.xml")
    assert report.format == "trafilatura"
    assert (record["title"], record["body"]) == ("Bridge stays", "One.\n\nTwo b.")


def test_fields_of_the_configuration_come_first(tmp_path: Path) -> None:
    record = {"title": "No", "x": {"y": "Bridge stays"}, "text": BODY}
    fields = {"title": ["gone", "x.y"], "body": ["text"]}
    (row,), report = read_all(tmp_path, json.dumps(record), fields=fields)
    assert row["title"] == "Bridge stays"
    assert report.fields["title"] == "x.y"


def test_a_key_is_read_once_and_the_rest_is_named(tmp_path: Path) -> None:
    rows, report = read_all(
        tmp_path, json.dumps({"title": "A", "headline": "B", "text": "C", "views": 3})
    )
    assert rows[0]["title"] == "A"
    assert report.unmapped == ["headline", "views"]
    assert len(set(report.fields.values())) == len(report.fields)


def test_provided_are_declared_and_seen_fields(tmp_path: Path) -> None:
    lines = [{"title": "A", "text": "B"}] * 5 + [{"title": "A", "text": "B", "date": None}]
    rows = read(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl")
    assert {provided_fields(row["provides"]) for row in rows} == {
        frozenset({"id", "title", "body", "published"})
    }
    rows = read(tmp_path, json.dumps({"maintext": "B", "source_domain": "a.de"}))
    assert {"title", "published", "url", "authors"} <= provided_fields(rows[0]["provides"])


def test_articles_in_files_of_their_own_share_their_fields(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"title": "A", "text": "B", "date": "2025-04-10"}')
    (tmp_path / "2.json").write_text('{"title": "A", "text": "B"}')
    (tmp_path / "3.json").write_text('{"setting": 3}')
    reading = Reading([tmp_path])
    (batch,) = list(reading)
    provided = dict(
        zip(batch.frame["path"], map(provided_fields, batch.frame["provides"]), strict=True)
    )
    assert "published" in provided[str(tmp_path / "2.json")]
    assert "title" not in provided[str(tmp_path / "3.json")]
    assert [(p.kind, p.path) for p in batch.problems] == [
        ("unknown-fields", str(tmp_path / "3.json"))
    ]


def test_unknown_fields_are_named_and_the_records_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"foo": 1, "bar": "x"}\n' * 3)
    (batch,) = list(Reading([tmp_path / "a.jsonl"]))
    assert batch.frame.height == 3
    (problem,) = batch.problems
    assert problem.kind == "unknown-fields"
    assert "foo, bar" in problem.message
    assert "[fields]" in problem.message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ada Stone", ["Ada Stone"]),
        ("Ada Stone; Ben Hill", ["Ada Stone", "Ben Hill"]),
        ("Ada Stone, Ben Hill and Cy Lee", ["Ada Stone", "Ben Hill", "Cy Lee"]),
        ("Ada Stone, Reuters", ["Ada Stone, Reuters"]),
        ("Stone, Ada", ["Stone, Ada"]),
        ("Science and Health Desk", ["Science and Health Desk"]),
        ("['Ada Stone', 'Ben Hill']", ["Ada Stone", "Ben Hill"]),
        ('["Ada Stone"]', ["Ada Stone"]),
        ("[Ada", ["[Ada"]),
        (["Ada Stone", "Ben Hill"], ["Ada Stone", "Ben Hill"]),
        ([{"name": "Ada Stone"}, {"@type": "Person"}], ["Ada Stone", '{"@type":"Person"}']),
        ({"name": "Ada Stone"}, ["Ada Stone"]),
        ([["Ada Stone"]], ["Ada Stone"]),
        (["", None, " "], None),
        ("  ", None),
        ([], None),
    ],
)
def test_authors_in_every_form(tmp_path: Path, value: Any, expected: list[str] | None) -> None:
    (row,) = read(tmp_path, json.dumps({"title": "A", "text": "B", "author": value}))
    assert row["authors"] == expected


@pytest.mark.parametrize(
    ("given", "url", "expected"),
    [
        ("https://www.bbc.co.uk/news", None, "bbc.co.uk"),
        ("news.example.com.tr", None, "example.com.tr"),
        ("The Daily Example", "https://example.com/1", "The Daily Example"),
        ("St. Example", None, "St. Example"),
        ("Node.js Weekly", None, "Node.js Weekly"),
        (None, "https://user@edition.example.org:8080/a?b", "example.org"),
        (None, "http://127.0.0.1/x", "127.0.0.1"),
        (None, "not a url", None),
        (None, "https://[broken", None),
        ({"name": "Example News", "url": "https://e.example"}, None, "Example News"),
        ("", "https://münchen.example.de/", "example.de"),
    ],
)
def test_source_is_an_outlet_or_a_registered_domain(
    tmp_path: Path, given: Any, url: str | None, expected: str | None
) -> None:
    (row,) = read(tmp_path, json.dumps({"title": "A", "text": "B", "source": given, "url": url}))
    assert row["source"] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  ", None),
        ("", None),
        (" a ", " a "),
        (12, "12"),
        (True, "True"),
        ({"a": 1}, '{"a":1}'),
        (["a", 1, None, " "], "a\n\n1"),
        ([{"type": "p", "text": "a"}, {"text": "b"}], "a\n\nb"),
        ([], None),
        (None, None),
    ],
)
def test_text_is_kept_as_it_is_and_structure_flattened(
    tmp_path: Path, value: Any, expected: str | None
) -> None:
    (row,) = read(tmp_path, json.dumps({"title": "A", "text": value}))
    assert row["body"] == expected


def test_identifier_falls_back_to_url_and_text(tmp_path: Path) -> None:
    lines = [{"title": "A", "id": 7}, {"title": "A", "url": URL}, {"title": "A"}, {"title": "B"}]
    rows = read(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl")
    moved = read(tmp_path, "\n".join(map(json.dumps, lines[::-1])), "b.jsonl")
    ids = [row["id"] for row in rows]
    assert ids[:2] == ["7", URL]
    assert ids[2].startswith("text-")
    assert ids[2] != ids[3]
    assert ids == [row["id"] for row in moved][::-1]


def test_rows_have_the_canonical_schema_and_provide_everything() -> None:
    frame = records_from_rows([{"title": "A", "published": "2025-04-10"}, {}])
    assert dict(frame.schema) == record_schema()
    assert frame["line"].to_list() == [1, 2]
    assert provided_fields(frame["provides"][0]) == frozenset(FIELD_NAMES)
    with pytest.raises(KeyError, match="titel"):
        records_from_rows([{"titel": "A"}])


@pytest.mark.parametrize("lazy", [False, True])
def test_frames_are_read_like_files(lazy: bool) -> None:
    frame = pl.DataFrame(
        {
            "headline": ["A", "B"],
            "text": ["C", None],
            "date": [datetime.fromisoformat("2025-04-10"), None],
            "authors": [["X Y"], []],
        }
    )
    batches = list(
        records_from_frame(frame.lazy() if lazy else frame, path="<mine>", batch_records=1)
    )
    rows = [row for batch in batches for row in batch.frame.to_dicts()]
    assert [row["title"] for row in rows] == ["A", "B"]
    assert [row["line"] for row in rows] == [1, 2]
    assert rows[0]["published"] == at("2025-04-10T00:00+00:00")
    assert rows[0]["authors"] == ["X Y"]
    assert rows[1]["authors"] is None


@pytest.mark.parametrize("dtype", [pl.Date, pl.Datetime("ms"), pl.Datetime("us", "Asia/Tokyo")])
def test_times_beyond_python_are_dates_not_understood(tmp_path: Path, dtype: pl.DataType) -> None:
    times = pl.Series("date", [2**31 - 1 if dtype == pl.Date else 2**62, 0, None])
    times = times.cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)
    frame = pl.DataFrame({"title": ["A", "B", "C"], "text": ["x", "y", "z"]}).with_columns(times)
    frame.write_parquet(tmp_path / "a.parquet")
    read, problems, _ = gather(tmp_path / "a.parquet")
    assert not problems
    assert read["published"].to_list() == [None, at("1970-01-01T00:00+00:00"), None]
    assert read["published_raw"].is_null().to_list() == [False, False, True]
