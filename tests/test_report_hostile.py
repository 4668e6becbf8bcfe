"""Hostile strings in every text of a result: nothing runs, loads, asks or leads away."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING

import jinja2
import polars as pl
import pytest

from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.report import write_file
from newsqa.report.html import environment, render_html
from newsqa.result import Change, Comparison, SuppressionState
from tests import report_factory as factory
from tests.browser_support import chromium, visit
from tests.hostile_html import HOSTILE_HTML

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from newsqa.result import Result

TEMPLATES = sorted(p.name for p in files("newsqa.report").joinpath("templates").iterdir())


def hostile_result() -> Result:
    """Return a result with hostile text in every place that knows text."""
    result = factory.hostile(HOSTILE_HTML)
    texts = iter(HOSTILE_HTML * 3)
    own = factory.rule("PAG001", next(texts), "error", next(texts)[:300])
    own = replace(own, rationale=next(texts), cause=next(texts), fix=next(texts))
    states = [replace(s, rule=own) if s.rule.code == "PAG001" else s for s in result.rules]
    past = tuple(
        EarlierRun(text, text, text, 9, 1, 1, 0, {text: SourceFigures(40)}, {"DAT003": 1})
        for text in HOSTILE_HTML[:20]
    )
    told = Comparison(
        base={"started": next(texts), "id": next(texts), "path": next(texts)},
        statuses=result.findings.select("fingerprint", pl.lit("new").alias("status")),
        gone=result.findings.head(10),
        totals=Change("", 1, 2, 3),
        rules=(Change("PAG001", 1, 1, 1),),
        sources=tuple(Change(text, 1, 1, 1) for text in HOSTILE_HTML),
    )
    suppressions = tuple(
        SuppressionState(text, "PAG001", text, text, date(2027, 1, 1), text, "active", 1, 3)
        for text in HOSTILE_HTML[:90]
    )
    marked = result.findings.head(40)
    made = replace(
        result,
        rules=tuple(states),
        earlier=past,
        comparison=told,
        suppressions=suppressions,
        accepted=marked,
    )
    object.__setattr__(made, "suites", suites())
    return made


def suites() -> tuple[SimpleNamespace, ...]:
    outcomes = tuple(
        SimpleNamespace(
            expectation=SimpleNamespace(type=text, subject=text, severity="critical"),
            success=number % 2 == 0,
            result={"observed_value": text, "element_count": 3},
            exception=text if number % 5 == 0 else None,
        )
        for number, text in enumerate(HOSTILE_HTML[:100])
    )
    return (
        SimpleNamespace(
            suite=SimpleNamespace(name=HOSTILE_HTML[0], path=HOSTILE_HTML[3]), outcomes=outcomes
        ),
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    write_file(hostile_result(), "html", path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_corpus_is_large() -> None:
    assert len(set(HOSTILE_HTML)) >= 200


def test_templates_escape_and_know_every_name() -> None:
    made = environment()
    assert made.autoescape is True
    assert made.undefined is jinja2.StrictUndefined


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_nothing_that_could_run(name: str) -> None:
    text = files("newsqa.report").joinpath("templates", name).read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|\bMarkup\b|autoescape\s+false", text)
    assert not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:|\bsrcdoc\b|<img\b", text)


def test_script_writes_no_markup() -> None:
    text = files("newsqa.report").joinpath("assets", "report.js").read_text("utf-8")
    words = "innerHTML|outerHTML|insertAdjacentHTML|document.write|eval\\(|new Function"
    assert not re.search(words, text)


def test_policy_comes_first_and_its_hashes_are_right(page: Path) -> None:
    text = page.read_text("utf-8")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert text.index("Content-Security-Policy") < min(text.index("<style"), text.index("<title"))
    allowed = policy[1].replace("&#39;", "'")
    blocks = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", text, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed
    assert "unsafe" not in allowed


def test_invisible_characters_are_shown() -> None:
    text = render_html(hostile_result())
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029\x00\x1b]", text)
    assert "U+202E" in text


@pytest.mark.browser
@pytest.mark.filterwarnings("default::ResourceWarning")
@pytest.mark.parametrize("script", [True, False])
def test_nothing_runs_loads_or_leads_away(browser: Browser, page: Path, script: bool) -> None:
    with visit(browser, page, "#findings?standing=new", script=script) as seen:
        if script:
            seen.wait_until_ready()
            seen.page.evaluate(
                "() => document.querySelectorAll('details').forEach(d => d.open = true)"
            )
            for _ in range(8):
                seen.page.locator("button.dt-paging-button.next").click()
            seen.page.locator("#f-standing").select_option("accepted")
            assert seen.page.evaluate("() => window.__pwned") is None
        assert seen.requests == []
        assert seen.complaints == []
        strange = "iframe, object, embed, img, base, video, form:not(#filters), [onerror], [onload]"
        assert seen.page.locator(strange).count() == 0
        links = seen.page.locator("a:not([href^='#'])").count()
        assert links == 0
