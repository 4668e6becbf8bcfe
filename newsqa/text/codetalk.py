"""Text that is about code, and so shows some on purpose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsqa.text.spans import regex_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsqa.text.spans import Span

CODE_CHARACTERS = (
    r"[{}<>\\|\[\]=_`~]"
    r"|\?\.[A-Za-z]|\([)\"'‘’“#]|\(function|%[%A-Za-z(0-9]|##|@@|&(?:#|[A-Za-z]{2})|#0?39;|#82|\*ng"
    r"|\$[$a-z!(]|@[A-Za-z]+[.(]|@(?:end|using|model|inject|inherits|supports|layer|namespace|media|font|keyframes|import|await|\(|\*)"
    r"|#[A-Za-z.]+[(#]|(?:nbsp|rsquo|ldquo|rdquo|hellip|mdash|ndash);|!important|(?:px|em|pt|vh|vw|%);"
    r"|[a-z]\([0-9]|[A-Za-z]@[0-9a-f]{6}|i18n|\.push|\.\$t|document\.|window\."
    r"|(?:Error|Exception|error|Warning|Notice): |[ai]:[0-9]|\?\?|!\{|(?:^|\n)[ \t]*% ?[efiw]"
    r"|\.(?:Models|ViewModels|Entities|Linq|Extensions)\.|stdClass|Traceback \(|SQL syntax"
    r"|ORA-[0-9]"
    r"|\*\*[^*\s]|(?:^|\n)# |;base64,|iVBORw0K|X-NONE|\(%|#[A-Z]{4,}(?:#|_[A-Z])"
    r"|%u[0-9A-F]{4}|(?:^|\s)[ub][\"']|[\x{AD}\x{200B}\x{2060}\x{FEFF}\x{2028}\x{2029}]"
    r"|[\x{202A}-\x{202E}\x{FFF9}-\x{FFFC}\x{E0001}]"
    r"|u00[c-f][0-9a-f]|u201[89cd]|u0[4-6][0-9a-f]{2}u0|u[4-9a-f][0-9a-f]{3}u[4-9a-f][0-9a-f]{3}"
    r"|[Mm]-?[0-9.]+[ ,]-?[0-9.]+[CcLlHhVv]|\) ?;"
    r"|(?:^|\n)(?:import |List )|mso-|nil:N|[a-z] object \(|Cannot (?:find mod|read prop)"
    r"|\.[A-Z][A-Za-z]+\.[A-Z][a-z]+[A-Z]|[A-Za-z]\+[A-Za-z]+\+|Undefined [a-z]|React error"
    r"|Optional\[|#[a-z]+_[a-z]| Object$"
    r"|System\.[A-Z]|false\s+false|MicrosoftInternet"
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
    "programlama json yaml xml"
)
_ASCII_PHRASES = (
    "stack overflow,visual studio,command line,developer tools,web developer,web development,"
    "escape sequences?,merge (?:tags?|fields?),source code,lines? of code,"
    "curly br(?:aces|ackets?),double br(?:aces|ackets),code source,langages? de programmation,"
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


# Words that other news uses too: they acquit what stands in their own sentence, and nothing else.
_NEAR = (
    r"(?i-u:\b(?:cve-[0-9]+-[0-9]+|vulnerabilit(?:y|ies)|malware|malicious|phishing|fraud|xss|sql|"
    r"injection|payloads?|exploits?|attackers?|hackers?|hacked|researchers?|powershell|java|apache|"
    r"nginx|kubernetes|ansible|\.?htaccess|robots\.txt|terminal|commands?|tutorials?|developers?|"
    r"coders?|chatbots?|chatgpt|apis?|prompts?|excel|spreadsheets?|lecture|curriculum|"
    r"error messages?|user agents?|security (?:firm|flaw|hole|bug)s?|"
    r"functions?|tags?|symbols?|browsers?)\b)"
)
_CODE_BEFORE = frozenset("._/<$=&@\\-")
_CODE_BEHIND = frozenset("=([_;:{")
_QUOTED = re.compile(r"[\"“„«‘'][^\"“”„«»\n]{0,60}\Z")
_UNQUOTED = re.compile(r"[.,;:!?…]?[\"”“»’']")
_WORDS_OF_A_SENTENCE = 5
_WORD = re.compile(r"(?:(?<=\s)|\A)[“\"‘(]?[^\W\d_]{2,}(?:[’'-][^\W\d_]+)?[”\"’).,;:!?]*(?=\s|\Z)")

_ADDRESS = r"(?:https?://|www\.)[^\s<>\"”]+|[^\s<>\"”/]*/[^\s<>\"”]*\.html?(?-u:\b)"
_TERMS = f"{_ADDRESS}|{_terms_pattern()}"


class Suspected(NamedTuple):
    """A text that may show code on purpose.

    Args:
        text: The value that holds the spans.
        title: The headline, or the empty string.
        spans: Spans that look like code, ascending; what stands in them says nothing.
    """

    text: str
    title: str
    spans: Sequence[Span]

    def text_around(self, start: int, end: int) -> str:
        """Return a stretch of the text without what stands in the spans."""
        kept, at = [], start
        for a, b in self.spans:
            if a < end and at < b:
                kept.append(self.text[at : max(at, a)])
                at = b
        kept.append(self.text[at:end])
        return " ".join(kept)


def leaked_spans(suspected: Sequence[Suspected]) -> list[list[Span]]:
    """Return for each text the spans that it does not show on purpose.

    It shows them all when it uses three different words of programming outside them, and one of
    them when the title, the rest of its line or the line before uses one, or when it stands in a
    sentence that quotes it or speaks of attacks, commands or tutorials.
    """
    said = _terms(one.text_around(0, len(one.text)) for one in suspected)
    headed = _terms(one.title for one in suspected)
    doubted = [
        (number, span)
        for number, one in enumerate(suspected)
        if len(said[number]) < _TERMS_OF_AN_ARTICLE and not headed[number]
        for span in one.spans
    ]
    for shown in (_shown_by_terms, _shown_in_a_sentence):
        told = shown([(suspected[number], span) for number, span in doubted])
        doubted = [one for one, is_shown in zip(doubted, told, strict=True) if not is_shown]
    leaked: list[list[Span]] = [[] for _ in suspected]
    for number, span in doubted:
        leaked[number].append(span)
    return leaked


def _shown_by_terms(doubted: Sequence[tuple[Suspected, Span]]) -> list[bool]:
    around = [one.text_around(*_neighbourhood(one.text, span)) for one, span in doubted]
    return [bool(terms) for terms in _terms(around)]


def _shown_in_a_sentence(doubted: Sequence[tuple[Suspected, Span]]) -> list[bool]:
    shown = [False] * len(doubted)
    sentences = [""] * len(doubted)
    for number, (one, span) in enumerate(doubted):
        text = one.text
        start = max(text.rfind("\n", 0, span[0]) + 1, span[0] - _REACH)
        end = text.find("\n", span[1], span[1] + _REACH)
        rest = one.text_around(start, end if end >= 0 else min(len(text), span[1] + _REACH))
        if len(_WORD.findall(rest)) >= _WORDS_OF_A_SENTENCE:
            quoted = _QUOTED.search(text, start, span[0]) and _UNQUOTED.match(text, span[1])
            shown[number] = quoted is not None
            sentences[number] = rest
    near = _terms(sentences, _NEAR)
    return [known or bool(terms) for known, terms in zip(shown, near, strict=True)]


def _neighbourhood(text: str, span: Span) -> Span:
    """Return the place of a span's line and the line before, at most 400 characters each way."""
    left, right = max(0, span[0] - _REACH), min(len(text), span[1] + _REACH)
    line = text.rfind("\n", left, span[0]) + 1 or left
    before = text[left:line].rstrip()
    start = left + before.rfind("\n") + 1 if before else line
    end = text.find("\n", span[1], right)
    return start, (right if end < 0 else end)


def _terms(texts: Iterable[str], pattern: str = _TERMS) -> list[set[str]]:
    """Return the terms that each text uses."""
    held = list(texts)
    found = zip(held, regex_spans(held, pattern), strict=True)
    return [
        {
            term
            for start, end in spans
            if _in_prose(text, start, end)
            and "/" not in (term := text[start:end].casefold())
            and not term.startswith("www.")
        }
        for text, spans in found
    ]


def _in_prose(text: str, start: int, end: int) -> bool:
    """Tell whether a term is a word of a sentence, not a name in a rest of code."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before in _CODE_BEFORE or behind in _CODE_BEHIND:
        # "HTML:" and ".NET-based" are prose; "x.html" and "html(" are not.
        return before == "-" or (behind == ":" and before not in _CODE_BEFORE)
    return True
