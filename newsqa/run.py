"""One run: paths or frames in, a `Result` out."""

from __future__ import annotations

import platform
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl

from newsqa import __version__
from newsqa.conclude import conclude
from newsqa.config import Config
from newsqa.errors import NewsqaError, UsageError
from newsqa.lanes import lanes
from newsqa.memory import collecting_seldom
from newsqa.parts.check import Checked, Progress, check_parts
from newsqa.parts.engines import Here, Processes, fill, written
from newsqa.parts.folder import cache_folder
from newsqa.parts.journal import Journal
from newsqa.parts.kept import Facts, Spill
from newsqa.parts.store import Cache, Scratch
from newsqa.parts.work import Job, check_batches
from newsqa.readers import Inputs, records_from_frame
from newsqa.readers.cut import cut
from newsqa.selection import Selection
from newsqa.setup import NO_PAST, Past, set_up
from newsqa.suites.counts import counted
from newsqa.suites.frames import no_records, stored_columns
from newsqa.suites.outcomes import record_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import BinaryIO

    from newsqa.parts.engines import Engine
    from newsqa.parts.store import Store
    from newsqa.result import Result
    from newsqa.setup import Setup

    Tell = Callable[[int, int, int, int | None], None]

FEW_PARTS = 20
"""Divided by the number of processes, four at most: parts that are worth starting them.

One process uses all cores, too. On two it takes as long for 8 parts as two processes, and a tenth
longer for 16.
"""

Input = str | Path | pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True)
class How:
    """How the work of a check is done; none of it changes what is found.

    Args:
        jobs: Number of processes; more than one needs the usual guard of `multiprocessing`
            (`if __name__ == "__main__":`) in a script.
        engine: Who works on the parts of the input, in place of processes of this machine.
        cache: Folder of results of unchanged files; None for none.
        resume: Go on with the check of these inputs that was interrupted, at the time it had.
    """

    jobs: int = 1
    engine: Engine | None = None
    cache: Path | None = None
    resume: bool = False


def check(  # noqa: PLR0913  all but the inputs may be left out
    inputs: Input | Sequence[Input],
    *,
    config: Config | None = None,
    now: datetime | None = None,
    stdin: BinaryIO | None = None,
    stdin_name: str = "<stdin>",
    progress: Tell | None = None,
    past: Past = NO_PAST,
    selection: Selection | None = None,
    how: How | None = None,
    **limits: int,
) -> Result:
    """Check what a scraper wrote.

    Args:
        inputs: Files, folders, globs or `-` (standard input), or Polars frames, eager or lazy.
        config: Configuration; the default checks every rule and fails on errors.
        now: The time that the records are judged at; the start of the run unless given. A time
            without a zone is UTC.
        stdin: Where `-` is read from.
        stdin_name: What standard input is called in findings.
        progress: Called as the check goes on with the files begun, the records and the bytes read
            so far, and the bytes of all files, None where they are unknown.
        past: Earlier runs and findings accepted earlier; nothing is looked up unless given.
        selection: Which records are checked; all unless given.
        how: Processes, cache and the like.
        limits: `batch_records` and `batch_bytes`, as in `newsqa.readers.Reading`.

    Raises:
        UsageError: A path does not exist, or a rule that is named does not, or no rule is on, or an
            input is neither path nor frame.
        RuleFileError: A rule file is faulty.
        SuiteError: A suite is faulty, or names a column that does not exist.
        WorkerError: Processes that work on it die.
    """
    run = _Run(config or Config(), now, past, selection or Selection(), how or How(), limits)
    with run.checked(_listed(inputs), (), (stdin, stdin_name), progress or _silent) as kept:
        return kept[0]


@contextmanager
def check_and_keep(
    inputs: Input | Sequence[Input],
    columns: Collection[str],
    *,
    config: Config | None = None,
    now: datetime | None = None,
    stdin: BinaryIO | None = None,
    selection: Selection | None = None,
    past: Past = NO_PAST,
) -> Iterator[tuple[Result, pl.LazyFrame]]:
    """Give the result of a check, and columns of the records that it was about.

    Args:
        inputs: As in `check`, as are the others.
        columns: Names among `newsqa.suites.frames.RECORD_COLUMNS`.
        config: Configuration.
        now: Time that is judged at.
        stdin: Standard input.
        selection: Which records are checked.
        past: Earlier runs.
    """
    run = _Run(config or Config(), now, past, selection or Selection(), How(), {})
    with run.checked(_listed(inputs), columns, (stdin, "<stdin>"), _silent) as kept:
        yield kept


def _listed(inputs: Input | Sequence[Input]) -> list[Input]:
    given: list[Any] = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    for item in given:
        if not isinstance(item, (str, Path, pl.DataFrame, pl.LazyFrame)):
            raise UsageError(
                f"{type(item).__name__} is no path and no Polars frame",
                hint="polars.from_pandas and polars.DataFrame make frames of other data",
            )
    return given


