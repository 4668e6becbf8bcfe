"""The finding: one fault, in one place, in a closed vocabulary."""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

EXCERPT_CHARACTERS = 240


class Severity(StrEnum):
    """How bad a fault is; a later member is worse."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Args:
        rule: Code of the rule, such as `DAT003`.
        name: Name of the rule, such as `published-in-future`.
        severity: `error`, `warning` or `info`.
        message: One line that says what is wrong here.
        path: File that holds the record, or the source-wide fault's first record; may be empty.
        line: 1-based line in that file, or None.
        record: 0-based number of the record in its file, or None when the fault is not a record's.
        id: Identifier of the record, or None.
        url: URL of the record, or None.
        source: Outlet, or None.
        field: Canonical field that holds the fault, or None.
        start: Character offset of the fault in the field (in the file for page dumps), or None.
        end: Character offset behind the fault, or None.
        excerpt: At most 240 characters around the fault, or None.
        fingerprint: Identity of the fault that survives when other records come and go.
        evidence: Small JSON object with the figures behind the message. `excerpt_start` and
            `excerpt_end`, where present, are the fault's offsets inside the excerpt.
    """

    rule: str
    name: str
    severity: str
    message: str
    path: str = ""
    line: int | None = None
    record: int | None = None
    id: str | None = None
    url: str | None = None
    source: str | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    excerpt: str | None = None
    fingerprint: str = ""
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as a JSON object, keys in the order of the vocabulary."""
        # Not `asdict`, whose copies of all values cost more than finding the fault.
        return {name: getattr(self, name) for name in FINDING_FIELDS}


FINDING_FIELDS: tuple[str, ...] = tuple(Finding.__dataclass_fields__)


def excerpt_around(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Return at most 240 characters of `text` around a span, and the span inside them.

    A span that is longer than the excerpt is cut at the excerpt's end.
    """
    start, end = max(0, start), min(len(text), end)
    if end - start >= EXCERPT_CHARACTERS:
        return text[start : start + EXCERPT_CHARACTERS], 0, EXCERPT_CHARACTERS
    room = EXCERPT_CHARACTERS - (end - start)
    left = max(0, start - room // 2)
    right = min(len(text), left + EXCERPT_CHARACTERS)
    left = max(0, right - EXCERPT_CHARACTERS)
    return text[left:right], start - left, end - left


def fingerprint(
    rule: str, source: str | None, record: str | None, place: str | None, hit: str
) -> str:
    """Return the identity of a fault: 16 hexadecimal digits.

    It is made from what the fault is and whose it is, never from line numbers or dates of a run, so
    that it survives reordering, added records and renamed files.
    """
    folded = " ".join(unicodedata.normalize("NFKC", hit).casefold().split())
    parts = (rule, source or "", record or "", place or "", folded)
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
