from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsqa.lanes import in_lane, lanes


def test_a_name_keeps_its_thread() -> None:
    with lanes():
        first, again, other = (
            in_lane(name, threading.get_ident).result() for name in ("one", "one", "another")
        )
        many = {in_lane(f"name {n}", threading.get_ident).result() for n in range(30)}
    assert first == again
    assert len(many | {first, other}) >= 10
    assert threading.get_ident() not in many


def test_errors_come_back() -> None:
    with lanes(), pytest.raises(ZeroDivisionError):
        in_lane("one", lambda: 1 // 0).result()


def test_what_is_asked_for_earlier_can_be_waited_for() -> None:
    with lanes():
        sums = [in_lane("0", int)]
        for n in range(1, 200):
            sums.append(in_lane(f"{n % 40}", int.__add__, sums[-1], in_lane(f"{n % 7}", int, n)))
        assert sums[-1].result() == sum(range(200))
        failed = in_lane("one", lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            in_lane("another", int, failed).result()


def test_threads_end_with_the_last_who_needs_them() -> None:
    with lanes():
        with lanes():
            in_lane("one", threading.get_ident).result()
        assert in_lane("one", threading.current_thread).result().is_alive()
        thread = in_lane("one", threading.current_thread).result()
    assert not thread.is_alive()
    with lanes():
        assert in_lane("one", threading.current_thread).result().is_alive()


def test_several_may_need_them_at_once() -> None:
    def work(number: int) -> list[int]:
        with lanes():
            return [in_lane(f"rule {n % 7}", pow, number, n).result() for n in range(50)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [[b**n for n in range(50)] for b in range(8)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")
def test_a_fork_has_threads_of_its_own() -> None:
    with lanes():
        gate = threading.Event()
        for n in range(40):  # all that may work do when the process is forked
            in_lane(f"rule {n}", gate.wait, 60)
        in_lane("one", threading.get_ident)
        child = os.fork()
        if child == 0:
            os._exit(in_lane("one", lambda: 7).result())
        gate.set()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
