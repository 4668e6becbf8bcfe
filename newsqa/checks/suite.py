"""Expectations of a suite that are not met: the rule gives them a name, the suites find them."""

from __future__ import annotations

from typing import ClassVar

from newsqa.checks.base import Check, Context, Shape, check


@check
class SuiteOutcome(Check):
    """Demands that every expectation of the suites in use is met.

    A finding has the severity of its expectation: `critical` is an error.
    """

    key: ClassVar[str] = "suite"
    shape: ClassVar[Shape] = "suite"

    def fields(self) -> frozenset[str]:
        """Return no field: an expectation says itself what it is about."""
        return frozenset()

    def lacks(self, context: Context) -> str:
        """Return that no suite is in use, or nothing."""
        return "" if context.suites else "no suite is in use"
