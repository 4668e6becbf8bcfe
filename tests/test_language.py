from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newsqa.checks import Context, Hit, Row
from newsqa.checks.language import LanguageMismatch, identify
from newsqa.record import FIELD_NAMES, frame_of, provides_mask

CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC))
ENGLISH = (
    "The council decided on Monday to close the old bridge for the rest of the year. The mayor "
    "said that the repairs would cost more than the town had planned, and that a ferry would "
    "take its place from June. Residents on the other bank have asked for a second crossing."
)
GERMAN = (
    "Der Gemeinderat hat am Montag beschlossen, die alte Brücke für den Rest des Jahres zu "
    "sperren. Die Bürgermeisterin sagte, dass die Arbeiten mehr kosten würden als geplant und "
    "dass ab Juni eine Fähre fahren werde. Die Anwohner fordern einen zweiten Übergang."
)
DANISH = (
    "Byrådet besluttede mandag at lukke den gamle bro resten af året. Borgmesteren sagde, at "
    "arbejdet vil koste mere end planlagt, og at en færge skal sejle fra den første juni. Beboerne "
    "på den anden side af åen har bedt om en ny bro siden oversvømmelsen i foråret."
)
RULE = LanguageMismatch(
    everyday_words={"en": "the of and that with said from", "de": "der die das und dass für"},
    alike=(("nb", "nn", "no", "da"),),
)


def judged(rule: LanguageMismatch = RULE, **fields: Any) -> list[Hit]:
    """What the rule finds in one record, through its screen."""
    place = {"path": "a", "line": 1, "record": 0, "provides": provides_mask(FIELD_NAMES)}
    frame = frame_of([place | fields])
    suspects = frame.filter(frame.select(rule.screen(CONTEXT).fill_null(value=False)).to_series())
    return [
        hit
        for values in suspects.iter_rows(named=True)
        for hit in rule.locate(Row(values, CONTEXT))
    ]


@pytest.mark.parametrize("stated", ["en", "EN", "en-GB", "en_US", "eng", "English", " english "])
def test_right_language_in_any_notation(stated: str) -> None:
    assert not judged(language=stated, body=ENGLISH)


@pytest.mark.parametrize("stated", ["de", "de-AT", "German", "Deutsch", "ger"])
def test_wrong_language_in_any_notation(stated: str) -> None:
    (hit,) = judged(language=stated, body=ENGLISH)
    assert (hit.field, hit.evidence["stated"], hit.evidence["found"]) == ("language", "de", "en")


def test_text_that_the_screen_acquits_is_not_identified() -> None:
    place = {"path": "a", "line": 1, "record": 0, "provides": 0, "language": "en"}
    frame = frame_of([place | {"body": ENGLISH}, place | {"body": GERMAN}])
    assert frame.select(RULE.screen(CONTEXT)).to_series().to_list() == [False, True]


@pytest.mark.parametrize("stated", ["nb", "nn", "no", "Norwegian"])
def test_languages_that_are_alike_are_not_told_apart(stated: str) -> None:
    assert not judged(language=stated, body=DANISH)
    assert judged(language="en", body=DANISH)


@pytest.mark.parametrize("stated", [None, "", "xx", "tlh", "unknown"])
def test_nothing_to_judge_without_a_language_that_is_known(stated: str | None) -> None:
    assert not judged(language=stated, body=GERMAN)


def test_short_texts_are_not_judged() -> None:
    assert not judged(language="en", body=GERMAN[:150])


def test_links_and_digits_are_no_letters() -> None:
    assert not judged(language="en", body="https://zeitung.example/artikel 2024 " * 30)


def test_halves_in_two_languages_are_not_judged() -> None:
    rule = LanguageMismatch(everyday_words={})
    assert not judged(rule, language="fr", body=ENGLISH + "\n\n" + GERMAN)


def test_probabilities_add_up() -> None:
    likely = identify(GERMAN)
    assert sum(likely.values()) == pytest.approx(1)
    assert max(likely, key=likely.__getitem__) == "de"
