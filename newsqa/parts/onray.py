"""Parts worked on by a Ray cluster: one that runs already, or one of this machine for a run.

Results travel back through Ray and are kept by the process that asked for them, so that machines
need not share a disk for results; inputs must be where all of them can read them.
"""

from __future__ import annotations

import logging
import os
import pickle
import platform
import shutil
import socket
import tempfile
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from newsqa.errors import NewsqaError, UsageError, WorkerError
from newsqa.parts.engines import AHEAD, fill
from newsqa.parts.keys import program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

T = TypeVar("T")
R = TypeVar("R")
Answer = tuple[Any, dict[str, bytes]]

_RETRIES = 3
"""Times that a task is repeated whose worker or machine is lost."""
_PATIENCE = 5.0
"""Seconds in which somebody at an address has to answer."""
_STEADY = 10.0
"""Seconds for which the size of a cluster is taken as known: machines come and go."""
_NO_CLUSTER = "`ray status` says what runs; --ray-address local starts one for this run"
_SAME = "install the same newsqa, with the same libraries, on every machine of the cluster"


class RayEngine:
    """Works on a Ray cluster; to be used in a `with` statement, at whose end it lets go of it.

    A Ray that this process uses already is used as it is, and left running.

    Args:
        address: Where the cluster is; `local` for one of its own. Unless given, the one that
            `RAY_ADDRESS` names, or that `ray start` has left on this machine, or one of its own.
        jobs: Processes of a cluster of its own.
        cpus: Cores that a task takes.

    Raises:
        UsageError: Ray is not installed.
    """

    elsewhere = True

    def __init__(self, address: str | None = None, jobs: int | None = None, cpus: int = 1) -> None:
        if find_spec("ray") is None:
            raise UsageError(
                "the engine `ray` needs Ray, which is not installed",
                hint='pip install "newsqa[ray]"',
            )
        self._address = address
        self._jobs = jobs
        self._cpus = cpus
        self._started = False
        self._folder: str | None = None
        self._size = (0, -_STEADY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._started:
            self._ray.shutdown()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._started, self._folder = False, None

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R | OSError]]:
        """Yield the number of each task with what the function returned; see `Engine`.

        Raises:
            WorkerError: There is no such cluster, its newsqa is another one, or it loses workers
                again and again.
        """
        coming = enumerate(tasks)
        pending: dict[Any, tuple[int, Path]] = {}
        submit = None
        try:
            while True:
                for number, (task, folder) in coming:
                    if submit is None:
                        self._start()
                        submit = self._submitter(work)
                    pending[submit(pickle.dumps(task))] = (number, folder)
                    if len(pending) >= self._room():
                        break
                if not pending:
                    return
                done, _ = self._ray.wait(list(pending))
                for answer in done:
                    number, folder = pending.pop(answer)
                    yield number, fill(_unpack, self._fetch(answer), folder)
        finally:
            for answer in pending:
                with suppress(Exception):
                    self._ray.cancel(answer, force=True)

    @cached_property
    def _ray(self) -> Any:
        import ray

        return ray

    def _start(self) -> None:
        """Connect to a cluster, or start one."""
        if self._ray.is_initialized():
            return
        quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
        named = self._address or os.environ.get("RAY_ADDRESS")
        if named and named not in {"auto", "local"} and not _answers(named):
            raise WorkerError(f"no Ray cluster answers at {named}", hint=_NO_CLUSTER)
        try:
            if named != "local" and (named or _answers(_left_by_ray_start())):
                self._ray.init(address=self._address, **quiet)
            else:
                self._start_own(quiet)
        except Exception as error:
            # Ray raises whatever went wrong, down to a bare Exception where a process is slow.
            with suppress(Exception):
                self._ray.shutdown()
            where = f" at {named}" if named else ""
            fault = f"no Ray cluster can be used{where}: {_first_line(error)}"
            raise WorkerError(fault, hint=_NO_CLUSTER) from error
        self._started = True

    def _start_own(self, quiet: dict[str, Any]) -> None:
        """Start a cluster of this machine, which nobody else finds.

        Ray listens on all interfaces; since 2.60 it asks for a token of this user's home.
        """
        # Short, since names of sockets are; of its own, since Ray would leave its logs behind.
        self._folder = tempfile.mkdtemp(prefix="newsqa-ray-", dir=_temporary_folder())
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self._ray.init(
            address="local",
            num_cpus=self._jobs,
            include_dashboard=False,
            _temp_dir=self._folder,
            _node_ip_address="127.0.0.1",
            **quiet,
        )

    def _submitter(self, work: Callable[[T, Path], R]) -> Callable[[bytes], Any]:
        """Return what hands a packed task over; the function itself is sent to a machine once."""
        remote = self._ray.remote(num_cpus=self._cpus, max_retries=_RETRIES)(_far_work())
        shared = self._ray.put(pickle.dumps(work))
        asks = program()
        return lambda task: remote.remote(asks, self._cpus, shared, task)

    def _room(self) -> int:
        """Return how many tasks may be handed over before one is done."""
        size, since = self._size
        if monotonic() - since >= _STEADY:
            size = int(self._ray.cluster_resources().get("CPU", 0)) // self._cpus
            self._size = size, monotonic()
        return AHEAD * max(size, 1)

    def _fetch(self, answer: Any) -> Answer:
        errors = self._ray.exceptions
        try:
            told: Answer = self._ray.get(answer)
        except errors.RayTaskError as error:
            if isinstance(error.cause, NewsqaError):
                raise error.cause from None
            if isinstance(error.cause, ImportError):
                raise WorkerError(str(error.cause), hint=_SAME) from error
            raise (error.cause or error) from error
        except errors.RayError as error:
            raise WorkerError(
                f"the cluster has lost {1 + _RETRIES} workers with the same part: "
                f"{_first_line(error)}",
                hint="most often memory ran out: have fewer workers on a machine",
            ) from error
        return told


