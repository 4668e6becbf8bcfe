"""What checking a part leaves behind: a folder of Parquet files and a table of facts.

Findings and counts are small; keys are not, and stay on disk until sources and corpus are judged.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import polars as pl

from newsqa.engine import Partial
from newsqa.readers import FileReport
from newsqa.suites.counts import RowCounts
from newsqa.suites.frames import suite_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from newsqa.suites.model import Expectation

_FACTS = "facts.json"
_SUMS = ("masks", "filled", "days")
_COUNTS = ("found", "refused", "unread_files", "records")


@dataclass(frozen=True)
class Facts:
    """What is known of a part beside its frames; plain values, kept as JSON.

    Args:
        counts: `found`, `refused`, `unread_files` and `records`, as in `newsqa.engine.Partial`.
        left_out: Records that were not selected.
        kinds: Container, format, fields and unmapped keys that reports of files share.
        files: Reports of its files: path, number of the kind, the counts, and the order of days.
        skipped: Files passed over, each with the reason.
        orders: Sources whose dates needed an order, each with whether the day comes first.
        now: Time that was judged at, ISO 8601.
        settled_at: Time from which on another one finds the same, ISO 8601; None for always.
        crashed: Traceback by rule code.
        seconds: Time by rule code.
        rows: What suites count of the records, as in `newsqa.suites.counts.RowCounts`.
        batches: Number of batches.
        frames: Digest by name of each file beside the facts.
    """

    counts: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    kinds: list[list[Any]] = field(default_factory=list)
    files: list[list[Any]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    orders: list[tuple[str | None, bool]] = field(default_factory=list)
    now: str = ""
    settled_at: str | None = None
    crashed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    batches: int = 0
    frames: dict[str, str] = field(default_factory=dict)


Take: TypeAlias = "Callable[[pl.DataFrame, str], bool]"
"""Takes a frame of a part and its name, if there is room for it."""


class Held:
    """Frames of parts that stay in memory while a run lasts, instead of on disk.

    Args:
        room: Bytes for them.
    """

    def __init__(self, room: int = 256 << 20) -> None:
        self._room = room
        self._frames: dict[int, dict[str, pl.DataFrame]] = {}

    def begin(self, number: int) -> Take:
        """Return what takes the frames of a part."""
        frames = self._frames[number] = {}

        def take(frame: pl.DataFrame, name: str) -> bool:
            size = int(frame.estimated_size())
            if size > self._room:
                return False
            self._room -= size
            frames[name] = frame
            return True

        return take

    def of(self, number: int) -> Mapping[str, pl.DataFrame]:
        """Return the frames of a part by name."""
        return self._frames.get(number, {})


class Spill:
    """Writes what batches leave behind to a folder.

    Args:
        folder: An existing folder.
        columns: Columns of the records that suites need; none where there are no suites.
        counted: What suites ask of each record by itself.
        take: What takes the smaller frames, if it will; else they are written.
    """

    def __init__(
        self,
        folder: Path,
        columns: Sequence[str] = (),
        counted: Sequence[Expectation] = (),
        take: Take | None = None,
    ) -> None:
        self._folder = folder
        self._columns = columns
        self._rows = RowCounts(counted)
        self._held = take
        self._batches = 0
        self._sums = Partial()
        self._frames: dict[str, str] = {}

    @property
    def records(self) -> int:
        """Records so far."""
        return self._sums.records

    def take(self, partial: Partial, records: pl.DataFrame) -> None:
        """Write the keys of a batch, and add up the rest of it."""
        number = f"{self._batches:05}"
        self._rows.take(records)
        shift = (pl.col("row") + self._sums.records).cast(pl.UInt32)
        for frame in partial.keys:
            self._write(frame.collect(), f"keys-{number}")
        for code, frames in partial.own.items():
            for frame in frames:
                self._write(frame.with_columns(shift).collect(), f"own-{code}-{number}")
        if self._columns:
            self._keep(suite_columns(records, self._columns), f"records-{number}")
        self._batches += 1
        partial.keys, partial.own = [], {}
        self._sums.merge(partial)

    def close(self, facts: Facts) -> Facts:
        """Write the rest, and return the facts with what was added up."""
        sums = self._sums
        if sums.findings:
            self._keep(pl.concat(sums.findings), "findings")
        for name in _SUMS:
            if frames := getattr(sums, name):
                self._keep(pl.concat(frames), name)
        own: dict[str, Any] = {
            "counts": {name: getattr(sums, name) for name in _COUNTS},
            "crashed": sums.crashed,
            "seconds": sums.seconds,
            "rows": self._rows.sums(),
            "batches": self._batches,
            "frames": self._frames,
        }
        facts = replace(facts, **own)
        # Not orjson: names of files may hold bytes that are no UTF-8.
        told = json.dumps(vars(facts)).encode("ascii")
        (self._folder / _FACTS).write_bytes(_digest(told).encode() + b"\n" + told)
        return facts

    def _keep(self, frame: pl.DataFrame, name: str) -> None:
        # Keys are always written: slices of texts among them would hold the texts.
        if not (self._held and self._held(frame, name)):
            self._write(frame, name)

    def _write(self, frame: pl.DataFrame, name: str) -> None:
        file = BytesIO()
        frame.write_parquet(file, compression="lz4")
        content = file.getbuffer()
        self._frames[f"{name}.parquet"] = _digest(content)
        (self._folder / f"{name}.parquet").write_bytes(content)


class Kept(NamedTuple):
    """A part as it was kept."""

    partial: Partial
    facts: Facts
    records: list[pl.LazyFrame]


def _moved(frame: pl.LazyFrame, shift: Sequence[pl.Expr]) -> pl.LazyFrame:
    """Return records with their numbers moved, where suites have asked for the numbers."""
    if not shift or "record" not in frame.collect_schema():
        return frame
    return frame.with_columns(shift)


def read_facts(folder: Path) -> Facts | None:
    """Return the facts of a part; None where the folder does not hold all that was written."""
    try:
        digest, _, told = (folder / _FACTS).read_bytes().partition(b"\n")
        if digest != _digest(told).encode():
            return None
        facts = Facts(**json.loads(told))
        found = {path.name: _digest(path.read_bytes()) for path in folder.glob("*.parquet")}
    except (OSError, ValueError, TypeError):
        return None
    return facts if found == facts.frames else None


def _digest(content: bytes | memoryview) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_kept(
    folder: Path, facts: Facts, before: int = 0, held: Mapping[str, pl.DataFrame] | None = None
) -> Kept:
    """Return what a folder keeps, keys and records as frames that are read when they are needed.

    Args:
        folder: Where a `Spill` wrote.
        facts: What it returned.
        before: Records found before the part in the same file: `record` counts from there.
        held: Frames that it did not write, by name.
    """
    held = held or {}
    names = sorted({*(name.removesuffix(".parquet") for name in facts.frames), *held})

    def scan(name: str) -> pl.LazyFrame:
        if name in held:
            return held[name].lazy()
        return pl.scan_parquet(folder / f"{name}.parquet", glob=False)

    def scans(kind: str) -> list[pl.LazyFrame]:
        return [scan(name) for name in names if name.startswith(f"{kind}-")]

    def whole(kind: str) -> list[pl.DataFrame]:
        if kind in held:
            return [held[kind]]
        return [pl.read_parquet(folder / f"{kind}.parquet")] if kind in names else []

    moved = (pl.col("record") + before).cast(pl.UInt32)
    shift = [moved] if before else []
    codes = {name.split("-")[1] for name in names if name.startswith("own-")}
    partial = Partial(
        findings=[frame.with_columns(shift) for frame in whole("findings")],
        keys=[frame.with_columns(shift) for frame in scans("keys")],
        own={code: scans(f"own-{code}") for code in sorted(codes)},
        masks=whole("masks"),
        filled=whole("filled"),
        days=whole("days"),
        crashed=dict(facts.crashed),
        seconds=dict(facts.seconds),
        **facts.counts,
    )
    return Kept(partial, facts, [_moved(frame, shift) for frame in scans("records")])


def pack_reports(reports: Iterable[FileReport]) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return reports as `kinds` and `files` of `Facts`: those of many files are mostly alike."""
    numbers: dict[tuple[Any, ...], int] = {}
    kinds: list[list[Any]] = []
    files: list[list[Any]] = []
    for r in reports:
        told = (r.container, r.format, *r.fields.items(), *r.unmapped)
        number = numbers.setdefault(told, len(kinds))
        if number == len(kinds):
            kinds.append([r.container, r.format, r.fields, r.unmapped])
        files.append([r.path, number, r.found, r.read, r.refused, r.day_order])
    return kinds, files


def unpack_reports(facts: Facts) -> list[FileReport]:
    """Return the reports that were packed."""
    return [FileReport(path, *facts.kinds[kind], *rest) for path, kind, *rest in facts.files]


def add_report(report: FileReport, further: FileReport) -> None:
    """Add the report of the next stretch of a file to that of the stretches before."""
    report.found += further.found
    report.read += further.read
    report.refused += further.refused
    report.day_order |= further.day_order
