"""Furniture in many languages and shapes, and sentences that only sound like it."""

from __future__ import annotations

import pytest

from newsqa.pages import segment

ARTICLE = (
    "The council of Harrow Bay voted on Tuesday to close the pool on Quay Street for two years.",
    "Engineers found in March that four of the eleven steel girders had rusted through.",
    "Swimmers outside the town hall said they feared that the pool would never open again.",
)
HEADLINES = ("Storm tears roof off fish market", "Mayor promises new bus line by spring")


def kinds_of(*lines: str, at: int) -> set[str]:
    """Kinds of some lines that stand in the article behind so many of its paragraphs."""
    body = [*ARTICLE[:at], *lines, *ARTICLE[at:]]
    return set(segment("\n\n".join(body)).kinds[at : at + len(lines)])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[Read more: Storm tears roof off fish market]", "inline"),
        ("→ Storm tears roof off fish market", "inline"),
        (">> Storm tears roof off fish market", "inline"),
        ("Seguir leyendo", "inline"),
        ("【関連】暴風で魚市場の屋根が飛ぶ", "inline"),
        ("Xem thêm: Bão cuốn mái chợ cá", "inline"),
        ("Uygulamamızı indirin", "newsletter"),
        ("Jetzt 4 Wochen gratis testen", "newsletter"),
        ("Bitte melden Sie sich an, um zu kommentieren.", "comments"),
        ("Facebook Twitter Pinterest Reddit", "share"),
        ("Article continues after this advertisement", "inline"),
        ("פרסומת", "advert"),
        ("Terms of Use | Privacy Policy | Cookie Policy", "legal"),
        ("Swimmers outside the town hall on Tuesday. Reuters/Tom Reed", "caption"),
        ("您的浏览器不支持视频播放", "player"),
        ("#swimming #council", "tags"),
        ("Hace 2 horas", "stamp"),
    ],
)
def test_line_between_paragraphs_is_known(line: str, kind: str) -> None:
    assert kinds_of(line, at=2) == {kind}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Home > News > Local", "chrome"),
        ("Startseite › Nachrichten › Lokales", "chrome"),
        ("Zum Inhalt springen", "chrome"),
        ("Updated: 4 March 2024, 10:32", "stamp"),
        ("2024年3月4日 10時15分", "stamp"),
        ("von Jana Müller, 04.03.2024, 10:15 Uhr", "byline"),
        ("By Lena Marsh | Rural affairs editor", "byline"),
    ],
)
def test_line_above_the_article_is_known(line: str, kind: str) -> None:
    assert kinds_of(line, at=0) == {kind}


@pytest.mark.parametrize(
    "header", ["RELATED COVERAGE", "Anderen lazen ook", "相关阅读", "Tin liên quan", "כתבות נוספות"]
)
def test_header_needs_stories_below_it(header: str) -> None:
    assert kinds_of(header, *HEADLINES, at=3) == {"related"}
    assert kinds_of(header, at=1) <= {"", "inline"}


@pytest.mark.parametrize(
    "line",
    [
        "Lesen Sie auch das Kleingedruckte, rät die Verbraucherzentrale.",
        "Читайте также классику, говорил отец.",
        "Related: that is the word the court used for the two companies.",
        "“Download our app,” says a bored voice at every bus stop in town.",
        "Leave a comment on the minister's wall, one joked, and you get a letter.",
        "More from the report will be made public in May.",
        "Sponsored by Senator Ann Example, the bill was read for the first time.",
        "Published in 1911, the book is still the best guide to the islands.",
        "Reklam yasağı 2009'da geldi.",
        "広告には静かな部屋と書かれていた。",
        "Susține că primarul minte de ani de zile.",
        "Home",
        "Publicidad engañosa",
    ],
)
def test_sentence_or_subhead_of_the_article_is_none(line: str) -> None:
    assert kinds_of(line, at=1) == {""}


def test_bullets_of_the_article_are_no_links() -> None:
    points = [f"► Point {n} of the plan for the pool" for n in "ABCD"]
    assert kinds_of(*points, at=1) == {""}


def test_times_of_other_stories_make_a_list_of_short_headlines() -> None:
    listing = ("Roof torn off market", "2 hours ago", "Bus line promised by spring", "5 hours ago")
    assert kinds_of(*listing, at=3) == {"headlines"}
    assert kinds_of(listing[0], listing[2], at=3) == {""}


def test_many_labels_take_linear_time() -> None:
    assert len(segment("Read more\nHome\n" * 20_000).kinds) == 40_000


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Want more of this? Join 900 neighbours on our mailing list.", "newsletter"),
        ("Recibe el boletín de la mañana en tu correo", "newsletter"),
        ("Gazetemizin bültenine siz de kaydolun", "newsletter"),
        ("Подпишитесь на наш канал в мессенджере Telegram", "newsletter"),
        ("Wesprzyj nasze dziennikarstwo", "newsletter"),
        ("朝刊のメールマガジンに登録する", "newsletter"),
        ("Suivez notre journal sur Instagram", "share"),
        ("Diesen Text bitte teilen", "share"),
        ("Kirjaudu, jos haluat kommentoida", "comments"),
        ("Чтобы оставить комментарий, войдите", "comments"),
        ("Dieses Video ist in Ihrem Land nicht verfügbar", "player"),
        ("Deze site maakt gebruik van cookies", "legal"),
        ("Přetiskování textu bez souhlasu je zakázáno", "legal"),
        ("Esta noticia está en desarrollo", "stamp"),
        ("Artykuł jest na bieżąco aktualizowany", "stamp"),
        ("Torna alla home", "chrome"),
    ],
)
def test_an_ask_and_its_thing_are_known_in_any_words(line: str, kind: str) -> None:
    assert kinds_of(line, at=2) == {kind}


@pytest.mark.parametrize(
    "line",
    [
        "The ministry urged people to download its flood warning app.",
        "Readers can subscribe to the newsletter of the ministry at the town hall, she said.",
        "“Follow us on Instagram,” the band told the crowd.",
        "The site uses cookies without asking, the regulator found.",
        "The video is no longer available, the police said.",
        "El 60 % de los suscriptores leyó el boletín.",
        "Die Redaktion bat um Unterstützung für den Journalismus auf dem Land.",
        "The council shared the article on Facebook with a rude remark.",
        "Eine Übernahme der Brücke ist verboten, sagt das Gericht.",
        "More trains, fewer lorries",
    ],
)
def test_sentences_about_the_same_things_are_the_article(line: str) -> None:
    assert kinds_of(line, at=2) == {""}


@pytest.mark.parametrize(
    "lines",
    [
        tuple(f"{a} Marsh, Westport/{b} Reed, Harrow Bay" for a, b in ("AB", "CD", "EF", "GH")),
        tuple(
            f"{who} told the council that the girders of the pool had been painted over in spring"
            " and that nobody had looked beneath the paint since"
            for who in ("The engineer", "Her deputy", "A diver", "The caretaker")
        ),
    ],
)
def test_reporters_and_paragraphs_without_stops_are_no_headlines(lines: tuple[str, ...]) -> None:
    assert "headlines" not in kinds_of(*lines, at=3)
