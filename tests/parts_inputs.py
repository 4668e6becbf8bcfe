"""Inputs that are hard to cut: each function writes one to a folder."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import polars as pl

from tests.parts_support import lines, records, write_lines
from tests.runs_support import leak, story

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = "Die Brücke über den Fluß wird für Fußgänger geschlossen, sagte der Bürgermeister. " * 3


def plain(folder: Path) -> None:
    write_lines(folder / "a.jsonl", lines(60))


def windows(folder: Path) -> None:
    write_lines(folder / "a.jsonl", lines(60), b"\r\n")


def open_end(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n\n".join(lines(60)))


def broken(folder: Path) -> None:
    content = lines(60)
    content[7] = content[7][:50]
    content[12] = json.dumps([story(900), leak(901)]).encode()
    content[13] = json.dumps({"articles": [story(902), leak(903), 5]}).encode()
    content[20:23] = [b"garbage", b"[1, 2]", b"null"]
    content[30] = b"\0\0" + content[30]
    content[41] = json.dumps(story(77, text="word " * 2000 + "{{ x }}")).encode()
    content[50] = b'{"title": "never closed'
    write_lines(folder / "a.jsonl", content)


def old_encoding(folder: Path) -> None:
    content = lines(60)
    for at in (3, 25, 40):
        content[at] = json.dumps(story(at, text=GERMAN), ensure_ascii=False).encode("cp1252")
    write_lines(folder / "a.jsonl", content)


def half_pairs(folder: Path) -> None:
    content = [
        line.replace(b"Council", b"\\ud83d") if n % 9 == 5 else line
        for n, line in enumerate(lines(60))
    ]
    write_lines(folder / "a.jsonl", content)


def no_news(folder: Path) -> None:
    write_lines(
        folder / "a.jsonl", [json.dumps({"foo": n, "bar": "x" * 100}).encode() for n in range(99)]
    )


def american(folder: Path) -> None:
    dates = ["04/10/2025"] * 59 + ["04/23/2025"]
    rows = [record | {"date": date} for record, date in zip(records(60), dates, strict=True)]
    write_lines(folder / "a.jsonl", [json.dumps(row).encode() for row in rows])


def american_elsewhere(folder: Path) -> None:
    write_lines(folder / "a.jsonl", lines(40, date="04/10/2025", url=None, source="one"))
    write_lines(folder / "b.jsonl", lines(40, date="2025-04-10", url=None, source="one"))
    write_lines(folder / "c.jsonl", lines(3, date="04/23/2025", url=None, source="one"))


def articles(folder: Path) -> None:
    for n, record in enumerate(records(40)):
        byline = {"authors": ["Ada Lint"]} if n < 5 else {}
        (folder / f"{n:03}.json").write_text(json.dumps(record | byline))


def folders(folder: Path) -> None:
    """Write articles of three folders, whose files lie between one another in order."""
    for name in (".", "b", "b/c"):
        (folder / name).mkdir(exist_ok=True)
        for n, record in enumerate(records(12)):
            byline = {"authors": ["Ada Lint"], "section": "x"} if n == 2 else {}
            (folder / name / f"{'az'[n % 2]}{n}.json").write_text(json.dumps(record | byline))
    write_lines(folder / "b" / "lines.jsonl", lines(60))


def rows(folder: Path) -> None:
    frame = pl.DataFrame(records(99)).with_columns(
        date=pl.when(pl.int_range(99) == 70)
        .then(10**18)
        .otherwise(1744272000_000_000)
        .cast(pl.Datetime)
    )
    frame.write_parquet(folder / "a.parquet", row_group_size=30)


def mixture(folder: Path) -> None:
    for write in (articles, rows, broken):
        write(folder)
    pl.DataFrame(records(50)).write_csv(folder / "t.csv")
    (folder / "g.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines(99))))
    (folder / "u.jsonl").write_bytes(b"\n".join(lines(60)).decode().encode("utf-16"))
    (folder / "array.json").write_text(json.dumps(records(50)))
    (folder / "notes.txt").write_text("no data")
    (folder / "empty.jsonl").touch()


INPUTS = (
    plain, windows, open_end, broken, old_encoding, half_pairs, no_news, american,
    american_elsewhere, articles, folders, rows, mixture,
)  # fmt: skip
