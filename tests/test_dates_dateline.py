from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.dates.dateline import HEAD_CHARACTERS, dateline_dates, field_date, find_dateline

THURSDAY = date(2025, 4, 10)

# Line, place, agency, and month and day against 10 April 2025.
DATELINES = [
    ("WASHINGTON (AP) — The harbour", "WASHINGTON", "AP", ""),
    ("NAIROBI, Kenya (AP) _ The harbour", "NAIROBI, Kenya", "AP", ""),
    ("LA CROSSE, Wis. (AP) — The harbour", "LA CROSSE, Wis", "AP", ""),
    ("ISTANBUL, April 10 (Reuters) - The harbour", "ISTANBUL", "Reuters", "04-10"),
    ("BEIRUT/THE HAGUE, March 7 (Reuters) - The", "BEIRUT/THE HAGUE", "Reuters", "03-07"),
    ("PARIS (Reuters) – Le port", "PARIS", "Reuters", ""),
    ("April 10 (Reuters) - Shares", "", "Reuters", "04-10"),
    ("SALVADOR, Feb 26 - Showers", "SALVADOR", None, "02-26"),
    ("HONG KONG, April 10 (AFP) The harbour", "HONG KONG", "AFP", "04-10"),
    ("YALA, Thailand, Dec 27 (AFP) - The", "YALA, Thailand", "AFP", "12-27"),
    ("Paris, 10 avr 2025 (AFP) - Le port", "Paris", "AFP", "04-10"),
    ("LONDRES, 31 dez 2024 (AFP) - O porto", "LONDRES", "AFP", "12-31"),
    ("Berlin (AFP) – Der Hafen", "Berlin", "AFP", ""),
    ("BEIJING, Nov. 14 (Xinhua) -- The harbour", "BEIJING", "Xinhua", "11-14"),
    ("BEIJING, Nov. 14(Xinhua)-- The harbour", "BEIJING", "Xinhua", "11-14"),
    ("BEIJING, 10 août (Xinhua) -- Le port", "BEIJING", "Xinhua", "08-10"),
    ("CHENGDU, China, Oct. 2 (Xinhua) -- The", "CHENGDU, China", "Xinhua", "10-02"),
    ("新华社北京4月10日电 港口", "北京", "新华社", "04-10"),
    ("PARIS, April 8 — The harbour", "PARIS", None, "04-08"),
    ("BEIRUT, Lebanon, June 2 (UPI) — The", "BEIRUT, Lebanon", "UPI", "06-02"),
    ("New York, April 10, 2025 (GLOBE NEWSWIRE) -- A", "New York", "GLOBE NEWSWIRE", "04-10"),
    ("ANKARA (AA) - Liman", "ANKARA", "AA", ""),
    ("İSTANBUL, (DHA)- Liman", "İSTANBUL", "DHA", ""),
    ("MOSCOW, April 10. /TASS/. The harbour", "MOSCOW", "TASS", "04-10"),
    ("МОСКВА, 10 апр - РИА Новости. Порт", "МОСКВА", "РИА Новости", "04-10"),
    ("Москва. 10 апреля. INTERFAX.RU - Порт", "Москва", "INTERFAX.RU", "04-10"),
    ("Berlin (dpa) - Der Hafen", "Berlin", "dpa", ""),
    ("Neapel (APA/dpa). Der Hafen", "Neapel", "APA/dpa", ""),
    ("Rheine (ots) - Der Hafen", "Rheine", "ots", ""),
    ("Bruselas, 7 abr (EFE).- El puerto", "Bruselas", "EFE", "04-07"),
    ("MADRID, 10 Mar. (EUROPA PRESS) - El puerto", "MADRID", "EUROPA PRESS", "03-10"),
    ("(ANSA) - ROMA, 10 APR - Il porto", "ROMA", "ANSA", "04-10"),
    ("Lisboa, 10 abr 2025 (Lusa) - O porto", "Lisboa", "Lusa", "04-10"),
    ("TOKYO, April 10, Kyodo - The harbour", "TOKYO", "Kyodo", "04-10"),
    ("Tokyo, April 10 (Jiji Press)--The harbour", "Tokyo", "Jiji Press", "04-10"),
    ("SEOUL, April 10 (Yonhap) -- The harbour", "SEOUL", "Yonhap", "04-10"),
    ("New Delhi, Apr 10 (PTI) The harbour", "New Delhi", "PTI", "04-10"),
    ("New Delhi [India], April 10 (ANI): The", "New Delhi [India]", "ANI", "04-10"),
    ("KUALA LUMPUR, April 9 — The harbour", "KUALA LUMPUR", None, "04-09"),
    ("ABU DHABI, 10th April, 2025 (WAM) -- The", "ABU DHABI", "WAM", "04-10"),
    ("Riyadh, April 10, 2025, SPA -- The", "Riyadh", "SPA", "04-10"),
    ("WARSZAWA, 10 kwietnia (PAP) – Port", "WARSZAWA", "PAP", "04-10"),
    ("القاهرة 10 أبريل (رويترز) - الميناء", "القاهرة", "رويترز", "04-10"),
    ("Frankfurt a.M. (epd). Der Hafen", "Frankfurt a.M", "epd", ""),
    ("Port-au-Prince, Haiti (AP) — The", "Port-au-Prince, Haiti", "AP", ""),
    ("İSTANBUL (İHA) - Liman", "İSTANBUL", "İHA", ""),
    ("(AGI) - Roma, 10 apr. - Il porto", "Roma", "AGI", "04-10"),
    ("Kolkata, April 10 (IANS) The harbour", "Kolkata", "IANS", "04-10"),
    ("KUALA LUMPUR, April 10 (Bernama) -- The", "KUALA LUMPUR", "Bernama", "04-10"),
    ("TOKYO, April 10 (Kyodo) -- The harbour", "TOKYO", "Kyodo", "04-10"),
    ("MOSCOW, April 10 (Interfax) - The harbour", "MOSCOW", "Interfax", "04-10"),
    ("Moscow. April 10. INTERFAX - The harbour", "Moscow", "INTERFAX", "04-10"),
    ("МОСКВА, 10 апреля. /ТАСС/. Порт", "МОСКВА", "ТАСС", "04-10"),
    ("PARIS, April 10, 2025 /PRNewswire/ -- The", "PARIS", "PRNewswire", "04-10"),
    ("دبي في 10 أبريل / وام / الميناء", "دبي في", "وام", "04-10"),
    ("Lomé, 10 avr (ATOP) - Le port", "Lomé", "ATOP", "04-10"),
    ("COLOMBO, April 10 (Daily Mirror) - The", "COLOMBO", "Daily Mirror", "04-10"),
    ("WASHINGTON, D.C., April 10 (AP) — The", "WASHINGTON, D.C", "AP", "04-10"),
]
NONE = [
    "ISTANBUL",
    "The pension fund (AFP) - said on Thursday",
    "Australian police (AFP) arrested two",
    "Born in Paris (AP) he",
    "The News Agency of Norland (NAN) reports that",
    "LE POINT SUR LA SITUATION - Le port",
    "The harbour opened in Japan on December 8. It",
    "in Las Vegas on Saturday, Nov. 11, 2024. It",
    "BREAKING — The harbour",
    "WATCH — The harbour",
    "COVID-19 – The harbour",
    "Updated April 10, 2025 - 10:30",
    "Last updated: 10 April 2025 — by",
    "UPDATED April 10, 2025 — The harbour",
    "Güncelleme 10 Nisan 2025 - 10:30",
    "CLOSE  APRIL 6",
    "CLOSE  APRIL 6 -- 12",
    "MAR8 -- 12",
    "Photo, April 10 — The harbour",
    "She said on April 10 - the day",
    "JANUARY 10 - FEBRUARY 3",
    "Bayern, 10. April - Der Hafen",
    "Harbour Choir, April 10 (Sold out) - doors at eight",
    "The next meeting is on April 10 (Thursday) - bring a chair",
    "Chess club, 10 April (free): beginners welcome",
    "A quiet day on the harbour, April 10 — again",
    "",
    "\n\n\n",
]


