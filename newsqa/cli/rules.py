"""`newsqa rules`, `explain` and `test`: the catalogue, one rule of it, and its examples."""

from __future__ import annotations

import json
import textwrap
from typing import IO, TYPE_CHECKING, Any

import click

from newsqa.cli.options import validators_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.rule import Rule
    from newsqa.selftest import Trial


def rule_object(rule: Rule) -> dict[str, Any]:
    """Return a rule as a JSON object."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family.code,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "rationale": rule.rationale,
        "cause": rule.cause,
        "fix": rule.fix,
        "check": rule.check,
        "params": rule.params,
        "was": list(rule.was),
        "origin": rule.origin,
        "good": list(rule.good),
        "bad": list(rule.bad),
    }


@click.group(invoke_without_command=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print them.",
)
@validators_option
@click.pass_context
def rules(context: click.Context, form: str, validators: tuple[str, ...]) -> None:
    """List the rules, or write their page."""
    if context.invoked_subcommand:
        context.obj = validators
        return
    from newsqa.catalogue import load_catalogue

    catalogue = load_catalogue(validators)
    if form == "json":
        objects = [rule_object(rule) for rule in catalogue.rules]
        click.echo(json.dumps(objects, indent=1, ensure_ascii=False))
        return
    family = ""
    for rule in catalogue.rules:
        if rule.family.code != family:
            family = rule.family.code
            click.echo(f"\n{click.style(rule.family.title, bold=True)} ({family})")
        head = f"  {rule.code}  {rule.severity:<7}  {rule.name}"
        click.echo(f"{head:<48}  {textwrap.shorten(rule.summary, 90, placeholder=' …')}")
    click.echo(f"\n{len(catalogue.rules)} rules; `newsqa explain RULE` tells more about one.")


@rules.command()
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@click.pass_obj
def docs(validators: tuple[str, ...], file: IO[str]) -> None:
    """Write the page of all rules as Markdown to FILE, or to standard output."""
    from newsqa.catalogue import load_catalogue
    from newsqa.rulespage import rules_page

    page = rules_page(load_catalogue(validators).rules)
    file.write(page)


@click.command()
@click.argument("rule")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@validators_option
def explain(rule: str, form: str, validators: tuple[str, ...]) -> None:
    """Say why a rule exists, what causes its fault and how to fix it.

    RULE is a code or a name, also a former one.
    """
    from newsqa.catalogue import load_catalogue

    found = load_catalogue(validators).find(rule)
    if form == "json":
        click.echo(json.dumps(rule_object(found), indent=1, ensure_ascii=False))
        return
    click.echo(f"{click.style(f'{found.code} {found.name}', bold=True)} ({found.severity})\n")
    click.echo(_wrapped(found.summary))
    for title in ("rationale", "cause", "fix"):
        text = getattr(found, title)
        if text:
            click.echo(f"\n{click.style(title.capitalize(), bold=True)}\n{_wrapped(text)}")
    click.echo(f"\n{click.style('Parameters', bold=True)} of the check {found.check!r}")
    for key, value in found.params.items():
        click.echo(_wrapped(f"{key} = {json.dumps(value, ensure_ascii=False)}"))
    for kind, title in (("good", "Without a finding"), ("bad", "With a finding")):
        click.echo(f"\n{click.style(title, bold=True)}")
        for example in getattr(found, kind):
            text = json.dumps(example, ensure_ascii=False)
            click.echo(_wrapped(textwrap.shorten(text, 300, placeholder=" …"), "- "))


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text,
        80,
        initial_indent="  " + mark,
        subsequent_indent="  " + " " * len(mark),
        break_long_words=False,
    )


@click.command()
@click.argument("words", nargs=-1, metavar="[RULES]...")
@click.option("-v", "--verbose", is_flag=True, help="Also list the examples that hold.")
@validators_option
def test(words: tuple[str, ...], verbose: bool, validators: tuple[str, ...]) -> int:
    """Run the good and bad examples of rules.

    RULES are codes, beginnings of codes or names; all rules unless given.
    """
    from newsqa.catalogue import load_catalogue
    from newsqa.selftest import try_examples

    chosen = load_catalogue(validators).select(words or ["ALL"])
    trials = []
    for trial in try_examples(chosen):
        trials.append(trial)
        if verbose or not trial.ok:
            click.echo(_trial_line(trial))
    failed = sum(not trial.ok for trial in trials)
    click.echo(_tally(chosen, trials), err=True)
    return 1 if failed or not trials else 0


def _trial_line(trial: Trial) -> str:
    from newsqa.report.safe import visible

    mark = click.style("ok  ", fg="green") if trial.ok else click.style("FAIL", fg="red")
    said = visible("; ".join(trial.messages[:3]))
    return f"{mark} {trial.rule} {trial.kind}[{trial.number}] {trial.outcome}" + (
        f": {said}" if said else ""
    )


def _tally(chosen: Sequence[Rule], trials: Sequence[Trial]) -> str:
    counts = {
        outcome: sum(trial.outcome == outcome for trial in trials)
        for outcome in ("validated", "reported", "noisy", "missing")
    }
    said = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    return f"{len(chosen)} rules, {len(trials)} examples: {said}"
