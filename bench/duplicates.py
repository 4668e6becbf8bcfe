"""How well and how fast sketches tell near-duplicates: `python bench/duplicates.py`.

Texts of invented words in four scripts are edited, more or less; the likeness of their sketches is
compared with the exact Jaccard likeness of their shingles of five words, or of five characters in
scripts without spaces.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from time import process_time

import numpy as np
import polars as pl

from newsqa.text.sketch import figures, like_pairs, likeness, sketch

LETTERS = {
    "Latin": ("abcdefghijklmnoprstuvwz", " "),
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", " "),
    "Chinese": ("".join(chr(0x4E00 + 7 * n) for n in range(800)), ""),
    "Thai": ("".join(chr(0x0E01 + n) for n in range(46)), ""),
}
LIMITS = (0.5, 0.6, 0.7, 0.8, 0.9)


def words_of(letters: str, rng: random.Random) -> list[str]:
    """Return a vocabulary."""
    return ["".join(rng.choices(letters, k=rng.randint(2, 8))) for _ in range(3000)]


def edited(tokens: list[str], vocabulary: list[str], rng: random.Random) -> list[str]:
    """Return tokens with a run dropped, some replaced and some added, by a random amount."""
    amount = rng.random() ** 1.5
    cut = int(len(tokens) * amount * rng.random() * 0.4)
    at = rng.randrange(len(tokens) - cut)
    kept = [t for n, t in enumerate(tokens) if not at <= n < at + cut]
    swapped = [rng.choice(vocabulary) if rng.random() < amount * 0.05 else t for t in kept]
    added = rng.choices(vocabulary, k=int(len(tokens) * amount * rng.random() * 0.3))
    return [*added, *swapped] if rng.random() < 0.5 else [*swapped, *added]


def pairs(script: str, count: int, rng: random.Random) -> Iterator[tuple[str, str, float]]:
    """Yield pairs of texts and their exact likeness."""
    letters, space = LETTERS[script]
    vocabulary = words_of(letters, rng)
    for _ in range(count):
        one = rng.choices(vocabulary, k=rng.randint(120, 700))
        texts = [space.join(tokens) for tokens in (one, edited(one, vocabulary, rng))]
        units = [text.split() if space else list(text) for text in texts]
        sets = [{tuple(u[n : n + 5]) for n in range(len(u) - 4)} for u in units]
        yield texts[0], texts[1], len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def quality(count: int, rng: random.Random) -> None:
    print("| script | error | " + " | ".join(f"{limit} found / right" for limit in LIMITS) + " |")
    print("|---|--:|" + "--:|" * len(LIMITS))
    for script in LETTERS:
        frame = pl.DataFrame(
            pairs(script, count, rng), schema=["one", "other", "exact"], orient="row"
        )
        sketches = frame.select(sketch(pl.col("one")), sketch(pl.col("other")))
        both = likeness(sketches["one"], sketches["other"]).fill_null(0.0).to_numpy()
        exact = frame["exact"].to_numpy()
        cells = []
        for limit in LIMITS:
            found, true = both >= limit, exact >= limit
            hits = (found & true).sum()
            cells.append(f"{hits / true.sum():.0%} / {hits / found.sum():.0%}")
        error = np.sqrt(((both - exact) ** 2).mean())
        print(f"| {script} | {error:.3f} | " + " | ".join(cells) + " |")


def speed(bodies: int, records: int, rng: random.Random) -> None:
    vocabulary = words_of(LETTERS["Latin"][0], rng)
    texts = [" ".join(rng.choices(vocabulary, k=500))[:3000] for _ in range(bodies)]
    frame = pl.DataFrame({"body": texts})
    for name, expression in (("sketch", sketch), ("figures", figures)):
        started = process_time()
        for batch in frame.iter_slices(4000):
            batch.select(expression(pl.col("body")))
        seconds = (process_time() - started) * 100_000 / bodies
        print(f"{name}: {seconds:.1f} s for 100,000 bodies of 3 kB")
    packed = np.random.default_rng(1).integers(0, 2**32, size=(records, 12), dtype=np.uint32)
    packed[records // 2 : records // 2 + records // 10] = packed[: records // 10]
    numbered = pl.DataFrame({"row": pl.int_range(records, eager=True), "sketch": packed})
    started = process_time()
    found = like_pairs(numbered, 0.6).height
    print(f"pairs: {process_time() - started:.1f} s for {records:,} records, {found:,} found")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=600)
    parser.add_argument("--bodies", type=int, default=20_000)
    parser.add_argument("--records", type=int, default=1_000_000)
    options = parser.parse_args()
    rng = random.Random(7)  # noqa: S311  not for secrets
    quality(options.pairs, rng)
    speed(options.bodies, options.records, rng)


if __name__ == "__main__":
    main()
