"""What units have and keep: lists over many units, a sheet to sign, "still so" by one click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import ListView, TemplateView

from organizations import services
from organizations.access import may
from organizations.actions import Action
from organizations.keeping import (
    KEPT,
    LEADERSHIP,
    Waiting,
    is_waiting,
    said_of,
    unconfirmed,
)
from organizations.mixins import PartialMixin, UnitMixin
from organizations.models import Unit
from organizations.standing_rows import CONTENT_TYPE, workbook
from organizations.standing_views import THINGS, Thing

ROWS_OF_A_WORKBOOK = 50_000


class KeptFilter(forms.Form):
    """Which things of which units are listed."""

    thing = forms.ChoiceField(label=_("what"), required=False)
    q = forms.CharField(
        label=_("Unit"),
        required=False,
        widget=forms.TextInput({"placeholder": _("Name, code or pinyin")}),
    )
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[
            ("", _("In place")),
            ("waiting", _("Not confirmed this year")),
            ("ended", _("Ended")),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["thing"].choices = [  # type: ignore[attr-defined]
            (name, thing.title) for name, thing in THINGS.items()
        ]


class KeptListView(LoginRequiredMixin, PartialMixin, ListView):
    """One sort of things of all units within reach. `?as=xlsx` is the same as a workbook."""

    template_name = "organizations/kept_list.html"
    partial_name = "rows"
    paginate_by = 50

    @cached_property
    def filter(self) -> KeptFilter:
        form = KeptFilter(self.request.GET)
        form.is_valid()
        return form

    @cached_property
    def thing(self) -> Thing:
        return THINGS[self.filter.cleaned_data.get("thing") or "bodies"]

    def get_queryset(self) -> QuerySet:
        user, asked = self.request.user, self.filter.cleaned_data
        rows = self.thing.rows_visible_to(user).select_related("unit")
        if asked.get("q"):
            rows = rows.filter(unit__in=Unit.objects.visible_to(user).search(asked["q"]))
        if not self.thing.is_kept:
            return rows.order_by("-year", "unit__path", "source")
        state = asked.get("state")
        if state == "waiting":
            rows = is_waiting(rows, self.thing.name, year=timezone.localdate().year)
        elif state == "ended":
            rows = rows.filter(ended_on__isnull=False)
        else:
            rows = rows.still_open()
        return rows.order_by("unit__path", "pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("as") != "xlsx":
            return super().get(request, *args, **kwargs)
        rows = self.thing.confirmed(self.get_queryset()[:ROWS_OF_A_WORKBOOK])
        data = workbook(self.thing.model, rows, is_kept=self.thing.is_kept)
        response = HttpResponse(data, content_type=CONTENT_TYPE)
        name = f"{self.thing.name}-{timezone.localdate():%Y%m%d}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, thing=self.thing, **kwargs)
        context["rows"] = self.thing.confirmed(context["page_obj"].object_list)
        kept_by_them = Unit.objects.visible_to(self.request.user, action=Action.RECORD)
        context["may_import"] = kept_by_them.exists()
        return context


class KeptSheetView(UnitMixin, TemplateView):
    """All that a unit has in place, on a sheet to print, sign and file."""

    template_name = "organizations/kept_sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        said = said_of(self.unit, year=today.year)
        things = [
            (thing, thing.confirmed(self.in_place(thing, today.year), said))
            for thing in THINGS.values()
        ]
        return super().get_context_data(
            things=[(thing, rows) for thing, rows in things if rows], today=today, **kwargs
        )

    def in_place(self, thing: Thing, year: int) -> Any:
        """What stands today; of funds those of this year."""
        rows: Any = thing.rows(self.unit)
        return rows.still_open() if thing.is_kept else rows.filter(year=year)


class ConfirmView(UnitMixin, View):
    """All of a unit is still so, or one thing: `thing` and `row` say which."""

    action = Action.RECORD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        if not self.unit.is_open:
            raise Http404
        year = timezone.localdate().year
        own = Unit.objects.visible_to(request.user, action=self.action).filter(pk=self.unit.pk)
        waiting = unconfirmed(own, year=year)
        asked = request.POST.get("thing", "")
        number = services.confirm_still_so(
            self.unit, self.chosen(waiting, asked, request.POST.get("row", "")), by=request.user
        )
        if number:
            told = ngettext(
                "%(number)s entry is confirmed for this year.",
                "%(number)s entries are confirmed for this year.",
                number,
            )
            messages.success(request, told % {"number": number})
        else:
            messages.info(request, _("It was confirmed already."))
        if asked == LEADERSHIP:
            return redirect("members:leadership", self.unit.code)
        return redirect(f"{self.unit.get_absolute_url()}#{asked if asked in KEPT else 'kept'}")

    def chosen(self, waiting: list[Waiting], thing: str, row: str) -> list[tuple[str, int]]:
        """What of the unit's own is meant; what is not waiting is passed over."""
        if thing == LEADERSHIP:
            return [(LEADERSHIP, 0)]
        return [
            (name, pk)
            for _unit, name, pk in waiting
            if (not thing or name == thing) and (not row or str(pk) == row)
        ]


def may_confirm(user: Any, unit: Unit) -> bool:
    """Whether `user` may say that things of `unit` are still so."""
    return unit.is_open and may(user, Action.RECORD, unit)
