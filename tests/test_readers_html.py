"""Fields that a format defines as HTML, and articles in a JSON-LD graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsqa.readers import Reading
from newsqa.readers.htmltext import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two.</p><p>Three</p>", "One & two.\n\nThree"),
        ("Line<br>next", "Line\nnext"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>x</p><script>var a = '<p>';</script><p>y</p>", "x\n\ny"),
        ("no tags, 3 < 4 &amp; more", "no tags, 3 < 4 &amp; more"),
        ("<p>&lt;b&gt; leaked {{ x }}</p>", "<b> leaked {{ x }}"),
        ("<img src='a.png'>", "<img src='a.png'>"),
        ("<p>never closed <b", "never closed"),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert text_of_html(html).startswith(text)


def read(path: Path, content: object) -> list[dict[str, object]]:
    path.write_text(json.dumps(content), "utf-8")
    return [row for batch in Reading([path]) for row in batch.frame.to_dicts()]


def test_a_field_that_is_html_by_its_format_is_read_as_text(tmp_path: Path) -> None:
    record = {
        "uri": "urn:x:1",
        "versioncreated": "2025-04-10T10:00:00Z",
        "headline": "Harbour reopens",
        "body_html": "<p>The harbour reopened.</p><p>Ships left.</p>",
    }
    (row,) = read(tmp_path / "a.json", record)
    assert row["body"] == "The harbour reopened.\n\nShips left."


def test_html_in_a_field_of_text_stays(tmp_path: Path) -> None:
    (row,) = read(tmp_path / "a.json", {"title": "x", "text": "<p>Still here.</p>"})
    assert row["body"] == "<p>Still here.</p>"


def test_articles_of_a_graph_are_records(tmp_path: Path) -> None:
    article = {"@type": "NewsArticle", "headline": "Harbour", "articleBody": "It reopened."}
    graph = [{"@type": "WebSite", "name": "Post"}, article, {"@type": "Person", "name": "Ann"}]
    rows = read(tmp_path / "a.json", {"@context": "https://schema.org", "@graph": graph})
    assert [row["title"] for row in rows] == ["Harbour"]
