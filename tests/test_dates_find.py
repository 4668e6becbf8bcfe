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

THURSDAY = date(2025, 4, 10)

# Language, text, and the days in it as month and day, against 10 April 2025; weekdays behind "@".
SENTENCES = [
    ("en", "The talks were held on April 10.", "04-10"),
    ("en", "The talks were held on Apr. 10 and ended.", "04-10"),
    ("en", "on Sept. 9, 2024, in March", "09-09"),
    ("en", "The 10th of April is a holiday.", "04-10"),
    ("en", "on the 3rd of May 2025", "05-03"),
    ("en", "April the 10th", "04-10"),
    ("en", "10 APRIL 2025", "04-10"),
    ("en", "ON APRIL 10", "04-10"),
    ("en", "reach the quarterfinals on March 13 night", "03-13"),
    ("en", "Thursday, April 10", "04-10@4"),
    ("en", "on Thursday April 10, 2025, at noon", "04-10@4"),
    ("en", "from April 10 to 12", "04-10 04-12"),
    ("en", "April 10-12, 2025", "04-10 04-12"),
    ("en", "between 10 and 12 April", "04-10 04-12"),
    ("en", "March 30 - April 2", "03-30 04-02"),
    ("en", "Thursday-Friday, Sept 9-10", "09-09 09-10"),
    ("en", "March 20,000 people", ""),
    ("en", "grew in May 5.2 percent", ""),
    ("en", "In March 14 people died", ""),
    ("en", "In April 10 was the number", ""),
    ("en", "April 10 percent", ""),
    ("en", "April 10 and 20 people", "04-10"),
    ("en", "In April 2025 the talks", ""),
    ("en", "the March 2025 talks", ""),
    ("en", "may 10 of them", ""),
    ("en", "May 10:30 be too late", ""),
    ("en", "you march 10 miles", ""),
    ("en", "April 31 does not exist", ""),
    ("en", "February 29, 2025", ""),
    ("en", "v1.2.2024 of it", ""),
    ("en", "flight B-10 April", ""),
    ("en", "it was 3/4/2025 there", ""),
    ("en", "12/31/2024", "12-31"),
    ("en", "31/12/2024", "12-31"),
    ("en", "4/4/2025", "04-04"),
    ("en", "2025-04-10T12:00:00Z", "04-10"),
    ("en", "20250410", ""),
    ("en", "2025-13-10", ""),
    ("en", "10-Apr-2025", "04-10"),
    ("en", "$10 April", ""),
    ("en", "Marches 10 and Aprilia 10", ""),
    ("en", "In March and April, in 2024 and on Monday", ""),
    ("en", "In 1912 it burnt on Monday, April 15", "04-15"),
    ("tr", "10 Nisan'da buluştular", "04-10"),
    ("tr", "10 NİSAN 2025", "04-10"),
    ("tr", "Perşembe, 10 Nisan", "04-10@4"),
    ("tr", "10 Nisan 2025 Perşembe günü", "04-10@4"),
    ("tr", "10 Nisan Perşembe günü", "04-10@4"),
    ("tr", "10-12 Nisan tarihlerinde", "04-10 04-12"),
    ("tr", "10 ile 12 Nisan", "04-10 04-12"),
    ("tr", "10 Mart'ta", "03-10"),
    ("tr", "5 ara verildi", ""),
    ("tr", "19 Mayıs Stadyumu", ""),
    ("tr", "nisan 10 kişi", ""),
    ("tr", "10.04.2025 günü", "04-10"),
    ("de", "am 10. April 2025", "04-10"),
    ("de", "am 10.April", "04-10"),
    ("de", "am Donnerstag, dem 10. April", "04-10@4"),
    ("de", "am Donnerstag, 10. April", "04-10@4"),
    ("de", "vom 10. bis 12. April", "04-10 04-12"),
    ("de", "am 10./11. April", "04-10 04-11"),
    ("de", "am 3. Jänner", "01-03"),
    ("de", "am 3. Mär. 2025", "03-03"),
    ("de", "9. Jan Kuppelwieser", ""),
    ("de", "Art. 1 des Gesetzes", ""),
    ("de", "Im April 10 Menschen", ""),
    ("de", "am 10.04.2025 um 13.15 Uhr", "04-10"),
    ("de", "14 pro Tag", ""),
    ("de", "Straße des 17. Juni", ""),
    ("fr", "le 1er mai", "05-01"),
    ("fr", "jeudi 10 avril 2025", "04-10@4"),
    ("fr", "jeudi le 10 avril", "04-10@4"),
    ("fr", "du 10 au 12 avril", "04-10 04-12"),
    ("fr", "le 10 avr. 2025", "04-10"),
    ("fr", "le 10 août", "08-10"),
    ("fr", "la rue du 11 novembre", ""),
    ("fr", "en avril 10 personnes", ""),
    ("es", "el 1º de mayo de 2025", "05-01"),
    ("es", "el jueves 10 de abril", "04-10@4"),
    ("es", "del 10 al 12 de abril", "04-10 04-12"),
    ("es", "el 10 de abril del 2025", "04-10"),
    ("es", "el 10 de setiembre", "09-10"),
    ("es", "Avenida 17 de Junio", ""),
    ("es", "en la Plaza 25 de Mayo", ""),
    ("es", "10/04/2025", "04-10"),
    ("es", "1.200 de abril", ""),
    ("pt", "quinta-feira, 10 de abril", "04-10@4"),
    ("pt", "na quinta, 10 de abril de 2025", "04-10@4"),
    ("pt", "1º de maio", "05-01"),
    ("pt", "10 dez anos", ""),
    ("pt", "10 dez. 2024", "12-10"),
    ("it", "giovedì 10 aprile", "04-10@4"),
    ("it", "il 1° maggio", "05-01"),
    ("it", "dal 10 al 12 aprile", "04-10 04-12"),
    ("it", "vinse 7 set a 5", ""),
    ("it", "Piazza 4 novembre", ""),
    ("nl", "donderdag 10 april", "04-10@4"),
    ("nl", "10 en 11 mei", "05-10 05-11"),
    ("nl", "10 mrt 2025", "03-10"),
    ("ru", "в четверг, 10 апреля", "04-10@4"),
    ("ru", "10 апреля 2025 года", "04-10"),
    ("ru", "с 10 по 12 апреля", "04-10 04-12"),
    ("ru", "10-го апреля", "04-10"),
    ("ru", "в апреле 10 человек", ""),
    ("ar", "الخميس 10 أبريل 2025", "04-10@4"),
    ("ar", "١٠ أبريل ٢٠٢٥", "04-10"),
    ("ar", "10 نيسان/أبريل 2025", "04-10"),
    ("ar", "في 10 كانون الثاني", "01-10"),
    ("ar", "في أبريل 10 أشخاص", ""),
    ("it", "il 10 mag 2025", "05-10"),
    ("tr", "10 Tem 2024", "07-10"),
    ("pl", "10 sie 2024", "08-10"),
    ("en", "10 may be enough", ""),
    ("pl", "w czwartek 10 kwietnia 2025 r.", "04-10@4"),
    ("uk", "у четвер, 10 квітня", "04-10@4"),
    ("cs", "10. dubna 2025", "04-10"),
    ("cs", "10. 4. 2025", "04-10"),
    ("sv", "torsdag den 10 april", "04-10@4"),
    ("fi", "10. huhtikuuta", "04-10"),
    ("hu", "2025. április 10-én", "04-10"),
    ("el", "10 Απριλίου 2025", "04-10"),
    ("el", "10 ΑΠΡΙΛΙΟΥ", "04-10"),
    ("ro", "joi, 10 aprilie", "04-10@4"),
    ("id", "Kamis, 10 April 2025", "04-10@4"),
    ("zh", "2025年4月10日星期四", "04-10@4"),
    ("zh", "新华社4月10日电", "04-10"),
    ("ja", "4月10日(木)に", "04-10@4"),
    ("ko", "4월 10일(목)", "04-10@4"),
    ("de", "am Mittwochmorgen (12.3.) im Viertel", "03-12"),
    ("de", "Donnerstag, 10. 4., 20 Uhr", "04-10@4"),
    ("de", "vom 9.4. bis 12.4. geöffnet", "04-09 04-12"),
    ("de", "am 3., 4., 5. und 7. April", "04-03 04-07"),
    ("de", "Abschnitt 3.5. der Ordnung", ""),
    ("de", "geöffnet bis 8.30. Uhr", ""),
    ("de", "Version 2.4. und Paragraf 5.4.", ""),
    ("pt", "nesta terça-feira (8/4)", "04-08"),
    ("pt", "na noite de ontem (9/4), o", "04-09"),
    ("pt", "venceu por 6/4 e 2/3 dos votos", ""),
    ("pt", "28 DE MARÇO DE 2025", "03-28"),
    ("pt", "eleições de 1o de abril", "04-01"),
    ("pt", "1o. de maio", "05-01"),
    ("es", "desde el 2 hasta el 10 de abril", "04-02 04-10"),
    ("es", "el lunes 7/4", "04-07@1"),
    ("es", "el 1.º de mayo", "05-01"),
    ("es", "1ro de mayo", "05-01"),
    ("es", "3/4 partes", ""),
    ("fr", "mardi 8/4", "04-08@2"),
    ("fr", "1ER MAI 2025", "05-01"),
    ("fr", "le 24 DECEMBRE 2024", "12-24"),
    ("fr", "le 10 aout", "08-10"),
    ("fr", "les 8 et 9 avril", "04-08 04-09"),
    ("fr", "le 14-Juillet", "07-14"),
    ("fr", "dans la nuit du 9 au 10 avril", "04-09 04-10"),
    ("tr", "10 NISAN 2025", "04-10"),
    ("tr", "1 Mayıs’ta", "05-01"),
    ("tr", "9 Nisan'dan 12 Nisan'a", "04-09 04-12"),
    ("tr", "7 ve 8 Nisan", "04-07 04-08"),
    ("tr", "15 Temmuz Şehitler Köprüsü", ""),
    ("tr", "5 Ocak’a kadar", "01-05"),
    ("en", "on Thursday 10th and Friday 11th April", "04-10 04-11"),
    ("de", "am Donnerstag, 10., und Freitag, 11. April", "04-10 04-11"),
    ("fr", "jeudi 10 et vendredi 11 avril", "04-10 04-11"),
    ("es", "jueves 10 y viernes 11 de abril", "04-10 04-11"),
    ("en", "APRIL 10TH, 2025", "04-10"),
    ("en", "April 8, 9 and 10", "04-08 04-10"),
    ("en", "on 8, 9 and 10 April", "04-08 04-10"),
    ("it", "dall'8 all'11 aprile", "04-08 04-11"),
    ("it", "l'8 aprile", "04-08"),
    ("nl", "van 8 t/m 10 april", "04-08 04-10"),
    ("ar", "9 إبريل", "04-09"),
    ("ar", "9 ابريل 2025", "04-09"),
    ("ar", "9 من أبريل", "04-09"),
]


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
        *map(for_rust, (words.weekday_before, words.weekday_after, words.weekday_hint)),
        for_rust(words.figures_before),
    ):
        assert pl.Series(["4月 April"]).str.contains(pattern).dtype == pl.Boolean


def test_the_pattern_of_datelines_compiles():
    assert pl.Series(["10 Abr."]).str.contains(dateline_lexicon().rust)[0]


@pytest.mark.slow
def test_long_lines_take_linear_time():
    text = "10 " * 300_000 + "April " * 100_000 + "Thursday, " * 50_000
    assert mentions(text, THURSDAY, "en")
    assert find_dates([text], [THURSDAY]).height
