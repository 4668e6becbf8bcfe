"""Endings that all headlines of a source share, and the name of the outlet at an end of one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.text.urls import brand, registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATOR = r"\s(?:[-–—|·•»«›:/~]|::|//)\s"
_LAST_PART = rf"({_SEPARATOR}[^|·•»«]{{2,60}}?)\s*$"
_FIRST_PART = r"^\s*([^|·•»«\n]{2,40}?)\s(?:[|·•»«]|::)\s"
# Words around the name of an outlet that do not make it another one.
_AROUND = frozenset(
    re.findall(
        r"\S+",
        """the der die das le la les il lo el los las de het o a www com net org co uk fr es it nl
        pl tr ru br au in ie at ch be eu info online news nachrichten haber noticias notizie
        actualités tv radio magazine magazin newspaper gazetesi zeitung website official""",
    )
)
_LEAST_NAME = 3


@check
class SharedSuffix(GroupCheck):
    """Forbids that headlines of a source end with the same words behind a separator.

    The name of the outlet or of its site, as the last part of a headline or before a bar at its
    beginning, is told from one headline.

    Args:
        least: Least number of headlines with the ending.
        share: Least share of the source's headlines with the ending.
    """

    key: ClassVar[str] = "shared-suffix"
    shape: ClassVar[Shape] = "source"
    locators: ClassVar[tuple[str, ...]] = ("url", "source")
    by_source: ClassVar[bool] = True

    least: int = Field(default=3, ge=2)
    share: float = Field(default=0.3, gt=0, le=1)

    def fields(self) -> frozenset[str]:
        """Return the headline and the source."""
        return frozenset({"title", "source"})

    def keys(self) -> dict[str, pl.Expr]:
        """Keep the last part of each headline that has more than one."""
        suffix = pl.col("title").str.tail(70).str.extract(_LAST_PART)
        # Of several separators the last one counts.
        return {
            "title_suffix": suffix.str.replace(rf"^.*({_SEPARATOR})", "$1"),
            "title_prefix": pl.col("title").str.head(60).str.extract(_FIRST_PART),
            "title_given": pl.col("title").is_not_null(),
        }

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a source and ending, at the first headline that has it."""
        titled = keys.filter(pl.col("title_given") & pl.col("source").is_not_null())
        totals = titled.group_by("source").agg(pl.len().alias("titles"))
        parts = pl.concat(
            titled.filter(pl.col(column).is_not_null()).select(
                "source", "url", "row", pl.col(column).alias("part")
            )
            for column in ("title_suffix", "title_prefix")
        )
        shared = (
            parts.group_by("source", "part")
            .agg(pl.len().alias("count"), pl.col("row").min(), pl.col("url").first())
            .join(totals, on="source")
        )
        enough = (pl.col("count") >= self.least) & (
            pl.col("count") >= self.share * pl.col("titles")
        )
        is_named = pl.struct("source", "url", "part").map_elements(
            _is_name, return_dtype=pl.Boolean
        )
        common = pl.col("part").is_in(titled["title_suffix"].drop_nulls().implode())
        at_fault = shared.filter(is_named | (enough & common)).sort("source", "part")
        for ending in at_fault.iter_rows(named=True):
            suffix = ending["part"].strip()
            figures = {"suffix": suffix, "count": ending["count"], "titles": ending["titles"]}
            yield GroupHit(
                row=ending["row"],
                source=ending["source"],
                field="title",
                identity=suffix,
                of_source=True,
                values=figures,
                evidence=figures,
            )


def _is_name(part: dict[str, str | None]) -> bool:
    """Return whether a part of a headline is the name of its outlet or of the outlet's site."""
    told = re.sub(rf"^{_SEPARATOR}", "", part["part"] or "")
    forms = {_bare(told), _fold(told)}
    known = _names(part["source"] or "", part["url"] or "")
    return any(len(form) >= _LEAST_NAME and form in known for form in forms)


@lru_cache(maxsize=65536)
def _names(source: str, url: str) -> frozenset[str]:
    host = re.match(r"(?i)https?://([^/?#:]+)", url)
    own = registered_domain(source)
    names = {_fold(source)} if own else {_fold(source), _bare(source)}
    for domain in (own, registered_domain(host[1]) if host else None):
        if domain:
            names |= {_fold(domain), _fold(brand(domain)), _bare(brand(domain))}
    return frozenset(names - {""})


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i").replace("ł", "l"))
    return re.sub(r"[^\w]|_", "", "".join(c for c in plain if not unicodedata.combining(c)))


def _bare(name: str) -> str:
    """Return a name in small letters, without spaces and without the words around it."""
    words = [_fold(word) for word in re.split(r"[\W_]+", name) if word]
    kept = [w for w in words if w not in _AROUND and not w.isdigit()]
    joined = "".join(kept or words)
    # Domains write the article without a space: `theguardian`.
    return joined.removeprefix("the") if len(joined) > len("the") + _LEAST_NAME else joined
