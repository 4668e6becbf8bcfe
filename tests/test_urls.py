from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsqa.text.urls import _page_key, brand, host_of, page_key, registered_domain

STORY = "https://news.example/2025/03/story"
ADDED = [
    "/",
    "?utm_source=a&utm_medium=b",
    "?utm_campaign=x#top",
    "?fbclid=1",
    "?gclid=1",
    "?gad_source=1",
    "?gbraid=x",
    "?wbraid=y",
    "?msclkid=1",
    "?yclid=3",
    "?ysclid=l4",
    "?igshid=1",
    "?igsh=1",
    "?mc_cid=1&mc_eid=2",
    "?_ga=1.2",
    "?_gl=1*x",
    "?pk_campaign=a",
    "?mtm_campaign=b",
    "?piwik_campaign=z",
    "?matomo_campaign=b",
    "?at_medium=x&at_campaign=y",
    "?xtor=RSS-3",
    "?ocid=socialflow",
    "?cmpid=1",
    "?ito=x",
    "?ICID=ref_fark",
    "?ref=hp",
    "?ref_src=twsrc%5Etfw",
    "?smid=tw-share",
    "?sref=x",
    "?s_cid=1",
    "?spm=a.b.c",
    "?ns_mchannel=social&ns_source=tw",
    "?WT.mc_id=1",
    "?guccounter=1&guce_referrer=x",
    "?CMP=share_btn_tw",
    "?taid=1",
    "?__twitter_impression=true",
    "?outputType=amp",
    "?amp=1",
    "?amp",
    "#comments",
    "#:~:text=hello",
    "?_hsenc=1&_hsmi=2",
    "?hsCtaTracking=x",
    "?mkt_tok=1",
    "?vero_id=1",
    "?_openstat=1",
    "?srsltid=x",
    "?li_fat_id=1",
    "?epik=x",
    "?ncid=newsltus",
    "?trk=x",
    "?share=facebook",
    "?fb_action_ids=1",
    "?fb_ref=x",
    "?_branch_match_id=1",
    "?sc_campaign=x",
    "?mbid=social",
    "?print=1",
    "?print=true",
    "?output=print",
    "?view=print",
    "?nocache=123",
    "?PHPSESSID=abc123",
    ";jsessionid=ABC123",
    "?fbclid=1&utm_source=2&gclid=3",
    "?",
    "?&",
    "#",
    "#Echobox=1700000000",
    "?amp_js_v=0.1&usqp=x",
    "/amp",
    "/amp/",
    "?wprov=sfti1",
    "?tblci=x",
    "?dicbo=v2-x",
    "?obOrigUrl=true",
    "?cn-reloaded=1",
    "?_amp=true",
]
OTHER_FORMS = [
    "http://news.example/2025/03/story",
    "https://www.news.example/2025/03/story",
    "https://m.news.example/2025/03/story",
    "https://amp.news.example/2025/03/story",
    "https://mobile.news.example/2025/03/story",
    "HTTPS://NEWS.EXAMPLE/2025/03/story",
    "https://news.example:443/2025/03/story",
    "http://news.example:80/2025/03/story",
    "//news.example/2025/03/story",
    "  https://news.example/2025/03/story ",
    "https://news.example/amp/2025/03/story",
    "https://user@news.example/2025/03/story",
    "https://news.example//2025/03/story",
    "https://news.example/2025/03/st%6Fry",
    "https://news.example./2025/03/story",
]
SAME = [
    ("https://news.example/", "https://news.example"),
    ("https://news.example/index.html", "https://news.example/"),
    ("https://news.example/a/index.php", "https://news.example/a/"),
    ("https://news.example/a/default.aspx", "https://news.example/a/"),
    ("https://news.example/caf%C3%A9", "https://news.example/caf%c3%a9"),
    ("https://news.example/café", "https://news.example/caf%C3%A9"),
    (
        "https://news.example/новость",
        "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C",
    ),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("https://news.example/a?id=5&utm_source=x", "https://news.example/a?id=5"),
    ("https://news.example/a?utm_source=x&id=5", "https://news.example/a?id=5"),
    ("https://news.example/a?a=1&b=2", "https://news.example/a?b=2&a=1"),
    ("https://news.example/a.html", "https://news.example/a.amp.html"),
    ("https://news.example/a.html?amp", "https://news.example/a.html"),
    ("https://news.example/live/x#post-12", "https://news.example/live/x#post-99"),
    ("https://news.example/live/x#block-6", "https://news.example/live/x"),
    ("https://news.example/live/x?page=with:block-65f#block-65f", "https://news.example/live/x"),
    ("https://news.example/a?&amp;utm_source=x", "https://news.example/a"),
    ("https://news.example/a?id=1&amp;x=2", "https://news.example/a?id=1&x=2"),
]
SELECTING = [
    "id",
    "p",
    "story",
    "articleId",
    "article_id",
    "aid",
    "nid",
    "newsid",
    "ID",
    "cid",
    "src",
    "item",
    "t",
    "v",
    "page",
    "q",
    "sid",
    "idArticle",
    "art",
    "doc",
    "pid",
    "key",
    "d",
    "n",
    "print_id",
    "refid",
    "reference",
    "ampid",
    "storyId",
    "code",
    "no",
    "seq",
    "oid",
]
DIFFERENT = [
    ("https://news.example/a", "https://news.example/b"),
    ("https://news.example/a", "https://news.example/A"),
    ("https://news.example/#!a", "https://news.example/#!b"),
    ("https://news.example/#/a/1", "https://news.example/#/a/2"),
    ("https://sport.news.example/a", "https://news.example/a"),
    ("https://en.news.example/a", "https://de.news.example/a"),
    ("https://news.example/en/a", "https://news.example/de/a"),
    ("https://news.example/a?lang=en", "https://news.example/a?lang=de"),
    ("https://news.example/a?page=1", "https://news.example/a?page=2"),
    ("https://news.example/a", "https://news.example/a/2"),
    ("https://news.example:8080/a", "https://news.example/a"),
    ("https://news.example/amp-up", "https://news.example/up"),
    ("https://news.example/print/a", "https://news.example/a/printers"),
    ("https://news.example/a%2Fb", "https://news.example/a/b"),
    ("https://news.example/index.php?id=1", "https://news.example/index.php?id=2"),
    ("https://news.example/a?ref=1&id=1", "https://news.example/a?ref=1&id=2"),
    ("https://news.com/a", "https://news.co.uk/a"),
    ("https://news.example/a-1", "https://news.example/a_1"),
    ("https://news.example/2024/a", "https://news.example/2025/a"),
    ("https://amp.com/a", "https://m.com/a"),
    ("https://news.example/story;id=1", "https://news.example/story;id=2"),
    ("https://news.example/?p=1", "https://news.example/?p=2"),
    ("https://news.example/sample", "https://news.example/s"),
    ("https://news.example/a+b", "https://news.example/ab"),
    ("https://news.example/100%25", "https://news.example/100"),
    ("https://m.example/a", "https://n.example/a"),
]


