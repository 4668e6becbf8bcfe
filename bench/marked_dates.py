"""How well `newsqa.find_dates` finds and resolves explicit day dates, on marked mentions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelled import read_lines

import newsqa

_MARKED = Path(__file__).resolve().parents[1] / "tests" / "data" / "date_gold.jsonl"

Mark = tuple[int, int, str]
"""Start, end and ISO date of a mention."""


@dataclass(frozen=True)
class Passage:
    """A text with its reference date and the mentions that were marked in it."""

    corpus: str
    text: str
    reference: str
    marks: tuple[Mark, ...]
    allowed: frozenset[str] = frozenset()


def mention_passages(folder: Path) -> Iterator[Passage]:
    """Yield the contexts of the set `datemention`; each marks one mention or a few.

    A date that the document marks elsewhere is allowed in a context that does not mark it.
    """
    rows = read_lines(folder / "datemention" / "records.jsonl.gz")
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    contexts: dict[tuple[str, str, str, str], set[Mark]] = defaultdict(set)
    for row in rows:
        values[row["corpus"], row["doc"]].add(row["value"])
        start = row["context"].find(row["text"])
        mark = (start, start + len(row["text"]), row["value"])
        contexts[row["corpus"], row["doc"], row["dct"], row["context"]].add(mark)
    for (corpus, doc, dct, text), marks in contexts.items():
        allowed = frozenset(values[corpus, doc])
        yield Passage(corpus, text, dct[:10], tuple(sorted(marks)), allowed)


def marked_passages(folder: Path) -> Iterator[Passage]:
    """Yield the bodies whose dates were all marked by hand for this project, by language.

    tests/data/date_gold.jsonl holds set, record id, offsets and dates, and no text.
    """
    if not _MARKED.exists():
        return
    by_record: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in _MARKED.read_text("utf-8").splitlines():
        row = json.loads(line)
        by_record[row["set"], row["id"]].append(row)
    for name in sorted({name for name, _ in by_record}):
        path = folder / name / "records.jsonl.gz"
        for record in read_lines(path) if path.exists() else ():
            for row in by_record.get((name, str(record["id"])), ()):
                yield from _passages(record, row)


def _passages(record: dict[str, Any], row: dict[str, Any]) -> Iterator[Passage]:
    start, end = row["span"]
    marks = tuple((s - start, e - start, date) for s, e, date in row["dates"])
    text = record[row["field"]][start:end]
    yield Passage(f"read for newsqa ({row['language']})", text, row["reference"], marks)


def counts(passages: list[Passage]) -> dict[str, Counter[str]]:
    """Return by corpus how many mentions are marked, found and resolved, and found in addition."""
    texts = [p.text for p in passages]
    found = newsqa.find_dates(texts, [p.reference for p in passages])
    by_text: dict[int, list[Mark]] = defaultdict(list)
    for row in found.iter_rows(named=True):
        by_text[row["index"]].append((row["start"], row["end"], str(row["date"])))
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for index, passage in enumerate(passages):
        count = total[passage.corpus]
        dates = by_text[index]
        for start, end, date in passage.marks:
            near = [d for d in dates if d[0] < end and start < d[1]]
            count["marked"] += 1
            count["right"] += any(d[2] == date for d in near)
        spans = {d[:2] for d in dates}
        for start, end in spans:
            marked = any(start < e and s < end for s, e, _ in passage.marks)
            here = {d[2] for d in dates if d[:2] == (start, end)}
            count["wrong"] += not marked and not here & passage.allowed
    return total


def date_table(folder: Path) -> Iterator[str]:
    """Yield a table of precision, recall and F1 by corpus."""
    passages = [*marked_passages(folder)]
    if (folder / "datemention").is_dir():
        passages += mention_passages(folder)
    if not passages:
        return
    yield "\n## Explicit day dates: `newsqa.find_dates`\n"
    yield (
        "*Right*: found and resolved to the marked day. *In addition*: found where nothing is"
        " marked. Corpora called machine were marked by a program, whose years are often wrong"
        " and which took scores and prices for dates.\n"
    )
    yield "| corpus | marked | right | in addition | precision | recall | F1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for corpus, c in sorted(counts(passages).items()):
        answered = c["marked"] + c["wrong"]
        precision, recall = c["right"] / answered, c["right"] / c["marked"]
        f1 = 2 * precision * recall / (precision + recall) if c["right"] else 0.0
        yield (
            f"| {corpus} | {c['marked']} | {c['right']} | {c['wrong']} | {precision:.3f} |"
            f" {recall:.3f} | {f1:.3f} |"
        )
