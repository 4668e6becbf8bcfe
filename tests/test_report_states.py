"""The HTML report in every state of a run: accessible, quiet, whole on paper and by keyboard."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe

from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.report import write_file
from newsqa.report.html import MAX_BYTES
from newsqa.result import Change, Comparison, SuppressionState
from tests import report_factory as factory
from tests.browser_support import chromium, served, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from newsqa.result import Result

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default::ResourceWarning")]
JENKINS_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';"
SCRIPTS = ("صحيفة-الخليج.example", "日本新聞.example", "עיתון.example", "süddeutsche.example")


def earlier_runs(number: int = 13) -> tuple[EarlierRun, ...]:
    """Return runs of the sources of the factory, and of one that has vanished since."""
    names = (*factory.SOURCES, "vanished.example")
    sources = {name: SourceFigures(90, {"authors": 88, "summary": 85}) for name in names}
    return tuple(
        EarlierRun(
            f"run{n}",
            f"2026-11-{n + 1:02}T06:00:00+00:00",
            "fail",
            600,
            80 + n,
            60,
            20,
            sources,
            {"LEK001": 30 + n},
        )
        for n in range(number)
    )


def second_run() -> Result:
    """Return a run with a past, accepted findings, suppressions and a suite."""
    result = factory.broken()
    words = ["new" if n % 3 else "known" for n in range(result.findings.height)]
    told = Comparison(
        base={"id": "run12", "started": "2026-11-13T06:00:00+00:00", "path": "x"},
        statuses=result.findings.select("fingerprint", pl.Series("status", words)),
        gone=result.findings.head(3),
        totals=Change("", words.count("new"), 3, words.count("known")),
        rules=(Change("LEK001", 9, 1, 4), Change("DAT002", 0, 2, 0)),
        sources=(Change("courier.example", 5, 0, 9), Change("", 1, 0, 0)),
        not_compared=2,
    )
    states = tuple(
        SuppressionState("9f2c", "LEK001", None, "It quotes markup", day, "ana", status, 2, n)
        for n, (day, status) in enumerate(
            [(date(2027, 1, 1), "active"), (None, "unused"), (date(2026, 1, 1), "expired")]
        )
    )  # fmt: skip
    made = replace(
        result,
        comparison=told,
        earlier=earlier_runs(),
        suppressions=states,
        accepted=factory.broken(20).findings,
        totals=result.totals | {"suppressed": 23},
    )
    object.__setattr__(made, "suites", (suite(),))
    return made


def suite() -> SimpleNamespace:
    outcomes = tuple(
        SimpleNamespace(
            expectation=SimpleNamespace(
                type="expect_column_values_to_not_be_null", subject="title", severity="critical"
            ),
            success=success,
            result={"element_count": 500, "unexpected_count": 3},
            exception=None,
        )
        for success in (True, False)
    )
    named = SimpleNamespace(name="news", path="quality/news.json")
    return SimpleNamespace(suite=named, outcomes=outcomes)


def no_source() -> Result:
    rows = [factory.finding(n, "LEK001", "template-leak", "error", None) for n in range(9)]
    return factory.build(rows, {None: 40})


RESULTS = {
    "second": second_run,
    "many": lambda: factory.broken(2000, tuple(f"outlet-{n:03}.example" for n in range(300))),
    "no-source": no_source,
    "scripts": lambda: factory.broken(140, SCRIPTS),
    "clean": factory.clean,
    "empty": factory.empty,
    "crashed": factory.crashed,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in RESULTS.items():
        write_file(make(), "html", folder / f"{name}.html")
    return {path.stem: path for path in folder.glob("*.html")}


@pytest.mark.parametrize("name", ["second", "many", "no-source", "scripts"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_state_is_quiet_and_accessible(
    browser: Browser, pages: dict[str, Path], name: str, scheme: str
) -> None:
    with visit(browser, pages[name], scheme=scheme) as seen:
        seen.wait_until_ready()
        violations = Axe().run(seen.page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
        seen.assert_quiet()


@pytest.mark.parametrize("name", ["second", "many", "scripts"])
def test_state_fits_a_phone(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with visit(browser, pages[name], width=390) as seen:
        seen.wait_until_ready()
        assert seen.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_second_run_says_what_changed(browser: Browser, pages: dict[str, Path]) -> None:
    with visit(browser, pages["second"], script=False) as seen:
        changed = seen.page.locator("#changed").inner_text()
        assert "vanished.example" in changed
        assert "1 source vanished" in changed
        spark = seen.page.locator("#why svg.spark").first
        assert spark.get_attribute("role") == "img"
        assert "last 14 runs" in str(spark.get_attribute("aria-label"))
        assert "1 of 2 expectations met" in seen.page.locator("#suites").inner_text()
        accepted = seen.page.locator("#accepted").inner_text()
        assert "expired: its findings count again" in accepted
        assert "It quotes markup" in accepted


def test_standing_filters_the_table(browser: Browser, pages: dict[str, Path]) -> None:
    with visit(browser, pages["second"], "#findings?standing=known") as seen:
        seen.wait_until_ready()
        words = seen.page.locator("#findings-table .standing").all_inner_texts()
        assert set(words) == {"known"}
        seen.page.locator("#f-standing").select_option("")
        assert "accepted" not in seen.page.locator("#findings-table .standing").all_inner_texts()
        seen.page.locator("#f-standing").select_option("accepted")
        assert "of 23 findings" in seen.page.locator(".dt-info").inner_text()


def test_place_can_be_copied(browser: Browser, pages: dict[str, Path]) -> None:
    with visit(browser, pages["second"]) as seen:
        seen.wait_until_ready()
        seen.page.locator("button.copy").first.click()
        seen.page.locator("#said:has-text('out/news.jsonl')").wait_for(state="attached")
        seen.assert_quiet()


def test_paper_shows_failing_rules_and_cuts_no_table(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with visit(browser, pages["second"], width=690) as seen:
        seen.wait_until_ready()
        for details in seen.page.locator("details.rule").all():
            details.evaluate("d => { d.open = false }")
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#rule-LEK001 mark").first.is_visible()
        assert not seen.page.locator("#findings").is_visible()
        cut = seen.page.evaluate(
            "() => [...document.querySelectorAll('.scroll')].filter(e => e.offsetParent)"
            ".filter(e => e.firstElementChild.scrollWidth > document.documentElement.clientWidth)"
            ".map(e => e.getAttribute('aria-label'))"
        )
        assert cut == []
        assert seen.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with visit(browser, pages["no-source"]) as seen:
        seen.wait_until_ready()
        page = seen.page
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"
        reached = []
        for _ in range(150):
            page.keyboard.press("Tab")
            at, ring = page.evaluate(
                "() => { const e = document.activeElement; return [e.id || e.className ||"
                " e.tagName, getComputedStyle(e).outlineStyle]; }"
            )
            if at == "BODY":
                break
            reached.append(at)
            assert ring != "none", at
        else:
            pytest.fail("the keyboard does not come out of the page")
        assert {"f-q", "f-severity", "f-rule", "f-source", "copy"} <= set(reached)


@pytest.mark.parametrize("name", ["second", "clean"])
def test_headings_and_tables_have_names(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    with visit(browser, pages[name], script=False) as seen:
        levels = seen.page.evaluate(
            "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))
        captions = seen.page.locator("table:not(:has(caption))").count()
        assert captions == 0


def test_second_run_is_readable_in_jenkins(browser: Browser, tmp_path: Path) -> None:
    write_file(second_run(), "html", tmp_path / "report.html", assets="external")
    with served(tmp_path, JENKINS_POLICY) as address:
        page = browser.new_page()
        page.goto(f"{address}/report.html")
        assert page.evaluate("() => getComputedStyle(document.body).margin") == "0px"
        assert page.locator("#changed").is_visible()
        assert page.locator("#findings-note").is_visible()
        page.close()


def test_hundred_thousand_findings_are_small_and_soon_usable(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "large.html"
    result = factory.broken(90_000, tuple(f"outlet-{n:03}.example" for n in range(300)))
    assert result.findings.height == 100_000
    write_file(result, "html", path)
    assert path.stat().st_size < MAX_BYTES
    started = time.perf_counter()
    with visit(browser, path) as seen:
        seen.wait_until_ready()
        seen.page.get_by_label("Search", exact=True).fill("kicker")
        # A second on an idle machine; the rest is for one that others use as well.
        assert time.perf_counter() - started < 10
        assert "of 100,000 findings are in this file" in seen.page.locator("#findings").inner_text()
