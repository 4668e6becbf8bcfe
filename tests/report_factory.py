"""Results to report on: invented news of several languages, without running the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson
import polars as pl

from newsqa.finding import Severity, excerpt_around, fingerprint
from newsqa.record import FIELD_NAMES
from newsqa.result import Gate, Result, RuleState, finding_schema
from newsqa.rule import Family, Rule

FAMILIES = {
    "DAT": Family("DAT", "Dates", "When the article says it was published."),
    "LEK": Family("LEK", "Leaks", "Machine text in the article."),
    "PAG": Family("PAG", "Pages", "Pages that are no article."),
    "BLD": Family("BLD", "Bleed", "Text of the page in the article."),
}
RULES = (
    ("PAG001", "bot-wall", "error", "The text is a page that keeps robots out."),
    ("LEK001", "template-leak", "error", "A template expression was left in the text."),
    ("LEK007", "null-as-text", "error", "A field holds the word for a missing value."),
    ("DAT003", "published-in-future", "error", "The publication date is later than the fetch."),
    ("BLD001", "site-line", "warning", "Many records of the source share this line."),
    ("BLD004", "newsletter-block", "warning", "The body asks to subscribe to a newsletter."),
    ("DAT008", "weekday-mismatch", "info", "The weekday does not fit the date beside it."),
    ("DAT001", "missing-published", "warning", "The record has no publication date."),
    ("LEK002", "mojibake", "error", "The text was decoded with the wrong encoding."),
)
TEXTS = {
    "template-leak": (
        "title",
        "Storm leaves 40,000 homes dark, {{ article.kicker }} says",
        "{{ article.kicker }}",
    ),
    "bot-wall": (
        "body",
        "Please stand by.\n\nChecking your browser before you continue to the site.\nRay 71b",
        "Checking your browser before you continue",
    ),
    "null-as-text": ("section", "undefined", "undefined"),
    "published-in-future": ("published", "2027-03-01T08:00:00+03:00", "2027-03-01T08:00:00+03:00"),
    "site-line": (
        "body",
        (
            "Der Stadtrat stimmte am Abend zu.\n"
            "Lesen Sie hier weiter mit unserem Angebot für Mitglieder.\n"
            "Der Bau soll im Mai beginnen."
        ),
        "Lesen Sie hier weiter mit unserem Angebot für Mitglieder.",
    ),
    "newsletter-block": (
        "body",
        (
            "وافق المجلس على الميزانية مساء الاثنين. "
            "اشترك في نشرتنا البريدية اليومية. وتبدأ الأعمال في مايو."
        ),
        "اشترك في نشرتنا البريدية اليومية",
    ),
    "weekday-mismatch": (
        "body",
        "Ankara, Salı 14 Nisan 2025: Meclis bütçeyi kabul etti.",
        "Salı 14 Nisan 2025",
    ),
    "missing-published": (None, "", ""),
    "mojibake": ("title", "Le prÃ©sident reÃ§oit les maires", "Ã©"),
}
SOURCES = (
    "tagblatt.example",
    "lejournal.example",
    "gazete.example",
    "alanba.example",
    "courier.example",
)


@dataclass(frozen=True)
class File:
    """Stands for `newsqa.readers.FileReport`."""

    path: str = "out/news.jsonl"
    container: str = "jsonl"
    format: str = "plain"
    fields: dict[str, str] = field(default_factory=lambda: {"title": "headline", "body": "text"})
    found: int = 0
    read: int = 0
    refused: int = 0
    unmapped: list[str] = field(default_factory=lambda: ["ad_slot", "lang_guess"])
    day_order: dict[str, str] = field(default_factory=lambda: {"courier.example": "day-first"})


def rule(code: str, name: str, severity: str, summary: str, **over: Any) -> Rule:
    words = {
        "rationale": "Readers and models take the text as\nthe outlet's own words.",
        "cause": "The page was read before its scripts had run.",
        "fix": "Wait for the page, or read the article's own markup.",
    } | over
    return Rule(
        code=code,
        name=name,
        family=FAMILIES.get(code[:3], FAMILIES["LEK"]),
        summary=summary,
        severity=Severity(severity),
        check="x",
        params={},
        message="",
        good=(),
        bad=(),
        **words,
    )


def finding(
    number: int, code: str, name: str, severity: str, source: str | None, **over: Any
) -> dict[str, Any]:
    place, text, hit = TEXTS[name]
    start = text.find(hit)
    excerpt, left, right = excerpt_around(text, start, start + len(hit))
    evidence = {"excerpt_start": left, "excerpt_end": right} if text else {}
    if name == "published-in-future":
        evidence |= {"lead_days": 97, "crawled": "2026-11-24T06:00:00Z"}
    row = {
        "rule": code,
        "name": name,
        "severity": severity,
        "message": f"{name.replace('-', ' ')} in {place or 'the record'}",
        "path": "out/news.jsonl",
        "line": number + 1,
        "record": number,
        "id": f"{source}/{number}",
        "url": f"https://{source}/politik/2026/11/{number}-the-council-votes.html",
        "source": source,
        "field": place,
        "start": start if text else None,
        "end": start + len(hit) if text else None,
        "excerpt": excerpt or None,
        "fingerprint": fingerprint(code, source, str(number), place, hit),
        "evidence": evidence,
    }
    row |= over
    row["evidence"] = orjson.dumps(row["evidence"]).decode()
    return row


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=finding_schema(), orient="row").sort(
        "path", "line", "record", "rule", "start", nulls_last=True
    )


def source_frame(
    sizes: dict[str | None, int], missing: dict[str, int] | None = None
) -> pl.DataFrame:
    rows = []
    for source, size in sizes.items():
        row: dict[str, Any] = {"source": source, "records": size}
        for name in FIELD_NAMES:
            given = 0 if name == "dateline" else size
            row[f"{name}_provided"] = given
            row[f"{name}_filled"] = max(0, given - (missing or {}).get(name, 0) * len(rows))
        rows.append(row)
    return pl.DataFrame(rows)


def day_frame(sizes: dict[str | None, int], first: date = date(2026, 10, 1)) -> pl.DataFrame:
    rows = [
        {
            "source": source,
            "day": first + timedelta(days=day),
            "records": 1 + (size * (day % 7 + 1)) % 11,
        }
        for source, size in sizes.items()
        for day in range(50)
    ]
    return pl.DataFrame(rows, schema={"source": pl.String, "day": pl.Date, "records": pl.UInt32})


def build(
    rows: list[dict[str, Any]],
    sizes: dict[str | None, int],
    *,
    rules: tuple[tuple[str, str, str, str], ...] = RULES,
    verdict: str | None = None,
    extra_states: tuple[RuleState, ...] = (),
    refused: int = 0,
    missing: dict[str, int] | None = None,
    **over: Any,
) -> Result:
    """Return a result whose counts fit its findings."""
    findings, total = frame(rows), sum(sizes.values())
    states, gates = [], []
    for code, name, severity, summary in rules:
        own = findings.filter(pl.col("rule") == code)
        records = (
            own.filter(pl.col("record").is_not_null()).select("path", "record").n_unique()
            if own.height
            else 0
        )
        states.append(
            RuleState(
                rule(code, name, severity, summary), severity, "checked", total, own.height, records
            )
        )
        if severity == "error":
            share = records / total if total else 0.0
            why = f"{own.height} findings in {records} of {total} records"
            gates.append(
                Gate(
                    code,
                    name,
                    severity,
                    None,
                    own.height,
                    records,
                    share,
                    "no finding",
                    not own.height,
                    why,
                )
            )
    by_severity = dict(findings.group_by("severity").len().iter_rows())
    placed = findings.filter(pl.col("record").is_not_null())
    failed = any(not gate.passed for gate in gates)
    given: dict[str, Any] = {
        "findings": findings,
        "records": source_frame(sizes, missing)
        if sizes
        else pl.DataFrame({"source": [], "records": []}),
        "days": day_frame(sizes)
        if sizes
        else pl.DataFrame({"source": [], "day": [], "records": []}),
        "rules": (*states, *extra_states),
        "gates": tuple(sorted(gates, key=lambda g: g.passed)),
        "files": (File(found=total + refused, read=total, refused=refused),),
        "run": {
            "id": "4f1d2c9ab3e0",
            "started": "2026-11-24T06:00:00+00:00",
            "now": "2026-11-24T06:00:00+00:00",
            "newsqa": "0.1.0",
            "python": "3.11.7",
            "polars": "2.1.0",
            "command": "newsqa check out/",
            "paths": ["out/"],
            "config": {"fail_on": "error", "rules": {"select": ["ALL"]}},
            "config_hash": "9ab8c7d6e5f4",
            "seconds": 1.84,
            "timings": {"BLD001": 0.41, "DAT003": 0.02},
        },
        "verdict": verdict or ("fail" if failed else "pass"),
        "totals": {
            "files": 1,
            "unread_files": 0,
            "sources": len(sizes),
            "records_found": total + refused,
            "records_read": total,
            "records_refused": refused,
            "findings": findings.height,
            "errors": by_severity.get("error", 0),
            "warnings": by_severity.get("warning", 0),
            "infos": by_severity.get("info", 0),
            "records_with_findings": placed.select("path", "record").n_unique()
            if placed.height
            else 0,
            "suppressed": 0,
        },
    }
    return Result(**(given | over))


def broken(count: int = 140, sources: tuple[str, ...] = SOURCES) -> Result:
    """Return a failed run with findings of eight rules in several sources."""
    rows = []
    for number in range(count):
        code, name, severity, _ = RULES[(number * number + number // 3) % 8]
        source = sources[(number * 7 + number // 5) % len(sources)]
        rows.append(finding(number, code, name, severity, source))
        if number % 9 == 0 and code != "LEK001":
            rows.append(finding(number, "LEK001", "template-leak", "error", source))
    sizes: dict[str | None, int] = {s: 60 + 17 * n % 90 for n, s in enumerate(sources)}
    idle = (
        RuleState(
            rule("DAT009", "modified-before-published", "error", "x."),
            "error",
            "not-applicable",
            note="no file provides modified",
        ),
        RuleState(rule("BLD008", "byline-in-body", "info", "x."), "info", "off", note="ignored"),
    )
    return build(
        rows,
        sizes,
        extra_states=idle,
        refused=3,
        missing={"summary": 4, "section": 1, "authors": 19},
    )


def clean(records: int = 12345) -> Result:
    """Return a passed run without findings."""
    sizes: dict[str | None, int] = {f"paper{n:02}.example": records // 14 for n in range(13)}
    sizes["paper13.example"] = records - sum(sizes.values())
    return build([], sizes)


def empty() -> Result:
    """Return a run that found nothing to check."""
    return build([], {}, verdict="nothing-to-check", files=())


def crashed() -> Result:
    """Return a run in which a rule crashed."""
    note = (
        'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: <b>no</b>\x1b[31m'
    )
    state = RuleState(
        rule("BLD002", "related-block", "warning", "x."), "warning", "crashed", note=note
    )
    return build([], {"courier.example": 40}, extra_states=(state,), verdict="could-not-check")


def hostile(strings: tuple[str, ...]) -> Result:
    """Return a run in which every text of every finding is hostile."""
    rows, sizes = [], {}
    for number, text in enumerate(strings):
        code, name, severity, _ = RULES[number % len(RULES)]
        other = strings[(number + 17) % len(strings)]
        sizes[text] = 5 + number
        rows.append(
            finding(
                number,
                code,
                name,
                severity,
                text,
                message=text,
                path=other,
                id=text,
                url=other,
                field="title",
                excerpt=text[:240],
                evidence={"excerpt_start": 0, "excerpt_end": 9, text: other, "key": text},
            )
        )
        rows.append(
            rows[-1] | {"field": "body", "record": number, "start": 3, "fingerprint": str(number)}
        )
    names = "".join(strings)[:3000]
    files = tuple(
        File(
            path=s,
            container=s,
            format=s,
            fields={s: s},
            found=9,
            read=8,
            refused=1,
            unmapped=[s],
            day_order={s: s},
        )
        for s in strings[:40]
    )
    run = {
        "id": names,
        "command": names,
        "started": names,
        "now": names,
        "newsqa": names,
        "python": names,
        "polars": names,
        "config_hash": names,
        "config": {s: s for s in strings},
        "timings": dict.fromkeys(strings, 1.0),
        "seconds": 1.0,
    }
    states = (
        RuleState(
            rule("DAT009", "modified-before-published", "error", names),
            "error",
            "crashed",
            note=names,
        ),
        RuleState(
            rule("DAT010", "crawled-before-published", "error", names), "error", "off", note=names
        ),
    )
    gates = tuple(
        Gate("DAT003", s, "error", s, 3, 2, 0.1, s, passed=False, why=s) for s in strings[:60]
    )
    return build(
        rows, sizes, extra_states=states, files=files, run=run, gates=gates, verdict="fail"
    )
