"""Imports point one way, and files stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "newsqa"
LAYERS = (
    {"errors", "figures", "finding", "lanes", "memory", "record", "rule", "earlier"},
    {"text", "dates", "resources", "result", "config", "selection"},
    {"pages", "schema", "rulefile", "acceptance", "compare", "changes", "configfile", "suites"},
    {"checks", "readers", "catalogue", "rulespage"},
    {"plan"},
    {"describe", "screens", "setup"},
    {"engine", "gates"},
    {"parts"},
    {"groups"},
    {"selftest", "conclude"},
    {"run", "profile"},
    {"split", "starting", "gx"},
    {"report"},
    {"history"},
    {"cli"},
    {"__main__"},
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def runtime_imports(path: Path) -> set[str]:
    """Rooms of newsqa that a file imports when it runs, at its top or later."""
    rooms: set[str] = set()
    pending: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending += node.orelse
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [node.module or ""]
            if node.module == "newsqa":
                names = [f"newsqa.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = []
        rooms |= {name.split(".")[1] for name in names if name.startswith("newsqa.")}
        pending += ast.iter_child_nodes(node)
    return rooms


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        return
    assert own in RANK, f"give newsqa/{own} a layer in this test"
    for other in runtime_imports(path) - {"__version__"}:
        assert other == own or RANK[other] < RANK[own], f"newsqa.{own} imports newsqa.{other}"


@pytest.mark.parametrize(
    "path",
    [p for room_ in ("newsqa", "tests", "bench") for p in (PACKAGE.parent / room_).rglob("*.py")],
    ids=lambda p: str(p.relative_to(PACKAGE.parent)),
)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 400


@pytest.mark.parametrize("folder", ["validators", "expectations"])
def test_data_folders_hold_no_python(folder: str) -> None:
    assert not list((PACKAGE.parent / folder).rglob("*.py"))
