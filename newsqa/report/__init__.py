"""The outputs: a table of format names and their writers, each imported only when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO

from newsqa.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from newsqa.result import Result

STREAM_FORMATS: dict[str, str] = {
    "text": "newsqa.report.text:write_text",
    "concise": "newsqa.report.lines:write_concise",
    "json": "newsqa.report.data:write_json",
    "jsonl": "newsqa.report.data:write_jsonl",
    "csv": "newsqa.report.table:write_csv",
    "github": "newsqa.report.github:write_github",
    "gitlab": "newsqa.report.gitlab:write_gitlab",
    "junit": "newsqa.report.junit:write_junit",
    "junit-strict": "newsqa.report.junit:write_junit_strict",
    "markdown": "newsqa.report.markdown:write_markdown",
    "rdjson": "newsqa.report.rdjson:write_rdjson",
    "rdjsonl": "newsqa.report.rdjson:write_rdjsonl",
    "sarif": "newsqa.report.sarif:write_sarif",
    "suites": "newsqa.report.suites:write_suites",
    "data-docs": "newsqa.report.suites:write_data_docs",
}
"""Formats that go to a stream: `module:function`, called with result, stream and options."""
FORMATS: tuple[str, ...] = (*STREAM_FORMATS, "html")
OF_SUITES: tuple[str, ...] = ("suites", "data-docs")
"""Formats that hold what became of suites, and no findings."""
_STATISTICS = "newsqa.report.statistics:write_statistics"


def write(
    result: Result,
    form: str,
    stream: TextIO,
    *,
    max_shown: int = 5,
    min_level: str = "info",
    color: bool | None = None,
) -> None:
    """Write a result to a stream.

    Args:
        result: The run.
        form: A key of `STREAM_FORMATS`, or `html`, or `statistics`: counts by rule as text.
        stream: Where it goes; characters that its encoding lacks are written as escapes.
        max_shown: Examples of each rule, in `text`.
        min_level: Lowest severity that `text` and `concise` show.
        color: Whether `text` uses colour; None asks the stream.

    Raises:
        UsageError: There is no such format.
    """
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    if form == "html":
        stream.write(import_module("newsqa.report.html").render_html(result))
        return
    options = {"max_shown": max_shown, "min_level": min_level, "color": color}
    _writer(form)(result, stream, **options)


def write_file(
    result: Result, form: str, path: Path, *, assets: str = "inline", append: bool = False
) -> None:
    """Write a result to a file, making its folder.

    Args:
        result: The run.
        form: One of `FORMATS`.
        path: The file.
        assets: For `html`: `inline`, or `external` for style and script beside the page.
        append: Add to what the file holds; not for `html`.

    Raises:
        UsageError: There is no such format, or the file cannot be written.
    """
    try:
        if form == "html":
            import_module("newsqa.report.html").write_html(result, path, assets)
        else:
            _write_text(result, _writer(form), path, "a" if append else "w")
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path} cannot be written: {reason}", hint="name another file") from None


def _write_text(result: Result, writer: Any, path: Path, mode: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        writer(result, stream, max_shown=5, min_level="info", color=False)


def _writer(form: str) -> Any:
    writers = STREAM_FORMATS | {"statistics": _STATISTICS}
    if form not in writers:
        raise UsageError(f"no format is called {form!r}", hint=f"formats: {', '.join(FORMATS)}")
    module, function = writers[form].split(":")
    return getattr(import_module(module), function)
