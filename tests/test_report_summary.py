"""The model that every format shows: numbers, groups, order and caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.report.examples import NO_SOURCE, example_of, segments, spread
from newsqa.report.sources import MAX_ROWS, source_table
from newsqa.report.summary import MAX_EXAMPLES, MAX_FILES, summarise
from tests import report_factory as factory


def shown(text: str, *spans: tuple[int, int]) -> list[tuple[str, bool]]:
    return [(segment.text, segment.marked) for segment in segments(text, spans)]


def test_excerpt_is_cut_at_its_span() -> None:
    assert shown("a leak here", (2, 6)) == [("a ", False), ("leak", True), (" here", False)]


def test_overlapping_spans_are_one_mark() -> None:
    assert shown("abcdef", (1, 3), (2, 5)) == [("a", False), ("bcde", True), ("f", False)]


def test_line_ends_are_one_sign() -> None:
    assert shown("one\n\n \ntwo", (0, 3)) == [("one", True), ("↵ two", False)]


def test_long_excerpt_says_that_the_text_goes_on() -> None:
    text = [s.text for s in segments("x" * 240, [(100, 110)], start=5000)]
    assert (text[0], text[-1]) == ("…", "…")


@given(st.text(max_size=300), st.integers(-5, 400), st.integers(-5, 400))
def test_any_span_keeps_the_text(text: str, start: int, end: int) -> None:
    parts = segments(text, [(start, end)])
    kept = "".join(p.text for s in parts for p in s.pieces if p.text != "…")
    assert set(kept) <= set(text)


def test_rules_over_the_limit_come_first_then_the_worse_severity() -> None:
    rules = summarise(factory.broken()).rules
    keys = [(not r.failed, ["error", "warning", "info"].index(r.state.severity)) for r in rules]
    assert keys == sorted(keys)
    assert [r.failed for r in rules].count(True) == 4


def test_examples_come_from_every_source() -> None:
    summary = summarise(factory.broken())
    leak = next(r for r in summary.rules if r.state.rule.code == "LEK001")
    assert len(leak.examples) == MAX_EXAMPLES
    assert {e.source for e in leak.examples} == set(factory.SOURCES)
    assert leak.hidden == leak.state.findings - MAX_EXAMPLES


def test_sources_past_the_limit_are_one_row_that_counts_them_all() -> None:
    names = tuple(f"outlet-{n:02}.example" for n in range(48))
    result = factory.broken(900, names)
    rows = summarise(result).sources
    assert len(rows) == MAX_ROWS + 1
    assert rows[-1].folded == 48 - MAX_ROWS
    assert sum(row.records for row in rows) == result.totals["records_read"]
    assert sum(row.findings for row in rows) == result.totals["findings"]
    assert [row.errors for row in rows[:-1]] == sorted((r.errors for r in rows[:-1]), reverse=True)


def test_cells_count_findings_by_source_and_rule() -> None:
    result = factory.broken()
    summary = summarise(result)
    row, code = summary.sources[0], summary.columns[0]
    own = result.findings.filter((pl.col("source") == row.name) & (pl.col("rule") == code))
    assert row.cells[0].text == str(own.height)
    assert row.cells[0].about.endswith(f"of {row.records} records")


def test_fields_that_are_always_filled_are_no_columns() -> None:
    summary = summarise(factory.broken())
    assert summary.fields == ("summary", "section", "authors")
    assert "title" in summary.full
    assert "dateline" not in summary.full + summary.fields


def test_source_without_a_name_is_shown() -> None:
    rows = [factory.finding(0, "LEK001", "template-leak", "error", None)]
    result = factory.build(rows, {None: 4, "courier.example": 4})
    summary = summarise(result)
    assert {row.name for row in summary.sources} == {NO_SOURCE, "courier.example"}
    assert {chart.source for chart in summary.charts} == {NO_SOURCE, "courier.example"}


def test_finding_of_no_record_is_counted_for_its_source() -> None:
    over = {"record": None, "line": None, "path": "", "excerpt": None, "id": None, "url": None}
    rows = [factory.finding(0, "DAT003", "published-in-future", "error", "courier.example", **over)]
    summary = summarise(factory.build(rows, {"courier.example": 9}))
    assert summary.sources[0].errors == 1
    assert summary.sources[0].flawed == 0
    assert summary.rules[0].examples[0].place == ""
    assert summary.worst == ()


def test_worst_record_shows_each_text_once_with_all_its_marks() -> None:
    first = factory.finding(0, "LEK001", "template-leak", "error", "courier.example")
    second = first | {"rule": "LEK002", "evidence": '{"excerpt_start": 0, "excerpt_end": 5}'}
    summary = summarise(factory.build([first, second], {"courier.example": 9}))
    (record,) = summary.worst
    (text,) = record.texts
    assert record.findings == 2
    assert [s.text for s in text.excerpt if s.marked] == ["Storm", "{{ article.kicker }}"]
    assert [code for code, *_ in text.messages] == ["LEK001", "LEK002"]


def test_spread_takes_turns_so_that_noise_hides_nothing() -> None:
    rows = [
        factory.finding(n, "BLD001", "site-line", "warning", "loud.example") for n in range(500)
    ]
    rows.append(factory.finding(500, "LEK001", "template-leak", "error", "quiet.example"))
    kept = spread(factory.frame(rows), 10, ("rule", "source"))
    assert kept.height == 10
    assert kept["rule"].to_list().count("LEK001") == 1
    assert kept["line"].is_sorted()


def test_one_absurd_date_does_not_flatten_the_charts() -> None:
    days = factory.day_frame({"courier.example": 5})
    old = pl.DataFrame(
        {"source": ["courier.example"], "day": [date(1970, 1, 1)], "records": [1]},
        schema=days.schema,
    )
    result = factory.build([], {"courier.example": 5}, days=pl.concat([days, old]))
    summary = summarise(result)
    assert summary.axis is not None
    assert summary.axis.first.year == 2026
    assert summary.charts[0].outside == 1
    assert summary.charts[0].first == date(1970, 1, 1)


def test_clean_run_says_what_passed() -> None:
    summary = summarise(factory.clean())
    assert summary.headline == "No findings. 12,345 records from 14 sources passed 9 rules."
    assert summary.rules == ()
    assert len(summary.silent) == 9


def test_empty_run_claims_nothing() -> None:
    summary = summarise(factory.empty())
    assert summary.headline == "No record was found in 1 file."
    assert (summary.held, summary.silent, summary.sources, summary.charts) == ((), (), (), ())


def test_crash_is_named() -> None:
    summary = summarise(factory.crashed())
    assert "BLD002" in summary.headline
    assert summary.idle[0].status == "crashed"


def test_many_files_are_folded_but_refused_ones_are_named() -> None:
    files = [
        factory.File(path=f"out/{n}.json", container="json", found=1, read=1) for n in range(400)
    ]
    files.append(factory.File(path="out/bad.json", container="json", found=2, read=1, refused=1))
    rows = summarise(factory.build([], {"a.example": 401}, files=tuple(files))).files
    assert [row.name for row in rows] == ["out/bad.json", "400 files"]
    assert rows[1].found == 400
    assert len(rows) <= MAX_FILES


def test_evidence_becomes_facts() -> None:
    row = factory.finding(0, "DAT003", "published-in-future", "error", "courier.example")
    assert dict(example_of(row).facts) == {"lead days": "97", "crawled": "2026-11-24T06:00:00Z"}


def test_source_table_joins_records_and_findings() -> None:
    table = source_table(factory.broken())
    assert table["findings"].sum() == 156
    assert set(table["shown"]) == set(factory.SOURCES)


def test_input_says_how_keys_and_dates_were_read() -> None:
    summary = summarise(factory.broken())
    (mapping,) = summary.mappings
    assert mapping.fields == (("title", "headline"), ("body", "text"))
    assert mapping.unmapped == ("ad_slot", "lang_guess")
    assert summary.day_orders == (("courier.example", "day-first"),)


def test_dates_of_the_years_1_and_9999_are_counted_and_named_outside() -> None:
    days = factory.day_frame({"courier.example": 5}).head(6)
    wrong = pl.DataFrame(
        {
            "source": ["courier.example"] * 2,
            "day": [date(1, 1, 1), date(9999, 12, 31)],
            "records": [3, 1],
        },
        schema=days.schema,
    )
    result = factory.build([], {"courier.example": 5}, days=pl.concat([days, wrong]))
    summary = summarise(result)
    assert summary.axis is not None
    assert (summary.axis.last - summary.axis.first).days < 60
    assert summary.charts[0].outside == 4
    assert summary.charts[0].outside_days == ("0001-01-01", "9999-12-31")


def test_fill_rates_tell_their_change_and_vanished_sources_are_named() -> None:
    past = SourceFigures(60, {"authors": 60})
    names = (*factory.SOURCES, "vanished.example")
    run = EarlierRun(
        "a", "2026-11-23", "pass", 360, 5, 5, 0, dict.fromkeys(names, past), {"LEK001": 2}
    )
    summary = summarise(replace(factory.broken(), earlier=(run, run, run)))
    assert summary.changed is not None
    assert summary.changed.vanished == ("vanished.example",)
    column = summary.fields.index("authors")
    changes = [row.filled[column].change for row in summary.sources]
    assert any(change.startswith("−") for change in changes)
    gate = next(row for row in summary.failed_rows if row.gate.rule == "LEK001")
    assert gate.change == f"+{gate.gate.findings - 2}"
    assert gate.curve is not None
    assert len(gate.curve.bars) == 4


def test_first_run_has_nothing_to_compare_with() -> None:
    assert summarise(factory.broken()).changed is None
