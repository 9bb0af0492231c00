"""People in lists stand in the order of their syllables, and are found however they are typed."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from members.models import Person
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
IN_ORDER = ["陈刚", "陈佳慧", "程伟", "程文", "欧阳修", "张三"]


@pytest.fixture
def people(community):
    return [MemberFactory(unit=community, name=name) for name in reversed(IN_ORDER)]


@pytest.mark.usefixtures("people")
def test_a_list_goes_by_the_surname_first():
    assert list(Person.objects.values_list("name", flat=True)) == IN_ORDER


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("陈", ["陈刚", "陈佳慧"]),
        ("chenjiahui", ["陈佳慧"]),
        ("Chen Jia", ["陈佳慧"]),
        ("cjh", ["陈佳慧"]),
        ("chengw", ["程伟", "程文"]),
        ("oyx", ["欧阳修"]),
    ],
)
def test_people_are_found_by_signs_syllables_and_initials(text, found):
    assert [person.name for person in Person.objects.search(text)] == found


@pytest.mark.usefixtures("people")
def test_names_on_record_are_spelt_anew(monkeypatch):
    spelling = import_module("members.migrations.0015_names_by_syllable")
    monkeypatch.setattr(spelling, "AT_ONCE", 4)
    Person.objects.update(pinyin="x")

    spelling.spell_names(apps, SimpleNamespace(connection=connection))

    assert list(Person.objects.values_list("name", flat=True)) == IN_ORDER


def test_the_longest_name_has_room(community):
    person = MemberFactory(unit=community, name="双" * 60)

    assert len(person.pinyin) <= Person._meta.get_field("pinyin").max_length
