"""The matrix: what it sums, what it folds, and that its numbers add up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.columns import all_columns, find_column
from assessment.dashboards import build_board
from assessment.periods import period_of
from assessment.places import Place
from assessment.terms import Status
from assessment.verdict_rows import Row

ON = date(2026, 6, 20)
MONTHLY = find_column("monthly-activity")
LECTURES = find_column("party-lectures")
COVERAGE = find_column("community-coverage")

COUNTY = Place(1, "c", "测试县", "county_committee", "c/")
STREETS = [
    Place(10 + number, f"s{number}", f"街道{number}", "street_committee", f"c/s{number}/")
    for number in range(3)
]
COMMUNITIES = [
    Place(100 + at, f"m{at}", f"社区{at}", "community_branch", f"{above.path}m{at}/")
    for at, above in enumerate(STREETS * 3)
]
PLACES = sorted([COUNTY, *STREETS, *COMMUNITIES], key=lambda place: place.path)


def row(place, column, status, *, month=6, value="0", target="1", subject=""):
    calendar = column.rule.cycle.is_calendar
    period = period_of(date(2026, month, 1), column.rule.cycle) if calendar else None
    return Row(
        place.pk,
        subject or place.code,
        column.rulebook,
        column.rule.id,
        period,
        Decimal(value),
        Decimal(target),
        status,
    )


def board(rows, *, places=PLACES, columns=None, **more):
    return build_board(places, rows, columns or [COVERAGE, MONTHLY, LECTURES], on=ON, **more)


def cell(line, column):
    return next(cell for cell in line.cells if cell.column.key == column.key)


verdicts = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from([COVERAGE, MONTHLY, LECTURES]),
        st.sampled_from(sorted(Status)),
        st.integers(1, 6),
        st.integers(0, 9),
        st.integers(1, 9),
    ),
    max_size=60,
    unique_by=lambda verdict: (verdict[0].pk, verdict[1].key, verdict[3]),
)


@given(verdicts)
def test_children_add_up_to_their_street_and_the_streets_to_the_total(found):
    rows = [
        row(place, column, status, month=month, value=str(value), target=str(target))
        for place, column, status, month, value, target in found
    ]

    drawn = board(rows)

    for index, total in enumerate(drawn.total):
        heads = [group.whole.cells[index] for group in drawn.groups]
        lines = [line.cells[index] for group in drawn.groups for line in group.lines]
        for parts in (heads, lines):
            assert sum((part.tally.by_status for part in parts), Counter()) == total.tally.by_status
            assert sum(part.tally.met for part in parts) == total.tally.met
            assert sum(part.tally.target for part in parts) == total.tally.target
            assert sum(part.missed_before for part in parts) == total.missed_before


@given(verdicts)
def test_no_rate_is_above_a_hundred_nor_of_nothing(found):
    rows = [
        row(place, column, status, month=month, value=str(value), target=str(target))
        for place, column, status, month, value, target in found
    ]

    drawn = board(rows)

    for total in drawn.total:
        assert (total.tally.rate is None) == (total.tally.judged == 0)
        assert total.tally.rate is None or 0 <= total.tally.rate <= 100


def test_none_of_nine_stays_none_of_nine():
    drawn = board([row(place, MONTHLY, Status.DUE) for place in COMMUNITIES])

    total = next(cell for cell in drawn.total if cell.column == MONTHLY)
    assert (total.tally.met, total.tally.judged, total.tally.rate) == (0, 9, 0)


def test_a_cell_shows_the_newest_period_and_counts_the_earlier_ones_missed():
    place = COMMUNITIES[0]
    rows = [
        row(place, MONTHLY, Status.MISSED, month=2),
        row(place, MONTHLY, Status.MET, month=3, value="1"),
        row(place, MONTHLY, Status.MISSED, month=5),
        row(place, MONTHLY, Status.DUE, month=6),
    ]

    line = board(rows).groups[0].lines[0]

    shown = cell(line, MONTHLY)
    assert shown.status is Status.DUE
    assert shown.row.period.first == date(2026, 6, 1)
    assert shown.missed_before == 2


def test_a_street_counts_its_communities_that_nobody_covers_one_by_one():
    street = STREETS[0]
    rows = [
        row(street, COVERAGE, Status.MISSED, subject="area1"),
        row(street, COVERAGE, Status.MISSED, subject="area2"),
        row(COMMUNITIES[0], COVERAGE, Status.MET, value="1"),
    ]

    group = board(rows).groups[0]

    shown = cell(group.whole, COVERAGE)
    assert (shown.tally.met, shown.tally.judged) == (1, 3)
    assert shown.status is Status.MISSED


def test_the_most_urgent_status_stands_for_several():
    rows = [
        row(COMMUNITIES[0], MONTHLY, Status.MET, value="1"),
        row(COMMUNITIES[3], MONTHLY, Status.BEHIND),
        row(COMMUNITIES[6], MONTHLY, Status.DUE),
    ]

    group = board(rows).groups[0]

    assert cell(group.whole, MONTHLY).status is Status.DUE
    assert [mark.status for mark, _number in group.whole.calling] == ["due", "behind"]


def test_a_street_opens_where_it_is_asked_for_and_alone():
    rows = [row(place, MONTHLY, Status.DUE) for place in COMMUNITIES]

    drawn = board(rows, opened=["s1"])

    assert [(group.place.code, group.is_open) for group in drawn.groups] == [
        ("s0", False),
        ("s1", True),
        ("s2", False),
    ]


def test_the_filter_by_status_leaves_units_out_but_not_out_of_the_total():
    rows = [row(place, MONTHLY, Status.MET, value="1") for place in COMMUNITIES[1:]]
    rows.append(row(COMMUNITIES[0], MONTHLY, Status.MISSED))

    drawn = board(rows, status=Status.MISSED)

    assert [line.place for group in drawn.groups for line in group.lines] == [COMMUNITIES[0]]
    assert drawn.groups[0].place == STREETS[0]
    assert drawn.groups[0].is_open
    assert next(cell for cell in drawn.total if cell.column == MONTHLY).tally.judged == 9


def test_a_unit_that_no_rule_asks_is_no_line():
    rows = [
        row(COMMUNITIES[0], MONTHLY, Status.NOT_APPLICABLE, target="0"),
        row(COMMUNITIES[1], MONTHLY, Status.DUE),
    ]

    drawn = board(rows)

    assert [line.place for group in drawn.groups for line in group.lines] == [COMMUNITIES[1]]
    assert drawn.units == 1


def test_several_counties_are_grouped_by_county():
    other = Place(2, "d", "旁县", "county_committee", "d/")
    below = Place(20, "d1", "旁县街道", "street_committee", "d/d1/")
    places = [*PLACES, other, below]
    rows = [row(COMMUNITIES[0], MONTHLY, Status.DUE), row(below, LECTURES, Status.DUE)]

    drawn = board(rows, places=places)

    assert [group.place for group in drawn.groups] == [COUNTY, other]


def test_units_whose_street_the_reader_does_not_see_are_shown_without_a_head():
    drawn = board([row(COMMUNITIES[0], MONTHLY, Status.DUE)], places=[COMMUNITIES[0]])

    assert drawn.groups[0].is_flat


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("monthly-activity", date(2026, 6, 1)),
        ("study-sessions", date(2026, 4, 1)),
        ("county-research-inspection", date(2026, 1, 1)),
        ("party-lectures", date(2026, 1, 1)),
    ],
)
def test_the_newest_period_is_the_one_that_the_day_lies_in(rule, first):
    assert find_column(rule).newest_period(ON).first == first


def test_rules_without_a_calendar_have_no_newest_period():
    periods = {
        column.rule.id: column.newest_period(ON)
        for column in all_columns()
        if not column.rule.cycle.is_calendar
    }

    assert set(periods.values()) == {None}
    assert "rotation-training" in periods
