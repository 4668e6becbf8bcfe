"""Parts cover their input exactly, and where they begin moves little when files come and go."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.parts.engines import fill
from newsqa.readers import cut as cut_module
from newsqa.readers.cut import Part, cut
from newsqa.readers.discover import InputFile
from newsqa.run import How
from tests.parts_support import ONE, check, config, lines, parts_of, records, write_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LINE = st.one_of(
    st.sampled_from([b"", b"\r", b"  ", b'{"title": "x"}', b"{broken", b"\xff", b"\xef\xbb\xbf"]),
    st.integers(0, 90).map(lambda n: b'{"text": "' + b"x" * n + b'"}'),
)  # fmt: skip


def parts(*files: Path | str, named: bool = True) -> list[Part]:
    return list(cut([InputFile(str(file), named=named) for file in files]))


@given(st.lists(LINE, min_size=30, max_size=60), st.booleans(), st.integers(20, 150))
@settings(deadline=None, max_examples=60)
def test_stretches_cover_a_file_from_line_to_line(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], closed: bool, size: int
) -> None:
    whole = b'{"title": "first"}\n' * 25 + b"\n".join(content) + b"\n" * closed
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_bytes(whole)
    with parts_of(size):
        found = parts(path)
    assert len(found) > 1
    at = 0
    for part in found:
        (file,) = part.files
        assert file.start == at
        assert at == 0 or whole[at - 1 : at] == b"\n"
        assert file.line == 1 + whole.count(b"\n", 0, at)
        assert part.continues == (at > 0)
        at = len(whole) if file.end is None else file.end
        assert part.size == at - file.start
    assert at == len(whole)
    assert [part.number for part in found] == [*range(len(found))]
    assert [part.files[0].end is None for part in found] == [False] * (len(found) - 1) + [True]


def test_a_line_that_fills_parts_stays_whole(tmp_path: Path) -> None:
    giant = b'{"text": "' + b"x" * 5000 + b'"}'
    path = write_lines(tmp_path / "a.jsonl", [*lines(3), giant, *lines(3)])
    with parts_of(100):
        assert any(
            giant in path.read_bytes()[f.start : f.end] for p in parts(path) for f in p.files
        )
        alone = write_lines(tmp_path / "b.jsonl", [giant], b"")
        (part,) = parts(alone)
    assert part.files[0].is_whole


def test_rows_are_covered(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(records(50)).write_parquet(path)
    with parts_of(100, rows=20):
        found = [(part.files[0].start, part.files[0].end) for part in parts(path)]
    assert found == [(0, 20), (20, 40), (40, None)]


def array(path: Path) -> None:
    path.write_text(json.dumps(records(60)))


def table(path: Path) -> None:
    pl.DataFrame(records(60)).write_csv(path)


def arrow(path: Path) -> None:
    pl.DataFrame(records(60)).write_ipc(path)


def damaged(path: Path) -> None:
    path.write_bytes(b"PAR1" + b"\0" * 9000)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.jsonl.gz", lambda p: p.write_bytes(gzip.compress(b"\n".join(lines(900))))),
        ("a.jsonl.bz2", lambda p: p.write_bytes(bz2.compress(b"\n".join(lines(900))))),
        ("a.jsonl", lambda p: p.write_bytes(b"\n".join(lines(60)).decode().encode("utf-16"))),
        ("a.json", array), ("a.csv", table), ("a.arrow", arrow), ("a.parquet", damaged),
        ("a.txt", lambda p: p.write_text("no data at all " * 1000)),
        ("a.bin", lambda p: p.write_bytes(bytes(range(256)) * 50)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_from_the_middle_is_not_cut(
    tmp_path: Path, name: str, write: Callable[[Path], Any]
) -> None:
    write(tmp_path / name)
    with parts_of(1000):
        assert (tmp_path / name).stat().st_size >= 2000
        (part,) = parts(tmp_path / name)
    assert part.files[0].is_whole


def test_files_that_are_not_there_or_empty_are_parts_too(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    url = "https://news.example/a.jsonl"
    found = parts(tmp_path / "empty.jsonl", url, tmp_path / "gone.jsonl", "nul\0.jsonl")
    assert [len(part.files) for part in found] == [2, 2], "what is behind a URL ends a part"
    assert [part.size for part in found] == [0, 0]
    assert parts() == []


def sizes_of(monkeypatch: pytest.MonkeyPatch, sizes: dict[str, int]) -> list[InputFile]:
    monkeypatch.setattr(cut_module, "size_of", lambda file: sizes[file.path])
    return [InputFile(path, named=False) for path in sorted(sizes)]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 60_000_000)), max_size=80))
@settings(deadline=None, max_examples=50)
def test_many_files_keep_their_order(given_files: list[tuple[int, int]]) -> None:
    sizes = {f"out/{name:07}.json": size for name, size in given_files}
    with pytest.MonkeyPatch.context() as patch:
        files = sizes_of(patch, sizes)
        found = list(cut(files))
    assert [file for part in found for file in part.files] == files
    assert [part.size for part in found] == [sum(sizes[f.path] for f in p.files) for p in found]
    before_last = [part.size - sizes[part.files[-1].path] for part in found]
    assert all(size < cut_module.PART_BYTES for size in before_last)


def files_of(parts_: Iterable[Part]) -> set[tuple[InputFile, ...]]:
    return {part.files for part in parts_}


@pytest.mark.parametrize(("number", "size"), [(20_000, 3000), (300, 5_000_000)])
def test_a_file_that_comes_or_goes_moves_few_borders(
    monkeypatch: pytest.MonkeyPatch, number: int, size: int
) -> None:
    sizes = {f"out/{n * 7919 % 999_983:06x}.json": size for n in range(number)}
    files = sizes_of(monkeypatch, sizes)
    whole = files_of(cut(files))
    assert len(whole) > 15
    middle = len(files) // 2
    for other in (
        files[:middle] + files[middle + 1 :],
        files[1:],
        files[:-1],
        [*files[:middle], InputFile(files[middle].path + ".json", named=False), *files[middle:]],
    ):
        sizes[files[middle].path + ".json"] = size
        changed = files_of(cut(other)) - whole
        assert len(changed) <= 3


def test_limits_hold_where_no_name_ends_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_module, "_BORDERS", ())
    files = sizes_of(monkeypatch, {f"{n:05}.json": 10 for n in range(9000)})
    assert [len(part.files) for part in cut(files)] == [4000, 4000, 1000]


def test_a_folder_that_is_cut_apart_is_learnt_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    learn = cut_module.learn_folder

    def counted(files: Iterator[InputFile], fields: Any) -> Any:
        given_files = list(files)
        asked.append([Path(file.path).name for file in given_files])
        return learn(given_files, fields)

    monkeypatch.setattr(cut_module, "learn_folder", counted)
    for folder, number in (("a", 3), ("b", 9), ("c", 2)):
        (tmp_path / folder).mkdir()
        for n in range(number):
            (tmp_path / folder / f"{n}.json").write_bytes(lines(1)[0])
    files = sorted(str(path) for path in tmp_path.rglob("*.json"))
    with parts_of(ONE, files=5):
        found = parts(*files)
    assert asked == [[f"{n}.json" for n in range(9)]]
    folders = [[Path(shared.folder).name for shared in part.shared] for part in found]
    assert folders == [["b"], ["b"], ["b"]]


class Vanishing:
    """Works in this process; a file is gone once the first part is done."""

    elsewhere = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, work: Any, tasks: Iterable[tuple[Any, Path]]) -> Iterator[tuple[int, Any]]:
        for number, (task, folder) in enumerate(list(tasks)):
            yield number, fill(work, task, folder)
            self._path.unlink(missing_ok=True)


@pytest.mark.parametrize("rules", [(), ("LEK001",)])
def test_a_file_that_vanishes_is_one_unread_file(tmp_path: Path, rules: Sequence[str]) -> None:
    path = write_lines(tmp_path / "a.jsonl", lines(60))
    how = How(engine=Vanishing(path))
    result = check([path], small=(3000,), how=how, config=config(*rules))
    assert result.run["parts"] > 3
    assert result.totals["unread_files"] == 1
    assert 0 < result.totals["records_read"] < 60
    unread = [f for f in result.findings.to_dicts() if f["name"] == "unreadable-file"]
    assert len(unread) == (not rules)
    assert [file["path"] for file in result.run["files"]] == [str(path)]
