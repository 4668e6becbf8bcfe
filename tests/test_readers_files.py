"""Containers, compression, folders, globs, standard input, URLs."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from backports import zstd

from newsqa.errors import UsageError
from newsqa.readers import Reading
from newsqa.record import provided_fields
from tests.readers_support import gather

RECORDS = [
    {
        "title": f"Headline {n}",
        "text": f"Text {n}, with a comma;\nand a line.",
        "date": "2025-04-10",
    }
    for n in range(5)
]
TITLES = [record["title"] for record in RECORDS]


def json_lines() -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in RECORDS)


def csv_text(delimiter: str) -> bytes:
    return pl.DataFrame(RECORDS).write_csv(separator=delimiter).encode()


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(RECORDS).write_parquet(out)
    return out.getvalue()


def arrow() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(RECORDS).write_ipc(out)
    return out.getvalue()


def arrow_stream() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(RECORDS).write_ipc_stream(out)
    return out.getvalue()


CONTAINERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jsonl": ("a.jsonl", json_lines),
    "jsonl named json": ("a.json", json_lines),
    "jsonl named txt": ("a.txt", json_lines),
    "jsonl without ending": ("part-00000", json_lines),
    "array": ("a.json", lambda: json.dumps(RECORDS).encode()),
    "array on lines": ("a.json", lambda: json.dumps(RECORDS, indent=2).encode()),
    "array named jsonl": ("a.jsonl", lambda: json.dumps(RECORDS, indent=1).encode()),
    "array of one-line objects": (
        "a.json",
        lambda: b"[\n" + b",\n".join(json_lines().splitlines()) + b"\n]\n",
    ),
    "objects over several lines": (
        "a.json",
        lambda: "\n".join(json.dumps(r, indent=2) for r in RECORDS).encode(),
    ),
    "csv": ("a.csv", lambda: csv_text(",")),
    "csv with semicolons": ("a.csv", lambda: csv_text(";")),
    "tsv": ("a.tsv", lambda: csv_text("\t")),
    "tsv named txt": ("a.txt", lambda: csv_text("\t")),
    "parquet": ("a.parquet", parquet),
    "parquet without ending": ("part-0", parquet),
    "arrow": ("a.arrow", arrow),
    "feather": ("a.feather", arrow),
    "arrow stream": ("a.arrows", arrow_stream),
}
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd.compress,
}


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_in_every_compression(
    tmp_path: Path, container: str, compression: str
) -> None:
    name, content = CONTAINERS[container]
    path = tmp_path / (name + compression)
    path.write_bytes(COMPRESSIONS[compression](content()))
    frame, problems, _ = gather(path)
    assert not problems
    assert frame["title"].to_list() == TITLES
    assert frame["body"].to_list() == [record["text"] for record in RECORDS]
    assert frame["published"].null_count() == 0
    assert frame["record"].to_list() == list(range(5))


def test_compression_is_known_by_content_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(gzip.compress(json_lines()))
    assert gather(tmp_path / "a.jsonl")[0]["title"].to_list() == TITLES


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.jsonl", b'{"title": "A"}\n\n  \n{"title": "B"}\n', [1, 4]),
        ("a.json", b'[\n\n{"title": "A"},\n{"title":\n"B"}, {"title": "C"}]', [3, 4, 5]),
        ("a.json", b'{"articles":\n[{"title": "A"},\n\n{"title": "B"}]}', [2, 4]),
        ("a.json", b'\n\n{"title": "A",\n "text": "x"}', [3]),
        ("a.csv", b'title,text\nA,"x\ny"\nB,z\n', [2, 4]),
    ],
)
def test_line_is_where_the_record_starts(
    tmp_path: Path, name: str, content: bytes, lines: list[int]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert gather(tmp_path / name)[0]["line"].to_list() == lines


def test_page_dump(tmp_path: Path) -> None:
    text = " date 2025-04-10 Bridge stays\n\nBridge stays\n\nLEEDS\nThe café met.\n\nLATEST NEWS\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    frame, problems, reading = gather(tmp_path)
    (row,) = frame.to_dicts()
    assert not problems
    assert reading.files[0].container == "dump"
    assert (row["title"], row["published_raw"]) == ("Bridge stays", "2025-04-10")
    assert row["body"] == text[row["body_start"] :].rstrip()
    assert (row["line"], row["body_line"]) == (1, 3)
    assert provided_fields(row["provides"]) == {"id", "title", "body", "published"}


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (" date 2025-04-10 ", None),
        ("date 2025-04-10", None),
        ("DATE: 2025-04-10   Bridge stays", "Bridge stays"),
        ("\ufeff date 2025-04-10 Bridge stays", "Bridge stays"),
        ("\n\n date\t2025-04-10\tBridge stays\r", "Bridge stays"),
        ("date 2025-04-10T10:00:00Z Bridge stays", "Bridge stays"),
    ],
)
def test_header_of_a_page_dump_may_vary(tmp_path: Path, header: str, title: str | None) -> None:
    (tmp_path / "a.txt").write_bytes(f"{header}\n\nSome text.\n".encode())
    (row,) = gather(tmp_path)[0].to_dicts()
    assert (row["title"], row["body"]) == (title, "Some text.")
    assert row["published"] is not None


def test_several_pages_in_one_file(tmp_path: Path) -> None:
    pages = [
        f" date 2025-04-1{n} Title {n}\n\nText {n}.\ndate 2025-01-01 is no header" for n in "012"
    ]
    text = "\n\n\n".join(pages)
    (tmp_path / "a.txt").write_text(text)
    frame, _, _ = gather(tmp_path)
    assert frame["title"].to_list() == ["Title 0", "Title 1", "Title 2"]
    for row in frame.to_dicts():
        assert text[row["body_start"] :].startswith(row["body"])
        assert text.count("\n", 0, row["body_start"]) + 1 == row["body_line"]
        assert text.splitlines()[row["line"] - 1].startswith(" date 2025-04")


def test_a_page_without_header_beside_page_dumps_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" date 2025-04-10 Title\n\nText.\n")
    (tmp_path / "b.txt").write_text("Some page whose header is gone.\n")
    frame, problems, _ = gather(tmp_path)
    assert not problems
    assert frame["title"].to_list() == ["Title", None]
    assert len(set(frame["provides"])) == 1


def test_text_without_records_is_passed_over_in_folders_only(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Some notes about the crawl.\n")
    frame, problems, reading = gather(tmp_path)
    assert (frame.height, problems, reading.files) == (0, [], [])
    assert reading.skipped == [(str(tmp_path / "notes.txt"), "text without records")]
    (row,) = gather(tmp_path / "notes.txt")[0].to_dicts()
    assert row["body"] == "Some notes about the crawl."
    assert provided_fields(row["provides"]) == {"id", "body"}


def test_folders_are_read_sorted_and_what_is_no_data_is_listed(tmp_path: Path) -> None:
    for name in ("b/2.json", "a/1.json", ".git/x.json", ".newsqa/y.json", "a/.hidden.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(RECORDS[0]))
    for name in ("newsqa.toml", "README.md", "spider.py", "page.html", "package.json"):
        (tmp_path / name).write_text("x")
    frame, problems, reading = gather(tmp_path)
    assert not problems
    assert frame["path"].to_list() == [str(tmp_path / "a/1.json"), str(tmp_path / "b/2.json")]
    assert len(reading.skipped) == 6


@pytest.mark.parametrize("paths", [["*"], ["README.md", "a.jsonl"]])
def test_a_readme_beside_data_is_no_article(tmp_path: Path, paths: list[str]) -> None:
    (tmp_path / "README.md").write_text("# Crawl of April\n")
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    frame, problems, reading = gather(*(f"{tmp_path}/{path}" for path in paths))
    assert (frame.height, problems) == (5, [])
    assert [path for path, _ in reading.skipped] == [str(tmp_path / "README.md")]


def test_small_files_share_batches(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.json").write_text(json.dumps(RECORDS[0]))
    batches = list(Reading([tmp_path], batch_records=20))
    assert [batch.frame.height for batch in batches] == [20, 10]


def test_globs_and_excluded_files(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "sub/c.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(json_lines())
    assert gather(f"{tmp_path}/*.jsonl")[0]["path"].n_unique() == 2
    assert gather(f"{tmp_path}/**/*.jsonl")[0]["path"].n_unique() == 3
    assert gather(tmp_path, exclude=["sub/*"])[0]["path"].n_unique() == 2
    assert gather(tmp_path, exclude=["b.jsonl", "c.*"])[0]["path"].n_unique() == 1
    assert gather(tmp_path, tmp_path / "a.jsonl")[0].height == 15


@pytest.mark.parametrize("path", ["no/such/file.json", "no/such/*.json", "-"])
def test_what_does_not_exist_is_a_usage_error(path: str) -> None:
    with pytest.raises(UsageError):
        Reading([path])


@pytest.mark.parametrize("container", ["jsonl", "array on lines", "csv", "parquet"])
def test_standard_input(container: str) -> None:
    content = CONTAINERS[container][1]()
    frame, problems, reading = gather("-", stdin=io.BytesIO(content), stdin_name="<in>")
    assert not problems
    assert frame["title"].to_list() == TITLES
    assert reading.files[0].path == "<in>"


def test_standard_input_is_never_a_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet())
    out = io.BytesIO()
    pl.DataFrame({"title": ["Other"]}).write_parquet(out)
    name = str(tmp_path / "a.parquet")
    frame, _, _ = gather("-", stdin=io.BytesIO(out.getvalue()), stdin_name=name)
    assert frame["title"].to_list() == ["Other"]


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.jsonl", "a.csv", "a.json"])
def test_urls_are_read_through_polars(tmp_path: Path, name: str) -> None:
    content = {"a.parquet": parquet, "a.arrow": arrow, "a.jsonl": json_lines}
    content |= {"a.csv": lambda: csv_text(","), "a.json": CONTAINERS["array on lines"][1]}
    (tmp_path / name).write_bytes(content[name]())
    url = (tmp_path / name).as_uri()
    frame, problems, _ = gather(url)
    assert not problems
    assert frame["title"].to_list() == TITLES
    assert set(frame["path"]) == {url}


def test_a_url_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    for name in ("gone.parquet", "gone.jsonl"):
        frame, problems, _ = gather((tmp_path / name).as_uri())
        assert frame.is_empty()
        assert [problem.kind for problem in problems] == ["unreadable-file"]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_batches_do_not_change_what_is_read(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines() + b"{broken\n" + json_lines())
    whole, faults, _ = gather(tmp_path)
    parts, same, _ = gather(tmp_path, batch_records=size, batch_bytes=size)
    assert parts.equals(whole)
    assert same == faults


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    for name, content in (("a.jsonl", b""), ("b.json", b"  \n"), ("c.csv", b""), ("d.json", b"[]")):
        (tmp_path / name).write_bytes(content)
    frame, problems, reading = gather(tmp_path)
    assert (frame.height, problems, len(reading.files)) == (0, [], 4)


def test_tables_without_known_names_say_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1,2\n3,4\n")
    frame, problems, _ = gather(tmp_path)
    assert frame.height == 2
    assert [problem.kind for problem in problems] == ["unknown-fields"]


@pytest.mark.parametrize("same", ["./out/a.jsonl", "{}/out/a.jsonl", "out/latest.jsonl", "o*/*"])
def test_a_file_is_read_once_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.jsonl").write_bytes(json_lines())
    (tmp_path / "out/latest.jsonl").symlink_to("a.jsonl")
    frame, _, _ = gather("out/a.jsonl", same.format(tmp_path))
    assert frame["path"].to_list() == ["out/a.jsonl"] * 5


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    os.mkfifo(tmp_path / "b.jsonl")
    with pytest.raises(UsageError, match="pipe"):
        Reading([tmp_path / "b.jsonl"])
    for path in (tmp_path, tmp_path / "*.jsonl", tmp_path / "*"):
        frame, problems, reading = gather(path)
        assert (frame.height, problems) == (5, [])
        assert reading.skipped == [(str(tmp_path / "b.jsonl"), "no regular file")]


@pytest.mark.parametrize("path", ["", "*.jsonl"])
def test_a_broken_link_is_an_unreadable_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    (tmp_path / "b.jsonl").symlink_to("nowhere")
    frame, (problem,), _ = gather(tmp_path / path)
    assert frame.height == 5
    assert (problem.kind, problem.path) == ("unreadable-file", str(tmp_path / "b.jsonl"))


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    scandir = os.scandir

    def denied(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    frame, (problem,), _ = gather(tmp_path)
    assert frame.height == 5
    assert (problem.kind, problem.path) == ("unreadable-file", str(tmp_path / "shut"))


def test_a_name_that_is_no_utf8_is_shown_with_a_sign(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    path.write_bytes(b"{broken\n" + json_lines())
    frame, (problem,), _ = gather(path)
    assert set(frame["path"]) == {problem.path} == {str(tmp_path / "caf\ufffd.jsonl")}