@dataclass
class _Run:
    config: Config
    now: datetime | None
    past: Past
    selection: Selection
    how: How
    limits: dict[str, int]

    @contextmanager
    def checked(
        self,
        given: Sequence[Input],
        columns: Collection[str],
        stdin: tuple[BinaryIO | None, str],
        tell: Tell,
    ) -> Iterator[tuple[Result, pl.LazyFrame]]:
        started, clock = datetime.now(UTC), perf_counter()
        paths = [str(item) for item in given if isinstance(item, (str, Path))]
        with ExitStack() as stack:
            stack.enter_context(lanes())
            stack.enter_context(collecting_seldom())
            folder, trouble = stack.enter_context(cache_folder(self.how.cache))
            journal = Journal(folder, paths, self.config, self.selection)
            resumed = journal.interrupted() if self.how.resume else None
            setup = set_up(self.config, _in_utc(self.now or resumed or started), self.past)
            work = _Work(
                setup=setup,
                job=self._job(setup, columns),
                inputs=Inputs(paths, self.config.exclude, *stdin),
                frames=[item for item in given if not isinstance(item, (str, Path))],
                how=self.how,
                tell=tell,
                clock=clock,
                run=_facts(started, setup, paths) | {"resumed": resumed is not None},
            )
            stack.enter_context(journal.of(setup.plan.context.now))
            store = stack.enter_context(Cache(folder, work.job) if folder else Scratch(trouble))
            try:
                kept = work.done(store)
            except NewsqaError:
                raise
            except Exception:
                if not store.found:
                    raise
                # Whatever was wrong with earlier results: they are not needed.
                trouble = f"{folder} holds what cannot be read; remove it"
                kept = work.done(stack.enter_context(Scratch(trouble)))
            yield kept

    def _job(self, setup: Setup, columns: Collection[str]) -> Job:
        wanted = {*columns, *record_columns(setup.suites)}
        kept = tuple(stored_columns(wanted)) if columns or setup.suites else ()
        selection = self.selection.at(setup.plan.context.now)
        rows = counted(setup.suites)
        return Job(setup.plan, self.config.fields, selection, kept, rows, self.limits)


def _in_utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


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


@dataclass(frozen=True)
class _Work:
    """What is done, whatever is known of it from before."""

    setup: Setup
    job: Job
    inputs: Inputs
    frames: Sequence[pl.DataFrame | pl.LazyFrame]
    how: How
    tell: Tell
    clock: float
    run: dict[str, Any]

    def done(self, store: Scratch) -> tuple[Result, pl.LazyFrame]:
        """Return the result, and columns of the records, which are read as long as the store is."""
        progress, engine = Progress(self.tell, self.inputs.size()), self._engine()
        parts = cut(self.inputs.files, self.job.fields)
        checked = check_parts(parts, self.job, engine, store, progress)
        for number, frame in enumerate(self.frames):
            _check_frame(frame, number, self.job, store, checked)
        run = self.run | {
            "parts": checked.parts,
            "parts_reused": checked.reused,
            "cache_trouble": store.trouble,
        }
        if self.job.selection != Selection():
            run |= _chosen(self.job.selection, checked.left_out)
        records = pl.concat(checked.records) if checked.records else no_records(self.job.columns)
        about = (records, checked.rows) if self.setup.suites else None
        partial, setup, files = checked.partial, self.setup, tuple(checked.files)
        # Other processes of this machine would hold the keys once more, to win some seconds.
        judge = engine if engine.elsewhere else None
        return conclude(partial, setup, files, run, self.clock, about, judge), records

    def _engine(self) -> Engine:
        if self.how.engine:
            return self.how.engine
        jobs = self.how.jobs
        return Processes(jobs, max(2, FEW_PARTS // min(jobs, 4))) if jobs > 1 else Here()


def _chosen(selection: Selection, left_out: int) -> dict[str, Any]:
    since = selection.since
    told = since.isoformat(timespec="seconds") if isinstance(since, datetime) else None
    return {
        "selection": {"source": list(selection.sources), "since": told},
        "records_left_out": left_out,
    }


def _silent(files: int, records: int, read: int, size: int | None) -> None:
    """Tell nobody how far a check is."""


def _check_frame(
    frame: pl.DataFrame | pl.LazyFrame, number: int, job: Job, store: Store, checked: Checked
) -> None:
    """Check a frame of Polars, which is in this process and nowhere else."""
    name = f"<frame {number}>" if number else "<frame>"

    def work(given: pl.DataFrame | pl.LazyFrame, folder: Path) -> Facts:
        spill = Spill(folder, job.columns, job.counted)
        batches = records_from_frame(given, fields=job.fields, path=name, **job.limits)
        read = check_batches(batches, job, spill)
        return spill.close(Facts(left_out=read.left_out))

    folder = store.scratch(f"frame-{number}")
    checked.add(folder, written(fill(work, frame, folder)))
