"""How the tests run: with new random examples on a developer's machine, with fixed ones in CI.

A change must not fail for an example that has nothing to do with it; new ones are for those who
can look.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cache_support import write_news

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A small crawl of three parts."""
    return write_news(tmp_path / "out")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where results of parts may be kept."""
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def _small_inputs_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have processes work on inputs that are too small to be worth it otherwise."""
    monkeypatch.setattr("newsqa.run.FEW_PARTS", 2)
