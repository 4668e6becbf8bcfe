"""Precision, recall and false alarms of the catalogue on labelled real news: `make eval`.

Prints Markdown, and writes it to the file that `--write` names. Without the labelled sets there is
nothing to measure, which it says.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from labelled import SETS, Labelled, checked, known_label_faults
from marked_dates import date_table

import newsqa

LIMITS = {"error": 0.002, "warning": 0.01}
_JUDGED_FIELDS = {"extraction": {"body"}, "cleangold": {"body"}}
_FEW = 20


@dataclass
class Score:
    """Counts of one rule over all labelled sets."""

    severities: set[str] = field(default_factory=set)
    expected: int = 0
    recalled: int = 0
    true: int = 0
    false: int = 0
    corrected: int = 0


def alarms(record: Labelled, name: str) -> Iterator[tuple[str, str]]:
    """Yield rule and severity of the errors and warnings about the fields that a set has."""
    fields = _JUDGED_FIELDS.get(name)
    yield from {
        (f.name, f.severity)
        for f in record.found
        if f.severity != "info" and (fields is None or f.field in fields)
    }


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def table(head: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "|".join(["---"] + ["--:"] * (len(head) - 1)) + "|"
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def clean_section(sets: dict[str, list[Labelled]]) -> Iterator[str]:
    """Yield the false alarms on clean records: by corpus and language, as labelled and as read."""
    faults = known_label_faults()
    yield "## False alarms on clean articles\n"
    yield (
        "Share of records with at least one error or warning, by corpus and language. *Labelled*"
        " takes every label at its word; *read* leaves out the findings that turned out true when"
        " the records were read (bench/label_faults.toml lists them by rule and id, with reasons)."
        " Limits: errors 0.2 %, warnings 1 %.\n"
    )
    groups: dict[tuple[str, str], list[tuple[Labelled, str]]] = defaultdict(list)
    for name in ("clean", "cleangold", "extraction"):
        for record in sets.get(name, []):
            if record.label.get("clean"):
                corpus = f"{name}: {record.group}"
                groups[corpus, "all"].append((record, name))
                groups[corpus, record.language].append((record, name))
                groups["all", record.language].append((record, name))
                groups["all", "all"].append((record, name))
    rows = []
    for (corpus, language), members in sorted(groups.items(), key=_largest_first):
        if language != "all" and (corpus != "all" or len(members) < _FEW):
            continue
        cells: list[str] = []
        for severity in LIMITS:
            hits = [{r for r, s in alarms(x, n) if s == severity} for x, n in members]
            read = [
                {r for r in rules if x.id not in faults.get(r, {})}
                for rules, (x, _) in zip(hits, members, strict=True)
            ]
            cells += [
                share(sum(map(bool, hits)), len(members)),
                share(sum(map(bool, read)), len(members)),
            ]
        rows.append([corpus, language, len(members), *cells])
    head = ["corpus", "language", "records", "errors, labelled", "read", "warnings, labelled"]
    yield from table([*head, "read"], rows)


def _largest_first(item: tuple[tuple[str, str], list[object]]) -> tuple[bool, str, bool, int]:
    (corpus, language), members = item
    return corpus != "all", corpus, language != "all", -len(members)


def rule_scores(sets: dict[str, list[Labelled]]) -> dict[str, Score]:
    """Return the counts by rule; a finding is judged where its record's label speaks of it."""
    faults = known_label_faults()
    scores: dict[str, Score] = defaultdict(Score)
    for name, records in sets.items():
        for record in records:
            expectations = list(record.expectations())
            for kind, names in expectations:
                hit = any(f.counts_as(names) for f in record.found)
                for rule in _named(names):
                    scores[rule].expected += 1
                    scores[rule].recalled += hit
                del kind
            for finding in {f.name: f for f in record.found}.values():
                score = scores[finding.name]
                score.severities.add(finding.severity)
                if any(finding.counts_as(names) for _, names in expectations):
                    score.true += 1
            if record.label.get("clean"):
                for rule, _ in alarms(record, name):
                    read_as_true = record.id in faults.get(rule, {})
                    scores[rule].corrected += read_as_true
                    scores[rule].false += not read_as_true
    return scores


def _named(names: list[str]) -> list[str]:
    return [name for name in names if not name.isupper()]


def rules_section(sets: dict[str, list[Labelled]], clean: int) -> Iterator[str]:
    """Yield precision, recall and false alarms of every rule that labels or findings speak of."""
    scores = rule_scores(sets)
    order = {rule.name: rule.code for rule in newsqa.load_catalogue().rules}
    yield "\n## By rule\n"
    yield (
        "*Faults*: labelled faults that name the rule, and how many of them the rule or one of the"
        " others that the label admits found. *True* and *false*: records with a finding of the"
        " rule that the label expects, and clean records with one; *precision* is their ratio."
        f" *False alarms*: share of the {clean:,} clean records.\n"
    )
    rows = []
    for rule in sorted(scores, key=lambda name: order.get(name, name)):
        s = scores[rule]
        if not (s.expected or s.true or s.false or s.corrected):
            continue
        rows.append(
            [
                f"{order.get(rule, '')} {rule}",
                f"{s.recalled}/{s.expected}" if s.expected else "–",
                share(s.recalled, s.expected),
                s.true,
                s.false,
                share(s.true, s.true + s.false),
                share(s.false, clean),
                s.corrected or "",
            ]
        )
    head = ["rule", "faults", "recall", "true", "false", "precision", "false alarms"]
    yield from table([*head, "wrong labels"], rows)