@pytest.mark.parametrize(("line", "place", "agency", "day"), DATELINES)
def test_datelines(line, place, agency, day):
    found = find_dateline(line, THURSDAY)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)
    assert (f"{found.date:%m-%d}" if found.date else "") == day
    assert found.start == 0
    assert line[found.end :].lstrip()[:1].isalnum()


@pytest.mark.parametrize("line", NONE)
def test_lines_without_a_dateline(line):
    assert find_dateline(line, THURSDAY) is None


def test_a_dateline_stands_in_one_of_the_first_lines():
    body = "Harbour reopens\n\n  By A. Writer\nLYON, April 9 (AFP) - The harbour reopened.\n"
    found = find_dateline(body, THURSDAY)
    assert found is not None
    assert body[found.start : found.end] == "LYON, April 9 (AFP) -"
    assert find_dateline("One.\nTwo.\nThree.\nFour.\n" + body, THURSDAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ISTANBUL, April 9", date(2025, 4, 9)),
        ("MADRID, 10 Mar.", date(2025, 3, 10)),
        ("МОСКВА, 10 апр", THURSDAY),
        ("LISBOA 2025-04-09", date(2025, 4, 9)),
    ],
)
def test_a_dateline_in_its_own_field(text, day):
    mention = field_date(text, THURSDAY)
    assert mention is not None
    assert mention.date == day


def test_a_field_without_a_day():
    assert field_date("ISTANBUL", THURSDAY) is None


def test_screening_lets_every_dated_dateline_through():
    lines = [line for line, _, _, day in DATELINES if day]
    found = dateline_dates(pl.Series(lines), pl.Series([THURSDAY] * len(lines)))
    for index, line in enumerate(lines):
        dateline = find_dateline(line, THURSDAY)
        assert dateline is not None
        assert dateline.date in found.filter(index=index)["date"].to_list(), line


@settings(max_examples=300, deadline=None)
@given(
    lead=st.sampled_from(["", "\n", "Title\n\n", "“", "By X\n"]),
    place=st.sampled_from(["LYON", "Rio de Janeiro", "The fund", "СОФИЯ", "北京", "", "A, B, C"]),
    middle=st.sampled_from(
        [", April 9", " 9 avril 2025", ", 9 Mar.", " 9", "", ", 31 April", "４月９日"]
    ),
    sign=st.sampled_from([" (AFP)", " (APA/dpa)", ". /TASS/.", " - РИА Новости.", "", " (x)"]),
    dash=st.sampled_from([" - ", "--", " — ", ".- ", "_", "", ":", "\n"]),
    rest=st.text(max_size=20),
)
def test_screening_is_never_stricter_than_locating(lead, place, middle, sign, dash, rest):
    text = lead + place + middle + sign + dash + rest
    dateline = find_dateline(text, THURSDAY)
    if dateline is not None:
        assert 0 <= dateline.start < dateline.end <= min(len(text), HEAD_CHARACTERS)
    if dateline is not None and dateline.date is not None:
        found = dateline_dates(pl.Series([text]), pl.Series([THURSDAY]))
        assert dateline.date in found["date"].to_list()
