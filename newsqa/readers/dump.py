"""Page dumps: a header line ` date YYYY-MM-DD title`, then the text of the page.

A file holds one page, or several one behind the other. The body is a verbatim part of the file:
its place is kept, so that findings can name the line of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsqa.readers.model import Raw

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = (
    r"[ \t]*+date(?:[ \t]*+[:=])?[ \t]++"
    r"(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?)"
    r"(?:[ \t]++(?:title[ \t]*+[:=][ \t]*+)?(?P<title>[^\r\n]*+))?(?=[\r\n]|\Z)"
)
_FIRST = re.compile(rf"\s*+{_HEADER}", re.IGNORECASE)
_ANY = re.compile(rf"^{_HEADER}", re.IGNORECASE | re.MULTILINE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\r?\n\Z")


def has_header(text: str) -> bool:
    """Return whether a text begins like a page dump."""
    return _FIRST.match(text.removeprefix("\ufeff")) is not None


def read_dump(text: str) -> Iterator[Raw]:
    """Yield the pages of a dump; a text without any header is one page without title and date.

    Args:
        text: The whole file, without byte order mark.
    """
    first = _FIRST.match(text)
    if first is None:
        yield _page(text, None, 0, len(text), 1)
        return
    headers = [first, *_further_headers(text, first.end())]
    ends = [match.start() for match in headers[1:]] + [len(text)]
    line, counted = 1, 0
    for match, end in zip(headers, ends, strict=True):
        start = match.start("date")
        line += text.count("\n", counted, start)
        counted = start
        yield _page(text, match, match.end(), end, line)


def _further_headers(text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield headers behind an empty line: elsewhere "date 2025-04-10" is a line of text."""
    for match in _ANY.finditer(text, start):
        if _EMPTY_LINE.search(text[max(start, match.start() - 80) : match.start()]):
            yield match


def _page(text: str, header: re.Match[str] | None, start: int, end: int, line: int) -> Raw:
    inside = text[start:end]
    body = inside.strip()
    body_start = start + len(inside) - len(inside.lstrip())
    date = header["date"] if header else None
    title = (header["title"] or "").strip() if header else None
    begun = header.start("date") if header else 0
    body_line = line + text.count("\n", begun, body_start)
    record = {"published": date, "title": title, "body": body}
    return Raw(line, record, end - start, body_line, body_start)
