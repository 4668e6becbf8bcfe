"""What suites ask of each record by itself adds up over batches and parts."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.run import How, check_and_keep
from newsqa.suites import Expectation, Suite, judge_suite, suite_of
from newsqa.suites.counts import RowCounts, counted, known_figures
from newsqa.suites.frames import RECORD_COLUMNS
from newsqa.suites.judge import measures_of
from newsqa.suites.known import NATIVE
from newsqa.suites.outcomes import record_columns
from tests.parts_support import NOW, ONE, SMALL, check, config, lines, parts_of, write_lines
from tests.suite_cases import ARGUMENTS, CONDITIONS, SCHEMA, expectations, frames

if TYPE_CHECKING:
    from pathlib import Path

ABOUT_ROWS = sorted(kind for kind in ARGUMENTS if NATIVE[kind].about == "rows")
TODAY = {"type": "comparison", "column": {"name": "section"}, "operator": "==", "parameter": "x"}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "authors"}),
    ("expect_column_values_to_match_regex", {"column": "body", "regex": "Fenmouth|the"}),
    ("expect_column_value_lengths_to_be_between", {"column": "title", "max_value": 40}),
    ("expect_column_values_to_be_between", {"column": "body_length", "min_value": 400}),
    ("expect_column_values_to_be_in_set", {"column": "source", "value_set": ["fenmouth.example"]}),
    ("expect_column_values_to_not_be_null", {"column": "title", "row_condition": TODAY}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "title", "column_B": "summary"}),
    ("expect_table_row_count_to_equal", {"value": 60}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": list(RECORD_COLUMNS)}),
    ("expect_column_to_exist", {"column": "title"}),
    ("expect_column_type_to_be", {"column": "lag_hours", "type_": "Float64"}),
]


def entries(*asked: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": kind, "kwargs": kwargs} for kind, kwargs in asked]


def suite(*asked: tuple[str, dict[str, Any]]) -> Suite:
    return suite_of({"name": "own", "expectations": entries(*asked)})


@given(data=st.data())
def test_counts_of_parts_are_those_of_the_whole(data: st.DataObject):
    """Each example cuts one frame in two and looks at every kind of expectation about rows."""
    assert len(ABOUT_ROWS) > 15
    frame = data.draw(frames())
    border = data.draw(st.integers(0, frame.height))
    for kind in ABOUT_ROWS:
        expectation = data.draw(expectations(kind))
        measures = measures_of(expectation, SCHEMA)
        if measures is None:
            continue
        wanted = [measure.alias(name) for name, measure in measures.items()]
        parts = Counter[str]()
        for part in (frame[:border], frame[border:]):
            parts.update(part.select(wanted).row(0, named=True))
        assert dict(parts) == frame.select(wanted).row(0, named=True), expectation


@given(frame=frames(), border=st.integers(0, 12), condition=st.sampled_from(CONDITIONS))
def test_a_condition_picks_the_same_rows_in_parts(
    frame: pl.DataFrame, border: int, condition: dict[str, Any]
):
    kwargs = {"column": "s", "value_set": ["a", "bb"], "row_condition": condition}
    measures = measures_of(Expectation("expect_column_values_to_be_in_set", kwargs), SCHEMA)
    assert measures is not None
    wanted = [measure.alias(name) for name, measure in measures.items()]
    first, second = (part.select(wanted) for part in (frame[:border], frame[border:]))
    assert (first + second).equals(frame.select(wanted))


@pytest.mark.parametrize("kind", sorted(NATIVE))
def test_what_compares_rows_is_not_counted(kind: str):
    compares = ("unique", "increasing", "decreasing", "z_scores", "outliers", "distinct", "common")
    within = kind == "expect_select_column_values_to_be_unique_within_record"
    if any(word in kind for word in compares) and not within:
        assert NATIVE[kind].about == "frame"


class TestSuitesOverParts:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return write_lines(tmp_path / "a.jsonl", lines(60))

    @pytest.fixture
    def written(self, tmp_path: Path) -> Path:
        written = tmp_path / "own.json"
        written.write_text(json.dumps({"name": "own", "expectations": entries(*ASKED)}))
        return written

    def test_they_say_what_the_records_together_say(self, path: Path, written: Path):
        own = config("EXP001", suites=[str(written)])
        cut = check([path], small=SMALL, config=own)
        assert cut.run["parts"] > 3
        with parts_of(ONE), check_and_keep([path], RECORD_COLUMNS, config=own, now=NOW) as kept:
            of_all = judge_suite(kept[1].collect(), suite(*ASKED))
        assert [o.result for o in cut.suites[0].outcomes] == [o.result for o in of_all.outcomes]
        assert {o.success for o in of_all.outcomes} == {True, False}

    def test_another_question_about_the_same_column_is_not_answered_from_the_cache(
        self, path: Path, tmp_path: Path
    ):
        written, how = tmp_path / "own.json", How(cache=tmp_path / "cache")
        own, found = config("EXP001", suites=[str(written)]), []
        for pattern, reused in (("Fenmouth", False), ("nowhere", False), ("Fenmouth", True)):
            asked = ("expect_column_values_to_match_regex", {"column": "body", "regex": pattern})
            written.write_text(json.dumps({"name": "own", "expectations": entries(asked)}))
            result = check([path], small=SMALL, config=own, how=how)
            assert bool(result.run["parts_reused"]) == reused
            found.append(result.suites[0].outcomes[0].result["unexpected_count"])
        assert found[0] == found[2] < found[1] == 60

    def test_a_frame_is_counted_too(self, written: Path):
        frame = pl.DataFrame({"title": ["A headline", None], "text": ["Fenmouth. " * 60] * 2})
        result = check(frame, config=config("EXP001", suites=[str(written)]))
        assert result.suites[0].outcomes[1].result["unexpected_count"] == 0
        assert result.suites[0].outcomes[7].result["observed_value"] == 2


def test_texts_need_not_be_kept_for_what_is_counted():
    assert record_columns([suite(*ASKED)]) == set()
    unique = ("expect_column_values_to_be_unique", {"column": "url"})
    # GX must judge this one: Rust knows no look-ahead.
    ahead = ("expect_column_values_to_match_regex", {"column": "title", "regex": "a(?=b)"})
    assert record_columns([suite(*ASKED, unique, ahead)]) == {"url", "title"}


def test_numbers_that_the_file_as_a_whole_gives_are_kept():
    first = ("expect_column_values_to_be_between", {"column": "record", "max_value": 9})
    assert not counted([suite(first)])
    assert record_columns([suite(first)]) == {"record"}


def test_expectations_keep_their_places():
    unique = ("expect_column_values_to_be_unique", {"column": "url"})
    suites = [suite(ASKED[0], unique, ASKED[1]), suite(unique, ASKED[7])]
    assert [e.type for e in counted(suites)] == [ASKED[0][0], ASKED[1][0], ASKED[7][0]]
    known = known_figures(suites, {"1.unexpected": 5, "2.figure": 60})
    assert [sorted(figures) for figures in known] == [[0, 2], [1]]
    assert known[0][2]["unexpected"] == 5
    assert known[1][1] == {"figure": 60}


def test_without_records_nothing_is_counted():
    assert RowCounts(counted([suite(*ASKED)])).sums() == {}
