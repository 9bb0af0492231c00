"""A unit merged into another takes its people along, whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from members import services
from members.choices import CaseOutcome, FloatingDirection, Nature
from members.models import Affiliation, DutyPost, FloatingEntry, Person
from organizations.errors import OrganizationError
from organizations.models import Touch, Unit
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    CommunityFactory,
    FloatingEntryFactory,
    MemberFactory,
    PersonFactory,
    PledgeFactory,
    PostHoldingFactory,
    UnfitCaseFactory,
)

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 5, 1), date(2026, 5, 2)


def spells(person, nature=Nature.HOME):
    rows = Affiliation.objects.filter(person=person, nature=nature).order_by("pk")
    return [(row.unit.code, row.begun_on, row.ended_on) for row in rows]


def test_members_of_a_merged_unit_are_at_home_in_the_other_from_the_next_day(community, neighbour):
    person = MemberFactory(unit=community, begun_on=date(2020, 1, 1))

    handed = services.merge_units(community, into=neighbour, on=DAY, by=None)

    assert spells(person) == [("s1m1", date(2020, 1, 1), DAY), ("s1m2", NEXT, None)]
    assert handed.affiliations == 1
    assert {community.pk, neighbour.pk} <= set(Touch.objects.values_list("unit_id", flat=True))


def test_who_belongs_to_the_other_unit_already_only_ends_in_the_merged_one(community, neighbour):
    guest = MemberFactory(unit=neighbour)
    for unit in (community, neighbour):
        AffiliationFactory(person=guest, unit=unit, nature=Nature.IN_SERVICE)

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    assert spells(guest, Nature.IN_SERVICE) == [("s1m1", None, DAY), ("s1m2", None, None)]


def test_who_comes_after_the_last_day_comes_to_the_other_unit(community, neighbour):
    person = MemberFactory(unit=community, begun_on=date(2026, 6, 1))

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    assert spells(person) == [("s1m2", date(2026, 6, 1), None)]


def test_offices_end_with_the_unit_and_nobody_holds_them_in_the_other(community, neighbour):
    seat = AppointmentFactory(unit=community)

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    seat.refresh_from_db()
    assert seat.ended_on == DAY
    assert not neighbour.appointments.exists()


def test_the_ledger_of_floating_members_goes_on_with_its_cards(community, neighbour):
    person = MemberFactory(unit=community)
    FloatingEntryFactory(person=person, unit=community, certificate_number="证001")

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    entry = FloatingEntry.objects.get(person=person, ended_on=None)
    assert (entry.unit, entry.begun_on, entry.certificate_number) == (neighbour, NEXT, "证001")
    assert entry.direction == FloatingDirection.OUT


def test_a_refused_merger_moves_nobody(community):
    person = MemberFactory(unit=community)

    with pytest.raises(OrganizationError):
        services.merge_units(community, into=community, on=DAY, by=None)

    assert spells(person) == [("s1m1", None, None)]


def test_a_merger_costs_the_same_for_one_member_and_for_thirty(
    community, neighbour, street, django_assert_num_queries, django_assert_max_num_queries
):
    MemberFactory(unit=community)
    MemberFactory.create_batch(30, unit=neighbour)

    with django_assert_max_num_queries(75) as few:
        services.merge_units(community, into=street, on=DAY, by=None)
    with django_assert_num_queries(len(few)):
        services.merge_units(neighbour, into=street, on=DAY, by=None)


def test_the_page_merges_and_says_how_many_went_over(organizer, community, neighbour):
    person = MemberFactory(unit=neighbour)
    client = sign_in(organizer)
    today = timezone.localdate()

    answer = client.post(
        reverse("members:merge", args=[neighbour.code]),
        {"into": community.code, "on": today},
        follow=True,
    )

    neighbour.refresh_from_db()
    assert neighbour.dissolved_on == today
    assert spells(person)[-1] == ("s1m1", today + timedelta(days=1), None)
    assert person in Person.objects.under(community.path)
    assert community.name in answer.content.decode()


def test_a_secretary_merges_nothing(signed_in, community):
    assert signed_in.get(reverse("members:merge", args=[community.code])).status_code == 404


def test_a_unit_to_which_people_belong_is_not_dissolved(organizer, community, neighbour):
    person = MemberFactory(unit=neighbour)
    AffiliationFactory(person=person, unit=community, nature=Nature.IN_SERVICE)
    FloatingEntryFactory(person=person, unit=community)
    MemberFactory(unit=community)

    with translation.override("en"), pytest.raises(OrganizationError, match="2 people still"):
        services.dissolve_unit(community, on=timezone.localdate(), by=None)
    sign_in(organizer).post(
        reverse("members:dissolve", args=[community.code]), {"on": timezone.localdate()}
    )

    community.refresh_from_db()
    assert community.is_open


def test_offices_end_with_a_dissolved_unit(organizer, community):
    post = AppointmentFactory(unit=community)
    today = timezone.localdate()

    sign_in(organizer).post(reverse("members:dissolve", args=[community.code]), {"on": today})

    community.refresh_from_db()
    post.refresh_from_db()
    assert (community.dissolved_on, post.ended_on) == (today, today)


def test_what_is_written_of_a_guests_home_goes_along(community, neighbour):
    nature = Nature.IN_SERVICE
    guest = PersonFactory()
    services.receive_guest(
        guest, unit=community, nature=nature, by=None, elsewhere="县供电局党支部", contact="赵主任"
    )

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    tie = Affiliation.objects.get(person=guest, unit=neighbour)
    assert (tie.guest.elsewhere, tie.guest.contact) == ("县供电局党支部", "赵主任")


def test_posts_end_with_the_unit_and_nobody_holds_them_any_longer(community, neighbour):
    elsewhere = MemberFactory(unit=CommunityFactory())
    held = PostHoldingFactory(post__unit=community, person=elsewhere, begun_on=date(2026, 1, 1))
    Touch.objects.all().delete()

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    held.refresh_from_db()
    assert held.ended_on == DAY
    assert DutyPost.objects.get().ended_on == DAY
    home = Affiliation.objects.get(person=elsewhere).unit_id
    assert Touch.objects.filter(unit=home).exists()


def test_open_cases_and_pledges_are_the_other_units_to_settle(community, neighbour):
    person = MemberFactory(unit=community)
    open_case = UnfitCaseFactory(person=person, unit=community)
    settled = UnfitCaseFactory(
        unit=community, settled_on=date(2026, 4, 1), outcome=CaseOutcome.IMPROVED
    )
    open_pledge = PledgeFactory(person=person, unit=community)
    kept = PledgeFactory(unit=community, reported_on=date(2026, 4, 1), report="已兑现")

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    for row, unit in (
        (open_case, neighbour),
        (settled, community),
        (open_pledge, neighbour),
        (kept, community),
    ):
        row.refresh_from_db()
        assert row.unit == unit


def test_letters_between_the_two_are_answered_by_the_merger(community, neighbour, organizer):
    going, coming = MemberFactory(unit=community), MemberFactory(unit=neighbour)
    out = services.request_transfer(going, issued_on=DAY, to_unit=neighbour, by=None)
    back = services.request_transfer(coming, issued_on=DAY, to_unit=community, by=None)
    on = services.request_transfer(
        MemberFactory(unit=community), issued_on=DAY, to_name="外地", by=None
    )

    services.merge_units(community, into=neighbour, on=DAY, by=organizer)

    for letter in (out, back, on):
        letter.refresh_from_db()
    assert (out.state, out.arrived_on, out.decided_by) == ("accepted", NEXT, organizer)
    assert (back.state, back.decided_by) == ("withdrawn", organizer)
    assert (on.state, on.from_unit) == ("requested", neighbour)
    services.accept_transfer(on, on=date(2026, 6, 1), by=organizer)


def test_a_unit_to_which_a_relation_is_on_the_way_is_not_dissolved(community, neighbour):
    person = MemberFactory(unit=neighbour)
    letter = services.request_transfer(person, issued_on=DAY, to_unit=community, by=None)

    with translation.override("zh-hans"), pytest.raises(OrganizationError, match="先接收或退回"):
        services.dissolve_unit(community, on=DAY, by=None)
    services.return_transfer(letter, answer="撤并", by=None)
    services.dissolve_unit(Unit.objects.get(pk=community.pk), on=DAY, by=None)

    assert not Unit.objects.get(pk=community.pk).is_open


def test_posts_end_with_a_dissolved_unit(community):
    held = PostHoldingFactory(post__unit=community)

    services.dissolve_unit(community, on=DAY, by=None)

    held.refresh_from_db()
    assert held.ended_on == DAY
    assert DutyPost.objects.get().ended_on == DAY
