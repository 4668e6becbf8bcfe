"""One run: paths or frames in, a `Result` out."""

from __future__ import annotations

import platform
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl

from newsqa import __version__
from newsqa.conclude import conclude
from newsqa.config import Config
from newsqa.engine import Partial, check_batch
from newsqa.errors import UsageError
from newsqa.readers import Reading, records_from_frame
from newsqa.selection import Selection
from newsqa.setup import NO_PAST, Past, set_up
from newsqa.suites.frames import RecordStore
from newsqa.suites.outcomes import record_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from newsqa.readers import Batch
    from newsqa.result import Result
    from newsqa.setup import Setup

Input = str | Path | pl.DataFrame | pl.LazyFrame
Progress = "Callable[[int, int], None]"


def check(  # noqa: PLR0913  all but the inputs may be left out
    inputs: Input | Sequence[Input],
    *,
    config: Config | None = None,
    now: datetime | None = None,
    stdin: BinaryIO | None = None,
    progress: Callable[[int, int, int, int | None], None] | None = None,
    past: Past | None = None,
    selection: Selection | None = None,
    on_batch: Callable[[pl.DataFrame], None] | None = None,
    **reading: Any,
) -> Result:
    """Check what a scraper wrote.

    Args:
        inputs: Files, folders, globs or `-` (standard input), or Polars frames, eager or lazy.
        config: Configuration; the default checks every rule and fails on errors.
        now: The time that the records are judged at; the start of the run unless given. A time
            without a zone is UTC.
        stdin: Where `-` is read from.
        progress: Called after each batch with the files begun, the records and the bytes read so
            far, and the bytes of all files, None where they are unknown.
        past: Earlier runs and findings accepted earlier; nothing is looked up unless given.
        selection: Which records are checked; all unless given.
        on_batch: Called with the records of each batch that is checked.
        reading: Further arguments of `newsqa.readers.Reading`, such as `batch_records`.

    Raises:
        UsageError: A path does not exist, or a rule that is named does not, or no rule is on, or an
            input is neither path nor frame.
        RuleFileError: A rule file is faulty.
        SuiteError: A suite is faulty, or names a column that does not exist.
    """
    started = datetime.now(UTC)
    clock = perf_counter()
    config = config or Config()
    now = now or started
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    setup = set_up(config, now, past or NO_PAST)
    given = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    for item in given:
        if not isinstance(item, (str, Path, pl.DataFrame, pl.LazyFrame)):
            raise UsageError(
                f"{type(item).__name__} is no path and no Polars frame",
                hint="polars.from_pandas and polars.DataFrame make frames of other data",
            )
    paths = [str(item) for item in given if isinstance(item, (str, Path))]
    frames = [item for item in given if isinstance(item, (pl.DataFrame, pl.LazyFrame))]
    source = Reading(paths, fields=config.fields, exclude=config.exclude, stdin=stdin, **reading)
    partial = Partial()
    selection, left_out = selection or Selection(), 0
    with _store(setup) as store:
        for given_batch in _batches(source, frames, config):
            batch, dropped = selection.apply(given_batch)
            left_out += dropped
            partial.merge(check_batch(batch, setup.plan))
            if store:
                store.take(batch.frame)
            if on_batch:
                on_batch(batch.frame)
            if progress:
                progress(len(source.files), partial.records, *source.position())
        run = _facts(started, setup, paths)
        if selection != Selection():
            since = selection.since.isoformat(timespec="seconds") if selection.since else None
            run["selection"] = {"source": list(selection.sources), "since": since}
            run["records_left_out"] = left_out
        return conclude(partial, setup, tuple(source.files), run, clock, store)


def _store(setup: Setup) -> AbstractContextManager[RecordStore | None]:
    """Return where the columns that suites need are kept, if there are suites.

    Raises:
        SuiteError: A suite names a column that does not exist.
    """
    return RecordStore(record_columns(setup.suites)) if setup.suites else nullcontext()


def _facts(started: datetime, setup: Setup, paths: list[str]) -> dict[str, Any]:
    """Return what is said of a run before its results."""
    return {
        "id": uuid4().hex[:12],
        "started": started.isoformat(timespec="seconds"),
        "now": setup.plan.context.now.isoformat(timespec="seconds"),
        "newsqa": __version__,
        "python": platform.python_version(),
        "polars": pl.__version__,
        "command": " ".join(["newsqa", *sys.argv[1:]]) if paths else "",
        "paths": paths,
        "config": setup.config.model_dump(mode="json"),
        "config_hash": setup.config.digest(),
    }


def _batches(
    source: Reading, frames: Iterable[pl.DataFrame | pl.LazyFrame], config: Config
) -> Iterable[Batch]:
    yield from source
    for number, frame in enumerate(frames):
        name = f"<frame {number}>" if number else "<frame>"
        yield from records_from_frame(frame, fields=config.fields, path=name)
