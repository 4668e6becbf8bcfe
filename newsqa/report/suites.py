"""What became of the suites, in the shape of Great Expectations: as JSON, and as its Data Docs.

Neither holds scraped text: results are counts and figures, and the Data Docs show only whether each
expectation was met, since GX does not escape what it shows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from newsqa.report.safe import json_text

if TYPE_CHECKING:
    from newsqa.result import Result
    from newsqa.suites.model import SuiteResult


_NO_SUITE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>newsqa</title></head>'
    "<body><p>No suite was in use: name one with <code>--suite</code>.</p></body></html>\n"
)


def write_suites(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write a list with one suite validation result a suite."""
    content = [suite.as_dict() for suite in result.suites]
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    stream.write(json_text(text.encode("utf-8", "replace").decode("utf-8")) + "\n")


def write_data_docs(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write the first suite's page as GX renders it, which imports great_expectations."""
    if not result.suites:
        stream.write(_NO_SUITE)
        return
    from newsqa.suites.oracle import data_docs

    stream.write(data_docs(_bare(result.suites[0])))


def _bare(suite: SuiteResult) -> dict[str, Any]:
    """Return a suite's result as GX gives it for BOOLEAN_ONLY: met or not, and no figure."""
    content = suite.as_dict()
    for entry in content["results"]:
        entry["result"] = {}
        entry["exception_info"] = {
            "raised_exception": False,
            "exception_traceback": None,
            "exception_message": None,
        }
    return content
