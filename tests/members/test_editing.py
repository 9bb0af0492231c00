"""Correcting what is on record of a person, alone or while somebody else is at it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.choices import Standing
from members.errors import MemberError
from members.models import Person
from members.services import change_standing
from tests.cast import sign_in
from tests.factories import AppointmentFactory, MemberFactory
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(community):
    person = MemberFactory(unit=community, name="李晓梅")
    person.set_id_number(id_number(2))
    person.set_phone("13800000002")
    person.save()
    return person


@pytest.fixture
def colleague(street_secretary):
    return sign_in(street_secretary)


def as_shown(client, person):
    """What a browser would send if nobody typed anything."""
    form = client.get(reverse("members:edit", args=[person.pk])).context["form"]
    said = {}
    for field in form:
        said[field.html_name] = field.value() or ""
        if field.field.show_hidden_initial:
            said[field.html_initial_name] = field.value() or ""
    return said


def test_two_who_edit_one_person_do_not_undo_each_other(signed_in, colleague, member):
    first, second = signed_in, colleague
    mine, theirs = as_shown(first, member), as_shown(second, member)
    address = reverse("members:edit", args=[member.pk])

    second.post(address, theirs | {"occupation": "教师", "stage": "full", "full_on": "2003-07-01"})
    first.post(address, mine | {"education": "大学"})

    person = Person.objects.get(pk=member.pk)
    assert (person.occupation, person.education) == ("教师", "大学")
    assert person.membership.full_on == date(2003, 7, 1)


def test_what_both_have_changed_is_asked_about_once(signed_in, colleague, member):
    first, second = signed_in, colleague
    mine, theirs = as_shown(first, member), as_shown(second, member)
    address = reverse("members:edit", args=[member.pk])
    second.post(address, theirs | {"occupation": "教师"})

    asked = first.post(address, mine | {"occupation": "护士"})

    assert "教师" in asked.content.decode()
    assert Person.objects.get(pk=member.pk).occupation == "教师"
    form = asked.context["form"]
    again = {field.html_name: field.value() or "" for field in form}
    again |= {name: value for name, value in form.data.items() if name.startswith("initial-")}
    assert first.post(address, again).status_code == 302
    assert Person.objects.get(pk=member.pk).occupation == "护士"


def test_the_page_carries_along_what_it_showed_but_no_identifier(signed_in, member):
    page = signed_in.get(reverse("members:edit", args=[member.pk])).content.decode()

    assert 'name="initial-occupation"' in page
    assert 'name="initial-stage"' in page
    assert "initial-id_number" not in page
    assert "initial-phone" not in page


@pytest.mark.parametrize("name", ["birth_date", "applied_on", "joined_on", "full_on"])
def test_no_day_of_a_record_is_still_to_come(signed_in, member, name):
    client, tomorrow = signed_in, timezone.localdate() + timedelta(days=1)
    said = as_shown(client, member) | {name: tomorrow.isoformat()}

    page = client.post(reverse("members:edit", args=[member.pk]), said)

    assert "不能晚于今天" in page.content.decode()
    assert page.context["form"].errors.keys() == {name}


def test_a_standing_does_not_begin_tomorrow(signed_in, member):
    tomorrow = timezone.localdate() + timedelta(days=1)
    said = {"standing": "deceased", "on": tomorrow.isoformat()}

    page = signed_in.post(reverse("members:standing", args=[member.pk]), said)

    assert "不能晚于今天" in page.content.decode()
    with pytest.raises(MemberError):
        change_standing(member.membership, standing=Standing.DECEASED, on=tomorrow, by=None)
    member.membership.refresh_from_db()
    assert member.membership.standing == Standing.NORMAL


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"stage": "activist", "full_on": ""}, "joined_on"),
        ({"applied_on": "2001-07-02"}, "joined_on"),
        ({"applied_on": "1999-01-02", "activist_on": "1999-01-01"}, "activist_on"),
        ({"full_on": "2001-06-30"}, "full_on"),
    ],
)
def test_stages_come_one_after_the_other(signed_in, member, typed, wrong):
    said = as_shown(signed_in, member) | {"joined_on": "2001-07-01", "full_on": "2002-07-01"}

    page = signed_in.post(reverse("members:edit", args=[member.pk]), said | typed)

    assert page.context["form"].errors.keys() == {wrong}
    good = said | {"applied_on": "1999-01-02", "activist_on": "1999-07-02"}
    assert signed_in.post(reverse("members:edit", args=[member.pk]), good).status_code == 302


def test_somebody_new_takes_no_office_while_another_held_it(signed_in, community):
    AppointmentFactory(unit=community, ended_on=date(2025, 1, 1))
    said = {"name": "王小明", "unit": community.code, "office": "secretary"}

    page = signed_in.post(reverse("members:create"), said | {"begun_on": "2024-06-01"})

    assert "同一时期" in page.content.decode()
    assert not Person.objects.filter(name="王小明").exists()
    assert signed_in.post(reverse("members:create"), said | {"begun_on": "2025-01-02"}).url
