"""Fingerprints name the same fault again after shuffling, additions, renames and splits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from newsqa.run import check
from tests.runs_support import leak, story

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = " ".join(f"Clause {n} of the plan was read out and put to the vote." for n in range(9))


def faulty() -> list[dict[str, Any] | str]:
    """Records with faults of many kinds: own, of pairs, of a source, of records without address."""
    nameless: list[dict[str, Any]] = [
        {"title": None, "text": f"{ENDED} {{{{ a.b }}}} {n}", "date": "2025-04-01"}
        for n in range(2)
    ]
    twins = [story(n, text=ENDED) for n in (20, 21, 22)]
    near = [story(30 + n, text=f"{ENDED} The vote was {n} to four.") for n in range(3)]
    same_address = [story(40), story(40) | {"url": story(40)["url"] + "?utm_source=x"}]
    stamped = [story(50 + n, "Tarrow", date="2025-04-14T08:30:17Z") for n in range(4)]
    suffixed = [story(60 + n, "Lohme", title=f"Item {n} passed | Lohme Blatt") for n in range(12)]
    double = leak(70, code="{{ a.b }} and {{ a.b }}\n\n{{ a.b }}")
    broken = ['{"title": "cut', '{"title": "cut off", "text": "The']
    copies = [leak(80), leak(80)]
    mixed = [leak(1), leak(2), story(3, title=None), double]
    return [
        *mixed, *nameless, *twins, *near, *same_address, *stamped, *suffixed, *broken, *copies,
    ]  # fmt: skip


def clean(n: int) -> dict[str, Any]:
    """A record without a fault, unlike all others."""
    spoken = [f"Speaker {n}{k} asked about house {n * k} in Mill Lane." for k in range(11)]
    date = f"2025-03-{n + 1:02}T09:{n:02}:00Z"
    return story(n, "Marrow", date=date, title=f"Mill Lane, {n} questions", text=" ".join(spoken))


FAULTY = faulty()
CLEAN = [clean(n) for n in range(20)]


def write(path: Path, records: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def prints(folder: Path) -> list[str]:
    result = check(str(folder), now=NOW)
    assert not [state.note for state in result.rules if state.status == "crashed"]
    return sorted(result.findings["fingerprint"])


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("plain")
    write(folder / "news.jsonl", FAULTY)
    return prints(folder)


def test_the_corpus_has_faults_of_every_shape(tmp_path: Path) -> None:
    write(tmp_path / "news.jsonl", FAULTY)
    result = check(str(tmp_path), now=NOW)
    wanted = {
        "template-leak", "missing-title", "same-url", "same-body", "near-same-body",
        "one-stamp-many-stories", "title-suffix", "unreadable-record",
    }  # fmt: skip
    assert wanted <= set(result.findings["name"])


def test_fingerprints_are_unique(expected: list[str]) -> None:
    assert len(expected) == len(set(expected))


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(len(FAULTY))),
    cut=st.integers(0, len(FAULTY)),
    name=st.sampled_from(["a.jsonl", "zz/2026-01-01.ndjson", "ordner/ü.jsonl"]),
    added=st.lists(st.sampled_from(range(len(CLEAN))), unique=True),
)
def test_the_same_faults_have_the_same_fingerprints(
    tmp_path_factory: pytest.TempPathFactory,
    expected: list[str],
    order: list[int],
    cut: int,
    name: str,
    added: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("moved")
    shuffled = [FAULTY[n] for n in order]
    first, second = shuffled[:cut], shuffled[cut:]
    for place, number in enumerate(added):
        half = first if number % 2 else second
        half.insert(place * number % (len(half) + 1), CLEAN[number])
    if first:
        write(folder / name, first)
    if second:
        write(folder / "other.jsonl", second)
    assert prints(folder) == expected


def test_a_new_fault_leaves_the_others_alone(tmp_path: Path, expected: list[str]) -> None:
    write(tmp_path / "news.jsonl", [leak(90, "Marrow"), *FAULTY])
    assert set(expected) < set(prints(tmp_path))


def test_a_renamed_file_that_cannot_be_read_is_the_same_fault(tmp_path: Path) -> None:
    seen = []
    for name in ("a.parquet", "b.parquet"):
        folder = tmp_path / name[0]
        folder.mkdir()
        (folder / name).write_bytes(b"PAR1 and nothing more")
        seen.append(prints(folder))
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1
