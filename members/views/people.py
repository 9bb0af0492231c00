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
from members.forms import CheckForm, NewPersonForm, PersonFilterForm, PersonForm, ReasonForm
from members.models import Affiliation, Appointment, FloatingEntry, Person
from members.privacy import mask_id_number, mask_phone
from members.services import edit_person, register_person, reveal_identifiers
from members.services.people import STAGE_DAYS
from members.views.development import way_of
from members.views.duties import duties_of
from members.views.mixins import EnrolMixin, SavingMixin
from organizations.actions import Action
from organizations.mixins import PartialMixin, ScopedMixin
from organizations.models import Unit

SHOWN_ATTENDANCES = 50


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
    people: QuerySet[Person], *, q: str, unit: Any, stage: str, standing: str, seen_by: User
) -> QuerySet[Person]:
    """Those whom the bar of filters leaves."""
    people = people.search(q, seen_by=seen_by)  # type: ignore[attr-defined]
    if unit:
        people = people.under(unit.path)  # type: ignore[attr-defined]
    if stage:
        people = people.filter(membership__stage=stage)
    if standing:
        people = people.filter(membership__standing=standing)
    return people


class PersonDetailView(ScopedMixin, DetailView):
    """What is on record of a person; ID number and phone masked, and for the home alone.

    Why a person is exempt is for those who record or review; other units' activities keep
    their topics.
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
        may_read_reasons = not allowed.isdisjoint({Action.RECORD, Action.REVIEW})
        today = timezone.localdate()
        attendances = person.attendances.filter(day__year=today.year)
        return super().get_context_data(
            membership=getattr(person, "membership", None),
            allowed=allowed,
            may_tie=Person.objects.tied_to(user, action=Action.ENROL).filter(pk=person.pk).exists(),
            kept_units=_units_kept_by(user, person),
            may_identify=may_identify,
            id_number=mask_id_number(person.reveal_id_number()) if may_identify else "",
            phone=mask_phone(person.reveal_phone()) if may_identify else "",
            ties=person.affiliations.select_related("unit"),
            posts=person.appointments.select_related("unit"),
            spells=person.standing_spells.all(),
            **way_of(person, today),
            **duties_of(person, may_read_cases=Action.RECORD in allowed),
            transfers=person.transfers.select_related("from_unit", "to_unit"),
            exemptions=person.exemptions.select_related("decided_by"),
            may_read_reasons=may_read_reasons,
            entries=_entries(person),
            days=attendances.filter(counts=True).aggregate(sum=Sum("credit"))["sum"] or 0,
            rule_unit=_home_code(person),
            attendances=_with_topics(attendances, user),
            reason_form=ReasonForm(),
            check_form=CheckForm(initial={"done_on": today}),
            check_kinds=FloatingCheckKind,
            today=today,
            **kwargs,
        )


def _home_code(person: Person) -> str:
    """The unit whose rules' pages tell what the person owes; empty without a home."""
    homes = person.affiliations.filter(nature=Nature.HOME, ended_on=None)
    return homes.values_list("unit__code", flat=True).first() or ""


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


def _entries(person: Person) -> QuerySet[FloatingEntry]:
    return person.floating_entries.select_related("unit").prefetch_related("checks")


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
    form_class = PersonForm
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
