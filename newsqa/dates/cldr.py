"""Month and weekday names of CLDR, written to `cldr.json` by `python -m newsqa.dates.cldr`.

The table is checked in, so that nothing reads Babel at run time: Babel takes long to load, and its
look-ups change locale data that locales share (after `Locale("he")`, `Locale("id")` answers with
Hebrew stand-alone month names). This module reads the raw data and follows the aliases itself.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    Table = dict[str, dict[str, dict[str, list[int]]]]

FILE = "cldr.json"

# One entry a language: the locales whose names its newsrooms write. Calendars other than the
# Gregorian one (fa, th, am) are left out, for their years and months need more than names.
LOCALES: dict[str, tuple[str, ...]] = {
    "en": ("en", "en_GB"),
    "de": ("de", "de_AT"),
    "es": ("es", "es_MX", "es_UY"),
    "fr": ("fr", "fr_CA"),
    "it": ("it",),
    "pt": ("pt", "pt_PT"),
    "nl": ("nl",),
    "tr": ("tr",),
    "ru": ("ru",),
    "ar": ("ar", "ar_LB", "ar_DZ", "ar_MA"),
    "az": ("az",),
    "bg": ("bg",),
    "ca": ("ca",),
    "cs": ("cs",),
    "da": ("da",),
    "el": ("el",),
    "et": ("et",),
    "fi": ("fi",),
    "he": ("he",),
    "hi": ("hi",),
    "hr": ("hr",),
    "hu": ("hu",),
    "id": ("id",),
    "ja": ("ja",),
    "ko": ("ko",),
    "lt": ("lt",),
    "lv": ("lv",),
    "ms": ("ms",),
    "nb": ("nb", "nn"),
    "pl": ("pl",),
    "ro": ("ro",),
    "sk": ("sk",),
    "sl": ("sl",),
    "sr": ("sr", "sr_Latn"),
    "sv": ("sv",),
    "uk": ("uk",),
    "vi": ("vi",),
    "zh": ("zh", "zh_Hant"),
}
CONTEXTS = ("format", "stand-alone")
WIDTHS = ("wide", "abbreviated")


@lru_cache(maxsize=1)
def read_table() -> Table:
    """Return `language -> kind -> name -> numbers`, kinds being such as `months-wide`.

    Months count from 1, weekdays from 1 (Monday) to 7; a name has more than one number where CLDR
    abbreviates two months alike.
    """
    text = resources.files("newsqa.dates").joinpath(FILE).read_text(encoding="utf-8")
    return cast("Table", json.loads(text))


def build_table() -> Table:
    """Return the table of `read_table`, made from Babel's data."""
    table: Table = {}
    for language, locales in LOCALES.items():
        kinds: dict[str, dict[str, list[int]]] = {}
        for locale in locales:
            for kind, name, number in _names(locale):
                numbers = kinds.setdefault(kind, {}).setdefault(name, [])
                if number not in numbers:
                    numbers.append(number)
        table[language] = kinds
    return table


def _names(locale: str) -> Iterator[tuple[str, str, int]]:
    from babel.localedata import load

    data = load(locale)
    for kind, shift in (("months", 0), ("days", 1)):
        for width in WIDTHS:
            for context in CONTEXTS:
                for number, name in _resolved(data, data[kind][context][width]).items():
                    yield f"{kind}-{width}", name, number + shift


def _resolved(data: Any, value: Any) -> dict[int, str]:
    """Return a name table whose aliases are followed; Babel's own way changes shared data."""
    if isinstance(value, tuple):
        alias, others = value
        return {**_resolved(data, alias), **others}
    if hasattr(value, "keys") and hasattr(value, "resolve"):
        target = data
        for key in value.keys:
            target = target[key]
        return _resolved(data, target)
    return dict(value)


def main() -> None:
    """Write the table beside this module, one line a kind."""
    from pathlib import Path

    lines = [
        f"  {json.dumps(language)}: {{\n"
        + ",\n".join(
            f"    {json.dumps(kind)}: {json.dumps(names, ensure_ascii=False)}"
            for kind, names in kinds.items()
        )
        + "\n  }"
        for language, kinds in build_table().items()
    ]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    Path(__file__).with_name(FILE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
