"""The shipped catalogue: every rule is documented, proven by its examples, and well named."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from newsqa.catalogue import load_catalogue
from newsqa.checks import CHECKS
from newsqa.plan import build_check
from newsqa.rule import Rule
from newsqa.selftest import try_examples

RULES = load_catalogue().rules
FAMILIES = {
    "INP": "unreadable-file unreadable-record wrong-encoding unknown-fields",
    "IDN": "missing-url malformed-url missing-source url-of-other-site",
    "HED": "missing-title title-suffix title-cut title-shouting title-equals-body",
    "BOD": "missing-body short-body truncated-body repeated-paragraph glued-words title-in-body",
    "LEK": "template-leak shortcode-leak script-in-text markup-in-text entity-in-text "
    "escape-in-text serialised-object null-as-text i18n-key placeholder-text mojibake",
    "PAG": "bot-wall geo-wall consent-wall login-wall paywall-stub error-page listing-page "
    "page-dump",
    "BLD": "site-line related-block inline-teaser newsletter-block share-widget caption-credit "
    "comment-block byline-in-body doubled-line",
    "DAT": "missing-published unreadable-published published-in-future published-implausible "
    "day-month-swapped dateline-mismatch url-date-mismatch weekday-mismatch "
    "modified-before-published crawled-before-published",
    "TSR": "stale-teaser fresh-teaser mismatched-teaser doubled-teaser self-teaser",
    "AUT": "author-junk author-is-date author-is-url author-is-source",
    "LNG": "language-mismatch unknown-language",
    "DUP": "same-url same-body near-same-body same-title",
    "SRC": "crawl-time-as-published one-stamp-many-stories days-never-above-12 "
    "dates-do-not-follow-text field-coverage-drop source-silent volume-drop",
}
CURE = re.compile(r"^(avoid|do-not|no|uses?|prefer|consider|rewrite|check)-|-used$")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@each_rule
def test_a_rule_is_documented(rule: Rule) -> None:
    where = f"{rule.origin}: {rule.code}"
    assert re.fullmatch(r"[A-Z`].*\.", rule.summary), f"{where}: summary is one sentence"
    assert len(rule.rationale) >= 60, f"{where}: say why the fault matters"
    assert len(rule.fix) >= 20, f"{where}: say what to do about it"
    assert not CURE.search(rule.name), f"{where}: name the fault, not the cure"


@each_rule
def test_a_rule_has_examples(rule: Rule) -> None:
    assert len(rule.good) >= 2, f"{rule.origin}: {rule.code} needs two good examples"
    assert len(rule.bad) >= 2, f"{rule.origin}: {rule.code} needs two bad examples"


@each_rule
def test_the_examples_hold(rule: Rule) -> None:
    failed = [trial for trial in try_examples([rule]) if not trial.ok]
    assert not failed


@each_rule
def test_a_message_names_only_what_findings_have(rule: Rule) -> None:
    for trial in try_examples([rule]):
        if trial.kind == "bad":
            for message in trial.messages:
                assert not re.search(r"(?<![{\w])\{[a-z_]+\}", message) or "{" in str(
                    rule.bad[trial.number]
                )


def test_codes_are_sorted_within_a_family() -> None:
    for one, other in pairwise(RULES):
        if one.family.code == other.family.code:
            assert one.code < other.code


def test_every_check_is_used() -> None:
    assert {rule.check for rule in RULES} == set(CHECKS)


def test_every_rule_can_be_built() -> None:
    assert all(build_check(rule).key == rule.check for rule in RULES)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_public_names_exist_in_order(family: str) -> None:
    names = [rule.name for rule in RULES if rule.family.code == family]
    public = FAMILIES[family].split()
    assert [name for name in names if name in public] == public
