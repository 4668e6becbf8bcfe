"""Where the shipped data folders are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsqa.errors import NewsqaError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def data_folder(name: str) -> Traversable:
    """Return the folder `validators` or `expectations`.

    The package comes first: in an installed wheel the folder beside it could be another package's.

    Raises:
        NewsqaError: newsqa was installed without its data.
    """
    inside = files("newsqa") / name
    if inside.is_dir():
        return inside
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise NewsqaError(f"newsqa is installed without its folder {name}", hint="install it again")
