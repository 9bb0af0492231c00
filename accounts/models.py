"""Who may sign in, and the trail of what was done."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Theme, TypeSize


class User(AbstractUser):
    """A person who signs in. What they may do is said by grants on units alone.

    `must_change_password`: the password is a one-time one that somebody else has seen; until its
    owner has chosen another, no other page answers (PasswordFirstMiddleware). It opens nothing
    after `one_time_until`: a slip of paper may lie about for long.
    """

    display_name = models.CharField(_("name"), max_length=50, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, default=Theme.LIGHT)
    type_size = models.CharField(
        _("size of the type"), max_length=6, choices=TypeSize, default=TypeSize.NORMAL
    )
    must_change_password = models.BooleanField(
        _("must choose a password"), default=False, editable=False
    )

    one_time_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def one_time_is_over(self) -> bool:
        """Whether the one-time password was not used in time, so that another is needed."""
        until = self.one_time_until
        return self.must_change_password and until is not None and until < timezone.now()


class AuditQuerySet(models.QuerySet):
    """Lines are added and read; neither a row nor many of them are ever changed."""

    def update(self, **kwargs):
        raise TypeError("An audit event is never changed.")

    def delete(self):
        raise TypeError("An audit event is never deleted.")


class AuditEvent(models.Model):
    """One thing that was done: by whom, when, to what. Written once, changed never.

    `details` holds what changed, never an ID number or a phone in the clear.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    verb = models.CharField(_("verb"), max_length=40)
    target_type = models.CharField(_("target"), max_length=60)
    target_id = models.CharField(max_length=64)
    unit_path = models.CharField(max_length=255, blank=True)
    details = models.JSONField(_("details"), default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(name="audit_of_target", fields=["target_type", "target_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_type} {self.target_id}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("An audit event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An audit event is never deleted.")
