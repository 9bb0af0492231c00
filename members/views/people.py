"""The list of people, and one person's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView, FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from accounts.models import User
from members.choices import FloatingCheckKind, Nature, Office
from members.errors import MemberError
from members.forms import (
    CheckForm,
    NewPersonForm,
    PersonEditForm,
    PersonFilterForm,
    PersonForm,
    ReasonForm,
)
from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    GuestNote,
    Person,
    Transfer,
)
from members.privacy import mask_id_number, mask_phone
from members.services import edit_person, register_person, reveal_identifiers
from members.services.people import STAGE_DAYS
from members.services.standing import may_take_back
from members.timeline import SHOWN, EventKind, Rows, Timeline, timeline_of
from members.views.development import way_of
from members.views.duties import duties_of
from members.views.mixins import EnrolMixin, SavingMixin
from organizations.access import paths_for
from organizations.actions import Action
from organizations.mixins import PartialMixin, ScopedMixin
from organizations.models import Unit

SHOWN_ATTENDANCES = 200


class PersonListView(ScopedMixin, PartialMixin, ListView):
    """People whom the user may see; the filters stand in the address. No identifiers."""

    queryset = Person.objects.select_related("membership")
    template_name = "members/person_list.html"
    partial_name = "rows"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Person]:
        user = self.request.user
        self.form = PersonFilterForm(self.request.GET or None, user=user)
        people = super().get_queryset()
        if self.form.is_bound and self.form.is_valid():
            people = filtered(
                people,
                **self.form.cleaned_data,
                seen_by=user,
            )
        return people.prefetch_related(
            Prefetch(
                "affiliations",
                Affiliation.objects.visible_to(user).still_open().select_related("unit"),
                to_attr="open_ties",
            ),
            Prefetch(
                "appointments",
                Appointment.objects.visible_to(user).still_open().select_related("unit"),
                to_attr="open_posts",
            ),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)


def filtered(
    people: QuerySet[Person],
    *,
    q: str,
    unit: Any,
    stage: str,
    standing: str,
    tie: str,
    seen_by: User,
) -> QuerySet[Person]:
    """Those whom the bar of filters leaves."""
    people = people.search(q, seen_by=seen_by)  # type: ignore[attr-defined]
    if unit:
        people = people.under(unit.path)  # type: ignore[attr-defined]
    if stage:
        people = people.filter(membership__stage=stage)
    if standing:
        people = people.filter(membership__standing=standing)
    if tie:
        rows = TIES[tie].objects.visible_to(seen_by).still_open()
        if tie in Nature.values:
            rows = rows.filter(nature=tie)
        if unit:
            rows = rows.under(unit.path)
        people = people.filter(Exists(rows.filter(person=OuterRef("pk"))))
    return people


TIES: dict[str, Any] = {
    **dict.fromkeys(Nature.values, Affiliation),
    "office": Appointment,
    "floating": FloatingEntry,
}
"""What ties somebody to a unit in each of the ways that the list can be narrowed to."""


class PersonDetailView(ScopedMixin, DetailView):
    """What is on record of a person; ID number and phone masked, and for the home alone.

    Whoever knows the person by a second tie reads what concerns the own units, and no reasons:
    why a person is exempt is for those who keep the record or review. Other units' activities
    keep their topics.
    """

    queryset = Person.objects.select_related("membership")
    template_name = "members/person_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user = self.object, self.request.user
        allowed = {
            action
            for action in (Action.ENROL, Action.RECORD, Action.IDENTIFY, Action.REVIEW)
            if Person.objects.visible_to(user, action=action).filter(pk=person.pk).exists()
        }
        may_identify = Action.IDENTIFY in allowed
        may_read_reasons = not allowed.isdisjoint({Action.ENROL, Action.REVIEW})
        own = Person.objects.visible_to(user).kept_under(*paths_for(user, Action.VIEW))
        is_own = own.filter(pk=person.pk).exists()
        today = timezone.localdate()
        of_year = person.attendances.filter(day__year=today.year)
        attended = list(_with_topics(person.attendances.all(), user))
        shown = {
            "membership": getattr(person, "membership", None),
            "may_read_reasons": may_read_reasons,
            "spells": list(person.standing_spells.all()),
            "exemptions": list(person.exemptions.select_related("decided_by")),
            **_of_units(person, user, is_own=is_own),
            **duties_of(person, user, is_own=is_own),
        }
        way = way_of(person, today)
        rows = Rows(
            **shown,
            steps=way["steps"],
            attendances=attended,
            notes=_notes(person, user),
            appraisals=_grades(person) if may_read_reasons else (),
        )
        return super().get_context_data(
            allowed=allowed,
            may_tie=Person.objects.tied_to(user, action=Action.ENROL).filter(pk=person.pk).exists(),
            may_take_back=Action.ENROL in allowed and may_take_back(person),
            kept_units=_units_kept_by(user, person),
            may_identify=may_identify,
            id_number=mask_id_number(person.reveal_id_number()) if may_identify else "",
            phone=mask_phone(person.reveal_phone()) if may_identify else "",
            days=of_year.filter(counts=True).aggregate(sum=Sum("credit"))["sum"] or 0,
            attendances=[row for row in attended if row.day.year == today.year],
            timeline=self.timeline(rows),
            reason_form=ReasonForm(),
            check_form=CheckForm(initial={"done_on": today}),
            check_kinds=FloatingCheckKind,
            today=today,
            **shown,
            **way,
            **kwargs,
        )

    def timeline(self, rows: Rows) -> Timeline:
        """The history as `?history=` wants it: of one kind, or all of it, however long."""
        asked = self.request.GET.get("history", "")
        chosen = asked if asked in EventKind.values else ""
        is_long = "all" in self.request.GET.getlist("history_rows")
        return timeline_of(rows, chosen=chosen, shown=None if is_long else SHOWN)


def _of_units(person: Person, user: User, *, is_own: bool) -> dict[str, list[Any]]:
    """What the person had and has in units; of others than one's own people what is of units
    within reach. Of each letter `is_shown`: whether the user may read it.
    """
    letters = Transfer.objects.visible_to(user).filter(pk=OuterRef("pk"))
    sent = person.transfers.annotate(is_shown=Exists(letters))
    rows: dict[str, Any] = {
        "ties": person.affiliations.select_related("unit"),
        "posts": person.appointments.select_related("unit"),
        "transfers": sent.select_related("from_unit", "to_unit"),
        "entries": person.floating_entries.select_related("unit").prefetch_related("checks"),
    }
    if not is_own:
        rows = {name: found.visible_to(user) for name, found in rows.items()}
    return {name: list(found) for name, found in rows.items()}


def _notes(person: Person, user: User) -> QuerySet[GuestNote]:
    """Work claimed and feedback exchanged where the person reports beside the home."""
    notes = GuestNote.objects.visible_to(user).filter(affiliation__person=person)
    return notes.select_related("affiliation__unit")


def _grades(person: Person) -> QuerySet[Any]:
    return person.appraisals.select_related("activity__unit")  # type: ignore[attr-defined]


def _units_kept_by(user: User, person: Person) -> set[int]:
    """The person's units whose roster `user` keeps: there a tie or an office may be ended."""
    units = Unit.objects.visible_to(user, action=Action.ENROL)
    ties = (person.affiliations, person.appointments, person.floating_entries)
    keys = {key for rows in ties for key in rows.values_list("unit_id", flat=True)}
    return set(units.filter(pk__in=keys).values_list("pk", flat=True))


