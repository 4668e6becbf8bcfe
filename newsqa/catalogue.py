"""The catalogue: every rule that can run, shipped ones first, then the user's own."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsqa.errors import RuleFileError, UsageError
from newsqa.resources import data_folder
from newsqa.rulefile import parse_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.resources.abc import Traversable

    from newsqa.rule import Rule


@dataclass(frozen=True)
class Catalogue:
    """All rules, in the order of their codes within their files."""

    rules: tuple[Rule, ...]

    def find(self, word: str) -> Rule:
        """Return the rule with this code, name, or former code or name.

        Raises:
            UsageError: There is none.
        """
        matches = self.select([word])
        if len(matches) == 1:
            return matches[0]
        raise self._unknown(word)

    def select(self, words: Iterable[str]) -> list[Rule]:
        """Return the rules that any word names: `ALL`, a code, a code's beginning, or a name.

        Raises:
            UsageError: A word names no rule.
        """
        chosen: set[str] = set()
        for word in words:
            hits = {rule.code for rule in self.rules if _names(rule, word)}
            if not hits:
                raise self._unknown(word)
            chosen |= hits
        return [rule for rule in self.rules if rule.code in chosen]

    def _unknown(self, word: str) -> UsageError:
        names = [name for rule in self.rules for name in (rule.code, rule.name)]
        near = difflib.get_close_matches(word, names, 1) or difflib.get_close_matches(
            word.upper(), names, 1
        )
        hint = f"did you mean {near[0]}?" if near else "`newsqa rules` lists them"
        return UsageError(f"no rule is called {word!r}", hint=hint)


def _names(rule: Rule, word: str) -> bool:
    if word.upper() == "ALL" or word in {rule.name, *rule.was}:
        return True
    prefix = word.upper()
    return len(prefix) >= 3 and prefix.isalnum() and rule.code.startswith(prefix)


def load_catalogue(folders: Sequence[str | Path] = ()) -> Catalogue:
    """Return the shipped rules and those of the given folders of rule files.

    Raises:
        RuleFileError: A folder does not exist or holds no rule file, a file is faulty, or two rules
            share a code or a name.
    """
    rules = list(_shipped())
    for folder in folders:
        path = Path(folder)
        if not path.is_dir():
            raise RuleFileError("this folder of rules does not exist", where=str(path))
        found = _rule_files(path)
        if not found:
            raise RuleFileError("this folder holds no rule file (*.toml)", where=str(path))
        for file in found:
            rules += parse_rules(_text_of(file, path), str(path / file.name))
    _refuse_twins(rules)
    return Catalogue(tuple(rules))


def _text_of(file: Traversable, folder: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        where = str(folder / file.name)
        raise RuleFileError(f"cannot be read: {error}", where=where) from None


@cache
def _shipped() -> tuple[Rule, ...]:
    files = _rule_files(data_folder("validators"))
    parsed = (parse_rules(f.read_text("utf-8"), f"validators/{f.name}") for f in files)
    return tuple(rule for rules in parsed for rule in rules)


def _rule_files(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def _refuse_twins(rules: Sequence[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        for word in (rule.code, rule.name, *rule.was):
            if word in seen:
                raise RuleFileError(
                    f"{word} is already taken by {seen[word].code} ({seen[word].origin})",
                    where=rule.origin,
                    hint="give the rule another code and name; codes are never reused",
                )
            seen[word] = rule
