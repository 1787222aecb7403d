"""Spans of collection: what records state, without a zone or an order of day and month that nobody named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.collection_times import is_span, is_vague, span_of, widened


@pytest.mark.parametrize(
    ("times", "span"),
    [
        ([], None),
        (["2024-05-01T10:00:00Z"], "2024-05-01T10:00:00Z"),
        (["2024-05-01T10:00:00Z", "1711475054"], "2024-03-26T17:44:14Z/2024-05-01T10:00:00Z"),
        (["2025-01-01"], "2025-01-01, without a time zone"),
        (["2025-01-03", "2025-01-01", "2025-01-02"], "2025-01-01/2025-01-03, without a time zone"),
        (["2025-01-01 10:00"], "2025-01-01T10:00:00, without a time zone"),
        (["2025/1/7", "2025.01.02 9:30"], "2025-01-02T09:30:00/2025-01-07, without a time zone"),
        (
            ["01/03/2025 10:00", "02/03/2025 11:30"],
            "2025-01-03T10:00:00/2025-02-03T11:30:00 with the month first, "
            "2025-03-01T10:00:00/2025-03-02T11:30:00 with the day first, without a time zone",
        ),
        (["03.04.2025 10:00"], "2025-04-03T10:00:00, without a time zone"),
        (["03.04.2025", "03.25.2025"], "2025-03-04/2025-03-25, without a time zone"),
        (["01.03.2025", "25.03.2025"], "2025-03-01/2025-03-25, without a time zone"),
        (["1/3/2025 1:05 PM", "1/25/2025 12:10 AM"], "2025-01-03T13:05:00/2025-01-25T00:10:00, without a time zone"),
        (["03/03/2025"], "2025-03-03, without a time zone"),
        (["March 1, 2025", "2 Mar 2025 10:00"], "2025-03-01/2025-03-02T10:00:00, without a time zone"),
        (["Sat, 01 Mar 2025 at 9:15"], "2025-03-01T09:15:00, without a time zone"),
        (
            ["2025-01-01", "2025-01-02T00:00:00Z", "2025-02-02"],
            "2025-01-02T00:00:00Z; 2025-01-01/2025-02-02, without a time zone",
        ),
        (["next week"], "written “next week”"),
        (["b", "c; “d”", "a", "31/31/2025"], "written “31/31/2025”, “a”, and others"),
        (["0001-01-01T00:00:00+23:00"], "written “0001-01-01T00:00:00+23:00”"),
    ],
)
def test_what_is_known_is_said_and_no_more(times: list[str], span: str | None) -> None:
    assert span_of(times) == span
    if span is not None:
        assert is_span(span)
        assert widened(span, span) == span


def test_what_is_open_is_told_from_what_is_known() -> None:
    assert [is_vague(span) for span in (None, "2026-02-03", "2024-05-01T10:00:00Z/2024-05-02T10:00:00Z")] == [False] * 3
    for times in (["2025-01-01"], ["01/02/2025"], ["then"], ["2024-05-01T10:00:00Z", "2024-05-01"]):
        assert is_vague(span_of(times))


def test_days_and_months_that_contradict_each_other_stay_open() -> None:
    said = span_of(["25/03/2025", "03/25/2025", "01/02/2025"])
    assert said == (
        "2025-03-25, without a time zone; 2025-01-02 with the month first, 2025-02-01 with the day first, "
        "without a time zone"
    )


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (None, None, None),
        ("2026-02-03", None, "2026-02-03"),
        ("2026-02-03/2026-02-05", "2026-02-01", "2026-02-01/2026-02-05"),
        (
            "2025-01-02, without a time zone",
            "2025-01-01, without a time zone",
            "2025-01-01/2025-01-02, without a time zone",
        ),
        (
            "2026-02-03T00:00:00Z",
            "2025-01-01, without a time zone",
            "2026-02-03T00:00:00Z; 2025-01-01, without a time zone",
        ),
        ("written “a”, “b”, and others", "written “c”", "written “a”, “b”, and others"),
        ("some words; of an old case“", "2026-02-03", "some words; of an old case“; 2026-02-03"),
    ],
)
def test_spans_are_widened(one: str | None, other: str | None, both: str | None) -> None:
    assert widened(one, other) == both


ZONELESS = st.integers(0, 3 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(st.lists(ZONELESS, min_size=2), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y %H:%M", "%m/%d/%Y", "%Y-%m-%dT%H:%M:%S"]))
def test_batches_come_to_what_the_whole_comes_to(moments: list[datetime], form: str) -> None:
    times = [moment.strftime(form) for moment in moments]
    whole = span_of(times)
    assert whole is not None
    assert "Z" not in whole
    assert "without a time zone" in whole
    assert is_span(whole)
    if form.startswith("%Y"):
        assert widened(span_of(times[:1]), span_of(times[1:])) == whole


@given(st.lists(st.text()))
def test_any_text_makes_a_span_that_reads_back(times: list[str]) -> None:
    said = span_of(times)
    assert said is None or is_span(said)
