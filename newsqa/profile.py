"""What an input is like, before anything is judged: how full, how long, in what language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.checks.language import identify
from newsqa.readers import Reading
from newsqa.record import FIELD_NAMES, provides_mask
from newsqa.selection import Selection
from newsqa.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from newsqa.config import Config
    from newsqa.readers import FileReport

SAMPLE = 50
"""Texts of a source whose language is identified: its first ones."""
_READ, _LEAST = 1500, 80


@dataclass(frozen=True)
class Spread:
    """Lengths in characters: exceeded by 95 % of records, by half, and by 5 %."""

    low: int
    median: int
    high: int


@dataclass(frozen=True)
class SourceProfile:
    """One source.

    Args:
        source: Its name, or None.
        records: Records read.
        provided: Records whose file has the field at all, by canonical field.
        filled: Records that fill it, by canonical field.
        title, body: Lengths of those that are there, or None.
        first, last: First and last day of publication, or None.
        stated: Records by the language that they state, the most frequent first.
        identified: Texts among the first `SAMPLE` by the language that they are in, likewise.
    """

    source: str | None
    records: int
    provided: dict[str, int]
    filled: dict[str, int]
    title: Spread | None
    body: Spread | None
    first: date | None
    last: date | None
    stated: dict[str, int]
    identified: dict[str, int]


@dataclass(frozen=True)
class Profile:
    """All sources, the largest first, and the files that were read."""

    sources: tuple[SourceProfile, ...]
    files: tuple[FileReport, ...]
    found: int
    refused: int


def profile(
    paths: Sequence[str], config: Config, selection: Selection | None = None, **reading: Any
) -> Profile:
    """Return what an input is like; one pass, and of each record only some figures are kept.

    Args:
        paths: Files, folders, globs, or `-`.
        config: For `fields` and `exclude`.
        selection: Which records count; all unless given.
        reading: Further arguments of `newsqa.readers.Reading`.

    Raises:
        UsageError: A path does not exist.
    """
    source = Reading(paths, fields=config.fields, exclude=config.exclude, **reading)
    chosen = selection or Selection()
    frames: list[pl.DataFrame] = []
    languages: dict[str | None, Counter[str]] = {}
    found = refused = 0
    for given in source:
        batch, _ = chosen.apply(given)
        found, refused = found + batch.found, refused + batch.refused
        if batch.frame.height:
            frames.append(_figures(batch.frame))
            _identify(batch.frame, languages)
    sources = _sources(pl.concat(frames), languages) if frames else ()
    return Profile(sources, tuple(source.files), found, refused)


def _figures(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "source",
        "provides",
        "language",
        pl.col("title", "body").str.len_chars(),
        pl.col("published").dt.date(),
        *(_is_filled(name).alias(f"has_{name}") for name in FIELD_NAMES),
    )


def _is_filled(name: str) -> pl.Expr:
    return (
        pl.col(name).list.len().fill_null(0) > 0
        if name == "authors"
        else pl.col(name).is_not_null()
    )


def _identify(frame: pl.DataFrame, languages: dict[str | None, Counter[str]]) -> None:
    """Count the languages of the first texts of each source."""
    texts = frame.filter(pl.col("body").str.len_chars() >= _LEAST)
    first = texts.select("source", "body").group_by("source", maintain_order=True).head(SAMPLE)
    for source, body in first.iter_rows():
        counted = languages.setdefault(source, Counter())
        if counted.total() < SAMPLE:
            likely = identify(body[:_READ])
            counted[max(likely, key=likely.__getitem__)] += 1


def _sources(
    figures: pl.DataFrame, languages: dict[str | None, Counter[str]]
) -> tuple[SourceProfile, ...]:
    profiles = [
        _source(source, own, languages.get(source, Counter()))
        for (source,), own in figures.group_by("source")
    ]
    return tuple(sorted(profiles, key=lambda p: (-p.records, p.source or "")))


def _source(source: Any, own: pl.DataFrame, identified: Counter[str]) -> SourceProfile:
    stated = Counter(
        {
            language_of(word) or word: number
            for word, number in own["language"].drop_nulls().value_counts().iter_rows()
        }
    )
    has = {name: int(own[f"has_{name}"].sum()) for name in FIELD_NAMES}
    gives = {
        name: int((own["provides"] & provides_mask([name])).cast(pl.Boolean).sum())
        for name in FIELD_NAMES
    }
    days: list[date] = own["published"].drop_nulls().to_list()
    return SourceProfile(
        source=source,
        records=own.height,
        provided=gives,
        filled=has,
        title=_spread(own["title"]),
        body=_spread(own["body"]),
        first=min(days, default=None),
        last=max(days, default=None),
        stated=dict(stated.most_common()),
        identified=dict(identified.most_common()),
    )


def _spread(lengths: pl.Series) -> Spread | None:
    known = lengths.drop_nulls()
    if known.is_empty():
        return None
    shares = (0.05, 0.5, 0.95)
    return Spread(*(int(known.quantile(share, "nearest") or 0) for share in shares))
