"""Addresses that lie on another site than their outlet's."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.text.urls import brand, host_of, registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterator


@check
class OtherSite(GroupCheck):
    """Demands that the articles of an outlet lie on the sites of that outlet.

    The sites of an outlet are the one it is named after, with every public suffix, and those that
    hold a fair share of its articles. An outlet that is not named after a site is judged only
    where one site holds most of its articles.

    Args:
        usual_share: A site with this share of an outlet's articles, and at least two, is its own.
        main_share: Share of its main site that an outlet not named after a site must have.
        min_records: Articles that such an outlet must have.
        caches: Registered domains of caches that serve the articles of others.
    """

    key: ClassVar[str] = "other-site"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("url", "source")
    by_source: ClassVar[bool] = True

    usual_share: float = Field(default=0.1, gt=0, le=1)
    main_share: float = Field(default=0.8, gt=0, le=1)
    min_records: int = Field(default=10, gt=0)
    caches: tuple[str, ...] = (
        "ampproject.org", "google.com", "googleusercontent.com", "bing-amp.com", "archive.org",
        "archive.today", "archive.ph", "archive.is", "webcache.com",
    )  # fmt: skip

    def fields(self) -> frozenset[str]:
        """Return source and URL."""
        return frozenset({"source", "url"})

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a record on a foreign site; only the first where that is most of them."""
        located = _with_domains(keys)
        sizes = located.group_by("source", "domain").agg(pl.len().alias("records"))
        shares: dict[str, dict[str, int]] = {}
        for source, domain, records in sizes.sort(
            "records", "domain", descending=[True, False]
        ).iter_rows():
            shares.setdefault(source, {})[domain] = records
        usual = {source: self._usual(source, sites) for source, sites in shares.items()}
        foreign = [
            (source, domain)
            for source, sites in shares.items()
            for domain in (sites if usual[source] else ())
            if not _akin(domain, usual[source], self.caches)
        ]
        names = {"source": pl.String, "domain": pl.String}
        pairs = pl.DataFrame(foreign, schema=names, orient="row")
        found = located.join(pairs, on=["source", "domain"], maintain_order="left")
        for (source,), rows in found.group_by("source", maintain_order=True):
            yield from self._hits(
                str(source), rows, usual[str(source)], sum(shares[str(source)].values())
            )

    def _hits(
        self, source: str, rows: pl.DataFrame, usual: set[str], records: int
    ) -> Iterator[GroupHit]:
        """Yield one hit a record on a foreign site, or one for most of the records."""
        scattered = rows.height >= self.min_records and rows.height > records / 2
        shown = sorted(usual)[:5]
        for row, domain in (
            (rows.head(1) if scattered else rows).select("row", "domain").iter_rows()
        ):
            evidence = {"domain": domain, "usual": shown, "records": rows.height}
            values = {"usual": ", ".join(shown)}
            yield GroupHit(
                row, source, "url", values=values, evidence=evidence, of_source=scattered
            )

    def _usual(self, source: str, shares: dict[str, int]) -> set[str]:
        """Return the sites of an outlet; empty where they cannot be told."""
        total = sum(shares.values())
        usual = {d for d, n in shares.items() if n >= max(2, self.usual_share * total)}
        named_after = registered_domain(source)
        if named_after:
            return usual | {named_after}
        main = max(shares.values())
        return usual if total >= self.min_records and main >= self.main_share * total else set()


def _with_domains(keys: pl.DataFrame) -> pl.DataFrame:
    """Return `row`, `source` and registered `domain` of the records that have both."""
    hosts = keys.select("row", "source", host_of(pl.col("url")).alias("host")).drop_nulls()
    domains = {host: registered_domain(host) for host in hosts["host"].unique()}
    return hosts.with_columns(
        pl.col("host").replace_strict(domains, default=None, return_dtype=pl.String).alias("domain")
    ).drop_nulls()


def _akin(domain: str, usual: set[str], caches: tuple[str, ...]) -> bool:
    """Return whether a site is one of the usual ones, their brand elsewhere, or a cache."""
    return domain in usual or domain in caches or brand(domain) in {brand(known) for known in usual}
