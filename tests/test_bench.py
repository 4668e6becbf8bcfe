"""Measuring: that all contestants answer the same question, and that figures are what they say."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cluster
import limit
import orjson
import pytest
from contestants import CONTESTANTS
from dozen import CHECKS, polars
from generate import records
from limit import Outcome, bytes_of, told
from measure import Cost, Watch, cost_of, median
from page import Grown, Limited, Measured, page
from run import disagreements
from units import ALIKE, PHRASES

DOZEN = [c for c in CONTESTANTS.values() if c.kind == "dozen"]
JOBS = {name: jobs for name, (_, jobs) in cluster.CASES.items()}
HOLD = "b = bytearray({size}); b[::4096] = b'x' * len(b[::4096]); import time; time.sleep({nap})"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with many faults."""
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    found = records(400, fault_share=0.7)
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in found))
    return path


@pytest.mark.parametrize("contestant", DOZEN, ids=lambda contestant: contestant.name)
def test_all_count_the_same_failing_records(contestant, news: Path) -> None:
    try:
        version(contestant.library)
    except PackageNotFoundError:
        pytest.skip(f"{contestant.library} is for measuring: `make bench` installs it, and asks it")
    counts = cost_of(contestant.name, news, news).counts
    assert counts == polars(news)
    assert list(counts) == list(CHECKS)
    assert min(counts.values()) > 0


def test_contestants_without_libraries_of_their_own_are_measured(news: Path) -> None:
    for name in ("read", "unit", "alike", "readers"):
        cost = cost_of(name, news, news)
        assert cost.counts is None
        assert cost.wall > 0 < cost.cpu
        assert cost.memory > 20


def test_a_contestant_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="unit failed"):
        cost_of("unit", tmp_path / "missing.jsonl", tmp_path / "missing.jsonl")


def test_the_unit_looks_for_two_hundred_phrases() -> None:
    assert len(set(PHRASES)) == len(set(ALIKE)) == 200
    assert min(map(len, PHRASES)) >= 8
    assert len({phrase[:3] for phrase in PHRASES}) > 150


def test_medians_are_taken_figure_by_figure() -> None:
    costs = [Cost(1, 9, 5, {"a": 1}), Cost(3, 7, 5, {"a": 1}), Cost(2, 8, 90, {"a": 1})]
    assert median(costs) == Cost(2, 8, 5, {"a": 1})


def test_memory_of_descendants_counts() -> None:
    size = 80 * 2**20
    inner = HOLD.format(size=size, nap=1)
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer]) as process, Watch(process.pid) as watch:
        process.wait()
    assert size < watch.peak < 3 * size
    assert not watch._thread.is_alive()


def test_disagreements_are_found() -> None:
    agreed = dict.fromkeys(CHECKS, 2)
    costs = {
        "read": Cost(1, 1, 1),
        "polars": Cost(1, 1, 1, agreed),
        "duckdb": Cost(1, 1, 1, agreed | {"url-form": 3}),
        "pandera": Cost(1, 1, 1, dict(agreed)),
    }
    assert disagreements(costs) == {"duckdb": {"url-form": (3, 2)}}


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GiB", 2**31), ("512M", 2**29), ("1.5 gib", 3 * 2**29), ("4096", 4096), ("0", 0)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "2 apples", "-1G", "GiB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        bytes_of(text)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have limits enforced by watching: a test makes no control group on anybody's machine."""
    monkeypatch.setattr(limit, "_place", lambda: (None, ()))


