"""The ledger of floating members (clause 12): its list, an entry's cards, the certificate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView

from members import services
from members.choices import FloatingCheckKind
from members.ledger_forms import ContactForm, FloatingEditForm, FloatingFilterForm
from members.ledgers import FLOATING
from members.models import FloatingEntry, Person
from members.views.ledgers import LedgerView
from members.views.mixins import ChangeView, EnrolMixin, SavingMixin
from organizations.actions import Action
from organizations.mixins import ScopedMixin


class FloatingListView(LedgerView):
    """Who floats out and in, with certificate, cards and the year's checks."""

    queryset = FloatingEntry.objects.with_last_checks().select_related("person", "unit")
    form_class = FloatingFilterForm
    title = _("Ledger of floating members")
    hint = _("Each entry with its certificate and three cards, looked through once a year.")
    nothing = _("No such entry in the ledger")
    file_name = "floating"
    columns = FLOATING

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        return narrowed(rows, said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["bulk_url"] = reverse("members:floating_contact")
        context["bulk_label"] = _("Note one contact for several")
        return context


def narrowed(rows: Any, said: dict[str, Any]) -> QuerySet:
    """Entries as the bar above the ledger wants them."""
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


class FloatingContactView(EnrolMixin, SavingMixin, FormView):
    """One contact noted for several: those are offered whom the ledger's filters show."""

    needs = Action.RECORD
    form_class = ContactForm
    template_name = "members/floating_contact.html"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("shown", "")
        kinds = FloatingCheckKind.values
        return {
            "done_on": timezone.localdate(),
            "kind": asked if asked in kinds else FloatingCheckKind.CONTACT,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"entries": self.entries()}

    def entries(self) -> QuerySet[FloatingEntry]:
        """Open entries of the units whose records the user keeps."""
        user = self.request.user
        rows = FloatingEntry.objects.visible_to(user, action=Action.RECORD).still_open()
        if self.request.method == "GET":
            bar = FloatingFilterForm(self.request.GET, user=user)
            said = bar.cleaned_data if bar.is_valid() else {}
            if said.get("unit"):
                rows = rows.under(said["unit"].path)
            if said.get("q"):
                people = Person.objects.visible_to(user).search(said["q"])
                rows = rows.filter(person__in=people)
            rows = narrowed(rows, said)
        return rows.select_related("person", "unit").order_by("unit__path", "person__pinyin", "pk")

    def save(self, form: ContactForm) -> str:
        data = form.cleaned_data
        services.record_checks(
            data["entries"],
            kind=FloatingCheckKind(data["kind"]),
            done_on=data["done_on"],
            note=data["note"],
            by=self.request.user,
        )
        query = self.request.GET.urlencode()
        return f"{reverse('members:floating_list')}?{query}"


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
        kept = FloatingEntry.objects.visible_to(self.request.user, action=Action.RECORD)
        identified = Person.objects.visible_to(self.request.user, action=Action.IDENTIFY)
        return super().get_context_data(
            entry=entry,
            person=entry.person,
            may_identify=identified.filter(pk=entry.person_id).exists(),
            may_read_notes=kept.filter(pk=entry.pk).exists(),
            title=_("Activity certificate of a floating member"),
            back_url=entry.person.get_absolute_url(),
            today=timezone.localdate(),
            **kwargs,
        )
