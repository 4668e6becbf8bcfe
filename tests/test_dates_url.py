from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.dates.urldate import url_date, url_day, url_month

# URL, the date that its path names, and how it names it.
URLS = [
    ("https://daily.example/2025/04/10/harbour-reopens/", "2025-04-10", "path"),
    ("https://daily.example/2025/4/1/harbour", "2025-04-01", "path"),
    ("https://daily.example/news/2025-04-10/harbour.html", "2025-04-10", "path"),
    ("https://daily.example/news/2025-04/10/c_112.htm", "2025-04-10", "path"),
    ("https://daily.example/2025/apr/10/harbour", "2025-04-10", "path"),
    ("https://daily.example/2025/April/10/harbour", "2025-04-10", "path"),
    ("https://gazete.example/2025/agustos/10/liman", "2025-08-10", "path"),
    ("https://zeitung.example/2025/marz/10/hafen", "2025-03-10", "path"),
    ("https://daily.example/2025/0410/harbour.html", "2025-04-10", "path"),
    ("https://daily.example/posts/2025-04-10-harbour-reopens/", "2025-04-10", "path"),
    ("https://daily.example/world/harbour-reopens-2025-04-10/", "2025-04-10", "slug"),
    ("https://daily.example/sport/preview-2025-04-10-rovers-kestrels/", "2025-04-10", "words"),
    ("https://daily.example/harbour-20250410-p5er.html", "2025-04-10", "figures"),
    ("https://daily.example/article/20250410/13411", "2025-04-10", "figures"),
    ("//daily.example/2025/04/10/harbour/", "2025-04-10", "path"),
    (
        "https://x.example/web/20190101010101/https://daily.example/2025/04/10/a/",
        "2025-04-10",
        "path",
    ),
    ("https://daily.example/2025/04/harbour-reopens/", "2025-04", "month"),
    ("https://daily.example/2025-04/harbour-reopens/", "2025-04", "month"),
    ("https://blog.example/2025/04/3-questions-about-the-harbour/", "2025-04", "month"),
    ("https://daily.example/2025/04/10", "2025-04", "month"),
    ("https://daily.example/kali-linux-2026-1-release/", None, ""),
    ("https://daily.example/issues/2019-4/article", None, ""),
    ("https://daily.example/2025/13/10/harbour/", None, ""),
    ("https://daily.example/2025/02/30/harbour/", "2025-02", "month"),
    ("https://daily.example/20259945/harbour/", None, ""),
    ("https://daily.example/a1202504101/", None, ""),
    ("https://daily.example/harbour/?date=2025-04-10", None, ""),
    ("https://daily.example/harbour/#2025/04/10/", None, ""),
    ("https://2025-04-10.example/harbour", None, ""),
    ("/2025/04/10/harbour/", None, ""),
    ("not a url 2025-04-10", None, ""),
    ("", None, ""),
]


@pytest.mark.parametrize(("url", "expected", "kind"), URLS)
def test_urls(url, expected, kind):
    found = url_date(url)
    assert (str(found) if found else None) == expected
    if found:
        assert found.kind == kind
        assert url[found.start : found.start + 4] == str(found.year)
        assert url[found.end - 1].isdigit()


def columns(urls: list[str]) -> pl.DataFrame:
    url = pl.col("url")
    return pl.DataFrame({"url": urls}).select(day=url_day(url), month=url_month(url))


def agrees(url: str, day: date | None, month: date | None) -> bool:
    found = url_date(url)
    if found is None or found.day is None:
        return day is None and (found is None or month == date(found.year, found.month, 1))
    return day == found.date


def test_columns_and_single_urls_agree():
    urls = [url for url, _, _ in URLS]
    rows = columns(urls).rows()
    assert [url for url, row in zip(urls, rows, strict=True) if not agrees(url, *row)] == []


parts = st.sampled_from(
    [
        "2025",
        "1999",
        "04",
        "10",
        "4",
        "31",
        "apr",
        "MAI",
        "-",
        "/",
        "/",
        "_",
        ".",
        "x",
        "harbour",
        "?",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(parts, max_size=14).map("".join))
def test_columns_and_single_urls_agree_on_anything(path):
    url = f"https://daily.example/{path}"
    assert agrees(url, *columns([url]).row(0))
