from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.checks import Context, Row
from newsqa.checks.authors import AuthorIs, is_date
from newsqa.record import FIELD_NAMES, frame_of, provides_mask

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("February 25, 2021", None), ("25 Feb 2021", "en"), ("12.03.2024", "de"), ("2021", None),
        ("27 Mart 2024 Çarşamba", "tr"), ("3 février 2022", "fr"), ("5 июня 2023", "ru"),
        ("Monday August 27, 2018 10:05 am PDT by Jane Roe", "en"), ("10:15", None),
        ("2024/3/1", None),
        ("8 de mayo de 2023", "es"), ("4 maart 2022", "nl"), ("٥ يونيو ٢٠٢٣", "ar"),
    ],
)  # fmt: skip
def test_dates_in_place_of_authors(name: str, language: str | None) -> None:
    assert is_date(name, language)


@pytest.mark.parametrize(
    "name",
    [
        "Jane Roe", "April May", "Jun Mai", "20 Minutes", "France 24", "9News", "Agent 47", "G1 SP",
        "Channel 4 News", "Kanal 7", "朝日 太郎", "Jane Roe III", "7NEWS Sydney", "",
    ],
)  # fmt: skip
def test_names_that_are_no_dates(name: str) -> None:
    assert not is_date(name)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, "en", "tr", "xx"]))
def test_any_text_can_be_asked(name: str, language: str | None) -> None:
    assert is_date(name, language) in {True, False}


def of_source(**fields: Any) -> list[str]:
    place = {"path": "a", "line": 1, "record": 0, "provides": provides_mask(FIELD_NAMES)}
    values = frame_of([place | fields]).row(0, named=True)
    return [hit.values["author"] for hit in AuthorIs(kind="source").locate(Row(values, CONTEXT))]


@pytest.mark.parametrize(
    ("author", "source"),
    [
        ("Harbour Times", "Harbour Times"), ("HARBOUR-TIMES", "Harbour Times"),
        ("Harbour Times", "harbourtimes.com"), ("www.harbourtimes.com", "harbourtimes.com"),
        ("Harbour Times", "harbourtimes.co.uk"),
    ],
)  # fmt: skip
def test_outlet_as_author(author: str, source: str) -> None:
    assert of_source(authors=["Jane Roe", author], source=source) == [author]


@pytest.mark.parametrize(
    ("authors", "source"),
    [(["Jane Roe"], "Harbour Times"), (["Harbour Times Staff"], "Harbour Times"), (["AP"], None),
     (["", None, "!"], "Harbour Times"), (None, "Harbour Times")],
)  # fmt: skip
def test_authors_that_are_not_the_outlet(authors: list[Any], source: str | None) -> None:
    assert of_source(authors=authors, source=source) == []
