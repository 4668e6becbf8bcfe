"""Lines that stand in many articles of a source: the site's own, in no words that are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import Field

from newsqa.checks.base import Context, GroupCheck, GroupHit, check

if TYPE_CHECKING:
    from collections.abc import Iterator


LONGEST_LABEL = 40
LONGEST_NAMED = 60
FEWEST_LETTERS = 6
FEW_IN_BATCH = 20
SENTENCE_END = r"[.!?:…。！？؟।][\"'“”’»)\]]*$"
NAME = r"\p{Lu}[\pL.'’-]+(?: \p{Lu}[\pL.'’-]+)+"
DATE = (
    r"\pL+\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}"
    r"|[0-9]{1,2}\.?(?: de| of)? \pL+\.?(?: de)?,? [0-9]{4}"
    r"|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}"
)
CLOCK = r"[0-9]{1,2}[:.h][0-9]{2}(?: ?[AaPp]\.?[Mm]\b\.?)?"
COUNTERS = ((r"[0-9][0-9.,]*( \p{Ll}{3})", "0${1}"), (r"([:(] ?)[0-9][0-9.,]*", "${1}0"))
"""`12 comments`, `Comments (12)`; the number of a day, a week or a part tells stories apart."""
_ENDED = re.compile(SENTENCE_END)
_CORRECTION = re.compile(
    r"[\W_]*(?:correct|clarif|editor['’]s note|korrektur|berichtig|rectificat|correcci|fe de err|"
    r"errata|rettifica|precisazione|rectificatie|düzeltme|уточнение|исправ|تصحيح|sprostowan|"
    r"rättelse|rettelse|oikaisu|oprava|erată|helyesbít|διόρθωσ|виправ|koreksi|ralat|"
    r"đính chính|訂正|정정|更正)",
    re.IGNORECASE,
)
_BIOGRAPHY = re.compile(
    r"[^\W\d_a-z][\w.'’-]+(?: [^\W\d_a-z][\w.'’-]+){1,3},? "
    r"(?:is|was|covers|writes|has been|reports|ist|schreibt|"
    r"est|écrit|es|escribe|é|escreve|è|scrive|schrijft|jest|är|er|on|je|este)\b",
)
_SERIES = re.compile(
    r"\b(?:series|column|project|Serie|Kolumne|série|chronique|serie|columna|coluna|rubrica|"
    r"reeks|rubriek|dizi|köşe|серии|цикла|рубрик\w+|cykl\w*|sarja\w*|seriál\w*|sorozat\w*)\b"
)


@check
class SiteLines(GroupCheck):
    """Forbids lines that stand in many articles of a source: they are the site's, not the story's.

    No vocabulary and no language: copies of one story are counted once, by its URL and by its title
    or longest line, and titles do not count. A line counts when it is short or stands at an end of
    the body. Numbers, dates and times do not tell lines apart, nor do names in a short line at an
    end, nor does case but in long lines. A short line inside the body that ends no sentence may be
    a subhead or a row of a table, and must stand in more of the stories.

    Args:
        min_records: Fewest stories of the source that hold the line.
        min_share: Smallest share of its stories that do.
        enough: So many stories are enough, whatever their share.
        min_length: Characters of the shortest line that counts.
        max_length: Characters of the longest line that counts inside the body.
        inner_share: Smallest share for what may be a subhead.
    """

    key: ClassVar[str] = "site_lines"
    shape: ClassVar[Literal["source"]] = "source"
    locators: ClassVar[tuple[str, ...]] = ("url", "source")
    by_source: ClassVar[bool] = True

    min_records: int = Field(default=3, ge=2)
    min_share: float = Field(default=0.1, gt=0, le=1)
    enough: int = Field(default=30, ge=2)
    min_length: int = Field(default=12, ge=1)
    max_length: int = Field(default=160, ge=1)
    inner_share: float = Field(default=0.4, gt=0, le=1)

    def fields(self) -> frozenset[str]:
        """Return body and source."""
        return frozenset({"body", "source"})

    def keys(self) -> dict[str, pl.Expr]:
        """Return two marks of the story: its title and its longest line."""
        longest = pl.element().get(pl.element().str.len_bytes().arg_max())
        body_line = pl.col("body").str.split("\n").list.eval(longest).list.first()
        return {
            "story_title": pl.col("title").str.to_lowercase().str.strip_chars().hash(seed=0),
            "story_line": body_line.hash(seed=0),
            "story_start": pl.col("body_start"),
            "story_top": pl.col("body_line"),
        }

    def collect(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return one row a line that may be the site's, of some 40 bytes.

        Its `text` is kept once per line and batch, and only where it stands there twice or the
        source has too few records in the batch to tell.
        """
        text, length = pl.col("text"), pl.col("length")
        edge = pl.col("place").is_in([0, 1]) | (pl.col("place") >= pl.col("last") - 1)
        label = ~pl.col("edge") & (length <= LONGEST_LABEL) & ~pl.col("ended")
        named = pl.col("edge") & (length <= LONGEST_NAMED)
        start = pl.col("offset") + pl.col("indent")
        lines = (
            _lines(frame)
            .with_columns(text=pl.col("raw").str.strip_chars(), edge=edge)
            .with_columns(length=text.str.len_chars())
            .filter(length >= self.min_length, (length <= self.max_length) | pl.col("edge"))
            .filter(text.str.contains(r"\pL\pL\pL"))
        )
        lines = lines.with_columns(
            _lowered(lines, self.max_length), _indents(lines), ended=text.str.contains(SENTENCE_END)
        ).filter(pl.col("lowered").ne_missing(pl.col("title")))
        # The first line of each record stands for it.
        records = (pl.col("row") != pl.col("row").shift()).fill_null(value=True)
        few = records.sum().over("source") < FEW_IN_BATCH
        of_source = pl.col("line") ^ pl.col("source")
        kept = pl.when(of_source.is_first_distinct() & (of_source.is_duplicated() | few))
        return lines.with_columns(label=label, line=_alike(lines, named).hash(seed=0)).select(
            "row",
            "line",
            "label",
            pl.col("place").cast(pl.UInt32),
            start.cast(pl.UInt32).alias("start"),
            (start + length).cast(pl.UInt32).alias("end"),
            (kept.then(text).str.head(240) + "").alias("text"),
        )

    def judge(
        self,
        keys: pl.DataFrame,
        own: pl.DataFrame | None,
        context: Context,
    ) -> Iterator[GroupHit]:
        """Yield one hit a record and line, at the line's first place in the record."""
        if own is None or own.is_empty():
            return
        pages = pl.when(pl.col("url").null_count() < pl.len()).then(pl.n_unique("url"))
        tales = pl.max_horizontal(pl.n_unique("story_title"), pl.n_unique("story_line"))
        stories = pl.min_horizontal(tales, pages)
        share = pl.when(pl.col("labels") > 0.5).then(self.inner_share).otherwise(self.min_share)
        known = keys.filter(pl.col("source").is_not_null())
        total = known.group_by("source").agg(total=stories)
        often = own.filter(_stands_often(own, known, self.min_records))
        found = often.join(known.select("row", "source", "url", "^story_.*$"), on="row")
        common = (
            found.unique(["line", "row"])
            .group_by("source", "line")
            .agg(count=stories, labels=pl.col("label").mean())
            .join(total, on="source")
            .filter(
                pl.col("count") >= self.min_records,
                (pl.col("count") >= share * pl.col("total")) | (pl.col("count") >= self.enough),
            )
        )
        texts = found.filter(pl.col("text").is_not_null()).unique(
            ["source", "line"], keep="first", maintain_order=True
        )
        placed = (
            found.drop("text")
            .join(common, on=["source", "line"])
            .join(texts.select("source", "line", "text"), on=["source", "line"], how="left")
            .sort("row", "start")
            .unique(["row", "line"], keep="first", maintain_order=True)
        )
        for hit in placed.iter_rows(named=True):
            yield _site_line(hit)


