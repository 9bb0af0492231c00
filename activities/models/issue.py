"""What was found at a meeting and is to be set right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.querysets import IssueQuerySet


class Issue(models.Model):
    """Something found at an activity: what, whose, to be set right by when, done on which day."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="issues")
    what = models.CharField(_("what was found"), max_length=300)
    who = models.CharField(
        _("who sets it right"), max_length=50, blank=True, help_text=_("A member, or an office.")
    )
    due_on = models.DateField(_("set right by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_note = models.CharField(_("what was done"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("issue found")
        verbose_name_plural = _("issues found")
        indexes = [
            models.Index(
                name="issue_open",
                fields=["due_on"],
                condition=models.Q(done_on__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(name="issue_says_what", condition=~models.Q(what="")),
        ]

    def __str__(self) -> str:
        return self.what
