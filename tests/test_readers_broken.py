"""Broken input: everything that can be read is read, and what cannot is named."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.readers_support import gather

A, B, C = ({"title": name, "text": f"Text of {name}"} for name in "ABC")


def dumps(*records: dict[str, Any]) -> list[str]:
    return [json.dumps(record) for record in records]


def read(tmp_path: Path, content: str | bytes, name: str = "a.json") -> tuple[list[Any], list[Any]]:
    raw = content.encode() if isinstance(content, str) else content
    (tmp_path / name).write_bytes(raw)
    frame, problems, _ = gather(tmp_path / name)
    return frame["title"].to_list(), [(problem.kind, problem.line) for problem in problems]


a, b, c = dumps(A, B, C)
RECORD, FILE, ENCODING = "unreadable-record", "unreadable-file", "wrong-encoding"


@pytest.mark.parametrize(
    ("content", "titles", "problems"),
    [
        (f"[{a},]{b}]", ["A", "B"], []),
        (f"[{a}][{b}]", ["A", "B"], []),
        (f"[\n{a}\n]\n[\n{b}\n]\n", ["A", "B"], []),
        (f"[{a},{b},]", ["A", "B"], []),
        (f"[{a},,{b}", ["A", "B"], []),
        (f"{a}{b}\n{c}", ["A", "B", "C"], []),
        (f"[{a},\n{b},\n{c[:-9]}", ["A", "B"], [(RECORD, 3)]),
        (f"[{a},\n{{'title': 'x'}},\n{b}]", ["A", "B"], [(RECORD, 2)]),
        (f'[{a},\n{{"title": "x "q" y"}},\n{b},\n{c}]', ["A", "B", "C"], [(RECORD, 2)]),
        (f'[{a},\n{{"title": "x, "text": "z"}},\n{b},\n{c}]', ["A", "B", "C"], [(RECORD, 2)]),
        (f"[{a}, 12, {b}]", ["A", "B"], [(RECORD, 1)]),
        (f'{{"articles": [{a},\n{b},\n{{"title": "cut', ["A", "B"], [(RECORD, 3)]),
        (f'{{"n": 2, "articles": [{a},\n{{"title" 1}},\n{b}], "m": 2}}', ["A", "B"], [(RECORD, 2)]),
        (f'{{"articles": [{a}, null, {b}]}}', ["A", "B"], [(RECORD, 1)]),
        ('{"title": "A", "text": "cut', [], [(RECORD, 1)]),
        (f'{{"The Example": [{a},\n{b},\n{{"title": "cut', ["A", "B"], [(RECORD, 3)]),
        ('{"title": "A", "authors": [{"name": "X"}], "text": "cut', [], [(RECORD, 1)]),
        ('{"title": {"0": "A", "1": "B"}, "text": {"0": "x", "1": "y"}}', ["A", "B"], []),
        ('{"title": ["A", "B"], "text": ["x", "y"]}', ["A", "B"], []),
        ('{"title": ["A"], "text": ["x"]}', ["A"], []),
        ("[1, 2, 3]", [], [(RECORD, 1)]),
        ('{"title": "A", "title": "B", "text": "x"}', ["B"], []),
        ('[{"title": "A", "text": "x", "score": NaN, "n": Infinity}]', ["A"], []),
        ('{"title": "A", "text": "x", "n": 123456789012345678901234567890}', ["A"], []),
        ('{"title": "A", "text": "x", "n": ' + "9" * 5000 + "}", ["A"], []),
        ('{"title": "A", "text": "line\nbreak\ttab"}', ["A"], []),
        ('{"title": "A", "deep": ' + "[" * 99_999 + "]" * 99_999 + "}", [], [(RECORD, 1)]),
        ('{"title": "A\\ud83d", "text": "x"}', ["A\ufffd"], [(ENCODING, 1)]),
        ("\ufeff" + a, ["A"], []),
        ("\ufeff[" + a + "]", ["A"], []),
    ],
)  # fmt: skip
def test_broken_json(
    tmp_path: Path, content: str, titles: list[str], problems: list[tuple[str, int]]
) -> None:
    assert read(tmp_path, content) == (titles, problems)


@pytest.mark.parametrize(
    ("content", "titles", "problems"),
    [
        (f"{a}\n{{broken\n{b}\n", ["A", "B"], [(RECORD, 2)]),
        (f"{{broken\n{a}\n{b}\n", ["A", "B"], [(RECORD, 1)]),
        (f"{a}\n{b}\n{c[:-5]}", ["A", "B"], [(RECORD, 3)]),
        (f"{a}\n[1]\n{b}\n", ["A", "B"], [(RECORD, 2)]),
        (f'{a}\n"text"\n{b}\n', ["A", "B"], [(RECORD, 2)]),
        (f"{a}\n12\n{b}\nnull\n{c}\n", ["A", "B", "C"], [(RECORD, 2)]),
        (f"{a},\n{b},\n", ["A", "B"], []),
        (f"[{a}, {b}]\n[{c}]\n", ["A", "B", "C"], []),
        (f"{a}{b}\n{c}\n", ["A", "B", "C"], []),
        (f"{a}\r\n{b}\r\n", ["A", "B"], []),
        (f"\ufeff{a}\n{b}\n", ["A", "B"], []),
        (f"{a}\n\x00\x00\x00\n{b}\n", ["A", "B"], []),
        (f"{a}\n\x00\x00{b}\n", ["A", "B"], []),
        (f'{a}\n{{"title": "B\\udc00"}}\n{c}\n', ["A", "B\ufffd", "C"], [(ENCODING, 2)]),
        (f"Traceback (most recent call last):\n{a}\n{b}\n", ["A", "B"], [(RECORD, 1)]),
        (f'{{"articles": [{a}]}}\n{{"articles": [{b}, {c}]}}\n', ["A", "B", "C"], []),
    ],
)  # fmt: skip
def test_broken_json_lines(
    tmp_path: Path, content: str, titles: list[str], problems: list[tuple[str, int]]
) -> None:
    assert read(tmp_path, content, "a.jsonl") == (titles, problems)


def test_seventh_line_is_named(tmp_path: Path) -> None:
    lines = [a] * 20
    lines[6] = a[:20]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    frame, (problem,), reading = gather(tmp_path)
    assert frame.height == 19
    assert (problem.line, problem.path) == (7, str(tmp_path / "a.jsonl"))
    assert problem.excerpt == a[:20].strip()
    assert (reading.files[0].found, reading.files[0].refused) == (20, 1)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Der Bürgermeister begrüßte die Gäste; später äußerte er sich über große Brücken.",
            "cp1252",
        ),
        ("Мэр города открыл новый мост, и жители собрались на площади у реки.", "cp1251"),
        (
            "Belediye başkanı yeni köprüyü açtı; şehirde yaşayanlar ırmağın kıyısında toplandı.",
            "cp1254",
        ),
        ("市长星期二宣布大桥继续使用，居民们在河边聚集庆祝，气氛热烈。", "gb18030"),
        ("市長は火曜日に橋を残すと発表し、住民は川岸に集まって祝った。", "shift_jis"),
        ("اجتمع مجلس المدينة يوم الثلاثاء وقرر الإبقاء على الجسر القديم فوق النهر.", "cp1256"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_other_encodings_are_read_and_reported(
    tmp_path: Path, text: str, encoding: str, name: str
) -> None:
    record = json.dumps({"title": "A", "text": text}, ensure_ascii=False)
    content = {
        "a.jsonl": "".join(f"{record}\n" for _ in range(3)),
        "a.json": json.dumps([{"title": "A", "text": text}] * 3, ensure_ascii=False, indent=1),
        "a.csv": "title,text\n" + f'A,"{text}"\n' * 3,
    }[name]
    (tmp_path / name).write_bytes(content.encode(encoding))
    frame, problems, _ = gather(tmp_path)
    assert frame["body"].to_list() == [text] * 3
    assert [problem.kind for problem in problems] == [ENCODING]
    assert (
        problems[0].line
        == {"a.jsonl": 1, "a.json": 4 if False else problems[0].line, "a.csv": 2}[name]
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(f"{a}\n{b}\n".encode(encoding))
    frame, problems, _ = gather(tmp_path)
    assert frame["title"].to_list() == ["A", "B"]
    assert [(problem.kind, problem.line) for problem in problems] == [(ENCODING, 1)]


def test_damaged_utf8_is_replaced_not_reinterpreted(tmp_path: Path) -> None:
    line = json.dumps({"title": "Äpfel für Übermütige", "text": "ö"}, ensure_ascii=False).encode()
    (tmp_path / "a.jsonl").write_bytes(
        line + b"\n" + line.replace("ü".encode(), b"\xc3", 1) + b"\n"
    )
    frame, problems, _ = gather(tmp_path)
    assert frame["title"].to_list() == ["Äpfel für Übermütige", "Äpfel f\ufffdr Übermütige"]
    assert [(problem.kind, problem.line) for problem in problems] == [(ENCODING, 2)]


@pytest.mark.parametrize(
    ("content", "titles", "problems"),
    [
        ("title,text\nA,x\nB,y,z\nC,w\n", ["A", "C"], [(RECORD, 3)]),
        ("title,text\nA,x\nB\nC,w\n", ["A", "C"], [(RECORD, 3)]),
        ("title,text\nA,x,,\nB,y\n", ["A", "B"], []),
        ('title,text\nA,x\n"B,y\nC,w\nD,v\n', ["A", "C", "D"], [(RECORD, 3)]),
        ('title,text\nA,"x ""q"" y"\nB,"1\n2\n3"\n', ["A", "B"], []),
        ("title,text\n\n\nA,x\n\n", ["A"], []),
        ("\n\ntitle,text\nA,x\nB\n", ["A"], [(RECORD, 5)]),
        ("title,text\n" + "A,x\n" * 200, ["A"] * 200, []),
        ("\ufefftitle;text\nA;x, y\n", ["A"], []),
        ("title,text\nA,x\x00y\n", ["A"], []),
        ("title,title,text\nA,B,x\n", ["A"], []),
        ("title,text\rA,x\rB,y,z\rC,w\r", ["A", "C"], [(RECORD, 3)]),
        ('title,text\rA,"x\ry"\rB,y', ["A", "B"], []),
    ],
)
def test_broken_tables(
    tmp_path: Path, content: str, titles: list[str], problems: list[tuple[str, int]]
) -> None:
    assert read(tmp_path, content, "a.csv") == (titles, problems)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bin", bytes(range(256)) * 40),
        ("a.json", bytes(range(1, 256)) * 40),
        ("a.json", b"\x00" * 100),
        ("a.parquet", b"PAR1" + b"\x00" * 40 + b"PAR1"),
        ("a.arrow", b"ARROW1\x00\x00" + b"\x07" * 40),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 40),
        ("a.pkl", b"\x80\x04\x95" + b"\x00" * 40),
        ("a.xml", b"<doc title='x' url='y'><main><p>cut"),
        ("a.gz", b"\x1f\x8b\x08\x00rubbish"),
        ("feed.xml", b"<?xml version='1.0'?><rss><channel/></rss>"),
    ],
)
def test_what_is_no_data_is_an_unreadable_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    frame, problems, _ = gather(tmp_path)
    assert frame.is_empty()
    assert [(problem.kind, problem.path) for problem in problems] == [(FILE, str(tmp_path / name))]


def test_records_before_a_damaged_end_are_read(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"title": str(n), "text": f"{n}" * 50}) + "\n" for n in range(9000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    frame, problems, _ = gather(tmp_path)
    assert frame.height > 100
    assert FILE in {problem.kind for problem in problems}


def test_the_rest_of_the_input_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "b.jsonl").write_text(f"{a}\n{b}\n")
    frame, problems, _ = gather(tmp_path)
    assert frame["title"].to_list() == ["A", "B"]
    assert [problem.kind for problem in problems] == [FILE]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"title": "A" ' * 30_000),
        ("a.json", '[{"title": "A, "x": [' * 30_000),
        ("a.json", "[" * 300_000),
        ("a.json", "{" * 300_000),
        ("a.json", '{"a":' * 100_000),
        ("a.json", '[{"title": "' + '\\"' * 300_000),
        ("a.jsonl", '"' * 300_000 + "\n{"),
        ("a.jsonl", '{"title": "A", "source": "' + "a." * 100_000 + '"}'),
        ("a.jsonl", '{"title": "A", "author": "' + " " * 300_000 + 'and"}'),
        ("a.jsonl", '{"title": "A", "date": "' + "1/" * 100_000 + '"}'),
        ("a.txt", " date 2025-04-10 T\n" + "\n" * 300_000),
        ("a.txt", " date 2025-04-10 T\n\ndate" + " " * 300_000),
        ("a.txt", " date 2025-04-10 " + " " * 300_000 + "\rx"),
        ("a.csv", "title,text\n" + 'A,"x\n' * 50_001),
        ("a.csv", "title,text\n" + '"' * 300_001),
    ],
)
def test_hostile_input_takes_no_longer_than_its_size(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    started = time.perf_counter()
    gather(tmp_path / name)
    assert time.perf_counter() - started < 10
