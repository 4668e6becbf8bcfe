from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from newsqa.memory import collecting_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_python_collects_as_before_once_nobody_asks_for_less() -> None:
    one, other = collecting_seldom(), collecting_seldom()
    with one:
        assert gc.get_threshold()[0] > 700
        other.__enter__()
    assert gc.get_threshold()[0] > 700
    other.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


def test_a_failure_restores_it() -> None:
    with pytest.raises(ValueError, match="of the work"), collecting_seldom():
        raise ValueError("of the work")
    assert gc.get_threshold() == (700, 10, 10)


def test_who_never_collects_is_left_alone() -> None:
    gc.set_threshold(0, 10, 10)
    with collecting_seldom():
        assert gc.get_threshold()[0] == 0
