"""Labelled real news beside the project, read for measuring; never part of it.

A set is a folder with `records.jsonl.gz` (what a scraper wrote, nothing else) and `labels.jsonl.gz`
(one object a record, joined by `id`). Label keys: `clean` (no error or warning is true of it),
`expect` or `expect_all` (names of rules or codes of families, any of which must fire), `kinds` or
`label` (what is wrong), `forbid_span` (no leak may be found in this text) and `group` (the corpus).
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import newsqa

if TYPE_CHECKING:
    from collections.abc import Iterator

SETS = Path(__file__).resolve().parents[2] / "shared" / "eval"
_READ = 1500
_LEAST_LETTERS = 80


@dataclass(frozen=True)
class Found:
    """One finding, as far as measuring needs it."""

    name: str
    family: str
    severity: str
    field: str | None
    excerpt: str

    def counts_as(self, wanted: list[str]) -> bool:
        """Whether it is of one of these rules or families."""
        return self.name in wanted or self.family in wanted


@dataclass
class Labelled:
    """One record with its label and its findings."""

    id: str
    group: str
    language: str
    label: dict[str, Any]
    found: list[Found] = field(default_factory=list)

    def expectations(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each kind of fault with the rules and families that may name it."""
        wanted = self.label.get("expect_all") or [self.label.get("expect")]
        kinds = self.label.get("kinds") or [self.label.get("label", "fault")]
        for kind, names in zip(kinds, wanted, strict=False):
            if names:
                yield kind, names


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a compressed JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def checked(name: str) -> list[Labelled]:
    """Return the records of a set with their findings, by running the whole catalogue over them."""
    folder = SETS / name
    result = newsqa.check(folder / "records.jsonl.gz")
    by_id: dict[str, list[Found]] = defaultdict(list)
    for row in result.findings.iter_rows(named=True):
        by_id[str(row["id"])].append(
            Found(
                row["name"],
                "".join(filter(str.isalpha, row["rule"])),
                row["severity"],
                row["field"],
                row["excerpt"] or "",
            )
        )
    bodies = {str(r["id"]): r.get("body") or "" for r in read_lines(folder / "records.jsonl.gz")}
    return [
        Labelled(
            str(label["id"]),
            str(label.get("group", name)),
            language_of(bodies.get(str(label["id"]), "")),
            label,
            by_id[str(label["id"])],
        )
        for label in read_lines(folder / "labels.jsonl.gz")
    ]


def language_of(text: str) -> str:
    """Return the code of a text's language as py3langid identifies it, `-` for short texts."""
    import py3langid

    head = text[:_READ]
    if sum(map(str.isalpha, head)) < _LEAST_LETTERS:
        return "-"
    return str(py3langid.classify(head)[0])


def known_label_faults() -> dict[str, dict[str, str]]:
    """Return the records whose `clean` label is wrong, by rule and id, with the reason.

    Each was read by eye; the file holds no text of the records.
    """
    path = Path(__file__).with_name("label_faults.toml")
    faults = tomllib.loads(path.read_text("utf-8"))
    return {rule: dict(entries) for rule, entries in faults.items()}
