"""A note that a check has begun and not yet ended, for whoever takes it up again."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsqa.config import Config
    from newsqa.selection import Selection


class Journal:
    """The note of one check, beside the results of its parts.

    Args:
        cache: Folder of the cache; None where nothing is kept, and no note either.
        paths: What is checked.
        config: How.
        selection: Which records.
    """

    def __init__(
        self, cache: Path | None, paths: Sequence[str], config: Config, selection: Selection
    ) -> None:
        places = [str(Path(path).absolute()) for path in paths]
        told = json.dumps([places, config.digest(), str(selection)])
        name = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        self._path = cache / f"begun-{name}.json" if cache and paths else None

    def interrupted(self) -> datetime | None:
        """Return the time that the last check of the same was judged at, if it did not end."""
        if self._path is None:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):
            return datetime.fromisoformat(json.loads(self._path.read_text("utf-8"))["now"])
        return None

    @contextmanager
    def of(self, now: datetime) -> Iterator[None]:
        """Note that a check has begun, and take the note away once it is through."""
        if self._path is None:
            yield
            return
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            beside.write_text(json.dumps({"now": now.isoformat()}), "utf-8")
            beside.replace(self._path)
        yield
        with suppress(OSError):
            self._path.unlink()
