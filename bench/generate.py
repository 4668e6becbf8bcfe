"""Invented news in ten languages, in any number and several shapes, with a few faults.

    python bench/generate.py 1000000 news.jsonl       # JSON lines; 3.6 GB in some minutes
    python bench/generate.py 1000000 news.parquet     # the same records as Parquet
    python bench/generate.py 10000 news/              # a folder of one-article JSON files by site

The same seed gives the same records, however many processes write them, and fewer records are the
beginning of more: records are made in blocks of 500, each from random numbers of its own.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from faults import Draft, spoil
from vocabulary import WORDS, Pen

Record = dict[str, Any]

BLOCK = 500
SEED = 7
FAULT_SHARE = 0.03
SITES = 40
SMALL_SITES = 1_000
"""Sites that share a tenth of all records: the long tail of a crawl."""
WIRE_SHARE = 0.01
"""Share of stories that another outlet of the language had first."""
LINED_SITE = 13
"""The site whose scraper takes the same line along from every page."""
START = datetime(2025, 1, 1, tzinfo=UTC)
_LANGUAGES = tuple(WORDS)
_SECTIONS = ("world", "sport", "business", "culture")
_ZONES = {"de": 1, "fr": 1, "es": 1, "it": 1, "nl": 1, "tr": 3, "ru": 3, "ar": 3, "pt": -3}
"""Hours by which publication dates are written ahead of UTC."""


class Plan(NamedTuple):
    """What records are made.

    Args:
        count: How many.
        seed: Seed of all random numbers.
        fault_share: Share of records that get a fault.
    """

    count: int
    seed: int = SEED
    fault_share: float = FAULT_SHARE

    def blocks(self) -> range:
        """Return the numbers of the blocks."""
        return range(-(-self.count // BLOCK))


def records(count: int, *, seed: int = SEED, fault_share: float = FAULT_SHARE) -> Iterator[Record]:
    """Yield records of about 3.6 kB each.

    Args:
        count: How many.
        seed: Seed of the random numbers; the same seed gives the same records.
        fault_share: Share of records that get one fault.
    """
    plan = Plan(count, seed, fault_share)
    for block in plan.blocks():
        yield from block_of(block, plan)


def block_of(block: int, plan: Plan) -> list[Record]:
    """Return the records of one block."""
    desk = _Desk(block, plan)
    first = block * BLOCK
    return [desk.record(number) for number in range(first, min(first + BLOCK, plan.count))]


class _Desk:
    """Makes the records of one block, one after the other."""

    def __init__(self, block: int, plan: Plan) -> None:
        name = f"{plan.seed}/{block}"
        self._rng = random.Random(name)  # noqa: S311  not for secrets
        self._pens = {code: Pen(code, f"{name}/{code}") for code in _LANGUAGES}
        self._fault_share = plan.fault_share
        self._last: Record | None = None
        self._wires: dict[str, list[str]] = {}

    def record(self, number: int) -> Record:
        rng = self._rng
        site, place = f"site{number % SITES:02}.example", number % SITES
        if number // SITES % 10 == 0:
            place = SITES + int(rng.random() * SMALL_SITES)
            site = f"paper{place}.example"
        pen = self._pens[_LANGUAGES[place % len(_LANGUAGES)]]
        code = pen.language.code
        day = START + timedelta(seconds=(421 * number) % 30_000_000)
        title = pen.title()
        paragraphs = pen.body(day, site)
        if code in self._wires and rng.random() < WIRE_SHARE:
            paragraphs = self._wires.pop(code)
        elif paragraphs[-1][-1] == ".":
            self._wires[code] = paragraphs.copy()
        if place == LINED_SITE:
            paragraphs.append(_line_of(site, code))
        zone = timezone(timedelta(hours=_ZONES.get(code, 0)))
        draft = Draft(
            url=f"https://www.{site}/{day:%Y/%m/%d}/{number}-{rng.getrandbits(32):08x}.html",
            title=title,
            paragraphs=paragraphs,
            published=day.astimezone(zone),
            scraped=day + timedelta(minutes=rng.randrange(60, 2400)),
            authors=[f"{rng.choice('ABCDEFGH')}. {rng.choice(pen.language.surnames)}"],
            language=code,
            earlier=self._last["url"] if self._last else None,
        )
        if rng.random() < self._fault_share:
            spoil(draft, rng, pen)
        self._last = {
            "url": draft.url,
            "title": draft.title,
            "text": ("\n\n" if place % 3 else "\n").join(draft.paragraphs),
            "description": draft.paragraphs[0][:160],
            "published": draft.published.isoformat() if draft.published else None,
            "scraped": draft.scraped.isoformat(),
            "authors": draft.authors,
            "section": rng.choice(_SECTIONS),
            "language": draft.language,
        }
        return self._last


@cache
def _line_of(site: str, code: str) -> str:
    return Pen(code, site).sentence(START, site)


def write(path: Path, count: int, *, jobs: int | None = None, **plan: Any) -> None:
    """Write records in the shape that the name of the path asks for.

    Args:
        path: A `.jsonl` or `.parquet` file, or a folder, where the name has no ending.
        count: How many records.
        jobs: Processes; by default one a core, and this one alone for few records.
        plan: `seed` and `fault_share`, as in `records`.
    """
    made = Plan(count, **plan)
    if path.suffix == ".jsonl":
        with path.open("wb") as file:
            for lines in _lines(made, jobs):
                file.write(lines)
    elif path.suffix == ".parquet":
        _write_parquet(path, made, jobs)
    elif not path.suffix:
        _write_folder(path, made, jobs)
    else:
        raise ValueError(f"{path.name}: write .jsonl, .parquet or a folder")


def _lines(plan: Plan, jobs: int | None) -> Iterator[bytes]:
    """Yield the blocks as JSON lines, in order."""
    blocks = plan.blocks()
    jobs = jobs or (os.cpu_count() or 1 if len(blocks) > 4 else 1)
    if jobs == 1:
        yield from (_lines_of(block, plan) for block in blocks)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        coming = iter(blocks)
        ahead: deque[Future[bytes]] = deque()
        # Never many blocks ahead of the disk: a million records are more than memory holds.
        for block in itertools.islice(coming, 3 * jobs):
            ahead.append(pool.submit(_lines_of, block, plan))
        while ahead:
            yield ahead.popleft().result()
            for block in itertools.islice(coming, 1):
                ahead.append(pool.submit(_lines_of, block, plan))


def _lines_of(block: int, plan: Plan) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in block_of(block, plan))


def _write_parquet(path: Path, plan: Plan, jobs: int | None) -> None:
    import polars as pl
    from polars.io.plugins import register_io_source

    schema = pl.Schema(
        dict.fromkeys(next(records(1)), pl.String()) | {"authors": pl.List(pl.String())}
    )

    def frames(*_: Any) -> Iterator[pl.DataFrame]:
        for lines in _lines(plan, jobs):
            yield pl.read_ndjson(lines, schema=schema)

    register_io_source(frames, schema=schema).sink_parquet(path, row_group_size=20_000)


def _write_folder(path: Path, plan: Plan, jobs: int | None) -> None:
    number = 0
    for lines in _lines(plan, jobs):
        for line in lines.splitlines():
            url = orjson.loads(line)["url"] or ""
            site = url.split("/")[2] if url.startswith("https://") else "unknown"
            folder = path / site
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number:07}.json").write_bytes(line)
            number += 1


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path, help=".jsonl or .parquet file, or a folder")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--fault-share", type=float, default=FAULT_SHARE)
    parser.add_argument("--jobs", type=int, help="processes; one a core unless given")
    options = parser.parse_args()
    write(
        options.path,
        options.count,
        jobs=options.jobs,
        seed=options.seed,
        fault_share=options.fault_share,
    )


if __name__ == "__main__":
    main()
