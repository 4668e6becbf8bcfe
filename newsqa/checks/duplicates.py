"""Records that repeat another one: by address, text, headline or identifier, or nearly so."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, Shape, check
from newsqa.text.plain import plain
from newsqa.text.sketch import figures, like_pairs, likeness, sketch
from newsqa.text.urls import page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LEAST_BODY = 120
_LEAST_TITLE = 20
_SEED = 11


def page_hash() -> pl.Expr:
    """Return one number for all addresses of a page; null where there is none."""
    return page_key(pl.col("url")).map_batches(_page_hashes, return_dtype=pl.UInt64)


def _page_hashes(pages: pl.Series) -> pl.Series:
    return _hashes(pages, pages.is_not_null())


def _body() -> pl.Expr:
    return pl.col("body").map_batches(_body_hashes, return_dtype=pl.UInt64)


def _body_hashes(bodies: pl.Series) -> pl.Series:
    if bodies.str.contains("\r", literal=True).any():
        bodies = bodies.str.replace_all("\r", "", literal=True)
    bare = bodies.str.strip_chars()
    return _hashes(bare, bare.str.len_chars() >= _LEAST_BODY)


def _title() -> pl.Expr:
    return pl.struct("source", "title").map_batches(_title_hashes, return_dtype=pl.UInt64)


def _title_hashes(records: pl.Series) -> pl.Series:
    title = plain(records.struct.field("title"))
    of_outlet = records.struct.field("source") + "\n" + title.str.strip_chars()
    return _hashes(of_outlet, of_outlet.is_not_null() & (title.str.len_chars() >= _LEAST_TITLE))


def _sketch() -> pl.Expr:
    return sketch(pl.col("body"))


def _figures() -> pl.Expr:
    return figures(pl.col("body"))


_KEYS = {
    "page": page_hash, "body": _body, "title": _title, "sketch": _sketch, "figures": _figures,
}  # fmt: skip


def _hashes(texts: pl.Series, wanted: pl.Series) -> pl.Series:
    """Return hashes of texts where they are wanted: `hash` gives nulls a number, too."""
    none = pl.Series([None], dtype=pl.UInt64)
    return texts.hash(seed=_SEED).zip_with(wanted.fill_null(value=False), none)


def _firsts(keys: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the records that repeat no earlier one in any of the columns."""
    for column in columns:
        keys = keys.filter(pl.col(column).is_null() | pl.col(column).is_first_distinct())
    return keys


