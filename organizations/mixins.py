"""What views share: the gate, and answering htmx with a part of the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from organizations.actions import Action
from organizations.models import Unit


class ScopedMixin(LoginRequiredMixin):
    """Narrow a view's queryset to what the signed-in person may act on.

    What lies outside is a 404, not a 403: that it exists is not given away.
    """

    action = Action.VIEW

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().visible_to(self.request.user, action=self.action)  # type: ignore[misc]


class UnitMixin(LoginRequiredMixin):
    """For views of one unit, named by `code` in the address: `self.unit`, or a 404.

    Their templates also get `above`: the units over it, as far as the person sees them.
    """

    action = Action.VIEW

    @cached_property
    def unit(self) -> Unit:
        units = Unit.objects.visible_to(self.request.user, action=self.action)  # type: ignore[attr-defined]
        return get_object_or_404(
            units.select_related("parent", "area"),
            code=self.kwargs["code"],  # type: ignore[attr-defined]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user  # type: ignore[attr-defined]
        seen = Unit.objects.visible_to(user).ancestors_of([self.unit])
        above = way(self.unit, {unit.path: unit for unit in seen})
        return super().get_context_data(unit=self.unit, above=above, **kwargs)  # type: ignore[misc]


class PartialMixin:
    """Answer an htmx request with one partial of the page's own template."""

    partial_name: str

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()  # type: ignore[misc]
        if self.request.htmx and not self.request.htmx.boosted:  # type: ignore[attr-defined]
            return [f"{name}#{self.partial_name}" for name in names]
        return names


def way(unit: Unit, by_path: dict[str, Unit]) -> list[Unit]:
    """The units above `unit`, from the top, as far as `by_path` holds them."""
    codes = unit.path.rstrip("/").split("/")[:-1]
    paths = ["/".join(codes[: number + 1]) + "/" for number in range(len(codes))]
    return [by_path[path] for path in paths if path in by_path]
