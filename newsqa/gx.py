"""newsqa's rules as expectations, for those who live in Great Expectations.

Importing this module registers the expectations with GX, and imports GX, which takes seconds:

    import newsqa.gx
    suite.add_expectation(newsqa.gx.ExpectRecordsToPassNewsqa(fail_on="error", mostly=0.99))

They work on pandas data frames whose columns newsqa recognises, as `newsqa check` would. Results
hold counts and names of rules, never scraped text.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

import newsqa

__all__ = ["ExpectRecordsToPassNewsqa", "ExpectSourcesToPassNewsqa"]

_RULES = ("rules", "ignore", "fail_on", "now")


class _NewsqaFindings(TableMetricProvider):
    """The figures of a check of the whole batch: records, flawed records and findings by rule."""

    metric_name = "table.newsqa_findings"
    value_keys = _RULES

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  the decorator makes it a class method
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,
    ) -> dict[str, Any]:
        frame, _, _ = execution_engine.get_compute_domain(
            metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        return figures(frame, **{k: metric_value_kwargs.get(k) for k in _RULES})


def figures(
    frame: Any,
    *,
    rules: list[str] | None = None,
    ignore: list[str] | None = None,
    fail_on: str | None = None,
    now: str | None = None,
) -> dict[str, Any]:
    """Return what newsqa says of a pandas data frame, in counts.

    Args:
        frame: One row a record.
        rules: Codes, names or families of the rules to apply; all by default.
        ignore: Codes, names or families of rules to leave out.
        fail_on: Lowest severity that counts; `error` by default.
        now: The time that records are judged at, ISO 8601; the present by default.

    Returns:
        `records`, `flawed`, `findings` (findings by rule) and `sources` (flawed sources).
    """
    from datetime import datetime

    import polars as pl

    from newsqa.config import Rules
    from newsqa.finding import Severity

    worst = Severity(fail_on or "error")
    counted = [s.value for s in Severity if s.rank >= worst.rank]
    config = newsqa.Config(rules=Rules(select=rules or ["ALL"], ignore=ignore or []))
    columns = {str(name): pl.Series(_plain(frame[name]), strict=False) for name in frame.columns}
    at = datetime.fromisoformat(now) if now else None
    result = newsqa.check(pl.DataFrame(columns), config=config, now=at)
    found = result.findings.filter(pl.col("severity").is_in(counted))
    by_rule = found.group_by("name").len().sort("name").iter_rows()
    return {
        "records": result.totals["records_read"],
        "flawed": found.drop_nulls("record").select("path", "record").n_unique(),
        "findings": dict(by_rule),
        "sources": sorted(found.drop_nulls("source")["source"].unique()),
    }


def _plain(series: Any) -> list[Any]:
    """Return the values of a pandas series with None for everything that pandas calls missing."""
    values = series.astype(object).where(series.notna(), None).tolist()
    return [v.isoformat() if hasattr(v, "isoformat") else v for v in values]


class ExpectRecordsToPassNewsqa(BatchExpectation):
    """Expect records to pass the rules of newsqa.

    Args:
        rules: Codes, names or families of the rules to apply, such as `["LEK", "stale-teaser"]`.
        ignore: Codes, names or families of rules to leave out.
        fail_on: Lowest severity of a finding that counts: `error`, `warning` or `info`.
        mostly: Share of the records that must have no such finding.
        now: The time that records are judged at, ISO 8601.
    """

    rules: list[str] | None = None
    ignore: list[str] | None = None
    fail_on: Literal["error", "warning", "info"] = "error"
    mostly: float = 1.0
    now: str | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.newsqa_findings",)
    success_keys: ClassVar[tuple[str, ...]] = (*_RULES, "mostly")
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002  as GX calls it
        execution_engine: Any = None,  # noqa: ARG002  as above
    ) -> dict[str, Any]:
        found = metrics["table.newsqa_findings"]
        records, flawed = found["records"], found["flawed"]
        share = (records - flawed) / records if records else 1.0
        return {
            "success": share >= self.mostly,
            "result": {
                "observed_value": share,
                "element_count": records,
                "unexpected_count": flawed,
                "unexpected_percent": 100 * flawed / records if records else None,
                "details": {"findings": found["findings"]},
            },
        }


class ExpectSourcesToPassNewsqa(BatchExpectation):
    """Expect every source but a few to have no finding of the rules of newsqa.

    Args:
        rules, ignore, fail_on, now: As for `ExpectRecordsToPassNewsqa`.
        max_sources: Sources that may have one.
    """

    rules: list[str] | None = None
    ignore: list[str] | None = None
    fail_on: Literal["error", "warning", "info"] = "error"
    max_sources: int = 0
    now: str | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.newsqa_findings",)
    success_keys: ClassVar[tuple[str, ...]] = (*_RULES, "max_sources")
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002  as GX calls it
        execution_engine: Any = None,  # noqa: ARG002  as above
    ) -> dict[str, Any]:
        found = metrics["table.newsqa_findings"]
        return {
            "success": len(found["sources"]) <= self.max_sources,
            "result": {
                "observed_value": len(found["sources"]),
                "details": {"findings": found["findings"]},
            },
        }
