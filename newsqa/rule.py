"""The rule: one entry of a rule file, after parsing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.finding import Severity

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Family:
    """The rules of one file: what they are about and their common code prefix."""

    code: str
    title: str
    about: str


@dataclass(frozen=True)
class Rule:
    """What newsqa demands of the data, with its reasons and its examples.

    Args:
        code: Family and three digits; never reused for another rule.
        name: Name of the fault, in kebab-case.
        family: The family that the rule belongs to.
        summary: One sentence that says what the rule finds.
        rationale: Why the fault matters to those who use the data.
        cause: What usually causes the fault.
        fix: What to do about it.
        severity: Default severity of its findings.
        check: Key of the check that tests it.
        params: Parameters of that check.
        message: Template of a finding's message; `{name}` stands for a value of the finding.
        good: Examples without a finding: records, or lists of records for source and corpus rules.
        bad: Examples with a finding.
        was: Former codes and names.
        yields_to: Names of rules whose finding in a record leaves this one nothing to say there.
        origin: `path:line` of the entry.
    """

    code: str
    name: str
    family: Family
    summary: str
    rationale: str
    cause: str
    fix: str
    severity: Severity
    check: str
    params: Mapping[str, Any]
    message: str
    good: tuple[Any, ...]
    bad: tuple[Any, ...]
    was: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    origin: str = field(default="", compare=False)

    def say(self, values: Mapping[str, Any]) -> str:
        """Return the message with its places filled; an unknown place stays as it is.

        Scraped text is folded to one line and shortened; it is not escaped, since only the place
        that prints it knows how.
        """

        def fill(match: re.Match[str]) -> str:
            if match[1] not in values:
                return match[0]
            text = " ".join(str(values[match[1]]).split())
            return text if len(text) <= 100 else text[:99] + "…"

        return _PLACE.sub(fill, self.message)
