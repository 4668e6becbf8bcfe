"""Dates of record fields."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.dates.cldr import read_table
from newsqa.dates.stamp import (
    Stamp,
    instant_of,
    is_ambiguous,
    iso_instant,
    numeric_parts,
    parse_stamp,
)

TEN = datetime(2025, 4, 10, tzinfo=UTC)
HALF_PAST_TWO = datetime(2025, 4, 10, 14, 30, tzinfo=UTC)


def stamp(at: datetime, flags: str = "") -> Stamp:
    return Stamp(at, zone="z" in flags, clock="c" in flags)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-04-10", stamp(TEN)),
        ("2025-04-10T14:30:00Z", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10T17:30:00+03:00", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10T17:30:00+0300", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10T17:30:00 +0300", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10 14:30:00", stamp(HALF_PAST_TWO, "c")),
        ("2025-04-10 14:30", stamp(HALF_PAST_TWO, "c")),
        ("2025-04-10 02:30 PM", stamp(HALF_PAST_TWO, "c")),
        ("2025-04-10 14:30:00 UTC", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10T14:30:00.000Z", stamp(HALF_PAST_TWO, "zc")),
        ("2025-04-10T14:30Z[UTC]", stamp(HALF_PAST_TWO, "zc")),
        ("20250410T143000Z", stamp(HALF_PAST_TWO, "zc")),
        ("20250410143000", stamp(HALF_PAST_TWO, "c")),
        ("20250410", stamp(TEN)),
        ("2025/04/10", stamp(TEN)),
        ("2025. 4. 10.", stamp(TEN)),
        ("2025年4月10日 14:30", stamp(HALF_PAST_TWO, "c")),
        ("2025년 4월 10일", stamp(TEN)),
        ("  2025-04-10  ", stamp(TEN)),
        ("1744295400", stamp(HALF_PAST_TWO, "zc")),
        ("1744295400000", stamp(HALF_PAST_TWO, "zc")),
        ("1744295400000000", stamp(HALF_PAST_TWO, "zc")),
        ("Thu, 10 Apr 2025 14:30:00 GMT", stamp(HALF_PAST_TWO, "zc")),
        ("Thu, 10 Apr 2025 10:30:00 EDT", stamp(HALF_PAST_TWO, "zc")),
        ("Thu, 10 Apr 2025 17:30:00 +0300", stamp(HALF_PAST_TWO, "zc")),
        ("Thu Apr 10 14:30:00 2025", stamp(HALF_PAST_TWO, "c")),
        ("Thu Apr 10 2025 16:30:00 GMT+0200 (CEST)", stamp(HALF_PAST_TWO, "zc")),
        ("Apr 10, 2025 at 10:30 a.m. EDT", stamp(HALF_PAST_TWO, "zc")),
        ("April 10, 2025", stamp(TEN)),
        ("Thursday, April 10th, 2025", stamp(TEN)),
        ("10 Nisan 2025 14:30", stamp(HALF_PAST_TWO, "c")),
        ("10 NİSAN 2025, Perşembe", stamp(TEN)),
        ("Donnerstag, 10. April 2025, 14:30 Uhr", stamp(HALF_PAST_TWO, "c")),
        ("Publié le 10 avril 2025 à 14h30", stamp(HALF_PAST_TWO, "c")),
        ("10 de abril de 2025", stamp(TEN)),
        ("10 abril 2025", stamp(TEN)),
        ("10 aprile 2025", stamp(TEN)),
        ("10 april 2025 om 14.30", stamp(HALF_PAST_TWO, "c")),
        ("10 апреля 2025 г., 14:30", stamp(HALF_PAST_TWO, "c")),
        ("10 أبريل 2025", stamp(TEN)),
        ("١٠ أبريل ٢٠٢٥", stamp(TEN)),
        ("10.04.2025", stamp(TEN)),
        ("10.04.2025 - 14:30", stamp(HALF_PAST_TWO, "c")),
        ("Do, 10.04.2025", stamp(TEN)),
        ("04-23-2025", stamp(datetime(2025, 4, 23, tzinfo=UTC))),
        ("23/04/2025", stamp(datetime(2025, 4, 23, tzinfo=UTC))),
        ("23/04/25", stamp(datetime(2025, 4, 23, tzinfo=UTC))),
    ],
)
def test_reads_what_scrapers_write(text: str, expected: Stamp) -> None:
    assert parse_stamp(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "None",
        "null",
        "2 hours ago",
        "yesterday",
        "il y a 2 heures",
        "bugün",
        "2025",
        "12:30",
        "2025-02-30",
        "31 February 2025",
        "0000-00-00 00:00:00",
        "2025-13-45",
        "30/02/2025",
        "April 2025",
        "10 April",
        "April 10, 2025 | Updated April 11, 2025",
        "99999999999999999999999999",
        "x" * 10_000,
        "2025-04-10T25:00:00",
        "0001-01-01T00:00:00+14:00",
        "²⁰²⁵",
    ],
)
def test_what_is_no_date_has_no_stamp(text: str) -> None:
    assert parse_stamp(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1744295400, stamp(HALF_PAST_TWO, "zc")),
        (1744295400.0, stamp(HALF_PAST_TWO, "zc")),
        ([2025, 4, 10, 14, 30, 0, 3, 100, 0], stamp(HALF_PAST_TWO, "zc")),
        (date(2025, 4, 10), stamp(TEN)),
        (datetime.fromisoformat("2025-04-10T14:30"), stamp(HALF_PAST_TWO, "c")),
        (
            datetime(2025, 4, 10, 17, 30, tzinfo=timezone(timedelta(hours=3))),
            stamp(HALF_PAST_TWO, "zc"),
        ),
        (0, stamp(datetime(1970, 1, 1, tzinfo=UTC), "zc")),
        (True, None),
        (2017, None),
        (float("nan"), None),
        (float("inf"), None),
        ([2025, 13, 45], None),
        (["a"], None),
        ({"a": 1}, None),
        (None, None),
    ],
)
def test_reads_numbers_lists_and_dates(value: object, expected: Stamp | None) -> None:
    assert parse_stamp(value) == expected


def test_order_is_given_from_outside() -> None:
    assert parse_stamp("04/10/2025", day_first=True) == stamp(datetime(2025, 10, 4, tzinfo=UTC))
    assert parse_stamp("04/10/2025", day_first=False) == stamp(TEN)
    assert parse_stamp("04-10-2025 14:30", day_first=False) == stamp(HALF_PAST_TWO, "c")


def test_order_has_no_effect_where_the_date_is_plain() -> None:
    for text in ("13/10/2025", "10.04.2025", "2025/04/10", "10/10/2025"):
        assert not is_ambiguous(text)
        assert parse_stamp(text, day_first=True) == parse_stamp(text, day_first=False)
    assert is_ambiguous("04/10/2025")
    assert is_ambiguous("4-10-2025 10:00")
    assert numeric_parts("Tue, 06/13/2014") == (6, 13, 2014)


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
INSTANTS = st.datetimes(
    datetime.fromisoformat("1990-01-01"),
    datetime.fromisoformat("2090-01-01"),
    timezones=st.just(UTC),
)


@given(INSTANTS)
@settings(deadline=None)
def test_iso_round_trip(at: datetime) -> None:
    assert parse_stamp(at.isoformat()) == stamp(at, "zc")
    assert micros(at) == parse_stamp(at.isoformat()).micros  # type: ignore[union-attr]


def micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(DAYS, st.sampled_from(["%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y"]))
@settings(deadline=None)
def test_day_formats_round_trip(day: date, form: str) -> None:
    read = parse_stamp(day.strftime(form))
    assert read is not None
    assert read.at.date() == day
    assert not read.clock


@pytest.mark.parametrize(
    "language",
    [
        "en",
        "tr",
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "ru",
        "ar",
        "pl",
        "hr",
        "cs",
        "uk",
        "el",
        "hi",
        "he",
    ],
)
def test_every_wide_month_name_is_read(language: str) -> None:
    for name, months in read_table()[language]["months-wide"].items():
        if name.isalpha():
            for spelling in (name, name.upper(), name.lower()):
                read = parse_stamp(f"7 {spelling} 2025", language=language)
                assert read is not None, spelling
                assert [read.at.month] == months, spelling


@given(st.text(max_size=150) | st.text("0123456789/.-: T+ZAaprilMonmpm,", max_size=40))
@settings(deadline=None)
def test_any_text_is_read_or_not(text: str) -> None:
    read = parse_stamp(text)
    assert read is None or read.at.tzinfo is UTC
    is_ambiguous(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(), st.lists))
@settings(deadline=None)
def test_any_value_is_read_or_not(value: object) -> None:
    read = parse_stamp(value)
    assert read is None or isinstance(read.micros, int)


@given(
    st.one_of(
        st.datetimes(timezones=st.none() | st.timezones()).map(datetime.isoformat),
        st.dates().map(date.isoformat),
        st.from_regex(r"\d{4}-\d\d-\d\d[T ]?[\d:.+Z-]{0,22}", fullmatch=True),
    )
)
def test_the_quick_way_reads_what_the_long_one_does(text: str) -> None:
    quick, long = iso_instant(text), parse_stamp(text)
    if quick is not None:
        assert long is not None
        assert quick == (long.micros, long.zone, long.clock)
        assert not is_ambiguous(text)


@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_a_time_is_read_the_quick_way_as_the_long_one(at: datetime) -> None:
    quick, long = instant_of(at), parse_stamp(at)
    if quick is None:
        assert at.year in {1, 9999}
    else:
        assert long is not None
        assert quick == (long.micros, long.zone, long.clock)