def _with_topics(attendances: QuerySet[Any], user: User) -> QuerySet[Any]:
    """The latest, each with `is_shown`: whether the user may read the activity itself."""
    activity = attendances.model._meta.get_field("activity").related_model
    seen = activity._default_manager.visible_to(user).filter(pk=OuterRef("activity"))
    rows = attendances.annotate(is_shown=Exists(seen)).select_related("activity__unit")
    return rows.order_by("-day")[:SHOWN_ATTENDANCES]


class PersonRevealView(ScopedMixin, SingleObjectMixin, View):
    """ID number and phone in full, for who says why; the look is written down."""

    model = Person
    action = Action.IDENTIFY
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        person = self.get_object()
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why you need to see it."))
            return redirect(person)
        try:
            seen = reveal_identifiers(person, by=request.user, reason=form.cleaned_data["reason"])
        except MemberError as error:
            messages.error(request, str(error))
            return redirect(person)
        return render(request, "members/person_identifiers.html", {"person": person, **seen})


class PersonCreateView(EnrolMixin, SavingMixin, FormView):
    """Somebody new on a roster."""

    form_class = NewPersonForm
    template_name = "members/person_edit.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {"unit": self.request.GET.get("unit")}
        return super().get_form_kwargs() | {"user": self.request.user, "initial": initial}

    def save(self, form: NewPersonForm) -> Any:
        data = form.cleaned_data
        return register_person(
            data["unit"],
            by=self.request.user,
            details=form.details,
            membership=form.membership,
            id_number=data["id_number"],
            phone=data["phone"],
            begun_on=data["begun_on"],
            office=Office(data["office"]) if data["office"] else None,
        )


class PersonEditView(ScopedMixin, SavingMixin, SingleObjectMixin, FormView):
    """Correct what is on record; identifiers left empty stay as they are."""

    queryset = Person.objects.select_related("membership")
    form_class = PersonEditForm
    template_name = "members/person_edit.html"
    action = Action.ENROL

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object() if request.user.is_authenticated else None
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        membership = getattr(self.object, "membership", None)
        initial = (
            {name: getattr(membership, name) for name in ("stage", *STAGE_DAYS)}
            if membership
            else {}
        )
        return super().get_form_kwargs() | {"instance": self.object, "initial": initial}

    def save(self, form: PersonForm) -> Person:
        data = form.cleaned_data
        try:
            edit_person(
                self.object,
                by=self.request.user,
                details=form.details,
                membership=form.membership,
                id_number=data["id_number"],
                phone=data["phone"],
            )
        except MemberError:
            self.object.refresh_from_db()
            raise
        return self.object
