"""Checking on a Ray cluster: the same findings, whatever dies on the way, and clear words else."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import chdir
from datetime import UTC, datetime
from functools import partial as bound
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

import newsqa
from newsqa import groups
from newsqa.cli import cli
from newsqa.config import Config
from newsqa.errors import UsageError, WorkerError
from newsqa.parts import check, onray
from newsqa.parts.onray import RayEngine
from newsqa.readers import cut
from newsqa.run import How
from tests import ray_support
from tests.resume_support import ENDLESS, PART, are_kept, known_parts, moments
from tests.runs_support import Done, leak, story
from tests.runs_support import newsqa as newsqa_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsqa.result import Result

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Those that the small crawl breaks, and some that compare sources and records: few, since every
# worker compiles what they look for.
RULES = "LEK001,HED001,IDN,INP,DUP,SRC"
ON_CLUSTER = [
    pytest.mark.ray,
    pytest.mark.usefixtures("installed"),
    # Of Ray itself, which leaves files and sockets to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
]
# The command line with small parts, one of which a worker dies of once.
TWO_LIVES = f"""
from functools import partial
from newsqa.cli import main
from newsqa.parts import check
from newsqa.readers import cut
from tests.ray_support import check_part_in_two_lives

check.check_part = partial(check_part_in_two_lives, died={{died!r}})
cut.PART_BYTES = {PART}
main()
"""


def test_without_ray_the_command_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(onray, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as raised:
        CliRunner().invoke(
            cli,
            ["check", str(tmp_path), "--engine", "ray", "--no-cache"],
            catch_exceptions=False,
            standalone_mode=False,
        )
    assert "Ray, which is not installed" in raised.value.fault
    assert raised.value.hint == 'pip install "newsqa[ray]"'


def test_an_address_needs_the_engine() -> None:
    told = CliRunner().invoke(cli, ["check", "x", "--ray-address", "auto"])
    assert told.exit_code == 2
    assert "--ray-address needs --engine ray" in told.output


@pytest.fixture(scope="module")
def installed() -> None:
    """Skip a test where there is no Ray; in CI it fails."""
    if find_spec("ray") is None:
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without('there is no Ray: install it with EXTRAS="--extra ray"')


@pytest.fixture(scope="module")
def cluster(installed: None) -> Iterator[str]:
    """The address of a cluster of two workers that this process uses already."""
    import ray

    before = dict(os.environ)
    # Workers find modules from where the cluster was started, besides where they are told to.
    # Short, since names of sockets are.
    with tempfile.TemporaryDirectory(prefix="nq", dir="/tmp", ignore_cleanup_errors=True) as folder:
        os.environ["HOME"] = folder
        with chdir(folder):
            found = ray.init(
                address="local",
                num_cpus=2,
                include_dashboard=False,
                log_to_driver=False,
                _temp_dir=folder,
                _node_ip_address="127.0.0.1",
                runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
            )
        yield found.address_info["gcs_address"]
        ray.shutdown()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a file of several parts, a table, small files, and one that nobody can read."""
    folder = tmp_path_factory.mktemp("out")
    write_large(folder / "large.jsonl")
    frame = pl.DataFrame([story(n, "Salton", text=None) for n in range(30)])
    frame.write_parquet(folder / "table.parquet")
    for n in range(3):
        small = folder / f"small-{n}.json"
        small.write_text(json.dumps(story(n, "Eastbay") | {"url": "no address"}), "utf-8")
    (folder / "gone.jsonl").symlink_to(folder / "nowhere.jsonl")
    return folder


@pytest.fixture(scope="module")
def undisturbed(crawl: Path) -> Done:
    """What the command line says of the crawl without Ray."""
    return newsqa_here(ROOT, *words_of(str(crawl)))


