"""Two runs side by side: what is new, what is gone, what is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from newsqa.finding import Severity
from newsqa.result import GONE_KEPT, Change, Comparison

if TYPE_CHECKING:
    from collections.abc import Collection

NEW, GONE, STILL, KNOWN = "new", "gone", "still", "known"


class Base(NamedTuple):
    """A run, or a file of findings, that another one is compared with.

    Args:
        facts: `id`, `started` and `path`, as far as known.
        findings: Its findings that count, and those accepted as known.
        accepted: Its other accepted findings.
        checked: Codes of the rules that it checked; None where nobody knows, as in a bare file of
            findings: then all of them.
    """

    facts: dict[str, str]
    findings: pl.DataFrame
    accepted: pl.DataFrame
    checked: frozenset[str] | None = None


def compare(
    base: Base,
    findings: pl.DataFrame,
    accepted: pl.DataFrame,
    checked: Collection[str] | None = None,
    *,
    gone_kept: int = GONE_KEPT,
) -> Comparison:
    """Return what changed since an earlier run.

    A finding that was accepted in the one run and counts in the other is neither new nor gone: it
    is the same fault.

    Args:
        base: The earlier run.
        findings: Findings of the later run that count.
        accepted: Its accepted findings.
        checked: Codes of the rules that it checked; None where nobody knows.
        gone_kept: Findings that are gone to hand on; the counts are of all.
    """
    before, after = _known(base.findings), _known(findings)
    stays = after.join(before, on="fingerprint", how="semi")
    new = after.join(_also(before, base.accepted), on="fingerprint", how="anti")
    gone = before.join(_also(after, accepted), on="fingerprint", how="anti")
    told_new = _of_rules(new, base.checked)
    told_gone = _of_rules(gone, checked)
    rows = pl.concat(
        [
            frame.select("fingerprint", "rule", "source", pl.lit(word).alias("status"))
            for frame, word in ((told_new, NEW), (told_gone, GONE), (stays, STILL))
        ]
    )
    return Comparison(
        base=base.facts,
        statuses=pl.concat(
            frame.select("fingerprint", pl.lit(word).alias("status"))
            for frame, word in ((told_new, NEW), (stays, KNOWN))
        ),
        gone=_worst(told_gone, base.findings).head(gone_kept),
        totals=_change("", rows["status"]),
        rules=_changes(rows, "rule"),
        sources=_changes(rows, "source"),
        not_compared=new.height - told_new.height + gone.height - told_gone.height,
    )


def _known(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select("fingerprint", "rule", "source").unique("fingerprint", keep="first")


def _also(findings: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([findings.select("fingerprint"), accepted.select("fingerprint")])


def _of_rules(findings: pl.DataFrame, checked: Collection[str] | None) -> pl.DataFrame:
    return findings if checked is None else findings.filter(pl.col("rule").is_in(list(checked)))


def _worst(gone: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    ranks = {severity.value: severity.rank for severity in Severity}
    wanted = findings.join(gone, on="fingerprint", how="semi", maintain_order="left")
    rank = pl.col("severity").replace_strict(ranks, default=0)
    return wanted.sort(rank, descending=True, maintain_order=True)


def _change(key: str, statuses: pl.Series) -> Change:
    counts = dict(statuses.value_counts().iter_rows())
    return Change(key, counts.get(NEW, 0), counts.get(GONE, 0), counts.get(STILL, 0))


def _changes(rows: pl.DataFrame, by: str) -> tuple[Change, ...]:
    counted = rows.group_by(pl.col(by).fill_null("").alias("key")).agg(
        (pl.col("status") == word).sum().alias(word) for word in (NEW, GONE, STILL)
    )
    changes = [Change(*row) for row in counted.select("key", NEW, GONE, STILL).iter_rows()]
    return tuple(sorted(changes, key=lambda c: (-c.new, -c.gone, -c.still, c.key)))
