"""Sketches: a few bytes a text, from which the likeness of two texts is estimated.

A text is taken as the set of its shingles of five words; its sketch holds the lowest byte of each
of 48 MinHash values (Broder 1997; b-bit MinHash: Li and König 2010), which `rensa` computes. The
share of bytes that two sketches have in common estimates the Jaccard likeness of their texts.

`bench/duplicates.py` measures precision, recall and time against exact likeness.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = 48
"""Bytes of the sketch of a text."""
FIGURES_SIZE = 16
"""Bytes of the sketch of the figures in a text."""

_LEAST_SHINGLES = 40
_LEAST_FIGURES = 3
_WORDS = 5
_BAND = 4  # bytes that two sketches must share at one place to be compared at all
_SEED = 7
_TOGETHER = 1000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# Texts of more characters a word are written without spaces, but for those around figures and
# names: their characters are the words. Such scripts take three bytes a character.
_LONGEST_WORDS, _LONGEST_OF_WIDE = 15, 6
_WIDE = 2.2
# Outlets differ in quotation marks, dashes and full stops where they print the same words.
_SPACES = ("\n", "\t", "\r", "\u00a0", "\u2009", "\u202f", "\u3000", "—", "–")
_MARKS = (*".,:;!?\"'()[]", *"“”„‘’‚«»‹›…。，、！？：；（）「」『』؟،؛।")
_CLEANED = dict.fromkeys(_SPACES, " ") | dict.fromkeys(_MARKS, "")
_FIGURE = r"\d+(?:[.,:]\d+)*"
_ASCII_FIGURE = _FIGURE.replace(r"\d", "[0-9]")
# In UTF-8 every other digit begins with one of these bytes.
_OTHER_DIGITS = tuple(bytes([lead]) for lead in b"\xd9\xdb\xdf\xe0\xe1\xea\xef\xf0")


def sketch(text: pl.Expr) -> pl.Expr:
    """Return the sketch of each text, as packed bytes; null for texts under 44 words."""
    return text.map_batches(_sketch_texts, return_dtype=_packed(SIZE))


def figures(text: pl.Expr) -> pl.Expr:
    """Return the sketch of the set of figures in each text; null for fewer than three figures."""
    return text.map_batches(_sketch_figures, return_dtype=_packed(FIGURES_SIZE))


def likeness(left: pl.Series, right: pl.Series) -> pl.Series:
    """Return the estimated Jaccard likeness of sketches, 0 to 1; null where one of two is null."""
    estimates = pl.Series("likeness", _alike(_bytes(left), _bytes(right)), dtype=pl.Float64)
    both = (left.is_not_null() & right.is_not_null()).alias("both")
    return pl.select(pl.when(both).then(estimates)).to_series()


def like_pairs(sketches: pl.DataFrame, at_least: float) -> pl.DataFrame:
    """Return pairs of records whose sketches are alike: `first`, `row` (first < row), `likeness`.

    Each record is compared with the first and the nearest earlier record that shares a band of its
    sketch, so that the work grows with the records and not with their square.

    Args:
        sketches: `row`, ascending, and `sketch`, without nulls.
        at_least: Least likeness of a pair. Pairs of 0.6 share a band to 82 %, of 0.75 to 99 %.
    """
    found = [_pairs_of_band(sketches, band, at_least) for band in range(SIZE // _BAND)]
    return pl.concat(found).unique().sort("row", "first")


def _pairs_of_band(sketches: pl.DataFrame, band: int, at_least: float) -> pl.DataFrame:
    key = sketches.select(pl.col("sketch").arr.get(band)).to_series()
    shared = sketches.filter(key.is_duplicated()).with_columns(
        pl.col("sketch").arr.get(band).alias("band"), pl.int_range(pl.len()).alias("at")
    )
    twins = shared.select(
        "row",
        "at",
        pl.col("at").first().over("band").alias("first"),
        pl.col("at").shift(1).over("band").alias("before"),
    )
    pairs = (
        pl.concat([twins.select("row", "at", other=pl.col(name)) for name in ("first", "before")])
        .filter(pl.col("other") < pl.col("at"))
        .unique()
    )
    packed = _bytes(shared["sketch"])
    alike = _alike(packed[pairs["at"].to_numpy()], packed[pairs["other"].to_numpy()])
    return pairs.select(
        shared["row"].gather(pairs["other"]).alias("first"), "row", likeness=pl.Series(alike)
    ).filter(pl.col("likeness") >= at_least)


def _packed(size: int) -> pl.Array:
    return pl.Array(pl.UInt32, size // _BAND)


def _bytes(sketches: pl.Series) -> NDArray[np.uint8]:
    """Return packed sketches as bytes, one row a sketch; zeros for null."""
    width = sketches.dtype.size if isinstance(sketches.dtype, pl.Array) else 0
    packed = np.zeros((len(sketches), width), dtype=np.uint32)
    present = sketches.is_not_null().to_numpy()
    packed[present] = sketches.drop_nulls().to_numpy()
    return packed.view(np.uint8)


def _alike(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the share of equal bytes, less what chance makes equal."""
    equal = (left == right).mean(axis=1)
    estimates: NDArray[np.float64] = np.clip((equal * 256 - 1) / 255, 0, 1)
    return estimates


