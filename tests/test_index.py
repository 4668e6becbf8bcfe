"""The page over all runs: complete, safe, accessible, and with links that lead somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.report.index import IndexEntry, render_index, write_index
from tests.hostile import HOSTILE
from tests.runs_support import check, leak, newsqa, runs, story, write

if TYPE_CHECKING:
    from pathlib import Path


def entry(number: int, *, series: str = "out", report: str = "", text: str = "") -> IndexEntry:
    sources = {f"courier.example{text}": SourceFigures(40 + number), "": SourceFigures(3)}
    run = EarlierRun(
        f"id{number}{text}", f"2026-01-{number + 1:02}T06:00:00+00:00", "fail",
        43 + number, 5, 2, 3, sources, {"LEK001": number, f"X{text}": 1},
    )  # fmt: skip
    return IndexEntry(run, f"{series}{text}", report, {"LEK001": "template-leak"})


def test_everything_is_on_the_page() -> None:
    page = render_index([entry(n) for n in range(5)])
    assert page.count('<th scope="row">2026-01-') == 5
    assert "LEK001 template-leak" in page
    assert "(no source)" in page
    assert "the last runs: 40, 41, 42, 43, 44" in page
    assert "style=" not in page
    assert "<script" not in page


def test_long_histories_are_cut_with_honest_counts() -> None:
    page = render_index([entry(n % 28) for n in range(80)])
    assert "50 earlier runs not shown" in page


def test_no_run_is_a_page_too() -> None:
    assert "No run is kept yet." in render_index([])


def test_hostile_names_are_text() -> None:
    page = render_index([entry(n % 28, text=text, report=text) for n, text in enumerate(HOSTILE)])
    body = page.split("</style>")[-1]
    assert not re.search(r"<(?:script|img|iframe|svg on|b>owned)", body, re.IGNORECASE)
    assert 'href="javascript:' not in page
    assert "\u202e" not in page


def test_the_command_links_the_reports_that_are_there(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [story(1), leak(2)])
    for _ in range(3):
        newsqa(tmp_path, "check", "out", "--select", "LEK", "--format", "none", "-q")
    first = runs(tmp_path)[0].name
    assert newsqa(tmp_path, "report", first).status == 0
    assert newsqa(tmp_path, "report", "--index").status == 0
    page = (tmp_path / "reports/index.html").read_text("utf-8")
    links = re.findall(r'href="\./([^"]+)"', page)
    assert links == ["newsqa.html", f"newsqa-{first}.html"]
    assert all((tmp_path / "reports" / link).is_file() for link in links)


def test_a_check_keeps_the_page_when_told(tmp_path: Path) -> None:
    write(tmp_path / "out/a.jsonl", [story(1)])
    (tmp_path / "newsqa.toml").write_text('history = { index = "pages/all.html" }\n')
    check(tmp_path)
    assert "1 run" in (tmp_path / "pages/all.html").read_text("utf-8")


@pytest.mark.browser
@pytest.mark.filterwarnings("default::ResourceWarning")
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from tests.browser_support import chromium, visit

    write_index([entry(n) for n in range(12)], tmp_path / "index.html")
    hostile = [entry(n % 28, text=text, report=text) for n, text in enumerate(HOSTILE[:40])]
    write_index(hostile, tmp_path / "hostile.html")
    with chromium() as browser:
        for name, scheme, width in (
            ("index", "light", 1280),
            ("index", "dark", 390),
            ("hostile", "light", 390),
        ):
            with visit(browser, tmp_path / f"{name}.html", scheme=scheme, width=width) as seen:
                seen.assert_quiet()
                found = Axe().run(seen.page)
                assert found.violations_count == 0, found.generate_report()
                wide = "() => document.documentElement.scrollWidth - innerWidth"
                assert seen.page.evaluate(wide) <= 0
