"""Dates in news text, in datelines and in URLs: pure functions on strings and frames."""

from newsqa.dates.find import Mention, find_dates, mentions

__all__ = ["Mention", "find_dates", "mentions"]
