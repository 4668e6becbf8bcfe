"""Reading as the tests of the readers do it: everything, with the books balanced."""

from __future__ import annotations

from typing import Any

import polars as pl

from newsqa.readers import Problem, Reading
from newsqa.record import record_schema


def gather(*paths: Any, **kwargs: Any) -> tuple[pl.DataFrame, list[Problem], Reading]:
    reading = Reading(list(paths), **kwargs)
    batches = list(reading)
    assert all(batch.found == batch.frame.height + batch.refused for batch in batches)
    assert sum(batch.found for batch in batches) == sum(file.found for file in reading.files)
    assert all(file.found == file.read + file.refused for file in reading.files)
    empty = pl.DataFrame(schema=record_schema())
    frame = pl.concat([empty, *(batch.frame for batch in batches)])
    return frame, [problem for batch in batches for problem in batch.problems], reading