def keys(*urls: str | None) -> list[str | None]:
    frame = pl.DataFrame({"url": pl.Series(urls, dtype=pl.String)})
    return frame.select(page_key(pl.col("url"))).to_series().to_list()


@pytest.mark.parametrize("added", ADDED)
def test_what_does_not_select_the_page(added: str) -> None:
    one, other = keys(STORY, STORY + added)
    assert one == other == "news.example/2025/03/story"


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_forms_of_one_address(form: str) -> None:
    one, other = keys(STORY, form)
    assert one == other


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_page(one: str, other: str) -> None:
    first, second = keys(one, other)
    assert first == second is not None


@pytest.mark.parametrize("parameter", SELECTING)
def test_parameters_that_may_select_the_article(parameter: str) -> None:
    one, other, tracked = (
        f"https://news.example/a?{parameter}={rest}" for rest in ("1", "2", "1&utm_source=x")
    )
    first, second, third = keys(one, other, tracked)
    assert first == third != second


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_different_pages(one: str, other: str) -> None:
    first, second = keys(one, other)
    assert first != second


def test_what_is_no_address_has_no_key() -> None:
    assert keys(None, "", "junk", "mailto:a@b.example", "/relative/path") == [None] * 5


def test_addresses_do_not_depend_on_company() -> None:
    urls = [STORY, "https://xn--bcher-kva.example/a%C3%A4", None, "https://xn--0.example/%E9%ff"]
    assert keys(*urls) == [keys(url)[0] for url in urls]


def test_domains() -> None:
    assert registered_domain("www.bbc.co.uk") == "bbc.co.uk"
    assert registered_domain("localhost") is None
    assert brand("bbc.co.uk") == brand("bbc.com") == "bbc"
    urls = pl.DataFrame({"url": ["https://u:p@A.example:80/x", "//b.example", "junk", None]})
    assert urls.select(host_of(pl.col("url"))).to_series().to_list() == [
        "a.example",
        "b.example",
        None,
        None,
    ]


_PIECES = (
    "https://", "http://", "HTTPS://", "www.", "m.", "amp.", "news.example", "bücher.example",
    "xn--bcher-kva.example", ":80", "/", "//", "/2025/03/story", "/İ", "/amp/", "/amp", ".amp.html",
    "/index.html", "/Default.aspx", ";jsessionid=1", "?b=2&a=1", "&amp;", "#top", "#!x", "%20", "@",
    "\\", " ", ".",
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
@example(None)
def test_the_quick_way_gives_the_key_of_the_long_one(url: str | None) -> None:
    frame = pl.DataFrame({"url": [url, STORY]}, schema={"url": pl.String})
    quick, long = (frame.select(key(pl.col("url")))["url"] for key in (page_key, _page_key))
    assert quick.to_list() == long.to_list()