def write_large(path: Path, number: int = 150) -> Path:
    records = [leak(n) if n % 10 == 0 else story(n) for n in range(number)]
    records += [story(0), story(1) | {"url": "https://fenmouth.example/again"}]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return path


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small parts, and few records judged as many are."""
    monkeypatch.setattr(cut, "PART_BYTES", PART)
    monkeypatch.setattr(groups, "APART", 1)
    monkeypatch.setattr(groups, "TOGETHER", 50)


def checked(
    path: Path, engine: RayEngine | None = None, progress: Any = None, **how: Any
) -> Result:
    config, how_to = Config(rules={"select": RULES.split(",")}), How(engine=engine, **how)
    return newsqa.check(path, config=config, now=NOW, how=how_to, progress=progress)


def assert_same(one: Result, other: Result) -> None:
    assert one.findings.equals(other.findings)
    assert one.findings.write_ndjson() == other.findings.write_ndjson()
    assert one.records.equals(other.records)
    assert one.files == other.files
    assert one.totals == other.totals
    assert one.run["parts"] == other.run["parts"] > 2
    assert not any(state.status == "crashed" for state in one.rules)


class OnCluster:
    """Tests that share a cluster."""

    pytestmark = ON_CLUSTER


@pytest.mark.usefixtures("cluster", "small_parts")
class TestFindings(OnCluster):
    def test_they_are_those_of_this_process(self, crawl: Path) -> None:
        told: list[tuple[int, int, int, int | None]] = []
        with RayEngine() as engine:
            there = checked(crawl, engine, lambda *far: told.append(far))
        assert_same(there, checked(crawl))
        assert {"LEK001", "IDN001", "DUP001", "INP002"} & set(there.findings["rule"])
        assert len(told) == there.run["parts"]
        assert told[-1][1] == there.totals["records_read"]

    def test_ray_that_was_there_before_stays(self, crawl: Path) -> None:
        import ray

        with RayEngine() as engine:
            assert dict(engine.run(ray_support.echo, [(1, crawl / "echo")]))
        assert ray.is_initialized()

    def test_a_worker_that_is_killed_changes_nothing(
        self, crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here, died = checked(crawl), tmp_path / "died"
        two_lives = bound(ray_support.check_part_in_two_lives, died=str(died))
        monkeypatch.setattr(check, "check_part", two_lives)
        with RayEngine() as engine:
            there = checked(crawl, engine)
        assert_same(there, here)
        assert int(died.read_text("utf-8")) != os.getpid()

    def test_dates_that_the_whole_input_decides_are_read_alike(self, tmp_path: Path) -> None:
        path = tmp_path / "dates.jsonl"
        records = [story(n, date=f"{n % 9 + 1:02}/04/2025 10:00") for n in range(120)]
        records += [story(200, date="23/04/2025 10:00")]
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
        with RayEngine() as engine:
            there = checked(path, engine)
        assert there.files[0].day_order
        assert_same(there, checked(path))


@pytest.mark.usefixtures("cluster")
class TestEngine(OnCluster):
    def tasks(self, folder: Path, number: int) -> list[tuple[int, Path]]:
        return [(n, folder / str(n)) for n in range(number)]

    def test_each_task_fills_its_folder(self, tmp_path: Path) -> None:
        with RayEngine() as engine:
            told = dict(engine.run(ray_support.echo, self.tasks(tmp_path, 9)))
        assert {number: square for number, (square, _) in told.items()} == {
            n: n * n for n in range(9)
        }
        assert os.getpid() not in {process for _, process in told.values()}
        for n in range(9):
            assert [path.name for path in (tmp_path / str(n)).iterdir()] == ["task.txt"]
            assert (tmp_path / str(n) / "task.txt").read_text("utf-8") == f"task {n}"
        assert len(list(tmp_path.iterdir())) == 9

    def test_few_tasks_are_under_way(self, tmp_path: Path) -> None:
        taken: list[int] = []

        def coming() -> Iterable[tuple[int, Path]]:
            for n in range(20):
                taken.append(n)
                yield n, tmp_path / str(n)

        with RayEngine() as engine:
            for done, _ in enumerate(engine.run(ray_support.echo, coming())):
                assert len(taken) - done <= 4
        assert len(taken) == 20

    def test_workers_share_the_cores(self, tmp_path: Path) -> None:
        with RayEngine(cpus=2) as engine:
            assert dict(engine.run(ray_support.threads, [(0, tmp_path / "0")])) in ({0: 1}, {0: 2})

    def test_a_fault_is_raised_as_it_was(self, tmp_path: Path) -> None:
        with RayEngine() as engine, pytest.raises(LookupError, match="task 0"):
            dict(engine.run(ray_support.fail, [(0, tmp_path / "0")]))
        assert list(tmp_path.iterdir()) == []

    def test_workers_that_die_again_and_again_are_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(onray, "_RETRIES", 0)
        with RayEngine() as engine, pytest.raises(WorkerError) as raised:
            dict(engine.run(ray_support.die, [(0, tmp_path / "0")]))
        assert "lost 1 workers with the same part" in raised.value.fault
        assert "memory" in raised.value.hint

    def test_another_newsqa_on_a_worker_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(onray, "program", lambda: {"newsqa": "0.0.9", "polars": "2.0"})
        with RayEngine() as engine, pytest.raises(WorkerError) as raised:
            dict(engine.run(ray_support.echo, [(0, tmp_path / "0")]))
        assert "runs another newsqa: " in raised.value.fault
        assert f"newsqa {newsqa.__version__} instead of 0.0.9" in raised.value.fault
        assert f"polars {pl.__version__} instead of 2.0" in raised.value.fault
        assert "same newsqa" in raised.value.hint

    def test_a_worker_without_newsqa_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import ray

        (tmp_path / "path" / "newsqa").mkdir(parents=True)
        (tmp_path / "path" / "newsqa" / "__init__.py").write_text("", "utf-8")
        remote = ray.remote
        env = {"env_vars": {"PYTHONPATH": str(tmp_path / "path")}}
        monkeypatch.setattr(ray, "remote", lambda **how: remote(runtime_env=env, **how))
        with RayEngine() as engine, pytest.raises(WorkerError) as raised:
            dict(engine.run(ray_support.echo, [(0, tmp_path / "0")]))
        assert ": No module named 'newsqa.parts'" in str(raised.value)
        assert "same newsqa" in raised.value.hint

    def test_no_cluster_at_an_address_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import ray

        # As in a process that has not used Ray yet.
        monkeypatch.setattr(ray, "is_initialized", lambda: False)
        with socket.create_server(("127.0.0.1", 0)) as server:
            nobody = f"127.0.0.1:{server.getsockname()[1]}"
        with RayEngine(nobody) as engine, pytest.raises(WorkerError) as raised:
            dict(engine.run(ray_support.echo, [(0, tmp_path / "0")]))
        assert raised.value.fault == f"no Ray cluster answers at {nobody}"

    def test_a_file_that_workers_do_not_see_is_no_finding(self, tmp_path: Path) -> None:
        class Hiding(RayEngine):
            """Takes files away from workers that this process has seen."""

            def run(self, work: Any, tasks: Any) -> Any:
                def hidden() -> Any:
                    for seen, folder in tasks:
                        (tmp_path / "out" / "b.jsonl").unlink(missing_ok=True)
                        yield seen, folder

                return super().run(work, hidden())

        (tmp_path / "out").mkdir()
        for name in ("a", "b"):
            write_large(tmp_path / "out" / f"{name}.jsonl", 3)
        with Hiding() as engine, pytest.raises(UsageError) as raised:
            checked(tmp_path / "out", engine, cache=tmp_path / "cache")
        assert "b.jsonl can be read where newsqa was started, but not on " in raised.value.fault
        assert "s3://" in raised.value.hint
        assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def words_of(*words: str) -> list[str]:
    common = ["--isolated", "--no-report", "--no-history", "--now", NOW.isoformat()]
    common += ["--select", RULES, "--format", "jsonl"]
    return ["check", *words, *common, *([] if "--cache-dir" in words else ["--no-cache"])]


@pytest.mark.usefixtures("small_parts")
class TestCommandLine(OnCluster):
    def test_a_killed_check_is_resumed(
        self, crawl: Path, tmp_path: Path, cluster: str, undisturbed: Done
    ) -> None:
        cache = tmp_path / "cache"
        words = (str(crawl), "--engine", "ray", "--cache-dir", str(cache))
        endless = [sys.executable, "-c", ENDLESS, *words_of(*words, "--ray-address", cluster)]
        own = os.environ | {"TMPDIR": str(tmp_path)}
        with subprocess.Popen(endless, cwd=ROOT, env=own) as killed:
            for _ in moments():
                if are_kept(cache) or killed.poll() is not None:
                    break
            killed.kill()
        assert killed.returncode == -signal.SIGKILL
        resumed = newsqa_here(ROOT, *words_of(*words, "--resume"))
        reused, parts = known_parts(resumed.stderr)
        assert 2 < reused < parts
        assert (resumed.stdout, resumed.status) == (undisturbed.stdout, 1)

    def test_a_cluster_of_its_own_spoils_no_output_and_leaves_nothing(
        self,
        crawl: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        undisturbed: Done,
    ) -> None:
        monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
        words, died = words_of(str(crawl), "--engine", "ray", "--jobs", "1"), tmp_path / "died"
        with tempfile.TemporaryDirectory(prefix="nq", dir="/tmp") as folder:
            told = subprocess.run(
                [sys.executable, "-c", TWO_LIVES.format(died=str(died)), *words],
                check=False,
                capture_output=True,
                text=True,
                cwd=ROOT,
                env={**os.environ, "HOME": str(tmp_path), "RAY_TMPDIR": folder},
            )
            assert list(Path(folder).iterdir()) == []
        assert died.exists()
        assert (told.stdout, told.stderr) == (undisturbed.stdout, undisturbed.stderr)
        assert told.returncode == undisturbed.status == 1
