from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.pages import segment
from tests.pages_of_news import ARTICLE, FRESH, LISTED, MONTHLY, PAGE, STALE, TITLE, page, teaser


def kinds(text: str, title: str = TITLE) -> list[str]:
    return [block.kind for block in segment(text, title=title).blocks]


def test_page_is_cut_into_its_parts() -> None:
    found = kinds(PAGE)
    assert found == [
        *("headline", "dateline", "headline"),
        *("paragraph",) * 3,
        *("related", "related"),
        *("teaser",) * 3,
    ]


def test_teasers_carry_section_headline_and_summary() -> None:
    cut = segment(PAGE, title=TITLE)
    told = [teaser for teaser in cut.teasers if teaser.summary]
    assert [(t.kicker, t.headline, t.summary) for t in told] == [
        (s.section, s.headline, s.summary) for s in (FRESH, MONTHLY, STALE)
    ]
    assert all(t.doubled for t in told)
    assert [t.headline for t in cut.teasers if not t.summary] == [*LISTED, *LISTED[:2]]


def test_offsets_point_at_what_they_name() -> None:
    cut = segment(PAGE, title=TITLE)
    for found in cut.teasers:
        assert PAGE[found.headline_start : found.headline_end] == found.headline
        if found.summary:
            assert PAGE[found.summary_start : found.end] == found.summary
    for block in cut.blocks:
        assert PAGE[block.start :].startswith(block.label)
        assert PAGE.count("\n", 0, block.start) == block.line


@pytest.mark.parametrize("title", ["", TITLE, TITLE.upper(), "Another headline altogether"])
def test_repeated_headline_is_found_without_a_title(title: str) -> None:
    assert kinds(PAGE, title)[:3] == ["headline", "dateline", "headline"]


@pytest.mark.parametrize(
    "gap", ["\n", "\n\n", "\n\u00a0\n", "\r\n\r\n", "\n \t \n\n\n", "\u2028"], ids=repr
)
def test_blank_lines_of_any_kind_change_nothing(gap: str) -> None:
    text = gap.join((*ARTICLE, teaser(STALE, gap)))
    cut = segment(text, title=TITLE)
    assert [b.kind for b in cut.blocks] == [*("paragraph",) * 3, "teaser"]
    assert cut.teasers[0].summary == STALE.summary


@pytest.mark.parametrize(
    ("kicker", "headline"),
    [
        ("SPOR", "Yıldızlar uzatmada finale yükseldi"),
        ("Wirtschaft", "Umsatz im Einzelhandel steigt weiter"),
        ("СПОРТ", "«Северный порт» вышел в финал кубка"),
        ("رياضة", "الميناء الشمالي يبلغ نهائي الكأس"),
        ("Model.Section?.Title?.ToUpper()", "Northport reach the cup final"),
        ("SPORTS |", "Northport reach the cup final"),
        ("SPORTS:", "“Northport reach the cup final”"),
    ],
)
def test_kicker_in_any_script_makes_a_teaser(kicker: str, headline: str) -> None:
    text = "\n\n".join((*ARTICLE, f"{kicker} {headline}", headline))
    (found,) = segment(text).teasers
    assert found.headline == headline
    assert found.doubled
    assert found.kicker == kicker.strip(" |:")


def test_kicker_on_its_own_line_belongs_to_the_teaser() -> None:
    text = "\n".join((*ARTICLE, "Sports", STALE.headline, STALE.headline, STALE.summary))
    (found,) = segment(text).teasers
    assert (found.kicker, found.summary) == ("Sports", STALE.summary)


@pytest.mark.parametrize(
    "header",
    [
        *("Latest news", "RELATED", "You may also like:", "More from Northport", "» Most read «"),
        *(
            "İLGİLİ HABERLER",
            "Çok okunanlar",
            "Das könnte Sie auch interessieren",
            "À lire aussi :",
        ),
        *("A LIRE AUSSI", "Más leídas", "Leia também", "Potrebbe interessarti anche", "Lees ook"),
        *("ЧИТАЙТЕ ТАКЖЕ", "اقرأ أيضًا", "関連記事", "推荐阅读", "관련기사"),
    ],
)
def test_header_in_any_language_begins_a_block(header: str) -> None:
    text = "\n\n".join((*ARTICLE, header, *LISTED))
    cut = segment(text)
    (block,) = cut.of_kind("related")
    assert block.label.strip("« ") == header.strip("» «")
    assert [t.headline for t in cut.teasers] == list(LISTED)


