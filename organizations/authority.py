"""Whom an administrator or an organiser sees as users, and which roles each may give or end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from organizations.access import actions_of, paths_for
from organizations.actions import Action
from organizations.choices import Role
from organizations.models import Grant, Unit
from organizations.pinyin import spell_name
from organizations.querysets import GrantQuerySet, UnitQuerySet

GIVEN_BY_ORGANIZERS = (Role.VIEWER, Role.SECRETARY, Role.REVIEWER)
"""Roles lower than an organiser's own."""


def users_visible_to(user: User | AnonymousUser) -> QuerySet[User]:
    """The users that exist for `user`: all for an administrator; for an organiser those who have
    or had a role within the own county; none for anyone else.
    """
    if administers(user):
        return User.objects.all()
    theirs = Grant.objects.visible_to(user).filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(theirs))


def search_users(
    users: QuerySet[User], grants: GrantQuerySet, *, q: str = "", role: str = "", unit: str = ""
) -> QuerySet[User]:
    """Those of `users` who are called `q` and have one of `grants` with that role, on a unit of
    that name, code or pinyin; what is empty is not asked for.
    """
    if q:
        users = users.filter(Q(username__icontains=q) | Q(display_name__icontains=q))
    if role:
        grants = grants.filter(role=role)
    if unit:
        grants = grants.filter(unit__in=Unit.objects.search(unit))
    if role or unit:
        users = users.filter(Exists(grants.filter(user=OuterRef("pk"))))
    return users


class BySound(Sequence[User]):
    """Users in the order of pinyin as all lists of people, those who can't sign in last.

    An account has no stored pinyin, as `accounts` knows nothing of names: the order is made here,
    from names alone, and users are read a page at a time.
    """

    def __init__(self, users: QuerySet[User]) -> None:
        self.users = users
        rows = users.order_by().values_list("is_active", "display_name", "username", "pk")
        self.keys = [
            pk
            for _is_out, _sound, _username, pk in sorted(
                (not is_active, spell_name(name or username), username, pk)
                for is_active, name, username, pk in rows
            )
        ]

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, place: Any) -> Any:
        asked = self.keys[place]
        keys = asked if isinstance(asked, list) else [asked]
        found = self.users.in_bulk(keys)
        users = [found[key] for key in keys if key in found]
        return users if isinstance(asked, list) else users[0]


def administers(user: User | AnonymousUser) -> bool:
    """Whether `user` keeps accounts: creates, resets, deactivates."""
    return Action.ADMINISTER in actions_of(user)


def roles_to_give(giver: User) -> list[Role]:
    """The roles that `giver` may give somewhere."""
    if administers(giver):
        return list(Role)
    return list(GIVEN_BY_ORGANIZERS) if paths_for(giver, Action.MANAGE) else []


def units_to_give(giver: User, *, on: date) -> UnitQuerySet:
    """The units standing on `on` where `giver` may give a role.

    All for an administrator, as a unit is no personal data; for an organiser those strictly
    below the own county.
    """
    standing = Unit.objects.on(on).order_by("path")
    if administers(giver):
        return standing
    own = paths_for(giver, Action.MANAGE)
    return standing.under(*own).exclude(path__in=own)


def may_give(giver: User, role: str, unit: Unit | None) -> bool:
    """Whether `giver` may give `role` on `unit` to somebody else, or end it."""
    if administers(giver):
        return True
    return (
        unit is not None
        and role in GIVEN_BY_ORGANIZERS
        and any(
            unit.path.startswith(path) and unit.path != path
            for path in paths_for(giver, Action.MANAGE)
        )
    )
