"""Invented news in ten languages, in any number, for measuring: plausible texts, a few faults.

The long tail of a vocabulary is what makes text dear to search. So words are drawn by Zipf's law:
first the common ones of `words.toml`, then names from CLDR, then words made up from the letters of
the language. No sentence is anybody's.
"""

from __future__ import annotations

import argparse
import json
import random
import tomllib
from bisect import bisect
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text("utf-8")
)
MADE_UP = 12_000
"""Words made up a language."""
SMALL = 0.46
"""Share of the small words among all."""
SITES = 40
AGENCIES = ("Reuters", "AFP", "AP", "dpa")
BRANDS = ("YouTube", "iPhone", "McDonald’s", "GitHub", "eBay", "TikTok", "NATO", "COVID-19")
START = datetime(2025, 1, 1, tzinfo=UTC)

# What stands in an article without being a fault: the rules must look at it and let it go.
_ODD = (
    "@{name}", "#{name}", "https://www.{site}/{name}", "info@{site}", "{n}.{n} %",
    "${n}.{n} million", "€{n} 000", "{n}:0{n}", "{n}–{n}", "[...]", "(AFP)", "C&A",
    "{n}/{n}/2024", "R&D", "24/7", "°C",
)  # fmt: skip
_FAULTS = (
    "{{{{ article.related.title }}}}", "Read more: {title}", '[caption id="a" width="300"]',
    "Share this article", "window.dataLayer = window.dataLayer || [];", "Itâ€™s over",
    "Sign up for our newsletter", "ADVERTISEMENT", "Weiterlesen: {title}", "<p>{title}</p>",
    "Related articles\n\n{title}\n\n{title} again", "%s undefined NaN", "Photo: {name} / AFP",
    "Subscribe to continue reading", "{title}\n\n{title}", "&nbsp;&nbsp;{title}",
)  # fmt: skip


class Language:
    """The vocabulary of one language, and text made from it."""

    def __init__(self, code: str, rng: random.Random) -> None:
        table = WORDS[code]
        self.code = code
        self._rng = rng
        self._locale = Locale(code)
        self._small = table["small"].split()
        self._small_weights = list(accumulate(1 / (n + 3) for n in range(len(self._small))))
        self._known = table["nouns"].split() + table["verbs"].split()
        self._quotes = (table["quotes"][:2].strip(), table["quotes"][-2:].strip())
        self._said = table["said"]
        self._dateline = table["dateline"]
        self.names = sorted(self._locale.territories.values())[:250]

    @cached_property
    def _words(self) -> list[str]:
        """Words from frequent to rare."""
        made = {self._made_up() for _ in range(MADE_UP)}
        return [*self._known, *sorted(made)]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (place + 12) for place in range(len(self._words))))

    @cached_property
    def _follows(self) -> dict[str, list[str]]:
        """Letters by the two before them."""
        table: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._known:
            padded = f"  {word.lower()} "
            for at in range(2, len(padded)):
                table[padded[at - 2 : at]].append(padded[at])
        return table

    def _made_up(self) -> str:
        word = "  "
        while len(word) < 14 and (letter := self._rng.choice(self._follows[word[-2:]])) != " ":
            word += letter
        return word.strip()

    def _word(self) -> str:
        rng = self._rng
        if rng.random() < SMALL:
            return self._small[bisect(self._small_weights, rng.random() * self._small_weights[-1])]
        return self._words[bisect(self._weights, rng.random() * self._weights[-1])]

    def sentence(self, day: datetime, site: str) -> str:
        """Return one sentence of news that fits a publication day."""
        rng = self._rng
        words = [self._word() for _ in range(rng.randint(6, 24))]
        if rng.random() < 0.5:
            words[rng.randrange(len(words))] = rng.choice(self.names)
        if rng.random() < 0.2:
            words[rng.randrange(len(words))] = str(rng.randrange(2, 9000))
        if rng.random() < 0.1:
            words[rng.randrange(len(words))] = self.date(day - timedelta(days=rng.randrange(4)))
        if rng.random() < 0.06:
            odd = rng.choice((*_ODD, *BRANDS))
            words[rng.randrange(len(words))] = odd.format(
                name=rng.choice(self._known), site=site, n=rng.randrange(1, 10)
            )
        if rng.random() < 0.4:
            words[rng.randrange(len(words) - 1)] += ","
        text = " ".join(words)
        text = text[0].upper() + text[1:]
        if rng.random() < 0.15:
            return f"{self._quotes[0]}{text}{self._quotes[1]}, {self._said}."
        return text + "."

    def title(self) -> str:
        """Return a headline: some words without a full stop, none of them in a bracket."""
        words = [self._word() for _ in range(self._rng.randint(5, 11))]
        words[self._rng.randrange(4)] = self._rng.choice(self.names).partition(" (")[0]
        return (" ".join(words)[0].upper() + " ".join(words)[1:]).strip()

    def date(self, day: datetime) -> str:
        """Return a day as the language writes it, mostly without its year."""
        form = self._rng.choice(("EEEE", "d MMMM", "d MMMM", "EEEE, d MMMM", "d MMMM y", "MMMM"))
        if self.code == "en":
            form = form.replace("d MMMM", "MMMM d").replace("MMMM d y", "MMMM d, y")
        return format_date(day, form, locale=self._locale)

    def dateline(self, day: datetime) -> str:
        """Return the beginning of an agency's story."""
        month = format_date(day, "MMMM", locale=self._locale)
        return self._dateline.format(
            city=self._rng.choice(self.names),
            month=month,
            day=day.day,
            agency=self._rng.choice(AGENCIES),
        )

    def body(self, day: datetime, site: str) -> list[str]:
        """Return paragraphs of about 3 kB of text together."""
        rng = self._rng
        aim = rng.lognormvariate(7.8, 0.5) * (0.6 if self.code in {"ru", "ar"} else 1.0)
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < aim:
            number = rng.randint(1, 4)
            paragraphs.append(" ".join(self.sentence(day, site) for _ in range(number)))
            if rng.random() < 0.05:
                paragraphs.append(" ".join(self._word() for _ in range(4)).capitalize())
        if rng.random() < 0.15:
            paragraphs[0] = self.dateline(day) + paragraphs[0]
        return paragraphs


