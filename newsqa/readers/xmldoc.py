"""XML as trafilatura writes it: `<doc title=... date=...><main><p>...`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from newsqa.readers.model import Raw
from newsqa.readers.values import PARAGRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "code", "row", "cell", "lb"})


def read_xml(text: str) -> Iterator[Raw]:
    """Yield the documents of an XML text.

    Raises:
        xml.etree.ElementTree.ParseError: It is not well formed.
    """
    root = ET.fromstring(text)  # noqa: S314  expat limits the expansion of entities
    for doc in root.iter("doc"):
        record = dict(doc.attrib)
        main = doc.find("main")
        if main is not None:
            record["text"] = PARAGRAPH.join(_paragraphs(main))
        yield Raw(1, record, len(text))


def _paragraphs(main: ET.Element) -> Iterator[str]:
    blocks = [block for block in main if block.tag in _BLOCKS] or [main]
    for block in blocks:
        paragraph = "".join(block.itertext()).strip()
        if paragraph:
            yield paragraph
