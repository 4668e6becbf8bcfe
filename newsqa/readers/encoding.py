"""Text encodings: everything should be UTF-8; what is not is read all the same, and reported."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from newsqa.readers.model import Problem, excerpt_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Single-byte and multi-byte encodings that news sites still use, the likeliest first.
_LEGACY = [
    "cp1252", "cp1254", "cp1250", "cp1251", "cp1256", "cp1253", "cp1255", "koi8_r",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65536
_FEW = 20
_FEW_CONTROLS = 7
# All control characters but those that text has: tab, line ends, form feed, escape.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")


class Decoder:
    """Turns the bytes of one file into text, and remembers what was wrong with them.

    Args:
        path: File as shown to the user.
        sample: Beginning of the file, from which a legacy encoding is guessed.
    """

    def __init__(self, path: str, sample: bytes = b"") -> None:
        self._path = path
        self._sample = sample[:_SAMPLE]
        self._problems: list[Problem] = []
        self._reported: set[str] = set()
        self._encoding: str | None = None

    def text(self, raw: bytes, line: int) -> str:
        """Return bytes as text; bytes that are no UTF-8 are read in the likeliest other encoding.

        Args:
            raw: Bytes of a line, of a record or of the whole file.
            line: 1-based line where they start.
        """
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            start = error.start
        if self._encoding is None:
            self._encoding = guess_encoding(raw[max(0, start - 1000) : start + _SAMPLE])
            if self._encoding != "utf-8":
                self._encoding = guess_encoding(raw[start : start + 1000] + b"\n" + self._sample)
        text = raw.decode(self._encoding, "replace")
        at = line + raw.count(b"\n", 0, start)
        name = "UTF-8 with broken bytes" if self._encoding == "utf-8" else self._encoding
        self.report(at, f"not UTF-8 but {name}", raw[max(0, start - 40) : start + 80])
        return text

    def __copy__(self) -> Decoder:
        """Return a decoder that reports what it finds for itself."""
        other = Decoder(self._path, self._sample)
        other._encoding = self._encoding
        return other

    def report(self, line: int, message: str, excerpt: str | bytes = "") -> None:
        """Note a fault of the encoding; the same fault counts once in a file."""
        if message in self._reported:
            return
        self._reported.add(message)
        if isinstance(excerpt, bytes):
            excerpt = excerpt.decode(self._encoding or "utf-8", "replace")
        self._problems.append(
            Problem("wrong-encoding", self._path, line, message, excerpt_of(excerpt))
        )

    def problems(self) -> Iterator[Problem]:
        """Yield the faults found since the last call."""
        while self._problems:
            yield self._problems.pop(0)


def guess_encoding(sample: bytes) -> str:
    """Return the likeliest encoding of bytes that are not all UTF-8.

    Mostly well-formed UTF-8 is UTF-8 that was cut or damaged. With few letters to judge by, it is
    the encoding of Western Europe.
    """
    read = sample.decode("utf-8", "replace")
    broken = read.count("\ufffd")
    if sum(c > "\x7f" for c in read) - broken > broken:
        return "utf-8"
    high = sum(byte > 0x7F for byte in sample)
    if high < _FEW:
        return _western(sample)
    from charset_normalizer import from_bytes  # slow to load, rarely needed

    best = from_bytes(sample, cp_isolation=_LEGACY, steps=10).best()
    return best.encoding if best is not None else _western(sample)


def _western(sample: bytes) -> str:
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def wide_encoding(head: bytes) -> str | None:
    """Return `utf-16` or `utf-32` where the beginning of a file shows it, with or without mark."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[:400:2], head[1:400:2]
    if len(head) >= 4 and odd and odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if len(head) >= 4 and even and even.count(0) > 0.7 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def is_binary(head: bytes) -> bool:
    """Return whether bytes are no text of any encoding."""
    if not head or wide_encoding(head):
        return False
    sample = head[:8192]
    control = len(sample) - len(sample.translate(None, _CONTROLS))
    return control > max(_FEW_CONTROLS, 0.02 * len(sample)) and not sample.lstrip(
        b"\xef\xbb\xbf \r\n\t"
    ).startswith((b"{", b"["))
