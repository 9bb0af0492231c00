"""The units and people that a kind's own field names: found within reach, kept by key.

A kept value is `{"key": code or person's key, "name": …, "at": …}`: the key says who is meant, name
and place are what stood there when it was written, for the day on which nobody of that key is left.
What names nobody on record (a school of the province, a lecturer from outside) stays plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from activities.extras import in_words
from activities.models import Activity
from members.choices import Nature
from members.models import Affiliation, Person
from organizations.models import Unit

OFFERED = 12
"""Of those that fit what is typed."""
LOOKED_AT = 50
"""People of one name, among whom the one of that place is looked for."""
UNIT, PERSON = "unit", "person"
SORTS = {UNIT: UNIT, PERSON: PERSON, "units": UNIT, "people": PERSON}
"""What a field of each type names."""
Named = dict[str, str]


def text_of(value: Named) -> str:
    """As it stands in the field: the name, and in brackets what tells it from another."""
    return f"{value['name']}（{value['at']}）" if value["at"] else value["name"]


def offered(sort: str, text: str, *, user: User) -> list[str]:
    """What `user` may see that fits `text`, by Chinese, pinyin or initials, as a field's texts."""
    text = text.strip()
    if not text:
        return []
    if sort == UNIT:
        units = Unit.objects.visible_to(user).on(timezone.localdate()).search(text)
        return [text_of(_of_unit(unit)) for unit in units.order_by("path")[:OFFERED]]
    people = Person.objects.visible_to(user).search(text).order_by("pinyin", "pk")
    return [text_of(each) for each in _of_people(people[:OFFERED], user)]


def named(sort: str, text: str, *, user: User) -> Named | str:
    """Whom `text` names within the reach of `user`: as chosen from what is offered, or a name or
    code that only one bears; else the words themselves.
    """
    return all_named(sort, [text], user=user)[0]


def all_named(sort: str, texts: Iterable[str], *, user: User) -> list[Named | str]:
    """The same of several texts, in at most two queries."""
    parts = [(text.strip(), *_parts(text.strip())) for text in texts]
    names = {name for text, inner, _at in parts for name in (text, inner)} - {""}
    if sort == UNIT:
        codes = {code.lower() for text, _name, at in parts for code in (text, at)}
        seen = Unit.objects.visible_to(user).on(timezone.localdate())
        fitting = seen.filter(Q(name__in=names) | Q(code__in=codes)).order_by("path")
        found = [_of_unit(unit) for unit in fitting]
    else:
        people = Person.objects.visible_to(user).filter(name__in=names).order_by("pk")
        found = _of_people(people[: LOOKED_AT * len(parts)], user)
    return [_picked(found, sort, *each) for each in parts]


def _parts(text: str) -> tuple[str, str]:
    """Name and place of a text as it is offered; without brackets, neither."""
    name, _bracket, rest = text.removesuffix("）").rpartition("（")
    return (name, rest) if text.endswith("）") else ("", "")


def _picked(found: Iterable[Named], sort: str, text: str, name: str, at: str) -> Named | str:
    fits = [
        each
        for each in found
        if (each["name"], each["at"]) == (name, at)
        or each["name"] == text
        or (sort == UNIT and each["key"] == text.lower())
    ]
    return fits[0] if len(fits) == 1 else text


def names_of_named(values: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What those who are named in these records' own fields are called today, by their keys.

    At most two queries, none where nobody is named.
    """
    keys = {
        each["key"]
        for extra in values
        for value in extra.values()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, dict) and each.get("key")
    }
    if not keys:
        return {}
    people = {key for key in keys if _is_person(key)}
    names: dict[str, str] = {}
    if people:
        rows = Person.objects.filter(pk__in=people).values_list("pk", "name")
        names |= {str(key): name for key, name in rows}
    if codes := keys - people:
        names |= dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return names


def extra_of(activity: Activity, names: Mapping[str, str] | None = None) -> list[Any]:
    """The own fields of the record's kinds that have a value, each with it in words.

    `names` are those of `names_of_named`, where they were read for many records at once.
    """
    if names is None:
        names = names_of_named([activity.extra])
    return in_words([kind.code for kind in activity.kinds], activity.extra, names)


def _of_unit(unit: Unit) -> Named:
    return {"key": unit.code, "name": unit.name, "at": unit.code}


def _of_people(people: Iterable[Person], user: User) -> list[Named]:
    """Each with the unit where the person is at home, if `user` may see it."""
    rows = list(people)
    ties = Affiliation.objects.visible_to(user).still_open().filter(nature=Nature.HOME)
    homes = dict(ties.filter(person__in=rows).values_list("person_id", "unit__name"))
    return [
        {"key": str(person.pk), "name": person.name, "at": homes.get(person.pk, "")}
        for person in rows
    ]


def _is_person(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
