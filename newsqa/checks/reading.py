"""Faults met while reading: the rule gives them a name, the readers find them."""

from __future__ import annotations

from typing import ClassVar, Literal

from newsqa.checks.base import Check, Shape, check


@check
class Reading(Check):
    """A part of the input that could not be read as it stands.

    Args:
        problem: Kind of `newsqa.readers.Problem` that the rule reports.
    """

    key: ClassVar[str] = "reading"
    shape: ClassVar[Shape] = "reading"

    problem: Literal["unreadable-file", "unreadable-record", "wrong-encoding", "unknown-fields"]

    def fields(self) -> frozenset[str]:
        """Return no field: reading comes before there are any."""
        return frozenset()
