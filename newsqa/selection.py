"""Which records of an input are checked: those of some sources, or those since a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsqa.readers import Batch

_SPAN = re.compile(r"(\d{1,5})\s*([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Selection:
    """A choice of records.

    Args:
        sources: Globs; a record is kept when its source matches one of them. Empty keeps all.
        since: Records that were crawled earlier (published, where no crawl is stated) are left
            out; those without any time are kept, since their lack of one is a fault to be found.
            A span counts back from the time of the run.
    """

    sources: tuple[str, ...] = ()
    since: datetime | timedelta | None = None

    def at(self, now: datetime) -> Selection:
        """Return the choice at the time of a run."""
        since = now - self.since if isinstance(self.since, timedelta) else self.since
        return replace(self, since=since)

    def apply(self, batch: Batch) -> tuple[Batch, int]:
        """Return the batch without the records that are not chosen, and how many those are."""
        import polars as pl

        if isinstance(self.since, timedelta):
            raise TypeError("a span counts back from a time: see `at`")
        frame = batch.frame
        if self.sources:
            names = frame["source"].drop_nulls().unique()
            wanted = [n for n in names if any(fnmatchcase(n, glob) for glob in self.sources)]
            frame = frame.filter(pl.col("source").is_in(wanted))
        if self.since is not None:
            time = pl.coalesce("crawled", "published")
            frame = frame.filter((time >= self.since).fill_null(value=True))
        left_out = batch.frame.height - frame.height
        return replace(batch, frame=frame, found=batch.found - left_out), left_out


def since_when(word: str) -> datetime | timedelta | None:
    """Return the span that `36h`, `7d` or `2w` means, or the time of an ISO 8601 date, or None."""
    span = _SPAN.fullmatch(word.strip().lower())
    if span:
        return timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        instant = datetime.fromisoformat(word)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
