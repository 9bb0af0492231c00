"""Importing a roster or a file of appointments: the upload, and the imports so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, ListView

from members.choices import BatchKind, BatchState
from members.forms import ImportFilterForm, UploadForm
from members.models import ImportBatch
from members.roster.batches import Request
from members.roster.importers import columns_of
from members.roster.looking import bring
from members.roster.messages import message
from members.roster.template import write_template
from members.roster.workbook import CONTENT_TYPE
from members.views.batches import BatchMixin, in_figures, known_to
from members.views.mixins import EnrolMixin
from organizations.access import paths_for
from organizations.actions import Action
from organizations.models import Unit
from organizations.spreadsheets.cells import SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE

RECENT = 5
A_PAGE = 30
UNITS_LISTED = 5_000


class KindMixin:
    """What is imported: the last part of the address."""

    kwargs: dict[str, Any]

    @property
    def kind(self) -> BatchKind:
        try:
            return BatchKind(self.kwargs.get("kind", BatchKind.ROSTER))
        except ValueError:
            raise Http404 from None


def in_lines(batches: Iterable[ImportBatch]) -> list[Any]:
    """Imports for a list, each with what became of it."""
    lines: list[Any] = list(batches)
    for batch in lines:
        batch.judge_lease()
        batch.figures = in_figures(batch)
    return lines


class UploadView(KindMixin, EnrolMixin, FormView):
    """Take a file and show what it would do; nothing is written yet."""

    form_class = UploadForm
    template_name = "members/import_upload.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        units = UploadForm(user=self.request.user).fields["unit"].queryset  # type: ignore[attr-defined]
        first = units.values_list("code", flat=True).first()
        return {"unit": self.request.GET.get("unit") or first}

    def get_form(self, form_class: Any = None) -> UploadForm:
        form = super().get_form(form_class)
        if self.kind != BatchKind.ROSTER:
            del form.fields["on"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        batches = ImportBatch.objects.visible_to(user, action=Action.ENROL).filter(known_to(user))
        recent = batches.select_related("unit", "made_by").defer("content", "changes")[:RECENT]
        return super().get_context_data(
            kind=self.kind,
            kinds=BatchKind,
            is_below=self.kind != BatchKind.ROSTER,
            columns=columns_of(self.kind),
            batches=in_lines(recent),
            **kwargs,
        )

    def form_valid(self, form: UploadForm) -> HttpResponse:
        user, upload = self.request.user, form.cleaned_data["file"]
        try:
            if upload.size > MAX_BYTES:
                raise SheetError(problem("file_too_large", limit=MAX_BYTES // MEGABYTE))
            request = Request(
                kind=self.kind,
                unit=form.cleaned_data["unit"],
                data=upload.read(),
                file_name=upload.name,
                on=form.cleaned_data.get("on"),
                reach=tuple(paths_for(user, Action.ENROL)),
            )
            batch = bring(request, by=user)
        except SheetError as error:
            form.add_error("file", message(error.problem))
            return self.form_invalid(form)
        is_asked = batch.state == BatchState.UPLOADED
        return redirect("members:layout" if is_asked else "members:batch", pk=batch.pk)


class ImportListView(EnrolMixin, BatchMixin, ListView):
    """The imports of one's units: what each did, and the way back to one that goes on."""

    template_name = "members/import_list.html"
    paginate_by = A_PAGE

    def get_queryset(self) -> Any:
        self.form = ImportFilterForm(self.request.GET or None)
        wanted = self.form.cleaned_data if self.form.is_valid() else {}
        given = {name: value for name, value in wanted.items() if value}
        return super().get_queryset().filter(**given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, **kwargs)
        return context | {"batches": in_lines(context["page_obj"])}


class TemplateView(KindMixin, EnrolMixin, View):
    """An empty workbook with the headings, how to fill it in, and the units in reach."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kept = Unit.objects.visible_to(request.user, action=Action.ENROL)
        units = kept.taking_in(timezone.localdate()).select_related("parent").order_by("path")
        data = write_template(
            columns_of(self.kind), kind=self.kind, units=list(units[:UNITS_LISTED])
        )
        answer = HttpResponse(data, content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{self.kind}-template.xlsx"'
        return answer
