"""The dozen item by item, as pipelines see them: Spidermon in Scrapy, and filters of datatrove."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from dozen import BODY, CHECKS, EARLIEST, FURNITURE, LANGUAGES, TEMPLATE, TITLE, URL_FORM, Counts

ANY_FURNITURE = "|".join(re.escape(phrase) for phrase in FURNITURE)
# Years before 2000 are told by their first digit; Spidermon counts by message and field, so one of
# the two checks of the text is a pattern and the other one a `not`.
_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "url": {"type": "string", "pattern": URL_FORM},
        "title": {"type": "string", "minLength": TITLE[0], "maxLength": TITLE[1]},
        "text": {
            "type": "string",
            "minLength": BODY[0],
            "maxLength": BODY[1],
            "pattern": rf"^(?![\s\S]*?(?:{TEMPLATE}))",
            "not": {"pattern": ANY_FURNITURE},
        },
        "published": {"type": ["string", "null"], "pattern": "^[2-9]"},
        "language": {"enum": LANGUAGES},
        "authors": {"type": "array", "minItems": 1},
    },
}
_STATS = {
    "url-present": ("invalid_string/url",),
    "url-form": ("regex_not_matched/url",),
    "title-present": ("invalid_string/title",),
    "title-length": ("field_too_short/title", "field_too_long/title"),
    "body-length": ("field_too_short/text", "field_too_long/text"),
    "body-template": ("regex_not_matched/text",),
    "body-furniture": ("not_allowed_value/text",),
    "published-early": ("regex_not_matched/published",),
    "language-known": ("value_not_in_choices/language",),
    "authors-present": ("should_be_non_empty/authors", "field_too_short/authors"),
}


def spidermon(path: Path) -> Counts:
    """Count by Spidermon's item pipeline with a JSON schema, driven without a crawl.

    A schema sees one item and one field at a time: what takes two (the order of two dates, URLs
    that repeat) is a few lines of Python beside it, as a second pipeline of the spider would have.
    """
    from scrapy import Spider
    from scrapy.utils.test import get_crawler
    from spidermon.contrib.scrapy.pipelines import ItemValidationPipeline

    settings = {"SPIDERMON_ENABLED": True, "SPIDERMON_VALIDATION_SCHEMAS": [_SCHEMA]}
    crawler = get_crawler(Spider, settings)
    pipeline = ItemValidationPipeline.from_crawler(crawler)
    urls: Counter[str] = Counter()
    late = 0
    with path.open("rb") as file:
        for line in file:
            item = json.loads(line)
            pipeline.process_item(item)
            urls[item["url"]] += item["url"] is not None
            late += _is_late(item)
    stats = crawler.stats.get_stats()
    found = {
        name: sum(stats.get(f"spidermon/validation/fields/errors/{key}", 0) for key in keys)
        for name, keys in _STATS.items()
    }
    found |= {"url-unique": _repeated(urls), "published-late": late}
    return {name: found[name] for name in CHECKS}


def datatrove(path: Path) -> Counts:
    """Count by a filter of datatrove that lets every document pass and notes what it fails.

    Its own filters drop a document at the first fault, and so could not count the others. A file
    is one task of it, in one process.
    """
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.utils.logging import logger

    class Dozen(BaseFilter):
        name = "dozen"

        def __init__(self) -> None:
            super().__init__()
            self.urls: Counter[str] = Counter()

        def filter(self, doc: Document) -> bool:
            for name in _faults(doc.text, doc.metadata):
                self.stat_update(name)
            url = doc.metadata["url"]
            if url is not None:
                self.urls[url] += 1
                # A repetition makes the first one a failure too.
                if self.urls[url] > 1:
                    self.stat_update("url-unique", value=2 if self.urls[url] == 2 else 1)
            return True

    logger.remove()
    with tempfile.TemporaryDirectory() as logs:
        reader = JsonlReader(str(path.parent), glob_pattern=path.name)
        executor = LocalPipelineExecutor([reader, Dozen()], logging_dir=logs, workers=1)
        found = executor.run().stats[1].stats
    return {name: int(found[name].total) if name in found else 0 for name in CHECKS}


_FORM = re.compile(URL_FORM)
_TEMPLATE = re.compile(TEMPLATE)
_FURNITURE = re.compile(ANY_FURNITURE)


def _is_late(item: dict[str, Any]) -> bool:
    published, scraped = item["published"], item["scraped"]
    if published is None:
        return False
    return datetime.fromisoformat(published) > datetime.fromisoformat(scraped)


def _is_early(item: dict[str, Any]) -> bool:
    published = item["published"]
    return published is not None and datetime.fromisoformat(published) < EARLIEST


_OF_METADATA: dict[str, Callable[[dict[str, Any]], bool]] = {
    "url-present": lambda item: item["url"] is None,
    "url-form": lambda item: item["url"] is not None and not _FORM.search(item["url"]),
    "title-present": lambda item: item["title"] is None,
    "title-length": lambda item: (
        item["title"] is not None and not TITLE[0] <= len(item["title"]) <= TITLE[1]
    ),
    "published-early": _is_early,
    "published-late": _is_late,
    "language-known": lambda item: item["language"] not in LANGUAGES,
    "authors-present": lambda item: not item["authors"],
}
_OF_BODY: dict[str, Callable[[str], bool]] = {
    "body-length": lambda body: not BODY[0] <= len(body) <= BODY[1],
    "body-template": lambda body: _TEMPLATE.search(body) is not None,
    "body-furniture": lambda body: _FURNITURE.search(body) is not None,
}


def _faults(body: str, item: dict[str, Any]) -> Iterator[str]:
    """Yield the checks that an item fails, all but that of repeated URLs."""
    yield from (name for name, fails in _OF_METADATA.items() if fails(item))
    yield from (name for name, fails in _OF_BODY.items() if fails(body))


def _repeated(urls: Counter[str]) -> int:
    return sum(count for count in urls.values() if count > 1)
