"""How well `newsqa.find_dates` finds and resolves explicit day dates, on marked mentions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labelled import read_lines

import newsqa
from newsqa.dates.stamp import parse_stamp

_MARKED = Path(__file__).resolve().parents[1] / "tests" / "data" / "date_gold.jsonl"

_WRONG = {
    ("wsj_0124.tml", "1989-11-27"),
    ("2001_35_ErbarmenHerrPraesident.tml", "2000-08-23"),
    ("662444_text.txt.tml", "2012-11-06"),
    ("662444_text.txt.tml", "2012-11-22"),
}
"""Labels that are wrong: a month mistaken, a duration, twice the year before."""

Mark = tuple[int, int, str]
"""Start, end and ISO date of a mention."""


@dataclass(frozen=True)
class Passage:
    """A text with its reference date and the mentions that were marked in it."""

    corpus: str
    text: str
    reference: object
    marks: tuple[Mark, ...]
    allowed: frozenset[str] = frozenset()
    language: str | None = None


def _named(corpus: str) -> str:
    """Return the name of a corpus with its language first: `en, timebank`."""
    name, _, rest = corpus.removesuffix(")").partition("(")
    return f"{rest}, {name}".replace(", machine, ", ", machine-made: ")


def mention_passages(folder: Path) -> Iterator[Passage]:
    """Yield the contexts of the set `datemention`; each marks one mention or a few.

    Four labels that are wrong are left out. A date that the document marks elsewhere is allowed in
    a context that does not mark it.
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
        right = tuple(sorted(m for m in marks if (doc, m[2]) not in _WRONG))
        if right:
            yield Passage(_named(corpus), text, dct[:10], right, allowed)


def marked_passages(folder: Path) -> Iterator[Passage]:
    """Yield titles and bodies that were read number by number for this project, by language.

    tests/data/date_gold.jsonl holds set, record id, offsets and days, and no text. A text without
    a row of its own field has no date in it. The finder is told the language, as a record would.
    """
    marks: dict[tuple[str, str, str], dict[str, list[Mark]]] = defaultdict(
        lambda: {"title": [], "body": []}
    )
    for line in _MARKED.read_text("utf-8").splitlines():
        row = json.loads(line)
        found = marks[row["set"], row["id"], row["language"]]
        if row["date"]:
            found[row["field"]].append((row["start"], row["end"], row["date"]))
    for name in sorted({name for name, _, _ in marks}):
        path = folder / name / "records.jsonl.gz"
        records = {str(r["id"]): r for r in (read_lines(path) if path.exists() else ())}
        for (set_, identity, language), fields in marks.items():
            if set_ != name or identity not in records:
                continue
            record = records[identity]
            stamp = parse_stamp(record.get("published") or "", language=language)
            for field, found in fields.items():
                corpus = f"{language}, read for newsqa"
                reference = stamp.at if stamp else None
                yield Passage(
                    corpus, record.get(field) or "", reference, tuple(found), language=language
                )


def counts(passages: list[Passage]) -> dict[str, Counter[str]]:
    """Return by corpus how many mentions are marked, found and resolved, and found in addition."""
    texts = [p.text for p in passages]
    found = newsqa.find_dates(
        texts, [p.reference for p in passages], [p.language for p in passages]
    )
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
        "Corpora of TempEval-3 and KRAUTS, and texts of the other sets in which every date was"
        " marked by reading them. *Right*: found and resolved to the marked day. *In addition*:"
        " found where nothing is marked. The machine-made corpus was marked by a program, whose"
        " years are often wrong and which took scores and prices for dates. The corpora read for"
        " newsqa are small, and a single story about the year before costs several dates: every"
        " miss in them is a year, none a date that was not found.\n"
    )
    yield "| corpus | marked | right | in addition | precision | recall | F1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    by_corpus = counts(passages)
    for corpus, c in [*by_corpus.items()]:
        if "machine" not in corpus:
            by_corpus[f"{corpus[:2]}, all"] += c
    for corpus, c in sorted(by_corpus.items()):
        if not c["marked"]:
            continue
        answered = c["marked"] + c["wrong"]
        precision, recall = c["right"] / answered, c["right"] / c["marked"]
        f1 = 2 * precision * recall / (precision + recall) if c["right"] else 0.0
        yield (
            f"| {corpus} | {c['marked']} | {c['right']} | {c['wrong']} | {precision:.3f} |"
            f" {recall:.3f} | {f1:.3f} |"
        )
