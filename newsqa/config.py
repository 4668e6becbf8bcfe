"""The configuration: `newsqa.toml`, or `[tool.newsqa]` in `pyproject.toml`."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from newsqa.errors import ConfigError
from newsqa.record import FIELD_NAMES

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAMES = ("newsqa.toml", ".newsqa.toml", "pyproject.toml")
FailOn = Literal["error", "warning", "info", "never"]
SHORTEST_REASON = 10


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleSettings(_Table):
    """Settings of one rule."""

    severity: Literal["error", "warning", "info", "off"] | None = Field(
        None, description="Severity of the rule's findings, or `off`."
    )
    max_share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Largest share of records that may have a finding of this rule, 0 to 1."
    )
    max_count: Annotated[int, Field(ge=0)] | None = Field(
        None, description="Largest number of findings of this rule."
    )
    params: dict[str, Any] = Field(
        default_factory=dict, description="Parameters that override those of the rule file."
    )


class RuleLimits(_Table):
    """Limits of one rule for one source."""

    max_share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Largest share of the source's records with a finding, 0 to 1."
    )
    max_count: Annotated[int, Field(ge=0)] | None = Field(
        None, description="Largest number of findings in the source."
    )


class Rules(_Table):
    """Which rules are on, and tables of settings by rule code or name."""

    select: list[str] = Field(
        default=["ALL"], description="Rules that are on: codes, beginnings of codes, names, ALL."
    )
    ignore: list[str] = Field(default=[], description="Rules that are off.")
    settings: dict[str, RuleSettings] = Field(
        default_factory=dict, description="Settings by rule; `[rules.DAT003]` means the same."
    )

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("settings", {}), dict):
            return data
        known = {k: v for k, v in data.items() if k in cls.model_fields or not isinstance(v, dict)}
        tables = {k: v for k, v in data.items() if k not in known}
        return {**known, "settings": {**known.get("settings", {}), **tables}}


class SourceSettings(_Table):
    """Limits of their own for the sources that a name or glob matches."""

    name: str = Field(description="Name of the source, or a glob such as `*.fr`.")
    rules: dict[str, RuleLimits] = Field(
        default_factory=dict, description="Limits by rule code or name."
    )


class ReportSettings(_Table):
    """The HTML report."""

    path: str = Field("reports/newsqa.html", description="Where the report is written.")
    assets: Literal["inline", "external"] = Field(
        "inline", description="`external` writes CSS and script beside the page, for Jenkins."
    )


class HistorySettings(_Table):
    """Where finished runs are kept, and what is made of them."""

    dir: str = Field(".newsqa/runs", description="Folder of the runs that are kept.")
    keep: Annotated[int, Field(ge=1)] = Field(90, description="Runs that are kept; older ones go.")
    series: str = Field(
        "",
        description="Runs with the same word are compared; by default those of the same paths, "
        "whatever numbers stand in them.",
    )
    index: str = Field(
        "", description="Page over all runs that every check writes, such as reports/index.html."
    )


class Suppression(_Table):
    """Findings that are accepted: one by its fingerprint, or those of a rule until a day."""

    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}(:[0-9]+)?$")] | None = Field(
        None, description="Fingerprint of one finding."
    )
    rule: str | None = Field(None, description="Code or name of a rule.")
    source: str | None = Field(
        None, description="Only in this source, or in those that a glob such as `*.fr` matches."
    )
    reason: str = Field(description="Why it is accepted; ten characters at least.")
    expires: date | None = Field(
        None, description="Last day on which it holds; required unless there is a fingerprint."
    )
    owner: str | None = Field(None, description="Whom to ask.")

    @field_validator("reason")
    @classmethod
    def _said(cls, reason: str) -> str:
        if len(reason.strip()) < SHORTEST_REASON:
            raise ValueError(f"a reason has {SHORTEST_REASON} characters at least")
        return reason

    @model_validator(mode="after")
    def _bounded(self) -> Suppression:
        if self.fingerprint is None and self.rule is None:
            raise ValueError("name a `fingerprint` or a `rule`")
        if self.fingerprint is None and self.expires is None:
            raise ValueError("a suppression by rule needs the day on which it `expires`")
        return self


class Config(_Table):
    """Everything that a run can be told."""

    paths: list[str] = Field(default=[], description="Files, folders and globs to check.")
    exclude: list[str] = Field(default=[], description="Globs of files to leave out.")
    validators: list[str] = Field(
        default=[], description="Folders of rule files of your own, beside the shipped rules."
    )
    fields: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Canonical field -> names to try in your records; dots reach into objects.",
    )
    fail_on: FailOn = Field(
        "error", description="The run fails on any finding of this severity or worse."
    )
    allow_empty: bool = Field(default=False, description="An input without records passes.")
    min_records: Annotated[int, Field(ge=1)] = Field(
        20, description="With fewer records a `max_share` above 0 is not judged."
    )
    rules: Rules = Field(default_factory=Rules, description="Which rules are on, and how.")
    source: list[SourceSettings] = Field(default=[], description="Limits of single sources.")
    suppress: list[Suppression] = Field(
        default=[], description="Findings that are accepted, each with a reason."
    )
    baseline: str | None = Field(
        None, description="File of findings accepted earlier, as `newsqa baseline` writes it."
    )
    suites: list[str] = Field(
        default=[],
        description="Suites of Great Expectations: files, or the names of shipped ones.",
    )
    expectation_modules: list[str] = Field(
        default=[], description="Modules that register expectations of your own with GX."
    )
    cache_dir: str = Field(
        ".newsqa_cache",
        description="Folder of results of unchanged files; --no-cache does without.",
    )
    history: HistorySettings = Field(
        default_factory=HistorySettings, description="The runs that are kept."
    )
    report: ReportSettings = Field(default_factory=ReportSettings, description="The HTML report.")
    output: dict[str, str] = Field(
        default_factory=dict, description="Further outputs of every run: format -> file."
    )

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, list[str]]) -> dict[str, list[str]]:
        for name in fields:
            if name not in FIELD_NAMES:
                raise ValueError(f"no field is called {name!r}; fields: {', '.join(FIELD_NAMES)}")
        return fields

    def digest(self) -> str:
        """Return 12 hexadecimal digits that tell configurations apart."""
        # Not orjson: paths on a command line may hold bytes that are no UTF-8.
        text = json.dumps(self.model_dump(), sort_keys=True, default=str)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]


def find_config(start: Path) -> Path | None:
    """Return the configuration file nearest to a folder, going up, or None."""
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or "newsqa" in _tools(path)):
                return path
    return None


def _tools(path: Path) -> dict[str, Any]:
    try:
        tool = tomllib.loads(path.read_text("utf-8")).get("tool", {})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    return tool if isinstance(tool, dict) else {}


def load_config(path: Path) -> Config:
    """Return the configuration in a file; relative `validators` are taken from its folder.

    Raises:
        ConfigError: The file cannot be read, is no TOML, or says what newsqa does not understand;
            names the line and, for an unknown key, the nearest known one.
    """
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(error), where=str(path), hint="mend the file") from None
    if path.name == "pyproject.toml":
        data = _tools(path).get("newsqa", {})
    config = _validated(data, str(path), text)
    folders = [str(path.parent / folder) for folder in config.validators]
    return config.model_copy(update={"validators": folders})


def _validated(data: dict[str, Any], where: str, text: str) -> Config:
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        faults = [_fault(e, where, text) for e in error.errors()]
        raise ConfigError("\n".join(faults), hint="`newsqa config schema` lists all keys") from None


def _fault(error: Any, where: str, text: str) -> str:
    place = [str(part) for part in error["loc"] if part != "settings"]
    key = next((part for part in reversed(place) if not part.isdigit()), "")
    line = _line_of(key, text)
    label = f"{where}:{line}" if line else where
    dotted = ".".join(place)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, _known_keys(error["loc"]), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{label}: unknown key {dotted!r}{hint}"
    return f"{label}: {dotted}: {error['msg']}"


def _known_keys(place: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {
        "source": SourceSettings,
        "report": ReportSettings,
        "history": HistorySettings,
        "suppress": Suppression,
    }
    table: type[BaseModel] = Config
    if len(place) > 1:
        table = tables.get(str(place[0]), Config)
        if place[0] == "rules":
            table = RuleSettings if len(place) > 2 else Rules
        elif "rules" in place:
            table = RuleLimits
    return list(table.model_fields)


def _line_of(key: str, text: str) -> int | None:
    pattern = re.compile(rf"""^\s*(\[+[^\]]*)?["']?\b{re.escape(key)}["']?\b""")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.search(line):
            return number
    return None


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema of the configuration (draft 2020-12)."""
    schema = Config.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "newsqa.toml"
    rules = schema["$defs"]["Rules"]
    rules["additionalProperties"] = {"$ref": "#/$defs/RuleSettings"}
    return schema
