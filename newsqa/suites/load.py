"""Suites in the JSON of Great Expectations 1.x, read without importing it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from json import JSONDecodeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsqa.errors import SuiteError
from newsqa.resources import data_folder
from newsqa.suites.known import KNOWN
from newsqa.suites.model import FRAMES, SEVERITIES, Expectation, Suite
from newsqa.suites.positions import value_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_SUITE_KEYS = frozenset({"name", "expectations", "meta", "notes", "id", "suite_parameters"})
_KEYS = frozenset({
    "type", "kwargs", "meta", "notes", "description", "id", "severity", "success_on_last_run",
    "expectation_context", "rendered_content",
})  # fmt: skip
_COMMON_KWARGS = frozenset({"batch_id", "result_format", "catch_exceptions"})


def load_suite(path: str | Path, *, custom: Collection[str] = ()) -> Suite:
    """Return the suite in a file.

    Args:
        path: A JSON file as GX writes it.
        custom: Names of expectations beyond those of GX's core.

    Raises:
        SuiteError: The file cannot be read, or something in it is unknown, missing or misspelt.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise SuiteError(f"the suite cannot be read: {reason}", where=str(path)) from None
    try:
        content = json.loads(text)
    except JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise SuiteError(f"the suite is no JSON: {error.msg}", where=where) from None
    return _Reader(str(path), text, frozenset(custom)).suite(content)


def suite_of(content: Mapping[str, Any], *, custom: Collection[str] = ()) -> Suite:
    """Return a suite from its content, as `ExpectationSuite.to_json_dict` of GX gives it.

    Raises:
        SuiteError: Something in it is unknown, missing or misspelt.
    """
    return _Reader("", json.dumps(content), frozenset(custom)).suite(content)


def find_suites(names: Sequence[str], modules: Sequence[str] = ()) -> tuple[Suite, ...]:
    """Return suites by file, or by the name of a shipped one.

    Args:
        names: Files, or names such as `crawl`.
        modules: Modules that register expectations of a user's own with GX; imported only when
            there is a suite.

    Raises:
        SuiteError: A suite cannot be found or read, or a module cannot be imported.
    """
    if not names:
        return ()
    custom: Collection[str] = ()
    if modules:
        from newsqa.suites.oracle import register

        try:
            custom = register(modules)
        except ImportError as error:
            hint = "is it installed, and is its folder on PYTHONPATH?"
            raise SuiteError(f"expectation_modules: {error}", hint=hint) from None
    return tuple(_find(name, custom) for name in names)


