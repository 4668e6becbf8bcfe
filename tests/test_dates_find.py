from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsqa
from newsqa.dates.find import SCHEMA, find_dates, mentions
from newsqa.dates.mention import CLOSE, OPEN, resolve
from newsqa.dates.names import languages, names
from newsqa.dates.pattern import dateline_lexicon, for_rust, lexicon
from tests.date_sentences import SENTENCES

THURSDAY = date(2025, 4, 10)


def short(found) -> str:
    return " ".join(f"{m.date:%m-%d}" + (f"@{m.weekday}" if m.weekday else "") for m in found)


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_sentences(language, text, expected):
    assert short(mentions(text, THURSDAY, language)) == expected


# What only the language settles: which of two numbers is the day.
ONLY_WITH_LANGUAGE = {"10/04/2025"}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [s for s in SENTENCES if s[1] not in ONLY_WITH_LANGUAGE]
)
def test_sentences_of_unknown_language(language, text, expected):
    assert short(mentions(text, THURSDAY)) == expected


def as_rows(frame: pl.DataFrame, index: int) -> list[tuple]:
    return frame.filter(index=index).drop("index").rows()


def as_tuples(found) -> list[tuple]:
    return [(m.start, m.end, m.date, m.year_given, m.weekday, m.ranged) for m in found]


def test_frame_and_single_text_agree_on_every_sentence():
    texts = [text for _, text, _ in SENTENCES]
    for stated in ([language for language, _, _ in SENTENCES], None):
        frame = find_dates(texts, [THURSDAY] * len(texts), stated)
        for index, text in enumerate(texts):
            language = stated[index] if stated else None
            assert as_rows(frame, index) == as_tuples(mentions(text, THURSDAY, language)), text


def fragments():
    months = st.sampled_from(sorted(names(None).months))
    weekdays = st.sampled_from(sorted(names(None).weekdays))
    figures = st.integers(0, 2100).map(str)
    words = ["\n", "'", "(", ")", "%", ",000", " people", "é", "٣", "४", OPEN, CLOSE, "🙂", "In "]
    marks = [
        " ",
        " ",
        " ",
        ", ",
        ".",
        ". ",
        "-",
        "–",
        "/",
        "th",
        "º",
        " de ",
        " to ",
        " am ",
        "ontem ",
        "年",
        "月",
        "日",
    ]
    signs = st.sampled_from([*words, *marks])
    return st.lists(st.one_of(months, weekdays, figures, signs, signs), max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(st.one_of(fragments(), st.text(max_size=30)), min_size=1, max_size=8),
    reference=st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    language=st.sampled_from([None, "en", "tr", "de", "es", "ru", "ar", "hu", "zh"]),
)
def test_frame_and_single_text_agree_on_anything(texts, reference, language):
    frame = find_dates(texts, [reference] * len(texts), language)
    for index, text in enumerate(texts):
        found = mentions(text, reference, language)
        assert as_rows(frame, index) == as_tuples(found)
        assert all(0 <= m.start < m.end <= len(text) for m in found)


@settings(max_examples=300, deadline=None)
@given(
    reference=st.dates(date(1996, 1, 1), date(2060, 12, 31)),
    offset=st.integers(-90, 60),
    language=st.sampled_from(sorted(set(languages()) - {"ja", "ko", "zh", "vi"})),
)
def test_a_close_day_without_a_year_is_itself(reference, offset, language):
    day = reference + timedelta(days=offset)
    table = names(language)
    plain = table.months.keys() - table.doubtful
    name = min(n for n in plain if table.months[n] == day.month)
    text = f"{name} {day.day}" if language in {"en", "hu", "lt"} else f"{day.day} {name}"
    found = mentions(f" {text} ", reference, language)
    assert [(m.date, m.year_given, m.trusted) for m in found] == [(day, False, True)]


