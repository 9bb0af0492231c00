"""Who may act for which unit."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations.access import forget_grants
from organizations.choices import Role
from organizations.errors import OrganizationError
from organizations.models import Grant, Unit


@transaction.atomic
def grant_role(
    user: User,
    *,
    role: Role,
    unit: Unit | None,
    by: User | None,
    begun_on: date | None = None,
    ended_on: date | None = None,
) -> Grant:
    """Let `user` act as `role` on `unit` and all below it, from a day to a day, both included.

    The role of the whole system, administrator, has no unit; any other has one.
    """
    grant = Grant(user=user, unit=unit, role=role, begun_on=begun_on, ended_on=ended_on)
    try:
        grant.full_clean()
        grant.save()
    except ValidationError as error:
        raise OrganizationError.of(error) from None
    except IntegrityError:  # the same button pressed twice at once
        raise OrganizationError(_("The person already has this role there.")) from None
    _tell("grant_role", grant, by=by, day=begun_on)
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, on: date, by: User | None) -> None:
    """`on` is the last day of the grant."""
    if grant.ended_on is not None and grant.ended_on <= on:
        raise OrganizationError(_("This grant has ended already."))
    grant.ended_on = on
    try:
        grant.full_clean()
    except ValidationError as error:
        raise OrganizationError.of(error) from None
    grant.save(update_fields=["ended_on"])
    _tell("end_grant", grant, by=by, day=on)


def _tell(verb: str, grant: Grant, *, by: User | None, day: date | None) -> None:
    record(
        by=by,
        verb=verb,
        target=grant,
        unit_path=grant.unit.path if grant.unit else "",
        user=grant.user_id,
        role=grant.role,
        on=day.isoformat() if day else None,
    )
    forget_grants(grant.user)
