"""Rule files: what is accepted, and what the user is told about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsqa.catalogue import load_catalogue
from newsqa.errors import RuleFileError, UsageError
from newsqa.rulefile import parse_rules
from newsqa.selftest import try_examples

RULE = """
family = "ACM"
title = "Acme"
about = "Ours."

[[rule]]
code = "ACM001"
name = "test-article"
summary = "It is a test."
rationale = "Readers believed it."
fix = "Leave it out."
severity = "error"
check = "reading"
message = "test article {title}"
good = [{ title = "x" }]
bad = [{ title = "y" }]
"""


def test_a_rule_is_parsed() -> None:
    (rule,) = parse_rules(RULE, "acme.toml")
    assert (rule.code, rule.name, rule.origin) == ("ACM001", "test-article", "acme.toml:6")
    assert rule.family.title == "Acme"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "ACM001"', 'code = "XYZ001"', "acme.toml:6: XYZ001: a code is the family ACM"),
        ('severity = "error"', 'severity = "fatal"', "severity is one of info, warning, error"),
        ('name = "test-article"', 'name = "Test Article"', "written-like-this"),
        ('fix = "Leave it out."', 'fixx = "Leave it out."', "did you mean `fix`?"),
        ('fix = "Leave it out."', "fix = 3", "`fix` must be text"),
        ("good = [{ title = ", "good = [3, { title = ", "an example in `good`"),
        ("[[rule]]", "[[rules]]", "no key `rules` here; did you mean `rule`?"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_place(old: str, new: str, said: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        parse_rules(RULE.replace(old, new), "acme.toml")
    assert said in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    text = RULE.replace('severity = "error"', 'severity = "fatal"').replace("ACM001", "A1")
    with pytest.raises(RuleFileError) as caught:
        parse_rules(text, "acme.toml")
    assert len(caught.value.fault.splitlines()) == 2


def test_broken_toml_names_file_and_line() -> None:
    with pytest.raises(RuleFileError, match=r"(?s)acme\.toml.*line 3"):
        parse_rules('family = "A"\n\nx = = 3', "acme.toml")


def test_user_rules_join_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(RULE)
    catalogue = load_catalogue([tmp_path])
    assert catalogue.find("test-article").code == "ACM001"
    assert catalogue.find("INP001").name == "unreadable-file"


def test_a_taken_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(RULE.replace("ACM", "INP"))
    with pytest.raises(RuleFileError, match="INP001 is already taken"):
        load_catalogue([tmp_path])


def test_an_empty_folder_of_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="holds no rule file"):
        load_catalogue([tmp_path])


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean unreadable-file"):
        load_catalogue().find("unreadable-fil")


def test_rules_are_selected_by_the_beginning_of_their_code() -> None:
    chosen = load_catalogue().select(["INP"])
    assert {rule.family.code for rule in chosen} == {"INP"}
    assert len(chosen) >= 4


@pytest.mark.parametrize(
    ("params", "bad", "said"),
    [
        ('{ look_in = ["bodi"], patterns = ["x"] }', '{ body = "x" }', "no field is called 'bodi'"),
        ('{ look_in = ["body"], patterns = ["(x"] }', '{ body = "x" }', "'(x' is not a Rust"),
        ('{ look_in = ["body"], patterns = ["x"] }', '{ bodi = "x" }', "an example is no record"),
        ('{ look_in = ["body"], patterns = ["x"] }', '{ repeat = "x" }', "an example is no record"),
    ],
)
def test_what_no_check_understands_names_its_rule(params: str, bad: str, said: str) -> None:
    text = RULE.replace('"reading"', f'"patterns"\nparams = {params}')
    text = text.replace('{ title = "y" }', bad)
    with pytest.raises(RuleFileError) as caught:
        list(try_examples(parse_rules(text, "acme.toml")))
    assert str(caught.value).startswith("acme.toml:6: ACM001: ")
    assert said in str(caught.value)
