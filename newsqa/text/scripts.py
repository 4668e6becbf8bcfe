"""The scripts of texts and of languages."""

from __future__ import annotations

import re
from functools import lru_cache

# The blocks that running text uses; by ISO 15924.
_BLOCKS = {
    "Latn": "A-Za-zÀ-ɏḀ-ỿ",
    "Cyrl": "Ѐ-ԯ",
    "Grek": "Ͱ-Ͽἀ-῿",
    "Arab": "؀-ۿݐ-ݿ",
    "Hebr": "֐-׿",
    "Armn": "԰-֏",
    "Geor": "Ⴀ-ჿ",
    "Ethi": "ሀ-᎟",
    "Deva": "ऀ-ॿ",
    "Beng": "ঀ-৿",
    "Guru": "਀-੿",
    "Gujr": "઀-૿",
    "Taml": "஀-௿",
    "Telu": "ఀ-౿",
    "Knda": "ಀ-೿",
    "Mlym": "ഀ-ൿ",
    "Sinh": "඀-෿",
    "Thai": "฀-๿",
    "Laoo": "຀-໿",
    "Mymr": "က-႟",
    "Khmr": "ក-៿",
    "Hang": "가-힯",
    "Kana": "぀-ヿ",
    "Hani": "㐀-䶿一-鿿",
}
_LETTERS = {script: re.compile(f"[{block}]") for script, block in _BLOCKS.items()}
# What CLDR calls the mixed scripts of East Asia.
_WRITTEN_IN = {
    "Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Hani", "Kana"), "Kore": ("Hang", "Hani"),
}  # fmt: skip
# Languages with more than one script in use.
_MIXED = frozenset(
    "az bm bs crh ha ks kk ku ckb ky mn ms pa sd sr sh shi su tg tk tt ug uz vai yue zgh jv".split()  # noqa: SIM905
)
_LEAST_LETTERS = 60
_SHARE = 0.85


def foreign_script(language: str, text: str) -> str | None:
    """Return the script of a text that its language is never written in, else None.

    Args:
        language: Code of the language, without region and script.
        text: The text; fewer than 60 letters tell nothing.

    Returns:
        The ISO 15924 code of the script of nearly all letters, `Kana` for Japanese.
    """
    usual = _scripts_of(language)
    if usual is None:
        return None
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS.items()}
    total = sum(counts.values())
    if total < _LEAST_LETTERS:
        return None
    if counts["Kana"] > total / 5 and "Kana" not in usual:
        return "Kana"
    if "Kana" in usual and counts["Hani"] > _SHARE * total and counts["Kana"] * 50 < total:
        return "Hani"
    if "Hang" in usual and counts["Hani"] > _SHARE * total:
        return "Hani"
    foreign = total - sum(counts[script] for script in usual)
    main = max(counts, key=counts.__getitem__)
    return main if foreign >= _SHARE * total and main not in usual else None


@lru_cache(maxsize=512)
def _scripts_of(language: str) -> tuple[str, ...] | None:
    """Return the scripts of a language; None where they cannot be told. Source: CLDR."""
    from babel.core import get_global

    tag = get_global("likely_subtags").get(language)
    parts = str(tag).split("_") if tag else []
    if language in _MIXED or len(parts) < 2:
        return None
    scripts = _WRITTEN_IN.get(parts[1], (parts[1],))
    return scripts if all(script in _BLOCKS for script in scripts) else None
