"""Invented text in ten languages, fast: words drawn by Zipf's law, put into sentences of news.

The long tail of a vocabulary is what makes text dear to search. So the common words of `words.toml`
come first, then words made up from the letters of the language, and names and months from CLDR
between them. No sentence is anybody's.
"""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale
from babel.dates import format_date

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text("utf-8")
)
MADE_UP = 12_000
"""Words made up a language."""
SMALL = 0.46
"""Share of the small words among all."""
AGENCIES = ("Reuters", "AFP", "AP", "dpa")
BRANDS = ("YouTube", "iPhone", "McDonald’s", "GitHub", "eBay", "TikTok", "NATO", "COVID-19")

# What stands in an article without being a fault: the rules must look at it and let it go.
_ODD = (
    "@{name}", "#{name}", "https://www.{site}/{name}", "info@{site}", "{n}.{n} %",
    "${n}.{n} million", "€{n} 000", "{n}:0{n}", "{n}–{n}", "[...]", "(AFP)", "C&A",
    "{n}/{n}/2024", "R&D", "24/7", "°C",
)  # fmt: skip
_FORMS = ("EEEE", "d MMMM", "d MMMM", "EEEE, d MMMM", "d MMMM y", "MMMM")
_DRAWN_AT_ONCE = 16_384


class Language:
    """The vocabulary of one language, the same whenever it is made."""

    def __init__(self, code: str) -> None:
        table = WORDS[code]
        self.code = code
        self.locale = Locale(code)
        small = table["small"].split()
        self.nouns: list[str] = table["nouns"].split()
        self.known = self.nouns + table["verbs"].split()
        self.quotes = (table["quotes"][:2].strip(), table["quotes"][-2:].strip())
        self.said: str = table["said"]
        self.dateline: str = table["dateline"]
        self.furniture: list[str] = table["furniture"]
        self.names = sorted(self.locale.territories.values())[:250]
        self.surnames = [name for name in self.names if name.isalpha()]
        words = [*self.known, *self._made_up(random.Random(code))]  # noqa: S311  not for secrets
        self.words = np.array([*small, *words], dtype=object)
        often = 1 / (np.arange(len(small)) + 3)
        rare = 1 / (np.arange(len(words)) + 12)
        shares = [often / often.sum() * SMALL, rare / rare.sum() * (1 - SMALL)]
        self.cumulative = np.concatenate(shares).cumsum()

    def _made_up(self, rng: random.Random) -> list[str]:
        """Return words from letters that follow one another in the words of the language."""
        follows: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.known:
            padded = f"  {word.lower()} "
            for at in range(2, len(padded)):
                follows[padded[at - 2 : at]].append(padded[at])
        made = set()
        for _ in range(MADE_UP):
            word = "  "
            while len(word) < 14 and (letter := rng.choice(follows[word[-2:]])) != " ":
                word += letter
            made.add(word.strip())
        return sorted(made)


@cache
def language(code: str) -> Language:
    """Return a language; making one takes a tenth of a second."""
    return Language(code)


@cache
def spelt(code: str, form: str, day: str) -> str:
    """Return a day as a language writes it; CLDR takes its time, and days come again."""
    if code == "en":
        form = form.replace("d MMMM y", "MMMM d, y").replace("d MMMM", "MMMM d")
    return format_date(datetime.fromisoformat(day), form, locale=language(code).locale)


class Pen:
    """Writes in one language, from a stream of random numbers of its own.

    Args:
        code: Language, as in `words.toml`.
        seed: Seed of the stream.
    """

    def __init__(self, code: str, seed: str) -> None:
        self.language = language(code)
        self.rng = random.Random(seed)  # noqa: S311  not for secrets
        self._draws = np.random.Generator(np.random.PCG64(self.rng.getrandbits(64)))
        self._words: list[str] = []

    def words(self, count: int) -> list[str]:
        """Return words as they come."""
        if len(self._words) < count:
            drawn = self._draws.random(_DRAWN_AT_ONCE)
            places = np.searchsorted(self.language.cumulative, drawn)
            # The last sum may be a hair below 1.
            self._words = self.language.words[np.minimum(places, len(self.language.words) - 1)]
            self._words = self._words.tolist()
        taken = self._words[-count:]
        del self._words[-count:]
        return taken

    def sentence(self, day: datetime, site: str) -> str:
        """Return one sentence of news that fits a publication day."""
        rng, own = self.rng, self.language
        words = self.words(6 + int(rng.random() * 19))
        last = len(words) - 1
        if rng.random() < 0.5:
            words[int(rng.random() * last)] = rng.choice(own.names)
        if rng.random() < 0.2:
            words[int(rng.random() * last)] = str(2 + int(rng.random() * 9000))
        if rng.random() < 0.1:
            words[int(rng.random() * last)] = self.date(day - timedelta(days=rng.randrange(4)))
        if rng.random() < 0.06:
            odd = rng.choice((*_ODD, *BRANDS))
            words[int(rng.random() * last)] = odd.format(
                name=rng.choice(own.known), site=site, n=rng.randrange(1, 10)
            )
        if rng.random() < 0.4:
            words[int(rng.random() * last)] += ","
        text = " ".join(words)
        text = text[0].upper() + text[1:]
        if rng.random() < 0.15:
            return f"{own.quotes[0]}{text}{own.quotes[1]}, {own.said}."
        return text + "."

    def title(self) -> str:
        """Return a headline: some words without a full stop, the last one a noun."""
        rng = self.rng
        words = self.words(rng.randint(5, 10))
        words[rng.randrange(4)] = rng.choice(self.language.names).partition(" (")[0]
        text = " ".join([*words, rng.choice(self.language.nouns)])
        return text[0].upper() + text[1:]

    def date(self, day: datetime) -> str:
        """Return a day as the language writes it, mostly without its year."""
        return spelt(self.language.code, self.rng.choice(_FORMS), f"{day:%Y-%m-%d}")

    def dateline(self, day: datetime) -> str:
        """Return the beginning of an agency's story."""
        return self.language.dateline.format(
            city=self.rng.choice(self.language.names),
            month=spelt(self.language.code, "MMMM", f"{day:%Y-%m-%d}"),
            day=day.day,
            agency=self.rng.choice(AGENCIES),
        )

    def body(self, day: datetime, site: str) -> list[str]:
        """Return paragraphs of about 3 kB of text together."""
        rng = self.rng
        aim = rng.lognormvariate(7.8, 0.5) * (0.6 if self.language.code in {"ru", "ar"} else 1.0)
        paragraphs: list[str] = []
        length = 0
        while length < aim:
            count = 1 + int(rng.random() * 4)
            paragraphs.append(" ".join([self.sentence(day, site) for _ in range(count)]))
            length += len(paragraphs[-1])
            if rng.random() < 0.05:
                paragraphs.append(" ".join(self.words(4)).capitalize())
        if rng.random() < 0.15:
            paragraphs[0] = self.dateline(day) + paragraphs[0]
        return paragraphs
