"""Figures on labelled real news, where it is at hand: it is no part of the project."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.dates.find import find_dates
from newsqa.dates.stamp import parse_stamp
from newsqa.engine import check_batch
from newsqa.plan import build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.selftest import EXAMPLES_NOW

GOLD = Path(__file__).parent / "data" / "date_gold.jsonl"
SETS = Path(__file__).resolve().parents[2] / "shared" / "eval"
pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not SETS.exists(), reason="the labelled news is not at hand"),
]


def rows(name: str, file: str = "records") -> list[dict[str, Any]]:
    with gzip.open(SETS / name / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# Documents and values that are wrong in the gold: a month mistaken, a duration, a year before.
WRONG = {
    ("wsj_0124.tml", "1989-11-27"),
    ("2001_35_ErbarmenHerrPraesident.tml", "2000-08-23"),
    ("662444_text.txt.tml", "2012-11-06"),
    ("662444_text.txt.tml", "2012-11-22"),
}


def scores(wanted, found) -> tuple[float, float]:
    """Return precision and recall of pairs of text and day."""
    return len(wanted & found) / max(1, len(found)), len(wanted & found) / max(1, len(wanted))


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@pytest.mark.parametrize(("language", "least"), [("en", 0.95), ("de", 0.95)])
def test_marked_dates_are_found_and_resolved(language, least):
    marked = [
        row
        for row in rows("datemention")
        if "machine" not in row["corpus"]
        and f"({language}" in row["corpus"]
        and (row["doc"], row["value"]) not in WRONG
    ]
    contexts = {row["context"]: row["dct"] for row in marked}
    found = find_dates(list(contexts), list(contexts.values()), language)
    texts = list(contexts)
    wanted = {(row["context"], row["text"], row["value"]) for row in marked}
    got = set()
    for x in found.to_dicts():
        context = texts[x["index"]]
        for row in marked:
            at = context.find(row["text"]) if row["context"] == context else -1
            if at >= 0 and x["start"] < at + len(row["text"]) and at < x["end"]:
                got.add((context, row["text"], str(x["date"])))
    # Both ends of a range share one span, but only one of them may be marked.
    shared = {(context, text) for context, text, _ in wanted & got}
    got -= {g for g in got - wanted if g[:2] in shared}
    precision, recall = scores(wanted, got)
    print(f"{language}: {len(wanted)} marked, P {precision:.3f} R {recall:.3f}")  # noqa: T201  figures for -s
    assert f1(precision, recall) >= least


def test_dates_marked_by_reading_are_found_and_resolved():
    """Every text of `date_gold.jsonl` was read number by number; a text may have no date.

    Texts without a publication date are marked only where the date has its year.
    """
    gold = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    sets = {g["set"] for g in gold}
    record = {(name, row["id"]): row for name in sets for row in rows(name)}
    parts = sorted({(g["set"], g["id"], g["language"] or "") for g in gold})
    texts = [
        (name, known, language, field)
        for name, known, language in parts
        for field in ("title", "body")
    ]
    stamps = [
        parse_stamp(record[name, known].get("published") or "", language=language)
        for name, known, language, _ in texts
    ]
    found = find_dates(
        [record[name, known].get(field) for name, known, _, field in texts],
        [stamp and stamp.at for stamp in stamps],
        [language for _, _, language, _ in texts],
    )
    marks = [
        ((*t[:2], t[3]), g["start"], g["end"], g["date"], t[2])
        for t in texts
        for g in gold
        if g["date"] and (g["set"], g["id"], g["field"]) == (t[0], t[1], t[3])
    ]
    wanted, right, given, hits = Counter(), Counter(), Counter(), Counter()
    for where, start, end, day, language in marks:
        wanted[language] += 1
        right[language] += any(
            (*texts[x["index"]][:2], texts[x["index"]][3]) == where
            and x["start"] < end
            and start < x["end"]
            and str(x["date"]) == day
            for x in found.to_dicts()
        )
    for x in found.to_dicts():
        name, known, language, field = texts[x["index"]]
        given[language] += 1
        hits[language] += any(
            where == (name, known, field)
            and x["start"] < end
            and start < x["end"]
            and str(x["date"]) == day
            for where, start, end, day, _ in marks
        )
    for language in sorted(wanted):
        p, r = hits[language] / max(1, given[language]), right[language] / wanted[language]
        figures = f"P {p:.3f} R {r:.3f} F1 {f1(p, r):.3f}"
        print(f"{language}: {wanted[language]} marked, {figures}")  # noqa: T201  figures for -s
    precision, recall = (
        sum(hits.values()) / sum(given.values()),
        sum(right.values()) / sum(wanted.values()),
    )
    assert f1(precision, recall) >= 0.85


def test_dates_of_urls_rarely_raise_a_false_alarm():
    rule = [r for r in load_catalogue().rules if r.name == "url-date-mismatch"]
    plan = build_plan(rule, Context(now=EXAMPLES_NOW))
    frame = records_from_rows(
        [{key: row[key] for key in ("id", "url", "published")} for row in rows("urldates")]
    )
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    hits = {
        row["id"] for f in partial.findings for row in f.to_dicts() if row["severity"] != "info"
    }
    same = [
        row["id"]
        for row in rows("urldates", "labels")
        if row["delta_days"] is not None and abs(row["delta_days"]) <= 1
    ]
    assert len(hits.intersection(same)) <= 0.01 * len(same)
