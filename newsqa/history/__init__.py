"""Runs that are kept: written, listed, read back as results, and held against each other."""

from __future__ import annotations

from newsqa.history.load import base_of, load_result
from newsqa.history.past import earlier_run, look_back, read_baseline
from newsqa.history.runs import Run, find_run, list_runs
from newsqa.history.save import save_run

__all__ = [
    "Run",
    "base_of",
    "earlier_run",
    "find_run",
    "list_runs",
    "load_result",
    "look_back",
    "read_baseline",
    "save_run",
]
