"""Who is measured, each a function of a path in a module of its own libraries."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["limit", "dozen", "newsqa"]


class Contestant(NamedTuple):
    """Who is measured.

    Args:
        name: What the command line calls it.
        title: What tables call it.
        kind: A lower limit, the dozen by somebody, or all of newsqa.
        function: Module and function; one of the dozen returns failing records by check.
        library: Distribution whose version is told.
    """

    name: str
    title: str
    kind: Kind
    function: str
    library: str

    def load(self) -> Callable[[Path], dict[str, int] | None]:
        """Return the function; raises ImportError where its library is not installed."""
        module, name = self.function.split(":")
        found: Callable[[Path], dict[str, int] | None] = getattr(import_module(module), name)
        return found

    def versioned(self) -> str:
        """Return the library and its version."""
        return f"{self.library} {version(self.library)}"


_ALL = (
    Contestant("read", "Polars: read alone", "limit", "units:read_alone", "polars"),
    Contestant("unit", "Polars: read + one pass (the unit)", "limit", "units:unit", "polars"),
    Contestant("alike", "the same, literals alike", "limit", "units:unit_of_alike", "polars"),
    Contestant("readers", "newsqa: readers alone", "limit", "ours:readers", "newsqa"),
    Contestant("polars", "Polars, by hand", "dozen", "dozen:polars", "polars"),
    Contestant("dataframely", "dataframely", "dozen", "peers_polars:dataframely", "dataframely"),
    Contestant("pandera", "pandera.polars", "dozen", "peers_polars:pandera", "pandera"),
    Contestant(
        "pointblank", "Pointblank on Polars", "dozen", "peers_polars:pointblank", "pointblank"
    ),
    Contestant("cuallee", "cuallee on Polars", "dozen", "peers_polars:cuallee", "cuallee"),
    Contestant("duckdb", "DuckDB", "dozen", "peers_tables:duckdb", "duckdb"),
    Contestant("datatrove", "datatrove filter", "dozen", "peers_items:datatrove", "datatrove"),
    Contestant(
        "gx",
        "Great Expectations on pandas",
        "dozen",
        "peers_tables:great_expectations",
        "great-expectations",
    ),
    Contestant(
        "spidermon", "Spidermon, item by item", "dozen", "peers_items:spidermon", "spidermon"
    ),
    Contestant("suite", "newsqa: the dozen as a suite", "dozen", "ours:dozen_as_suite", "newsqa"),
    Contestant("rules", "newsqa: the dozen as rules", "dozen", "ours:dozen_as_rules", "newsqa"),
    Contestant("all", "newsqa: whole catalogue, one process", "newsqa", "ours:catalogue", "newsqa"),
    Contestant(
        "all-cores",
        "newsqa: whole catalogue, one process a core",
        "newsqa",
        "ours:catalogue_by_processes",
        "newsqa",
    ),
)
CONTESTANTS = {contestant.name: contestant for contestant in _ALL}
