"""The table of docs/suites.md: which expectations are judged natively, and which by GX.

`python -m newsqa.suites.page docs/suites.md` writes it between its two markers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newsqa.suites.known import KNOWN, NATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = "<!-- expectations -->", "<!-- end of expectations -->"
_NOT_ON_PANDAS = "like_pattern"


def table_lines() -> Iterator[str]:
    """Yield one line of Markdown an expectation."""
    yield "| expectation | judged | compared with GX |"
    yield "|---|---|---|"
    for name, known in sorted(KNOWN.items()):
        if known.without:
            judged, compared = f"refused: {known.without}", "–"
        elif name not in NATIVE:
            judged, compared = "by GX", "it is GX"
        elif _NOT_ON_PANDAS in name:
            judged, compared = "natively", "by hand: GX has no LIKE on pandas"
        else:
            judged, compared = "natively", "random frames and arguments"
        yield f"| `{name}` | {judged} | {compared} |"


def with_table(page: str) -> str:
    """Return a page with the table in its place."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n" + "\n".join(table_lines()) + f"\n{END}{tail}"


def main() -> None:
    """Write the table into the page that the command line names."""
    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text("utf-8")), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
