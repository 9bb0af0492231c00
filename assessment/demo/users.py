"""A user for each role."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from assessment.demo import DEMO_USERS
from organizations.choices import COMMUNITY_KINDS, Role, UnitKind
from organizations.models import Grant, Unit

NAMES = {
    "secretary": "社区书记",
    "neighbour": "邻近社区书记",
    "street": "街道党务干部",
    "reviewer": "街道审核员",
    "organizer": "区委组织部管理员",
    "viewer": "区级查阅人员",
    "administrator": "系统管理员",
}


def make_users() -> list[tuple[str, str, str]]:
    """Make those of DEMO_USERS whose units are there, each with its grant; returns them."""
    codes = [code for _name, _role, code in DEMO_USERS]
    units = Unit.objects.filter(code__in=codes).in_bulk(field_name="code")
    password = make_password(settings.DEMO_PASSWORD)
    made = []
    for name, role, code in DEMO_USERS:
        if code and code not in units:
            continue
        user = User.objects.create(
            username=name,
            display_name=NAMES[name],
            email=f"{name}@demo.invalid",
            password=password,
        )
        Grant.objects.create(user=user, unit=units.get(code), role=role)
        made.append((name, role, code))
    return made


def make_secretaries(units: list[Unit]) -> dict[str, int]:
    """A secretary for each street and community who can't sign in; their keys by path of the unit.

    They keep the records and take the reminders. Who signs in as a demo user is one more there.
    """
    kinds = {UnitKind.STREET_COMMITTEE, *COMMUNITY_KINDS}
    posts = [unit for unit in units if unit.kind in kinds]
    users = User.objects.bulk_create(
        User(
            username=f"s{unit.code}",
            display_name=f"{unit.name}书记",
            email=f"s{unit.code}@demo.invalid",
            password=make_password(None),
        )
        for unit in posts
    )
    Grant.objects.bulk_create(
        Grant(user=user, unit=unit, role=Role.SECRETARY)
        for user, unit in zip(users, posts, strict=True)
    )
    return {unit.path: user.pk for user, unit in zip(users, posts, strict=True)}
