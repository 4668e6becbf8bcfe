"""Suppressions: with a reason, until a day, in the configuration, and never unnoticed."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsqa.acceptance import Resolved, accepted_by, split_marked, suppress
from newsqa.config import Suppression, load_config
from newsqa.configfile import add_suppression
from newsqa.describe import findings_frame
from newsqa.errors import ConfigError, UsageError
from newsqa.finding import Finding
from tests.runs_support import check, found, leak, newsqa, story, write

if TYPE_CHECKING:
    from pathlib import Path

    from newsqa.result import SuppressionState

MARK = "0123456789abcdef"
TODAY = date(2026, 1, 1)
BY_RULE = """
[[suppress]]
rule = "template-leak"
source = "fen*"
reason = "The vendor mends it; NEWS-123"
expires = 2026-01-10
owner = "ana"
"""


def configured(folder: Path, text: str, *words: str) -> tuple[int, str, list[dict[str, object]]]:
    (folder / "newsqa.toml").write_text(text, "utf-8")
    done = check(folder, *words)
    return done.status, done.stderr, found(done)


def crawl(folder: Path) -> None:
    write(folder / "out/a.jsonl", [leak(1), leak(2, "Tarrow"), story(3)])


def test_a_rule_is_suppressed_in_a_source(tmp_path: Path) -> None:
    crawl(tmp_path)
    status, said, findings = configured(tmp_path, BY_RULE)
    assert status == 1
    marks = {finding["source"]: finding["evidence"].get("accepted") for finding in findings}
    assert marks == {
        "fenmouth.example": {
            "by": "suppression",
            "reason": "The vendor mends it; NEWS-123",
            "owner": "ana",
            "expires": "2026-01-10",
        },
        "tarrow.example": None,
    }
    assert "1 finding in 3 records · 1 accepted" in said
    assert "ends in 9 days" in said


def test_an_expired_one_counts_again_and_is_reported(tmp_path: Path) -> None:
    crawl(tmp_path)
    text = BY_RULE.replace("2026-01-10", "2025-12-29")
    status, said, findings = configured(tmp_path, text, "--output", "json=r.json")
    assert status == 1
    assert not any("accepted" in finding["evidence"] for finding in findings)
    assert "expired 3 days ago; 1 finding counted again" in said


def test_an_unused_one_is_reported(tmp_path: Path) -> None:
    crawl(tmp_path)
    _, said, _ = configured(tmp_path, BY_RULE.replace("fen*", "nowhere.example"))
    assert "is unused" in said
    _, said, _ = configured(tmp_path, BY_RULE.replace("template-leak", "bot-wall"))
    assert "is unused" not in said, "its rule was not checked"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[suppress]]\nfingerprint = "0123456789abcdef"\n', "reason"),
        (f'[[suppress]]\nfingerprint = "{MARK}"\nreason = "too short"\n', "10 characters"),
        (f'[[suppress]]\nfingerprint = "{MARK}"\nreason = "          "\n', "10 characters"),
        ('[[suppress]]\nrule = "LEK001"\nreason = "long enough"\n', "expires"),
        ('[[suppress]]\nreason = "long enough"\n', "fingerprint"),
        ('[[suppress]]\nfingerprint = "xyz"\nreason = "long enough"\n', "fingerprint"),
        (f'[[suppress]]\nfingerprint = "{MARK}"\nraeson = "x"\nreason = "long enough"', "'reason'"),
        (BY_RULE.replace("template-leak", "template-leek"), "did you mean template-leak"),
    ],
)
def test_what_is_not_allowed(tmp_path: Path, text: str, fault: str) -> None:
    crawl(tmp_path)
    (tmp_path / "newsqa.toml").write_text(text)
    done = check(tmp_path)
    assert done.status == 2
    assert fault in done.stderr


def test_the_command_writes_the_entry(tmp_path: Path) -> None:
    crawl(tmp_path)
    mark = found(check(tmp_path))[0]["fingerprint"]
    before = (
        "# Ours.\r\nfail_on = 'error'   # as agreed\r\n\r\n[rules.LEK008]\r\nmax_count = 3 # few"
    )
    (tmp_path / "newsqa.toml").write_bytes(before.encode())
    words = ["--reason", 'A "real" headline\n', "--owner", "ana", "--expires", "2027-01-31"]
    done = newsqa(tmp_path, "suppress", mark[:8], *words)
    assert done.status == 0, done.stderr
    after = (tmp_path / "newsqa.toml").read_bytes().decode()
    assert after.startswith(before)
    assert "\n" not in after.replace("\r\n", "")
    (entry,) = load_config(tmp_path / "newsqa.toml").suppress
    assert (entry.fingerprint, entry.rule, entry.owner) == (mark, "LEK001", "ana")
    assert (entry.reason, entry.expires) == ('A "real" headline\n', date(2027, 1, 31))
    assert len([f for f in found(check(tmp_path)) if "accepted" in f["evidence"]]) == 1
    assert newsqa(tmp_path, "suppress", mark, *words).status == 2, "it is there already"


def test_the_command_makes_a_configuration(tmp_path: Path) -> None:
    done = newsqa(tmp_path, "suppress", MARK, "--reason", "Seen by hand")
    assert done.status == 0
    assert "the latest run has no such finding" in done.stderr
    assert load_config(tmp_path / "newsqa.toml").suppress[0].fingerprint == MARK
    assert newsqa(tmp_path, "suppress", "nonsense", "--reason", "Seen by hand").status == 2
    assert newsqa(tmp_path, "suppress", MARK[::-1], "--reason", "short").status == 2


def entry(**over: object) -> Suppression:
    return Suppression.model_validate({"fingerprint": MARK, "reason": "Seen by hand"} | over)


def test_pyproject_has_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.newsqa]\nfail_on = "error"\n\n[tool.other]\nx = 1\n')
    add_suppression(path, entry())
    assert load_config(path).suppress == [entry()]


def test_entries_in_one_line_are_left_to_their_author(tmp_path: Path) -> None:
    path = tmp_path / "newsqa.toml"
    text = 'suppress = [{ rule = "LEK001", reason = "long enough", expires = 2027-01-01 }]\n'
    path.write_text(text)
    with pytest.raises(ConfigError, match="by hand"):
        add_suppression(path, entry())
    assert path.read_text() == text


def test_a_faulty_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "newsqa.toml"
    path.write_text("fail_one = 1\n")
    with pytest.raises(ConfigError):
        add_suppression(path, entry())
    assert path.read_text() == "fail_one = 1\n"


def test_a_twin_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newsqa.toml"
    add_suppression(path, entry())
    with pytest.raises(UsageError, match="already"):
        add_suppression(path, entry(reason="Another reason"))


@given(reason=st.text(min_size=10).filter(lambda text: len(text.strip()) >= 10))
def test_any_reason_survives(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    path = tmp_path_factory.mktemp("any") / "newsqa.toml"
    add_suppression(path, entry(reason=reason))
    assert load_config(path).suppress[0].reason == reason


def findings(*evidence: str) -> pl.DataFrame:
    rows = []
    for number, text in enumerate(evidence):
        mark = f"{number:016x}"
        finding = Finding("LEK001", "template-leak", "error", "x", fingerprint=mark)
        rows.append(finding.as_dict() | {"evidence": text})
    return findings_frame(rows)


def states(*entries: Suppression, checked: bool = True) -> tuple[SuppressionState, ...]:
    resolved = [Resolved(item, item.rule) for item in entries]
    return suppress(findings("{}", "{}"), resolved, TODAY, {"LEK001": checked})[1]


def test_states() -> None:
    rule = {"fingerprint": None, "rule": "LEK001"}
    assert [s.status for s in states(entry(), entry(fingerprint="0" * 16))] == ["unused", "active"]
    (last_day,) = states(entry(**rule, expires=TODAY))
    assert (last_day.status, last_day.days_left, last_day.findings) == ("active", 0, 2)
    (over,) = states(entry(**rule, expires=date(2025, 12, 31)))
    assert (over.status, over.days_left, over.findings) == ("expired", -1, 2)
    assert states(entry(), checked=False)[0].status == "idle"


def test_the_first_in_force_is_the_reason() -> None:
    rule = {"fingerprint": None, "rule": "LEK001"}
    pair = [
        entry(**rule, expires=date(2025, 1, 1), reason="Over long ago"),
        entry(**rule, expires=TODAY, reason="Still in force"),
        entry(**rule, expires=TODAY, reason="Comes too late"),
    ]
    split, _ = suppress(findings("{}"), [Resolved(e, e.rule) for e in pair], TODAY, {})
    mark = json.loads(split.accepted["evidence"][0])["accepted"]
    assert mark["reason"] == "Still in force"


EVIDENCE = st.dictionaries(
    st.text(max_size=8),
    st.one_of(st.text(), st.integers(-9, 9), st.dictionaries(st.text(max_size=4), st.text())),
    max_size=3,
).filter(lambda kept: "accepted" not in kept)


@given(EVIDENCE)
def test_marks_are_added_and_found_whatever_the_evidence(evidence: dict[str, object]) -> None:
    text = json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
    found_ = findings(text)
    assert accepted_by(found_)[0] is None
    split, _ = suppress(found_, [Resolved(entry(fingerprint="0" * 16), None)], TODAY, {})
    marked = json.loads(split.accepted["evidence"][0])
    assert marked == evidence | {"accepted": {"by": "suppression", "reason": "Seen by hand"}}
    again = split_marked(split.accepted)
    assert (again.open.height, again.accepted.height) == (0, 1)
