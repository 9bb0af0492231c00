"""The ledger of floating members (clause 12): its list, an entry's cards, the certificate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from members import services
from members.choices import FloatingCheckKind
from members.ledger_forms import FloatingEditForm, FloatingFilterForm
from members.ledgers import Column
from members.models import FloatingEntry
from members.views.ledgers import LedgerView
from members.views.mixins import ChangeView
from organizations.mixins import ScopedMixin


class FloatingListView(LedgerView):
    """Who floats out and in, with certificate, cards and the year's checks."""

    queryset = FloatingEntry.objects.with_last_checks().select_related("person", "unit")
    form_class = FloatingFilterForm
    title = _("Ledger of floating members")
    hint = _("Each entry with its certificate and three cards, looked through once a year.")
    nothing = _("No such entry in the ledger")
    file_name = "floating"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Direction"), lambda row: row.get_direction_display()),
        Column(_("Whereto or where from"), lambda row: row.place),
        Column(_("Kept by"), lambda row: row.unit.name),
        Column(_("Since"), lambda row: row.begun_on),
        Column(_("Until"), lambda row: row.ended_on),
        Column(_("Activity certificate"), lambda row: row.certificate_number),
        Column(_("Contact card"), lambda row: row.contact_card),
        Column(_("Activity card"), lambda row: row.activity_card),
        Column(_("Feedback card"), lambda row: row.feedback_card),
        Column(_("Contact person"), lambda row: row.contact_person),
        Column(_("Cards reviewed on"), lambda row: row.last_review),
        Column(_("Situation noted on"), lambda row: row.last_situation),
    )

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        if said.get("direction"):
            rows = rows.filter(direction=said["direction"])
        shown = said.get("shown", "")
        if shown in FloatingCheckKind.values:
            return rows.unchecked_in(timezone.localdate().year, shown)
        if shown == "papers":
            return rows.without_papers()
        if shown == "ended":
            return rows.filter(ended_on__isnull=False)
        return rows if shown == "all" else rows.still_open()


class FloatingEditView(ChangeView):
    """Certificate, cards and contact of one entry."""

    queryset = FloatingEntry.objects.select_related("person", "unit")
    form_class = FloatingEditForm
    title = _("Certificate and cards")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object}

    def change(self, data: dict[str, Any]) -> None:
        services.change_floating(self.object, by=self.request.user, **data)


class FloatingCertificateView(ScopedMixin, DetailView):
    """The activity certificate's page: whose it is, the cards, and room for the year's checks."""

    queryset = FloatingEntry.objects.select_related("person__membership", "unit").prefetch_related(
        "checks"
    )
    template_name = "members/floating_certificate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.object
        return super().get_context_data(
            entry=entry, person=entry.person, today=timezone.localdate(), **kwargs
        )
