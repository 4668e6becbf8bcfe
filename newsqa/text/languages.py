"""Languages as records state them: codes, tags and names, as CLDR knows them."""

from __future__ import annotations

import re
from functools import lru_cache

# Languages whose own names scrapers write, beside the English ones.
_OWN_NAMES = ("de", "fr", "es", "pt", "it", "nl", "tr", "ru", "ar", "pl", "sv", "da", "nb", "fi")
# Those whose names are written alike in no other language, without loading CLDR for each.
_OWN_SCRIPTS = {
    "中文": "zh", "日本語": "ja", "한국어": "ko", "हिन्दी": "hi", "हिंदी": "hi", "ελληνικά": "el",
    "čeština": "cs", "magyar": "hu", "română": "ro", "українська": "uk", "עברית": "he",
    "فارسی": "fa", "bahasa indonesia": "id", "tiếng việt": "vi", "ไทย": "th", "български": "bg",
    "hrvatski": "hr", "српски": "sr",
}  # fmt: skip
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*(?:\..*)?")
_QUALIFIER = re.compile(r"\s*\(.*\)")


@lru_cache(maxsize=1)
def known_languages() -> dict[str, str]:
    """Return the code of each known code or name of a language, in lower case.

    Codes of two and three letters (`en`, `eng`, `ger`), English names (`spanish`) and, for the
    languages met most, their own names (`español`).
    """
    from babel import Locale
    from babel.core import get_global

    english = Locale("en").languages
    known: dict[str, str] = {str(code).lower(): str(code) for code in english}
    for alias, code in get_global("language_aliases").items():
        known[str(alias).lower()] = str(code)
    named = [(name, code) for code, name in english.items()]
    named += [(Locale(code).languages[code], code) for code in _OWN_NAMES]
    for name, code in named:
        for form in (name, _QUALIFIER.sub("", name)):
            known.setdefault(form.lower(), code)
    for name, code in _OWN_SCRIPTS.items():
        known.setdefault(name, code)
    del known["unknown language"]
    return known


@lru_cache(maxsize=4096)
def language_of(stated: str) -> str | None:
    """Return the code of a stated language without region and script, or None if not known."""
    value = stated.strip().lower()
    tag = _TAG.fullmatch(value)
    code = known_languages().get(value) or (known_languages().get(tag[1]) if tag else None)
    return re.split("[-_]", code)[0] if code else None
