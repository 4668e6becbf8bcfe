"""What is written about newsqa is true of it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import newsqa
from newsqa.catalogue import load_catalogue
from newsqa.cli import cli
from newsqa.result import EXIT_STATUS
from newsqa.rulespage import rules_page

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "validators" / "README.md"]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_page_of_rules_is_current() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert page == rules_page(load_catalogue().rules), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    for line in re.findall(r"\bnewsqa ([a-z]+(?: [^`\n|#]*)?)", page.read_text("utf-8")):
        words = line.split()
        command = cli.commands.get(words[0])
        if command is None:
            assert not any(word.startswith("--") for word in words), line
            continue
        context = click.Context(command)
        known = {opt for param in command.get_params(context) for opt in param.opts}
        for option in (word for word in words if word.startswith("--")):
            assert option in known, f"{page.name}: newsqa {line}"


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_exit_statuses_are_listed() -> None:
    for status in {*EXIT_STATUS.values(), 2, 130}:
        assert re.search(rf"^\| {status} \|", README, re.MULTILINE)


def test_every_family_is_listed() -> None:
    for family in {rule.family.code for rule in load_catalogue().rules}:
        assert re.search(rf"^\|.*\b{family}\b.*\|", README, re.MULTILINE)


def test_the_set_up_is_named() -> None:
    assert "make demo" in README
    assert "make test" in README


def test_public_names_exist() -> None:
    for name in newsqa.__all__:
        assert getattr(newsqa, name) is not None
    with pytest.raises(AttributeError):
        _ = newsqa.nothing


def test_the_changelog_names_this_version() -> None:
    assert f"## {newsqa.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    assert f'version = "{newsqa.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_rule_that_shows_how_to_add_one_is_the_real_one():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    shown = page.split("```toml\n")[1].split("```")[0]
    assert shown.strip() in (ROOT / "validators" / "headline.toml").read_text("utf-8")
