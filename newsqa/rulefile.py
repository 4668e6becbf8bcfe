"""One rule file: TOML in, rules out, every fault with its line and all faults at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import Any

from newsqa.errors import RuleFileError
from newsqa.finding import Severity
from newsqa.rule import Family, Rule

_FAMILY_KEYS: dict[str, type] = {"family": str, "title": str, "about": str}
_REQUIRED: dict[str, type] = {
    "code": str,
    "name": str,
    "summary": str,
    "rationale": str,
    "fix": str,
    "severity": str,
    "check": str,
    "message": str,
    "good": list,
    "bad": list,
}
_OPTIONAL: dict[str, type] = {"cause": str, "params": dict, "was": list, "yields_to": list}
_WORDS: dict[type, str] = {str: "text", list: "a list", dict: "a table"}


def parse_rules(text: str, path: str) -> list[Rule]:
    """Return the rules of one file.

    Args:
        text: The file's TOML.
        path: Its name, for messages.

    Raises:
        RuleFileError: The file is no TOML, or its entries are not rules; lists every fault.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(str(error), where=path, hint="mend the TOML") from None
    faults = _wrong_keys(data, _FAMILY_KEYS, {"rule": list, "yields_to": list}, f"{path}:1")
    entries = data.get("rule", [])
    if not isinstance(entries, list):
        entries = []
    lines = _entry_lines(text)
    for number, entry in enumerate(entries):
        where = f"{path}:{lines[number] if number < len(lines) else 1}"
        faults += _entry_faults(entry, str(data.get("family", "")), where)
    if faults:
        raise RuleFileError(
            "\n".join(faults), hint="see validators/README.md for the form of a rule"
        )
    family = Family(data["family"], data["title"], data["about"])
    common = {"yields_to": data.get("yields_to", [])}
    return [_rule(common | e, family, f"{path}:{lines[n]}") for n, e in enumerate(entries)]


def _entry_lines(text: str) -> list[int]:
    lines = text.splitlines()
    return [i for i, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]


def _entry_faults(entry: object, family: str, where: str) -> list[str]:
    if not isinstance(entry, dict):
        return [f"{where}: an entry of `rule` is not a table"]
    faults = _wrong_keys(entry, _REQUIRED, _OPTIONAL, where)
    if faults:
        return faults
    label = f"{where}: {entry['code']}"
    if not re.fullmatch(re.escape(family) + r"\d{3}", entry["code"]):
        faults.append(f"{label}: a code is the family {family} and three digits")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["name"]):
        faults.append(f"{label}: a name is written-like-this, not {entry['name']!r}")
    if entry["severity"] not in list(Severity):
        known = ", ".join(Severity)
        faults.append(f"{label}: severity is one of {known}, not {entry['severity']!r}")
    for kind in ("good", "bad"):
        faults += [
            f"{label}: an example in `{kind}` is a record or a list of records"
            for example in entry[kind]
            if not _is_example(example)
        ]
    return faults


def _is_example(example: object) -> bool:
    if isinstance(example, list):
        return all(isinstance(record, dict) for record in example)
    return isinstance(example, dict)


def _wrong_keys(
    table: dict[str, Any], required: dict[str, type], optional: dict[str, type], where: str
) -> list[str]:
    known = required | optional
    label = f"{where}: {table['code']}" if isinstance(table.get("code"), str) else where
    faults = [f"{label}: `{key}` is missing" for key in required if key not in table]
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            faults.append(f"{label}: no key `{key}` here{hint}")
        elif not isinstance(value, known[key]):
            faults.append(f"{label}: `{key}` must be {_WORDS[known[key]]}")
    return faults


def _rule(entry: dict[str, Any], family: Family, origin: str) -> Rule:
    def prose(key: str) -> str:
        return " ".join(entry.get(key, "").split())

    return Rule(
        code=entry["code"],
        name=entry["name"],
        family=family,
        summary=prose("summary"),
        rationale=prose("rationale"),
        cause=prose("cause"),
        fix=prose("fix"),
        severity=Severity(entry["severity"]),
        check=entry["check"],
        params=entry.get("params", {}),
        message=entry["message"],
        good=tuple(entry["good"]),
        bad=tuple(entry["bad"]),
        was=tuple(str(old) for old in entry.get("was", [])),
        yields_to=tuple(str(name) for name in entry.get("yields_to", [])),
        origin=origin,
    )
