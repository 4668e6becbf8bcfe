"""The HTML report in a real browser: quiet, safe, accessible, and usable without its script."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsqa.report import write_file
from tests import report_factory as factory
from tests.browser_support import Visit, chromium, served, visit
from tests.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default::ResourceWarning")]

JENKINS_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';"
RESULTS = {
    "broken": factory.broken,
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
    write_file(factory.hostile(HOSTILE), "html", folder / "hostile.html")
    return {path.stem: path for path in folder.glob("*.html")}


@pytest.fixture
def broken(browser: Browser, pages: dict[str, Path]) -> Iterator[Visit]:
    with visit(browser, pages["broken"]) as seen:
        seen.wait_until_ready()
        yield seen


def table_rows(seen: Visit) -> list[str]:
    return seen.page.locator("#findings-table tbody tr").all_inner_texts()


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_quiet_and_accessible(
    browser: Browser, pages: dict[str, Path], name: str, scheme: str
) -> None:
    with visit(browser, pages[name], scheme=scheme) as seen:
        if name == "broken":
            seen.wait_until_ready()
        violations = Axe().run(seen.page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
        seen.assert_quiet()


@pytest.mark.parametrize("name", [*RESULTS, "hostile"])
@pytest.mark.parametrize("width", [390, 768])
def test_page_never_scrolls_sideways(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    with visit(browser, pages[name], width=width) as seen:
        if name in {"broken", "hostile"}:
            seen.wait_until_ready()
        assert seen.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_page_reads_without_script(browser: Browser, pages: dict[str, Path]) -> None:
    with visit(browser, pages["broken"], script=False) as seen:
        text = seen.page.locator("body").inner_text()
        assert "4 rules over the limit" in text
        assert "{{ article.kicker }}" in text
        assert "This table needs JavaScript" in text
        assert not seen.page.locator("#filters").is_visible()


def test_link_opens_a_closed_rule_without_script(browser: Browser, pages: dict[str, Path]) -> None:
    with visit(browser, pages["broken"], "#rule-DAT008", script=False) as seen:
        assert seen.page.locator("#rule-DAT008").is_visible()


def test_print_shows_examples_and_hides_the_table(broken: Visit) -> None:
    broken.page.emulate_media(media="print")
    assert broken.page.locator("#rule-LEK001 mark").first.is_visible()
    assert not broken.page.locator("#findings").is_visible()
    assert not broken.page.locator("nav.contents").is_visible()
    assert broken.page.pdf().startswith(b"%PDF")


def test_search_finds_text_in_any_language(broken: Visit) -> None:
    broken.page.get_by_label("Search", exact=True).fill("نشرتنا")
    rows = table_rows(broken)
    assert rows
    assert all("newsletter-block" in row for row in rows)
    broken.assert_quiet()


def test_filters_combine_and_go_to_the_address(broken: Visit) -> None:
    broken.page.locator("#f-rule").select_option("LEK001")
    broken.page.locator("#f-source").select_option("gazete.example")
    rows = table_rows(broken)
    assert rows
    assert all("LEK001" in row and "gazete.example" in row for row in rows)
    address = broken.page.evaluate("() => location.hash")
    assert address == "#findings?rule=LEK001&source=gazete.example"
    broken.page.get_by_role("button", name="Clear").click()
    broken.page.wait_for_function("() => location.hash === '#findings'")
    assert len(table_rows(broken)) == 25


def test_severity_filter_shows_nothing_else(broken: Visit) -> None:
    broken.page.locator("#f-severity").select_option("info")
    shown = broken.page.locator("#findings-table tbody .severity").all_inner_texts()
    assert set(shown) == {"info"}


def test_no_match_is_said(broken: Visit) -> None:
    broken.page.get_by_label("Search", exact=True).fill("zzzz no such text")
    assert table_rows(broken) == ["No finding matches this filter."]


def test_deep_link_shows_the_same_rows(browser: Browser, pages: dict[str, Path]) -> None:
    link = "#findings?severity=error&q=kicker&source=courier.example"
    with visit(browser, pages["broken"], link) as seen:
        seen.wait_until_ready()
        rows = table_rows(seen)
        assert rows
        assert all("courier.example" in row and "article.kicker" in row for row in rows)
        assert seen.page.get_by_label("Search", exact=True).input_value() == "kicker"


def test_cell_of_the_matrix_leads_to_its_findings(broken: Visit) -> None:
    cell = broken.page.locator("td.shade a[data-rule='PAG001']").first
    source = cell.get_attribute("data-source")
    expected = int(cell.inner_text().split()[0])
    cell.click()
    broken.page.wait_for_function("() => location.hash.startsWith('#findings?')")
    rows = table_rows(broken)
    assert len(rows) == expected
    assert all("PAG001" in row and str(source) in row for row in rows)


def test_slash_focuses_the_search(broken: Visit) -> None:
    broken.page.keyboard.press("/")
    assert broken.page.evaluate("() => document.activeElement.id") == "f-q"


def test_column_sorts_by_how_bad(broken: Visit) -> None:
    heading = broken.page.locator("#findings-table thead th").first
    first = broken.page.locator("#findings-table tbody tr .severity").first
    expect(first).to_have_text("error")
    places = broken.page.locator("#findings-table tbody .place").all_inner_texts()
    lines = [int(place.rsplit(":", 1)[1]) for place in places]
    assert lines == sorted(lines)
    heading.click()
    expect(first).to_have_text("info")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_text_is_inert(browser: Browser, pages: dict[str, Path], scheme: str) -> None:
    with visit(browser, pages["hostile"], scheme=scheme) as seen:
        seen.wait_until_ready()
        page = seen.page
        for details in page.locator("details").all():
            details.evaluate("d => { d.open = true }")
        while True:  # every page of the table is drawn once
            following = page.locator("button.dt-paging-button.next")
            if following.get_attribute("aria-disabled") == "true" or following.is_disabled():
                break
            following.click()
        page.locator("#f-source").select_option(index=5)
        page.mouse.move(400, 300)
        seen.assert_quiet()
        assert page.evaluate("() => document.querySelectorAll('script').length") == 3
        strange = "iframe, object, embed, img, base, form:not(#filters), style:not(head > style)"
        assert page.evaluate("(s) => document.querySelectorAll(s).length", strange) == 0
        attributes = page.evaluate(
            "() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on')).map(a => a.name)"
        )
        assert attributes == []
        links = page.evaluate(
            "() => [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        )
        assert all(link.startswith("#") for link in links)
        assert "window.__pwned=1" in page.locator("#rules").inner_text()


def test_hostile_address_is_inert(browser: Browser, pages: dict[str, Path]) -> None:
    fragment = "#findings?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.__pwned%3D1%3E&rule=%22%5D"
    with visit(browser, pages["broken"], fragment) as seen:
        seen.wait_until_ready()
        assert table_rows(seen) == ["No finding matches this filter."]
        seen.assert_quiet()


def test_external_assets_work(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_file(factory.broken(), "html", path, assets="external")
    assert sorted(p.name for p in (tmp_path / "report.assets").iterdir()) == [
        "datatables.min.js",
        "report.css",
        "report.js",
    ]
    with visit(browser, path) as seen:
        seen.wait_until_ready()
        assert len(table_rows(seen)) == 25
        assert seen.page.evaluate("() => getComputedStyle(document.body).margin") == "0px"
        seen.assert_quiet()


def test_external_assets_are_styled_and_readable_in_jenkins(
    browser: Browser, tmp_path: Path
) -> None:
    write_file(factory.broken(), "html", tmp_path / "report.html", assets="external")
    with served(tmp_path, JENKINS_POLICY) as address:
        page = browser.new_page()
        page.goto(f"{address}/report.html")
        assert page.evaluate("() => getComputedStyle(document.body).margin") == "0px"
        assert "4 rules over the limit" in page.locator("body").inner_text()
        assert page.locator("#rule-LEK001 mark").first.is_visible()
        page.close()


def test_largest_report_is_soon_ready(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    write_file(factory.broken(28_000), "html", path)
    started = time.perf_counter()
    with visit(browser, path) as seen:
        seen.wait_until_ready()
        assert time.perf_counter() - started < 10
        assert "5,000 of 31," in seen.page.locator("#findings .lead").inner_text()
