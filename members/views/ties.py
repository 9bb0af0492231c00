"""What ties a person to units, and what changes it: offices, homes, standings, the ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from members import services
from members.choices import (
    FloatingCheckKind,
    FloatingDirection,
    Nature,
    Office,
    Standing,
)
from members.errors import MemberError
from members.forms import (
    AppointmentForm,
    CheckForm,
    DayForm,
    FloatingForm,
    PlanForm,
    StandingForm,
    UnitDayForm,
)
from members.models import (
    Affiliation,
    Appointment,
    DevelopmentPlan,
    FloatingEntry,
    Person,
)
from members.views.mixins import ChangeView, EnrolMixin, SavingMixin
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.wording import listed


class OffersUnits(ChangeView):
    """A change whose form offers the user's units."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        home = self.person.affiliations.filter(ended_on=None, nature=Nature.HOME)
        return {"unit": home.values_list("unit__code", flat=True).first()}


class TiesHere(OffersUnits):
    """Adds a tie to a unit of the user's, for whoever has any tie there already."""

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.tied_to(self.request.user, action=self.action)


class AppointView(TiesHere):
    queryset = Person.objects.all()
    form_class = AppointmentForm
    title = _("Put into an office")

    def change(self, data: dict[str, Any]) -> None:
        office = Office(data.pop("office"))
        services.appoint(self.object, office=office, by=self.request.user, **data)


class AppointmentEndView(ChangeView):
    queryset = Appointment.objects.filter(ended_on=None).select_related("person", "unit")
    form_class = DayForm
    title = _("End of an office")

    def change(self, data: dict[str, Any]) -> None:
        services.end_appointment(self.object, on=data["on"], by=self.request.user)


class TransferView(OffersUnits):
    """To another unit within the user's reach; beyond it the county's organiser moves people."""

    queryset = Person.objects.all()
    form_class = UnitDayForm
    title = _("Transfer of the Party relation")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def change(self, data: dict[str, Any]) -> None:
        services.transfer_home(self.object, to=data["unit"], on=data["on"], by=self.request.user)


class AffiliationEndView(ChangeView):
    queryset = Affiliation.objects.filter(ended_on=None).select_related("person", "unit")
    form_class = DayForm
    title = _("End of belonging to a unit")

    def change(self, data: dict[str, Any]) -> None:
        services.end_affiliation(self.object, on=data["on"], by=self.request.user)


class StandingView(ChangeView):
    queryset = Person.objects.all()
    form_class = StandingForm
    title = _("Change of standing")

    def change(self, data: dict[str, Any]) -> None:
        membership = getattr(self.object, "membership", None)
        if membership is None:
            raise MemberError(_("This person is on no way into the Party."))
        ended = services.change_standing(
            membership,
            standing=Standing(data["standing"]),
            on=data["on"],
            note=data["note"],
            by=self.request.user,
        )
        if ended:
            words = {"offices": listed(ended)}
            messages.info(self.request, gettext("This ended with it: %(offices)s.") % words)


class StandingBackView(ScopedMixin, SingleObjectMixin, View):
    """The standing of today was entered by mistake: as before, with the offices that ended."""

    queryset = Person.objects.all()
    action = Action.ENROL
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        person = self.get_object()
        membership = getattr(person, "membership", None)
        if membership is None:
            raise Http404
        try:
            again = services.take_back_standing(membership, by=request.user)
        except MemberError as error:
            messages.error(request, str(error))
            return redirect(person)
        messages.success(request, gettext("Saved."))
        if again:
            words = {"offices": listed(again)}
            messages.info(request, gettext("This goes on as before: %(offices)s.") % words)
        return redirect(person)


class PlanListView(ScopedMixin, ListView):
    """The streets' plans for developing members, newest year first."""

    queryset = DevelopmentPlan.objects.select_related("unit").order_by("-year", "unit__path")
    template_name = "members/plan_list.html"
    paginate_by = 50


class PlanCreateView(EnrolMixin, SavingMixin, FormView):
    """Record a plan; one a street and year."""

    form_class = PlanForm
    template_name = "members/plan_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"year": today.year, "adopted_on": today, "unit": self.request.GET.get("unit")}

    def save(self, form: PlanForm) -> str:
        data = form.cleaned_data
        services.adopt_plan(data.pop("unit"), by=self.request.user, **data)
        return "members:plans"


class FloatingView(TiesHere):
    queryset = Person.objects.all()
    form_class = FloatingForm
    title = _("Entry in the ledger of floating members")

    def change(self, data: dict[str, Any]) -> None:
        direction = FloatingDirection(data.pop("direction"))
        services.register_floating(self.object, direction=direction, by=self.request.user, **data)


class FloatingEndView(ChangeView):
    queryset = FloatingEntry.objects.filter(ended_on=None).select_related("person", "unit")
    form_class = DayForm
    title = _("End of a ledger entry")

    def change(self, data: dict[str, Any]) -> None:
        services.end_floating(self.object, on=data["on"], by=self.request.user)


class FloatingCheckView(ChangeView):
    """The yearly review of the cards, or the yearly note on the member's situation."""

    queryset = FloatingEntry.objects.select_related("person", "unit")
    action = Action.RECORD
    form_class = CheckForm

    @property
    def title(self) -> Any:  # type: ignore[override]
        return self.kind.label

    @property
    def kind(self) -> FloatingCheckKind:
        try:
            return FloatingCheckKind(self.kwargs["kind"])
        except ValueError:
            raise Http404 from None

    def change(self, data: dict[str, Any]) -> None:
        services.record_check(self.object, kind=self.kind, by=self.request.user, **data)