def _stands_often(own: pl.DataFrame, keys: pl.DataFrame, least: int) -> pl.Series:
    """Return which lines stand in so many places of their source, of some 30 bytes a line.

    Most lines do not, and need not be joined with anything.
    """
    rows = own["row"].to_numpy()
    sources = np.zeros(max(rows.max(), keys["row"].max() or 0) + 1, dtype=np.uint64)
    sources[keys["row"].to_numpy()] = keys["source"].hash(seed=0).to_numpy()
    lines = pl.Series(own["line"].to_numpy() ^ sources[rows])
    ordered = lines.sort()
    return lines.is_in(ordered.filter(ordered == ordered.shift(least - 1)).unique().implode())


def _lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of all bodies, `raw`, with `place`, `last` place and `offset` in their body.

    The `source` of their record is hashed, its `title` is in lower case.
    """
    lines = (
        frame.filter(pl.col("body").is_not_null())
        .select(
            "row",
            pl.col("source").hash(seed=0),
            pl.col("title").str.to_lowercase().str.strip_chars(),
            pl.col("body").str.split("\n").alias("raw"),
        )
        .with_columns(last=pl.col("raw").list.len().cast(pl.Int64) - 1)
        .with_columns(first=(pl.col("last") + 1).cum_sum() - pl.col("last") - 1)
        .explode("raw")
    )
    behind = pl.col("raw").str.len_chars() + 1
    lines = lines.with_columns(offset=behind.cum_sum() - behind)
    return lines.with_columns(
        place=pl.int_range(pl.len()) - pl.col("first"),
        offset=pl.col("offset") - pl.col("offset").gather(pl.col("first")),
    )


def _lowered(lines: pl.DataFrame, longest: int) -> pl.Series:
    """Return each `text` in lower case, but for long ones, which no site writes in two ways."""
    short = (lines["length"] <= longest).arg_true()
    lowered = lines["text"].gather(short).str.to_lowercase()
    return lines["text"].scatter(short, lowered).alias("lowered")


def _indents(lines: pl.DataFrame) -> pl.Series:
    """Return the number of characters before each `text` in its `raw` line, mostly none."""
    raw = lines["raw"]
    spaced = (raw.str.len_bytes() > lines["text"].str.len_bytes()).arg_true()
    some = raw.gather(spaced)
    before = some.str.len_chars() - some.str.strip_chars_start().str.len_chars()
    return (
        pl.repeat(0, len(raw), dtype=pl.UInt32, eager=True).scatter(spaced, before).alias("indent")
    )


def _alike(lines: pl.DataFrame, named: pl.Expr) -> pl.Series:
    """Return each `text`, in lower case, without what differs in lines of one template.

    Names do so in lines that are `named`, figures in all that are not `ended`. Few lines hold any,
    and only these are searched.
    """
    text = pl.col("text")
    open_ended = lines.with_row_index("at").filter(~pl.col("ended"))
    bare = open_ended.filter(named).with_columns(text.str.replace_all(NAME, "\u00a7"))
    bare = bare.filter(text.str.count_matches(r"\pL") >= FEWEST_LETTERS)
    plain = open_ended.join(bare.select("at"), on="at", how="anti")
    either = pl.concat([bare.select("at", "text"), plain.select("at", "text")])
    counted = text.str.replace_all(DATE, "0").str.replace_all(CLOCK, "0")
    for pattern, bare_counter in COUNTERS:
        counted = counted.str.replace_all(pattern, bare_counter)
    has_figure = text.str.contains("[0-9]")
    alike = pl.concat([either.filter(~has_figure), either.filter(has_figure).with_columns(counted)])
    return lines["lowered"].scatter(alike["at"], alike["text"].str.to_lowercase())


def what_line_is(text: str) -> str:
    """Return what a repeated line is by its shape: its author's biography, a correction, ..."""
    if _CORRECTION.match(text):
        return "a correction notice"
    if _BIOGRAPHY.match(text) and _ENDED.search(text):
        return "an author's biography"
    if _SERIES.search(text) and _ENDED.search(text):
        return "a series' introduction"
    return "a line of the site"


def _site_line(hit: dict[str, object]) -> GroupHit:
    shift = int(str(hit["story_start"] or 0))
    share = int(str(hit["count"])) / int(str(hit["total"]))
    evidence = {"stories": hit["count"], "of": hit["total"], "share": round(share, 3)}
    text, top = str(hit["text"] or ""), hit["story_top"]
    return GroupHit(
        row=int(str(hit["row"])),
        source=str(hit["source"]),
        line=None if top is None else int(str(top)) + int(str(hit["place"])),
        field="body",
        start=int(str(hit["start"])) + shift,
        end=int(str(hit["end"])) + shift,
        excerpt=text,
        identity=text or str(hit["line"]),
        values={"text": text, "what": what_line_is(text)},
        evidence=evidence,
    )