@pytest.mark.parametrize(
    ("day", "month", "reference", "expected"),
    [
        (31, 12, date(2025, 1, 2), date(2024, 12, 31)),
        (2, 1, date(2024, 12, 31), date(2025, 1, 2)),
        (29, 2, date(2024, 3, 1), date(2024, 2, 29)),
        (29, 2, date(2023, 12, 1), date(2024, 2, 29)),
        (29, 2, date(2023, 3, 1), None),
        (8, 8, date(2025, 4, 10), date(2025, 8, 8)),
        (9, 8, date(2025, 4, 10), date(2024, 8, 9)),
        (1, 5, None, None),
        (1, 1, date(1, 1, 1), date(1, 1, 1)),
        (31, 12, date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_the_year_is_the_latest_within_120_days(day, month, reference, expected):
    assert resolve(day, month, None, reference) == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("from March 5 to April 10, 2019", ["2019-03-05", "2019-04-10"]),
        ("from November 5 to January 10, 2019", ["2018-11-05", "2019-01-10"]),
        ("du 12 juillet au 23 août 2019", ["2019-07-12", "2019-08-23"]),
        ("vom 30. April bis 2. Mai 2019", ["2019-04-30", "2019-05-02"]),
        ("26 Nisan – 29 Mayıs 2019", ["2019-04-26", "2019-05-29"]),
        ("On March 5 it rained, and on April 10, 2019 it did not", ["2019-04-10"]),
        ("N°2019-03-01 and № 2019-03-01", []),
    ],
)
def test_the_begin_of_a_span_has_the_year_of_its_end(text, days):
    assert [str(m.date) for m in mentions(text, None)] == days
    assert find_dates([text], [None])["date"].cast(pl.String).to_list() == days


def test_the_public_function_counts_characters():
    text = "🙂 Türkiye'nin üretimi 10 Nisan'da açıklandı"
    frame = newsqa.find_dates([text, None, ""], [datetime(2025, 4, 10, 9, tzinfo=UTC), None, None])
    assert frame.schema == pl.Schema(SCHEMA)
    (row,) = frame.rows(named=True)
    assert text[row["start"] : row["end"]] == "10 Nisan"
    assert row["date"] == THURSDAY


@pytest.mark.parametrize(
    "reference",
    [
        "2025-04-10",
        "20250410",
        "2025-04-10T14:35:00",
        "2025-04-10T14:35:00Z",
        "2025-04-10 14:35:00.123+0200",
        "2025-04-10T23:30:00+03:00",
        " 2025-04-10 ",
    ],
)
def test_references_may_be_iso_8601(reference):
    assert find_dates(["April 8"], [reference])["date"].to_list() == [date(2025, 4, 8)]
    assert find_dates(["April 8"], pl.Series([reference]))["date"].to_list() == [date(2025, 4, 8)]
    with pytest.raises(ValueError, match="10 April"):
        find_dates(["April 8"], ["10 April"])


@pytest.mark.parametrize("reference", [None, "", " "])
def test_without_a_day_nothing_is_guessed(reference):
    assert find_dates(["April 8"], [reference]).is_empty()


def test_without_a_reference_only_dates_with_a_year_count():
    frame = find_dates(["April 10", "April 10, 2025"], [None, None])
    assert frame["index"].to_list() == [1]


def test_series_and_one_language_for_all_are_accepted():
    references = pl.Series(
        [datetime(2025, 4, 10, 23, tzinfo=UTC), datetime(2025, 4, 10, tzinfo=UTC)]
    )
    frame = find_dates(pl.Series(["10 Mart", "10 Mart"]), references, "tr-TR")
    assert frame["date"].to_list() == [date(2025, 3, 10)] * 2


def test_languages_one_a_text():
    frame = find_dates(
        ["3 set.", "3 set. 2024", "10 listopada"], [THURSDAY] * 3, ["en", "it", "pl"]
    )
    assert frame.select("index", "date").rows() == [(1, date(2024, 9, 3)), (2, date(2024, 11, 10))]


def test_no_text_at_all():
    assert find_dates([], []).schema == pl.Schema(SCHEMA)


def test_trusted_is_close_or_given():
    found = mentions("April 10, 1999 and August 1 and April 1", THURSDAY)
    assert [m.trusted for m in found] == [True, False, True]


@pytest.mark.parametrize("language", [None, *languages()])
def test_every_pattern_compiles_in_polars(language):
    words = lexicon(language)
    for pattern in (
        words.rust,
        *map(for_rust, (words.weekday_before, words.weekday_after, *words.weekday_signs)),
        *map(for_rust, (words.weekday_first, words.weekday_last)),
        *map(for_rust, (words.dotted_before, words.slashed_before)),
    ):
        assert pl.Series(["4月 April"]).str.contains(pattern).dtype == pl.Boolean


def test_the_pattern_of_datelines_compiles():
    assert pl.Series(["10 Abr."]).str.contains(dateline_lexicon().rust)[0]


@pytest.mark.slow
def test_long_lines_take_linear_time():
    text = "10 " * 300_000 + "April " * 100_000 + "Thursday, " * 50_000
    assert mentions(text, THURSDAY, "en")
    assert find_dates([text], [THURSDAY]).height
