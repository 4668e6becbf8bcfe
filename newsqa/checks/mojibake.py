"""Text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from newsqa.checks.base import Context, Hit, RecordCheck, Row, check, clued
from newsqa.text.screening import found_in
from newsqa.text.spans import Span, joined_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRAILERS = r"\x{A0}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# UTF-8 read as a code page of another script or another system, and letters of one script alone
# amid those of another. All hold in the dialects of Rust and of Python.
_STRAY = (
    # Windows-1251: "вЂ™", "Г©"
    r"вЂ",
    r"[A-Za-z]Г[^\s\w!-~]|Г[©®°±¤¦§¬Јўѓјєґ¶][A-Za-z ]|[A-Za-z][Гв][Ђ-Џѓ-џ]",
    # Windows-1253: "Γ©"; a numeral such as "Γ΄" is Greek
    r"[A-Za-z]Γ[^\s\w!-~]|Γ[©®°±¤¦§¬£¥Άͺ][A-Za-z ]",
    # Mac OS Roman: "√©"; code page 850: "├®"; Windows-1256: "ط§ظ„"
    r"[A-Za-z]√[^\s\w!-~]|‚Ä[ôúùìîò¶]",
    r"[A-Za-zÀ-ɏ][├┬][^\s!-~]|├[®©┤ñíóúß]|[^\W\d_][─-╬][^\W\d_]|(?:[═-╬][^\s─-╿]){3}",
    r"(?:[طظ][^\sطظ]){4}",
    # Latin-1 or Windows-1252 read as a code page of another alphabet
    r"[a-zß-ö][бвгджзийлмнптфцчшщъыьэюя][a-z]",
    r"[a-z][ΓΘΣΦΩά-ίβ-λν-ωό-ώ][a-z]|[a-z][｡-ﾟ]|[a-zß-ÿ][÷¢¤¥¬][a-z]|[a-z][א-תء-غف-يก-ฮ][a-z]|[A-Za-z][֑-ׇ]",
    r"[а-яђ-џ][®¤©¬¦][а-яђ-џ]",
    # Windows-1250 or Mac OS Roman read as Windows-1252, and the other way round
    r"[A-Za-z][¸¨ˆ][a-zà-ÿ]|[a-z]{2}[¹³¿¶¼¾][a-zà-ÿ]|[a-z]Ÿ[a-z]",
    r"[a-zß-ÿ][ÃÄÅÂ][¡-©«-¹»-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ][a-zß-ÿ]",
    r"[a-z,] Â [A-Za-z]|[a-z][.,] ?Â  ?[A-Z]|ï»¿",
    r"[a-zß-ÿ,] Ã  [a-zß-ÿ]| ŕ ",
)
# Each of these may stand once in good text: a capital in a name, a Han character in slang, a
# question without a space behind it. The field is misread when it holds several.
_REPEATED = (
    ("[а-я]Ё[а-я]", r"[А-яё]*[а-я]Ё[а-я]+", 3),
    ("[а-я][А-ЯЁ]{4}", r"\b[а-я][А-ЯЁ]{4,}", 3),
    ("[a-z][一-鿿가-힣][a-z ]", r"[A-Za-z]*[a-z][一-鿿가-힣](?:[a-z]| (?=[a-z]))", 2),
    (
        "[a-zß-ÿ]{2}[ÉÓÚÝÞÐ]|[a-zß-ÿ][ÀÂÃÈÊËÌÎÏÒÔÕÙÛ]",
        r"\b(?:[a-zß-ÿ]{2,}[ÉÓÚÝÞÐ]|[a-zß-ÿ]+[ÀÂÃÈÊËÌÎÏÒÔÕÙÛ])(?:[a-zß-ÿ]+|\b)",
        2,
    ),
    (r"\?{3}[ .,:]{1,2}\?{2}", r"\?{2,}(?=[ .,:;-]{1,3}\?{2})", 3),
    (r"\?{12}", r"\?{12,}", 1),
)
# Letters of Western Europe that Windows-1252 puts in the place of a language's own, words that show
# the language, and its own letters, of which a misread text has none.
_NEIGHBOURS = (
    ("[õû]", " (?:hogy|egy|volt|meg) ", "[őű]"),
    ("[ìøù]", " (?:že|jsou|podle|proti) ", "[ěřů]"),
    ("[þº]", " (?:pentru|este|sunt|care) ", "[ășțşţ]"),
    ("[æèð]", " (?:koji|kako|samo|nakon) ", "[čćđ]"),
    ("[þðëø]", " (?:kad|kaip|apie|buvo) ", "[ąčęėįšųūž]"),
    ("[ýþð]", " (?:bir|için|ile|olarak) ", "[ığş]"),
)
_FEWEST_NEIGHBOURS = 3
# A letter that some step wrote as a question mark, which careless punctuation resembles.
_LOST_LETTER = re.compile(
    r"(?<![\w/.=&?@#-])[^\W\d_]+\?(?=[a-zß-ÿğışćęłńśźžčřěů])[^\W\d_]+(?:\?[^\W\d_]*)*(?![\w/=&])"
)
_FEWEST_LOST_LETTERS = 2
_SUSPECT = "|".join(
    (
        r"[\x{80}-\x{9F}\x{FFFD}]",
        rf"[ÂÃâÐÑØÙÄÅÆÇÎÏËÈÉ][{_TRAILERS}]",
        r"[ãäåæçèéïð][\x{A1}-\x{AA}\x{AC}-\x{BA}\x{BC}-\x{BF}€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ]",
        r"[√‚][©®°ÄÅÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü]",
        r"[\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{FF}]{5}",
        rf"(?:[РС][\x{{402}}-\x{{40F}}\x{{451}}-\x{{45F}}{_TRAILERS}№]){{3}}",
        *_STRAY,
        r"\p{L}\?\p{Ll}",
        *(screen for screen, _, _ in _REPEATED),
    )
)
_BODY = "body/letters"
_STRAY_LETTERS = re.compile("|".join(_STRAY))
_REPEATED_LETTERS = tuple((re.compile(pattern), least) for _, pattern, least in _REPEATED)
# A control character of Windows-1252 read as Latin-1, or what a decoder put for a lost byte.
_LOST = re.compile("[\x80-\x9f\ufffd]+")
# No language writes five letters with accents in a row; Cyrillic or Greek read as Latin-1 does.
_RUN = re.compile("[À-ÖØ-öø-ÿ]{5,}")
_CYRILLIC_RUN = re.compile("(?:[РС][Ђ-Џё-џ\xa0-¿€-™№]){3,}")
# "AMANHÃ”" is Portuguese in capitals, with a closing quotation mark.
_CAPITALS = re.compile("[A-ZÀ-Ý]{2}[ÃÂ][”’»]")
_SUGGESTED = 120


@check
class Mojibake(RecordCheck):
    """Forbids text that shows a wrong decoding: one finding a field, with the text put right.

    The judge is ftfy's measure of badness, a table of sequences that hardly occur in any language,
    plus replacement characters, control characters, runs of accented letters, and letters of one
    alphabet amid those of another. Question marks inside words alone are a warning.

    Args:
        look_in: Canonical text fields, and `authors`.
    """

    key: ClassVar[str] = "mojibake"

    look_in: tuple[str, ...]

    def fields(self) -> frozenset[str]:
        """Return the field that is searched; of several, none is indispensable."""
        return frozenset(self.look_in) if len(self.look_in) == 1 else frozenset()

    def clues(self) -> dict[str, tuple[str, ...]]:
        """Return what misread bodies hold; other fields are too short to share a pass."""
        return {_BODY: (_SUSPECT,)} if "body" in self.look_in else {}

    def screen(self, context: Context) -> pl.Expr:
        """Return true where a suspicious pair of characters occurs."""
        suspects = [_text(name).str.contains(_SUSPECT) for name in self.look_in if name != "body"]
        if "body" in self.look_in:
            suspects.append(found_in(pl.col(clued(_BODY)), _SUSPECT))
            suspects.append(pl.col("body").map_batches(_may_neighbour, pl.Boolean()))
        return reduce(or_, suspects)

    def locate(self, row: Row) -> Iterator[Hit]:
        """Yield the first misread word of each field and the number of them."""
        for name in self.look_in:
            if name == "authors":
                for author in row["authors"] or ():
                    yield from _hits(name, author or "", offsets=False)
            else:
                yield from _hits(name, row.text(name), offsets=True)


def _may_neighbour(texts: pl.Series) -> pl.Series:
    """Return whether texts hold letters of Western Europe and words of another language."""
    languages = "|".join(words for _, words, _ in _NEIGHBOURS)
    places = texts.str.contains(languages).arg_true()
    held = texts.gather(places)
    found = (
        held.str.contains(letters) & held.str.contains(words) for letters, words, _ in _NEIGHBOURS
    )
    return pl.int_range(len(texts), eager=True).is_in(places.filter(reduce(or_, found)).implode())


def _text(name: str) -> pl.Expr:
    column = pl.col(name)
    return column.list.join("\n", ignore_nulls=True) if name == "authors" else column


def _hits(name: str, text: str, *, offsets: bool) -> Iterator[Hit]:
    spans, severity = misread_spans(text), None
    if not spans:
        spans, severity = _lost_letters(text), "warning"
    if not spans:
        return
    start, end = spans[0]
    wrong = text[start:end][:_SUGGESTED]
    evidence: dict[str, object] = {"count": len(spans)}
    suggestion = _repaired(wrong)
    if suggestion != wrong:
        evidence["suggestion"] = suggestion
    values = {"field": name, "match": wrong}
    place = (start, end) if offsets else (None, None)
    yield Hit(name, place[0], place[1], values=values, evidence=evidence, severity=severity)


def misread_spans(text: str) -> list[Span]:
    """Return the words of a text that were decoded with the wrong encoding."""
    from ftfy.badness import BADNESS_RE

    once = (_LOST, _CYRILLIC_RUN, _STRAY_LETTERS)
    spans = [m.span() for pattern in once for m in pattern.finditer(text)]
    for pattern, least in _REPEATED_LETTERS:
        found = [m.span() for m in pattern.finditer(text)]
        spans += found if len(found) >= least else []
    for letters, words, own in _NEIGHBOURS:
        if re.search(words, text) and not re.search(own, text):
            found = [m.span() for m in re.finditer(letters, text)]
            spans += found if len(found) >= _FEWEST_NEIGHBOURS else []
    spans += [m.span() for m in _RUN.finditer(text) if len(set(m[0].casefold())) >= 3]
    spans += [
        match.span()
        for match in BADNESS_RE.finditer(text)
        if not _CAPITALS.search(text, max(0, match.start() - 2), match.end())
    ]
    return joined_spans(_word_around(text, span) for span in spans)


def _lost_letters(text: str) -> list[Span]:
    found = [match.span() for match in _LOST_LETTER.finditer(text)]
    return found if len(found) >= _FEWEST_LOST_LETTERS else []


def _word_around(text: str, span: Span) -> Span:
    """Return the word that holds a span, at most 40 characters longer on either side."""
    start, end = span
    while start > max(0, span[0] - 40) and not text[start - 1].isspace():
        start -= 1
    while end < min(len(text), span[1] + 40) and not text[end].isspace():
        end += 1
    return start, end


def _repaired(text: str) -> str:
    from ftfy import fix_encoding

    return str(fix_encoding(text))
