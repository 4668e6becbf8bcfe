"""Inputs cut into small parts, and what a check says of them, whoever did it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

from newsqa.config import Config
from newsqa.readers import cut
from newsqa.run import How
from newsqa.run import check as run_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.result import Result

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = ("INP", "LEK001", "HED001", "DAT", "DUP", "SRC", "AUT")
LONG = 1 << 40


def config(*rules: str, **more: Any) -> Config:
    return Config.model_validate({"rules": {"select": list(rules or RULES)}} | more)


@contextmanager
def parts_of(size: int, files: int = LONG, rows: int = LONG) -> Iterator[None]:
    """Cut files into stretches of some bytes or rows, and take some files together at most."""
    small = {
        "PART_BYTES": size,
        "_PART_ROWS": rows,
        "_MOST_FILES": files,
        "_BORDERS": (),
    }
    with mock.patch.multiple(cut, **small):
        yield


def check(paths: Any, *, small: tuple[int, ...] = (), **more: Any) -> Result:
    """Check with few rules, in parts of `small`, as in `parts_of`, or in one part."""
    how = {"config": config(), "now": NOW} | more
    with parts_of(*(small or (LONG,))):
        return run_check(paths, **how)


def told(result: Result) -> dict[str, Any]:
    """Return all that must not depend on parts, processes or a cache."""
    return {
        "findings": result.findings.to_dicts(),
        "files": result.run["files"],
        "records": result.records.to_dicts(),
        "days": result.days.to_dicts(),
        "totals": result.totals,
        "rules": [(s.rule.code, s.status, s.applicable, s.findings, s.note) for s in result.rules],
        "suites": [repr(suite) for suite in result.suites],
        "verdict": result.verdict,
        "left_out": result.run.get("records_left_out"),
    }


def how(**words: Any) -> How:
    return How(**words)
