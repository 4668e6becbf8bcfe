"""Dates in news text, in datelines and in URLs: pure functions on strings and frames."""
