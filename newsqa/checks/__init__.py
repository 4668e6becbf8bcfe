"""The table of checks: how each kind of rule is tested."""

from __future__ import annotations

import importlib
import pkgutil

from newsqa.checks.base import (
    CHECKS,
    Check,
    Context,
    GroupCheck,
    GroupHit,
    Hit,
    RecordCheck,
    Row,
    clued,
)

__all__ = [
    "CHECKS",
    "Check",
    "Context",
    "GroupCheck",
    "GroupHit",
    "Hit",
    "RecordCheck",
    "Row",
    "clued",
]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