def _find(name: str, custom: Collection[str]) -> Suite:
    shipped = {
        entry.name.removesuffix(".json"): entry
        for entry in data_folder("expectations").iterdir()
        if entry.name.endswith(".json")
    }
    if name in shipped:
        return suite_of(json.loads(shipped[name].read_text("utf-8")), custom=custom)
    if not Path(name).exists():
        near = difflib.get_close_matches(name, shipped, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"shipped: {', '.join(sorted(shipped))}"
        raise SuiteError(f"there is no suite {name!r}", hint=hint)
    return load_suite(name, custom=custom)


class _Reader:
    """Turns the content of a file into a suite; every fault is shown by its line."""

    def __init__(self, path: str, text: str, custom: frozenset[str]) -> None:
        self.path = path
        self.text = text
        self.custom = custom

    def suite(self, content: Any) -> Suite:
        if not isinstance(content, dict) or not isinstance(content.get("expectations"), list):
            raise self._fault(
                "a suite is an object with a list `expectations`",
                (),
                "GX writes it with to_json_dict",
            )
        if "expectation_suite_name" in content:
            raise self._fault(
                "the suite was written by GX 0.x", (), "load and save it with GX 1.x once"
            )
        for key in content.keys() - _SUITE_KEYS:
            raise self._unknown("key of a suite", key, _SUITE_KEYS, (key,))
        parameters = content.get("suite_parameters") or {}
        frame = self._frame(content.get("meta") or {}, "records", ("meta",))
        expectations = tuple(
            self._expectation(entry, number, parameters, frame)
            for number, entry in enumerate(content["expectations"])
        )
        name = content.get("name") or Path(self.path).stem or "suite"
        return Suite(str(name), expectations, self.path, content.get("meta") or {})

    def _expectation(
        self, entry: Any, number: int, parameters: Mapping[str, Any], frame: str
    ) -> Expectation:
        path = ("expectations", number)
        if not isinstance(entry, dict):
            raise self._fault("an expectation is an object", path, "")
        if "expectation_type" in entry:
            hint = "GX 1.x calls it `type`; load and save the suite with GX 1.x once"
            raise self._fault("unknown key 'expectation_type' of GX 0.x", path, hint)
        for key in entry.keys() - _KEYS:
            raise self._unknown("key of an expectation", key, _KEYS, (*path, key))
        kind, kwargs = entry.get("type"), entry.get("kwargs", {})
        if not isinstance(kind, str) or not isinstance(kwargs, dict):
            raise self._fault("an expectation has a `type` and `kwargs`", path, "")
        self._require_known(kind, kwargs, path)
        severity = entry.get("severity") or "critical"
        if severity not in SEVERITIES:
            raise self._unknown("severity", str(severity), SEVERITIES, (*path, "severity"))
        meta = entry.get("meta") or {}
        return Expectation(
            kind,
            dict(self._resolved(kwargs, parameters, (*path, "kwargs"))),
            severity,
            meta,
            entry.get("notes"),
            entry.get("description"),
            entry.get("id"),
            self._line(path),
            self._frame(meta, frame, (*path, "meta")),  # type: ignore[arg-type]
        )

    def _require_known(
        self, kind: str, kwargs: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> None:
        if kind in self.custom:
            return
        known = KNOWN.get(kind)
        if known is None:
            raise self._unknown(
                "expectation", kind, KNOWN, (*path, "type"),
                "an expectation of your own: name its module in `expectation_modules`",
            )  # fmt: skip
        if known.without:
            raise self._fault(f"{kind} cannot be judged: {known.without}", (*path, "type"), "")
        allowed = {*known.required, *known.optional}
        for key in kwargs.keys() - allowed - _COMMON_KWARGS:
            raise self._unknown(f"argument of {kind}", key, allowed, (*path, "kwargs", key))
        for key in known.required:
            if key not in kwargs:
                raise self._fault(f"{kind} lacks its argument {key!r}", path, "")
        share = kwargs.get("mostly")
        if isinstance(share, (int, float)) and not 0 <= share <= 1:
            raise self._fault(
                f"mostly is {share}, not from 0 to 1", (*path, "kwargs", "mostly"), ""
            )

    def _resolved(
        self, kwargs: Mapping[str, Any], parameters: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> Iterator[tuple[str, Any]]:
        """Yield the arguments with the values of suite parameters in their places."""
        for key, value in kwargs.items():
            if key in _COMMON_KWARGS:
                continue
            if isinstance(value, dict) and "$PARAMETER" in value:
                name = value["$PARAMETER"]
                if name not in parameters:
                    raise self._fault(
                        f"the suite parameter {name!r} has no value", (*path, key),
                        "give it one under `suite_parameters`",
                    )  # fmt: skip
                yield key, parameters[name]
            else:
                yield key, value

    def _frame(self, meta: Mapping[str, Any], default: str, path: tuple[str | int, ...]) -> str:
        own = meta.get("newsqa") or {}
        frame = own.get("frame", default) if isinstance(own, Mapping) else default
        if frame not in FRAMES:
            raise self._unknown("frame", str(frame), FRAMES, path)
        return str(frame)

    def _unknown(
        self,
        what: str,
        word: str,
        known: Collection[str],
        path: tuple[str | int, ...],
        hint: str = "",
    ) -> SuiteError:
        near = difflib.get_close_matches(word, list(known), 1, cutoff=0.8)
        if near:
            hint = f"did you mean {near[0]!r}?"
        elif not hint:
            hint = f"known: {', '.join(sorted(known))}"
        return self._fault(f"unknown {what}: {word!r}", path, hint)

    def _fault(self, fault: str, path: tuple[str | int, ...], hint: str) -> SuiteError:
        line = self._line(path)
        where = f"{self.path}:{line}" if self.path and line else self.path
        return SuiteError(fault, where=where, hint=hint)

    def _line(self, path: tuple[str | int, ...]) -> int:
        if not self.path:
            return 0
        lines = self._lines()
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)

    def _lines(self) -> Mapping[tuple[str | int, ...], int]:
        if not hasattr(self, "_known_lines"):
            self._known_lines = value_lines(self.text)
        return self._known_lines
