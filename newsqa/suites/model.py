"""What a suite is once it is read: expectations, each with its arguments and its place."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Frame = Literal["records", "findings", "sources"]
FRAMES: tuple[Frame, ...] = ("records", "findings", "sources")
"""The frames that a suite can be about."""

SEVERITIES: dict[str, str] = {"critical": "error", "warning": "warning", "info": "info"}
"""Severity of GX to severity of newsqa."""


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite.

    Args:
        type: Its name in GX, such as `expect_column_values_to_not_be_null`.
        kwargs: Its arguments, suite parameters put in.
        severity: `critical`, `warning` or `info`, as GX calls it.
        meta, notes, description, id: As in the file.
        line: 1-based line of the file on which it begins, 0 where there is no file.
        frame: The frame that it is about.
    """

    type: str
    kwargs: Mapping[str, Any]
    severity: str = "critical"
    meta: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    notes: Any = None
    description: str | None = None
    id: str | None = None
    line: int = 0
    frame: Frame = "records"

    def config(self) -> dict[str, Any]:
        """Return the expectation as GX writes it in a file or a result."""
        config: dict[str, Any] = {
            "type": self.type,
            "kwargs": dict(self.kwargs),
            "meta": dict(self.meta),
        }
        for name in ("notes", "description", "id"):
            if getattr(self, name) is not None:
                config[name] = getattr(self, name)
        return config | {"severity": self.severity}

    @property
    def subject(self) -> str:
        """What it is about: a column, two, several, or the table."""
        kwargs = self.kwargs
        if "column" in kwargs:
            return str(kwargs["column"])
        if "column_A" in kwargs:
            return f"{kwargs['column_A']}, {kwargs.get('column_B')}"
        if kwargs.get("column_list") and self.type.startswith(
            ("expect_multi", "expect_comp", "expect_sel")
        ):
            return ", ".join(map(str, kwargs["column_list"]))
        return "table"


@dataclass(frozen=True)
class Suite:
    """A suite of expectations.

    Args:
        name: Its name.
        expectations: In the order of the file.
        path: The file, empty where there is none.
        meta: As in the file.
    """

    name: str
    expectations: tuple[Expectation, ...]
    path: str = ""
    meta: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one expectation.

    Args:
        expectation: The expectation.
        success: Whether it was met; an expectation that raised was not.
        result: Figures in the shape of GX: `element_count`, `unexpected_count`, `observed_value` …
        engine: `native`, or `gx` where Great Expectations itself judged.
        exception: What it raised, or None.
    """

    expectation: Expectation
    success: bool
    result: Mapping[str, Any]
    engine: Literal["native", "gx"] = "native"
    exception: str | None = None

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> Outcome:
        """Return the outcome that `as_dict` gave."""
        expectation = Expectation(**entry["expectation_config"])
        frame = (expectation.meta.get("newsqa") or {}).get("frame", "records")
        return cls(
            dataclasses.replace(expectation, frame=frame),
            entry["success"],
            entry["result"],
            entry["meta"]["newsqa_engine"],
            entry["exception_info"]["exception_message"],
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome in the shape of a GX validation result."""
        return {
            "success": self.success,
            "expectation_config": self.expectation.config(),
            "result": dict(self.result),
            "meta": {"newsqa_engine": self.engine},
            "exception_info": {
                "raised_exception": self.exception is not None,
                "exception_traceback": None,
                "exception_message": self.exception,
            },
        }


@dataclass(frozen=True)
class SuiteResult:
    """What became of a suite."""

    suite: Suite
    outcomes: tuple[Outcome, ...]

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> SuiteResult:
        """Return the result that `as_dict` gave."""
        outcomes = tuple(Outcome.from_dict(entry) for entry in content["results"])
        suite = Suite(content["suite_name"], tuple(o.expectation for o in outcomes))
        return cls(suite, outcomes)

    @property
    def success(self) -> bool:
        """Whether every expectation was met, as GX counts it."""
        return all(outcome.success for outcome in self.outcomes)

    def as_dict(self) -> dict[str, Any]:
        """Return the result in the shape of a GX suite validation result."""
        met, total = sum(o.success for o in self.outcomes), len(self.outcomes)
        return {
            "success": self.success,
            "results": [outcome.as_dict() for outcome in self.outcomes],
            "suite_name": self.suite.name,
            "suite_parameters": {},
            "statistics": {
                "evaluated_expectations": total,
                "successful_expectations": met,
                "unsuccessful_expectations": total - met,
                "success_percent": 100 * met / total if total else None,
            },
            "meta": {"newsqa_suite": self.suite.path or self.suite.name},
            "id": None,
        }
