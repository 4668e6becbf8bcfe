"""The screen for pages: which texts hold lines that make them worth cutting into blocks.

All texts of a batch are cut into lines at once. What a short line says is looked up by how it
begins and ends, its shape and the words that ask for something are searched for in one pass each,
and the few lines that are left over are read as pages are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from newsqa.pages.appeals import is_header
from newsqa.pages.clues import entries_among, forms_among, headers_among, networks_among, true_at
from newsqa.pages.folding import MARGIN, folded
from newsqa.pages.furniture import may_be_entry, may_be_form, may_be_shaped
from newsqa.pages.lines import HEADLINE, PROSE, read_lines
from newsqa.pages.runs import FEWEST_LABELS
from newsqa.pages.shapes import SHAPED
from newsqa.pages.teasers import may_end_run, teasers_in_runs
from newsqa.pages.vocabulary import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


MARKS = "page_marks"
DOUBLED_LENGTH = 8
"""Bytes of the shortest line, folded, that may be the second of a doubled pair."""
FEW_LINES = 200
"""So many lines are read sooner than the patterns for more of them are compiled."""
_BREAKS = "[\r\x0b\x0c\x85\u2028\u2029]"
_FULL_STOPS = (".", "…")
_CLOSERS = "\"'“”’»)]"
_OPEN_END = r"[^\n.…\"'“”’»)\]\s][\"'“”’»)\]]*[ \t\r]*"
_HEAD_LINE = rf"\n\s*[^\n]{{13}}[^\n]*{_OPEN_END}"
_STAMP = rf"(?:\n\s*[^\n]*{_OPEN_END})?"
_TALE = r"\n\s*[^\n]+[.!?…。！？؟।۔][\"'“”’»)\]]*[ \t\r]*"
_PAIR = _HEAD_LINE + _STAMP + _TALE + _STAMP
_RUN_EDGE = 2500
LONGEST_LABEL = 45
"""Characters of the longest line, folded, that may be one of a menu, with all that folding adds."""
_CLOSED = r"[.!?…。！？؟।۔][\"'“”’»«)\]」』]{0,3}\z"
_TAGGED = r"\A[^\pL#]*#"
_MARGIN = MARGIN + "0123456789"
_CLUES = ("entry", "header", "shaped", "form")
SHORT_LINE = 40
"""Characters of the longest line that is counted as short."""
SHORTEST_REPEATED = 80
"""Bytes of the shortest line that is looked for a second time."""
_PLACES = ("furniture", "header", "doubled", "run", "labels", "repeated")
_FIGURES = ("rows", "lines", "short")
_FIELDS = dict.fromkeys(_PLACES, pl.Boolean()) | dict.fromkeys(_FIGURES, pl.UInt32())


def page_marks() -> dict[str, pl.Expr]:
    """Return the column of marks that the screens of this module read, by its name."""
    return {MARKS: pl.col("body").map_batches(mark_pages, return_dtype=pl.Struct(_FIELDS))}


def furniture_screen() -> pl.Expr:
    """Return true where a line of the body may be furniture, blocks of other stories aside.

    Phrases inside a paragraph are to be searched for elsewhere.
    """
    return pl.col(MARKS).struct.field("furniture")


def header_screen() -> pl.Expr:
    """Return true where a line of the body may head a block of other stories."""
    return pl.col(MARKS).struct.field("header")


def doubled_screen() -> pl.Expr:
    """Return true where a line of the body is the end of the one before it, what is long aside."""
    return pl.col(MARKS).struct.field("doubled")


def teaser_run_screen() -> pl.Expr:
    """Return true where headlines and texts may take turns near the end of the body."""
    return pl.col(MARKS).struct.field("run")


def labels_screen() -> pl.Expr:
    """Return true where the body has as many short lines as a menu."""
    return pl.col(MARKS).struct.field("labels")


def repeated_screen() -> pl.Expr:
    """Return true where a line of the body may stand in it twice, short ones aside."""
    return pl.col(MARKS).struct.field("repeated")


def lines_screen(least: int, *, short: float = 0, mean_length: int | None = None) -> pl.Expr:
    """Return true where a body may have so many lines, of which such a share is short.

    Args:
        least: Least number of lines that are not blank.
        short: Least share of lines of at most `SHORT_LINE` characters, of those.
        mean_length: Greatest mean length of lines, blank ones counted, in characters.
    """
    rows, lines, few = (pl.col(MARKS).struct.field(name) for name in _FIGURES)
    fits = (lines >= least) & (few >= short * lines)
    if mean_length is not None:
        fits &= pl.col("body").str.len_chars() <= mean_length * rows
    return fits


def mark_pages(texts: pl.Series) -> pl.Series:
    """Return what is worth knowing of texts before they are cut into blocks, as a struct."""
    texts, odd = _with_newlines(texts)
    rows = texts.str.split("\n")
    lines = _lines(rows)
    short = _short(lines)
    furniture: set[int] = set()
    headers: set[int] = set()
    for index, text, entry, header, shaped, form in worth_reading(short).iter_rows():
        sought = (entry or shaped or form) and index not in furniture
        headed = (entry or header) and index not in headers
        for line in read_lines(text) if sought or headed else ():
            if sought and (
                (entry and may_be_entry(line))
                or (shaped and may_be_shaped(line))
                or (form and may_be_form(line))
            ):
                furniture.add(index)
            if headed and is_header(line.key):
                headers.add(index)
    doubled = _doubled(short).to_list()
    runs = _with_runs(texts, lines, {*furniture, *headers, *doubled})
    labels = short.filter(pl.col("words").str.len_chars() <= LONGEST_LABEL)["index"].value_counts()
    places = {
        "furniture": furniture,
        "header": headers,
        "doubled": doubled,
        "run": runs,
        "labels": labels.filter(pl.col("count") >= FEWEST_LABELS)["index"],
        "repeated": pl.concat([_repeated(lines), odd]),
    }
    marks = {
        name: true_at(pl.Series([*at], dtype=pl.UInt32), len(texts)) for name, at in places.items()
    }
    return pl.DataFrame(marks).with_columns(_figures(rows, lines, odd)).to_struct(MARKS)


def _with_newlines(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    r"""Return texts with newlines for other breaks of lines, and which had any but `\r\n`.

    Only newlines end lines for those that read the figures, or look for lines that are repeated.
    """
    odd = pl.Series([], dtype=pl.UInt32)
    if texts.str.contains(_BREAKS).any():
        texts = texts.str.replace_all("\r\n", "\n", literal=True)
        odd = texts.str.contains(_BREAKS).arg_true()
        texts = texts.str.replace_all(_BREAKS, "\n")
    return texts, odd


def _lines(rows: pl.Series) -> pl.DataFrame:
    """Return the lines that are not blank, without their margins, by the `index` of their text.

    With each goes its `size` in characters.
    """
    line = pl.col("line")
    return (
        pl.DataFrame({"line": rows})
        .with_row_index("index")
        .explode("line")
        .with_columns(line.str.strip_chars())
        .filter(line.str.len_bytes() > 0)
        .with_columns(size=line.str.len_chars())
    )


def _figures(rows: pl.Series, lines: pl.DataFrame, odd: pl.Series) -> pl.DataFrame:
    """Return how many lines texts have, with the blank ones, without them, and short ones.

    In texts with odd breaks all of them may be short.
    """
    few = pl.col("size") <= SHORT_LINE
    found = lines.group_by("index").agg(pl.len().cast(pl.UInt32), few.sum().cast(pl.UInt32))
    held, short = (
        pl.repeat(0, len(rows), dtype=pl.UInt32, eager=True).scatter(found["index"], counts)
        for counts in found.drop("index")
    )
    figures = (rows.list.len().fill_null(0), held, short.scatter(odd, held.gather(odd)))
    return pl.DataFrame(dict(zip(_FIGURES, figures, strict=True)))


def _repeated(lines: pl.DataFrame) -> pl.Series:
    """Return the texts of which two lines have the same hash."""
    long = lines.filter(pl.col("line").str.len_bytes() >= SHORTEST_REPEATED)
    line = pl.col("line").hash(seed=0) ^ pl.col("index").hash(seed=0)
    return long.filter(line.is_duplicated())["index"].unique()


def _short(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that are short enough to be furniture, folded as `words`."""
    some = (lines["size"] > LONGEST_LINE).arg_true()
    first = lines["line"].gather(some).str.head(1)
    unsure = some.filter(first.is_in([*_MARGIN]))
    bare = lines["line"].gather(unsure).str.strip_chars_start(_MARGIN)
    is_long = true_at(some, lines.height).scatter(unsure, bare.str.len_chars() > LONGEST_LINE)
    short = lines.filter(~is_long)
    return short.with_columns(folded(short["line"]).alias("words"))


