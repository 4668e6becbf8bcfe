"""Figures on labelled real news, where it is at hand: it is no part of the project."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.dates.find import find_dates
from newsqa.engine import check_batch
from newsqa.plan import build_plan
from newsqa.readers import Batch, records_from_rows
from newsqa.selftest import EXAMPLES_NOW

SETS = Path(__file__).resolve().parents[2] / "shared" / "eval"
pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not SETS.exists(), reason="the labelled news is not at hand"),
]


def rows(name: str, file: str = "records") -> list[dict[str, Any]]:
    with gzip.open(SETS / name / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_marked_dates_are_found_and_resolved():
    marked = [row for row in rows("datemention") if "machine" not in row["corpus"]]
    references = [date.fromisoformat(row["dct"][:10]) for row in marked]
    found = find_dates([row["context"] for row in marked], references)
    right = 0
    for index, row in enumerate(marked):
        at = row["context"].find(row["text"])
        right += any(
            x["start"] < at + len(row["text"]) and at < x["end"] and str(x["date"]) == row["value"]
            for x in found.filter(index=index).to_dicts()
        )
    assert right / len(marked) >= 0.93


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
