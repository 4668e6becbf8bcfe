from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from newsqa.dates.cldr import LOCALES, read_table
from newsqa.dates.mention import mentions
from newsqa.dates.names import every_name, language_code, languages, names, weekday_name

REFERENCE = date(2025, 4, 10)
# Numbers for months ("4月", "tháng 4"), so there are no names to look up.
NUMBERED = {"ja", "ko", "zh", "vi"}


def test_the_checked_in_table_is_what_babel_says():
    code = (
        "import json; from newsqa.dates.cldr import build_table; print(json.dumps(build_table()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(run.stdout) == read_table()


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_every_language_has_twelve_months_and_seven_weekdays(language):
    table = names(language)
    assert set(table.weekdays.values()) == set(range(1, 8))
    if language not in NUMBERED:
        assert set(table.months.values()) == set(range(1, 13))


def test_turkish_capitals_keep_the_dot():
    assert names("tr").months["NİSAN"] == 4
    assert names("tr").months["KASIM"] == 11
    assert names("tr").months["NISAN"] == 4  # as other software writes capitals


def test_english_months_need_a_capital():
    assert "may" not in names("en").months
    assert names("en").months["MAY"] == 5


def test_arabic_has_the_three_sets_of_names():
    months = names("ar").months
    assert months["أبريل"] == months["نيسان"] == months["أفريل"] == 4


def test_the_union_leaves_out_what_languages_disagree_on():
    assert names("pl").months["listopada"] == 11
    assert names("hr").months["listopada"] == 10
    assert "listopada" not in names(None).months
    assert "listopada" not in every_name().months


def test_the_union_doubts_everyday_words():
    words = {"set", "des", "pro", "mar", "ago", "may", "out", "ara", "dez"}
    union = names(None)
    assert words & union.months.keys() <= union.doubtful
    assert not union.month_first & union.doubtful
    assert every_name().months["mar"] == 3
    assert not every_name().doubtful


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh_Hans_CN", "zh"),
        (" TR ", "tr"),
        ("no", "nb"),
        ("iw", "he"),
        ("english", None),
        ("xx", None),
        ("", None),
        (None, None),
    ],
)
def test_language_codes(stated, code):
    assert language_code(stated) == code


def test_weekday_names():
    assert [weekday_name(n) for n in (1, 7)] == ["Monday", "Sunday"]


def written(language: str, day: date, month: str) -> str:
    """Return a date as the language writes it, with the CLDR name of its month."""
    form = {
        "en": "{m} {d}, {y}",
        "hu": "{y}. {m} {d}.",
        "lt": "{y} m. {m} {d} d.",
        "ca": "{d} de {m} de {y}",
        "es": "{d} de {m} de {y}",
        "pt": "{d} de {m} de {y}",
    }.get(language, "{d} {m} {y}")
    return form.format(d=day.day, m=month, y=day.year)


@pytest.mark.parametrize("stated", ["own", "unknown"])
@pytest.mark.parametrize("language", sorted(set(languages()) - NUMBERED))
def test_every_wide_month_name_is_found(language, stated):
    wide = read_table()[language]["months-wide"]
    for name, (month, *others) in wide.items():
        bare = name.removeprefix("de ").removeprefix("d’")
        if others or (stated == "unknown" and bare not in names(None).months):
            continue
        for number in (1, 9, 10, 28):
            day = date(2025, month, number)
            text = f"… {written(language, day, bare)}, …"
            found = mentions(text, REFERENCE, language if stated == "own" else None)
            assert [m.date for m in found] == [day], text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "2025年4月10日"),
        ("zh", "2025年4月10日"),
        ("zh", "4月10號"),
        ("ko", "2025년 4월 10일"),
        ("vi", "10 tháng 4 năm 2025"),
        ("vi", "ngày 10 tháng 4"),
        ("ja", "４月１０日"),
        ("hi", "१० अप्रैल २०२५"),
    ],
)
def test_months_by_number_and_digits_of_other_scripts(language, text):
    for stated in (language, None):
        assert [m.date for m in mentions(text, REFERENCE, stated)] == [REFERENCE]
