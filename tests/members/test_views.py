"""Pages of people: who sees what, what a form writes, and what stays hidden."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from members.choices import ExemptionState, Nature, Office, Standing
from members.models import Affiliation, Appointment, Exemption, FloatingEntry, Person
from organizations.choices import Role
from tests.factories import (
    AppointmentFactory,
    AttendanceFactory,
    CommunityFactory,
    ExemptionFactory,
    FloatingEntryFactory,
    GrantFactory,
    MemberFactory,
)
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def sign_in(client):
    def run(unit, role=Role.SECRETARY):
        client.force_login(GrantFactory(unit=unit, role=role).user)
        return client

    return run


@pytest.fixture
def member(community):
    person = MemberFactory(unit=community, name="李晓梅")
    person.set_id_number(id_number(2))
    person.set_phone("13800000002")
    person.save()
    return person


# -- the list -------------------------------------------------------------------
def test_the_list_shows_one_s_own_people_alone(sign_in, community, member):
    MemberFactory(name="别处的人")

    page = sign_in(community).get(reverse("members:list"))

    assert [person.name for person in page.context["page_obj"]] == ["李晓梅"]


@pytest.mark.parametrize("words", ["晓梅", "lixiaomei", "lxm", id_number(2), "13800000002"])
def test_a_person_is_found_by_name_pinyin_initials_or_whole_identifier(
    sign_in, community, member, words
):
    MemberFactory(unit=community, name="王建国")

    page = sign_in(community).get(reverse("members:list"), {"q": words})

    assert [person.name for person in page.context["page_obj"]] == ["李晓梅"]


def test_a_viewer_can_not_find_out_whose_an_identifier_is(sign_in, community, member):
    page = sign_in(community, Role.VIEWER).get(reverse("members:list"), {"q": id_number(2)})

    assert list(page.context["page_obj"]) == []


def test_filters_narrow_by_unit_category_and_standing(sign_in, community, member):
    other = CommunityFactory(parent=community.parent)
    away = MemberFactory(unit=other, name="王建国", stage="probationary")
    client = sign_in(community.parent)

    def names(**query):
        page = client.get(reverse("members:list"), query)
        return [person.name for person in page.context["page_obj"]]

    assert names(unit=other.code) == ["王建国"]
    assert names(stage="full") == ["李晓梅"]
    assert names(standing="suspended") == []
    assert away.name in names()


def test_the_list_costs_the_same_however_long(
    sign_in, community, member, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(community)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:list"))
    for person in MemberFactory.create_batch(29, unit=community):
        AppointmentFactory(person=person, unit=community, office=Office.COMMUNITY_WORKER)

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:list"))


def test_htmx_gets_the_rows_alone(sign_in, community, member):
    page = sign_in(community).get(reverse("members:list"), headers={"HX-Request": "true"})

    assert page.content.decode().strip().startswith('<section id="people">')


# -- one person --------------------------------------------------------------------
def test_the_page_masks_id_number_and_phone(sign_in, community, member):
    AttendanceFactory(person=member, activity__unit=community)

    page = sign_in(community).get(member.get_absolute_url()).content.decode()

    assert "李晓梅" in page
    assert id_number(2) not in page
    assert "13800000002" not in page
    assert "138****0002" in page


def test_the_page_sums_the_days_that_count_this_year_and_leads_to_what_is_owed(
    sign_in, community, member
):
    today = timezone.localdate()
    for credit, day in (("0.50", today), ("1.00", today), ("1.00", date(2020, 5, 1))):
        AttendanceFactory(
            person=member, activity__unit=community, activity__on=day, activity__credit=credit
        )
    AttendanceFactory(
        person=member, activity__unit=community, activity__on=today, presence="absent"
    )

    page = sign_in(community).get(member.get_absolute_url())

    assert page.context["days"] == Decimal("1.50")
    assert reverse("assessment:person_year", args=[member.pk]) in page.content.decode()


def test_a_person_elsewhere_is_not_found(sign_in, community):
    stranger = MemberFactory()
    client = sign_in(community)

    for name in ("detail", "edit", "appoint", "transfer", "standing", "exempt", "floating"):
        assert client.get(reverse(f"members:{name}", args=[stranger.pk])).status_code == 404
    assert client.post(reverse("members:reveal", args=[stranger.pk])).status_code == 404


def test_a_viewer_changes_nothing(sign_in, community, member):
    client = sign_in(community, Role.VIEWER)

    for name in ("edit", "appoint", "transfer", "standing", "exempt", "floating"):
        assert client.get(reverse(f"members:{name}", args=[member.pk])).status_code == 404
    assert client.post(reverse("members:reveal", args=[member.pk])).status_code == 404
    assert client.get(reverse("members:create")).status_code == 404
    assert client.get(reverse("members:import")).status_code == 404


def test_who_looks_at_identifiers_says_why_and_is_written_down(sign_in, community, member):
    client = sign_in(community)
    address = reverse("members:reveal", args=[member.pk])

    refused = client.post(address, {"reason": " "})
    shown = client.post(address, {"reason": "核对花名册"})

    assert refused.status_code == 302
    assert id_number(2) in shown.content.decode()
    event = AuditEvent.objects.get(verb="identifiers_seen")
    assert event.details == {"reason": "核对花名册"}
    assert event.target_id == str(member.pk)


def form_data(home, **changes):
    return {
        "name": "张 三",
        "id_number": id_number(3),
        "phone": "138 0000 0003",
        "stage": "full",
        "joined_on": "2010-07-01",
        "full_on": "2011-07-01",
        "unit": home.code,
        **changes,
    }


def test_somebody_new_comes_onto_the_roster(sign_in, community):
    sign_in(community).post(reverse("members:create"), form_data(community))

    person = Person.objects.get()
    assert (person.name, person.sex, person.birth_date) == ("张三", "male", date(1980, 5, 12))
    assert (person.reveal_id_number(), person.reveal_phone()) == (id_number(3), "13800000003")
    assert Affiliation.objects.get().unit == community
    assert person.membership.full_on == date(2011, 7, 1)


def test_a_worker_need_not_be_a_member(sign_in, community):
    data = form_data(community, stage="", joined_on="", full_on="", office="community_worker")

    sign_in(community).post(reverse("members:create"), data)

    assert Appointment.objects.get().office == Office.COMMUNITY_WORKER
    assert not Affiliation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "520399198005120013"}, "校验位"),
        ({"phone": "12"}, "电话"),
        ({"full_on": "2009-07-01"}, "入党"),
        ({"stage": ""}, "人员类别"),
        ({"unit": "elsewhere"}, "field-error"),
    ],
)
def test_a_bad_form_says_why_and_writes_nothing(sign_in, community, changes, words):
    page = sign_in(community).post(reverse("members:create"), form_data(community, **changes))

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Person.objects.exists()


def test_the_same_id_number_is_not_taken_twice(sign_in, community, member):
    page = sign_in(community).post(
        reverse("members:create"), form_data(community, id_number=id_number(2))
    )

    assert page.status_code == 200
    assert Person.objects.count() == 1


def test_an_edit_leaves_empty_identifiers_as_they_are(sign_in, community, member):
    data = {"name": "李小梅", "stage": "full", "joined_on": "2001-07-01", "full_on": "2002-07-02"}

    sign_in(community).post(reverse("members:edit", args=[member.pk]), data)

    member = Person.objects.get()
    assert (member.name, member.membership.full_on) == ("李小梅", date(2002, 7, 2))
    assert member.reveal_id_number() == id_number(2)
    assert set(AuditEvent.objects.values_list("verb", flat=True)) == {
        "details_changed",
        "membership_changed",
    }


def test_an_office_begins_and_ends(sign_in, community, member):
    client = sign_in(community)
    office = {"unit": community.code, "office": "secretary", "begun_on": "2024-03-01"}

    client.post(reverse("members:appoint", args=[member.pk]), office)
    post = Appointment.objects.get()
    too_early = client.post(
        reverse("members:appointment_end", args=[post.pk]), {"on": "2024-02-01"}
    )
    client.post(reverse("members:appointment_end", args=[post.pk]), {"on": "2026-01-31"})

    assert too_early.status_code == 200
    post.refresh_from_db()
    assert post.ended_on == date(2026, 1, 31)


def test_a_taken_seat_is_refused(sign_in, community, member):
    AppointmentFactory(unit=community)
    office = {"unit": community.code, "office": "secretary", "begun_on": "2024-03-01"}

    page = sign_in(community).post(reverse("members:appoint", args=[member.pk]), office)

    assert "该职务已有人担任" in page.content.decode()
    assert Appointment.objects.count() == 1


def test_a_transfer_ends_one_home_and_begins_another(sign_in, community, member):
    other = CommunityFactory(parent=community.parent)

    sign_in(community.parent).post(
        reverse("members:transfer", args=[member.pk]), {"unit": other.code, "on": "2026-05-01"}
    )

    homes = Affiliation.objects.filter(nature=Nature.HOME).order_by("pk")
    assert [(home.unit, home.ended_on) for home in homes] == [
        (community, date(2026, 4, 30)),
        (other, None),
    ]


def test_a_standing_changes_from_a_day(sign_in, community, member):
    sign_in(community).post(
        reverse("members:standing", args=[member.pk]),
        {"standing": "suspended", "on": "2026-05-01"},
    )

    member.membership.refresh_from_db()
    assert member.membership.standing == Standing.SUSPENDED
    assert member.standing_spells.get().begun_on == date(2026, 5, 1)


def test_an_exemption_is_asked_for_below_and_granted_above(sign_in, community, member):
    client = sign_in(community)
    client.post(
        reverse("members:exempt", args=[member.pk]), {"reason": "illness", "begun_on": "2026-01-01"}
    )
    asked = Exemption.objects.get()
    decide = reverse("members:exemption_decide", args=[asked.pk])

    own = client.post(decide, {"decision": "approve"})
    above = sign_in(community.parent, Role.REVIEWER)
    listed = above.get(reverse("members:exemptions"))
    above.post(decide, {"decision": "approve"})
    above.post(decide, {"decision": "refuse"})

    assert own.status_code == 404
    assert list(listed.context["page_obj"]) == [asked]
    assert community.name in listed.content.decode()
    asked.refresh_from_db()
    assert asked.state == ExemptionState.APPROVED
    assert asked.decided_by is not None


def test_the_units_of_many_exemptions_cost_no_more_queries(
    sign_in, community, member, django_assert_num_queries
):
    page, above = reverse("members:exemptions"), sign_in(community.parent, Role.REVIEWER)
    waiting = {"state": ExemptionState.REQUESTED, "decided_at": None}
    ExemptionFactory(person=member, **waiting)
    above.get(page)
    with CaptureQueriesContext(connection) as one:
        above.get(page)

    for _each in range(29):
        ExemptionFactory(person=MemberFactory(unit=community), **waiting)
    with django_assert_num_queries(len(one)):
        listed = above.get(page)

    assert len(listed.context["page_obj"]) == 30


def test_a_reviewer_elsewhere_decides_nothing(sign_in, member):
    asked = ExemptionFactory(person=member, state=ExemptionState.REQUESTED, decided_at=None)
    client = sign_in(CommunityFactory(), Role.REVIEWER)

    answer = client.post(
        reverse("members:exemption_decide", args=[asked.pk]), {"decision": "approve"}
    )

    assert answer.status_code == 404


def test_the_ledger_of_floating_members_is_kept(sign_in, community, member):
    client = sign_in(community)
    client.post(
        reverse("members:floating", args=[member.pk]),
        {"unit": community.code, "direction": "out", "place": "广东", "certificate_number": "黔1"},
    )
    entry = FloatingEntry.objects.get()
    check = {"done_on": "2026-05-01", "note": "证卡齐全"}
    for kind in ("review", "situation"):
        client.post(reverse("members:floating_check", args=[entry.pk, kind]), check)
    client.post(reverse("members:floating_end", args=[entry.pk]), {"on": "2026-06-30"})

    entry.refresh_from_db()
    assert (entry.certificate_number, entry.ended_on) == ("黔1", date(2026, 6, 30))
    assert sorted(entry.checks.values_list("kind", flat=True)) == ["review", "situation"]
    assert "证卡齐全" in client.get(member.get_absolute_url()).content.decode()


def test_a_check_of_an_unknown_kind_is_not_found(sign_in, community, member):
    entry = FloatingEntryFactory(person=member, unit=community)

    answer = sign_in(community).get(reverse("members:floating_check", args=[entry.pk, "points"]))

    assert answer.status_code == 404


def test_a_street_records_its_plan_once_a_year(sign_in, community):
    street = community.parent
    client = sign_in(street)
    data = {"unit": street.code, "year": 2026, "adopted_on": "2026-01-15"}

    client.post(reverse("members:plan_create"), data)
    again = client.post(reverse("members:plan_create"), data)

    assert "本年度已有规划" in again.content.decode()
    assert [plan.unit for plan in client.get(reverse("members:plans")).context["page_obj"]] == [
        street
    ]


# -- searching and narrowing the list -------------------------------------------
FULL_WIDTH = "13800000002".translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"})


@pytest.mark.parametrize(
    "text",
    ["李晓", "lixiao", "LXM", "13800000002", "138 0000 0002", "138-0000-0002", FULL_WIDTH],
)
def test_a_person_is_found_by_name_sound_initials_and_number(sign_in, community, member, text):
    MemberFactory(unit=community, name="王五")
    page = sign_in(community).get(reverse("members:list"), {"q": text})
    assert [person.name for person in page.context["page_obj"]] == ["李晓梅"]


@pytest.mark.parametrize("text", ["1380000000", "5203021990"])
def test_a_part_of_a_number_finds_nobody(sign_in, community, member, text):
    page = sign_in(community).get(reverse("members:list"), {"q": text})
    assert not page.context["page_obj"].object_list


def test_a_viewer_finds_nobody_by_number(sign_in, community, member):
    page = sign_in(community, Role.VIEWER).get(reverse("members:list"), {"q": "13800000002"})
    assert not page.context["page_obj"].object_list


@pytest.mark.parametrize("tie", ["home", "in_service", "office", "floating"])
def test_the_list_is_narrowed_by_how_people_belong_here(sign_in, community, tie):
    MemberFactory(unit=community, name="home")
    guest = MemberFactory(name="in_service")
    Affiliation.objects.create(person=guest, unit=community, nature=Nature.IN_SERVICE)
    officer = MemberFactory(name="office")
    AppointmentFactory(person=officer, unit=community)
    AppointmentFactory(person=guest)  # in office elsewhere, out of reach
    away = MemberFactory(unit=community, name="floating")
    FloatingEntryFactory(person=away, unit=community)

    page = sign_in(community).get(reverse("members:list"), {"tie": tie, "unit": community.code})

    names = {person.name for person in page.context["page_obj"]}
    assert names == ({"home", "floating"} if tie == "home" else {tie})
