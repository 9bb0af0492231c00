"""Somebody's history as one list: every kind is in it, sorted, filtered, within reach."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.choices import Nature, StepKind, TransferState
from members.models import DevelopmentStep, StandingSpell
from members.timeline import EventKind
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AppraisalFactory,
    AttendanceFactory,
    ExemptionFactory,
    FloatingCheckFactory,
    FloatingEntryFactory,
    GuestNoteFactory,
    MemberFactory,
    PledgeFactory,
    PostHoldingFactory,
    TransferFactory,
    UnfitCaseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="李晓梅")


@pytest.fixture
def of_all_kinds(member, community, neighbour):
    """One of everything that can stand on a record."""
    AppointmentFactory(person=member, unit=community, begun_on=date(2024, 5, 1))
    DevelopmentStep.objects.create(
        person=member, kind=StepKind.OATH, on=date(2010, 7, 1), note="谈话内容保密"
    )
    StandingSpell.objects.create(
        person=member,
        standing="suspended",
        begun_on=date(2012, 1, 1),
        ended_on=date(2012, 12, 31),
        note="原因保密",
    )
    ExemptionFactory(person=member, begun_on=date(2025, 1, 1), ended_on=date(2025, 3, 31))
    TransferFactory(
        person=member,
        from_unit=neighbour,
        to_unit=community,
        state=TransferState.ACCEPTED,
        arrived_on=date(2023, 4, 1),
        decided_at="2023-04-01T00:00Z",
        letter_number="2023-17",
    )
    entry = FloatingEntryFactory(person=member, unit=community, begun_on=date(2025, 6, 1))
    FloatingCheckFactory(entry=entry, done_on=date(2026, 2, 2), note="思想情况保密")
    tie = AffiliationFactory(person=member, unit=community, nature=Nature.IN_SERVICE)
    GuestNoteFactory(affiliation=tie)
    PostHoldingFactory(person=member, post__unit=community)
    PledgeFactory(person=member, unit=community)
    UnfitCaseFactory(person=member, unit=community)
    AttendanceFactory(person=member, activity__unit=community)
    AppraisalFactory(person=member, activity__unit=community)


def shown(user, person, **query):
    return sign_in(user).get(person.get_absolute_url(), query).context["timeline"]


def days_in(timeline):
    return [event.day for _year, events in timeline.years for event in events]


def test_everything_on_record_stands_in_one_list_newest_first(secretary, member, of_all_kinds):
    timeline = shown(secretary, member)

    assert {kind for kind, _number in timeline.kinds} == set(EventKind)
    days = [day for day in days_in(timeline) if day]
    assert days == sorted(days, reverse=True)
    assert timeline.years[-1][0] is None  # what nobody knows the day of comes last


@pytest.mark.parametrize("kind", EventKind)
def test_the_address_narrows_it_to_one_kind(secretary, member, of_all_kinds, kind):
    timeline = shown(secretary, member, history=kind)
    kinds = {event.kind for _year, events in timeline.years for event in events}
    assert kinds == {kind}


def test_a_kind_that_is_none_shows_all(secretary, member, of_all_kinds):
    assert shown(secretary, member, history="nonsense").chosen == ""


def test_a_viewer_reads_neither_cases_nor_grades_nor_reasons(viewer, member, of_all_kinds):
    page = sign_in(viewer).get(member.get_absolute_url())

    kinds = {kind for kind, _number in page.context["timeline"].kinds}
    assert kinds.isdisjoint({EventKind.CASES, EventKind.REVIEWS})
    assert "保密" not in page.content.decode()


def test_who_keeps_the_records_reads_them_all(secretary, member, of_all_kinds):
    page = sign_in(secretary).get(member.get_absolute_url()).content.decode()
    assert all(words in page for words in ("原因保密", "思想情况保密", "谈话内容保密"))


def test_the_topic_of_another_unit_stays_there(secretary, member, neighbour):
    AttendanceFactory(person=member, activity__unit=neighbour, activity__topic="别处的题目")
    page = sign_in(secretary).get(member.get_absolute_url())
    assert EventKind.ATTENDANCE in {kind for kind, _ in page.context["timeline"].kinds}
    assert "别处的题目" not in page.content.decode()


def test_a_long_history_is_cut_and_shown_whole_when_asked(secretary, member, community):
    for number in range(1, 71):
        AttendanceFactory(
            person=member,
            activity__unit=community,
            activity__on=date(2026, 1 + number // 28, 1 + number % 28),
        )
    cut = shown(secretary, member)
    whole = shown(secretary, member, history_rows="all")

    assert len(days_in(cut)) == 40
    assert cut.left_out == len(days_in(whole)) - 40
    assert whole.left_out == 0


def test_the_page_asks_no_more_with_thirty_of_everything(
    secretary, member, community, of_all_kinds, django_assert_max_num_queries
):
    client = sign_in(secretary)
    client.get(member.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        client.get(member.get_absolute_url())
    for number in range(29):
        AttendanceFactory(person=member, activity__unit=community)
        PledgeFactory(person=member, unit=community)
        entry = FloatingEntryFactory(
            person=member, unit=community, ended_on=date(2026, 1, 1 + number)
        )
        FloatingCheckFactory(entry=entry)
    with django_assert_max_num_queries(len(one)):
        client.get(member.get_absolute_url())