def by_language_section(sets: dict[str, list[Labelled]]) -> Iterator[str]:
    """Yield recall by language, of the faults and of bleed."""
    yield "\n## Faults by language\n"
    found: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for name in ("faults", "extraction"):
        for record in sets.get(name, []):
            for _, names in record.expectations():
                total[name, record.language] += 1
                found[name, record.language] += any(f.counts_as(names) for f in record.found)
    rows = [[*key, total[key], found[key], share(found[key], total[key])] for key in total]
    rows.sort(key=lambda row: (row[0], -int(row[2])))
    yield from table(["set", "language", "faults", "found", "recall"], rows)


def kinds_section(sets: dict[str, list[Labelled]]) -> Iterator[str]:
    """Yield recall by kind of fault, and of bleed by extractor."""
    yield "\n## By kind of fault\n"
    found: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for name, records in sets.items():
        for record in records:
            for kind, names in record.expectations():
                where = f"{kind}, {record.group}" if name == "extraction" else kind
                total[name, where] += 1
                hit = any(f.counts_as(names) for f in record.found)
                found[name, where] += hit
                if not hit:
                    missed.append(record.id)
    rows = [[*key, total[key], found[key], share(found[key], total[key])] for key in sorted(total)]
    yield from table(["set", "kind", "faults", "found", "recall"], rows)
    yield f"\nMissed: {', '.join(f'`{m}`' for m in missed) or 'none'}."


def hard_section(records: list[Labelled]) -> Iterator[str]:
    """Yield how many texts that look like leaks were taken for one."""
    yield "\n## Texts that look like leaks and are none\n"
    total = Counter(r.label["kind"] for r in records)
    hit = Counter(r.label["kind"] for r in records if _leak_in_span(r))
    rows = [[kind, total[kind], hit[kind]] for kind in sorted(total)]
    yield from table(["kind", "records", "taken for a leak"], rows)


def _leak_in_span(record: Labelled) -> bool:
    span = record.label["forbid_span"].strip()
    return any(
        f.family == "LEK" and f.name != "mojibake" and span in f.excerpt for f in record.found
    )


def url_section(records: list[Labelled]) -> Iterator[str]:
    """Yield how often url-date-mismatch fires, by the true distance of URL date and date."""
    yield "\n## Dates of URLs\n"
    rows = []
    for low, high, what in ((0, 1, "0 or 1 day"), (2, 10, "2 to 10 days"), (11, None, "more")):
        near = [
            r
            for r in records
            if (days := r.label.get("delta_days")) is not None
            and low <= abs(days)
            and (high is None or abs(days) <= high)
        ]
        fired = sum(
            any(f.name == "url-date-mismatch" and f.severity != "info" for f in r.found)
            for r in near
        )
        rows.append([what, len(near), fired, share(fired, len(near))])
    yield from table(["apart", "records", "url-date-mismatch", "share"], rows)


def report(folder: Path) -> Iterator[str]:
    names = sorted(p.parent.name for p in folder.glob("*/labels.jsonl.gz"))
    sets = {n: checked(n) for n in names if n not in {"crawl", "datemention"}}
    clean = sum(bool(r.label.get("clean")) for records in sets.values() for r in records)
    yield "# Quality, measured\n"
    yield (
        f"`make eval`, {datetime.now(UTC):%Y-%m-%d}, newsqa {newsqa.__version__}, on"
        f" {sum(map(len, sets.values())):,} labelled records of real scraped news that are no part"
        " of the project. Rules were tuned on these sets, so the figures are what the rules can do"
        " at best; the last section has the figures of cases that no rule had seen.\n"
    )
    sections: list[tuple[str, Callable[[], Iterator[str]]]] = [
        ("clean", lambda: clean_section(sets)),
        ("faults", lambda: rules_section(sets, clean)),
        ("faults", lambda: kinds_section(sets)),
        ("faults", lambda: by_language_section(sets)),
        ("hardneg", lambda: hard_section(sets["hardneg"])),
        ("urldates", lambda: url_section(sets["urldates"])),
    ]
    for needs, section in sections:
        if needs in sets:
            yield from section()
    yield from date_table(folder)
    yield Path(__file__).with_name("probes.md").read_text("utf-8").rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the labelled sets")
    parser.add_argument("--write", type=Path, help="file to write the result to")
    options = parser.parse_args()
    if not options.sets.is_dir():
        print("the labelled sets are not at hand: nothing to measure", file=sys.stderr)
        return
    lines = list(report(options.sets))
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