def _doubled(short: pl.DataFrame) -> pl.Series:
    long = short.filter(pl.col("words").str.len_bytes() >= DOUBLED_LENGTH)
    again = pl.col("words").shift(1).str.ends_with(pl.col("words"))
    return long.filter(again & (pl.col("index") == pl.col("index").shift(1)))["index"]


def _with_runs(texts: pl.Series, lines: pl.DataFrame, marked: Collection[int]) -> Iterator[int]:
    """Yield the texts in which lines with and without a full stop take turns near the end.

    Most have no two lines without one, and need not be searched. What teasers there are in texts
    that have nothing else of a page, which are not `marked`, is known without cutting them.
    """
    open_ended = lines.filter(~pl.col("line").str.ends_with("."))
    bare = pl.col("line").str.strip_chars_end(_CLOSERS)
    heads = open_ended.filter(~bare.str.tail(1).is_in(_FULL_STOPS))["index"]
    some = heads.filter(heads.is_duplicated()).unique()
    found = texts.gather(some).str.tail(_RUN_EDGE).str.contains(rf"(?:{_PAIR}){{2}}")
    for at in some.filter(found):
        if at in marked or _lists_stories(texts[at]):
            yield at


def _lists_stories(text: str) -> bool:
    if not may_end_run(read_lines(text[-_RUN_EDGE:])):
        return False
    lines = read_lines(text)
    return next(teasers_in_runs(lines, [""] * len(lines)), None) is not None


def worth_reading(short: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that may be furniture, with why: `entry`, `header`, `shaped` or `form`."""
    line, words = short["line"], short["words"]
    if short.height <= FEW_LINES:
        return short.select("index", "line", *(pl.lit(value=True).alias(clue) for clue in _CLUES))
    closed = line.str.contains(_CLOSED)
    found = short.select(
        "index",
        "line",
        entry=entries_among(words, closed),
        header=headers_among(words),
        shaped=_shaped(line, words, closed),
        form=forms_among(words, line),
    )
    return found.filter(pl.any_horizontal(_CLUES))


def _shaped(line: pl.Series, words: pl.Series, closed: pl.Series) -> pl.Series:
    """Return whether the shape of lines may tell their kind, which running text has but in tags."""
    size = words.str.len_chars()
    prose = (size > HEADLINE[1]) | (closed & (size >= PROSE))
    some = (~prose | line.str.contains(_TAGGED)).arg_true()
    shaped = line.gather(some).str.contains(SHAPED) | networks_among(words.gather(some))
    return true_at(some.filter(shaped), len(line))
