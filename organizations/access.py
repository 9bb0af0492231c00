"""The one gate: whom which units exist for, and what may be done there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from organizations.actions import ROLES_FOR, Action

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import Unit


def within(field: str, paths: Iterable[str]) -> Q:
    """Rows whose `field` lies at or below one of `paths`, each as one indexed range.

    A path ends in `/`; `0` is the character after it, so the range is exactly the subtree.
    """
    ranges = (Q(**{f"{field}__gte": path, f"{field}__lt": f"{path[:-1]}0"}) for path in paths)
    return reduce(or_, ranges, Q(pk__in=[]))


def paths_for(user: User | AnonymousUser, action: Action) -> list[str]:
    """The tops of the subtrees in which `user` may do `action` today; a nested one is left out.

    Grants are read once for each user object, which lives as long as one request or job.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    paths = sorted(path for role, path in _grants(user) if path and role in ROLES_FOR[action])
    tops: list[str] = []
    for path in paths:
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


def actions_of(user: User | AnonymousUser) -> frozenset[Action]:
    """What `user` may do somewhere."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    roles = {role for role, _path in _grants(user)}
    return frozenset(action for action, allowed in ROLES_FOR.items() if roles & allowed)


def may(user: User | AnonymousUser, action: Action, unit: Unit) -> bool:
    """Whether `user` may do `action` on `unit`."""
    return any(unit.path.startswith(path) for path in paths_for(user, action))


def forget_grants(user: User) -> None:
    """Read the grants again at the next question: for a job that lives longer than a request."""
    user.__dict__.pop("_grants_today", None)


def _grants(user: User) -> list[tuple[str, str]]:
    if "_grants_today" not in user.__dict__:
        held = user.grants.on(timezone.localdate())  # type: ignore[attr-defined]
        user.__dict__["_grants_today"] = list(held.values_list("role", "unit__path"))
    return user.__dict__["_grants_today"]
