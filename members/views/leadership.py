"""Who leads a unit, how they came into office, and who holds offices on both sides (clause 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from members.choices import ELECTED_OFFICES, Office
from members.models import Appointment, Person
from organizations.choices import COMMUNITY_KINDS
from organizations.keeping import LEADERSHIP
from organizations.kept_views import may_confirm
from organizations.mixins import UnitMixin
from organizations.models import Confirmation

OF_THE_PARTY = frozenset({Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER})
OF_THE_RESIDENTS = frozenset({Office.RESIDENTS_DIRECTOR, Office.COMMUNITY_WORKER})
IN_ORDER = list(Office)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Somebody with an office on each side."""

    person: Person
    offices: list[str]


def crossings(posts: Iterable[Appointment]) -> list[Crossing]:
    """Who of `posts` holds an office in the Party organisation and one among the residents'."""
    held: dict[Person, set[str]] = defaultdict(set)
    for post in posts:
        held[post.person].add(post.office)
    return [
        Crossing(person, [str(office.label) for office in Office if office in offices])
        for person, offices in held.items()
        if offices & OF_THE_PARTY and offices & OF_THE_RESIDENTS
    ]


def is_one_person(posts: Iterable[Appointment]) -> bool | None:
    """Whether secretary and residents'-committee director are one; None: an office is vacant."""
    by_office = {post.office: post.person_id for post in posts}
    secretary = by_office.get(Office.SECRETARY)
    director = by_office.get(Office.RESIDENTS_DIRECTOR)
    return None if secretary is None or director is None else secretary == director


class LeadershipView(UnitMixin, TemplateView):
    """The leadership of one unit, printable, and confirmed once a year."""

    template_name = "members/leadership.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, unit, today = self.request.user, self.unit, timezone.localdate()
        found = Appointment.objects.visible_to(user).filter(unit=unit).on(today)
        posts = sorted(
            found.select_related("person"),
            key=lambda post: (IN_ORDER.index(Office(post.office)), post.person.pinyin),
        )
        said = Confirmation.objects.visible_to(user).filter(unit=unit, thing=LEADERSHIP)
        confirmations = list(said.select_related("by"))
        return super().get_context_data(
            posts=[post for post in posts if post.office in ELECTED_OFFICES],
            has_posts=bool(posts),
            crossings=crossings(posts),
            one_person=is_one_person(posts),
            is_community=unit.kind in COMMUNITY_KINDS,
            confirmations=confirmations,
            is_confirmed=any(row.year == today.year for row in confirmations),
            may_confirm=may_confirm(user, unit),
            today=today,
            **kwargs,
        )
