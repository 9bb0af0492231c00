"""Keeping users and their roles; `by` is who does it, None the operator at the shell.

Nobody changes their own account or roles here, and one lasting administrator is always left.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from axes.utils import reset as forgive_wrong_passwords
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations import services
from organizations.authority import administers, may_give, units_to_give
from organizations.choices import Role
from organizations.errors import OrganizationError
from organizations.models import Grant, Unit

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper: i l o 0 1."""
GROUPS, GROUP_LENGTH = 4, 5
ONE_TIME_DAYS = 3
"""Within which a one-time password is used, or another is drawn."""


def draw_password() -> str:
    """A one-time password: 20 random letters and digits (99 bits), in groups for reading out."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


@transaction.atomic
def create_user(
    username: str, *, by: User | None, display_name: str = "", email: str = "", language: str = ""
) -> tuple[User, str]:
    """A user without any role yet, and the one-time password, which is kept nowhere."""
    _must_administer(by)
    if User.objects.filter(username__iexact=username).exists():
        raise OrganizationError(_("The user name “%(name)s” is taken.") % {"name": username})
    password = draw_password()
    user = User(username=username, display_name=display_name, email=email)
    user.language = language or user.language
    _set_one_time(user, password)
    _checked(user)
    user.save()
    record(by=by, verb="create_user", target=user, username=username)
    return user, password


@transaction.atomic
def change_user(user: User, *, display_name: str, email: str, by: User | None) -> None:
    """Put right the name and the address for mail."""
    _must_administer(by, user)
    user.display_name, user.email = display_name, email
    _checked(user)
    user.save(update_fields=["display_name", "email"])
    record(by=by, verb="change_user", target=user)


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """A new one-time password; all sessions of `user` end, and wrong guesses are forgiven."""
    _must_administer(by, user)
    password = draw_password()
    _set_one_time(user, password)
    user.save(update_fields=["password", "must_change_password", "one_time_until"])
    forgive_wrong_passwords(username=user.username)
    record(by=by, verb="reset_password", target=user)
    return password


@transaction.atomic
def set_active(user: User, *, active: bool, by: User | None) -> str:
    """Let `user` sign in again, by the one-time password returned; or no more (then "").

    Either way no session of before lives on: the old password is gone for good.
    """
    _must_administer(by, user)
    if user.is_active == active:
        raise OrganizationError(_("Somebody has done this already."))
    administered = user.grants.filter(role=Role.ADMINISTRATOR).exists()  # type: ignore[attr-defined]
    if administered:
        _hold_administrators()
    user.is_active = active
    if not active:
        user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    record(by=by, verb="activate_user" if active else "deactivate_user", target=user)
    if active:
        return reset_password(user, by=by)
    if administered:
        _keep_an_administrator()
    return ""


@transaction.atomic
def give_role(
    user: User,
    *,
    role: Role,
    unit: Unit | None,
    by: User | None,
    begun_on: date | None = None,
    ended_on: date | None = None,
) -> Grant:
    """Let `user` act as `role` on `unit`, from a day to a day (both included, null: open).

    An administrator may give any role, an organiser a lower one on a unit below the own county.
    """
    _must_differ(by, user)
    if by and not may_give(by, role, unit):
        raise OrganizationError(_("You can't give this role there."))
    standing = units_to_give(by, on=timezone.localdate()) if by else Unit.objects.all()
    if unit and not standing.filter(pk=unit.pk).exists():
        raise OrganizationError(_("This unit is dissolved."))
    same = Grant.objects.filter(user=user, role=role, unit=unit)
    if same.overlapping(begun_on or date.min, ended_on or date.max).exists():
        raise OrganizationError(_("The person already has this role there."))
    return services.grant_role(
        user, role=role, unit=unit, by=by, begun_on=begun_on, ended_on=ended_on
    )


@transaction.atomic
def end_role(grant: Grant, *, on: date, by: User | None) -> None:
    """`on` is the last day of the role. One that has not begun by then is taken back: the row
    goes, the audit trail keeps what was.
    """
    _must_differ(by, grant.user)
    if by and not may_give(by, grant.role, grant.unit):
        raise OrganizationError(_("You can't end this role."))
    if grant.role == Role.ADMINISTRATOR:
        _hold_administrators()
    if grant.begun_on and grant.begun_on > on:
        record(
            by=by,
            verb="take_back_role",
            target=grant,
            unit_path=grant.unit.path if grant.unit else "",
            user=grant.user_id,
            role=grant.role,
        )
        grant.delete()
    else:
        services.end_grant(grant, on=on, by=by)
    if grant.role == Role.ADMINISTRATOR:
        _keep_an_administrator()


def _set_one_time(user: User, password: str) -> None:
    user.set_password(password)
    user.must_change_password = True
    user.one_time_until = timezone.now() + timedelta(days=ONE_TIME_DAYS)


def _must_administer(by: User | None, user: User | None = None) -> None:
    if by and not administers(by):
        raise OrganizationError(_("Only an administrator keeps accounts."))
    _must_differ(by, user)


def _must_differ(by: User | None, user: User | None) -> None:
    if by and by == user:
        raise OrganizationError(_("Nobody changes their own account or roles here."))


def _hold_administrators() -> None:
    """Lock their grants, so that two who end each other's role at once don't both succeed."""
    list(Grant.objects.filter(role=Role.ADMINISTRATOR).select_for_update().order_by("pk"))


def _keep_an_administrator() -> None:
    """Refuse what was just done if no active user is left who administers without an end."""
    held = Grant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).still_open()
    begun = Q(begun_on__isnull=True) | Q(begun_on__lte=timezone.localdate())
    if not held.filter(begun).exists():
        raise OrganizationError(_("At least one administrator must be left."))


def _checked(user: User) -> None:
    try:
        user.full_clean()
    except ValidationError as error:
        raise OrganizationError.of(error) from None
