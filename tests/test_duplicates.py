from __future__ import annotations

import unicodedata
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
from newsqa.text.sketch import SIZE, _figures_of, figures, like_pairs, likeness, sketch

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


def test_addresses_of_one_page_are_repeated() -> None:
    urls = (
        "https://www.a.example/x/",
        "http://a.example/x?utm_source=y",
        "https://a.example/x?id=1",
    )
    assert [hit.row for hit in judged(SameValue(of="url"), [{"url": url} for url in urls])] == [1]


def test_another_text_at_the_same_address_is_told_by_its_likeness() -> None:
    bodies = [text(list(range(30))), text([*range(28), 90]), " ".join(LONG), "Short."]
    records = [{"url": "https://a.example/live", "body": body} for body in bodies]
    likenesses = [hit.evidence.get("likeness") for hit in judged(SameValue(of="url"), records)]
    assert likenesses[0] > 0.7
    assert likenesses[1:] == [0.0, None]


def test_records_without_an_address_repeat_nothing() -> None:
    urls = [
        None,
        None,
        "junk",
        "rubbish",
        "/2026/a",
        "/2026/b",
        "www.a.example/x",
        "www.b.example/y",
    ]
    assert not judged(SameValue(of="url"), [{"url": url} for url in urls])


def test_records_without_an_address_are_compared_by_their_text() -> None:
    records = [{"url": url, "body": text(list(range(20)))} for url in ("/2026/a", "/2026/b", None)]
    assert [hit.row for hit in judged(SameValue(of="body"), records)] == [1, 2]
    near = [record | {"body": f"{record['body']} {n}."} for n, record in enumerate(records)]
    assert [hit.row for hit in judged(NearSameBody(), near)] == [1, 2]


def test_headlines_of_unknown_outlets_are_not_of_one_outlet() -> None:
    records = [{"title": f"The harbour reopens after {n} years"} for n in ("two", "ten")]
    records = [r | {"body": " ".join(LONG[n::2])} for n, r in enumerate(records)]
    assert not judged(SameValue(of="title"), records)


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


def sketches_of(texts: list[str | None]) -> pl.Series:
    return (
        pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)})
        .select(sketch(pl.col("t")))
        .to_series()
    )


def alike(one: str, other: str) -> float:
    both = sketches_of([one, other])
    return float(likeness(both.head(1), both.tail(1)).item())


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 200))
def test_likeness_estimates_the_share_of_common_shingles(chance: Random, shared: int) -> None:
    words = [f"w{n}" for n in chance.sample(range(10**6), 604)]
    one, other = words[:404], words[:shared] + words[404:604]
    shingles = [{tuple(w[n : n + 5]) for n in range(len(w) - 4)} for w in (one, other)]
    true = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    # 5 standard deviations of 48 draws, where they are widest
    assert abs(alike(" ".join(one), " ".join(other)) - true) <= 0.36


LONG = [f"word{n}" for n in range(120)]
HAN = "".join(chr(0x4E00 + n) for n in range(90))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (" ".join(LONG), "\n\n".join(LONG)),
        (" ".join(LONG), "\u00a0 ".join(LONG)),
        ("“" + ", ".join(LONG) + "”", '"' + " ".join(LONG) + '."'),
        (HAN, "，\n".join(HAN[n : n + 9] for n in range(0, 90, 9))),
    ],
)  # fmt: skip
def test_spaces_and_marks_do_not_tell_texts_apart(one: str, other: str) -> None:
    assert alike(one, other) == 1.0


@pytest.mark.parametrize("first", [0x4E00, 0x3042, 0x0E01, 0xAC00])
def test_texts_without_spaces_are_compared_by_characters(first: int) -> None:
    chance = Random(first)
    text = "".join(chr(first + chance.randrange(40)) for _ in range(400))
    other = "".join(chr(first + chance.randrange(40)) for _ in range(400))
    assert alike(text, text[:370] + other[:30]) > 0.6
    assert alike(text, other) < 0.3


