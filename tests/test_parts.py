"""What is found does not depend on how an input is cut, nor on who works on it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from newsqa.parts.kept import Held
from newsqa.run import How
from newsqa.selection import Selection
from newsqa.split import split
from tests.parts_inputs import (
    INPUTS,
    american,
    american_elsewhere,
    broken,
    mixture,
    no_news,
    old_encoding,
    plain,
    rows,
)
from tests.parts_support import (
    NOW,
    ONE,
    SMALL,
    check,
    config,
    lines,
    parts_of,
    records,
    told,
    write_lines,
)
from tests.runs_support import leak, newsqa

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("write", INPUTS, ids=lambda write: write.__name__)
def test_parts_find_what_the_whole_finds(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path)
    whole, cut = check([tmp_path]), check([tmp_path], small=SMALL)
    assert whole.run["parts"] == 1
    assert cut.run["parts"] > 3
    assert told(cut) == told(whole)
    assert whole.totals["findings"] > 0 or write in (american, american_elsewhere)


def test_the_inputs_are_as_dirty_as_they_should_be(tmp_path: Path) -> None:
    for write in (broken, old_encoding, no_news):
        (tmp_path / write.__name__).mkdir()
        write(tmp_path / write.__name__)
    found = check([tmp_path], small=SMALL).findings.to_dicts()
    names = [finding["name"] for finding in found if finding["rule"].startswith("INP")]
    assert names.count("wrong-encoding") == 1, "once, though it is in several stretches"
    assert names.count("unknown-fields") == 1
    assert names.count("unreadable-record") == 5


def test_processes_find_what_this_one_finds(tmp_path: Path) -> None:
    mixture(tmp_path)
    cut = check([tmp_path], small=(8000, 20, 50), how=How(jobs=2))
    assert cut.run["parts"] > 5
    assert told(cut) == told(check([tmp_path]))


def test_records_and_lines_are_counted_from_the_beginning_of_the_file(tmp_path: Path) -> None:
    content = lines(60)
    content[3] = b"broken"
    content[9] = b""
    content[20] = json.dumps([leak(90), leak(91)]).encode()
    path = write_lines(tmp_path / "a.jsonl", content)
    found = check([path], small=SMALL, config=config("LEK001")).findings
    leaks = [n for n in range(60) if n % 5 == 0]
    wanted = {(n + 1, n - (n > 9) + (n > 20)) for n in leaks} | {(21, 20)}
    assert set(found.select("line", "record").iter_rows()) == wanted


def test_dates_are_read_as_the_last_part_says(tmp_path: Path) -> None:
    american(tmp_path)
    result = check([tmp_path], small=SMALL)
    assert result.days["day"].min() == datetime(2025, 4, 10, tzinfo=UTC).date()
    (file,) = result.run["files"]
    assert set(file["day_order"].values()) == {"month-first"}
    assert set(file["day_order"]) == {"fenmouth.example", "tarrow.example"}


def test_batches_change_nothing(tmp_path: Path) -> None:
    mixture(tmp_path)
    assert told(check([tmp_path], small=SMALL, batch_records=20)) == told(check([tmp_path]))


def test_standard_input_is_cut_like_a_file() -> None:
    content = b"\n".join(lines(60, date="04/10/2025"))

    def of(small: tuple[int, ...]) -> Any:
        return check("-", small=small, stdin=io.BytesIO(content), stdin_name="crawl")

    cut = of(SMALL)
    assert cut.run["parts"] > 3
    assert told(cut) == told(of((ONE,)))
    assert [file["path"] for file in cut.run["files"]] == ["crawl"]


def test_frames_stand_beside_paths(tmp_path: Path) -> None:
    plain(tmp_path)
    frame = pl.DataFrame(records(20, source="frames"))
    given = [frame, tmp_path, frame.lazy()]
    cut = check(given, small=SMALL)
    assert told(cut) == told(check(given))
    places = cut.findings.filter(pl.col("rule") == "LEK001")["path"].value_counts().to_dicts()
    assert {place["path"]: place["count"] for place in places} == {
        "<frame>": 4, str(tmp_path / "a.jsonl"): 12, "<frame 1>": 4,
    }  # fmt: skip


def test_a_selection_leaves_out_the_same(tmp_path: Path) -> None:
    mixture(tmp_path)
    for chosen in (
        Selection(("tarrow*",)),
        Selection(since=datetime(2025, 4, 14, 9, tzinfo=UTC)),
        Selection(since=timedelta(days=365)),
    ):
        whole = check([tmp_path], selection=chosen)
        assert told(check([tmp_path], small=SMALL, selection=chosen)) == told(whole)
        assert whole.run["records_left_out"] + whole.totals["records_found"] > 300


def test_suites_that_ask_for_no_numbers_see_the_records_of_all_parts(tmp_path: Path) -> None:
    plain(tmp_path)
    suite = tmp_path / "own.json"
    long = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "title"}}
    suite.write_text(json.dumps({"name": "own", "expectations": [long]}))
    cut = check([tmp_path / "a.jsonl"], small=SMALL, config=config("EXP001", suites=[str(suite)]))
    assert cut.run["parts"] > 3
    assert cut.suites[0].outcomes[0].result["element_count"] == 60


def test_suites_see_the_records_of_all_parts(tmp_path: Path) -> None:
    broken(tmp_path)
    rows(tmp_path)
    suite = tmp_path / "own.json"
    unique = {
        "type": "expect_compound_columns_to_be_unique",
        "kwargs": {"column_list": ["path", "record"]},
    }
    long = {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "body_length", "min_value": 400},
    }
    suite.write_text(json.dumps({"name": "own", "expectations": [unique, long]}))
    own = config("LEK001", "EXP001", suites=[str(suite)])
    inputs = [tmp_path / "a.jsonl", tmp_path / "a.parquet"]
    whole, cut = (check(inputs, small=small, config=own) for small in ((ONE,), SMALL))
    assert told(cut) == told(whole)
    first, second = cut.suites[0].outcomes
    assert (first.success, second.success) == (True, False)


@pytest.mark.parametrize("room", [0, 4000])
def test_what_memory_has_no_room_for_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    broken(tmp_path)
    suite = tmp_path / "own.json"
    unique = {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "url"}}
    suite.write_text(json.dumps({"name": "own", "expectations": [unique]}))
    own = config("LEK001", "DUP001", "EXP001", suites=[str(suite)])
    held = check([tmp_path / "a.jsonl"], small=SMALL, config=own)
    monkeypatch.setattr("newsqa.parts.store.Held", lambda: Held(room))
    assert held.run["parts"] > 3
    assert held.suites[0].outcomes[0].result["unexpected_count"] > 0
    assert told(check([tmp_path / "a.jsonl"], small=SMALL, config=own)) == told(held)


def test_a_division_lists_every_record_where_it_stands(tmp_path: Path) -> None:
    broken(tmp_path)
    inputs = [str(tmp_path)]
    whole = split(inputs, config=config(), now=NOW)
    with parts_of(*SMALL):
        cut = split(inputs, config=config(), now=NOW)
    assert cut.result.run["parts"] > 3
    assert cut.records.equals(whole.records)
    assert cut.records["keep"].sum() > 20
    assert cut.records.drop_nulls("record").select("path", "record").is_unique().all()


def test_a_proposed_suite_rests_on_all_parts(tmp_path: Path) -> None:
    plain(tmp_path)
    (tmp_path / "newsqa.toml").write_text('[rules]\nselect = ["LEK001"]\n')
    made = []
    for small in ((ONE,), SMALL):
        with parts_of(*small):
            done = newsqa(
                tmp_path,
                "profile",
                "a.jsonl",
                "--suite",
                "s.json",
                "--format",
                "json",
                "--now",
                "2026-01-01",
            )
        assert done.status == 0
        made.append((json.loads(done.stdout), json.loads((tmp_path / "s.json").read_bytes())))
    assert made[0] == made[1]
    assert len(made[0][1]["expectations"]) > 5


def test_a_damaged_table_is_one_unread_file(tmp_path: Path) -> None:
    pl.DataFrame(records(99)).write_parquet(tmp_path / "a.parquet", row_group_size=25)
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = b"\xff" * 400
    (tmp_path / "a.parquet").write_bytes(content)
    cut = check([tmp_path], small=SMALL)
    assert cut.totals["unread_files"] == 1
    assert cut.findings["name"].to_list().count("unreadable-file") == 1
    assert 20 < cut.totals["records_read"] < 99
    (file,) = cut.run["files"]
    assert file["fields"]["title"] == "title", "learnt from rows that can be read"


def test_what_files_lack_at_their_beginning_is_learnt_later(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [*[b"{broken" + b"x" * 200] * 1100, *lines(30)])
    cut = check([tmp_path], small=(100_000,), config=config("INP004", "LEK001"))
    assert cut.findings["rule"].to_list() == ["LEK001"] * 6
