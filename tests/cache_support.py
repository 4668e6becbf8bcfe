"""A small crawl that is checked with a cache."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsqa.run import How
from tests.parts_support import SMALL, check, records, told, write_lines

if TYPE_CHECKING:
    from pathlib import Path

    from newsqa.result import Result

FILES = ("a.jsonl", "b.jsonl", "c.jsonl")


def write_news(folder: Path) -> Path:
    """Write three files, each of which is a part."""
    folder.mkdir()
    for number, name in enumerate(FILES):
        made = records(9)
        unlike = [r | {"url": f"{r['url']}-{number}", "title": r["title"] + name} for r in made]
        write_lines(folder / name, [json.dumps(record).encode() for record in unlike])
    return folder


def cached(news: Path, cache: Path, *, jobs: int = 1, resume: bool = False, **more: Any) -> Result:
    how = How(jobs=jobs, cache=cache, resume=resume)
    return check([news], **{"small": SMALL, "how": how} | more)


def known(result: Result) -> tuple[int, int]:
    """Return how many parts were known, and how many there are."""
    return result.run["parts_reused"], result.run["parts"]


def entries(cache: Path) -> list[Path]:
    """Return the results in a cache, which are named by 40 digits."""
    return sorted(path for path in cache.iterdir() if path.is_dir())


def assert_sound(news: Path, cache: Path, reused: int, **more: Any) -> Result:
    """Assert that a check with a cache finds what one without finds, and reuses some parts."""
    result = cached(news, cache, **more)
    assert told(result) == told(check([news], **{"small": SMALL} | more))
    assert known(result)[0] == reused
    assert not result.run["cache_trouble"]
    return result
