from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.dates.find import find_dates
from newsqa.dates.names import names
from newsqa.dates.near import days_near, weekdays_near
from tests.date_sentences import SENTENCES

THURSDAY = date(2025, 4, 10)
WINDOW = 14
MARKS = [*",.-–/()年月日'٣\n", ", ", "th", " de ", " to ", " and ", "of the ", "日("]


def rows(texts, known) -> pl.DataFrame:
    schema = {"text": pl.String, "known": pl.Date}
    return pl.DataFrame({"text": texts, "known": known}, schema=schema).with_row_index("index")


def missed(texts, known) -> pl.DataFrame:
    """Days close to the known one that are found in texts and missed here."""
    frame = rows(texts, known)
    found = find_dates(texts, known).join(frame.select("index", "known"), on="index")
    lag = (pl.col("date") - pl.col("known")).dt.total_days()
    close = found.filter(lag.abs() <= WINDOW)
    said = close.drop_nulls("weekday")
    named, told = days_near(frame, -WINDOW, WINDOW), weekdays_near(frame, -WINDOW, WINDOW)
    return pl.concat(
        [
            close.join(named, on=["index", "date"], how="anti"),
            said.join(told, on=["index", "date", "weekday"], how="anti"),
        ]
    )


def test_no_day_is_missed_in_any_sentence():
    texts = [text for _, text, _ in SENTENCES]
    for day in (THURSDAY + timedelta(days=30 * n) for n in range(12)):
        assert missed(texts, [day] * len(texts)).is_empty()


def pieces():
    months = st.sampled_from(sorted(names(None).months))
    weekdays = st.sampled_from(sorted(names(None).weekdays))
    days = st.integers(0, 32).map(str)
    years = st.integers(2023, 2026).map(str)
    marks = st.sampled_from([" ", " ", *MARKS])
    return st.lists(st.one_of(months, weekdays, days, days, years, marks, marks), max_size=16)


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(pieces().map("".join) | pieces().map(" ".join), min_size=1, max_size=40),
    day=st.dates(date(2024, 1, 1), date(2025, 12, 31)),
)
def test_no_day_is_missed_in_anything(texts, day):
    assert missed(texts, [day] * len(texts)).is_empty()


def test_a_known_day_is_needed_and_text():
    frame = rows(["Thursday, April 10", None, "April 10"], [None, THURSDAY, date(9999, 12, 31)])
    assert days_near(frame, -3, 3).is_empty()
    assert weekdays_near(frame, -3, 3).is_empty()


def test_a_day_is_named_as_often_as_the_text_says_it_and_ranges_have_no_weekday():
    frame = rows(["10 April, Thursday, 10-12 April; ٩ أبريل"], [THURSDAY])
    found = days_near(frame, -3, 3)
    days = [(day - THURSDAY).days for day in found["date"].sort()]
    assert days == [-1, 0, 0, 2]
    assert found["weekday"].null_count() == 4
    assert weekdays_near(frame, -3, 3).is_empty()
