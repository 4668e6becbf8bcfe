"""Suites are read whole or refused by line; row conditions mean what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.errors import SuiteError
from newsqa.suites import Expectation, Suite, columns_of, judge_suite, load_suite, suite_of
from newsqa.suites.condition import row_condition
from newsqa.suites.domain import Unsupported
from newsqa.suites.page import with_table
from newsqa.suites.positions import value_lines

REGEX = "expect_column_values_to_match_regex"
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "title"}}


def write(folder: Path, content: Any) -> Path:
    path = folder / "suite.json"
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    path.write_text(text, "utf-8")
    return path


def fault(folder: Path, content: Any) -> SuiteError:
    with pytest.raises(SuiteError) as caught:
        load_suite(write(folder, content))
    return caught.value


def test_a_suite_is_read_with_its_places(tmp_path: Path):
    content = {
        "name": "crawl",
        "meta": {"newsqa": {"frame": "sources"}},
        "expectations": [
            NOT_NULL | {"severity": "warning", "notes": "n", "id": "1"},
            NOT_NULL | {"meta": {"newsqa": {"frame": "records"}}},
        ],
    }
    suite = load_suite(write(tmp_path, content))
    first, second = suite.expectations
    assert (suite.name, first.severity, first.frame, second.frame) == (
        "crawl", "warning", "sources", "records",
    )  # fmt: skip
    assert first.line < second.line
    assert first.config() == {
        **NOT_NULL,
        "meta": {},
        "notes": "n",
        "id": "1",
        "severity": "warning",
    }


def test_what_gx_writes_is_read_and_written_alike():
    entries = [NOT_NULL | {"meta": {"k": 1}, "severity": "info"}]
    suite = suite_of({"name": "s", "expectations": entries, "meta": {}, "notes": None, "id": None})
    assert [e.config() for e in suite.expectations] == entries


@pytest.mark.parametrize(
    ("entry", "says", "hints"),
    [
        ({"type": "expect_column_values_to_not_be_nul", "kwargs": {"column": "a"}},
         "unknown expectation", "expect_column_values_to_not_be_null"),
        ({"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a", "values_set": []}},
         "unknown argument", "value_set"),
        ({"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a"}},
         "lacks its argument 'value_set'", ""),
        ({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a", "mostly": 95}},
         "mostly is 95", ""),
        ({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"},
          "severity": "critcal"}, "unknown severity", "critical"),
        ({"type": "expect_column_values_to_not_be_null", "kwarg": {"column": "a"}},
         "unknown key", "kwargs"),
        ({"expectation_type": "expect_column_to_exist", "kwargs": {"column": "a"}},
         "unknown key", "type"),
        ({"type": "expect_my_own_thing", "kwargs": {}},
         "unknown expectation", "expectation_modules"),
        ({"type": "expect_query_results_to_match_comparison", "kwargs": {}}, "SQL", ""),
        ({"type": "expect_column_values_to_not_be_null",
          "kwargs": {"column": {"$PARAMETER": "which"}}}, "parameter 'which' has no value", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, entry: dict[str, Any], says: str, hints: str
):
    path = write(tmp_path, {"name": "s", "expectations": [NOT_NULL, entry]})
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    line = int(caught.value.where.rpartition(":")[2])
    assert says in caught.value.fault
    assert hints in caught.value.hint
    assert "title" in "".join(path.read_text().splitlines()[: line - 1])


def test_broken_json_and_other_files_are_refused(tmp_path: Path):
    assert "no JSON" in fault(tmp_path, '{"name": "s",\n "expectations": [}').fault
    assert fault(tmp_path, '{"name": "s",\n "expectations": [}').where.endswith(":2:19")
    assert "list `expectations`" in fault(tmp_path, {"name": "s"}).fault
    with pytest.raises(SuiteError, match="cannot be read"):
        load_suite(tmp_path / "none.json")


def test_suite_parameters_are_put_in():
    entry = {"type": "expect_table_row_count_to_equal", "kwargs": {"value": {"$PARAMETER": "n"}}}
    suite = suite_of({"name": "s", "expectations": [entry], "suite_parameters": {"n": 3}})
    assert suite.expectations[0].kwargs == {"value": 3}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 0, 1, 4]))
def test_every_value_has_a_line(value: Any, indent: int | None):
    text = json.dumps(value, indent=indent)
    lines = value_lines(text)

    def paths(part: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
        inner = (
            part.items()
            if isinstance(part, dict)
            else enumerate(part)
            if isinstance(part, list)
            else ()
        )
        return [path, *(p for key, value in inner for p in paths(value, (*path, key)))]

    assert set(lines) == set(paths(value, ()))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


FRAME = pl.DataFrame({"n": [1, 2, None], "s": ["a", None, "c"], "b": [True, False, True]})


@pytest.mark.parametrize(
    ("condition", "parser", "kept"),
    [
        ('col("n") > 1', "great_expectations", [2]),
        ('col("s").notNull()', "great_expectations", [1, None]),
        ('col("s") == "c"', "great_expectations", [None]),
        ("n == 1 or s == 'c'", "pandas", [1, None]),
        ("n != 1", "pandas", [2, None]),
        ("not (n >= 2) and s.notnull()", "pandas", [1, None]),
        ("s in ['a', 'c'] & n == 1", "pandas", None),
        ("s in ['a', 'x']", "pandas", [1]),
        ("s not in ['a', 'x']", "pandas", [2, None]),
        ("n.isnull()", "pandas", [None]),
        ("n + 1 > 2", "pandas", None),
        ("n > s", "pandas", None),
        ("s > 1", "pandas", None),
        ("__import__('os')", "pandas", None),
    ],
)
def test_row_conditions(condition: str, parser: str, kept: list[Any] | None):
    if kept is None:
        with pytest.raises(Unsupported):
            row_condition(condition, parser, FRAME.schema)
        return
    where = row_condition(condition, parser, FRAME.schema)
    assert where is not None
    assert FRAME.filter(where)["n"].to_list() == kept


def test_a_column_that_is_misspelt_is_named_before_anything_is_judged():
    suite = Suite("s", (Expectation("expect_column_max_to_be_between", {"column": "nn"}),))
    with pytest.raises(SuiteError, match="no column 'nn'"):
        judge_suite(FRAME, suite)


def test_an_expectation_needs_only_its_columns():
    named = Expectation(
        "expect_column_values_to_be_unique",
        {"column": "n", "row_condition": "s == 'a'", "condition_parser": "pandas"},
    )
    assert columns_of(named, FRAME.columns) == {"n", "s"}
    assert columns_of(Expectation("expect_table_row_count_to_equal", {}), FRAME.columns) == set()
    assert columns_of(Expectation("expect_my_own", {}), FRAME.columns) == set(FRAME.columns)


def test_values_are_shown_only_when_asked_for():
    suite = Suite(
        "s",
        (Expectation("expect_column_values_to_be_in_set", {"column": "s", "value_set": ["a"]}),),
    )
    shy, open_ = (judge_suite(FRAME, suite, values=v).outcomes[0].result for v in (False, True))
    assert "partial_unexpected_list" not in shy
    assert open_["partial_unexpected_list"] == ["c"]


def test_native_suites_import_neither_gx_nor_pandas():
    script = (
        "import sys, polars as pl\n"
        "from newsqa.suites import judge_suite, suite_of\n"
        f"suite = suite_of({{'expectations': [{NOT_NULL!r}]}})\n"
        "assert judge_suite(pl.DataFrame({'title': ['a']}), suite).success\n"
        "assert not {'great_expectations', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_what_polars_cannot_say_goes_to_gx():
    suite = suite_of({"expectations": [
        NOT_NULL | {"type": REGEX, "kwargs": {"column": "s", "regex": "(?=a)a"}},
        {"type": "expect_column_values_to_be_dateutil_parseable", "kwargs": {"column": "s"}},
        NOT_NULL | {"kwargs": {"column": "s", "mostly": 0.5}},
    ]})  # fmt: skip
    regex, parseable, not_null = judge_suite(FRAME, suite).outcomes
    assert [o.engine for o in (regex, parseable, not_null)] == ["gx", "gx", "native"]
    assert (regex.success, regex.result["unexpected_count"]) == (False, 1)
    assert "partial_unexpected_list" not in regex.result
    assert not_null.success


def test_the_table_in_the_docs_is_true():
    page = Path(__file__).parent.parent.joinpath("docs", "suites.md").read_text("utf-8")
    assert with_table(page) == page, "run: python -m newsqa.suites.page docs/suites.md"
