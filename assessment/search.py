"""One search over units, people, activities and rules: each through its own gate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from activities.kinds import all_kinds
from activities.models import Activity
from assessment.columns import Column, all_columns
from assessment.phrases import clause_name
from members.models import Affiliation, Person
from organizations.models import Unit
from organizations.pinyin import spell

SHOWN = 6
"""Of each sort; the rest is behind a link to the list with the same words."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits, and where it leads."""

    title: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one sort. `more` leads to the whole list where there is more."""

    heading: str
    icon: str
    items: list[Found]
    more: str = ""


def search(text: str, *, user: User) -> list[Group]:
    """What `user` may see that `text` names: by Chinese, pinyin or initials.

    An ID number or a phone in full finds its owner, for those who may see identifiers.
    Sorts of which nothing fits are left out; an empty text finds nothing.
    """
    text = text.strip()
    if not text:
        return []
    groups = [_rules(text), _units(text, user), _people(text, user), _activities(text, user)]
    return [group for group in groups if group.items]


def _rules(text: str) -> Group:
    items = [
        Found(column.title, column.clause_name, _rule_page(column))
        for column in all_columns()
        if _names(column, text)
    ]
    return Group(pgettext("found", "Rules"), "book", items[:SHOWN])


def _rule_page(column: Column) -> str:
    return reverse("assessment:of_rule", args=[column.rule.id])


def _names(column: Column, text: str) -> bool:
    rule = column.rule
    wanted = text.lower()
    words = (
        rule.id,
        rule.title.zh,
        rule.title.en,
        clause_name(rule),
        clause_name(rule, short=True),
    )
    return any(wanted in word.lower() for word in words) or wanted in spell(rule.title.zh)


def _units(text: str, user: User) -> Group:
    rows = list(Unit.objects.visible_to(user).search(text).order_by("path")[: SHOWN + 1])
    tops = {unit.parent_id for unit in rows}
    above = dict(Unit.objects.visible_to(user).filter(pk__in=tops).values_list("pk", "name"))
    items = [
        Found(
            unit.name,
            " · ".join(filter(None, [unit.get_kind_display(), above.get(unit.parent_id, "")])),
            unit.get_absolute_url(),
        )
        for unit in rows
    ]
    return _group(_("Units"), "hierarchy", items, f"{reverse('organizations:tree')}?", q=text)


def _people(text: str, user: User) -> Group:
    people = Person.objects.visible_to(user).search(text, seen_by=user)
    rows = list(people.select_related("membership").order_by("pinyin", "pk")[: SHOWN + 1])
    homes = _homes(rows, user)
    items = [
        Found(
            person.name,
            " · ".join(filter(None, [_stage(person), homes.get(person.pk, "")])),
            person.get_absolute_url(),
        )
        for person in rows
    ]
    return _group(_("People"), "users", items, f"{reverse('members:list')}?", q=text)


def _stage(person: Person) -> str:
    membership = getattr(person, "membership", None)
    return membership.get_stage_display() if membership else ""


def _homes(people: Iterable[Person], user: User) -> dict[object, str]:
    """The unit of each person's first open tie that the user may see."""
    ties = Affiliation.objects.visible_to(user).still_open().filter(person__in=list(people))
    rows = ties.order_by("-nature").values_list("person_id", "unit__name")
    return dict(rows)


def _activities(text: str, user: User) -> Group:
    seen = Activity.objects.visible_to(user)
    by_words = seen.naming(text).select_related("unit").order_by("-starts_at", "-pk")
    items = [
        Found(_of_kind(kind.name), "", f"{reverse('activities:list')}?{urlencode({'kind': code})}")
        for code, kind in all_kinds().items()
        if text.lower() in f"{kind.zh} {kind.en.lower()} {spell(kind.zh)}"
    ]
    items += [
        Found(
            activity.topic,
            f"{date_format(activity.first_day, 'DATE_FORMAT')} · {activity.unit.name}",
            activity.get_absolute_url(),
        )
        for activity in by_words[: SHOWN + 1]
    ]
    address = f"{reverse('activities:list')}?"
    return _group(_("Activities"), "calendar-event", items, address, text=text)


def _of_kind(name: str) -> str:
    return _("All records of the kind “%(kind)s”") % {"kind": name}


def _group(heading: str, icon: str, items: list[Found], address: str, **words: str) -> Group:
    more = address + urlencode(words) if len(items) > SHOWN else ""
    return Group(heading, icon, items[:SHOWN], more)
