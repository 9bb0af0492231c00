"""Posts with duties, members' pledges (clause 11), and cases of unfit members (clause 10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.choices import CaseOutcome
from members.models.person import Person
from members.querysets import PostHoldingQuerySet
from organizations.dated import in_order
from organizations.models import Unit
from organizations.querysets import ScopedDatedQuerySet, ScopedQuerySet


class DutyPost(models.Model):
    """A post that a unit has set up for its members, and what its holders do."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="duty_posts"
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    duties = models.CharField(_("duties"), max_length=300, blank=True)
    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = ScopedDatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path", "name", "pk"]
        verbose_name = _("post with duties")
        verbose_name_plural = _("posts with duties")
        constraints = [
            models.CheckConstraint(
                name="duty_post_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("members:post", args=[self.pk])


class PostHolding(models.Model):
    """A person holds a post for a time."""

    post = models.ForeignKey(
        DutyPost, verbose_name=_("post"), on_delete=models.CASCADE, related_name="holdings"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="post_holdings"
    )
    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("holding of a post")
        verbose_name_plural = _("holdings of posts")
        constraints = [
            models.CheckConstraint(
                name="post_holding_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                name="post_holding_open_once",
                fields=["post", "person"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("The person holds this post already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class Pledge(models.Model):
    """What a member has promised to do, and how it was kept."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="pledges"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="pledges"
    )
    made_on = models.DateField(_("made on"))
    text = models.CharField(_("pledge"), max_length=300)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    report = models.CharField(_("report"), max_length=300, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [
            models.CheckConstraint(
                name="pledge_days_in_order",
                condition=Q(reported_on__isnull=True) | Q(reported_on__gte=F("made_on")),
                violation_error_message=_("It can't be reported on before it was made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.made_on}"


class UnfitCase(models.Model):
    """The case of a member who does not meet the standard, and how it was settled."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="unfit_cases"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="unfit_cases"
    )
    opened_on = models.DateField(_("opened on"))
    ground = models.CharField(_("ground"), max_length=300)
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CaseOutcome, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        verbose_name = _("case of an unfit member")
        verbose_name_plural = _("cases of unfit members")
        constraints = [
            models.CheckConstraint(
                name="unfit_case_settled_with_an_outcome",
                condition=Q(settled_on__isnull=True, outcome="")
                | (Q(settled_on__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("A settled case has a day and an outcome."),
            ),
            models.CheckConstraint(
                name="unfit_case_days_in_order",
                condition=Q(settled_on__isnull=True) | Q(settled_on__gte=F("opened_on")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                name="unfit_case_open_once",
                fields=["person"],
                condition=Q(settled_on__isnull=True),
                violation_error_message=_("A case of this person is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.opened_on}"
