"""The frames that suites are about: records, sources and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl

from newsqa.record import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

_LOCATORS = ("path", "line", "record")
_DERIVED: dict[str, pl.Expr] = {
    "title_length": pl.col("title").str.len_chars().cast(pl.Int64),
    "body_length": pl.col("body").str.len_chars().cast(pl.Int64),
    "author_count": pl.col("authors").list.len().cast(pl.Int64),
    "day": pl.col("published").dt.date(),
    "lag_hours": (pl.col("crawled") - pl.col("published")).dt.total_minutes() / 60,
}
RECORD_COLUMNS: tuple[str, ...] = (*_LOCATORS, *FIELD_NAMES, *_DERIVED)
FINDING_COLUMNS: tuple[str, ...] = (
    "rule", "name", "severity", "path", "line", "record", "id", "url", "source", "field",
)  # fmt: skip
_SOURCE_FIGURES = ("records", "flawed", "findings", "errors", "warnings", "infos")
SOURCE_COLUMNS: tuple[str, ...] = (
    "source", *_SOURCE_FIGURES, "flawed_share", "first_day", "last_day", "age_days",
    *(f"{name}_filled" for name in FIELD_NAMES),
)  # fmt: skip


def stored_columns(columns: Collection[str]) -> list[str]:
    """Return those of `RECORD_COLUMNS` that are wanted, at least one."""
    return [name for name in RECORD_COLUMNS if name in columns] or ["record"]


def suite_columns(batch: Frame, columns: Collection[str]) -> Frame:
    """Return columns of the records of a batch that suites know, some worked out from others."""
    return batch.select(_DERIVED.get(name, pl.col(name)).alias(name) for name in columns)


def no_records(columns: Collection[str]) -> pl.LazyFrame:
    """Return a frame without records, its columns typed."""
    from newsqa.record import record_schema

    typed = pl.LazyFrame(schema=record_schema()).with_columns(
        expression.alias(name) for name, expression in _DERIVED.items()
    )
    return typed.select(columns)


def findings_frame(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings as suites see them: without messages and excerpts."""
    return findings.select(FINDING_COLUMNS)


def sources_frame(
    records: pl.DataFrame, findings: pl.DataFrame, days: pl.DataFrame, now: datetime
) -> pl.DataFrame:
    """Return one row a source.

    Args:
        records: As in `newsqa.result.Result`: records by source, and filled fields.
        findings: As in `newsqa.result.Result`.
        days: As in `newsqa.result.Result`: records by source and day of publication.
        now: The time that ages are counted to.
    """
    by_severity = [
        (pl.col("severity") == severity).sum().alias(f"{severity}s")
        for severity in ("error", "warning", "info")
    ]
    placed = pl.struct("path", "record").filter(pl.col("record").is_not_null())
    found = findings.group_by("source").agg(
        placed.n_unique().alias("flawed"), pl.len().alias("findings"), *by_severity
    )
    published = days.group_by("source").agg(
        pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day")
    )
    age = (pl.lit(now.date()) - pl.col("last_day")).dt.total_days()
    return (
        records.join(found, on="source", how="left", nulls_equal=True)
        .join(published, on="source", how="left", nulls_equal=True)
        .with_columns(pl.col(name).fill_null(0).cast(pl.Int64) for name in _SOURCE_FIGURES)
        .with_columns(
            (pl.col("flawed") / pl.col("records")).alias("flawed_share"),
            age.alias("age_days"),
            *(_share_filled(name) for name in FIELD_NAMES),
        )
        .select(SOURCE_COLUMNS)
    )


def _share_filled(name: str) -> pl.Expr:
    """Return the share of records that fill a field, null where no file of the source has it."""
    provided = pl.col(f"{name}_provided")
    filled = pl.col(f"{name}_filled") / pl.when(provided > 0).then(pl.col("records"))
    return filled.alias(f"{name}_filled")
