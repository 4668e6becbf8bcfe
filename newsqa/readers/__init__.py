"""Readers: what scrapers write, in whatever container and format, becomes batches of records."""

from newsqa.readers.inputs import Inputs
from newsqa.readers.model import Batch, FileReport, Problem
from newsqa.readers.order import DayOrders
from newsqa.readers.reading import Reading, records_from_frame
from newsqa.readers.rows import records_from_rows

__all__ = [
    "Batch",
    "DayOrders",
    "FileReport",
    "Inputs",
    "Problem",
    "Reading",
    "records_from_frame",
    "records_from_rows",
]
