"""Who is in which office, and when the next election is due."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.choices import MEMBER_STAGES
from members.development import add_months
from members.ledger_forms import TermFilterForm
from members.ledgers import Column
from members.models import Appointment
from members.views.ledgers import LedgerView

LEAD_MONTHS = 6
"""How long before a term's end the unit above is to remind of the election."""


def _mark(post: Appointment) -> str:
    ends, today = post.term_ends_on, timezone.localdate()
    if ends is None:
        return ""
    if ends < today:
        return gettext("Term is over")
    return gettext("Election due") if ends <= add_months(today, LEAD_MONTHS) else ""


class TermListView(LedgerView):
    """People in office, members or not, whose term ends first."""

    queryset = Appointment.objects.still_open().select_related("person__membership", "unit")
    form_class = TermFilterForm
    title = _("Offices and terms")
    hint = _("The day on which a term ends is the day by which the next election is due.")
    nothing = _("Nobody in office")
    file_name = "terms"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Office"), lambda row: row.get_office_display()),
        Column(_("How elected"), lambda row: row.get_election_display()),
        Column(_("In office since"), lambda row: row.begun_on),
        Column(_("Next election by"), lambda row: row.term_ends_on),
        Column(_("State"), _mark, is_mark=True),
    )

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        today, shown = timezone.localdate(), said.get("shown", "")
        rows = rows.order_by(F("term_ends_on").asc(nulls_last=True), "unit__path", "pk")
        if said.get("office"):
            rows = rows.filter(office=said["office"])
        if shown == "due":
            soon = add_months(today, LEAD_MONTHS)
            return rows.filter(term_ends_on__gte=today, term_ends_on__lte=soon)
        if shown == "over":
            return rows.filter(term_ends_on__lt=today)
        if shown == "unknown":
            return rows.filter(term_ends_on__isnull=True)
        if shown == "outside":
            return rows.exclude(person__membership__stage__in=MEMBER_STAGES)
        return rows