def records(count: int, *, seed: int = 7, fault_share: float = 0.03) -> Iterator[dict[str, Any]]:
    """Yield records of about 3 kB of text each.

    Args:
        count: How many.
        seed: Seed of the random numbers; the same seed gives the same records.
        fault_share: Share of records that get one fault.
    """
    rng = random.Random(seed)  # noqa: S311  not for secrets
    languages = [Language(code, rng) for code in WORDS]
    for number in range(count):
        site = f"site{number % SITES:02}.example"
        language = languages[number % SITES % len(languages)]
        day = START + timedelta(seconds=(421 * number) % 30_000_000)
        title = language.title()
        paragraphs = language.body(day, site)
        published = day
        if rng.random() < fault_share:
            published = _spoil(rng, paragraphs, title, language.names, day)
        joint = "\n\n" if number % SITES % 3 else "\n"
        yield {
            "url": f"https://www.{site}/{day:%Y/%m/%d}/{number}-{rng.getrandbits(32):08x}.html",
            "title": title,
            "text": joint.join(paragraphs),
            "description": paragraphs[0][:160],
            "published": published.isoformat(),
            "scraped": (day + timedelta(hours=rng.randint(1, 40))).isoformat(),
            "authors": [f"{rng.choice(language.names)} {rng.choice('ABCDEFGH')}. Lee"],
            "section": rng.choice(("world", "sport", "business")),
            "language": language.code,
        }


def _spoil(
    rng: random.Random, paragraphs: list[str], title: str, names: Sequence[str], day: datetime
) -> datetime:
    """Put a fault into a record; return its publication, which may be that fault."""
    kind = rng.random()
    if kind < 0.1:
        return day + timedelta(days=rng.choice((-40, 400, -9000)))
    if kind < 0.2:
        paragraphs[-1] = paragraphs[-1][:60] + " ... [+1636 chars]"
        return day
    fault = rng.choice(_FAULTS).format(title=title, name=rng.choice(names))
    paragraphs.insert(rng.randrange(len(paragraphs) + 1), fault)
    return day


def write(path: Path, count: int, **options: Any) -> None:
    """Write records as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records(count, **options):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Write records as JSON lines: `python bench/generate.py 100000 out.jsonl`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    write(options.file, options.count)


if __name__ == "__main__":
    main()
