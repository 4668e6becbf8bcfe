"""The wheel that is built through the sdist holds everything that runs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_wheel_through_sdist_is_complete(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    for folder, pattern in (("validators", "*.toml"), ("expectations", "*.json")):
        for file in (ROOT / folder).glob(pattern):
            assert f"newsqa/{folder}/{file.name}" in packed
    for file in (ROOT / "newsqa").rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            assert file.relative_to(ROOT).as_posix() in packed
    stray = {
        name.split("/")[0]
        for name in packed
        if not name.startswith("newsqa/") and ".dist-info/" not in name
    }
    assert stray == set()


@pytest.mark.slow
def test_installed_wheel_finds_its_rules(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    listed = subprocess.run(
        [sys.executable, "-c", "from newsqa.cli import main; main()", "rules", "--format", "json"],
        env={"PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert '"code": "INP001"' in listed.stdout
