"""Exemptions: asked for, decided by the unit above, and the ledger of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View
from django.views.generic import ListView
from django.views.generic.detail import SingleObjectMixin

from members import services
from members.choices import ExemptionReason, ExemptionState
from members.errors import MemberError
from members.forms import ExemptionForm
from members.ledger_forms import ExemptionFilterForm
from members.ledgers import Column
from members.models import Exemption, Person
from members.views.ledgers import LedgerView, home_names, with_homes
from members.views.mixins import ChangeView
from organizations.access import actions_of
from organizations.actions import Action
from organizations.mixins import ScopedMixin


class ExemptView(ChangeView):
    queryset = Person.objects.all()
    form_class = ExemptionForm
    title = _("Ask for an exemption")

    def change(self, data: dict[str, Any]) -> None:
        reason = ExemptionReason(data.pop("reason"))
        services.request_exemption(self.object, reason=reason, by=self.request.user, **data)


class ExemptionListView(ScopedMixin, ListView):
    """What waits for a decision, for those who decide."""

    queryset = Exemption.objects.filter(state=ExemptionState.REQUESTED).select_related("person")
    template_name = "members/exemption_list.html"
    action = Action.REVIEW
    paginate_by = 50

    def get_queryset(self) -> QuerySet:
        return with_homes(super().get_queryset(), self.request.user)


class ExemptionDecideView(ScopedMixin, SingleObjectMixin, View):
    """Approve or refuse; the unit above does it, by a reviewer or the county's organiser."""

    queryset = Exemption.objects.select_related("person")
    action = Action.REVIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        exemption = self.get_object()
        wish = request.POST.get("decision")
        if wish not in {"approve", "refuse"}:
            raise Http404
        try:
            services.decide_exemption(exemption, approve=wish == "approve", by=request.user)
        except MemberError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Decided."))
        return redirect(exemption.person)


class ExemptionLedgerView(LedgerView):
    """Who is exempt, from when to when, by whose word: for those who keep the record or review."""

    queryset = Exemption.objects.select_related("person", "decided_by")
    form_class = ExemptionFilterForm
    title = _("Ledger of exemptions")
    hint = _("An exemption counts once the unit above has approved it.")
    nothing = _("No such exemption")
    file_name = "exemptions"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Unit"), home_names),
        Column(_("Reason"), lambda row: row.get_reason_display()),
        Column(_("Since"), lambda row: row.begun_on),
        Column(pgettext_lazy("last day", "Until"), lambda row: row.ended_on),
        Column(_("State"), lambda row: row.get_state_display(), is_mark=True),
        Column(_("Decided on"), lambda row: row.decided_at and timezone.localdate(row.decided_at)),
        Column(_("Note"), lambda row: row.note),
    )

    @property
    def action(self) -> Action:  # type: ignore[override]
        """Reasons are for the home that keeps the record, and for reviewers of what lies below."""
        keeps = Action.ENROL in actions_of(self.request.user)
        return Action.ENROL if keeps else Action.REVIEW

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        today, shown = timezone.localdate(), said.get("shown", "")
        if said.get("reason"):
            rows = rows.filter(reason=said["reason"])
        if shown in ExemptionState.values:
            rows = rows.filter(state=shown)
        elif shown != "all":
            still = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
            rows = rows.filter(still, state=ExemptionState.APPROVED, begun_on__lte=today)
        return with_homes(rows.order_by("person__pinyin", "pk"), self.request.user)
