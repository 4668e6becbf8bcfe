"""Day-first or month-first is decided per source, from the whole input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.readers import Reading, records_from_rows
from tests.readers_support import gather

AMBIGUOUS = "04/10/2025"
DAY_FIRST, MONTH_FIRST = "2025-10-04", "2025-04-10"


def days(*rows: dict[str, Any]) -> list[str]:
    frame = records_from_rows(list(rows))
    return [str(day) for day in frame["published"].dt.date()]


def row(published: str, source: str = "one", **rest: Any) -> dict[str, Any]:
    return {"title": "T", "published": published, "source": source, **rest}


@pytest.mark.parametrize(
    ("plain", "expected"), [("23/04/2025", DAY_FIRST), ("04/23/2025", MONTH_FIRST)]
)
def test_a_number_above_12_decides_for_the_source(plain: str, expected: str) -> None:
    assert days(row(AMBIGUOUS), row(plain))[0] == expected


def test_sources_decide_for_themselves() -> None:
    read = days(
        row(AMBIGUOUS, "one"),
        row("23/04/2025", "one"),
        row(AMBIGUOUS, "two"),
        row("04/23/2025", "two"),
    )
    assert (read[0], read[2]) == (DAY_FIRST, MONTH_FIRST)


def test_the_date_in_the_url_decides() -> None:
    assert days(row(AMBIGUOUS, url="https://one.com/2025/04/10/x"))[0] == MONTH_FIRST
    assert days(row(AMBIGUOUS, url="https://one.com/2025/10/04/x"))[0] == DAY_FIRST


def test_the_crawl_decides() -> None:
    assert days(row(AMBIGUOUS, crawled="2025-04-11T00:00:00Z"))[0] == MONTH_FIRST
    assert days(row(AMBIGUOUS, crawled="2025-10-05T00:00:00Z"))[0] == DAY_FIRST


def test_without_evidence_the_other_sources_decide() -> None:
    assert days(row(AMBIGUOUS, "one"), row("04/23/2025", "two"))[0] == MONTH_FIRST


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        ("example.de", None, DAY_FIRST),
        ("example.co.uk", "en", DAY_FIRST),
        ("example.us", None, MONTH_FIRST),
        ("example.com", "en", MONTH_FIRST),
        ("example.com", "en-US", MONTH_FIRST),
        ("example.com", "en-GB", DAY_FIRST),
        ("example.com", "tr", DAY_FIRST),
        ("The Example", None, DAY_FIRST),
    ],
)
def test_without_any_evidence_the_custom_of_the_place_decides(
    source: str, language: str | None, expected: str
) -> None:
    assert days(row(AMBIGUOUS, source, language=language))[0] == expected


def test_dots_are_always_day_first() -> None:
    assert days(row("04.10.2025"), row("04/23/2025"))[0] == DAY_FIRST


def test_a_format_may_fix_the_order(tmp_path: Path) -> None:
    record = {
        "url": "https://a.de/1",
        "domain": "a.de",
        "publish_date": "04-10-2025",
        "warc_date": "2025-12-01T00:00:00Z",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(record | {"title": "T", "text": "X"}) + "\n")
    frame, _, reading = gather(tmp_path)
    assert str(frame["published"][0].date()) == MONTH_FIRST
    assert reading.files[0].format == "realnews"


def test_evidence_in_another_file_counts_and_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"title": "T", "source": "one", "date": AMBIGUOUS}) + "\n"
    )
    (tmp_path / "b.jsonl").write_text(
        json.dumps({"title": "T", "source": "one", "date": "04/23/2025"}) + "\n"
    )
    for paths in (["a.jsonl", "b.jsonl"], ["b.jsonl", "a.jsonl"]):
        frame, _, reading = gather(*(tmp_path / path for path in paths), batch_records=1)
        assert str(frame["published"][0].date()) == MONTH_FIRST
        assert reading.files[0].day_order == {"one": "month-first"}
        assert reading.day_order == {"one": "month-first"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "two"]), st.integers(1, 28), st.integers(1, 28), st.booleans()
        ).filter(lambda t: min(t[1], t[2]) <= 12),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_neither_order_nor_batches_change_a_date(rows: list[Any], random: Any) -> None:
    records = [
        row(f"{a:02}/{b:02}/2025", source, id=str(n)) for n, (source, a, b, _) in enumerate(rows)
    ]
    shuffled = records[:]
    random.shuffle(shuffled)
    first = records_from_rows(records).sort("id")["published"].to_list()
    assert records_from_rows(shuffled).sort("id")["published"].to_list() == first


def test_a_survey_of_standard_input_loses_nothing() -> None:
    record = {"title": "T", "source": "one", "text": "x" * 2000}
    dates = [AMBIGUOUS, "04/23/2025"] * 2000
    content = "".join(json.dumps(record | {"date": date}) + "\n" for date in dates).encode()
    frame, problems, _ = gather("-", stdin=io.BytesIO(content))
    assert (frame.height, problems) == (4000, [])
    assert str(frame["published"][0].date()) == MONTH_FIRST


def test_the_input_is_surveyed_only_when_a_date_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(Reading, "sightings", lambda self: asked.append(self) or iter(()))
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "T", "date": "2025-04-10"}) + "\n")
    gather(tmp_path)
    assert not asked
