"""What suites ask of each record by itself, counted batch by batch, so that no text is kept for it.

What they ask of all records together, such as that no URL repeats, takes the columns of all.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from newsqa.lanes import in_lane
from newsqa.suites.frames import RECORD_COLUMNS, no_records, suite_columns
from newsqa.suites.judge import columns_of, measures_of
from newsqa.suites.known import NATIVE
from newsqa.suites.model import Expectation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    import polars as pl

    from newsqa.suites.model import Suite
    from newsqa.suites.native import Figures, Measures

_NUMBERED_LATER = "record"
"""The column that says another thing in a part of a file than in all of it."""


class RowCounts:
    """Counts the rows of one batch after the other, beside what else is done with them.

    Args:
        expectations: Some about rows, as `counted` returns them.
    """

    def __init__(self, expectations: Iterable[Expectation]) -> None:
        self._measures = {
            f"{number}.{name}": measure
            for number, expectation in enumerate(expectations)
            for name, measure in (_measures(expectation) or {}).items()
        }
        self._sums: Counter[str] = Counter()
        self._under_way: Future[dict[str, int]] | None = None

    def take(self, records: pl.DataFrame) -> None:
        """Have a batch counted; only one is counted, and held, at a time."""
        self._add()
        if self._measures:
            self._under_way = in_lane("suites", _figures, records, self._measures)

    def sums(self) -> dict[str, int]:
        """Return the figures of all batches, by `number.name`, as `known_figures` takes them."""
        self._add()
        return dict(self._sums)

    def _add(self) -> None:
        if self._under_way:
            self._sums.update(self._under_way.result())
            self._under_way = None


def _figures(records: pl.DataFrame, measures: Measures) -> dict[str, int]:
    named = [measure.alias(name) for name, measure in measures.items()]
    return suite_columns(records.lazy(), RECORD_COLUMNS).select(named).collect().row(0, named=True)


def counted(suites: Iterable[Suite]) -> tuple[Expectation, ...]:
    """Return the expectations about the rows of the records, in the order of the suites."""
    return tuple(e for suite in suites for e in suite.expectations if _is_known(e, "rows"))


def known_figures(suites: Iterable[Suite], counts: Mapping[str, int]) -> list[dict[int, Figures]]:
    """Return for each suite the figures of expectations, by number, that take no column to judge.

    Args:
        suites: The suites.
        counts: The sums that `RowCounts` of what `counted` returns of them has, of all parts.
    """
    known: list[dict[int, Figures]] = []
    before = 0
    for suite in suites:
        own: dict[int, Figures] = {}
        for number, expectation in enumerate(suite.expectations):
            if _is_known(expectation, "rows"):
                names = _measures(expectation) or {}
                own[number] = {name: counts.get(f"{before}.{name}", 0) for name in names}
                before += 1
            elif _is_known(expectation, "columns"):
                named = [e.alias(name) for name, e in (_measures(expectation) or {}).items()]
                own[number] = no_records(RECORD_COLUMNS).select(named).collect().row(0, named=True)
        known.append(own)
    return known


def needs(expectation: Expectation) -> set[str]:
    """Return the columns of all records that an expectation about them needs."""
    known = any(_is_known(expectation, about) for about in ("rows", "columns"))
    return set() if known else columns_of(expectation, RECORD_COLUMNS)


def _is_known(expectation: Expectation, about: str) -> bool:
    native = NATIVE.get(expectation.type)
    if expectation.frame != "records" or native is None or native.about != about:
        return False
    if about == "rows" and _NUMBERED_LATER in columns_of(expectation, RECORD_COLUMNS):
        return False
    return _measures(expectation) is not None


def _measures(expectation: Expectation) -> Measures | None:
    try:
        told = json.dumps(expectation.kwargs, sort_keys=True)
    except TypeError:  # Arguments that no suite in a file can have.
        return None
    return _measured(expectation.type, told)


@lru_cache(1024)
def _measured(sort: str, kwargs: str) -> Measures | None:
    return measures_of(Expectation(sort, json.loads(kwargs)), _schema())


@cache
def _schema() -> Mapping[str, pl.DataType]:
    return no_records(RECORD_COLUMNS).collect_schema()
