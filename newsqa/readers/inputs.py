"""All files of an input, standard input among them, and their size."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from typing import TYPE_CHECKING

from newsqa.errors import UsageError
from newsqa.readers.columns import is_url
from newsqa.readers.containers import beside_dumps
from newsqa.readers.discover import STDIN, InputFile, find_inputs
from newsqa.readers.streams import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

# Their records are larger than the bytes that hold them.
_PACKED = (*SUFFIXES, ".parquet", ".pq", ".arrow", ".feather", ".ipc")


class Inputs:
    """The files that paths name.

    Args:
        paths: Files, folders, globs, URLs, and `-` for standard input.
        exclude: Globs of files to leave out.
        stdin: Where `-` is read from; it is kept in a file, since it may be read again.
        stdin_name: What standard input is called in findings.

    Attributes:
        files: The files, standard input first, then by path.
        skipped: Files passed over, each with the reason.

    Raises:
        UsageError: A path does not exist, a glob matches nothing, or there is no standard input.
    """

    def __init__(
        self,
        paths: Sequence[str | Path] | Sequence[InputFile],
        exclude: Sequence[str] = (),
        stdin: BinaryIO | None = None,
        stdin_name: str = "<stdin>",
    ) -> None:
        beside_dumps.cache_clear()  # files come and go
        found, skipped = find_inputs([str(path) for path in paths], exclude)
        self.files = [file for file in found if file.path != STDIN]
        self.skipped = [(entry.path, entry.reason) for entry in skipped]
        if len(self.files) < len(found):
            if stdin is None:
                raise UsageError("there is no standard input to read", hint="name a file")
            self._kept = _spooled(stdin)
            self.files.insert(0, InputFile(stdin_name, named=True, at=self._kept.name))

    def size(self) -> int | None:
        """Return the bytes of all files; None where records are larger, as of packed files."""
        total = 0
        for file in self.files:
            if is_url(file.place) or file.path.casefold().endswith(_PACKED):
                return None
            try:
                state = os.stat(file.place)  # noqa: PTH116  of many files
            except (OSError, ValueError):
                return None
            if not stat.S_ISREG(state.st_mode):
                return None
            total += state.st_size
        return total


def _spooled(stream: BinaryIO) -> tempfile._TemporaryFileWrapper[bytes]:
    kept = tempfile.NamedTemporaryFile(prefix="newsqa-")  # noqa: SIM115  goes with its last user
    shutil.copyfileobj(stream, kept)
    kept.flush()
    return kept
