"""newsqa, the linter for scraped news: the public names, loaded when they are used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsqa.catalogue import load_catalogue
    from newsqa.config import Config
    from newsqa.dates import find_dates
    from newsqa.finding import Finding, Severity
    from newsqa.result import Result
    from newsqa.run import check
    from newsqa.schema import record_model

__version__ = "0.1.0"
__all__ = [
    "Config",
    "Finding",
    "Result",
    "Severity",
    "check",
    "find_dates",
    "load_catalogue",
    "record_model",
]

_HOME = {
    "Config": "newsqa.config",
    "Finding": "newsqa.finding",
    "Result": "newsqa.result",
    "Severity": "newsqa.finding",
    "check": "newsqa.run",
    "find_dates": "newsqa.dates",
    "load_catalogue": "newsqa.catalogue",
    "record_model": "newsqa.schema",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module: importing newsqa must not import Polars."""
    if name not in _HOME:
        raise AttributeError(f"module 'newsqa' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
