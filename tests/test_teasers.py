from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsqa
from newsqa.config import Config
from newsqa.dates.names import names
from newsqa.pages import segment
from newsqa.pages.ageing import old_date, words_of
from tests.pages_of_news import ARTICLE, FRESH, MONTHLY, PAGE, STALE, TITLE, Story, page, teaser

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
PUBLISHED = "2024-06-12"


def findings(rows: list[dict[str, Any]], *select: str) -> list[dict[str, Any]]:
    config = Config.model_validate({"rules": {"select": list(select or ("BLD", "TSR"))}})
    frame = pl.DataFrame(rows)
    found = newsqa.check(frame, config=config, now=datetime(2026, 1, 1, tzinfo=UTC)).findings
    return [{**row, "evidence": orjson.loads(row["evidence"])} for row in found.to_dicts()]


def record(body: str, **fields: Any) -> dict[str, Any]:
    return {
        "url": "https://n.example/a",
        "title": TITLE,
        "body": body,
        "published": PUBLISHED,
    } | fields


def test_page_has_one_stale_teaser_and_the_faults_of_its_lists() -> None:
    found = findings([record(PAGE)])
    names_ = [finding["name"] for finding in found]
    assert sorted(names_) == [
        *("doubled-line", "doubled-teaser", "related-block", "related-block", "stale-teaser")
    ]
    (stale,) = [finding for finding in found if finding["name"] == "stale-teaser"]
    assert stale["severity"] == "warning"
    assert PAGE[stale["start"] :].startswith(STALE.headline)
    assert stale["evidence"]["lag_days"] == -29
    assert stale["evidence"]["mentioned"] == "2024-05-14"
    assert stale["evidence"]["page_is_fresh"]


@pytest.mark.parametrize("story", [FRESH, MONTHLY])
def test_fresh_and_monthly_teasers_pass(story: Story) -> None:
    assert findings([record(page(teaser(story)))], "stale-teaser", "fresh-teaser") == []


@pytest.mark.parametrize(
    ("summary", "severity"),
    [
        ("Northport went through to the final on May 14.", "warning"),
        ("Northport went through to the final on the night of May 14.", "warning"),
        ("The strike that began on May 14 goes on, and talks resume today.", None),
        ("Dockers have been on strike since May 14 over their pay.", None),
        ("Northport went through to the final on May 14, 2024.", None),
        ("Northport, who won on May 14, play again on June 15.", None),
        ("The May 14 attack goes to trial in the capital.", None),
        ("Northport went through to the final in May.", None),
        ("Northport went through to the final on May 30.", None),
        ("Northport went through to the final on February 3.", None),
        ("Northport won on May 14 and lost on Sunday.", None),
    ],
)
def test_only_a_bare_old_date_makes_a_teaser_stale(summary: str, severity: str | None) -> None:
    story = Story("SPORTS", STALE.headline, summary)
    found = findings([record(page(teaser(story)))], "stale-teaser")
    assert [finding["severity"] for finding in found] == ([severity] if severity else [])


def test_stale_teaser_on_a_page_without_fresh_dates_is_an_info() -> None:
    body = "\n\n".join(
        (*ARTICLE[1:], teaser(Story("S", STALE.headline, "Northport won the game on May 14.")))
    )
    (found,) = findings([record(body)], "stale-teaser")
    assert (found["severity"], found["evidence"]["page_is_fresh"]) == ("info", False)


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("tr", "Kaleci üç şut kurtardı ve takım 14 Mayıs gecesi finale yükseldi."),
        ("de", "Der Torwart hielt drei Schüsse, und das Team kam am 14. Mai ins Finale."),
        ("fr", "Le gardien a arrêté trois tirs et le club a gagné la demi-finale le 14 mai."),
        ("es", "El portero paró tres tiros y el equipo llegó a la final el 14 de mayo."),
        ("pt", "O goleiro pegou três chutes e o time chegou à final em 14 de maio."),
        (
            "it",
            "Il portiere ha parato tre tiri e la squadra è in finale dopo la gara del 14 maggio.",
        ),
        ("nl", "De keeper stopte drie schoten en de ploeg haalde op 14 mei de finale."),
        ("ru", "Вратарь отбил три удара, и команда вышла в финал вечером 14 мая."),
        ("ar", "تصدى الحارس لثلاث ركلات وبلغ الفريق النهائي مساء 14 مايو."),
    ],
)
@pytest.mark.parametrize("stated", [True, False], ids=["stated", "unknown"])
def test_stale_teaser_in_ten_languages(language: str, summary: str, stated: bool) -> None:
    story = Story("SPORTS", "Northport reach the final at last", summary)
    row = record(page(teaser(story)), language=language if stated else None)
    assert [f["evidence"]["lag_days"] for f in findings([row], "stale-teaser")] == [-29]


