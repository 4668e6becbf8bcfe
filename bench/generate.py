"""Invented news records in any number, for measuring, with plausible texts and a few faults."""

from __future__ import annotations

import argparse
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUBJECTS = (
    "the harbour authority", "a group of teachers", "the regional court", "two fishing boats",
    "the finance committee", "residents of the old town", "the national weather service",
    "a former minister", "the railway operator", "volunteers from three villages",
)  # fmt: skip
_VERBS = (
    "announced", "rejected", "postponed", "confirmed", "questioned", "defended", "welcomed",
    "reviewed", "signed", "described",
)  # fmt: skip
_OBJECTS = (
    "a plan to rebuild the eastern pier", "the new timetable for winter trains",
    "a report on water prices in the valley", "the budget for the coming school year",
    "an agreement on grazing rights", "the results of a survey among 1,200 households",
    "changes to the rules for night flights", "a loan for the hospital's new wing",
)  # fmt: skip
_TAILS = (
    "after weeks of talks", "on {month} {day}", "despite objections from the opposition",
    "in a statement published on {weekday}", "according to people familiar with the matter",
    "as prices rose by {number} percent", "for the first time since {year}",
)  # fmt: skip
_FAULTS = (
    "{{{{ article.related.title }}}}", "Read more: {headline}", "[caption id=\"a\" width=\"300\"]",
    "Share this article", "window.dataLayer = window.dataLayer || [];", "Itâ€™s over",
)  # fmt: skip


def sentence(rng: random.Random, day: datetime) -> str:
    """Return one sentence of news that fits a publication day."""
    words = (rng.choice(_SUBJECTS), rng.choice(_VERBS), rng.choice(_OBJECTS), rng.choice(_TAILS))
    event = day - timedelta(days=rng.randrange(3))
    text = " ".join(words).format(
        month=f"{event:%B}",
        day=event.day,
        weekday=f"{event:%A}",
        number=rng.randrange(2, 90),
        year=rng.randrange(1970, 2020),
    )
    return text[0].upper() + text[1:] + "."


def records(count: int, *, seed: int = 7, fault_share: float = 0.03) -> Iterator[dict[str, Any]]:
    """Yield records of about 3 kB of text each.

    Args:
        count: How many.
        seed: Seed of the random numbers; the same seed gives the same records.
        fault_share: Share of records that get one fault line.
    """
    rng = random.Random(seed)  # noqa: S311  not for secrets
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(count):
        day = start + timedelta(minutes=7 * number % 500_000)
        site = f"site{number % 40:02}.example"
        title = sentence(rng, day).rstrip(".")
        paragraphs = [
            " ".join(sentence(rng, day) for _ in range(rng.randint(2, 5)))
            for _ in range(rng.randint(6, 14))
        ]
        if rng.random() < fault_share:
            fault = rng.choice(_FAULTS).format(headline=title)
            paragraphs.insert(rng.randrange(len(paragraphs)), fault)
        yield {
            "url": f"https://www.{site}/{day:%Y/%m/%d}/story-{number}.html",
            "title": title,
            "text": "\n\n".join(paragraphs),
            "published": day.isoformat(),
            "scraped": (day + timedelta(hours=rng.randint(1, 40))).isoformat(),
            "authors": [f"{rng.choice('ABCDEFGH')}. Author{rng.randrange(50)}"],
            "language": "en",
        }


def main() -> None:
    """Write records as JSON lines: `python bench/generate.py 100000 out.jsonl`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    with options.file.open("w", encoding="utf-8") as file:
        for record in records(options.count):
            file.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
