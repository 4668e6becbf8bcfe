"""What every check is: a kind of test with typed parameters, in one of three shapes.

A record check screens a whole batch with one Polars expression and then locates the faults in the
few records that the screen let through. A group check keeps a few columns of every record and
judges them together once all batches are read, for a source or for the whole corpus.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import polars as pl

    from newsqa.earlier import EarlierRun
    from newsqa.pages import Page

Shape = Literal["record", "source", "corpus", "reading", "suite"]


@dataclass(frozen=True)
class Context:
    """What a check may know beside the records; all of it is input.

    Args:
        now: The time to judge at: no check reads the clock.
        earlier: Figures of earlier runs, oldest first: no check opens a file.
        suites: Number of suites in use.
    """

    now: datetime
    earlier: tuple[EarlierRun, ...] = ()
    suites: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in one record where a check found its fault.

    Args:
        field: Canonical field that holds it.
        start: Character offset in the field; None when the whole field is at fault.
        end: Character offset behind it.
        values: Values for the places of the rule's message; the record's fields, `excerpt`
            and the evidence can be named there anyway.
        evidence: Figures behind the finding, JSON values only.
        severity: Severity of this hit where it differs from the rule's.
    """

    field: str | None = None
    start: int | None = None
    end: int | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class GroupHit:
    """One fault of a source or of the corpus.

    Args:
        row: Index (column `row` of the keys) of the record that the finding is shown at, or None
            when it concerns the source as a whole.
        source: The outlet at fault, or None.
        field, start, end, values, evidence, severity: As in `Hit`.
        excerpt: Text to show, since the record itself is no longer at hand.
        identity: What tells this fault from others of the same rule and record; goes into the
            fingerprint.
        of_source: The fault is the source's, and the record only shows it: it stays out of the
            fingerprint, since another one may show the same fault next time.
        line: Line in the file, where it is another than the record's own.
    """

    row: int | None = None
    source: str | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    excerpt: str | None = None
    identity: str = ""
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: str | None = None
    line: int | None = None
    of_source: bool = False


class Row:
    """One record that a screen let through, with views that are worked out once and on demand."""

    def __init__(self, values: Mapping[str, Any], context: Context) -> None:
        self.values = values
        self.context = context

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def text(self, name: str) -> str:
        """Return a text field, or the empty string where the record has none."""
        return self.values[name] or ""

    @cached_property
    def page(self) -> Page:
        """The body cut into headline, dateline, paragraphs, furniture and teasers."""
        from newsqa.pages import segment

        return segment(self.text("body"), title=self.text("title"))

    def forget(self) -> None:
        """Let go of the views: the pages of a whole batch are too much to hold at once."""
        self.__dict__.pop("page", None)


class Check(BaseModel, ABC):
    """A kind of test. Its pydantic fields are the parameters that a rule file sets.

    Attributes:
        key: What rule files call it.
        shape: What it looks at.
        reads_pages: Whether it looks at the pages of records, which are held one by one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    shape: ClassVar[Shape]
    reads_pages: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> frozenset[str]:
        """Return the canonical fields without which the check is not applicable."""

    def marks(self) -> dict[str, pl.Expr]:
        """Return columns of a batch that its expressions read beside those of a record, by name.

        Equal names mean equal content: each is worked out once a batch, however many checks read
        it. They are as the expression of `RecordCheck.screen`, of any type.
        """
        return {}

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return Rust patterns by text column, of which one matches where the screen may be true.

        The engine searches a column, which may be a mark, for those of all rules in one pass, and
        gives the screen `clued(column)`: the text where one of them matches, else the empty one.
        Some patterns are slow to search for beside others: `column/group` has a pass of its own.
        """
        return {}

    def literal_clues(self) -> dict[str, tuple[str, ...]]:
        """Return texts by text column, one of which stands in it where the screen may be true.

        They are searched for as, and together with, `clues`. A pass may look for thousands, which
        is too many for patterns.
        """
        return {}

    def lacks(self, context: Context) -> str:
        """Return what else is missing for the check to be applicable; empty where nothing is."""
        return ""


class RecordCheck(Check):
    """A check that needs nothing but the record."""

    shape: ClassVar[Shape] = "record"

    @property
    def yields_to_wider(self) -> bool:
        """Whether a hit inside a wider hit of another such rule of the family is the same fault."""
        return False

    @abstractmethod
    def screen(self, context: Context) -> pl.Expr:
        """Return a boolean expression over a batch: true where the record may be at fault.

        It may let through records that `locate` then acquits, never the other way round. Null
        means that there is nothing to judge. It must be element-wise: one value a record, from
        that record alone.
        """

    @abstractmethod
    def locate(self, row: Row) -> Iterable[Hit]:
        """Yield the faults of one record that passed the screen."""

    def locate_all(self, rows: Sequence[Row]) -> Iterator[Iterable[Hit]]:
        """Yield for each of some records its faults, when it is asked for them.

        For checks to which many records at once are cheaper than one after the other.
        """
        return map(self.locate, rows)


class GroupCheck(Check):
    """A check that compares records: of one source, or of the whole corpus.

    Attributes:
        locators: Columns that `judge` needs beside those of `keys`: among `path`, `line`, `record`,
            `id`, `url` and `source`.
        by_source: Whether each source is judged by itself, so that judging some sources at a time
            yields the same.
    """

    locators: ClassVar[tuple[str, ...]] = ("path", "line", "record", "id", "url", "source")
    by_source: ClassVar[bool] = False

    def keys(self) -> dict[str, pl.Expr]:
        """Return the columns to keep of every record, by name; equal names mean equal content.

        Every key table has `row`, `path`, `line`, `record`, `id`, `url` and `source` already. They
        are as the expression of `RecordCheck.screen`, element-wise, but read no marks.
        """
        return {}

    def suspects(self) -> pl.Expr | None:
        """Return a boolean expression over a batch: true where `note` may find what to keep.

        It is as that of `RecordCheck.screen`. None where there is nothing to note.
        """
        return None

    def note(self, row: Row) -> Iterable[tuple[Any, ...]]:
        """Yield what to keep of one record that `suspects` let through."""
        return ()

    def noted(self, notes: Sequence[tuple[Any, ...]]) -> pl.DataFrame | None:
        """Return rows of the check's own from notes, each behind the `row` of its record."""
        return None

    def collect(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """Return rows of the check's own beside the keys, such as one a line of text.

        For checks that do not note single records. `frame` is a batch with an additional column
        `row`; the result keeps it as the reference.
        """
        return None

    @abstractmethod
    def judge(
        self, keys: pl.DataFrame, own: pl.DataFrame | None, context: Context
    ) -> Iterator[GroupHit]:
        """Yield the faults, from the keys of all records (sorted by URL and identifier)."""


def clued(column: str) -> str:
    """Return the name of the column with the texts that hold a clue of some rule."""
    return f"{column}_clued"


CHECKS: dict[str, type[Check]] = {}
C = TypeVar("C", bound=type[Check])


def check(cls: C) -> C:
    """Enter a check into the table by its key."""
    if cls.key in CHECKS:
        raise ValueError(f"two checks have the key {cls.key!r}")
    CHECKS[cls.key] = cls
    return cls
