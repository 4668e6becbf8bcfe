from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.checks import Context, GroupCheck, GroupHit
from newsqa.checks.duplicates import NearSameBody, SameValue
from newsqa.record import FIELD_NAMES, frame_of, provides_mask
from newsqa.text.sketch import SIZE, like_pairs, likeness, sketch
from newsqa.text.urls import brand, host_of, page_key, registered_domain

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
LOCATORS = ("row", "path", "line", "record", "id", "url", "source")


def judged(rule: GroupCheck, records: list[dict[str, Any]]) -> list[GroupHit]:
    everything = provides_mask(FIELD_NAMES)
    rows = [
        {"path": "a", "line": n + 1, "record": n, "provides": everything, "id": f"r{n}"} | record
        for n, record in enumerate(records)
    ]
    frame = frame_of(rows).with_row_index("row")
    keys = frame.select(*LOCATORS, **rule.keys())
    return list(rule.judge(keys, rule.collect(frame), CONTEXT))


def text(sentences: list[int]) -> str:
    """A body of numbered sentences, each a clause of its own."""
    return " ".join(f"The council spoke about matter number {n} of the town." for n in sentences)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.a.example/x/", "http://a.example/x"),
        ("https://a.example/x?utm_source=y&fbclid=z", "https://a.example/x"),
        ("https://a.example/x?id=1&utm_source=y#top", "https://a.example/x?id=1"),
        ("https://a.example/x?utm_source=y&utm_medium=z&id=1", "https://a.example/x?id=1"),
        ("https://amp.a.example/x/amp/", "https://m.a.example/x"),
        ("https://A.Example:443/x", "https://a.example/x"),
        ("https://a.example/index.html", "https://a.example"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    keys = pl.DataFrame({"url": [one, other]}).select(page_key(pl.col("url"))).to_series()
    assert keys[0] == keys[1]
    assert judged(SameValue(of="url"), [{"url": one}, {"url": other}])[0].row == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/#!x", "https://a.example/#!y"),
        ("https://sport.a.example/x", "https://a.example/x"),
        ("https://a.example/x?cid=1", "https://a.example/x?cid=2"),
        ("https://a.example/reference?refid=1", "https://a.example/reference?refid=2"),
    ],
)
def test_addresses_of_different_pages(one: str, other: str) -> None:
    assert not judged(SameValue(of="url"), [{"url": one}, {"url": other}])


def test_records_without_an_address_repeat_nothing() -> None:
    assert not judged(SameValue(of="url"), [{"url": None}, {"url": None}, {"url": "junk"}])


def test_every_repetition_points_to_the_first() -> None:
    hits = judged(SameValue(of="url"), [{"url": "https://a.example/x"}] * 3)
    assert [(hit.row, hit.evidence["first"], hit.evidence["count"]) for hit in hits] == [
        (1, "r0", 3),
        (2, "r0", 3),
    ]


def test_one_fault_is_one_finding() -> None:
    body = text(list(range(20)))
    records = [
        {
            "url": "https://a.example/1",
            "source": "a",
            "title": "Harbour reopens on Monday",
            "body": b,
        }
        for b in (body, body)
    ]
    same_page = [SameValue(of=of) for of in ("body", "title", "id")]
    assert len(judged(SameValue(of="url"), records)) == 1
    assert not any(judged(rule, records) for rule in (*same_page, NearSameBody()))
    records[1] |= {"url": "https://a.example/2"}
    assert len(judged(SameValue(of="body"), records)) == 1
    others = [SameValue(of=of) for of in ("url", "title", "id")]
    assert not any(judged(rule, records) for rule in (*others, NearSameBody()))
    records[1] |= {"body": text([*range(19), 99])}
    assert len(judged(NearSameBody(), records)) == 1
    assert not any(judged(rule, records) for rule in (*others, SameValue(of="body")))


def test_copies_of_other_outlets_have_their_own_severity() -> None:
    body = text(list(range(5)))
    urls = ("https://a.example/1", "https://b.example/1", "https://a.example/2")
    records = [{"url": url, "source": url[8:17], "body": body} for url in urls]
    hits = judged(SameValue(of="body", elsewhere="info"), records)
    assert [hit.severity for hit in hits] == ["info", None]


def test_cluster_of_versions_has_one_first() -> None:
    versions = [
        {"url": f"https://a.example/{n}", "source": "a", "body": text([*range(30), 100 + n])}
        for n in range(6)
    ]
    foreign = {"url": "https://a.example/x", "source": "a", "body": text(list(range(200, 231)))}
    hits = judged(NearSameBody(), [foreign, *versions])
    assert [hit.row for hit in hits] == [2, 3, 4, 5, 6]
    assert {hit.evidence["first"] for hit in hits} == {"r1"}
    assert {hit.evidence["count"] for hit in hits} == {6}


def test_same_identifier_of_different_pages() -> None:
    records = [
        {"id": "1", "url": "https://a.example/1"},
        {"id": "1", "url": "https://a.example/2"},
        {"id": "1", "url": "https://a.example/1?utm_source=x"},
    ]
    assert [hit.row for hit in judged(SameValue(of="id"), records)] == [1]


def test_counters_that_start_again_are_one_finding() -> None:
    records = [{"id": str(n % 20), "url": f"https://a.example/{n}"} for n in range(40)]
    (hit,) = judged(SameValue(of="id", one_above=0.2), records)
    assert (hit.row, hit.evidence["count"]) == (20, 20)


def test_headline_of_a_column_is_no_identity() -> None:
    records = [
        {"url": f"https://a.example/{n}", "source": "a", "title": "Your stars for the week"}
        for n in range(6)
    ]
    assert not judged(SameValue(of="title", most=4), records)
    assert len(judged(SameValue(of="title"), records)) == 5


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 60))
def test_likeness_estimates_the_share_of_common_clauses(chance: Random, shared: int) -> None:
    numbers = chance.sample(range(10**6), 200)
    common, left, right = numbers[:shared], numbers[shared:100], numbers[100 : 200 - shared]
    texts = pl.DataFrame({"a": [text(common + left)], "b": [text(common + right)]})
    estimate = texts.select(likeness(sketch(pl.col("a")), sketch(pl.col("b")))).item()
    true = shared / (len(common) + len(left) + len(right))
    assert abs(estimate - true) <= 0.55  # 4.4 standard deviations of 16 draws


def test_sketches_are_small_and_do_not_depend_on_company() -> None:
    texts = pl.DataFrame({"t": [text(list(range(50))), "short", "", None, text([1, 2])]})
    together = texts.select(sketch(pl.col("t"))).to_series()
    alone = [texts[n].select(sketch(pl.col("t"))).item() for n in range(texts.height)]
    assert together[0].len() == SIZE
    assert [None if s is None else s.to_list() for s in together] == [
        None if s is None else s.to_list() for s in alone
    ]


def test_like_pairs_grow_with_the_records() -> None:
    sketches = pl.DataFrame({"row": range(500), "sketch": [list(range(16))] * 500}).with_columns(
        pl.col("sketch").cast(pl.List(pl.UInt32))
    )
    assert like_pairs(sketches, 0.6).height < 2 * 500


def test_domains() -> None:
    assert registered_domain("www.bbc.co.uk") == "bbc.co.uk"
    assert registered_domain("localhost") is None
    assert brand("bbc.co.uk") == brand("bbc.com") == "bbc"
    urls = pl.DataFrame({"url": ["https://u:p@A.example:80/x", "//b.example", "junk", None]})
    assert urls.select(host_of(pl.col("url"))).to_series().to_list() == [
        "a.example",
        "b.example",
        None,
        None,
    ]
