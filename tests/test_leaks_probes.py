"""Leaks and walls that no rule file shows as an example, and prose that only looks like them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.engine import check_batch
from newsqa.plan import Plan, build_plan
from newsqa.readers import Batch, records_from_rows

PROSE = "The council met on Monday and spoke about the new bridge over the river for an hour."

# Invented leaks of many engines, systems and languages, and prose that resembles them.
PROBES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "leak_probes.jsonl")
    .read_text("utf-8")
    .splitlines()
]
READ_WRONGLY = [
    ("utf-8", "cp1252", "Die Brücke bleibt für Bürger gesperrt, sagt der Bürgermeister später."),
    ("utf-8", "latin-1", "Câmara fecha a ponte antiga até março, e a cidade não tem opção."),
    ("utf-8", "cp1250", "Le vieux pont a été fermé, et l’accès reste interdit à l’été."),
    ("utf-8", "cp1251", "Die Brücke bleibt für Bürger gesperrt, sagt der Bürgermeister später."),
    ("utf-8", "cp1253", "Die Brücke bleibt für Bürger gesperrt, sagt der Bürgermeister später."),
    ("utf-8", "cp1254", "Eski köprü bir yıl kapalı kalacak, bunun için çalışma başladı."),
    ("utf-8", "cp1256", "قرر مجلس المدينة إغلاق الجسر القديم لأعمال الصيانة"),
    ("utf-8", "mac-roman", "Le vieux pont a été fermé, et l’accès reste interdit à l’été."),
    ("utf-8", "cp850", "Die Brücke bleibt für Bürger gesperrt, sagt der Bürgermeister später."),
    ("utf-8", "cp866", "Городской совет решил закрыть старый мост на ремонт"),
    ("utf-8", "koi8-r", "Городской совет решил закрыть старый мост на ремонт"),
    ("utf-8", "gbk", "Le vieux pont a été fermé, et l’accès reste interdit à l’été."),
    ("utf-8", "shift-jis", "Le vieux pont a été fermé, et la mairie a cédé."),
    ("utf-8", "euc-kr", "Die Brücke bleibt für Bürger gesperrt, sagt der Bürgermeister später."),
    ("cp1251", "latin-1", "Городской совет решил закрыть старый мост на ремонт"),
    ("cp1251", "koi8-r", "Городской совет. Решение. Жители Восточного берега. Паром."),
    ("koi8-r", "cp1251", "Городской совет. Решение. Жители Восточного берега. Паром."),
    ("cp1253", "latin-1", "Το δημοτικό συμβούλιο αποφάσισε να κλείσει τη γέφυρα"),
    ("gbk", "latin-1", "市议会决定关闭旧桥进行维修"),
    ("shift-jis", "cp1252", "市議会は火曜日、橋を閉鎖する。"),
    ("cp1252", "mac-roman", "Le vieux pont a été fermé, et la mairie a cédé à ses élus."),
    ("mac-roman", "cp1252", "Die Brücke für Bürger bleibt bis Jänner zu, früher als gedacht."),
    ("cp1252", "cp850", "Le maire a décidé; la télé a annoncé une journée sans école."),
    ("latin-1", "cp1251", "Die Brücke für Bürger bleibt zu."),
    ("cp1252", "cp1253", "Die Brücke für Bürger bleibt zu."),
    ("cp1250", "cp1252", "Rada miasta zdecydowała o zamknięciu mostu; było wiele głosów."),
    ("cp1250", "cp1252", "Starý most bude uzavřen kvůli opravě, řekla, že příští týden."),
    ("cp1254", "latin-1", "Salı günü köprünün onarımı için bir karar alındı, ışıklar açık."),
    ("cp1252", "utf-8", "Le vieux pont a été fermé."),
    ("ascii", "ascii", "Die Brücke bleibt für Bürger gesperrt."),
    ("ascii", "ascii", "Городской совет решил закрыть старый мост на ремонт."),
]


@pytest.fixture(scope="module")
def plan() -> Plan:
    rules = load_catalogue().select(["LEK", "PAG"])
    return build_plan(rules, Context(now=datetime(2026, 1, 1, tzinfo=UTC)))


def names(plan: Plan, **record: object) -> set[str]:
    frame = records_from_rows([record])
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    assert partial.crashed == {}
    return {name for found in partial.findings for name in found["name"]}


@pytest.mark.parametrize(
    ("expected", "leak"),
    [
        ("template-leak", "{{ article.headline | upper }}"),
        ("template-leak", "{{{body}}}"),
        ("template-leak", "{{#each items}}"),
        ("template-leak", "{{> partials/header}}"),
        ("template-leak", "{{ .Params.author }}"),
        ("template-leak", "{%- for tag in tags -%}"),
        ("template-leak", "{# TODO byline #}"),
        ("template-leak", "<%= @article.title %>"),
        ("template-leak", '<%@ page contentType="text/html" %>'),
        ("template-leak", "<?php the_title(); ?>"),
        ("template-leak", "<?= $title ?>"),
        ("template-leak", "${article.author.name}"),
        ("template-leak", "$!{story.lead}"),
        ("template-leak", "#{msg.read_more}"),
        ("template-leak", "<#if article.author??>"),
        ("template-leak", '<@macro name="x"/>'),
        ("template-leak", "#foreach($item in $items)"),
        ("template-leak", "{foreach from=$items item=i}"),
        ("template-leak", "{$smarty.now|date_format}"),
        ("template-leak", "{!! $post->title !!}"),
        ("template-leak", "@if($user) Hello @endif"),
        ("template-leak", "@foreach ($posts as $post)"),
        ("template-leak", "@Html.Raw(Model.Lead)"),
        ("template-leak", '@ViewBag.Title?.ToUpper() ?? ""'),
        ("template-leak", "Contoso.Cms.Pages.Story?.Author?.FullName"),
        ("template-leak", "story?.getAuthor()?.getName()"),
        ("template-leak", "Portal.Items.Current.Heading.Trim()"),
        ("template-leak", "{@html post.content}"),
        ("template-leak", "{#if visible}"),
        ("template-leak", 'v-if="article.premium"'),
        ("template-leak", 'th:text="${title}"'),
        ("template-leak", "%%sitename%%"),
        ("template-leak", "%%excerpt%% %%page%%"),
        ("template-leak", "*|LIST:COMPANY|*"),
        ("template-leak", "%FIRST_NAME%"),
        ("template-leak", "###HEADLINE###"),
        ("template-leak", "[[+pagetitle]]"),
        ("template-leak", "[node:field-author]"),
        ("template-leak", "__ARTICLE_TITLE__"),
        ("template-leak", "{count, plural, one {# comment} other {# comments}}"),
        ("template-leak", "%1$s wrote"),
        ("template-leak", "%(count)d comments"),
        ("template-leak", "{authorName}"),
        ("template-leak", "{read_time}"),
        ("template-leak", '<xsl:value-of select="title"/>'),
        ("template-leak", '<c:out value="x"/>'),
        ("template-leak", '@(Model.Author ?? "Staff")'),
        ("template-leak", '@await Html.PartialAsync("Related", Model)'),
        ("template-leak", "@* byline *@"),
        ("template-leak", 'Story.Author?.FullName ?? "Staff"'),
        ("template-leak", '${.now?string("yyyy")}'),
        ("template-leak", "[=story.title]"),
        ("template-leak", '<%include file="foot.mako"/>'),
        ("template-leak", "{!Contact.Name}"),
        ("template-leak", "{0:dd MMM yyyy}"),
        ("template-leak", "[AUTHOR_NAME]"),
        ("template-leak", '#DateFormat(Now(), "dd.mm.yyyy")#'),
        ("template-leak", ':href="story.url"'),
        ("shortcode-leak", "{rsform 3}"),
        ("shortcode-leak", "[newsletter_form]"),
        ("shortcode-leak", "<link t3://page?uid=12>"),
        ("markup-in-text", '<!--#include virtual="/inc/foot.html" -->'),
        ("serialised-object", "Liquid error: internal"),
        ("serialised-object", "Newtonsoft.Json.Linq.JObject"),
        ("serialised-object", "<QuerySet [<Tag: news>]>"),
        ("shortcode-leak", "[su_note note_color=#fff]"),
        ("shortcode-leak", "[elementor-template id=”231″]"),
        ("shortcode-leak", '[gallery link="file" ids="1,2"]'),
        ("shortcode-leak", "[/et_pb_text]"),
        ("shortcode-leak", "[img]https://e.example/a.jpg[/img]"),
        ("shortcode-leak", "[quote=anna]"),
        ("shortcode-leak", '[[{"fid":"12","view_mode":"default"}]]'),
        ("shortcode-leak", "[contact-form-7 id=12]"),
        ("script-in-text", "window.dataLayer = window.dataLayer || [];"),
        ("script-in-text", "gtag('config', 'G-XYZ');"),
        ("script-in-text", "$(document).ready(function(){"),
        ("script-in-text", "!function(f,b,e,v){if(f.fbq)return;}(window,document)"),
        ("script-in-text", '{"props":{"pageProps":{}},"page":"/"}'),
        ("script-in-text", "document.querySelector('.ad').remove();"),
        ("script-in-text", "data:image/gif;base64,R0lGODlhAQABAAAAACw="),
        ("style-in-text", ".byline { margin-top: 4px; }"),
        ("style-in-text", "@media (min-width: 40em) {"),
        ("markup-in-text", "<strong>No</strong>"),
        ("markup-in-text", '<img src="https://e.example/a.png">'),
        ("markup-in-text", "<!-- /wp:paragraph -->"),
        ("markup-in-text", "<figcaption class='c'>"),
        ("entity-in-text", "It&#x2019;s over"),
        ("entity-in-text", "caf&eacute;"),
        ("entity-in-text", "5 &gt; 3"),
        ("entity-in-text", "R&amp;amp;D"),
        ("escape-in-text", "it\\u2019s"),
        ("escape-in-text", "said:\\nThe"),
        ("escape-in-text", "https:\\/\\/e.example"),
        ("serialised-object", "<bound method Story.title of X>"),
        ("serialised-object", "datetime.datetime(2024, 5, 1, 0, 0)"),
        ("serialised-object", "{'@type': 'Person', 'name': 'Ann'}"),
        ("serialised-object", "com.e.cms.Author@1b2c3d4e"),
        ("i18n-key", "\n\nlabels.article.read_more\n\n"),
        ("i18n-key", "\n\nARTICLE_SHARE_LABEL\n\n"),
        ("hidden-email", "[email protected]"),
        ("mojibake", "itâ€™s â€œfineâ€\x9d"),
        ("mojibake", "SÃ£o Paulo Ã© grande"),
        ("mojibake", "Ð¡Ð¾Ð²ÐµÑ‚ Ð³Ð¾Ñ€Ð¾Ð´Ð°"),
        ("null-in-line", "\n\nBy null\n\n"),
        ("placeholder-text", "Lorem Ipsum dolor"),
    ],
)
def test_a_leak_in_prose_is_found(plan: Plan, expected: str, leak: str) -> None:
    assert expected in names(plan, title="New bridge", body=f"{PROSE} {leak} {PROSE}")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("bot-wall", "Checking if the site connection is secure. e.example needs to review it."),
        ("bot-wall", "Access to this page has been denied because we believe you are a bot."),
        ("bot-wall", "Request unsuccessful. Incapsula incident ID: 443000-1"),
        ("bot-wall", "Por favor, confirme que você não é um robô."),
        ("bot-wall", "Ga verder nadat u heeft bevestigd dat u geen robot bent."),
        ("geo-wall", "Sorry, this content is not available in your region."),
        ("geo-wall", "Este contenido no está disponible en tu país."),
        ("consent-wall", "We value your privacy. Accept all cookies or manage your choices."),
        ("consent-wall", "Deze website gebruikt cookies om uw ervaring te verbeteren."),
        ("login-wall", "You need to be logged in to view this page."),
        ("login-wall", "Для просмотра необходимо войти в аккаунт."),
        ("paywall-stub", f"{PROSE}\n\nThis article is for subscribers only."),
        ("paywall-stub", "Le conseil s'est réuni. Article réservé aux abonnés."),
        ("error-page", "Sorry, this page isn't available. The link may be broken."),
        ("error-page", "503 Service Unavailable"),
        ("error-page", "Deze pagina bestaat niet meer."),
        ("appeal-only", "Steun onze journalistiek met een gift."),
        ("bot-wall", "Potwierdź, że nie jesteś robotem."),
        ("bot-wall", "The request could not be satisfied. Request blocked."),
        ("geo-wall", "Dieser Inhalt ist in Ihrem Land leider nicht verfügbar."),
        ("geo-wall", "Our site is not available to readers in the European Union."),
        ("consent-wall", "Szanujemy Twoją prywatność. My i nasi partnerzy"),
        ("paywall-stub", f"{PROSE}\n\nBu içerik abonelere özeldir"),
        ("error-page", "Whitelabel Error Page"),
    ],
)
def test_a_wall_is_found(plan: Plan, expected: str, text: str) -> None:
    assert expected in names(plan, title="New bridge", body=text)


@pytest.mark.parametrize(
    "text",
    [
        "Shares of $TSLA and $BRK.B rose 5% to $1,200; AT&T, R&D and S&P 500 fell (see chart).",
        "“It was [sic] {laughs} great,” he wrote on Twitter/X: @ann_lee #news :-) <3 ¯\\_(ツ)_/¯",
        "The file C:\\temp\\new_report.docx and the share \\\\server\\news were deleted.",
        "Let x = 5 and f(x) = x^2; then {x | x > 0} is open, and a_{i,j} <= b_{i}.",
        "Score: City 2-1 United (Lee 12', Ode 45+2'); Table: 1. City 9 | 2. United 6 | 3. Rovers 3",
        "Visit www.e.example, e.example/a_b?c=d&e=f#g or write to press@e.example.",
        "The outcome is undefined. None of the Null family, N/A said, was there. NaN is a label.",
        "A função é {sim|não}; AÇÃO, NÃO, MÃE, IRMÃ, AMANHÃ e MANHÃ são palavras.",
        "She cooked for 10 min. and then ... well; “wait” — [Update 3 p.m.]: (more at 5).",
        "Readers may log in or subscribe to our newsletter after they accept cookies, he joked.",
        "The robot said “just a moment”, and the page was not found in the old book.",
        "Er zahlte 5,- € & 20 % mehr; das Verhältnis 3:2 blieb, §5 Abs. 2 auch (vgl. S. 3 ff.).",
        "Il a dit « non »… puis « oui » ; l'œuvre coûte 5 € / m² – voir p. 12.",
        "قال الوزير: «لا» في 12/05/2024، وارتفعت الأسعار 5% إلى 100$.",
        "В 2024 г. цены выросли на 5 % (до 100 ₽/м²); «нет», — сказал мэр.",
        "Bakan “hayır” dedi; fiyatlar %5 arttı, İstanbul'da 100 TL/m² oldu. Şöför & çırak.",
        "Roses are red,\nViolets are blue,\n*  *  *\nSugar is sweet,\nAnd so are you.",
        "The virus's JavaScript ran in a browser window. Documents show a transfer window.",
    ],
)
def test_prose_is_left_alone(plan: Plan, text: str) -> None:
    assert names(plan, title="New bridge", body=f"{PROSE}\n\n{text}\n\n{PROSE}") == set()


def test_the_span_of_a_member_chain_is_the_expression_alone(plan: Plan) -> None:
    chain = "Northwind.Web.Models.Story?.Parent?.ToLowerInvariant()"
    frame = records_from_rows([{"body": f"{PROSE}\n\n{chain} {PROSE}"}])
    found = check_batch(Batch(frame, (), 1, 0), plan).findings[0].to_dicts()[0]
    assert frame["body"][0][found["start"] : found["end"]] == chain


def test_an_address_does_not_make_an_article_one_about_code(plan: Plan) -> None:
    body = f"See https://e.example/html/python.html for more. {{{{ title }}}}\n\n{PROSE}"
    assert names(plan, title="New bridge", body=body) == {"template-leak"}


def test_an_article_about_code_may_show_some(plan: Plan) -> None:
    body = f"In the template of a story the programmer writes:\n\n{{{{ title }}}}\n\n{PROSE}"
    assert names(plan, title="New bridge", body=body) == set()


def placed(place: str, text: str) -> dict[str, object]:
    record: dict[str, object] = {"title": "Council closes bridge", "body": f"{PROSE}\n\n{PROSE}"}
    match place:
        case "line":
            record["body"] = f"{PROSE}\n\n{text}\n\n{PROSE}"
        case "inline":
            record["body"] = f"{PROSE}\n\nThe mayor spoke {text} after the vote.\n\n{PROSE}"
        case "authors":
            record["authors"] = [text]
        case _:
            record[place] = text
    return record


def names_of_all(plan: Plan, records: list[dict[str, object]]) -> list[set[str]]:
    frame = records_from_rows([record | {"id": str(n)} for n, record in enumerate(records)])
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    assert partial.crashed == {}
    found: list[set[str]] = [set() for _ in records]
    for findings in partial.findings:
        for number, rule, name in findings.select("id", "rule", "name").iter_rows():
            if rule.startswith("LEK"):
                found[int(number)].add(name)
    return found


def test_each_probe_is_told_by_its_rule_and_prose_by_none(plan: Plan) -> None:
    found = names_of_all(plan, [placed(probe["place"], probe["text"]) for probe in PROBES])
    wrong = [
        (probe, names)
        for probe, names in zip(PROBES, found, strict=True)
        if (probe["expect"] not in names if probe["expect"] else names)
    ]
    assert wrong == []


def test_a_text_read_with_the_wrong_code_page_is_found(plan: Plan) -> None:
    texts = [
        text.encode(written, "replace").decode(read, "replace")
        for written, read, text in READ_WRONGLY
    ]
    found = names_of_all(plan, [placed("line", text) for text in texts])
    assert [text for text, names in zip(texts, found, strict=True) if "mojibake" not in names] == []


def test_a_match_inside_a_wider_one_is_the_same_fault(plan: Plan) -> None:
    tag = '<span data-mce-type="bookmark" style="display: inline-block; width: 0px;">'
    assert names(plan, title="New bridge", body=f"{PROSE}\n\n{tag}\n\n{PROSE}") == {
        "markup-in-text"
    }
    script = "document.write('<img src=\"https://e.example/{{id}}.gif\">');"
    body = f"{PROSE}\n\n{script}\n\n{PROSE}"
    assert names(plan, title="New bridge", body=body) == {"script-in-text"}
