"""The samples: healthy scraper output stays silent, broken output gives the reviewed findings.

Run this file as a program to write the findings of today to samples/expected.csv; then read the
difference line by line before it is committed. A line that is not true is a fault of a rule.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import newsqa

if TYPE_CHECKING:
    from newsqa.result import Result

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
EXPECTED = SAMPLES / "expected.csv"
COLUMNS = ("path", "line", "rule", "name", "severity", "source", "field", "marked")
MARKED_CHARACTERS = 60
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REWRITE = "python tests/test_samples.py"

Finding = tuple[str, ...]


def check_samples(folder: str) -> Result:
    """Return the result of a folder of samples at the time that they were written for."""
    return newsqa.check(SAMPLES / folder, now=NOW)


def findings_of(result: Result, folder: str) -> list[Finding]:
    """Return the findings as rows of `COLUMNS`, paths relative to the folder, in order."""
    rows = []
    for finding in result.findings.iter_rows(named=True):
        path = finding["path"]
        path = Path(path).relative_to(SAMPLES / folder).as_posix() if path else ""
        line = "" if finding["line"] is None else str(finding["line"])
        known = (path, line, finding["rule"], finding["name"], finding["severity"])
        place = (finding["source"] or "", finding["field"] or "", marked(finding))
        rows.append((*known, *place))
    return sorted(rows, key=lambda row: (row[0], int(row[1] or 0), row[2:]))


def marked(finding: dict[str, str]) -> str:
    """Return the characters that the finding points at, cut and on one line."""
    evidence = json.loads(finding["evidence"] or "{}")
    if "excerpt_start" not in evidence or not finding["excerpt"]:
        return ""
    text = finding["excerpt"][evidence["excerpt_start"] : evidence["excerpt_end"]]
    return " ".join(text.split())[:MARKED_CHARACTERS].strip()


def read_expected() -> list[Finding]:
    """Return the reviewed findings."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    assert rows[0] == COLUMNS
    return rows[1:]


def write_expected() -> None:
    """Write the findings of today, to be reviewed as a difference."""
    with EXPECTED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(findings_of(check_samples("broken"), "broken"))


def difference(expected: list[Finding], found: list[Finding]) -> str:
    """Return what is missing and what is unexpected, a finding a line; empty when equal."""
    left, lines = list(found), []
    for row in expected:
        if row in left:
            left.remove(row)
        else:
            lines.append("missing     " + " | ".join(row))
    lines += ["unexpected  " + " | ".join(row) for row in left]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def broken() -> Result:
    return check_samples("broken")


@pytest.fixture(scope="module")
def clean() -> Result:
    return check_samples("clean")


def test_broken_samples_give_the_reviewed_findings(broken: Result) -> None:
    difference_now = difference(read_expected(), findings_of(broken, "broken"))
    assert not difference_now, f"\n{difference_now}\nAll true? Then run: {REWRITE}"


def test_clean_samples_give_no_finding(clean: Result) -> None:
    found = ["\n" + " | ".join(row) for row in findings_of(clean, "clean")]
    assert not found, "".join(found)
    assert clean.verdict == "pass"


@pytest.mark.parametrize("folder", ["clean", "broken"])
def test_samples_are_of_many_formats(folder: str, request: pytest.FixtureRequest) -> None:
    result = request.getfixturevalue(folder)
    kinds = {(file.container, file.format) for file in result.files if file.read}
    assert len(kinds) >= 8


def test_no_rule_crashes(broken: Result, clean: Result) -> None:
    states = [*broken.rules, *clean.rules]
    assert [state.rule.code for state in states if state.status == "crashed"] == []


def test_broken_samples_show_nearly_every_rule(broken: Result) -> None:
    judged = [state for state in broken.rules if state.status == "checked"]
    silent = {state.rule.name for state in judged if not state.findings}
    assert len(silent) <= len(judged) // 10, sorted(silent)


def test_a_record_of_the_samples_is_never_lost(broken: Result, clean: Result) -> None:
    for result in (broken, clean):
        assert result.totals["records_found"] == sum(file.found for file in result.files)
        assert all(file.found == file.read + file.refused for file in result.files)


def test_the_difference_counts_repeated_findings() -> None:
    row = ("a.jsonl", "1", "LEK001", "template-leak", "error", "body", "{{ x }}")
    assert difference([row, row], [row]).startswith("missing     a.jsonl | 1 | LEK001")
    assert difference([row], [row, row]).startswith("unexpected  a.jsonl | 1 | LEK001")
    assert difference([row], [row]) == ""


if __name__ == "__main__":
    write_expected()
