"""A first configuration for a scraper: its folders, and guesses from what it wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from newsqa.config import Config
from newsqa.dates.stamp import parse_stamp
from newsqa.figures import count
from newsqa.readers import Reading
from newsqa.run import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newsqa.result import Result

GUESSED = ("url", "body", "published", "title")
"""Fields that are guessed where no key of the records is known, the surest first."""
_CARRIERS = ("summary", "section", "dateline", "title", "body", "language")
_SAMPLE, _MAX_KEYS = 200, 60
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_MOSTLY = 0.8

OWN_RULES = """\
family = "OWN"
title = "House rules"
about = "What this project demands beside the rules that newsqa ships."

[[rule]]
code = "OWN001"
name = "test-article"
summary = "The article is a test of the editorial system."
rationale = "Test articles reach a crawl through feeds and list pages, and readers believe them."
fix = "Leave them out of the crawl."
severity = "error"
check = "patterns"
params = { look_in = ["title"], patterns = ['^(?:TEST|Test article)\\b'] }
message = "test article: {excerpt}"
good = [{ title = "Test match ends in a draw" }]
bad = [{ title = "TEST please ignore" }]
"""
FILES: dict[str, str] = {
    "validators/own.toml": OWN_RULES,
    "samples/README.md": "# Samples\n\nSmall outputs of the scraper that must stay as they are: "
    "`newsqa check samples/`.\n",
    "expectations/README.md": "# Expectations\n\nStatements about a whole crawl, data only.\n",
    "reports/.gitignore": "*\n!.gitignore\n",
}
"""Files beside `newsqa.toml`, by path."""


@dataclass(frozen=True)
class Guess:
    """What an input suggests.

    Args:
        fields: Canonical field -> key of the records, of those that newsqa does not know by itself.
        limits: Name of a rule -> its limit as TOML, and the reason.
        records: Records that the limits rest on.
    """

    fields: dict[str, str] = field(default_factory=dict)
    limits: dict[str, tuple[str, str]] = field(default_factory=dict)
    records: int = 0


def guess(paths: Sequence[str], now: datetime | None = None) -> Guess:
    """Return what an input suggests: keys of fields, and limits at the level of today.

    Args:
        paths: Files, folders or globs.
        now: The time to judge at; the start of the run unless given.

    Raises:
        UsageError: A path does not exist.
    """
    fields = guess_fields(paths)
    mapped = {name: [key] for name, key in fields.items()}
    result = check(list(paths), config=Config(fields=mapped), now=now)
    return Guess(fields, guess_limits(result), result.totals["records_read"])


def guess_fields(paths: Sequence[str]) -> dict[str, str]:
    """Return the key of each field that no record fills though some key seems to hold it."""
    filled, keys = _first_look(paths)
    missing = [name for name in GUESSED if name not in filled]
    if not missing or not keys:
        return {}
    texts = _texts(paths, _unfolded(paths, keys))
    chosen: dict[str, str] = {}
    for name in missing:
        scores = {key: _score(name, held) for key, held in texts.items() if held}
        best = max(scores, key=scores.__getitem__, default=None)
        if best is not None and scores[best] > 0:
            chosen[name] = best
            del texts[best]
    return chosen


def _first_look(paths: Sequence[str]) -> tuple[set[str], list[str]]:
    """Return the fields that some record fills, and the keys that became none."""
    source = Reading(paths, batch_records=_SAMPLE)
    filled: set[str] = set()
    for number, batch in enumerate(source):
        filled |= {n for n in GUESSED if batch.frame[n].null_count() < batch.frame.height}
        if number >= 2:
            break
    keys = dict.fromkeys(key for file in source.files for key in file.unmapped)
    return filled, list(keys)[:_MAX_KEYS]


def _unfolded(paths: Sequence[str], keys: list[str]) -> list[str]:
    """Return the keys, and `key.inner` for those that hold objects."""
    found = []
    for key, texts in _texts(paths, keys).items():
        inner: dict[str, None] = {}
        for text in texts[:20] if texts and texts[0].startswith("{") else ():
            try:
                inner |= dict.fromkeys(json.loads(text))
            except ValueError:
                break
        found += [f"{key}.{name}" for name in inner] or [key]
    return found[:_MAX_KEYS]


def _texts(paths: Sequence[str], keys: Sequence[str]) -> dict[str, list[str]]:
    """Return the first values of each key as text; several keys are read in one pass."""
    texts: dict[str, list[str]] = {}
    for start in range(0, len(keys), len(_CARRIERS)):
        carried = dict(zip(_CARRIERS, keys[start : start + len(_CARRIERS)], strict=False))
        fields = {name: [key] for name, key in carried.items()}
        for batch in Reading(paths, fields=fields, batch_records=_SAMPLE):
            for name, key in carried.items():
                texts.setdefault(key, []).extend(batch.frame[name].drop_nulls())
            if batch.frame.height:
                break
    return texts


def _score(name: str, texts: Sequence[str]) -> float:
    """Return how well the values of a key fit a field; 0 for not at all."""
    length = median(len(text) for text in texts)
    share = sum(_fits(name, text) for text in texts) / len(texts)
    if share < _MOSTLY:
        return 0.0
    if name == "body":
        return float(length)
    if name == "title":
        different = len(set(texts)) / len(texts)
        return different * min(length, 80) if different >= _MOSTLY or len(texts) < 5 else 0.0
    return share


def _fits(name: str, text: str) -> bool:
    is_url = text.startswith(("http://", "https://")) and " " not in text
    if name == "url":
        return is_url
    if name == "published":
        is_number = text.replace(".", "").isdigit() and len(text) < 10
        return len(text) < 60 and not is_number and parse_stamp(text, day_first=True) is not None
    if is_url or text[:1] in "{[":
        return False
    return len(text) >= 200 if name == "body" else _is_headline(text)


def _is_headline(text: str) -> bool:
    # Some scripts write no spaces and say more in a character.
    return 12 <= len(text) <= 200 and " " in text if text.isascii() else 6 <= len(text) <= 200


def guess_limits(result: Result) -> dict[str, tuple[str, str]]:
    """Return a limit at the level of today for each rule whose gate fails."""
    limits = {}
    for gate in result.gates:
        if gate.passed:
            continue
        if gate.records and gate.share <= 1:
            step = next(step for step in _STEPS if gate.share <= step)
            limits[gate.name] = (f"max_share = {step}", f"{count(gate.records, 'record')} today")
        else:
            limits[gate.name] = (
                f"max_count = {gate.findings}", f"{count(gate.findings, 'finding')} today"
            )  # fmt: skip
    return limits


def config_text(paths: Sequence[str], guessed: Guess) -> str:
    """Return a `newsqa.toml` with comments.

    Args:
        paths: What is checked by default; none leaves a line to fill in.
        guessed: What the input suggests.
    """
    listed = ", ".join(_quoted(path) for path in paths)
    lines = [
        "# What newsqa checks here, and what is allowed. `newsqa config schema` lists all keys.",
        f"paths = [{listed}]" if paths else '# paths = ["out/"]',
        'validators = ["validators"]      # rules of your own; `newsqa test OWN --validators ...`',
        'fail_on = "error"',
        "",
        *_field_lines(guessed),
        *_limit_lines(guessed),
        "[history]",
        "keep = 90                        # runs that are kept in .newsqa/runs",
    ]
    return "\n".join(lines) + "\n"


def _field_lines(guessed: Guess) -> Iterable[str]:
    if guessed.fields:
        yield "[fields]                         # guessed from the values: look at them"
        for name, key in guessed.fields.items():
            yield f"{name} = [{_quoted(key)}]"
        yield ""


def _limit_lines(guessed: Guess) -> Iterable[str]:
    if guessed.limits:
        records = count(guessed.records, "record")
        yield f"# Limits at the level of the first {records}: lower them as the scraper improves."
    for name, (limit, reason) in guessed.limits.items():
        yield f"[rules.{name}]"
        yield f"{limit}                 # {reason}"
        yield ""


def _quoted(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
