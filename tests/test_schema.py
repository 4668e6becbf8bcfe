from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.checks import Context, Row
from newsqa.checks.schema import Schema
from newsqa.errors import RuleFileError
from newsqa.record import FIELD_NAMES, frame_of, provides_mask
from newsqa.schema import constraints, failures, judged_columns, record_model
from newsqa.text.languages import known_languages, language_of

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
EVERYTHING = provides_mask(FIELD_NAMES)


def record(number: int = 0, provides: int = EVERYTHING, **fields: Any) -> dict[str, Any]:
    place = {"path": "a.jsonl", "line": number + 1, "record": number, "provides": provides}
    return place | fields


def complete(number: int = 0, **fields: Any) -> dict[str, Any]:
    usual = {
        "url": "https://news.example/1", "source": "news.example", "title": "One", "body": "Text.",
        "language": "en",
    }  # fmt: skip
    return record(number, **(usual | fields))


def broken(**fields: Any) -> set[tuple[str, str]]:
    found = failures(frame_of([complete(**fields)]))
    return set(found.select("column", "constraint").iter_rows())


VALUES = {
    "url": ["https://a.example/x", "http://a.example", "/x", "a.example/x", "https://a b/"],
    "source": ["a.example", "A Paper", "x" * 101, ""],
    "title": ["One", ""],
    "language": ["en", "EN-us", "zh_Hant", "Spanish", "türkçe", "klingonish", "xx", "null", "ger"],
    "section": ["Sport", "y" * 501],
    "dateline": ["PARIS", "z" * 301],
}  # fmt: skip
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"provides": st.integers(0, EVERYTHING)},
        optional={name: st.sampled_from([*values, None]) for name, values in VALUES.items()},
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_pandera_and_the_screens_agree(records: list[dict[str, Any]]) -> None:
    frame = frame_of([record(number, **fields) for number, fields in enumerate(records)])
    screened = {
        (row, column, name)
        for column, name in constraints()
        for row in frame.select(Schema(column=column, constraint=name).screen(CONTEXT))
        .to_series()
        .arg_true()
    }
    assert set(failures(frame).iter_rows()) == screened


def test_a_complete_record_violates_nothing() -> None:
    assert failures(frame_of([complete()])).is_empty()


def test_model_has_every_column_but_the_body() -> None:
    assert list(record_model().columns) == judged_columns()
    assert "body" not in judged_columns()


def test_provenance_is_demanded() -> None:
    found = failures(frame_of([complete(), complete() | {"line": 0}]))
    assert {("line", "greater_than_or_equal_to(1)")} <= set(
        found.select("column", "constraint").iter_rows()
    )
    assert found.filter(pl.col("constraint") == "multiple_fields_uniqueness").height == 2


def test_wrong_dtype_is_reported_for_the_whole_column() -> None:
    frame = frame_of([complete()]).with_columns(pl.col("line").cast(pl.Int64))
    found = failures(frame).filter(column="line")
    assert found["row"].to_list() == [None]


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a-b_c?id=1&x=%20#top", "http://news.example", "HTTPS://News.Example/a",
        "https://пример.рф/новости", "https://news.example:8443/a", "http://192.0.2.7/a",
        "https://web.archive.org/web/2020/https://news.example/a", "urn:newsml:afp.com:20240501:x",
        "https://news.example/a|b", "https://news.example/haber/şehir-çöktü",
    ],
)  # fmt: skip
def test_urls_that_are_well_formed(url: str) -> None:
    assert not broken(url=url)


@pytest.mark.parametrize(
    "url",
    [
        "/2024/05/01/x", "news.example/a", "//news.example/a", "https://", "https:///a", "None",
        "https://news.example/a b", "https://https://news.example/a", "javascript:void(0)", "#",
        "https://{{host}}/a", "https://news.example/{slug}", "<a href='https://news.example'>",
        "http://a..example/", "mailto:desk@news.example",
    ],
)  # fmt: skip
def test_urls_that_are_malformed(url: str) -> None:
    assert broken(url=url) == {("url", "well-formed")}


@pytest.mark.parametrize(
    "language",
    [
        "en", "EN", "en-US", "en_GB.UTF-8", "eng", "ger", "deu", "pt-BR", "zh-Hans-CN", "nb", "no",
        "English", "spanish", "Brazilian Portuguese", "Deutsch", "français", "Türkçe", "العربية",
        "und", "tr ", "fil", "Norwegian Bokmål", "русский", "iw",
    ],
)  # fmt: skip
def test_languages_that_are_known(language: str) -> None:
    assert not broken(language=language)


@pytest.mark.parametrize("language", ["xx", "unknown", "None", "e", "en, fr", "utf-8", "1", "news"])
def test_languages_that_are_not_known(language: str) -> None:
    assert broken(language=language) == {("language", "known")}


def test_missing_means_missing_where_the_file_has_the_field() -> None:
    without = provides_mask(["title", "body"])
    screen = Schema(column="url", constraint="present").screen(CONTEXT)
    frame = frame_of([record(0), record(1, provides=without), record(2, url="https://a.example")])
    assert frame.select(screen).to_series().to_list() == [True, False, False]


def test_located_value_is_named() -> None:
    rule = Schema(column="url", constraint="well-formed")
    (hit,) = rule.locate(Row({"url": "/x"}, CONTEXT))
    assert (hit.field, hit.values["value"]) == ("url", "/x")


def test_constraints_that_do_not_exist_are_refused() -> None:
    with pytest.raises(RuleFileError, match="url"):
        Schema(column="title", constraint="well-formed")


def test_known_languages_hold_no_placeholder() -> None:
    assert not {"unknown", "none", "null", "unknown language"} & known_languages().keys()


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"), ("pt-BR", "pt"), ("zh_Hant", "zh"), ("GER", "de"), ("Spanish", "es"),
        ("Türkçe", "tr"), (" Arabic ", "ar"), ("Brazilian Portuguese", "pt"), ("klingonish", None),
    ],
)  # fmt: skip
def test_code_of_a_stated_language(stated: str, code: str | None) -> None:
    assert language_of(stated) == code
