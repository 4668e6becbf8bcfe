"""Findings ready to show: cut to size, marked, and picked so that no source hides the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import polars as pl

from newsqa.finding import EXCERPT_CHARACTERS, Severity
from newsqa.report.safe import Piece, clip, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_TEXT = 300
"""Longest message, URL, name or path that is shown; excerpts are 240 characters at most."""
NO_SOURCE = "(no source)"
_RANK = {severity.value: severity.rank for severity in Severity}


class Segment(NamedTuple):
    """A part of an excerpt, at fault or not."""

    pieces: tuple[Piece, ...]
    marked: bool = False

    @property
    def text(self) -> str:
        """The characters of the segment as they are shown; a line end is followed by a space."""
        shown = "".join(piece.label or piece.text for piece in self.pieces)
        return shown.replace("↵", "↵ ") if "↵" in shown else shown


@dataclass(frozen=True)
class Example:
    """One finding as every format shows it; texts are clipped but not escaped.

    Args:
        rule, name, severity, message, field, id, url, fingerprint: As in the finding.
        source: As in the finding; `(no source)` where it has none.
        place: `path:line`, as far as known.
        excerpt: The text around the fault, the fault marked; empty where there is none.
        facts: Names and values of the evidence.
    """

    rule: str
    name: str
    severity: str
    message: str
    source: str
    place: str
    field: str | None
    id: str | None
    url: str | None
    fingerprint: str
    excerpt: tuple[Segment, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def example_of(row: Mapping[str, Any]) -> Example:
    """Return a row of `Result.findings` ready to show."""
    evidence = orjson.loads(row["evidence"] or "{}")
    span = (evidence.get("excerpt_start"), evidence.get("excerpt_end"))
    return Example(
        rule=row["rule"],
        name=row["name"],
        severity=row["severity"],
        message=clip(row["message"], MAX_TEXT),
        source=source_name(row["source"]),
        place=place_of(row),
        field=row["field"],
        id=_clipped(row["id"]),
        url=_clipped(row["url"]),
        fingerprint=row["fingerprint"],
        excerpt=segments(row["excerpt"] or "", [span], start=row["start"]),
        facts=tuple(_facts(evidence)),
    )


def source_name(source: str | None) -> str:
    """Return the name under which a source is shown."""
    return clip(source, 80) if source else NO_SOURCE


def place_of(row: Mapping[str, Any]) -> str:
    """Return `path:line`, the path alone, or nothing, as far as the finding knows."""
    path = clip(row["path"] or "", MAX_TEXT)
    return f"{path}:{row['line']}" if path and row["line"] is not None else path


def segments(
    excerpt: str, spans: Iterable[tuple[int | None, int | None]], *, start: int | None = None
) -> tuple[Segment, ...]:
    """Return an excerpt cut at the edges of its spans, overlapping spans joined.

    Args:
        excerpt: At most 240 characters of a text; an ellipsis is added where the text goes on.
        spans: Offsets into the excerpt; None marks nothing.
        start: Offset of the fault in its text, which tells whether the excerpt begins it.
    """
    excerpt = excerpt[:EXCERPT_CHARACTERS]
    known = sorted((a, b) for a, b in spans if isinstance(a, int) and isinstance(b, int) and a < b)
    full = len(excerpt) == EXCERPT_CHARACTERS
    parts: list[tuple[str, bool]] = []
    if full and known and start is not None and start > known[0][0]:
        parts.append(("…", False))
    position = 0
    for left, right in _joined(known):
        parts += [(excerpt[position:left], False), (excerpt[left:right], True)]
        position = right
    parts += [(excerpt[position:], False), ("…" if full else "", False)]
    return tuple(Segment(tuple(_folded(text)), marked) for text, marked in parts if text)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for left, right in spans:
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((max(0, left), right))
    return joined


def _folded(text: str) -> Iterable[Piece]:
    """Yield the pieces of a text, with one sign for neighbouring line ends."""
    last = ""
    for piece in pieces(text):
        if piece.label and piece.label == last == "↵":
            continue
        if last == "↵" and not piece.text.strip() and not piece.label:
            continue
        last = piece.label
        yield piece


def _facts(evidence: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    shown = [(k, v) for k, v in evidence.items() if not k.startswith("excerpt_") and v is not None]
    for key, value in shown[:6]:
        text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
        yield clip(str(key).replace("_", " "), 40), clip(text, 100)


def _clipped(text: str | None) -> str | None:
    return None if text is None else clip(text, MAX_TEXT)


def spread(findings: pl.DataFrame, limit: int, by: tuple[str, ...]) -> pl.DataFrame:
    """Return at most `limit` findings, taken in turn from the groups of `by`, in their order.

    Each value of the first column of `by` gets the same share, taken evenly from its groups, and
    worse severities come first within a turn, so that a noisy source or rule hides no other.
    """
    if findings.height <= limit:
        return findings
    return turns_of(findings, by, limit).sort("_order").drop("_order")


def turns_of(findings: pl.DataFrame, by: tuple[str, ...], limit: int) -> pl.DataFrame:
    """Return the findings that `spread` takes, in the order of taking, `_order` their place."""
    keys = findings.select(
        *by,
        pl.col("severity").replace_strict(_RANK, default=0, return_dtype=pl.Int8).alias("_rank"),
    ).with_row_index("_order")
    taken = (
        keys.with_columns(pl.col(name).cast(pl.Categorical) for name in by)
        .with_columns(pl.int_range(pl.len()).over(*by).alias("_turn"))
        .sort("_turn", maintain_order=True)
        .with_columns(pl.int_range(pl.len()).over(by[0]).alias("_turn"))
        .select("_order", "_turn", "_rank")
        .top_k(limit, by=["_turn", "_rank", "_order"], reverse=[True, False, True])
        .sort(["_turn", "_rank", "_order"], descending=[False, True, False])
    )
    return findings[taken["_order"]].with_columns(taken["_order"])


def examples_by_rule(findings: pl.DataFrame, limit: int) -> dict[str, list[Example]]:
    """Return up to `limit` findings of each rule, in turn from its records and sources."""
    if findings.is_empty() or limit <= 0:
        return {}
    turn = pl.int_range(pl.len())
    chosen = (
        findings.with_columns(turn.over("rule", "path", "record").alias("_nth"))
        .sort("rule", "_nth", maintain_order=True)
        .with_columns(turn.over("rule", "source").alias("_turn"))
        .sort("rule", "_turn", maintain_order=True)
        .filter(turn.over("rule") < limit)
    )
    examples: dict[str, list[Example]] = {}
    for row in chosen.iter_rows(named=True):
        examples.setdefault(row["rule"], []).append(example_of(row))
    return examples


@dataclass(frozen=True)
class MarkedText:
    """An excerpt of one field with the marks of all findings in it."""

    field: str
    excerpt: tuple[Segment, ...]
    messages: tuple[tuple[str, str, str, str], ...]  # code, name, severity, message


@dataclass(frozen=True)
class WorstRecord:
    """A record with many findings."""

    place: str
    id: str | None
    url: str | None
    source: str
    findings: int
    texts: tuple[MarkedText, ...]


def worst_records(findings: pl.DataFrame, limit: int, per_record: int = 12) -> list[WorstRecord]:
    """Return the records that break the most rules, errors first; each has two findings or more."""
    counted = (
        findings.filter(pl.col("record").is_not_null())
        .group_by("path", "record")
        .agg(
            pl.len().alias("n"),
            pl.col("rule").filter(pl.col("severity") == "error").n_unique().alias("errors"),
            pl.col("rule").n_unique().alias("rules"),
        )
        .filter(pl.col("n") > 1)
        .sort(["errors", "rules", "n", "path", "record"], descending=[True] * 3 + [False] * 2)
        .head(limit)
    )
    worst = []
    for path, record, total in counted.select("path", "record", "n").iter_rows():
        own = findings.filter((pl.col("path") == path) & (pl.col("record") == record))
        rows = list(own.head(per_record).iter_rows(named=True))
        first = rows[0]
        worst.append(
            WorstRecord(
                place=place_of(first),
                id=_clipped(first["id"]),
                url=_clipped(first["url"]),
                source=source_name(first["source"]),
                findings=total,
                texts=tuple(_marked_texts(rows)),
            )
        )
    return worst


def _marked_texts(rows: list[dict[str, Any]]) -> Iterable[MarkedText]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["field"] or "", row["excerpt"] or ""), []).append(row)
    for (field, excerpt), members in grouped.items():
        evidence = [orjson.loads(row["evidence"] or "{}") for row in members]
        spans = [(e.get("excerpt_start"), e.get("excerpt_end")) for e in evidence]
        messages = (
            (r["rule"], r["name"], r["severity"], clip(r["message"], MAX_TEXT)) for r in members
        )
        yield MarkedText(
            field,
            segments(excerpt, spans, start=members[0]["start"]),
            tuple(dict.fromkeys(messages)),
        )
