"""Parts are read ahead of their check, in order, and what goes wrong belongs to its part."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsqa.parts.ahead import ReadAhead
from newsqa.parts.engines import Here
from tests.parts_support import SMALL, check, lines, told, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT = 10


@dataclass(frozen=True)
class Numbered:
    number: int
    is_stretch: bool = True


class Reader:
    """Reads some batches, and says of each that it was read."""

    def __init__(self, part: Any, batches: int = 2, fails: tuple[int, ...] = ()) -> None:
        self.part = part
        self._batches, self._fails = batches, fails
        self.read = [threading.Event() for _ in range(batches)]

    def __iter__(self) -> Iterator[Any]:
        for number in range(self._batches):
            if self.part.number in self._fails and number == self._batches - 1:
                raise ValueError(f"part {self.part.number}")
            self.read[number].set()
            yield (self.part.number, number), number


class Parts:
    """Some parts, and all their readers."""

    def __init__(self, count: int, **how: Any) -> None:
        self.readers = [Reader(Numbered(n), **how) for n in range(count)]
        self.ahead = ReadAhead(lambda part: self.readers[part.number])  # type: ignore[arg-type,return-value]
        self.tasks: list[Any] = [(Numbered(n), Path(str(n))) for n in range(count)]


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "newsqa-ahead"]


def test_parts_come_in_order_and_whole():
    parts = Parts(5)
    with parts.ahead.of(parts.tasks) as tasks:
        found = [
            batch
            for part, _ in tasks
            for batch, _ in parts.ahead.batches(parts.readers[part.number])
        ]
    assert found == [(part, batch) for part in range(5) for batch in range(2)]
    assert not threads()


def test_the_next_batch_is_read_while_one_is_checked_and_no_other():
    parts = Parts(3)
    with parts.ahead.of(parts.tasks) as tasks:
        for part, _ in tasks:
            for at, (batch, _) in enumerate(parts.ahead.batches(parts.readers[part.number])):
                following = (part.number, at + 1) if at == 0 else (part.number + 1, 0)
                if following[0] < 3:
                    assert parts.readers[following[0]].read[following[1]].wait(WAIT), batch
                if at == 0 and part.number < 2:
                    assert not parts.readers[part.number + 1].read[0].wait(0.05)


def test_what_reading_raises_is_raised_where_the_part_is_checked():
    parts = Parts(3, fails=(1,))
    found: list[Any] = []
    with parts.ahead.of(parts.tasks) as tasks:
        for part, _ in tasks:
            try:
                found += [batch for batch, _ in parts.ahead.batches(parts.readers[part.number])]
            except ValueError as error:
                found.append(str(error))
    assert found == [(0, 0), (0, 1), "part 1", (2, 0), (2, 1)]


def test_a_part_that_is_given_up_leaves_nothing_to_the_next():
    parts = Parts(3, batches=4)
    with parts.ahead.of(parts.tasks) as tasks:
        first = [next(parts.ahead.batches(parts.readers[part.number]))[0] for part, _ in tasks]
    assert first == [(0, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize("taken", [0, 1])
def test_the_thread_ends_with_a_check_that_fails(taken: int):
    parts = Parts(3)

    def fail() -> None:
        with parts.ahead.of(parts.tasks) as tasks:
            part, _ = next(tasks)
            for _ in range(taken):
                next(parts.ahead.batches(parts.readers[part.number]))
            raise KeyError("check")

    with pytest.raises(KeyError):
        fail()
    assert not threads()


def test_a_check_that_fails_does_not_wait_for_what_never_comes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newsqa.parts.ahead._PATIENCE", 0.05)
    asked, come = threading.Event(), threading.Event()

    class Silent(Reader):
        def __iter__(self) -> Iterator[Any]:
            asked.set()
            come.wait(WAIT)
            yield from ()

    parts = Parts(1)
    parts.readers[0] = Silent(Numbered(0))

    def fail() -> None:
        with parts.ahead.of(parts.tasks) as tasks:
            next(tasks)
            assert asked.wait(WAIT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    (left,) = threads()
    come.set()
    left.join(WAIT)
    assert not threads()


def test_files_that_python_reads_are_read_in_their_turn():
    parts = Parts(3)
    whole = Numbered(1, is_stretch=False)
    parts.readers[1].part = whole
    parts.tasks[1] = (whole, Path("1"))
    found = []
    with parts.ahead.of(parts.tasks) as tasks:
        for part, _ in tasks:
            assert part.number != 1 or not parts.readers[1].read[0].is_set()
            found += [batch for batch, _ in parts.ahead.batches(parts.ahead.reader(part))]
    assert found == [(part, batch) for part in range(3) for batch in range(2)]


def test_without_parts_nothing_is_read():
    parts = Parts(0)
    with parts.ahead.of(parts.tasks) as tasks:
        assert list(tasks) == []


def test_one_folder_that_cannot_be_written_does_not_harm_the_parts_after_it(tmp_path: Path):
    parts = Parts(3, batches=3)
    (tmp_path / "file").write_text("")
    places = [tmp_path / "0", tmp_path / "file" / "1", tmp_path / "2"]

    def work(part: Any, _folder: Path, ahead: ReadAhead) -> list[Any]:
        return [batch for batch, _ in ahead.batches(ahead.reader(part))]

    given: Any = [(part, place) for (part, _), place in zip(parts.tasks, places, strict=True)]
    with parts.ahead.of(given) as tasks:
        found = dict(Here().run(partial(work, ahead=parts.ahead), tasks))
    assert isinstance(found.pop(1), OSError)
    assert found == {n: [(n, 0), (n, 1), (n, 2)] for n in (0, 2)}


def test_no_thread_is_left_after_a_check(tmp_path: Path):
    path = write_lines(tmp_path / "a.jsonl", lines(60))
    cut = check([path], small=SMALL)
    assert cut.run["parts"] > 3
    assert told(cut) == told(check([path]))
    assert not threads()
