from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from newsqa.checks import Context, GroupCheck, GroupHit
from newsqa.checks.coverage import CoverageDrop
from newsqa.checks.sites import OtherSite
from newsqa.checks.sources import OneStamp, SourceShare, SwappedDays
from newsqa.checks.trends import Silence, VolumeDrop
from newsqa.record import FIELD_NAMES, frame_of, provides_mask

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
LOCATORS = ("row", "path", "line", "record", "id", "url", "source")
START = datetime(2025, 3, 3, 9, 30, 17, tzinfo=UTC)  # a Monday


def judged(rule: GroupCheck, records: list[dict[str, Any]]) -> list[GroupHit]:
    everything = provides_mask(FIELD_NAMES)
    rows = []
    for n, record in enumerate(records):
        place = {"path": "a", "line": n + 1, "record": n, "provides": everything, "id": f"r{n}"}
        clocks = {f"{x}_clock": True for x in ("published", "crawled", "modified") if x in record}
        rows.append(place | clocks | {"source": "s"} | record)
    frame = frame_of(rows).with_row_index("row")
    return list(rule.judge(frame.select(*LOCATORS, **rule.keys()), None, CONTEXT))


def days(count: int, each: int = 1, start: datetime = START, **fields: Any) -> list[dict[str, Any]]:
    """Records on consecutive days, `each` a day."""
    return [
        {"published": start + timedelta(days=n, minutes=7 * m)} | fields
        for n in range(count)
        for m in range(each)
    ]


def crawled_after(records: list[dict[str, Any]], lag: timedelta) -> list[dict[str, Any]]:
    return [record | {"crawled": record["published"] + lag} for record in records]


CRAWL_TIME = SourceShare(measure="published-when-crawled", at_least=0.5)


@pytest.mark.parametrize(
    ("seconds", "faulty"),
    [
        (0, True), (9, True), (-30, True), (-110, True),
        (3600, True), (-7200, True), (5 * 3600 + 1800, True),
        (40, False), (90, False), (600, False), (3600 + 60, False), (15 * 3600, False),
    ],
)  # fmt: skip
def test_publication_in_the_seconds_of_the_crawl(seconds: int, *, faulty: bool) -> None:
    records = crawled_after(days(30), timedelta(seconds=seconds))
    assert bool(judged(CRAWL_TIME, records)) == faulty


def test_days_without_a_time_say_nothing_about_the_minute() -> None:
    records = [r | {"published_clock": False} for r in crawled_after(days(30), timedelta())]
    assert not judged(CRAWL_TIME, records)


def test_schedules_that_meet_at_the_full_hour_are_no_clock_of_the_crawl() -> None:
    sharp = days(30, start=START.replace(minute=0, second=0))
    assert not judged(CRAWL_TIME, crawled_after(sharp, timedelta(hours=1, seconds=4)))


def test_polling_every_two_minutes_is_no_clock_of_the_crawl() -> None:
    chance = Random(1)
    records = [
        record | {"crawled": record["published"] + timedelta(seconds=chance.randint(2, 120))}
        for record in days(30, each=4)
    ]
    assert not judged(CRAWL_TIME, records)


def test_sources_are_judged_apart() -> None:
    bad = [r | {"source": "bad"} for r in crawled_after(days(30), timedelta())]
    good = [r | {"source": "good"} for r in crawled_after(days(30), timedelta(hours=6.1))]
    assert [hit.source for hit in judged(CRAWL_TIME, bad + good)] == ["bad"]


def test_too_few_records_are_not_judged() -> None:
    assert not judged(CRAWL_TIME, crawled_after(days(19), timedelta()))


def test_days_never_above_12() -> None:
    rule = SourceShare(measure="day-above-12", at_most=0.0, min_records=30, min_days=45)
    swapped = [
        {"published": datetime(2025, month, day, tzinfo=UTC)}
        for month in (3, 4, 5)
        for day in range(1, 13)
    ]
    assert len(judged(rule, swapped)) == 1
    assert not judged(rule, [*swapped, {"published": datetime(2025, 4, 13, tzinfo=UTC)}])
    assert not judged(rule, days(12, each=3, start=datetime(2025, 3, 1, tzinfo=UTC)))