@pytest.mark.parametrize(
    "script", ["ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "абвгдежзиклмнопрст", "कखगघचछजझटठडढ"]
)
def test_words_of_other_scripts_are_words(script: str) -> None:
    chance = Random(script)
    words = ["".join(chance.sample(script, 5)) for _ in range(300)]
    assert alike(" ".join(words), " ".join([*words[:280], *words[:20]])) > 0.6
    assert alike(" ".join(words), " ".join(chance.sample(words, 300))) < 0.3


def test_sketches_are_small_and_do_not_depend_on_company() -> None:
    texts = [text(list(range(50))), "short", "", None, text([1, 2]), "港" * 10]
    together = sketches_of(texts)
    assert together.dtype == pl.Array(pl.UInt32, SIZE // 4)
    alone = [sketches_of([t]).to_list()[0] for t in texts]
    assert together.to_list() == alone
    assert [found is None for found in alone] == [False, True, True, True, True, True]
    assert sketches_of([]).len() == 0


def test_like_pairs_grow_with_the_records() -> None:
    same = sketches_of([text(list(range(50)))] * 500)
    pairs = like_pairs(pl.DataFrame({"row": range(500), "sketch": same}), 0.6)
    assert 499 <= pairs.height < 2 * 500
    assert pairs["likeness"].unique().to_list() == [1.0]


def test_like_pairs_name_the_rows_that_are_alike() -> None:
    bodies = [" ".join(f"w{n}x{m}" for m in range(60)) for n in range(40)]
    numbered = sketches_of([*bodies, *reversed(bodies)])
    pairs = like_pairs(pl.DataFrame({"row": range(100, 180), "sketch": numbered}), 0.9)
    assert pairs.select("first", "row").rows() == [(279 - row, row) for row in range(140, 180)]


TAIL = " ".join(f"notice{one}{two}" for one in "abcdefghijklmnopq" for two in "abcdefghijkl")
TEMPLATES = {
    "weather": (
        "{0} will see a high of {1} degrees and a low of {2} in the night. Winds of {3} kilometres "
        "per hour come from the west, with gusts of {4}. The chance of rain is {5} percent. "
    ),
    "quarter": (
        "{0} Holdings reported net income of {1}.{2} million in its latest quarter, or {3} cents "
        "a share. Revenue came to {4}.{5} million, the company said on Tuesday in a statement. "
    ),
    "obituary": (
        "{0} Reed, aged {1}, died on May {2} at home. The teacher was born on March {3}, 19{4}, "
        "and taught for {5} years. The memorial service is held at the chapel on Friday. "
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_stories_of_one_template_with_other_facts_are_no_versions(name: str) -> None:
    pool = Random(name).sample(range(10, 99), 20)
    records = [
        {
            "url": f"https://a.example/{n}", "source": "a",
            "body": TEMPLATES[name].format(place, *pool[5 * n : 5 * n + 5]) + TAIL,
        }
        for n, place in enumerate(("Northport", "Eastholm", "Marrick", "Lindau"))
    ]  # fmt: skip
    assert not judged(NearSameBody(), records)
    assert judged(NearSameBody(figures=0.0), records)


def test_a_changed_count_is_a_version() -> None:
    body = text(list(range(30)))
    records = [
        {
            "url": f"https://a.example/{n}",
            "source": "a",
            "body": f"{n} people died on 4 May. {body}",
        }
        for n in (14, 16)
    ]
    (hit,) = judged(NearSameBody(), records)
    assert hit.evidence["nearest"] == "r0"


def test_figures_are_compared_as_wholes() -> None:
    texts = pl.DataFrame({"t": ["1,200 2.5 18:30 2025", "1.200 2,5 18.30 2026", "1 2 2", None]})
    found = texts.select(figures(pl.col("t"))).to_series()
    assert [f is None for f in found] == [False, False, True, True]
    assert likeness(found, found.shift(1)).to_list()[1] < 0.2


def test_furniture_of_one_site_needs_more_likeness_than_copies_of_another() -> None:
    bodies = [text([*range(24), *range(100 * n, 100 * n + 6)]) for n in (1, 2)]

    def hits(*outlets: str) -> list[GroupHit]:
        records = [
            {"url": f"https://{outlet}/{n}", "source": outlet, "body": body}
            for n, (outlet, body) in enumerate(zip(outlets, bodies, strict=True))
        ]
        return judged(NearSameBody(elsewhere="info"), records)

    assert not hits("a.example", "a.example")
    assert [hit.severity for hit in hits("a.example", "b.example")] == ["info"]


def test_clusters_have_a_name_that_company_does_not_change() -> None:
    body = text(list(range(30)))
    pair = [{"url": f"https://a.example/{n}", "source": "a", "body": body} for n in (1, 2)]
    other = {"url": "https://b.example/x", "source": "b", "body": text(list(range(50, 90)))}
    rule = SameValue(of="body")
    (alone,), (beside,) = judged(rule, pair), judged(rule, [other, *pair])
    assert alone.evidence["cluster"] == beside.evidence["cluster"]
    assert len(alone.evidence["cluster"]) == 12


def test_figures_are_read_in_the_digits_of_every_script() -> None:
    digits = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Nd"]
    texts = pl.Series([f"{a}1 or 2{a},{a} {a}.{a}{a}" for a in digits] + ["12, 3:4", "", None])
    assert _figures_of(texts).equals(texts.str.extract_all(r"\d+(?:[.,:]\d+)*"))
