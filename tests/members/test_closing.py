"""What ends with a membership, and with the home in a unit; and a mistake is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEvent
from members import services
from members.choices import (
    FloatingDirection,
    Nature,
    Office,
    Standing,
    TransferState,
)
from members.errors import MemberError
from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    PostHolding,
    StandingSpell,
    Transfer,
)
from organizations.errors import OrganizationError
from organizations.models import Touch, Unit
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DutyPostFactory,
    FloatingEntryFactory,
    MemberFactory,
    PostHoldingFactory,
    TransferFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)
BEFORE = date(2026, 5, 3)
GONE = [Standing.LEFT, Standing.EXPELLED, Standing.DECEASED]


@pytest.fixture(autouse=True)
def _in_chinese():
    with override("zh-hans"):
        yield


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="李晓梅")


@pytest.fixture
def busy(member, community, neighbour):
    """Secretary and director, worker, holder of a post, floating, and a guest elsewhere."""
    for office in (Office.SECRETARY, Office.RESIDENTS_DIRECTOR, Office.COMMUNITY_WORKER):
        AppointmentFactory(person=member, unit=community, office=office)
    PostHoldingFactory(post__unit=community, person=member, begun_on=date(2025, 1, 1))
    FloatingEntryFactory(person=member, unit=community)
    AffiliationFactory(person=member, unit=neighbour, nature=Nature.IN_SERVICE)
    return member


def close(person, standing, on=DAY):
    return services.change_standing(person.membership, standing=standing, on=on, by=None)


def offices(person):
    rows = Appointment.objects.filter(person=person).order_by("pk")
    return {row.office: row.ended_on for row in rows}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


# -- the membership is over --------------------------------------------------------
@pytest.mark.parametrize("standing", GONE)
def test_what_only_a_member_holds_ends_with_the_membership(busy, standing):
    told = close(busy, standing)

    assert offices(busy)[Office.SECRETARY] == DAY
    assert PostHolding.objects.get().ended_on == DAY
    assert FloatingEntry.objects.get().ended_on == DAY
    ties = dict(Affiliation.objects.values_list("nature", "ended_on"))
    assert ties == {Nature.HOME: None, Nature.IN_SERVICE: DAY}
    assert "书记（河滨社区）" in told


def test_the_dead_hold_no_office_and_whoever_left_may_keep_a_job(busy, neighbour):
    left = MemberFactory(unit=neighbour)
    AppointmentFactory(person=left, unit=neighbour, office=Office.COMMUNITY_WORKER)

    close(busy, Standing.DECEASED)
    close(left, Standing.LEFT)

    assert set(offices(busy).values()) == {DAY}
    assert offices(left) == {Office.COMMUNITY_WORKER: None}


def test_a_suspended_member_stays_in_office(busy):
    assert close(busy, Standing.SUSPENDED) == []
    assert offices(busy)[Office.SECRETARY] is None


def test_an_office_that_began_later_or_was_to_end_later_ends_as_well(member, community):
    late = AppointmentFactory(
        person=member, unit=community, office=Office.DEPUTY_SECRETARY, begun_on=date(2026, 5, 20)
    )
    planned = AppointmentFactory(
        person=member, unit=community, office=Office.GROUP_LEADER, ended_on=date(2026, 12, 31)
    )
    over = AppointmentFactory(
        person=member, unit=community, office=Office.COMMITTEE_MEMBER, ended_on=date(2025, 1, 1)
    )

    close(member, Standing.EXPELLED)

    for post in (late, planned, over):
        post.refresh_from_db()
    assert (late.ended_on, planned.ended_on) == (date(2026, 5, 20), DAY)
    assert over.ended_on == date(2025, 1, 1)


def test_the_trail_says_what_ended_and_every_unit_is_touched(busy, neighbour):
    post = PostHoldingFactory(post__unit=neighbour, person=busy)

    close(busy, Standing.DECEASED)

    line = AuditEvent.objects.get(verb="standing_changed")
    assert len(line.details["ended"]) == 7
    assert post.post.unit == neighbour
    assert {"s1m1", "s1m2"} <= set(Touch.objects.values_list("unit__code", flat=True))


def test_a_letter_on_the_way_is_taken_back(member, community):
    TransferFactory(person=member, from_unit=community)

    close(member, Standing.DECEASED)

    assert Transfer.objects.get().state == TransferState.WITHDRAWN


def test_nothing_of_a_members_begins_after_that(member, community, neighbour):
    close(member, Standing.EXPELLED)
    post = DutyPostFactory(unit=community)
    begins = [
        lambda: services.appoint(
            member, unit=community, office=Office.SECRETARY, begun_on=DAY, by=None
        ),
        lambda: services.hold_post(post, person=member, by=None),
        lambda: services.transfer_home(member, to=neighbour, on=DAY, by=None),
        lambda: services.request_transfer(member, to_unit=neighbour, issued_on=DAY, by=None),
        lambda: services.affiliate(member, unit=neighbour, nature=Nature.IN_SERVICE, by=None),
        lambda: services.register_floating(
            member, unit=community, direction=FloatingDirection.OUT, by=None
        ),
    ]

    for begin in begins:
        with pytest.raises(MemberError, match="李晓梅"):
            begin()
    services.appoint(member, unit=community, office=Office.COMMUNITY_WORKER, begun_on=DAY, by=None)


def test_the_dead_keep_no_unit_from_being_dissolved(member, community):
    other = MemberFactory(unit=community)
    close(member, Standing.DECEASED)
    with pytest.raises(OrganizationError, match="1"):
        services.dissolve_unit(community, on=date(2026, 6, 1), by=None)
    close(other, Standing.LEFT)

    services.dissolve_unit(Unit.objects.get(pk=community.pk), on=date(2026, 6, 1), by=None)

    assert set(Affiliation.objects.values_list("ended_on", flat=True)) == {date(2026, 6, 1)}


# -- a mistake ----------------------------------------------------------------------
def test_the_page_tells_what_ended_and_takes_a_mistake_back(secretary, busy):
    client = sign_in(secretary)
    said = {"standing": "deceased", "on": DAY.isoformat()}

    page = client.post(reverse("members:standing", args=[busy.pk]), said, follow=True)
    back = client.post(reverse("members:standing_back", args=[busy.pk]), follow=True)

    assert "书记（河滨社区）" in page.content.decode()
    assert reverse("members:standing_back", args=[busy.pk]) in page.content.decode()
    assert reverse("members:standing_back", args=[busy.pk]) not in back.content.decode()
    assert set(offices(busy).values()) == {None}
    assert PostHolding.objects.get().ended_on is None
    assert not Affiliation.objects.exclude(ended_on=None).exists()
    assert not StandingSpell.objects.exists()
    busy.membership.refresh_from_db()
    assert busy.membership.standing == Standing.NORMAL


def test_the_standing_before_holds_again(member):
    close(member, Standing.OUT_OF_TOUCH, on=date(2026, 1, 1))
    close(member, Standing.LEFT)

    services.take_back_standing(member.membership, by=None)

    spell = StandingSpell.objects.get()
    assert (spell.standing, spell.ended_on) == (Standing.OUT_OF_TOUCH, None)
    assert member.membership.standing == Standing.OUT_OF_TOUCH


def test_a_seat_taken_since_keeps_the_mistake_from_being_taken_back(busy, community):
    close(busy, Standing.DECEASED)
    AppointmentFactory(unit=community, office=Office.SECRETARY, begun_on=date(2026, 5, 10))

    with pytest.raises(MemberError, match=r"书记.*已有人"):
        services.take_back_standing(busy.membership, by=None)

    assert offices(busy)[Office.SECRETARY] == DAY
    assert StandingSpell.objects.get().standing == Standing.DECEASED


def test_an_end_that_was_corrected_since_is_not_put_back_blindly(busy):
    close(busy, Standing.DECEASED)
    Appointment.objects.filter(office=Office.SECRETARY).update(ended_on=BEFORE)

    with pytest.raises(MemberError, match="书记"):
        services.take_back_standing(busy.membership, by=None)


def test_a_standing_from_a_roster_is_not_taken_back_by_itself(member):
    member.membership.standing = Standing.LEFT
    member.membership.save()
    StandingSpell.objects.create(person=member, standing=Standing.LEFT, begun_on=DAY)

    with pytest.raises(MemberError):
        services.take_back_standing(member.membership, by=None)


# -- the home is elsewhere ----------------------------------------------------------
def test_who_moves_leaves_the_offices_of_members_in_the_unit_left(busy, neighbour, street):
    AppointmentFactory(person=busy, unit=street, office=Office.COMMITTEE_MEMBER)

    services.transfer_home(busy, to=neighbour, on=DAY, by=None)

    assert offices(busy) == {
        Office.SECRETARY: BEFORE,
        Office.RESIDENTS_DIRECTOR: None,
        Office.COMMUNITY_WORKER: None,
        Office.COMMITTEE_MEMBER: None,
    }
    assert PostHolding.objects.get().ended_on == BEFORE
    assert FloatingEntry.objects.get().ended_on == BEFORE
    guest = Affiliation.objects.get(nature=Nature.IN_SERVICE)
    assert (guest.unit, guest.ended_on) == (neighbour, BEFORE)


def test_who_leaves_for_outside_leaves_them_too(busy, community):
    letter = services.request_transfer(busy, to_name="外地", issued_on=BEFORE, by=None)

    services.accept_transfer(letter, on=DAY, by=None)

    assert offices(busy)[Office.SECRETARY] == BEFORE
    assert Affiliation.objects.get(nature=Nature.IN_SERVICE).ended_on is None
    line = AuditEvent.objects.get(verb="left_the_portal")
    assert len(line.details["ended"]) == 3


# -- no day to come -----------------------------------------------------------------
def test_nobody_moves_on_a_day_that_has_not_come(member, community, neighbour):
    letter = services.request_transfer(member, to_unit=neighbour, issued_on=DAY, by=None)
    moves = [
        lambda: services.transfer_home(member, to=neighbour, on=tomorrow(), by=None),
        lambda: services.accept_transfer(letter, on=tomorrow(), by=None),
        lambda: services.receive_from_outside(
            community, from_name="外地", arrived_on=tomorrow(), by=None, details={"name": "新人"}
        ),
    ]

    for move in moves:
        with pytest.raises(MemberError, match="不能晚于今天"):
            move()
    letter.refresh_from_db()
    assert letter.state == TransferState.REQUESTED
    assert Affiliation.objects.get().unit == community


def test_the_pages_say_so_beside_the_day(organizer, member, neighbour):
    client = sign_in(organizer)
    day = {"on": tomorrow().isoformat()}

    page = client.post(
        reverse("members:transfer", args=[member.pk]), day | {"unit": neighbour.code}
    )
    letter = services.request_transfer(member, to_unit=neighbour, issued_on=DAY, by=None)
    answer = client.post(
        reverse("members:transfer_answer", args=[letter.pk]),
        day | {"decision": "accept"},
        follow=True,
    )

    assert page.context["form"].errors.keys() == {"on"}
    assert "不能晚于今天" in answer.content.decode()
    assert Affiliation.objects.get().unit != neighbour
