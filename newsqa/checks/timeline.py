"""The time of records, and the places in it where something breaks off or thins out.

The time of a record is its crawl where the crawls of its source are spread over days and follow the
news, else its publication: a crawl in one go says nothing about time, nor one through an archive.

A change is looked for at every place: the sum of what is there, less what would be there after a
break, rises until the break and falls from then on (CUSUM, Page 1954). It counts where chance would
hardly ever bring it about, and where nothing like it is in the source's own past, since weekends,
holidays and sections are no chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsqa.checks.base import Context

_MOSTLY = 0.9
_FRESH = 7  # days that a story has to wait for its crawl at most
SPREAD = 5  # days with crawls that make them a time axis


def times() -> dict[str, pl.Expr]:
    """Return the key columns that give a record its time."""
    return {"published": pl.col("published"), "crawled": pl.col("crawled")}


def timed(keys: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Return the records that have a `time`, none of them in the future, with it and its `day`."""
    crawled = pl.col("crawled")
    spread = (crawled.is_not_null().mean() >= _MOSTLY) & (crawled.dt.date().n_unique() >= SPREAD)
    late = (crawled - pl.col("published")).median() > pl.duration(days=_FRESH)
    live = (spread & ~late.fill_null(value=False)).over("source")
    return (
        keys.drop_nulls("source")
        .with_columns(pl.when(live).then("crawled").otherwise("published").alias("time"))
        .filter(pl.col("time").dt.date() <= context.now.date())
        .with_columns(pl.col("time").dt.date().alias("day"))
    )


def turns(amounts: NDArray[np.float64], kept: float) -> list[int]:
    """Return the places from which on a share `kept` of the former amounts may at most be left.

    There is one for each of two first guesses of what was former: a part of the mean, which a late
    break changes little, and the mean, which a burst changes much and a long break little.
    """
    return sorted({_turn(amounts, kept, guess) for guess in (kept, 1.0)})


def _turn(amounts: NDArray[np.float64], kept: float, guess: float) -> int:
    limit, place = guess * amounts.mean(), 0
    for _ in range(2):
        sums = np.concatenate(([0.0], np.cumsum(amounts - limit)))
        place = len(amounts) - int(np.argmax(sums[::-1]))
        limit = kept * amounts[:place].mean() if place else 0.0
    return place
