"""Text that is about code, and so shows some on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsqa.text.spans import text_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.text.spans import Span

CODE_CHARACTERS = (
    r"[{}<>\\|\[\]=_`~]"
    r"|\?\.[A-Za-z]|\([)\"'‘’“#]|\(function|%[%A-Za-z(0-9]|##|@@|&[A-Za-z#]|#0?39;|#82|\*ng"
    r"|\$[$a-z!(]|@[A-Za-z]+[.(]|@(?:end|using|model|inject|namespace|media|font|keyframes|import|await|\(|\*)"
    r"|#[a-z.]+[(#]|(?:nbsp|rsquo|ldquo|rdquo|hellip|mdash|ndash);|!important|(?:px|em|pt|vh|vw|%);"
    r"|[a-z]\([0-9]|[A-Za-z]@[0-9a-f]{6}|i18n|\.push|\.\$t|document\.|window\."
    r"|(?:Error|Exception|error|Warning|Notice): |[ai]:[0-9]|\?\?|!\{|(?:^|\n)[ \t]*% ?[efiw]"
    r"|\.(?:Models|ViewModels|Entities|Linq|Extensions)\.|stdClass|Traceback \(|SQL syntax"
    r"|ORA-[0-9]"
    r"|Liquid (?:syntax )?error|java\.(?:util|lang)|Newtonsoft\.|TemplateSyntaxError|t3://"
)
"""Matches in text that may hold code: characters and pairs that prose seldom has.

One article in ten to twenty matches, nearly all by an editor's brackets.
"""

_REACH = 400
_TERMS_OF_AN_ARTICLE = 3

_ASCII_TERMS = (
    "javascript typescript node.js python php html5? css3? jinja2? django handlebars "
    "angular(?:js)? vue.js react.js reactjs svelte asp.net wikitext markdown latex github "
    "regex syntax compilers? programming programmers? snippets? placeholders? "
    "backslash(?:es)? templates? templating shortcodes? codebase pseudocode quellcode "
    "quelltext programmiersprachen? platzhalter segnaposto broncode programmeertaal sjabloon "
    "programlama"
)
_ASCII_PHRASES = (
    "stack overflow,visual studio,command line,developer tools,web developer,web development,"
    "escape sequences?,merge (?:tags?|fields?),source code,lines? of code,"
    "curly br(?:aces|ackets?),double br(?:aces|ackets),code source,langages? de programmation,"
    ""
    "linguaggi(?:o)? di programmazione,codice sorgente,kaynak kod(?:u|lar)?"
)
_OTHER_TERMS = (
    r"código[ -]fuente|código[ -]fonte|programación|linguage(?:m|ns) de programação"
    r"|marcador de posición|şablon|yer tutucu|sözdizimi|C#|C\+\+|\.NET"
    "|программировани|[Ии]сходн(?:ый|ого|ом) код"
    "|[Кк]од программы|[Пп]лейсхолдер|[Сс]интаксис"
    "|لغة برمجة|لغات البرمجة|الشفرة المصدرية|الكود"
)


def _terms_pattern() -> str:
    words = [word.replace(".j", r"\.j").replace("p.n", r"p\.n") for word in _ASCII_TERMS.split()]
    return rf"(?i-u:\b(?:{'|'.join(words + _ASCII_PHRASES.split(','))})\b)|{_OTHER_TERMS}"


_ADDRESS = r"(?:https?://|www\.)[^\s<>\"”]+|[^\s<>\"”/]*/[^\s<>\"”]*\.html?\b"
_TERMS = f"{_ADDRESS}|{_terms_pattern()}"


def leaked_spans(text: str, title: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans that the text does not show on purpose.

    It shows them all when it uses three different words of programming outside them, and one of
    them when the title, the rest of its line or the line before uses one.

    Args:
        text: The value that holds the spans.
        title: The headline, or the empty string.
        spans: Spans that look like code, ascending; what stands in them says nothing.
    """
    if len(_terms(_without(text, spans, 0, len(text)))) >= _TERMS_OF_AN_ARTICLE or _terms(title):
        return []
    return [s for s in spans if not _terms(_without(text, spans, *_neighbourhood(text, s)))]


def _neighbourhood(text: str, span: Span) -> Span:
    """Return the place of a span's line and the line before, at most 400 characters each way."""
    left, right = max(0, span[0] - _REACH), min(len(text), span[1] + _REACH)
    line = text.rfind("\n", left, span[0]) + 1 or left
    before = text[left:line].rstrip()
    start = left + before.rfind("\n") + 1 if before else line
    end = text.find("\n", span[1], right)
    return start, (right if end < 0 else end)


def _without(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    kept, at = [], start
    for a, b in spans:
        if a < end and at < b:
            kept.append(text[at : max(at, a)])
            at = b
    kept.append(text[at:end])
    return " ".join(kept)


def _terms(text: str) -> set[str]:
    found = {text[a:b].casefold() for a, b in text_spans(text, _TERMS)}
    return {term for term in found if "/" not in term and not term.startswith("www.")}
