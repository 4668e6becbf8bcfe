"""Records that are in memory already, by their canonical names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsqa.readers.build import Builder, sighting_of
from newsqa.readers.model import Raw
from newsqa.readers.order import DayOrders
from newsqa.record import FIELD_NAMES, provides_mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl


def records_from_rows(
    rows: Sequence[Mapping[str, object]], *, path: str = "<rows>"
) -> pl.DataFrame:
    """Return a batch from rows with canonical field names, such as the examples of rules.

    Args:
        rows: One mapping a record; an absent field is null. Dates may be text or dates.
        path: Shown as the file of the records; `line` is the number of the row, from 1.

    Raises:
        KeyError: A row has a key that is not a canonical field.
    """
    unknown = sorted({key for row in rows for key in row} - set(FIELD_NAMES))
    if unknown:
        raise KeyError(f"not a field of a record: {', '.join(unknown)}")
    values = [[row.get(name) for name in FIELD_NAMES] for row in rows]
    builder = Builder(
        DayOrders(lambda: map(sighting_of, values)), records=len(rows) + 1, size=1 << 62
    )
    everything = provides_mask(FIELD_NAMES)
    for number, (row, mapped) in enumerate(zip(rows, values, strict=True)):
        builder.add(path, number, Raw(number + 1, dict(row), 0), mapped, everything)
    return builder.build().frame
