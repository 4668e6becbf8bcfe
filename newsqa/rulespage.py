"""The catalogue as a Markdown page: docs/rules.md, or the page of a user's own rules."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsqa.rule import Rule

_SHOWN = 400


def rules_page(rules: Iterable[Rule]) -> str:
    """Return the Markdown page of rules, in their order, with a table of contents by family."""
    listed = list(rules)
    lines = [
        "# Rules",
        "",
        "Written by `newsqa rules docs` from the rule files; `newsqa explain RULE` shows the same.",
        "",
        f"{len(listed)} rules. A rule is named after the fault that it finds. Its severity and",
        "limits can be set in `newsqa.toml`; the examples below run as tests (`newsqa test RULE`).",
        "",
    ]
    for family, members in groupby(listed, key=lambda rule: rule.family):
        members_ = list(members)
        lines += [f"## {family.title} ({family.code})", "", family.about, ""]
        lines += ["| code | name | severity | finds |", "|---|---|---|---|"]
        for r in members_:
            link = f"[{r.code}](#{r.code.lower()}-{r.name})"
            lines.append(f"| {link} | {r.name} | {r.severity} | {_cell(r.summary)} |")
        lines.append("")
        for rule in members_:
            lines += _entry(rule)
    return "\n".join(lines).rstrip() + "\n"


def _entry(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code} {rule.name}"
    yield ""
    former = f" Formerly {', '.join(rule.was)}." if rule.was else ""
    yield f"**{rule.severity}.** {rule.summary}{former}"
    for title in ("rationale", "cause", "fix"):
        text = getattr(rule, title)
        if text:
            yield ""
            yield f"*{title.capitalize()}.* {text}"
    yield ""
    yield f"*Check.* `{rule.check}`" + _parameters(rule)
    for title, examples in (("With a finding", rule.bad), ("Without", rule.good)):
        yield ""
        yield f"{title}:"
        yield ""
        yield from _fenced(_example(example) for example in examples)
    yield ""


def _parameters(rule: Rule) -> str:
    shown = []
    for key, value in rule.params.items():
        text = json.dumps(value, ensure_ascii=False)
        size = f"{len(value)} entries" if isinstance(value, (list, dict)) else "…"
        shown.append(f"{key} = {_code(text)}" if len(text) <= 80 else f"{key}: {size}")
    return f" with {', '.join(shown)}" if shown else ""


def _example(example: Any) -> str:
    text = json.dumps(example, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _fenced(lines: Iterable[str]) -> list[str]:
    body = list(lines)
    longest = max((len(run) for line in body for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *body, fence]


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