@pytest.mark.parametrize(
    ("language", "text", "is_old"),
    [
        ("it", "Il violino è stato ritrovato il 14 maggio al banco dei pegni.", True),
        ("it", "La mostra resta aperta dal 14 maggio al 30 giugno.", False),
        ("es", "El violín apareció el 14 de mayo al lado del puerto.", True),
        ("fr", "Le violon a été retrouvé le 14 mai au marché.", True),
        ("fr", "L’exposition dure du 14 au 16 mai.", False),
        ("en", "The violin turned up on May 14 – police had looked for weeks.", True),
        ("en", "The show runs May 14 – July 2 in the old mill.", False),
        ("tr", "Sergi 14 Mayıs ile 2 Temmuz arasında açık.", False),
    ],
)
def test_a_span_is_one_only_with_its_end(language: str, text: str, *, is_old: bool) -> None:
    found = old_date(text, date(2024, 6, 12), language, (21, 90))
    assert (found is not None) is is_old


@pytest.mark.parametrize(
    "byline", ["By Ann Author", "Hale Tunç", "بقلم ألفت طويل", "Ольга Тишина", "May 30, 2024"]
)
def test_a_byline_stands_between_headline_and_summary(byline: str) -> None:
    listed = [
        "RELATED ARTICLES",
        *("Mayor resigns over ferry contract", byline, "The mayor resigned over ferries."),
        *("Fishermen protest against quota", byline, "Fishermen marched against the quota."),
    ]
    teasers = segment("\n\n".join([*ARTICLE, *listed])).teasers
    assert [(t.headline[:5], t.summary[:5]) for t in teasers] == [
        ("Mayor", "The m"),
        ("Fishe",) * 2,
    ]


@pytest.mark.parametrize("link", ["Read more", "Weiterlesen", "Haberi aç"])
def test_a_link_stands_behind_each_teaser(link: str) -> None:
    listed = [
        "RELATED ARTICLES",
        *("Mayor resigns over ferry contract", "The mayor resigned over the ferry.", link),
        *("Fishermen protest against quota", "Fishermen marched against the quota.", link),
        *("Storm leaves villages in the dark", "The storm cut many power lines.", link),
    ]
    teasers = segment("\n\n".join([*ARTICLE, *listed])).teasers
    assert [(t.headline[:5], t.summary[:5]) for t in teasers] == [
        *(("Mayor", "The m"), ("Fishe", "Fishe"), ("Storm", "The s"))
    ]


@pytest.mark.parametrize("section", ["SPORT | ", "SPORT: ", "Sport / "])
def test_a_story_is_the_same_with_its_section(section: str) -> None:
    listed = (
        f"RELATED ARTICLES\n\n{section}Northport in the final\n\nFishermen protest against quota"
    )
    again = "MOST READ\n\nNorthport in the final\n\nSchools stay closed for a week"
    found = findings([record("\n\n".join([*ARTICLE, listed, again]))], "doubled-teaser")
    assert [f["evidence"]["stories"] for f in found] == [1]


def test_mixed_up_pairs_without_a_header_need_each_other() -> None:
    heads = [
        "Mayor resigns over ferry contract",
        "Fishermen protest against quota",
        "Storm leaves villages in the dark",
        "Museum shows coins of the wreck",
    ]
    tales = [
        "The mayor gave up his office because of the ferry contract.",
        "Hundreds of fishermen marched against the quota in the capital.",
        "The storm cut power lines in many villages of the north.",
        "The coins of the wreck are on show in the museum.",
    ]

    def body(order: tuple[int, ...]) -> str:
        pairs = [line for head, i in zip(heads, order, strict=True) for line in (head, tales[i])]
        return "\n\n".join([*ARTICLE, *pairs])

    assert len(findings([record(body((1, 0, 3, 2)))], "mismatched-teaser")) == 4
    assert findings([record(body((0, 1, 2, 3)))], "mismatched-teaser") == []
    assert findings([record(body((0, 0, 2, 3)))], "mismatched-teaser") == []


@given(
    st.dates(date(2001, 1, 1), date(2030, 1, 1)),
    st.integers(0, 200),
    st.sampled_from(["en", "tr", "de", "es", "ru"]),
)
def test_window_is_kept_for_every_day_of_the_year(day: date, age: int, language: str) -> None:
    then = date.fromordinal(day.toordinal() - age)
    spelt = names(language).months.items()
    month = max((word for word, number in spelt if number == then.month), key=len).capitalize()
    day_month = f"{month} {then.day}" if language == "en" else f"{then.day} {month}"
    found = old_date(f"Northport ({day_month})", day, language, (21, 90))
    assert (found.lag_days if found else None) == (-age if 21 <= age <= 90 else None)


