"""What reads the outputs: the rules of CI logs, schemas written from documentation, parsers."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from newsqa.report import write

DATA = Path(__file__).parent / "data"
LINE = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
ANYWHERE = re.compile(r"##(\w*)\[", re.IGNORECASE)
AT_START = re.compile(r"(::|(---|\+\+\+|~~~|\^\^\^)\s)")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def printed(result: Any, form: str, **options: Any) -> str:
    stream = io.StringIO()
    write(result, form, stream, **options)
    return stream.getvalue()


def obeyed(text: str) -> list[str]:
    """Return the lines that GitHub, Azure, TeamCity or Buildkite would take for a command.

    The runner of GitHub trims all white space before `::` and looks for `##[` anywhere.
    """
    blank = " \t\u200b\u2060\ufeff\u00ad"
    return [
        line
        for line in LINE.split(text)
        if ANYWHERE.search(line) or AT_START.match(line.lstrip().lstrip(blank))
    ]


class Command(NamedTuple):
    """A workflow command as the runner of GitHub Actions reads it."""

    name: str
    properties: dict[str, str]
    data: str


def command_of(line: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    pairs = [pair.partition("=") for pair in rest.strip().split(",") if pair]
    properties = {key: _unescaped(value, ("0D", "0A", "3A", "2C", "25")) for key, _, value in pairs}
    return Command(name, properties, _unescaped(line[end + 2 :], ("0D", "0A", "25")))


def _unescaped(text: str, codes: tuple[str, ...]) -> str:
    for code in codes:
        text = text.replace(f"%{code}", chr(int(code, 16)))
    return text


def sarif_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        gzip.decompress((DATA / "sarif-2.1.0.json.gz").read_bytes())
    )
    return schema


_TEXT = {"type": "string", "minLength": 1}
_LINE_NUMBER = {"type": "integer", "minimum": 1}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


GITLAB = {
    "type": "array",
    "items": _object(
        {
            "description": _TEXT,
            "check_name": _TEXT,
            "fingerprint": _TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": _object(
                {
                    "path": {"type": "string", "minLength": 1, "not": {"pattern": r"^(\./|/)"}},
                    "lines": _object({"begin": _LINE_NUMBER}),
                }
            ),
        }
    ),
}
"""Code quality, from GitLab's documentation of the report format."""

DIAGNOSTIC = _object(
    {
        "message": _TEXT,
        "location": _object(
            {"path": _TEXT, "range": _object({"start": _object({"line": _LINE_NUMBER})})}
        ),
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "code": _object({"value": _TEXT}, {"url": _TEXT}),
    },
    {"source": _object({"name": _TEXT}, {"url": _TEXT})},
)
RDJSON = _object(
    {
        "source": _object({"name": _TEXT}, {"url": _TEXT}),
        "diagnostics": {"type": "array", "items": DIAGNOSTIC},
    }
)
"""What newsqa uses of the messages that reviewdog documents."""
