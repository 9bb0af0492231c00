"""In-service members and retirees living here (clause 10): lists, notes, the feedback letter."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import DetailView

from members import services
from members.choices import GuestNoteKind, Nature
from members.ledger_forms import (
    GuestFilterForm,
    GuestForm,
    GuestNoteForm,
    GuestTieForm,
    NewGuestForm,
    SettleForm,
)
from members.ledgers import Column
from members.models import Affiliation, GuestNote, Person
from members.views.ledgers import LedgerView, with_homes
from members.views.mixins import ChangeView
from members.views.people import PersonCreateView
from organizations.actions import Action
from organizations.mixins import ScopedMixin


def home_of(tie: Any) -> str:
    """The home unit: as noted, or as the portal knows it."""
    guest = getattr(tie, "guest", None)
    if guest is not None and guest.elsewhere:
        return guest.elsewhere
    return next((home.unit.name for home in tie.person.open_homes), "")


class GuestListView(LedgerView):
    """Guests of the units within reach, and one's own people who are guests elsewhere."""

    form_class = GuestFilterForm
    add_url_name = "members:guest_new"
    add_label = _("Somebody from outside the portal")
    nothing = _("Nobody here")
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Reports here"), lambda row: row.unit.name),
        Column(_("Home unit"), home_of),
        Column(_("Since"), lambda row: row.begun_on),
        Column(pgettext_lazy("last day", "Until"), lambda row: row.ended_on),
        Column(_("Notes of this year"), lambda row: row.notes_this_year or ""),
    )

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        year, shown = timezone.localdate().year, said.get("shown", "")
        this_year = Q(notes__on__year=year)
        rows = rows.annotate(notes_this_year=Count("notes", filter=this_year))
        if shown != "all":
            rows = rows.still_open()
        if shown == "unclaimed":
            noted = GuestNote.objects.filter(affiliation=OuterRef("pk"), on__year=year)
            rows = rows.filter(~Exists(noted))
        return with_homes(rows.order_by("person__pinyin", "pk"), self.request.user)

    def href(self, row: Any) -> str:
        return reverse("members:guest", args=[row.pk])


class InServiceListView(GuestListView):
    queryset = Affiliation.guests.filter(nature=Nature.IN_SERVICE).select_related(
        "person", "unit", "guest"
    )
    title = _("In-service members")
    hint = _("They report where they live and are managed by both units; both see this list.")
    file_name = "in-service"


class RetireeListView(GuestListView):
    queryset = Affiliation.guests.filter(nature=Nature.RETIRED_RESIDENT).select_related(
        "person", "unit", "guest"
    )
    title = _("Retirees living here")
    hint = _("Their Party relation is still elsewhere: its transfer is to be followed up.")
    file_name = "retirees"


class GuestDetailView(ScopedMixin, DetailView):
    """One guest: where from, what was claimed and done, feedback and follow-up."""

    queryset = Affiliation.guests.select_related("person", "unit", "guest")
    template_name = "members/guest_detail.html"

    def get_queryset(self) -> QuerySet[Affiliation]:
        return with_homes(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tie, user = self.object, self.request.user
        may_note = Affiliation.guests.visible_to(user, action=Action.RECORD)
        return super().get_context_data(
            tie=tie,
            home=home_of(tie),
            notes=tie.notes.select_related("by"),
            may_note=may_note.filter(pk=tie.pk).exists(),
            **kwargs,
        )


class GuestChangeView(ChangeView):
    """A change of a guest's record goes back to that record."""

    queryset = Affiliation.guests.select_related("person", "unit", "guest")

    @property
    def there(self) -> str:
        return reverse("members:guest", args=[self.tie.pk])

    @property
    def tie(self) -> Affiliation:
        return self.object


class GuestEditView(GuestChangeView):
    form_class = GuestForm
    title = _("Home unit")

    def get_initial(self) -> dict[str, Any]:
        guest = getattr(self.object, "guest", None)
        return {"elsewhere": guest.elsewhere, "contact": guest.contact} if guest else {}

    def change(self, data: dict[str, Any]) -> None:
        services.change_guest(self.object, by=self.request.user, **data)


class GuestNoteView(GuestChangeView):
    form_class = GuestNoteForm
    action = Action.RECORD
    title = _("New note")

    def get_initial(self) -> dict[str, Any]:
        is_retiree = self.object.nature == Nature.RETIRED_RESIDENT
        kind = GuestNoteKind.FOLLOW_UP if is_retiree else GuestNoteKind.CLAIM
        return {"on": timezone.localdate(), "kind": kind}

    def change(self, data: dict[str, Any]) -> None:
        kind = GuestNoteKind(data.pop("kind"))
        services.note_guest(self.object, kind=kind, by=self.request.user, **data)


class NoteSettleView(GuestChangeView):
    queryset = GuestNote.objects.filter(done_on=None).select_related(
        "affiliation__person", "affiliation__unit"
    )
    form_class = SettleForm
    action = Action.RECORD
    title = _("Done")

    @property
    def tie(self) -> Affiliation:
        return self.object.affiliation

    @property
    def person(self) -> Person:
        return self.tie.person

    def get_initial(self) -> dict[str, Any]:
        return {"done_on": timezone.localdate()}

    def change(self, data: dict[str, Any]) -> None:
        services.settle_note(self.object, by=self.request.user, **data)


class GuestTieView(ChangeView):
    """Somebody on record belongs to a further unit as well."""

    queryset = Person.objects.all()
    form_class = GuestTieForm
    title = _("Belongs to a further unit")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def change(self, data: dict[str, Any]) -> None:
        nature = Nature(data.pop("nature"))
        services.receive_guest(self.object, nature=nature, by=self.request.user, **data)


class NewGuestView(PersonCreateView):
    """Somebody new whose home unit is outside the portal."""

    form_class = NewGuestForm
    extra_context = {"heading": _("In-service member or retiree from outside the portal")}

    def save(self, form: NewGuestForm) -> str:
        data = form.cleaned_data
        wanted = ("id_number", "phone", "begun_on", "elsewhere", "contact")
        tie = services.register_guest(
            data["unit"],
            nature=Nature(data["nature"]),
            by=self.request.user,
            details=form.details,
            membership=form.membership or {},
            **{name: data[name] for name in wanted},
        )
        return reverse("members:guest", args=[tie.pk])


class GuestLetterView(ScopedMixin, DetailView):
    """To an in-service member's home unit: what the member did here in the year."""

    queryset = Affiliation.guests.filter(nature=Nature.IN_SERVICE).select_related(
        "person__membership", "unit", "guest"
    )
    template_name = "members/guest_letter.html"

    def get_queryset(self) -> QuerySet[Affiliation]:
        return with_homes(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tie, today = self.object, timezone.localdate()
        here = tie.person.attendances.filter(activity__unit=tie.unit, day__year=today.year)
        return super().get_context_data(
            tie=tie,
            person=tie.person,
            title=_("Letter to the home unit"),
            back_url=reverse("members:guest", args=[tie.pk]),
            home=home_of(tie),
            notes=tie.notes.filter(on__year=today.year).order_by("on"),
            came=here.filter(counts=True).aggregate(times=Count("pk"), days=Sum("credit")),
            today=today,
            **kwargs,
        )
