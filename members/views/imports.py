"""Importing a roster or a file of appointments: what is there to import, and the upload."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View
from django.views.generic import FormView

from members.choices import BatchKind, BatchState
from members.forms import UploadForm
from members.models import ImportBatch
from members.roster.batches import (
    Request,
    stage_import,
)
from members.roster.importers import columns_of
from members.roster.messages import message
from members.roster.workbook import CONTENT_TYPE, write_template
from members.views.mixins import EnrolMixin
from organizations.access import paths_for
from organizations.actions import Action
from organizations.spreadsheets.cells import SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE

RECENT = 10
WRITTEN = (BatchState.APPLIED, BatchState.UNDONE)


class KindMixin:
    """What is imported: the last part of the address."""

    kwargs: dict[str, Any]

    @property
    def kind(self) -> BatchKind:
        try:
            return BatchKind(self.kwargs.get("kind", BatchKind.ROSTER))
        except ValueError:
            raise Http404 from None


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
        batches = ImportBatch.objects.visible_to(self.request.user, action=Action.ENROL)
        batches = batches.filter(Q(made_by=self.request.user) | Q(state__in=WRITTEN))
        recent = list(
            batches.defer("content", "changes").select_related("unit", "made_by")[:RECENT]
        )
        for batch in recent:
            batch.judge_lease()
        return super().get_context_data(
            kind=self.kind,
            kinds=BatchKind,
            columns=columns_of(self.kind),
            batches=recent,
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
            batch, _plan = stage_import(request, by=user)
        except SheetError as error:
            form.add_error("file", message(error.problem))
            return self.form_invalid(form)
        return redirect("members:batch", pk=batch.pk)


class TemplateView(KindMixin, EnrolMixin, View):
    """An empty workbook with the headings, and an example."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = HttpResponse(write_template(columns_of(self.kind)), content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{self.kind}-template.xlsx"'
        return answer
