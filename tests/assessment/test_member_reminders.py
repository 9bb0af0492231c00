"""Days on members' records are told of like those of the rules: before, late, once, no longer."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessment.models import Reminder
from assessment.notice_rows import lines_of
from assessment.reminders import plan, remind, send_planned
from members.choices import StepKind, TransferState
from members.deadlines import find_dates, load_kinds
from members.models import DevelopmentStep
from organizations.models import Unit
from tests.cast import sign_in
from tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    CountySettingFactory,
    MemberFactory,
    TransferFactory,
)

pytestmark = pytest.mark.django_db

JOINED = date(2025, 7, 1)
FULL_FROM = date(2026, 7, 1)
"""A year later: from then on the branch may vote."""
LATE_AFTER = date(2026, 7, 31)


@pytest.fixture
def live(county):
    return CountySettingFactory(unit=county, key="went_live_on", value="2026-01-01")


@pytest.fixture
def confirmed(county):
    """The county has looked at the source and says that it holds."""
    return CountySettingFactory(
        unit=county, key="rule:probation-end", value="on", applies_from=date(2026, 1, 1)
    )


@pytest.fixture
def newcomer(community, live, confirmed):
    person = MemberFactory(unit=community, stage="probationary")
    person.membership.joined_on, person.membership.full_on = JOINED, None
    person.membership.save()
    return person


def told(outcome, rule):
    return {
        (row.recipient.username, row.subject_code, row.period_start.isoformat(), row.stage)
        for row in outcome.sent
        if row.rule == rule
    }


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2026, 4, 30), None),  # more than two months before
        (date(2026, 5, 1), "due"),
        (FULL_FROM, "due"),
        (LATE_AFTER, "due"),
        (date(2026, 8, 1), "missed"),
        (date(2026, 9, 29), "missed"),  # sixty days late
        (date(2026, 9, 30), None),
    ],
)
def test_a_probations_end_is_told_of_from_two_months_before_it(
    newcomer, secretary, street_secretary, on, stage
):
    who = {"due": "secretary", "missed": "street"}
    wanted = {(who[stage], "s1m1", "2026-07-01", stage)} if stage else set()
    assert told(remind(on), "probation-end") == wanted


def test_what_rests_on_general_knowledge_is_off_until_the_county_confirms_it(
    newcomer, confirmed, secretary, organizer
):
    confirmed.delete()
    assert told(remind(date(2026, 6, 1)), "probation-end") == set()
    rules = sign_in(secretary).get("/clauses/").content.decode()
    assert "未经本县（市、区）确认，暂不启用" in rules

    switch = reverse("assessment:rule_switch", args=["probation-end"])
    said = {"value": "on", "applies_from": "2026-06-02", "reason": "已核对细则原文"}
    answer = sign_in(organizer).post(switch, said, follow=True)

    assert "预备期届满" in answer.content.decode()
    assert told(remind(date(2026, 6, 1)), "probation-end") == set()  # dated: not yet that day
    assert told(remind(date(2026, 6, 2)), "probation-end") == {
        ("secretary", "s1m1", "2026-07-01", "due")
    }


def test_the_county_may_switch_off_what_the_sources_say(community, live, county, secretary):
    AppointmentFactory(unit=community, office="secretary", term_ends_on=date(2027, 3, 1))
    CountySettingFactory(
        unit=county, key="rule:term-end", value="off", applies_from=date(2026, 1, 1)
    )

    assert told(remind(date(2026, 9, 1)), "term-end") == set()


def test_a_second_run_sends_nothing_and_those_of_one_day_come_together(
    newcomer, community, secretary
):
    other = MemberFactory(unit=community, stage="probationary")
    other.membership.joined_on, other.membership.full_on = JOINED, None
    other.membership.save()

    first, second = remind(date(2026, 6, 1)), remind(date(2026, 6, 1))

    rows = [row for row in first.sent if row.rule == "probation-end"]
    assert [int(row.target) for row in rows] == [2]
    assert second.sent == []
    assert told(remind(date(2026, 6, 2)), "probation-end") == set()


def test_an_extension_moves_the_day(newcomer, secretary):
    DevelopmentStep.objects.create(
        person=newcomer, kind=StepKind.EXTENSION, on=FULL_FROM, until=date(2026, 12, 31)
    )
    assert told(remind(date(2026, 7, 1)), "probation-end") == set()
    assert told(remind(date(2026, 11, 25)), "probation-end") == {
        ("secretary", "s1m1", "2027-01-01", "due")
    }


def test_who_was_voted_in_meanwhile_is_not_told_of(newcomer, secretary):
    plan(date(2026, 6, 1))
    newcomer.membership.stage = "full"
    newcomer.membership.save()

    send_planned(date(2026, 6, 1))

    row = Reminder.objects.get(rule="probation-end")
    assert (row.state, row.reason) == ("cancelled", "done")


def test_nothing_late_before_the_portal_went_live_is_told_of(newcomer, secretary, live):
    live.value = "2026-08-15"
    live.save()
    assert told(remind(date(2026, 8, 20)), "probation-end") == set()


def test_of_a_terms_end_both_the_unit_and_the_one_above_hear_six_months_before(
    community, live, secretary, street_secretary
):
    AppointmentFactory(unit=community, office="secretary", term_ends_on=date(2027, 3, 1))

    assert told(remind(date(2026, 8, 31)), "term-end") == set()
    assert told(remind(date(2026, 9, 1)), "term-end") == {
        ("secretary", "s1m1", "2027-03-01", "due"),
        ("street", "s1m1", "2027-03-01", "due"),
    }
    assert told(remind(date(2027, 3, 2)), "term-end") == {
        ("street", "s1m1", "2027-03-01", "missed")
    }


def test_the_terms_of_one_committee_are_one_reminder_and_contracts_are_none(
    community, live, secretary
):
    AppointmentFactory(unit=community, office="secretary", term_ends_on=date(2027, 3, 1))
    AppointmentFactory(unit=community, office="committee_member", term_ends_on=date(2027, 3, 9))
    AppointmentFactory(unit=community, office="community_worker", term_ends_on=date(2027, 2, 1))

    rows = [row for row in remind(date(2026, 10, 1)).sent if row.rule == "term-end"]

    assert [(row.period_end, int(row.target)) for row in rows] == [(date(2027, 3, 1), 2)]
    late = remind(
        date(2027, 5, 1)
    ).sent  # sixty-one days after the first, fifty-three after the other
    assert [row.rule for row in late if row.rule == "term-end"] == []


def test_both_sides_hear_of_a_letter_that_runs_out(community, neighbour, live, secretary):
    letter = TransferFactory(
        person=MemberFactory(unit=community),
        from_unit=community,
        to_unit=neighbour,
        issued_on=date(2026, 5, 1),
        valid_until=date(2026, 7, 1),
    )
    days = find_dates(
        Unit.objects.all(), date(2026, 6, 20), back=date(2026, 6, 2) - date(2026, 6, 1)
    )
    assert {(one.kind.id, one.code) for one in days} == {
        ("transfer-letter", community.code),
        ("transfer-letter", neighbour.code),
    }
    plan(date(2026, 6, 20))
    letter.state = TransferState.WITHDRAWN
    letter.decided_at = "2026-06-20T00:00Z"
    letter.save()

    assert told(send_planned(date(2026, 6, 20)), "transfer-letter") == set()


def test_the_line_names_the_day_the_number_and_the_source_and_leads_to_the_ledger(
    newcomer, secretary, mailoutbox
):
    remind(date(2026, 6, 1))
    line = next(line for line in lines_of(Reminder.objects.filter(rule="probation-end")))
    assert line.title == "预备期届满，讨论转正"
    assert "2026年7月1日" in line.period_name
    assert "第31条" in line.told
    assert newcomer.name not in mailoutbox[0].body  # a mail is read on many screens

    page = sign_in(secretary).get(line.url)

    assert newcomer.name in page.content.decode()
    notices = sign_in(secretary).get("/notices/").content.decode()
    assert "预备期届满" in notices


def test_the_ledger_of_reminders_shows_them(newcomer, secretary, organizer):
    remind(date(2026, 6, 1))
    assert "预备期届满" in sign_in(organizer).get("/notices/ledger/").content.decode()


def test_the_number_of_queries_does_not_grow_with_rows(
    community, live, django_assert_max_num_queries
):
    for _ in range(30):
        unit = CommunityFactory(parent=community.parent)
        AppointmentFactory(unit=unit, term_ends_on=date(2026, 8, 1))
    with django_assert_max_num_queries(4):
        found = find_dates(
            Unit.objects.all(), date(2026, 6, 1), back=date(2026, 6, 2) - date(2026, 6, 1)
        )
    assert len(found) == 30


def test_every_kind_says_where_it_stands():
    for kind in load_kinds().values():
        assert kind.source["zh-hans"]
        assert kind.title["en"]
        assert kind.article
        assert kind.lead_months or kind.lead_days


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "gestern"])
@pytest.mark.parametrize(("command", "option"), [("remind", "--on"), ("assess", "--as-of")])
def test_a_day_that_can_not_be_used_ends_in_words(command, option, day):
    with pytest.raises(CommandError) as refusal:
        call_command(command, f"{option}={day}", stdout=StringIO())
    assert refusal.value.returncode == 2
    assert day in str(refusal.value)


def test_the_page_of_rules_names_each_kind_of_day_with_its_source(secretary):
    page = sign_in(secretary).get("/clauses/").content.decode()
    for kind in load_kinds().values():
        assert kind.title["zh-hans"] in page
        assert kind.source["zh-hans"] in page
