"""A note that a check has begun and not yet ended, for whoever takes it up again."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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
        told = json.dumps([list(paths), config.digest(), str(selection)])
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
        with suppress(OSError):
            self._path.write_text(json.dumps({"now": now.isoformat()}), "utf-8")
        yield
        with suppress(OSError):
            self._path.unlink()