@pytest.mark.parametrize("header", ["Recommended", "Latest news", "Related Party Transactions"])
def test_header_above_prose_is_a_subhead(header: str) -> None:
    text = "\n\n".join((*ARTICLE[:2], header, ARTICLE[2], ARTICLE[0]))
    assert kinds(text) == ["paragraph"] * 5


def test_list_without_doubling_gives_summaries() -> None:
    lines = [line for s in (FRESH, MONTHLY) for line in (s.headline, "2 hours ago", s.summary)]
    cut = segment("\n".join((*ARTICLE, "Most read", *lines)))
    assert [(t.headline, t.summary) for t in cut.teasers] == [
        (s.headline, s.summary) for s in (FRESH, MONTHLY)
    ]


def test_pairs_behind_the_article_are_teasers_without_a_header() -> None:
    stories = (FRESH, STALE, MONTHLY)
    lines = [line for s in stories for line in (s.headline, s.summary)]
    cut = segment("\n\n".join((*ARTICLE, *lines)))
    assert [t.headline for t in cut.teasers] == [s.headline for s in stories]


def test_sections_of_an_article_are_no_teasers() -> None:
    sections = [
        line for n in range(4) for line in (f"What we know about part {n}", *ARTICLE, ARTICLE[0])
    ]
    assert segment("\n\n".join((*ARTICLE, *sections))).teasers == ()


def test_figures_tell_an_article_from_a_menu() -> None:
    article = segment("\n\n".join(ARTICLE)).figures
    menu = segment("\n".join((*[f"Section {c}" for c in "ABCDEFGHIJ"], ARTICLE[0]))).figures
    assert (article.prose, article.menu, article.prose_share) == (3, 0, 1.0)
    assert (menu.prose, menu.menu) == (1, 10)
    assert menu.prose_share < 0.6
    assert segment("").figures.prose_share == 0.0


LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *(TITLE, "LATEST NEWS", "Recommended", f"SPORTS {STALE.headline}", STALE.headline),
            *(STALE.summary, "", "\u00a0", "  1. ", "Share", "©", "—", "10:30", *ARTICLE, *LISTED),
        ]
    ),
)


@given(st.lists(LINES, max_size=40).map("\n".join), st.one_of(st.just(TITLE), st.text(max_size=30)))
def test_any_text_is_cut_in_order_and_without_overlap(text: str, title: str) -> None:
    cut = segment(text, title=title)
    spans = [(block.start, block.end) for block in cut.blocks]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert sum(block.lines for block in cut.blocks) == len(cut.lines)
    for found in cut.teasers:
        assert 0 <= found.start <= found.headline_start < found.headline_end <= found.end
        assert found.end <= len(text)
        assert any(b.start <= found.start and found.end <= b.end for b in cut.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400_000,
        "x" * 2_000_000,
        "Headline of a story that is long enough\n" * 20_000,
        "LATEST NEWS\n" * 50_000,
        f"{STALE.headline}\n{STALE.summary}\n" * 10_000,
        "Share\n" * 100_000,
        "\u202e\u0000\ufeff.\n" * 100_000,
        "a\n" + "photo: " * 30_000,
    ],
    ids=["words", "one-word", "headlines", "headers", "pairs", "labels", "controls", "globs"],
)
def test_large_input_takes_linear_time(text: str) -> None:
    started = time.process_time()
    cut = segment(text, title=TITLE)
    assert time.process_time() - started < 10
    assert len(cut.blocks) <= len(cut.lines)


def test_page_dump_and_body_are_cut_alike() -> None:
    whole = page(teaser(STALE))
    body = whole.split("\n\n", 1)[1]
    assert kinds(whole)[-3:] == kinds(body)[-3:] == ["related", "related", "teaser"]