def _unpack(told: Answer, folder: Path) -> Any:
    result, files = told
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return result


def _far_work() -> Callable[[dict[str, str], int, bytes, bytes], Answer]:
    """Return what a worker runs; it is sent as it stands, so it answers where newsqa is missing."""

    def newsqa_part(asks: dict[str, str], cpus: int, work: bytes, task: bytes) -> Answer:
        import os
        import platform

        # Before Polars is imported: workers share the cores of their machine.
        os.environ.setdefault("POLARS_MAX_THREADS", str(cpus))
        try:
            from newsqa.parts.onray import answer

            return answer(asks, work, task)
        except ImportError as error:
            fault = f"newsqa cannot run on {platform.node()}: {error}"
            raise ImportError(fault) from None

    return newsqa_part


def answer(asks: dict[str, str], work: bytes, task: bytes) -> Answer:
    """Do a task on a worker; return what the function returned, and the files that it wrote.

    Args:
        asks: The program that asks, as `newsqa.parts.keys.program` tells it.
        work: The function, packed.
        task: The task, packed.

    Raises:
        WorkerError: This is another program, or its disk is full or the like.
    """
    own = program()
    if own != asks:
        differ = [
            f"{name} {own.get(name, 'missing')} instead of {asks.get(name, 'none')}"
            for name in sorted({*own, *asks})
            if own.get(name) != asks.get(name)
        ]
        fault = f"{platform.node()} runs another newsqa: {', '.join(differ)}"
        raise WorkerError(fault, hint=_SAME)
    try:
        with tempfile.TemporaryDirectory(prefix="newsqa-") as folder:
            result = pickle.loads(work)(pickle.loads(task), Path(folder))  # noqa: S301  from there
            return result, {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    except OSError as error:
        raise WorkerError(f"a worker on {platform.node()} failed: {error}") from error


def _left_by_ray_start() -> str:
    """Return the address of the cluster that was started on this machine, as Ray notes it."""
    with suppress(OSError):
        return Path(_temporary_folder(), "ray", "ray_current_cluster").read_text("utf-8").strip()
    return ""


def _answers(address: str) -> bool:
    """Return whether anybody is at an address; Ray would try for many minutes, and aloud."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE):
            return True
    except (OSError, ValueError):
        return False


def _temporary_folder() -> str:
    return os.environ.get("RAY_TMPDIR") or ("/tmp" if os.name == "posix" else gettempdir())  # noqa: S108  as Ray does


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