@pytest.mark.usefixtures("watched")
def test_a_limit_kills_what_goes_beyond_it() -> None:
    size = 120 * 2**20
    how, beyond = limit._run([sys.executable, "-c", HOLD.format(size=2 * size, nap=20)], size)
    _, within = limit._run([sys.executable, "-c", HOLD.format(size=size // 2, nap=0.2)], size)
    assert how == "watching"
    assert beyond.killed
    assert beyond.wall < 15
    assert within.status == 0
    assert 60 < within.memory < 120


@pytest.mark.usefixtures("watched")
def test_a_check_within_a_limit_tells_its_status(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(orjson.dumps(next(records(1))) + b"\n")
    _, control, outcome = limit.check_within(path, bytes_of("1GiB"), [])
    assert control.killed
    assert outcome.status == 0
    _, _, refused = limit.check_within(path, bytes_of("1GiB"), ["--no-such-option"])
    assert refused.status == 2
    assert "ended with status 2" in told(refused, 2**30)


def test_a_group_of_version_1_is_made_beside_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory" / "others").mkdir(parents=True)
    monkeypatch.setattr(limit, "_GROUPS", tmp_path)
    place, settings = limit._place()
    assert place == tmp_path / "memory" / f"newsqa-limit-{os.getpid()}"
    assert settings[0] == "memory.limit_in_bytes"


def test_a_group_of_version_2_is_made_where_memory_is_handed_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "user" / "session" / "shell"
    own.mkdir(parents=True)
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory\n")
    (tmp_path / "user" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (tmp_path / "user" / "session" / "cgroup.subtree_control").write_text("pids\n")
    (tmp_path / "own").write_text("0::/user/session/shell\n")
    monkeypatch.setattr(limit, "_GROUPS", tmp_path)
    monkeypatch.setattr(limit, "_OWN", tmp_path / "own")
    place, settings = limit._place()
    assert place == tmp_path / "user" / f"newsqa-limit-{os.getpid()}"
    assert settings[0] == "memory.max"


def test_without_control_groups_there_is_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit, "_GROUPS", tmp_path)
    monkeypatch.setattr(limit, "_OWN", tmp_path / "missing")
    assert limit._place() == (None, ())


def test_a_group_is_made_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "_place", lambda: (tmp_path / "group", ("memory.max",)))
    with limit._group(2**20) as group:
        assert group == tmp_path / "group"
        assert group.is_dir()
    assert not group.exists()


def test_the_page_tells_ratios_and_who_counts_otherwise() -> None:
    counts = {name: number for number, name in enumerate(CHECKS, 1)}
    costs = {
        "read": Cost(0.5, 0.5, 100),
        "unit": Cost(2.0, 1.0, 120),
        "polars": Cost(1.0, 1.5, 150, counts),
        "suite": Cost(5.0, 4.0, 180, counts),
        "rules": Cost(3.0, 3.5, 180, counts | {"url-form": 9}),
        "all": Cost(30.0, 15.0, 400),
        "all-cores": Cost(15.0, 16.0, 700),
    }
    killed, ended = Outcome(-signal.SIGKILL, 1.0, 1020.0), Outcome(0, 60.0, 800.0)
    found = Measured(
        records=3_000,
        size=12_000_000,
        rounds=1,
        cores=2,
        costs=costs,
        missing={"duckdb": "it is away"},
        disagreements={"rules": {"url-form": (9, 2)}},
        growth=[Grown(9_000, 36_000_000, Cost(45.0, 90.0, 800), Cost(5.0, 5.0, 999))],
        limited=Limited(9_000, 2**30, "a spell", killed, ended),
        rule_records=1_000,
        rules={
            "base": 0.25,
            "unit": 0.1,
            "rules": [
                {"rule": "LEK001 template-leak", "cpu": 0.002, "found": 4},
                {"rule": "BLD001 site-line", "cpu": 0.2, "found": 45},
            ],
        },
        dearest=1,
    )
    text = page(found)
    assert "whole catalogue in one process takes **15.0 units** of time and 15.0 of proc" in text
    assert "one process a core takes **7.5 units**" in text
    assert "take newsqa 1.5 units; 0 of 1 others take longer" in text
    assert "| **newsqa: the dozen as rules** | 3.00 | 1.5 | 3.50 | 3.5 | 4 | 180 |" in text
    assert "| url-form | its URL is not" in text
    assert "counts otherwise**: url-form: 9 for 2." in text
    assert "All count the same" not in text
    assert "DuckDB could not be measured: it is away" in text
    assert "| 9,000 | 36 | 45.0 | 9.0 | 90.0 | 10,000 | 800 | 999 |" in text
    assert "`newsqa check` of 9,000 articles ended with status 0 after 60 s" in text
    assert "A control that takes a quarter more than the limit was killed." in text
    assert "| BLD001 site-line | 200 | 2.00 | 45 |" in text
    assert "LEK001" not in text
    assert "enforced by a spell" in text


def test_a_part_costs_what_more_parts_cost_more(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"x" * 2_000_000)
    few = {(name, 4): cluster.Cost(3.0, 8.0 / jobs, 9.0, 4, "x") for name, jobs in JOBS.items()}
    many = {(name, 24): cluster.Cost(2.0, 12.0, 19.0, 24, "x") for name in JOBS}
    options = argparse.Namespace(records=500, few=4, many=24, rounds=2)
    told = cluster.table(few | many, options, path)
    assert "| Ray, 2 | 2.0 | 4 | 4.0 | 9.0 | 24 | 12.0 | 19.0 | 0.50 |" in told
    assert told.startswith("500 articles, 2 MB")
    assert told.endswith("From one process to two: 2.00 times as fast; Ray: 2.00.")
