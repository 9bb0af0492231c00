"""Each hint is found in made data, and says what it saw."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.urls import reverse

from accounts.audit import record
from activities.choices import HintKind, Presence
from activities.models import Activity
from members.choices import Standing
from members.models import StandingSpell
from tests.activities.hints.conftest import (
    MINUTES,
    OTHER,
    held,
    noticed,
    says,
)
from tests.cast import sign_in
from tests.evidence import AttachmentFactory
from tests.factories import (
    SHANGHAI,
    AffiliationFactory,
    AttendanceFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db


# -- (a) entered late -------------------------------------------------------
def test_a_record_entered_more_than_a_month_later_is_a_hint_in_days(community, reviewer):
    held(community, date(2026, 7, 1), entered=date(2026, 7, 31))
    late = held(community, date(2026, 6, 1), entered=date(2026, 7, 16))

    (hint,) = noticed()

    assert (hint.kind, list(hint.records.all())) == (HintKind.LATE, [late])
    assert "活动结束45天后登记" in says(hint, reviewer)


def test_handing_in_again_after_a_return_makes_no_record_late(community):
    activity = held(community, date(2026, 6, 1))
    Activity.objects.filter(pk=activity.pk).update(
        submitted_at=datetime(2026, 9, 1, tzinfo=SHANGHAI)
    )

    assert noticed() == []


def test_records_out_of_a_file_of_past_ones_are_no_hint(community):
    for month in (4, 5, 6):
        late = held(community, date(2026, month, 1), entered=date(2026, 9, 1))
        record(by=None, verb="log_activity", target=late, imported=True)

    assert noticed() == []


def test_how_soon_each_unit_enters_its_records_is_shown_in_the_order_of_the_tree(
    community, neighbour, reviewer
):
    for day, entered in [(1, 1), (2, 4), (3, 15)]:
        held(community, date(2026, 8, day), entered=date(2026, 8, entered))
    held(neighbour, date(2026, 6, 1), entered=date(2026, 8, 1))

    lines = sign_in(reviewer).get(reverse("activities:delays")).context["lines"]

    numbers = [(x.unit, x.records, x.median, x.soon, x.later, x.late, x.longest) for x in lines]
    assert numbers == [(community, 3, 2, 2, 1, 0, 12), (neighbour, 1, 61, 0, 0, 1, 61)]


# -- (b) two places ---------------------------------------------------------
def test_one_person_at_two_places_at_once_is_named(community, neighbour, reviewer):
    person = MemberFactory(unit=community, name="张三")
    first, second = held(community), held(neighbour, hour=11)
    for activity in (first, second):
        AttendanceFactory(activity=activity, person=person)
        AttendanceFactory(activity=activity)

    (hint,) = noticed()

    assert (hint.kind, set(hint.records.all())) == (HintKind.TWO_PLACES, {first, second})
    assert "张三" in says(hint, reviewer)


@pytest.mark.parametrize(
    ("hour", "presence"), [(12, Presence.PRESENT), (11, Presence.ONLINE), (11, Presence.LEAVE)]
)
def test_one_after_the_other_online_or_on_leave_is_no_second_place(
    community, neighbour, hour, presence
):
    person = MemberFactory(unit=community)
    AttendanceFactory(activity=held(community), person=person)
    AttendanceFactory(activity=held(neighbour, hour=hour), person=person, presence=presence)

    assert noticed() == []


# -- (c) minutes ------------------------------------------------------------
def test_minutes_nearly_the_same_are_shown_side_by_side_with_what_differs(
    community, neighbour, reviewer
):
    changed = MINUTES.replace("七名独居老人", "九名独居老人")
    first = held(community, date(2026, 8, 3), minutes=MINUTES)
    second = held(neighbour, date(2026, 9, 7), minutes=changed)
    held(neighbour, date(2026, 9, 9), minutes=OTHER)

    (hint,) = noticed()

    assert (hint.kind, set(hint.records.all())) == (HintKind.SAME_MINUTES, {first, second})
    assert hint.facts["percent"] >= 80
    page = says(hint, reviewer)
    assert "<mark>为七名独居老人确定联系人。</mark>" in page
    assert "<mark>为九名独居老人确定联系人。</mark>" in page


def test_short_minutes_and_those_of_one_occasion_are_not_compared(community, neighbour):
    for unit, month in ((community, 7), (neighbour, 8)):
        held(unit, date(2026, month, 3), minutes="学习党章，讨论发言。")
    for unit in (community, neighbour):
        held(unit, date(2026, 9, 7), minutes=MINUTES)

    assert noticed() == []


def test_minutes_that_were_mended_are_looked_at_anew(community):
    held(community, date(2026, 8, 3), minutes=MINUTES)
    second = held(community, date(2026, 9, 7), minutes=MINUTES)
    assert noticed(HintKind.SAME_MINUTES)

    later = datetime(2026, 9, 16, 11, tzinfo=SHANGHAI)
    Activity.objects.filter(pk=second.pk).update(minutes=OTHER, updated_at=later)

    assert noticed() == []


# -- (d) photos -------------------------------------------------------------
def test_one_photo_in_two_records_is_shown_twice(community, neighbour, reviewer):
    first, second = held(community, date(2026, 8, 3)), held(neighbour)
    for activity in (first, second):
        AttachmentFactory(activity=activity, seed=7)
        AttachmentFactory(activity=activity)  # the same as each other's, too
    AttachmentFactory(activity=held(community, date(2026, 7, 1)), seed=9)

    (hint,) = noticed()

    assert (hint.kind, len(hint.facts["photos"])) == (HintKind.SAME_PHOTO, 2)
    page = says(hint, reviewer)
    for photo in [*first.attachments.all(), *second.attachments.all()]:
        assert f'src="{photo.get_absolute_url()}"' in page


def test_a_sign_in_sheet_and_a_photo_of_one_occasion_are_not_compared(community, neighbour):
    for activity in (held(community), held(neighbour)):
        AttachmentFactory(activity=activity)
    for activity in (held(community, date(2026, 8, 3)), held(community, date(2026, 8, 9))):
        AttachmentFactory(activity=activity, kind="sign_in", fingerprint="")

    assert noticed() == []


# -- (e) a quarter on one day -----------------------------------------------
def test_a_whole_quarter_entered_on_one_day_is_one_hint(community, reviewer):
    days = [date(2026, 4, 9), date(2026, 5, 8), date(2026, 6, 11), date(2026, 6, 25)]
    records = [held(community, day, entered=date(2026, 6, 30)) for day in days]

    (hint,) = noticed(HintKind.ONE_EVENING)

    assert set(hint.records.all()) == set(records)
    assert "该季度4条记录中有4条于2026年6月30日登记" in says(hint, reviewer)


@pytest.mark.parametrize(
    "days",
    [
        [(4, 9, 30), (6, 11, 30), (6, 25, 30)],  # two months alone
        [(4, 9, 30), (5, 8, 30), (6, 11, 30), (6, 12, 12), (6, 13, 13)],  # a part of the quarter
    ],
)
def test_less_than_a_quarter_is_nothing(community, days):
    for month, day, entered in days:
        held(community, date(2026, month, day), entered=date(2026, 6, entered))

    assert noticed(HintKind.ONE_EVENING) == []


# -- (f) people who had left ------------------------------------------------
@pytest.mark.parametrize("standing", [Standing.DECEASED, Standing.LEFT, Standing.EXPELLED])
def test_attendance_of_who_had_died_or_left_the_party_is_named_with_since_when(
    community, reviewer, standing
):
    person = MemberFactory(unit=community, name="张三")
    StandingSpell.objects.create(person=person, standing=standing, begun_on=date(2026, 5, 1))
    AttendanceFactory(activity=held(community, date(2026, 4, 30)), person=person)
    after = AttendanceFactory(activity=held(community), person=person).activity

    (hint,) = noticed()

    assert (hint.kind, list(hint.records.all())) == (HintKind.HAD_LEFT, [after])
    assert f"张三：自2026年5月1日起{standing.label}" in says(hint, reviewer)


def test_who_was_transferred_away_and_still_attends_is_named(community, neighbour, reviewer):
    person = MemberFactory(unit=community, name="张三", ended_on=date(2026, 5, 1))
    AffiliationFactory(person=person, unit=neighbour, begun_on=date(2026, 5, 2))
    AttendanceFactory(activity=held(community), person=person)

    (hint,) = noticed()

    assert "张三：自2026年5月1日起不在本组织" in says(hint, reviewer)


def test_guests_the_street_above_and_who_came_back_are_nothing(community, neighbour, street):
    guest = MemberFactory(unit=neighbour)
    risen = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    AffiliationFactory(person=risen, unit=street, begun_on=date(2026, 5, 2))
    back = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    AffiliationFactory(person=back, unit=community, begun_on=date(2026, 8, 1))
    activity = held(community)
    for person in (guest, risen, back):
        AttendanceFactory(activity=activity, person=person)

    assert noticed() == []
