"""Blocks of lines give the very records that the lines give one by one."""

from __future__ import annotations

import json
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.dates.stamp import iso_instant
from newsqa.readers import Reading, jsontext, records_from_frame
from newsqa.readers.blocks import Lines
from newsqa.readers.canonical import instants_of_iso

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from newsqa.readers.blocks import Kinds, Shape

RECORD = {
    "title": "Council votes on the bridge",
    "text": "The council voted on Monday.\n\nThe bridge reopens in May.",
    "url": "https://www.example.org/2025/04/bridge.html",
    "published": "2025-04-10T09:30:00+02:00",
    "authors": ["Ann Lee", "Bo Quist"],
    "language": "en",
}
MANY = 40


def records(**changes: Any) -> list[dict[str, Any]]:
    """Many records alike, each fifth with other values; `...` takes a key away."""
    found = []
    for number in range(MANY):
        record = RECORD | {"url": f"https://www.example.org/{number}"}
        if number % 5 == 4:
            record |= changes
        found.append({key: value for key, value in record.items() if value is not ...})
    return found


def lines_of(found: Sequence[dict[str, Any]], **style: Any) -> bytes:
    return b"".join(json.dumps(record, **style).encode() + b"\n" for record in found)


class Read:
    """What is read of lines, in blocks and one by one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self._ways: list[bool] = []
        whole = Lines.proven

        def noted(
            block: Lines, frame: pl.DataFrame, shape: Shape, kinds: Kinds | None
        ) -> pl.DataFrame | None:
            columns = whole(block, frame, shape, kinds)
            self._ways.append(columns is not None)
            return columns

        monkeypatch.setattr(Lines, "proven", noted)
        # As in a large file, of which the first records do not show what comes later.
        monkeypatch.setattr("newsqa.readers.files.SAMPLE", 3)

    def both(self, content: bytes) -> tuple[pl.DataFrame, bool]:
        """Return the records, the same either way, and whether columns were read."""
        alone, self._ways = self._read(content, MANY + 1000), []
        blocks = self._read(content, 1)
        assert blocks[0].equals(alone[0])
        assert blocks[0].schema == alone[0].schema
        assert blocks[1:] == alone[1:]
        return blocks[0], any(self._ways)

    def _read(self, content: bytes, many: int) -> tuple[pl.DataFrame, Any, Any]:
        self._patch.setattr(jsontext, "_MANY", many)
        reading = Reading(["-"], stdin=BytesIO(content), stdin_name="a.jsonl")
        batches = list(reading)
        assert sum(batch.found for batch in batches) == sum(file.found for file in reading.files)
        problems = [problem for batch in batches for problem in batch.problems]
        return pl.concat([batch.frame for batch in batches]), problems, reading.files


@pytest.fixture
def read() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield Read(patch)


ALIKE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no title": {"title": ...},
    "null": {"text": None, "authors": None},
    "blank": {"title": " \u00a0", "text": "\x1c\x1d", "authors": []},
    "quoted keys": {"text": 'He said "yes": then "no" : and "x":"y", \\":null'},
    "colons apart": {"text": "Score   :   2:1, said\t:\tnobody. :" + 15 * " " + ': "x"     : y'},
    "like lists": {"text": "[Reuters] - It rained.", "title": "{{ title }}"},
    "like numbers": {"title": "1.50", "text": "true", "published": "1744270200"},
    "whole number": {"title": 2025},
    "dates of all kinds": {"published": "10 April 2025"},
    "no such day": {"published": "2025-02-30T00:00:00Z"},
    "another zone": {"published": "2025-04-10T09:30:00-05:45"},
    "in UTC": {"published": "2025-04-10T09:30:00Z"},
    "no date": {"published": None},
    "no address": {"url": ...},
    "a leap second": {"published": "2016-12-31T23:59:60Z"},
    "day alone": {"published": "2025-04-10"},
    "year 1": {"published": "0001-01-01T00:00:00+02:00"},
    "no zone": {"published": "2025-04-10 09:30:00.250"},
    "names in odd lists": {"authors": ["", "Ann Lee", "  "]},
}


@pytest.mark.parametrize("changes", ALIKE.values(), ids=ALIKE)
def test_columns_hold_what_records_hold(read: Read, changes: dict[str, Any]) -> None:
    assert read.both(lines_of(records(**changes), ensure_ascii=False))[1]


OTHERWISE: dict[str, dict[str, Any]] = {
    "another key": {"title": ..., "headline": "Under another key"},
    "one key more": {"byline": "By Ann Lee"},
    "a number": {"title": 1.5},
    "a number without fraction": {"title": 1.0},
    "a large number": {"title": 10**20},
    "an instant as a number": {"published": 1_744_270_200},
    "true": {"title": True},
    "an object": {"text": {"summary": ["One.", "Two."]}},
    "an object of nothing": {"title": {"text": None}},
    "a list": {"text": ["One.", "Two."]},
    "text for a list": {"authors": "Ann Lee and Bo Quist"},
    "objects in a list": {"authors": [{"name": "Ann Lee"}]},
    "numbers in a list": {"authors": ["Ann Lee", 5, True, None, ["Bo"]]},
    "half a pair": {"title": "half \ud83d of it"},
    "a wrapper": {"text": ..., "title": ..., "articles": [dict(RECORD)]},
    "an empty wrapper": {"text": None, "articles": []},
}


@pytest.mark.parametrize("changes", OTHERWISE.values(), ids=OTHERWISE)
def test_what_columns_would_change_is_read_by_record(read: Read, changes: dict[str, Any]) -> None:
    assert not read.both(lines_of(records(**changes)))[1]


@pytest.mark.parametrize(
    "style",
    [{}, {"separators": (",", ":")}, {"separators": (" , ", " : ")}, {"ensure_ascii": False}],
    ids=["usual", "compact", "spaced", "utf-8"],
)
def test_any_style_of_json(read: Read, style: dict[str, Any]) -> None:
    frame, in_columns = read.both(lines_of(records(title="Söndag 😀"), **style))
    assert in_columns
    assert frame["title"][4] == "Söndag 😀"


def test_keys_that_may_wrap_records_are_read_by_record(read: Read) -> None:
    found = [record | {"value": "5"} for record in records()]
    found[20] |= {"text": None, "value": []}
    frame, in_columns = read.both(lines_of(found))
    assert not in_columns
    assert frame.height == MANY - 1


def test_records_of_many_keys_take_no_longer(read: Read) -> None:
    found = [record | {f"key {n} {m}": n for m in range(400)} for n, record in enumerate(records())]
    assert not read.both(lines_of(found))[1]


MENDED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "broken": lambda lines: [*lines[:9], lines[9][:40] + b"\n", *lines[10:]],
    "latin-1": lambda lines: [*lines[:9], lines[9].replace(b"Council", b"Br\xfccke"), *lines[10:]],
    "empty lines": lambda lines: [*lines[:9], b"\n", b"  \n", *lines[9:]],
    "a key twice": lambda lines: [*lines[:9], lines[9][:-2] + b', "title": "B"}\n', *lines[10:]],
    "NaN": lambda lines: [*lines[:9], lines[9][:-2] + b', "score": NaN}\n', *lines[10:]],
    "an array": lambda lines: [*lines[:9], b"[" + lines[9][:-1] + b"]\n", *lines[10:]],
    "byte order mark": lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]],
    "a key spelt out": lambda lines: [*lines[:9], lines[9].replace(b"title", b"head\\u006cine")],
}


@pytest.mark.parametrize("change", MENDED.values(), ids=MENDED)
def test_lines_that_are_no_plain_records(
    read: Read, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    lines = lines_of(records()).splitlines(keepends=True)
    assert not read.both(b"".join(change(lines)))[1]


def test_ends_of_lines(read: Read) -> None:
    content = lines_of(records())
    assert read.both(content.replace(b"\n", b"\r\n"))[1]
    assert read.both(content.rstrip(b"\n"))[1]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from([*RECORD, "headline", "byline", "articles", "modified", "source", "x"])


@settings(deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=3), st.booleans())
def test_any_value_under_any_key(changes: list[dict[str, Any]], ascii_only: bool) -> None:
    found = [*records()[:8], *(RECORD | change for change in changes), RECORD]
    with pytest.MonkeyPatch.context() as patch:
        content = lines_of(found, ensure_ascii=ascii_only) if ascii_only else b"".join(
            json.dumps(r, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
            for r in found
        )  # fmt: skip
        Read(patch).both(content)


def test_batches_keep_to_their_size(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines_of(records() * 10))
    whole = pl.concat([batch.frame for batch in Reading([path])])
    assert whole.height == 10 * MANY
    for limits in ({"batch_records": 7}, {"batch_bytes": 1000}):
        batches = [batch.frame for batch in Reading([path], **limits)]
        assert max(frame.height for frame in batches) <= 7
        assert pl.concat(batches).equals(whole)


CLOCKS = st.datetimes(*map(datetime.fromisoformat, ("1000-01-01", "2099-12-31"))).map(
    datetime.isoformat
)
ZONES = st.sampled_from(["Z", "+00:00", "-00:30", "+14:59", "-11:00"])


@given(st.lists(st.none() | st.tuples(CLOCKS, ZONES).map("".join), min_size=1))
def test_plain_instants_are_read_as_single_ones(texts: list[str | None]) -> None:
    at = instants_of_iso(pl.Series(texts, dtype=pl.String))
    if at is None:
        widths = {len(text) for text in texts if text}
        zones = {text[-1] == "Z" for text in texts if text}
        assert len(widths) != 1 or len(zones) != 1
        return
    told = [
        (iso_instant(text), micros)
        for text, micros in zip(texts, at.to_physical(), strict=True)
        if text
    ]
    assert [one and one.micros for one, _ in told] == [micros for _, micros in told]


@pytest.mark.parametrize(
    "text", ["2025-02-30T00:00:00Z", "2025-04-10T24:00:00Z", "2025-04-10T09:61:00Z"]
)
def test_what_is_no_instant_is_left_to_others(text: str) -> None:
    assert instants_of_iso(pl.Series(["2025-04-10T09:30:00Z", text])) is None


def test_frames_of_text_are_taken_as_columns() -> None:
    rows = records(title=None, authors=[""], published="April 10, 2025")
    (batch,) = records_from_frame(pl.DataFrame(rows))
    reading = Reading(["-"], stdin=BytesIO(lines_of(rows)), stdin_name="<frame>")
    assert batch.frame.equals(pl.concat([batch.frame for batch in reading]))
