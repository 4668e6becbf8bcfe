"""Text of fields that a format defines as HTML; a page's own markup leaks are not its business."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINE = frozenset({"br", "hr", "li", "tr", "dt", "dd", "figcaption", "option"})
_BLOCK = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"}
    | {"section", "article", "aside", "header", "footer", "figure", "main", "nav", "form", "dl"}
)
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's signature
        if tag in _UNSEEN:
            self._unseen += 1
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCK:
            self.parts.append("\n\n")
        elif tag in _LINE:
            self.parts.append("\n")


def text_of_html(value: str) -> str:
    """Return what a browser would show of a fragment of HTML, block by block.

    A value without any tag is returned unchanged, and so is one that shows nothing.
    """
    if not _TAG.search(value):
        return value
    parser = _Text()
    parser.feed(value)
    parser.close()
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(parser.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip() or value
