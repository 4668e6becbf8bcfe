"""Records told apart: those to keep and those to drop, as a list that a pipeline can join with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.errors import UsageError
from newsqa.finding import Severity
from newsqa.run import check_and_keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from newsqa.config import Config
    from newsqa.result import Result
    from newsqa.run import Input

LIST_KINDS = (".jsonl", ".ndjson", ".parquet", ".csv")
_UNREAD = "unreadable-record"
_LOCATORS = ("path", "line", "record", "id", "url", "source")


@dataclass(frozen=True)
class Division:
    """What became of each record.

    Args:
        result: The check that it rests on.
        records: One row a record found: `path`, `line`, `record`, `id`, `url`, `source`, `keep`,
            and `rules`, the codes that speak against it. Records that could not be read are there
            too, with neither `record` nor `id`, and are never kept.
    """

    result: Result
    records: pl.DataFrame


def split(
    inputs: Input | Sequence[Input],
    *,
    drop_on: str = "error",
    also: Iterable[str] = (),
    **options: Any,
) -> Division:
    """Check records, and tell which to keep.

    A record is dropped when a finding of its own is as severe as `drop_on`, or is of a rule among
    `also`. Findings of a whole source drop no record, and accepted findings none either.

    Args:
        inputs: As in `newsqa.check`.
        drop_on: `error`, `warning`, `info`, or `never`.
        also: Codes of rules that drop a record whatever their severity.
        options: Further arguments of `newsqa.check`.
    """
    with check_and_keep(inputs, _LOCATORS, **options) as (result, checked):
        seen = checked.select(_LOCATORS).collect()
    against = _against(result.findings, drop_on, list(also))
    unread = result.all_findings.filter(pl.col("name") == _UNREAD)
    refused = unread.select(
        *_LOCATORS,
        pl.lit(value=False).alias("keep"),
        pl.concat_list("rule").alias("rules"),
    )
    marked = (
        seen.join(against, on=["path", "record"], how="left", maintain_order="left")
        .with_columns(
            pl.col("rules").is_null().alias("keep"),
            pl.col("rules").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        )
        .select(*_LOCATORS, "keep", "rules")
    )
    records = pl.concat([marked, refused], how="vertical_relaxed")
    return Division(result, records.sort("path", "line", maintain_order=True))


def _against(findings: pl.DataFrame, drop_on: str, also: list[str]) -> pl.DataFrame:
    """Return the codes that speak against each record: `path`, `record`, `rules`."""
    severities = (
        []
        if drop_on == "never"
        else [s.value for s in Severity if s.rank >= Severity(drop_on).rank]
    )
    counts = pl.col("severity").is_in(severities) | pl.col("rule").is_in(also)
    own = findings.filter(counts & pl.col("record").is_not_null())
    return own.group_by("path", "record").agg(pl.col("rule").unique().sort().alias("rules"))


def write_list(records: pl.DataFrame, path: Path) -> None:
    """Write the list of records; the suffix of the file says how.

    Raises:
        UsageError: The suffix is not one of `LIST_KINDS`, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in LIST_KINDS:
        raise UsageError(f"{path}: a list is one of {', '.join(LIST_KINDS)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == ".parquet":
            records.write_parquet(path)
        elif kind == ".csv":
            records.with_columns(pl.col("rules").list.join(" ")).write_csv(path)
        else:
            records.write_ndjson(path)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path} cannot be written: {reason}", hint="name another file") from None


def chosen_rules(words: Sequence[str], config: Config) -> list[str]:
    """Return the codes of the rules that words name.

    Raises:
        UsageError: A word names none.
    """
    from newsqa.catalogue import load_catalogue

    return [rule.code for rule in load_catalogue(config.validators).select(words)]
