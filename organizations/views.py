"""The tree of units, and one unit with what it is and has."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import ListView, TemplateView

from organizations.access import may
from organizations.actions import Action
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.history import told
from organizations.keeping import LEADERSHIP, LED_KINDS, said_of
from organizations.kept_views import may_confirm
from organizations.mixins import PartialMixin, UnitMixin, way
from organizations.models import Unit
from organizations.outline import below, outline
from organizations.standing_views import THINGS


class UnitTreeView(LoginRequiredMixin, PartialMixin, ListView):
    """What the person sees, as a tree (`?open=CODE` opens it there), or what `?q=` finds."""

    template_name = "organizations/unit_tree.html"
    partial_name = "found"
    paginate_by = 50
    context_object_name = "units"

    @cached_property
    def wanted(self) -> str:
        return self.request.GET.get("q", "").strip()

    def get_queryset(self) -> QuerySet[Unit]:
        if not self.wanted:
            return Unit.objects.none()
        return Unit.objects.visible_to(self.request.user).search(self.wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["wanted"] = self.wanted
        if self.wanted:
            context["found"] = self._with_way(context["page_obj"])
        else:
            context["nodes"] = outline(
                self.request.user,
                on=timezone.localdate(),
                opened=self.request.GET.get("open", ""),
            )
        return context

    def _with_way(self, page: Any) -> list[tuple[Unit, list[Unit]]]:
        """Each unit of the page with those above it that the person sees: one query."""
        units = list(page)
        above = Unit.objects.visible_to(self.request.user).ancestors_of(units)
        by_path = {unit.path: unit for unit in above}
        return [(unit, way(unit, by_path)) for unit in units]


class UnitChildrenView(UnitMixin, View):
    """What stands right below a unit of the tree: a part for htmx, else the tree opened there."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect(f"{reverse('organizations:tree')}?open={self.unit.code}")
        nodes = below(request.user, self.unit, on=timezone.localdate())
        return render(request, "organizations/tree_nodes.html", {"nodes": nodes})


class UnitDetailView(UnitMixin, TemplateView):
    """One unit: facts, superiors, what stands below, what it has, how it came to be."""

    template_name = "organizations/unit_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, unit = self.request.user, self.unit
        said = said_of(unit, year=timezone.localdate().year)
        has = [(thing, thing.confirmed(thing.rows(unit), said)) for thing in THINGS.values()]
        shown = [(thing, rows) for thing, rows in has if unit.kind in thing.asked_of or rows]
        listed = {thing for thing, _rows in shown}
        context = super().get_context_data(
            children=unit.children.on(timezone.localdate()),
            things=shown,
            further=[thing for thing, _rows in has if thing not in listed],
            waiting=[
                thing.name_of(row)
                for thing, rows in has
                if thing.is_kept
                for row in rows
                if row.ended_on is None and row.confirmation is None
            ],
            may_confirm=may_confirm(user, unit),
            is_community=unit.kind in COMMUNITY_KINDS,
            is_rated=unit.kind in LED_KINDS,
            leadership_waits=unit.kind in LED_KINDS and (LEADERSHIP, 0) not in said,
            events=told(unit, to=user),
            may_manage=may(user, Action.MANAGE, unit),
            may_record=may(user, Action.RECORD, unit),
            **kwargs,
        )
        if unit.kind == UnitKind.STREET_COMMITTEE:
            context["uncovered"] = unit.areas.uncovered(timezone.localdate())
        return context