def test_monthly_issues_may_all_come_out_early_in_the_month() -> None:
    rule = SourceShare(measure="day-above-12", at_most=0.0, days_a_month=1.5)
    firsts = [datetime(2025, month, 1 + month % 7, tzinfo=UTC) for month in range(1, 13)]
    assert not judged(rule, [{"published": first} for first in firsts for _ in range(10)])


def swapped_up_to_12(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"published": day.replace(month=day.day, day=day.month) if day.day <= 12 else day}
        for day in (record["published"] for record in records)
    ]


@pytest.mark.parametrize("length", [40, 60, 120])
def test_days_up_to_12_swapped(length: int) -> None:
    records = days(length, each=3)
    (hit,) = judged(SwappedDays(), swapped_up_to_12(records))
    assert hit.evidence["records"] >= 15
    assert not judged(SwappedDays(), records)


@pytest.mark.parametrize("seed", range(5))
def test_scattered_archives_are_not_swapped(seed: int) -> None:
    chance = Random(seed)
    moments = [START - timedelta(days=chance.randrange(2000)) for _ in range(150)]
    fresh = days(9, each=5, start=datetime(2025, 3, 2, tzinfo=UTC))
    assert not judged(SwappedDays(), [*fresh, *({"published": moment} for moment in moments)])


HOURS = SourceShare(measure="hour-above-12", at_most=0.0, min_records=60, min_hours=8)


@pytest.mark.parametrize(
    ("zone", "faulty"), [("+02:00", True), ("-0500", True), ("Z", False), ("", False)]
)
def test_hours_are_judged_in_their_own_zone(zone: str, *, faulty: bool) -> None:
    stamps = [START.replace(hour=hour) + timedelta(days=n) for n in range(12) for hour in range(12)]
    records = [
        {"published": stamp, "published_raw": f"{stamp:%Y-%m-%dT%H:%M:%S}{zone}"}
        for stamp in stamps
    ]
    assert bool(judged(HOURS, records)) == faulty
    late = START.replace(hour=15)
    raw = f"{late:%Y-%m-%d %H:%M}{zone}"
    assert not judged(HOURS, [*records, {"published": late, "published_raw": raw}])


@pytest.mark.parametrize(
    ("lead", "fits"),
    [
        ("The council said on Monday that", True), ("The council said on Sunday that", True),
        ("The council said on Thursday that", False), ("Der Rat sagte am Donnerstag, dass", False),
        ("Meclis Perşembe günü toplandı", False), ("The council meets on Thursday, March 20", None),
        ("The council met", None), ("Совет заявил в четверг, что", False),
    ],
)  # fmt: skip
def test_weekday_of_the_lead(lead: str, *, fits: bool | None) -> None:
    rule = SourceShare(measure="weekday-fits", at_most=0.35)
    (expression,) = (e for name, e in rule.keys().items() if name.startswith("measure"))
    found = frame_of([_placed(body=lead, published=START)]).select(expression).item()
    assert found is fits


def _placed(**fields: Any) -> dict[str, Any]:
    return {"path": "a", "line": 1, "record": 0, "provides": 0} | fields


def stamped(count: int, stamp: datetime) -> list[dict[str, Any]]:
    return [{"published": stamp, "url": f"https://a.example/{n}"} for n in range(count)]


@pytest.mark.parametrize(
    ("count", "second", "minute", "faulty"),
    [
        (3, 17, 31, True), (2, 17, 31, False), (9, 0, 31, False), (10, 0, 31, True),
        (40, 0, 0, False), (40, 0, 30, False),
    ],
)  # fmt: skip
def test_one_stamp_for_many_stories(count: int, second: int, minute: int, *, faulty: bool) -> None:
    records = stamped(count, START.replace(second=second, minute=minute))
    assert bool(judged(OneStamp(), records)) == faulty


def test_busy_days_let_stories_meet_in_a_second() -> None:
    def agency(stories: int) -> list[dict[str, Any]]:
        busy = [
            {"published": START + timedelta(seconds=61 * n), "url": f"https://a.example/b{n}"}
            for n in range(1, 600)
        ]
        return stamped(stories, START) + busy

    assert not judged(OneStamp(), agency(3))
    assert judged(OneStamp(), agency(6))


@pytest.mark.parametrize("clock", [True, False])
def test_one_date_for_what_many_crawls_found(*, clock: bool) -> None:
    midnight = START.replace(hour=0, minute=0, second=0)
    records = [
        record | {"crawled": START + timedelta(days=n % 6), "published_clock": clock}
        for n, record in enumerate(stamped(30, midnight))
    ]
    (hit,) = judged(OneStamp(), records)
    assert hit.evidence["stories"] == 30
    assert not judged(OneStamp(), [record | {"crawled": START} for record in records])
    assert not judged(OneStamp(), [*records, *days(40)])