def _repeats(keys: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the records that repeat an earlier one, with `first` and the `count` of them all."""
    return (
        keys.filter(pl.col(column).is_not_null() & pl.col(column).is_duplicated())
        .with_columns(
            pl.col("row").first().over(column).alias("first"),
            pl.len().over(column).alias("count"),
        )
        .filter(pl.col("row") != pl.col("first"))
    )


@check
class SameValue(GroupCheck):
    """Forbids records that repeat an earlier one.

    Args:
        of: `url`: addresses of one page; `body`: equal text of at least 120 characters; `title`:
            equal headlines of at least 20 characters in one outlet, over different texts; `id`:
            equal identifiers of different pages.
        elsewhere: Severity where the earlier record is another outlet's, if not the rule's.
        most: Values that more records share are no identity, such as the name of a column.
        one_above: Where a larger share of all records repeats, one finding stands for them.
    """

    key: ClassVar[str] = "same-value"
    shape: ClassVar[Shape] = "corpus"
    locators: ClassVar[tuple[str, ...]] = ("path", "line", "id", "url", "source")

    of: Literal["url", "body", "title", "id"]
    elsewhere: Literal["error", "warning", "info"] | None = None
    most: int | None = Field(default=None, gt=1)
    one_above: float | None = Field(default=None, gt=0, le=1)

    def fields(self) -> frozenset[str]:
        """Return the compared field."""
        return frozenset({self.of})

    def keys(self) -> dict[str, pl.Expr]:
        """Return hashes of what is compared, and of what tells exact copies apart."""
        names = {
            "url": ("page", "sketch"),
            "id": ("page",),
            "body": ("page", "body"),
            "title": ("page", "body", "title", "sketch"),
        }[self.of]
        return {f"{name}_key": _KEYS[name]() for name in names}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a record that repeats an earlier one, pointing to the first."""
        repeats = self._found(keys)
        if self.most is not None:
            repeats = repeats.filter(pl.col("count") <= self.most)
        if self.one_above is not None and repeats.height > self.one_above * keys.height:
            repeats = repeats.head(1).with_columns(pl.lit(repeats.height).alias("count"))
        yield from _hits(repeats, keys, self.of, self.elsewhere)

    def _found(self, keys: pl.DataFrame) -> pl.DataFrame:
        if self.of == "url":
            return _compared(_repeats(keys, "page_key"), keys)
        pages = _firsts(keys, "page_key")
        if self.of == "id":
            return _repeats(pages.drop_nulls("page_key"), "id")
        if self.of == "body":
            return _repeats(pages, "body_key")
        return _unlike(_repeats(_firsts(pages, "body_key"), "title_key"), keys)


def _unlike(repeats: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return the repeats whose text differs from the first one's."""
    limit = NearSameBody.model_fields["likeness"].default
    unlike = pl.col("likeness").fill_null(0.0) < limit
    return _compared(repeats, keys).filter(unlike).drop("likeness")


def _compared(repeats: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return the repeats with the `likeness` of their text to the first one's, where both tell."""
    first = keys.select(pl.col("row").alias("first"), pl.col("sketch_key").alias("first_sketch"))
    paired = repeats.join(first, on="first", how="left", maintain_order="left")
    alike = likeness(paired["sketch_key"], paired["first_sketch"])
    return paired.drop("first_sketch").with_columns(alike.round(2).alias("likeness"))


@check
class NearSameBody(GroupCheck):
    """Forbids texts that are nearly those of an earlier record.

    Args:
        likeness: Estimated share of their five-word shingles that two texts have in common.
        likeness_elsewhere: The same for texts of two outlets, which share no furniture of a site.
        figures: Share of figures in common, below which two texts are not versions of one story
            but two stories from one template; asked where both hold three figures or more.
        elsewhere: Severity where the earlier record is another outlet's, if not the rule's.
    """

    key: ClassVar[str] = "near-same-body"
    shape: ClassVar[Shape] = "corpus"
    locators: ClassVar[tuple[str, ...]] = ("path", "line", "id", "url", "source")

    likeness: float = Field(default=0.75, gt=0, le=1)
    likeness_elsewhere: float = Field(default=0.6, gt=0, le=1)
    figures: float = Field(default=0.35, ge=0, le=1)
    elsewhere: Literal["error", "warning", "info"] | None = None

    def fields(self) -> frozenset[str]:
        """Return the body."""
        return frozenset({"body"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return sketches of the body and its figures, and hashes that tell exact copies."""
        return {f"{name}_key": _KEYS[name]() for name in ("page", "body", "sketch", "figures")}

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a record but the first of each cluster of texts that are alike."""
        compared = keys.select("row", "source", "^.*_key$")
        texts = _firsts(compared, "page_key", "body_key").drop_nulls("sketch_key")
        pairs = self._pairs(texts)
        first = _clusters(pairs.select("first", "row").iter_rows())
        sizes: dict[int, int] = {}
        for root in first.values():
            sizes[root] = sizes.get(root, 1) + 1
        # A record can belong to its cluster through a later record alone.
        turned = pairs.rename({"first": "row", "row": "first"}).select(pairs.columns)
        either = pl.concat([turned, pairs]).sort("likeness", maintain_order=True)
        best = either.group_by("row", maintain_order=True).last()
        nearest = {row: (other, alike) for row, other, alike in best.iter_rows()}
        found = [
            (row, root, sizes[root], nearest[row][0], round(nearest[row][1], 2))
            for row, root in sorted(first.items())
        ]
        names = dict.fromkeys(("row", "first", "count", "nearest"), pl.UInt32)
        repeats = pl.DataFrame(found, schema={**names, "likeness": pl.Float64}, orient="row").join(
            keys.select("row", "source"), on="row", maintain_order="left"
        )
        yield from _hits(repeats, keys, "body", self.elsewhere)

    def _pairs(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Return `row`, earlier row `first` and `likeness` of texts that are nearly the same."""
        least = min(self.likeness, self.likeness_elsewhere)
        pairs = like_pairs(texts.select("row", sketch="sketch_key"), least)
        sides = texts.select("row", "source", "figures_key")
        pairs = pairs.join(sides, on="row", maintain_order="left").join(
            sides, left_on="first", right_on="row", suffix="_first", maintain_order="left"
        )
        agreed = likeness(pairs["figures_key"], pairs["figures_key_first"]).fill_null(1.0)
        same_outlet = pl.col("source").eq_missing(pl.col("source_first"))
        needed = pl.when(same_outlet).then(self.likeness).otherwise(self.likeness_elsewhere)
        return pairs.filter(pl.col("likeness") >= needed, agreed >= self.figures).select(
            "row", "first", "likeness"
        )


def _clusters(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the first member of the cluster of each row but the firsts themselves."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while (up := parent.get(row, row)) != row:
            parent[row] = parent.get(up, up)
            row = up
        return row

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {row: root(row) for row in parent if root(row) != row}


def _hits(
    repeats: pl.DataFrame, keys: pl.DataFrame, field: str, elsewhere: str | None
) -> Iterator[GroupHit]:
    if "nearest" not in repeats.columns:
        repeats = repeats.with_columns(nearest="first")
    named = pl.concat([repeats["first"], repeats["nearest"]]).unique()
    columns = ("row", "path", "line", "id", "url", "source")
    wanted = keys.filter(pl.col("row").is_in(named.implode())).select(columns)
    records = {row["row"]: row for row in wanted.iter_rows(named=True)}
    for repeat in repeats.sort("row").iter_rows(named=True):
        yield _hit(repeat, records[repeat["first"]], records[repeat["nearest"]], field, elsewhere)


def _hit(
    repeat: Mapping[str, Any],
    first: Mapping[str, Any],
    nearest: Mapping[str, Any],
    field: str,
    elsewhere: str | None,
) -> GroupHit:
    evidence = {
        "cluster": _cluster_name(first), "count": repeat["count"],
        "first": first["id"], "first_path": first["path"], "first_line": first["line"],
        "first_url": first["url"], "first_source": first["source"],
    }  # fmt: skip
    if repeat.get("likeness") is not None:
        evidence |= {"likeness": repeat["likeness"], "nearest": nearest["id"]}
    place = f"{nearest['path']}:{nearest['line']}"
    foreign = nearest["source"] != repeat["source"]
    return GroupHit(
        row=repeat["row"],
        source=repeat["source"],
        field=field,
        values={"place": place, "first": first["url"] or first["id"] or place},
        evidence=evidence,
        severity=elsewhere if foreign else None,
    )


def _cluster_name(first: Mapping[str, Any]) -> str:
    """Return the name of a cluster: the same whenever the same record is its first."""
    identity = f"{first['source']}\n{first['url'] or first['id']}"
    return hashlib.blake2b(identity.encode(), digest_size=6).hexdigest()
