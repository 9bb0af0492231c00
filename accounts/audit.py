"""The audit trail: one call in the transaction of the change that it tells of."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import AuditEvent, User


def record(
    *,
    by: User | AnonymousUser | None,
    verb: str,
    target: models.Model,
    unit_path: str = "",
    **details: Any,
) -> AuditEvent:
    """Write down that `by` did `verb` to `target`; None is the portal itself.

    `details` must be plain JSON values and never an ID number or a phone.
    """
    return AuditEvent.objects.create(
        by=by if isinstance(by, User) else None,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        unit_path=unit_path,
        details=details,
    )
