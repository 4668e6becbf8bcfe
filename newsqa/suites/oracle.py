"""Great Expectations itself, for what is not judged natively, and to compare with.

Importing this module's function imports great_expectations and pandas, which takes seconds.
"""

from __future__ import annotations

import importlib
import logging
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.suites.judge import columns_of
from newsqa.suites.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsqa.suites.model import Expectation

_VALUES = ("partial_unexpected_list", "partial_unexpected_counts", "partial_missing_list")


def judge_with_gx(
    frame: pl.LazyFrame, expectations: Sequence[Expectation], *, values: bool = False
) -> list[Outcome]:
    """Return what GX says of expectations, over a pandas frame of the columns that they need.

    Args:
        frame: The rows.
        expectations: In any order; the outcomes have the same.
        values: Whether results show scraped values.
    """
    names = frame.collect_schema().names()
    needed = set().union(*(columns_of(e, names) for e in expectations))
    # The number of rows must survive where no column is needed.
    narrow = frame.select([n for n in names if n in needed] or names[:1]).collect()
    return [
        _outcome(e, r, values=values)
        for e, r in zip(expectations, _validated(narrow, expectations), strict=True)
    ]


def register(modules: Iterable[str]) -> frozenset[str]:
    """Import modules with expectations of a user's own, and return the names they add to GX's.

    Raises:
        ImportError: A module cannot be imported.
    """
    with _quiet():
        from great_expectations.expectations.registry import (
            list_registered_expectation_implementations,
        )

        before = set(list_registered_expectation_implementations())
        for module in modules:
            importlib.import_module(module)
        return frozenset(set(list_registered_expectation_implementations()) - before)


def data_docs(content: dict[str, Any]) -> str:
    """Return the page that GX's Data Docs have for the result of a suite.

    Args:
        content: The result as JSON. GX does not escape it: it must not hold scraped text.
    """
    with _quiet():
        from great_expectations.core.expectation_validation_result import (
            expectationSuiteValidationResultSchema,
        )
        from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
        from great_expectations.render.view.view import DefaultJinjaPageView

        result = expectationSuiteValidationResultSchema.load(content)
        renderer: Any = ValidationResultsPageRenderer()
        view: Any = DefaultJinjaPageView()
        return str(view.render(renderer.render(result)))


def _validated(narrow: pl.DataFrame, expectations: Sequence[Expectation]) -> list[Any]:
    with _quiet():
        from great_expectations.core.result_format import ResultFormat
        from great_expectations.expectations.expectation_configuration import (
            ExpectationConfiguration,
        )
        from great_expectations.expectations.metadata_types import FailureSeverity

        batch = _batches().get_batch({"dataframe": pandas_frame(narrow)})
        results = []
        for expectation in expectations:
            config = ExpectationConfiguration(
                type=expectation.type,
                kwargs=dict(expectation.kwargs),
                severity=FailureSeverity(expectation.severity),
            )
            try:
                found = batch.validate(config.to_domain_obj(), result_format=ResultFormat.BASIC)
                results.append(found.to_json_dict())
            except Exception as error:  # noqa: BLE001  GX raises many types; a finding says so
                results.append({"success": False, "result": {}, "exception": str(error)})
        return results


@cache
def _batches() -> Any:
    """Return what gives GX its batches, from a context that writes and sends nothing."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("newsqa").add_dataframe_asset("records")
    return asset.add_batch_definition_whole_dataframe("all")


def pandas_frame(frame: pl.DataFrame) -> Any:
    """Return a frame as pandas has it: numbers with nulls as floats with NaN, the rest as objects.

    Polars' own conversion needs pyarrow, which nothing else here does.
    """
    import pandas as pd

    return pd.DataFrame({name: _pandas_series(frame[name], pd) for name in frame.columns})


def _pandas_series(series: pl.Series, pd: Any) -> Any:
    dtype = series.dtype
    if dtype == pl.Datetime:
        stamps = series.dt.replace_time_zone(None).to_numpy()
        zone = getattr(dtype, "time_zone", None)
        found = pd.Series(stamps)
        return found.dt.tz_localize(zone) if zone else found
    if dtype.is_float() or (dtype.is_integer() and not series.null_count()):
        return pd.Series(series.to_numpy())
    if dtype.is_integer():
        return pd.Series(series.cast(pl.Float64).to_numpy())
    if dtype == pl.Boolean and not series.null_count():
        return pd.Series(series.to_numpy())
    return pd.Series(series.to_list(), dtype=object)


def _outcome(expectation: Expectation, found: dict[str, Any], *, values: bool) -> Outcome:
    result = dict(found.get("result") or {})
    if not values:
        result = {k: v for k, v in result.items() if k not in _VALUES}
    success = str(found["success"]) == "True"
    return Outcome(expectation, success, result, "gx", _exception(found))


def _exception(found: dict[str, Any]) -> str | None:
    if "exception" in found:
        return str(found["exception"])
    info = found.get("exception_info") or {}
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [e for e in entries if isinstance(e, dict) and e.get("raised_exception")]
    return str(raised[0].get("exception_message")) if raised else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the warnings and log lines of GX and of what it imports out of our output."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
