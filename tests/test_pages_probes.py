"""Walls, cuts, authors and languages in words that no rule file lists, and articles about them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import polars as pl
import pytest

import newsqa
from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.checks.walls import addresses, reports
from newsqa.engine import check_batch
from newsqa.plan import Plan, build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.text.scripts import foreign_script

_URL = "https://harbourtimes.com/stories/8841"
_TITLE = "Ferry runs aground near the lighthouse at dawn"
_LEAD = (
    "The council voted late on Tuesday to sell the old fire station on Mill Street to a developer "
    "from Leeds, ending two years of argument about the future of the building. Those who opposed "
    "the sale said the price was too low and that no one had asked the neighbours"
)
_ARTICLE = f"{_LEAD}. Work is expected to start next year, when the ground has been looked at."


_JAPANESE = "市議会は火曜日の夜、水車通りの旧消防署を売却する案を可決し、議論に終止符を打った。" * 2
_HINDI = "नगर परिषद ने मंगलवार रात मिल स्ट्रीट की पुरानी इमारत को बेचने के पक्ष में मतदान किया। " * 2
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def _plan() -> Plan:
    rules = load_catalogue().select(["PAG", "IDN", "HED", "BOD", "AUT", "LNG"])
    return build_plan(rules, Context(now=_NOW))


def _rules(**record: object) -> set[str]:
    """Return the names of the rules that are no infos, for one record."""
    frame = records_from_rows([{"url": _URL, "title": _TITLE, "body": _ARTICLE, **record}])
    partial = check_batch(Batch(frame, (), frame.height, 0), _plan())
    assert partial.crashed == {}
    return {
        row["name"]
        for found in partial.findings
        for row in found.iter_rows(named=True)
        if row["severity"] != "info"
    }


def _names_of_titles(title: str) -> set[str]:
    frame = pl.DataFrame({"url": [_URL], "title": [title], "body": [_ARTICLE]})
    return set(newsqa.check(frame, now=_NOW).findings["name"])


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("bot-wall", "Wir haben ungewöhnliche Aktivitäten festgestellt. Sind Sie ein Mensch?"),
        ("bot-wall", "Sorry, this request has been blocked by our web application firewall."),
        ("geo-wall", "Leider können wir Ihnen diese Seite in Ihrem Land nicht anbieten."),
        ("consent-wall", "Med ditt samtycke använder vi och våra partner kakor för annonser."),
        ("login-wall", "Чтобы прочитать статью, авторизуйтесь на сайте"),
        ("paywall-stub", "Artikeln är låst. Bli prenumerant för att läsa hela artikeln."),
        ("error-page", "Oeps! Deze pagina kunnen we niet vinden."),
        ("truncated-body", f"{_LEAD} and the"),
        ("truncated-body", f"{_LEAD} … [+1204 chars]"),
    ],
)
def test_a_page_is_one_fault(rule: str, body: str) -> None:
    assert _rules(body=body) == {rule}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Captchas", "“Please verify you are a human.” Nobody likes the sentence, a study found."),
        ("Paper drops paywall", "Readers will not need to subscribe to read it, said the editor."),
        ("Streaming: why a video is not available in your country", _ARTICLE),
        ("Cookies", "The banner said “accept all cookies”, and the regulator fined it on Monday."),
        ("Works", "La strada del lago è in manutenzione fino a venerdì. Il traffico è deviato."),
        ("Robot", "Robot pomaga uczniom. Człowiek sprawdza jego zadania i potwierdza oceny."),
        ("Brief", "Police have found the missing boy. He is well."),
        ("Byline", f"{_ARTICLE}\n\nAnn Lee in Lakeside"),
    ],
)
def test_news_about_a_page_is_no_page(title: str, body: str) -> None:
    assert _rules(title=title, body=body) == set()


def test_the_name_of_the_outlet_is_told_from_one_headline() -> None:
    assert "title-suffix" in _names_of_titles("Ferry aground | Harbour Times")
    assert "title-suffix" not in _names_of_titles("News about the Harbour Times - and about others")


@pytest.mark.parametrize("author", ["Última actualización", "Most Viewed", "vor 2 Stunden", "|"])
def test_furniture_is_no_author(author: str) -> None:
    assert "author-junk" in _rules(authors=[author])


@pytest.mark.parametrize("author", ["Image Kapoor", "Paige Turner", "KNA", "Von Miller", "Ng"])
def test_an_odd_name_is_an_author(author: str) -> None:
    assert _rules(authors=[author]) == set()


def test_a_list_is_told_by_its_own_name() -> None:
    lines = (
        "Mayor steps down\nStorm kills four\nLake level falls\nPier opens\nFire in mill\nRoad shut"
    )
    assert "listing-page" in _rules(title="Latest stories", body=lines)
    assert "listing-page" not in _rules(body=lines)


def test_a_text_reports_or_speaks_to_its_visitor() -> None:
    assert reports("The road is closed, the county said.")
    assert reports("道路は閉鎖されたと述べた。")
    assert not reports("Please log in. “She said so.”")
    assert addresses("Bitte warten Sie.")
    assert not addresses("Der Hafen ist geschlossen.")


@pytest.mark.parametrize(
    ("language", "text", "script"),
    [
        ("en", _HINDI, "Deva"),
        ("ko", _JAPANESE, "Kana"),
        ("sr", _ARTICLE, None),
        ("en", _ARTICLE, None),
        ("ja", _JAPANESE, None),
    ],
)
def test_a_script_that_a_language_is_never_written_in(
    language: str, text: str, script: str | None
) -> None:
    assert foreign_script(language, text) == script