def test_one_story_in_many_addresses_has_one_stamp() -> None:
    records = [
        r | {"url": f"https://a.example/x?utm_source={n}"} for n, r in enumerate(stamped(5, START))
    ]
    assert not judged(OneStamp(), records)


def test_coverage_drop_names_field_and_day() -> None:
    before = crawled_after(days(20, each=4, body="Text.", title="One"), timedelta(hours=1))
    after = crawled_after(
        days(6, each=4, start=START + timedelta(days=20), title="One"), timedelta(hours=1)
    )
    (hit,) = judged(CoverageDrop(), before + after)
    assert (hit.field, hit.evidence["now"], hit.evidence["records"]) == ("body", 0.0, 24)
    assert (hit.evidence["since"], hit.row) == ("2025-03-23", 80)
    assert not judged(CoverageDrop(), before)


def test_coverage_is_compared_in_time_and_not_in_the_order_of_the_file() -> None:
    late = days(6, each=4, start=START + timedelta(days=20), title="One")
    early = days(20, each=4, body="Text.", title="One")
    assert [hit.field for hit in judged(CoverageDrop(), late + early)] == ["body"]


@pytest.mark.parametrize(
    ("broken", "share", "found"),
    [(12, 1.0, False), (24, 1.0, True), (24, 0.5, True), (12, 0.2, False), (200, 0.3, True)],
)
def test_coverage_needs_what_chance_would_not_bring(
    broken: int, share: float, *, found: bool
) -> None:
    chance = Random(broken)
    history = [
        record | {"section": "news" if chance.random() < share else None}
        for record in days(60, each=4)
    ]
    last = days(broken // 4, each=4, start=START + timedelta(days=60))
    assert bool(judged(CoverageDrop(before=0.2), history + last)) == found


def test_agency_copy_of_weekends_has_no_authors() -> None:
    records = [
        record | {"authors": ["Ann Reed"] if record["published"].weekday() < 5 else []}
        for record in days(28, each=20)
    ]
    assert START.weekday() == 0
    assert not judged(CoverageDrop(), records)


@pytest.mark.parametrize(
    ("working", "broken", "found"), [(5, 3, False), (5, 6, True), (8, 2, True)]
)
def test_weeks_that_begin_with_the_crawl(working: int, broken: int, *, found: bool) -> None:
    records = days(working, each=20, title="One") + days(
        broken, each=20, start=START + timedelta(days=working)
    )
    assert bool(judged(CoverageDrop(), records)) == found


def test_a_break_in_the_middle_of_the_crawl_is_found() -> None:
    whole = days(30, each=4, title="One")
    records = [record | {"body": "Text." if n < 60 else None} for n, record in enumerate(whole)]
    assert [(hit.field, hit.row) for hit in judged(CoverageDrop(), records)] == [("body", 60)]


def test_a_crawl_in_one_go_is_judged_by_publication() -> None:
    archive = [record | {"crawled": START + timedelta(days=900)} for record in days(30, each=4)]
    records = [record | {"body": "Text." if n < 60 else None} for n, record in enumerate(archive)]
    assert [hit.field for hit in judged(CoverageDrop(), records)] == ["body"]
    assert not judged(Silence(), records)


def test_a_crawl_through_an_archive_is_judged_by_publication() -> None:
    archive = days(120, each=4, title="One")
    records = [
        record | {
            "crawled": START + timedelta(days=900, hours=n / 2),
            "authors": ["Ann Reed"] if n < 240 else [],
        }
        for n, record in enumerate(reversed(archive))
    ]  # fmt: skip
    assert not judged(CoverageDrop(), records)


def others(until: int) -> list[dict[str, Any]]:
    return [r | {"source": "other"} for r in days(until)]


@pytest.mark.parametrize(
    ("published", "until", "silent"),
    [(30, 45, True), (30, 35, False), (30, 90, False), (8, 20, False)],
)
def test_silence(published: int, until: int, *, silent: bool) -> None:
    hits = judged(Silence(), days(published) + others(until))
    assert [hit.source for hit in hits if hit.source == "s"] == (["s"] if silent else [])


def test_very_long_silence_is_an_archive() -> None:
    assert judged(Silence(), days(100) + others(190))
    assert not judged(Silence(max_silence=60), days(100) + others(190))


def test_silence_is_measured_by_the_rhythm_of_the_source() -> None:
    weekly = [{"published": START + timedelta(days=7 * n)} for n in range(12)]
    assert not judged(Silence(), weekly + others(95))
    assert judged(Silence(), weekly + others(102))


@pytest.mark.parametrize(
    ("latest", "length", "faulty"),
    [(10, 4, False), (2, 4, True), (0, 4, False), (6, 20, False), (3, 20, True)],
)
def test_volume_drop(latest: int, length: int, *, faulty: bool) -> None:
    history = days(21, each=10)
    last = days(length, each=latest, start=START + timedelta(days=21))
    hits = judged(VolumeDrop(), history + last + others(22 + length))
    assert [hit.source for hit in hits] == (["s"] if faulty else [])
    assert all(hit.evidence["since"] == "2025-03-24" for hit in hits)


def test_a_burst_of_news_is_no_drop_when_it_ends() -> None:
    burst = days(5, each=60, start=START + timedelta(days=20))
    after = days(20, each=8, start=START + timedelta(days=25))
    assert not judged(VolumeDrop(), days(20, each=8) + burst + after)


def test_sources_that_end_together_are_an_archive() -> None:
    old = [r | {"source": name} for name in "abc" for r in days(60)]
    newer = [r | {"source": "n"} for r in days(60, start=START + timedelta(days=100))]
    assert not judged(Silence(), old)
    assert not judged(Silence(), [*old, *newer])


def test_records_without_dates_are_no_silence() -> None:
    live = crawled_after(days(30), timedelta(hours=1))
    undated = [{"crawled": START + timedelta(days=30 + n), "published": None} for n in range(15)]
    stale = [{"crawled": START + timedelta(days=30 + n), "published": START} for n in range(15)]
    assert not judged(Silence(), live + undated)
    assert judged(Silence(), live + stale)


def test_quiet_weekends_are_no_drop() -> None:
    records = [r for r in days(42, each=8) if r["published"].weekday() < 5]
    sunday = START + timedelta(days=41)
    assert sunday.weekday() == 6
    assert not judged(VolumeDrop(), [*records, {"source": "other", "published": sunday}])


@pytest.mark.parametrize("rule", [Silence(), VolumeDrop(), CoverageDrop(), OneStamp(), CRAWL_TIME])
def test_records_without_dates_are_not_judged(rule: GroupCheck) -> None:
    assert not judged(rule, [{"title": "One"}] * 50)
    assert not judged(rule, [])


def test_future_dates_do_not_move_the_end_of_the_crawl() -> None:
    future = {"published": datetime(2099, 1, 1, tzinfo=UTC)}
    assert not judged(Silence(), [*days(30), future])
    assert not judged(VolumeDrop(), [*days(30, each=5), future])


def test_sites_of_an_outlet() -> None:
    own = [{"source": "Harbour Times", "url": f"https://ht.com/{n}"} for n in range(20)]
    stray = {"source": "Harbour Times", "url": "https://tracker.net/x"}
    (hit,) = judged(OtherSite(), [*own, stray])
    assert (hit.row, hit.evidence) == (
        20,
        {"domain": "tracker.net", "usual": ["ht.com"], "records": 1},
    )
    assert not judged(OtherSite(), [*own[:4], stray])
    assert not judged(OtherSite(), [{"source": "bbc.com", "url": "https://www.bbc.co.uk/x"}])


def test_aggregator_as_outlet_is_one_finding() -> None:
    stories = [{"source": "feeds.com", "url": f"https://paper{n}.com/x"} for n in range(30)]
    (hit,) = judged(OtherSite(), stories)
    assert hit.evidence["records"] == 30


@pytest.mark.parametrize("rule", [Silence(), VolumeDrop(), CoverageDrop()])
def test_absurd_dates_cost_no_time(rule: GroupCheck) -> None:
    absurd = [{"published": datetime(1, 1, 1, tzinfo=UTC)}, *days(30, each=5)]
    assert not judged(rule, absurd)


def test_a_first_day_of_time_has_nothing_before_it() -> None:
    assert not judged(VolumeDrop(), [{"crawled": datetime(1, 1, 1, tzinfo=UTC)}])
