"""The rules of family DAT: one fault, one finding, and what a reader is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.checks.instants import spell
from newsqa.dates.witness import swap, swapped_day, witnesses
from newsqa.engine import check_batch
from newsqa.plan import build_plan
from newsqa.readers import Batch, records_from_rows

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan():
    rules = [rule for rule in load_catalogue().rules if rule.family.code == "DAT"]
    return build_plan(rules, Context(now=NOW))


def found(plan, **record) -> list[dict]:
    frame = records_from_rows([record])
    partial = check_batch(Batch(frame, (), frame.height, 0), plan)
    assert partial.crashed == {}
    return [row for findings in partial.findings for row in findings.to_dicts()]


def told(plan, **record) -> list[str]:
    return [f"{row['name']} {row['severity']}: {row['message']}" for row in found(plan, **record)]


def test_a_swapped_date_is_one_finding_with_a_suggestion(plan):
    record = {
        "published": "2025-06-01",
        "crawled": "2025-01-07T09:00:00Z",
        "modified": "2025-01-07T08:00:00Z",
        "url": "https://tageblatt.example/2025/01/06/hafen/",
        "body": "BERLIN, 6. Januar (dpa) - Der Hafen ist seit Montag, 6. Januar, wieder offen.",
    }
    (row,) = found(plan, **record)
    assert row["message"] == (
        "published 2025-06-01, but the URL says 2025-01-06; day and month are probably swapped"
    )
    assert '"suggestion":"2025-01-06"' in row["evidence"]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"published": "2025-06-01", "crawled": "2025-01-07T09:00:00Z"},
            (
                "day-month-swapped error: published 2025-06-01,"
                " but the page was fetched on 2025-01-07; day and month are probably swapped"
            ),
        ),
        (
            {"published": "2025-04-05", "body": "LYON, 4 mai (AFP) - Le port a rouvert."},
            (
                "day-month-swapped error: published 2025-04-05, but the dateline says 2025-05-04;"
                " day and month are probably swapped"
            ),
        ),
        (
            {"published": "2025-10-04", "body": "They met on April 10. On April 9 they had not."},
            (
                "day-month-swapped error: published 2025-10-04,"
                " but the text names days around 2025-04-10 and none around that;"
                " day and month are probably swapped"
            ),
        ),
        (
            {"published": "2025-05-20", "crawled": "2025-05-01T11:00:00Z"},
            "published-in-future error: published 2025-05-20, 18 days after it was fetched",
        ),
        (
            {"published": "2026-03-20"},
            "published-in-future error: published 2026-03-20, 78 days after the time of the run",
        ),
        (
            {"published": "1970-01-01T00:00:00Z"},
            "published-implausible error: published 1970-01-01; the zero of Unix time",
        ),
        (
            {
                "published": "2025-06-15T10:00:00Z",
                "modified": "2025-06-15T10:00:00Z",
                "url": "https://daily.example/2025/05/01/harbour/",
            },
            (
                "url-date-mismatch error: published 2025-06-15, but the URL says 2025-05-01:"
                " 45 days later; it equals the date of the last change"
            ),
        ),
        (
            {"published": "2025-05-06", "url": "https://daily.example/2025/05/01/harbour/"},
            (
                "url-date-mismatch info: published 2025-05-06, but the URL says 2025-05-01:"
                " 5 days later"
            ),
        ),
        (
            {"published": "2025-05-16", "url": "https://daily.example/2025/05/01/harbour/"},
            (
                "url-date-mismatch warning: published 2025-05-16, but the URL says 2025-05-01:"
                " 15 days later"
            ),
        ),
        (
            {"published": "2025-04-27", "url": "https://daily.example/2025/05/01/harbour/"},
            (
                "url-date-mismatch info: published 2025-04-27, but the URL says 2025-05-01:"
                " 4 days earlier"
            ),
        ),
        (
            {"published": "2025-10-30", "url": "https://daily.example/preview-2025-11-05/"},
            (
                "url-date-mismatch info: published 2025-10-30, but the URL says 2025-11-05:"
                " 6 days earlier"
            ),
        ),
        (
            {"published": "2025-09-28", "url": "https://daily.example/2024/09/harbour/"},
            (
                "url-date-mismatch warning: published 2025-09-28, but the URL says 2024-09:"
                " 12 months later"
            ),
        ),
        (
            {"published": "2025-04-30", "body": "LYON, April 10 (Reuters) - The harbour reopened."},
            (
                "dateline-mismatch error: published 2025-04-30, 20 days later than the dateline,"
                " which says 2025-04-10"
            ),
        ),
        (
            {"published": "2025-04-15", "body": "LYON, April 10 (Reuters) - The harbour reopened."},
            (
                "dateline-mismatch info: published 2025-04-15, 5 days later than the dateline,"
                " which says 2025-04-10"
            ),
        ),
        (
            {"published": "2025-04-10", "body": "It reopened on Thursday, April 11, at noon."},
            "weekday-mismatch info: the text says Thursday, but 2025-04-11 is a Friday",
        ),
        (
            {
                "published": "2025-04-10",
                "body": "On Monday, April 8, and Tuesday, April 9, it shut.",
            },
            (
                "weekday-mismatch warning: the text says Monday, but 2025-04-08 is a Tuesday;"
                " all weekdays in the text fit 2024"
            ),
        ),
        (
            {"published": "2 hours ago"},
            "unreadable-published error: cannot read the publication date 2 hours ago",
        ),
        (
            {"published": "2025-05-20T10:00:00Z", "modified": "2025-05-01T10:00:00Z"},
            (
                "modified-before-published warning: changed 2025-05-01T10:00:00Z,"
                " 19 days before it was published"
            ),
        ),
        (
            {"published": "2025-05-01T18:00:00Z", "crawled": "2025-05-01T10:00:00Z"},
            (
                "crawled-before-published warning: published 2025-05-01T18:00:00Z,"
                " 8 hours after it was fetched"
            ),
        ),
    ],
)
def test_one_fault_is_one_finding(plan, record, expected):
    assert told(plan, **record) == [expected]


def test_url_and_dateline_against_one_wrong_date_are_one_finding(plan):
    names = [
        row["name"]
        for row in found(
            plan,
            published="2025-06-15",
            url="https://daily.example/2025/05/01/harbour/",
            body="LYON, May 1 (Reuters) - The harbour reopened on Thursday, May 1.",
        )
    ]
    assert names == ["url-date-mismatch"]


def test_offsets_point_at_the_date_in_the_url_and_in_the_body(plan):
    url = "https://daily.example/2025/05/01/harbour/"
    (row,) = found(plan, published="2025-06-15", url=url)
    assert url[row["start"] : row["end"]] == "2025/05/01"
    body = "🙂 It reopened on Thursday, April 11, at noon."
    (row,) = found(plan, published="2025-04-10", body=body)
    assert (row["field"], body[row["start"] : row["end"]]) == ("body", "April 11")


def test_a_story_that_names_close_days_has_no_finding(plan):
    body = (
        "ISTANBUL\nThe delegations met in Istanbul on April 10 for talks.\n\n"
        'The sides were to "make progress," a spokeswoman told reporters on April 8.\n\n'
        "An envoy told journalists on April 9 that the talks would go on. Rangers won on March 13."
    )
    assert told(plan, published="2025-04-10", title="Talks in Istanbul", body=body) == []


def test_hostile_text_does_not_crash(plan):
    body = "\ufdd0April\ufdd1 10 \u202e(AFP) - \x00" + "9" * 5000 + " Thursday, " * 500
    assert isinstance(
        told(plan, published="2025-04-10", url="https://" + "/2025" * 900, body=body), list
    )
    for extreme in ("0001-01-01", "9999-12-31T23:59:59Z"):
        rules = [row["name"] for row in found(plan, published=extreme, crawled=extreme, body="x")]
        assert rules


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(date(1996, 1, 1), date(2024, 12, 31)),
    shift=st.integers(-400, 400),
    form=st.sampled_from(["%Y/%m/%d/x/", "a-%Y-%m-%d/", "%Y%m%d/x", "%Y/%m/x/", "x/"]),
    head=st.sampled_from(
        ["LYON, {0:%B} {0.day} (AFP) - It", "It was {0:%A}, {0:%B} {0.day}.", "It"]
    ),
    lag=st.integers(-60, 60),
)
def test_a_date_has_at_most_one_fault(plan, day, shift, form, head, lag):
    published = day + timedelta(days=shift)
    record = {
        "published": published.isoformat(),
        "crawled": f"{day + timedelta(days=abs(lag))}T12:00:00Z",
        "url": f"https://daily.example/{day.strftime(form)}",
        "body": head.format(day + timedelta(days=lag)),
    }
    rows = found(plan, **record)
    weekdays = [row for row in rows if row["name"] == "weekday-mismatch"]
    assert len(rows) <= 1
    if abs(shift) <= 30:  # so close to the publication the year is never in doubt
        assert not weekdays


@given(st.dates())
def test_swapping_twice_changes_nothing(day):
    other = swap(day)
    assert other is None or (other != day and swap(other) == day)
    column = pl.DataFrame({"day": [day]}).select(swapped_day(pl.col("day")))
    assert column.item() == other


def test_a_record_without_a_date_has_no_witnesses():
    frame = records_from_rows([{"published": "", "url": "https://daily.example/2025/05/01/a/"}])
    assert witnesses(frame.row(0, named=True), NOW) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5, "5 seconds"), (60, "1 minute"), (7200, "2 hours"), (-86400 * 3, "3 days")],
)
def test_distances_in_words(seconds, text):
    assert spell(timedelta(seconds=seconds)) == text


# What scrapers and sites write that looks wrong and is not, against 1 January 2026.
INNOCENT = [
    {"published": "2026-01-01T13:30:00+14:00"},
    {"published": "2026-01-02 01:30:00", "title": "Local time far in the east"},
    {"published": "2026-01-02"},
    {"published": "2025-06-10T08:00:00", "modified": "2025-06-10T06:00:00Z"},
    {"published": "2025-06-10T18:00:00+09:00", "modified": "2025-06-10T10:00:00"},
    {"published": "2025-06-10", "modified": "2025-06-09T23:00:00Z"},
    {"published": "2025-06-10T10:00:30Z", "modified": "2025-06-10T10:00:00Z"},
    {"published": "2025-06-10T10:00:00Z", "modified": "2025-06-09T16:00:00Z"},
    {"published": "2025-06-10T10:00:00Z", "crawled": "2025-06-10"},
    {"published": "2025-06-10T10:00:00", "crawled": "2025-06-10T02:00:00Z"},
    {"published": "2025-06-11", "crawled": "2025-06-10T14:00:00Z"},
    {"published": "2025-06-10T10:00:00Z", "crawled": "2025-06-11T09:00:00Z"},
    {"published": "2025-06-10T23:30:00-05:00", "url": "https://n.example/2025/06/10/a/"},
    {"published": "2025-06-11T04:30:00Z", "url": "https://n.example/2025/06/10/a/"},
    {"published": "2025-06-09T15:00:00Z", "url": "https://n.example/2025/06/10/a/"},
    {"published": "2025-06-30T22:00:00Z", "url": "https://n.example/2025/07/a/"},
    {"published": "2025-06-10", "url": "https://n.example/budget/2024/2025/plan/"},
    {"published": "2025-06-10", "url": "https://n.example/season/2024/25/table/"},
    {"published": "2025-06-10", "url": "https://n.example/preview-2025-06-14-rovers-end/"},
    {"published": "04/03/2025", "url": "https://n.example/2025/03/04/a/"},
    {"published": "1989-11-10", "url": "https://n.example/1989/11/10/the-wall/"},
    {"published": "2025-01-01T00:00:00Z"},
    {"published": "2025-06-09T20:00:00Z", "body": "SYDNEY, June 10 (AAP) - The harbour is open."},
    {"published": "2025-06-10", "body": "Harbour Choir, March 10 (Sold out) - doors at eight."},
    {"published": "2025-06-10", "body": "From Friday to Sunday, June 13 to 15, the fair is on."},
    {"published": "2025-06-10", "body": "The fair is on Friday 13 and Saturday 14 June."},
    {"published": "2025-06-10", "body": "Am Dienstag (10.6.) und am Mittwoch, 11.6., ist Markt."},
    {"published": "2025-06-10", "body": "Na terça-feira (10/6) e na quarta (11/6) há feira."},
    {"published": "2025-06-10", "body": "Pazar 10 Haziran tarihinde kuruldu, çarşamba kalkacak."},
    {"published": "2025-06-10", "body": "It began on Good Friday, April 18, and never ended."},
    {"published": "2025-06-10", "body": "It began on Monday, June 10, 2024, and never ended."},
]


@pytest.mark.parametrize("record", INNOCENT)
def test_what_only_looks_wrong_raises_nothing(plan, record):
    fields = {"url": "https://n.example/a", "body": "The harbour is open again."} | record
    assert told(plan, **fields) == []


@pytest.mark.parametrize("field", ["published", "modified", "crawled"])
@pytest.mark.parametrize("value", ["0001-01-01T00:00:00", "0025-06-10", "1970-01-01T00:00:00Z"])
def test_a_day_before_the_web_is_a_finding_in_every_field(plan, field, value):
    record = {"published": "2025-06-10", "body": "The harbour is open again."} | {field: value}
    assert [row["name"] for row in found(plan, **record)] == [f"{field}-implausible"]