@pytest.mark.parametrize("language", ["en", "tr", "de", "fr", "es", "pt", "it", "nl", "ru", "ar"])
def test_words_around_dates_compile(language: str) -> None:
    assert words_of(language).fresh.pattern


def test_fresh_teaser_on_an_old_page() -> None:
    story = Story("SPORTS", "Racing tips for the weekend", "Our tips for the races on January 12.")
    row = record(page(teaser(story)), crawled="2025-01-10T08:00:00Z")
    (found,) = findings([row], "fresh-teaser")
    assert found["evidence"]["mentioned"] == "2025-01-12"
    assert findings([row | {"crawled": "2024-06-13T08:00:00Z"}], "fresh-teaser") == []


def test_own_headline_at_the_top_is_no_self_teaser() -> None:
    assert findings([record(PAGE)], "self-teaser") == []
    listed = page(teaser(Story("WORLD", TITLE, "Envoys met in Port Alder to talk.")))
    assert [f["severity"] for f in findings([record(listed)], "self-teaser")] == ["info"]


def test_resurfaced_teaser_needs_the_older_record() -> None:
    old = record(
        "They won.", url="https://n.example/b", title=STALE.headline, published="2024-05-01"
    )
    found = findings([record(PAGE), old], "resurfaced-teaser")
    assert [f["evidence"]["headline"] for f in found] == [STALE.headline]
    assert found[0]["evidence"]["seen_as"] == "article"
    assert PAGE[found[0]["start"] :].startswith(STALE.headline)
    assert findings([record(PAGE)], "resurfaced-teaser") == []
    again = record(PAGE, url="https://n.example/c", published="2024-08-01")
    found = findings([record(PAGE), again], "resurfaced-teaser")
    assert {f["url"] for f in found} == {"https://n.example/c"}
    assert {f["evidence"]["seen_as"] for f in found} == {"teaser"}


def test_a_headline_of_every_month_has_not_resurfaced() -> None:
    old = [
        record("They won.", url=f"https://n.example/{month}", title=STALE.headline)
        | {"published": f"2024-0{month}-01"}
        for month in (4, 6)
    ]
    assert findings([record(PAGE), *old], "resurfaced-teaser") == []


def test_site_line_counts_stories_not_copies() -> None:
    slogan = "The town's own paper since the first ferry"
    rows = [
        record(f"Story {n} is about the harbour and its ships.\n\n{slogan}", title=f"Story {n}")
        | {"url": f"https://n.example/{n}", "source": "n.example"}
        for n in range(4)
    ]
    found = findings(rows, "site-line")
    assert [f["evidence"]["stories"] for f in found] == [4] * 4
    assert all(r["body"][f["start"] : f["end"]] == slogan for r, f in zip(rows, found, strict=True))
    assert findings([rows[0]] * 4, "site-line") == []


def test_site_line_offsets_count_characters() -> None:
    slogan = "Şehrin kendi gazetesi: ığüşöç"
    rows = [
        record(f"Öykü {n} — “liman” 🚢\r\n\u00a0\r\n  {slogan}  \r\nSon.", title=f"Öykü {n}")
        | {"url": f"https://n.example/{n}", "source": "n.example"}
        for n in range(3)
    ]
    found = findings(rows, "site-line")
    assert [r["body"][f["start"] : f["end"]] for r, f in zip(rows, found, strict=True)] == [
        slogan
    ] * 3


def test_own_lines_extend_a_rule(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        """
family = "OWN"
title = "Own"
about = "Our own."
[[rule]]
code = "OWN001"
name = "harbour-slogan"
summary = "The slogan stands in the body."
rationale = "It is the site's."
fix = "Cut it."
severity = "warning"
check = "furniture"
params = { kind = "legal", lines = ["Your harbour, *"] }
message = "{label}"
good = []
bad = []
""",
        "utf-8",
    )
    config = Config.model_validate(
        {"validators": [str(tmp_path)], "rules": {"select": ["harbour-slogan"]}}
    )
    frame = pl.DataFrame([record("Ships left.\n\nYOUR HARBOUR, your news\n\nThey came back.")])
    found = newsqa.check(frame, config=config).findings
    assert found["message"].to_list() == ["YOUR HARBOUR, your news"]


@pytest.mark.eval
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not part of the project")
def test_seed() -> None:
    config = Config.model_validate({"rules": {"select": ["BLD", "TSR"]}})
    found = newsqa.check(str(SEEDS), config=config).findings
    assert sorted(found["name"].to_list()) == [
        *("doubled-line", "doubled-teaser", "related-block", "related-block", "stale-teaser")
    ]
    stale = found.filter(pl.col("name") == "stale-teaser").to_dicts()[0]
    assert orjson.loads(stale["evidence"])["lag_days"] == -28
