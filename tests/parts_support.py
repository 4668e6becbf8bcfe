"""Inputs cut into small parts, and what a check says of them, whoever did it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

from newsqa.config import Config
from newsqa.readers import cut
from newsqa.run import check as run_check
from tests.runs_support import leak, story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsqa.result import Result

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = (
    "INP", "LEK001", "HED001", "AUT001", "DAT001", "DAT003", "DUP001", "DUP004", "BLD009", "SRC003",
)  # fmt: skip
ONE = 1 << 40
SMALL = (3000, 7, 17)


def config(*rules: str, **more: Any) -> Config:
    return Config.model_validate({"rules": {"select": list(rules or RULES)}} | more)


@contextmanager
def parts_of(size: int, files: int = ONE, rows: int = ONE) -> Iterator[None]:
    """Cut files into stretches of some bytes or rows, and take some files together at most."""
    small = {"PART_BYTES": size, "_PART_ROWS": rows, "_MOST_FILES": files, "_BORDERS": ()}
    with mock.patch.multiple(cut, **small):
        yield


def check(paths: Any, *, small: tuple[int, ...] = (ONE,), **more: Any) -> Result:
    """Check with few rules, in parts of `small`, as in `parts_of`; in one part unless given."""
    with parts_of(*small):
        return run_check(paths, **{"config": config(), "now": NOW} | more)


def told(result: Result) -> dict[str, Any]:
    """Return all that must not depend on parts, processes or a cache."""
    return {
        "findings": result.findings.to_dicts(),
        "files": result.run["files"],
        "records": result.records.to_dicts(),
        "days": result.days.to_dicts(),
        "totals": result.totals,
        "rules": [(s.rule.code, s.status, s.applicable, s.findings, s.note) for s in result.rules],
        "suites": [suite.as_dict() for suite in result.suites],
        "verdict": result.verdict,
        "left_out": result.run.get("records_left_out"),
    }


def records(number: int, **over: Any) -> list[dict[str, Any]]:
    """Return records of two sources; every fifth leaks, and some tell the same story twice."""
    made = [
        (leak if n % 5 == 0 else story)(n, ("Fenmouth", "Tarrow")[n % 2]) for n in range(number)
    ]
    for again in range(7, number, 20):
        made[again] = made[again] | {"url": made[again - 2]["url"]}
    return [record | over for record in made]


def lines(number: int, **over: Any) -> list[bytes]:
    return [json.dumps(record).encode() for record in records(number, **over)]


def write_lines(path: Path, content: Sequence[bytes], end: bytes = b"\n") -> Path:
    path.write_bytes(b"".join(line + end for line in content))
    return path
