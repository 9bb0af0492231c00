"""Plans: making, reading, moving, dropping, and answering an invitation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import DetailView

from activities import services
from activities.entries import ActivityError
from activities.forms import blank_values
from activities.kinds import all_kinds
from activities.memory import memories_of
from activities.models import Plan, PlanInvitation, SignIn, SignInOffer
from activities.plan_choices import PlanState, Scope
from activities.plan_forms import DropForm, PlanForm, day_of, values_of
from organizations.access import may, paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.models import Unit

SERIES_SHOWN = 12


class PlanCreateView(LoginRequiredMixin, View):
    """A new plan, or a row of them; `?unit=CODE&day=…&kind=…` fill it in beforehand."""

    template_name = "activities/plan_form.html"

    @cached_property
    def units(self) -> Any:
        return Unit.objects.visible_to(self.request.user, action=Action.RECORD)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.units.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        host = self._host(request.GET.get("unit", ""))
        kinds = [code for code in request.GET.getlist("kind") if code in all_kinds()]
        day = day_of(request.GET.get("day", "")) or timezone.localdate()
        memories = memories_of(host)
        values = blank_values(host, memories, day=day, kinds=kinds, is_held=False)
        return self.show(PlanForm(initial=values, user=request.user), host)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        form = PlanForm(request.POST, user=user)
        if form.is_valid():
            try:
                plans = services.make_plan(form.entry(), by=user, rule=form.rule())
            except ActivityError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                told = ngettext("%(count)s plan saved.", "%(count)s plans saved.", len(plans))
                messages.success(request, told % {"count": len(plans)})
                return redirect(plans[0])
        return self.show(form, self._host(request.POST.get("unit", "")))

    def show(self, form: PlanForm, host: Unit | None) -> HttpResponse:
        context = {"form": form, "host": host, "kind_groups": form.kind_groups(host)}
        return render(self.request, self.template_name, context)

    def _host(self, code: str) -> Unit | None:
        units = self.units.on(timezone.localdate()).order_by("path")
        return units.filter(code=code).first() or units.first()


class PlanDetailView(ScopedMixin, DetailView):
    """One plan: what is known of it, who is invited, and what can be done with it."""

    queryset = Plan.objects.select_related("unit", "series", "activity", "created_by")
    template_name = "activities/plan_detail.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        plan, user = self.object, self.request.user
        keeps = may(user, Action.RECORD, plan.unit)
        is_planned = plan.state == PlanState.PLANNED
        row = Plan.objects.visible_to(user).filter(series=plan.series_id).exclude(pk=plan.pk)
        offers = SignInOffer.objects.visible_to(user).filter(unit=plan.unit, is_on=True)
        return super().get_context_data(
            invitations=plan.invitations.select_related("unit", "answered_by"),
            mine=asked_of(user).filter(plan=plan),
            others=row[:SERIES_SHOWN] if plan.series_id else [],
            is_overdue=plan.is_overdue(timezone.now()),
            can_change=keeps and is_planned,
            can_take_up=keeps and plan.may_be_taken_up,
            offers_sign_in=keeps and is_planned and offers.exists(),
            sign_in=SignIn.objects.visible_to(user, action=Action.RECORD).filter(plan=plan).first(),
            drop_form=DropForm(plan=plan, initial={"sequence": plan.sequence}),
            **more,
        )


class KeptPlanView(LoginRequiredMixin, View):
    """What whoever may log for the host does with a plan; for others it does not exist."""

    @cached_property
    def plan(self) -> Plan:
        mine = Plan.objects.hosted_under(*paths_for(self.request.user, Action.RECORD))
        return get_object_or_404(mine.select_related("unit"), pk=self.kwargs["pk"])


class PlanEditView(KeptPlanView):
    """Change or move a plan, by itself or with all that follow in its row."""

    template_name = "activities/plan_form.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        user: Any = request.user
        if self.plan.state != PlanState.PLANNED:
            messages.error(request, _("This plan can't be changed any more."))
            return redirect(self.plan)
        values = values_of(self.plan, user=user)
        return self.show(PlanForm(initial=values, user=user, plan=self.plan))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        user: Any = request.user
        form = PlanForm(request.POST, user=user, plan=self.plan)
        if form.is_valid():
            data = form.cleaned_data
            try:
                changed = services.change_plan(
                    self.plan,
                    form.entry(),
                    by=user,
                    scope=data.get("scope", Scope.ONE),
                    sequence=data["sequence"],
                )
            except ActivityError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                told = ngettext("%(count)s plan changed.", "%(count)s plans changed.", changed)
                messages.success(request, told % {"count": changed})
                return redirect(self.plan)
        return self.show(form)

    def show(self, form: PlanForm) -> HttpResponse:
        host = self.plan.unit
        context = {
            "form": form,
            "plan": self.plan,
            "host": host,
            "kind_groups": form.kind_groups(host),
        }
        return render(self.request, self.template_name, context)


class PlanDropView(KeptPlanView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        form = DropForm(request.POST, plan=self.plan)
        user: Any = request.user
        if not form.is_valid():
            messages.error(request, _("Say why the plan is dropped."))
            return redirect(self.plan)
        data = form.cleaned_data
        try:
            dropped = services.drop_plan(
                self.plan,
                data["reason"],
                by=user,
                scope=data.get("scope", Scope.ONE),
                sequence=data["sequence"],
            )
        except ActivityError as error:
            messages.error(request, str(error))
        else:
            told = ngettext("%(count)s plan dropped.", "%(count)s plans dropped.", dropped)
            messages.success(request, told % {"count": dropped})
        return redirect(self.plan)


class PlanTakeUpView(KeptPlanView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        try:
            services.take_up_plan(self.plan, by=request.user)  # type: ignore[arg-type]
        except ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Planned again."))
        return redirect(self.plan)


class InvitationAnswerView(LoginRequiredMixin, View):
    """Accept or decline, by whoever may log for the invited unit."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = get_object_or_404(asked_of(request.user), pk=pk)
        user: Any = request.user
        try:
            services.answer_invitation(invitation, request.POST.get("answer", ""), by=user)
        except ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your answer is noted."))
        return redirect(invitation.plan)


def asked_of(user: Any) -> QuerySet[PlanInvitation]:
    """The invitations that `user` may answer: to units for which the person logs."""
    paths = paths_for(user, Action.RECORD)
    rows = PlanInvitation.objects.visible_to(user, action=Action.RECORD).asked_of(*paths)
    return rows.select_related("unit", "plan__unit")