def _sketch_texts(texts: pl.Series) -> pl.Series:
    # A part at a time, so that its words stay in the processor's cache.
    starts = range(0, max(len(texts), 1), _TOGETHER)
    parts = [_sketch_part(texts.slice(start, _TOGETHER)) for start in starts]
    sketches, counts = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return _where(sketches, counts >= _LEAST_SHINGLES)


def _sketch_part(texts: pl.Series) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the packed sketch of each text, and the number of its shingles."""
    cleaned = texts.str.replace_many(_CLEANED)
    words = cleaned.str.split(" ")
    unspaced = _is_unspaced(texts, words.list.len())
    if not unspaced.any():
        hashes, counts = _shingles(words)
        return _minhash(hashes, counts, SIZE), counts
    sketches = np.zeros((len(texts), SIZE // _BAND), dtype=np.uint32)
    counts = np.zeros(len(texts), dtype=np.int64)
    characters = cleaned.filter(unspaced).str.extract_all(r"\S")
    for chosen, tokens in ((unspaced, characters), (~unspaced, words.filter(~unspaced))):
        if len(tokens):
            at = chosen.to_numpy()
            hashes, counts[at] = _shingles(tokens)
            sketches[at] = _minhash(hashes, counts[at], SIZE)
    return sketches, counts


def _is_unspaced(texts: pl.Series, words: pl.Series) -> pl.Series:
    characters = texts.str.len_chars()
    wide = texts.str.len_bytes() > _WIDE * characters
    long = (characters > _LONGEST_WORDS * words) | (wide & (characters > _LONGEST_OF_WIDE * words))
    return long.fill_null(value=False)


def _sketch_figures(texts: pl.Series) -> pl.Series:
    found = _figures_of(texts).list.unique()
    counts = found.list.len().fill_null(0).to_numpy().astype(np.int64)
    hashes = _flat(found).hash(seed=_SEED).to_numpy()
    return _where(_minhash(hashes, counts, FIGURES_SIZE), counts >= _LEAST_FIGURES)


def _figures_of(texts: pl.Series) -> pl.Series:
    """Return the figures of each text; to look for ASCII digits alone is six times as fast."""
    raw = texts.cast(pl.Binary)
    other = reduce(or_, (raw.bin.contains(lead) for lead in _OTHER_DIGITS))
    if not other.any():
        return texts.str.extract_all(_ASCII_FIGURE)
    text = pl.lit(texts)
    found = pl.when(other).then(text).str.extract_all(_FIGURE)
    return pl.select(pl.coalesce(found, text.str.extract_all(_ASCII_FIGURE))).to_series()


def _shingles(tokens: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of all shingles, text after text, and their number in each text."""
    lengths = tokens.list.len().fill_null(0).to_numpy().astype(np.int64)
    hashes = _flat(tokens).hash(seed=_SEED).to_numpy()
    filled = hashes != _empty_hash()
    # Where texts begin and end among the words that are not empty.
    bounds = _sums(lengths)
    bounds -= np.searchsorted(np.flatnonzero(~filled), bounds)
    hashes = hashes[filled]
    starts = max(len(hashes) - _WORDS + 1, 0)
    shingles = hashes[:starts].copy()
    within = np.ones(starts, dtype=np.bool_)
    for offset in range(1, _WORDS):
        shingles *= _MULTIPLIER
        shingles += hashes[offset : offset + starts]
        across = bounds[1:] - offset
        within[across[(across >= 0) & (across < starts)]] = False
    return shingles[within], np.maximum(np.diff(bounds) - _WORDS + 1, 0)


@lru_cache(maxsize=1)
def _empty_hash() -> np.uint64:
    return np.uint64(pl.Series([""]).hash(seed=_SEED)[0])


def _sums(numbers: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sum of all numbers before each, and that of all."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(numbers, dtype=np.int64)))


def _flat(lists: pl.Series) -> pl.Series:
    return lists.explode(empty_as_null=False, keep_nulls=False)


def _minhash(
    hashes: NDArray[np.uint64], counts: NDArray[np.int64], size: int
) -> NDArray[np.uint32]:
    """Return one packed sketch a text from its hashes."""
    from rensa import RMinHash

    offsets = _sums(counts).astype(np.uint64)
    matrix: Any = RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, offsets, num_perm=size, seed=_SEED
    )
    row = Struct(f"{size}I")
    values = np.frombuffer(b"".join(row.pack(*one) for one in matrix.to_rows()), dtype=np.uint32)
    return values.reshape(-1, size).astype(np.uint8).view(np.uint32)


def _where(sketches: NDArray[np.uint32], enough: NDArray[np.bool_]) -> pl.Series:
    packed = pl.Series("sketch", sketches)
    return pl.select(pl.when(pl.Series("enough", enough)).then(packed)).to_series()
