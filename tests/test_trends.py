"""How long other sources go on, told for many sources at once."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from newsqa.checks.trends import _ends, _Rhythm

START = date(2025, 3, 3)


def test_others_go_on_until_the_middle_of_their_last_days() -> None:
    chance = Random(2)

    def plain(own: _Rhythm, steady: list[_Rhythm]) -> date | None:
        others = [o for o in steady if o is not own and o.first <= own.last]
        lasts = sorted(o.last for o in [o for o in others if o.files & own.files] or others)
        return lasts[(len(lasts) - 1) // 2] if lasts else None

    for _ in range(300):
        steady = []
        for name in range(chance.randint(0, 9)):
            first = START + timedelta(days=chance.randint(0, 60))
            counts = {first: 1, first + timedelta(days=chance.randint(0, 40)): 1}
            files = frozenset(chance.sample("abcd", chance.randint(0, 2)))
            steady.append(_Rhythm(str(name), counts, files))
        assert _ends(steady) == [plain(rhythm, steady) for rhythm in steady]
