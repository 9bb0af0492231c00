"""Importing a roster or a file of appointments: upload, look, confirm, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView, FormView
from django.views.generic.detail import SingleObjectMixin

from members.choices import BatchKind, BatchState, Election, Office, Sex, Stage, Standing
from members.forms import UploadForm
from members.models import ImportBatch
from members.roster.batches import (
    ImportRefused,
    Request,
    confirm_import,
    stage_import,
    staged_request,
    undo_import,
)
from members.roster.columns import POSTS, ROSTER
from members.roster.messages import message
from members.roster.plan import OUTCOME_LABELS, Outcome, Plan
from members.roster.workbook import CONTENT_TYPE, write_template
from members.views.mixins import EnrolMixin
from organizations.access import paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.spreadsheets.cells import SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE

RECENT = 10
ROWS_A_PAGE = 100
COLUMNS = {BatchKind.ROSTER: ROSTER, BatchKind.POSTS: POSTS}


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
        if self.kind == BatchKind.POSTS:
            del form.fields["on"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batches = ImportBatch.objects.visible_to(self.request.user, action=Action.ENROL)
        return super().get_context_data(
            kind=self.kind,
            kinds=BatchKind,
            columns=COLUMNS[self.kind],
            batches=batches.exclude(state=BatchState.PLANNED)
            .defer("content", "changes")
            .select_related("unit", "made_by")[:RECENT],
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


class BatchView(ScopedMixin, DetailView):
    """A file that was looked at, to be confirmed by whoever brought it; or what became of it."""

    queryset = ImportBatch.objects.select_related("unit", "made_by").defer("changes")
    action = Action.ENROL
    template_name = "members/import_batch.html"

    def get_queryset(self) -> Any:
        user = self.request.user
        return (
            super()
            .get_queryset()
            .exclude(
                pk__in=ImportBatch.objects.visible_to(user)
                .filter(state=BatchState.PLANNED)
                .exclude(made_by=user)
                .values("pk")
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        batch = self.object
        counts = [(key, str(_(label)), batch.counts.get(key, 0)) for key, label in LABELS.items()]
        context |= {"counts": counts, "states": BatchState}
        if batch.state == BatchState.PLANNED:
            reach = paths_for(self.request.user, Action.ENROL)
            plan = staged_request(batch, reach=reach).plan()
            context |= self._preview(plan)
        return context

    def _preview(self, plan: Plan) -> dict[str, Any]:
        shown = self.request.GET.get("show", "")
        rows = [one for one in plan.rows if not shown or one.outcome == shown]
        rows.sort(key=lambda one: FIRST.index(one.outcome))
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return {
            "page_obj": page,
            "rows": [_row_for_page(one, plan) for one in page],
            "shown": shown,
            "wrong": plan.counts[Outcome.WRONG],
            "good": plan.counts[Outcome.CREATED] + plan.counts[Outcome.UPDATED],
            "notes": [message(found.problem) for found in plan.table.notes],
        }


FIRST = [
    Outcome.WRONG,
    Outcome.SKIPPED,
    Outcome.UPDATED,
    Outcome.CREATED,
    Outcome.UNCHANGED,
]
"""In which order a preview shows the rows: what has to be looked at comes first."""
LABELS = {outcome.value: label for outcome, label in OUTCOME_LABELS.items()}


CHOICES_OF = {
    "sex": Sex,
    "stage": Stage,
    "standing": Standing,
    "office": Office,
    "election": Election,
}


def in_words(name: str, value: str) -> str:
    """A field's value as the page shows it: codes in the reader's language."""
    if name == "is_floating" and value in {"True", "False"}:
        return _("Yes") if value == "True" else _("No")
    choices = CHOICES_OF.get(name)
    return str(choices(value).label) if choices and value in choices.values else value


def _row_for_page(one: Any, plan: Plan) -> dict[str, Any]:
    """A row of the preview in words: what changes, and what is to tell of it."""
    heading = plan.table.heading
    return {
        "number": one.row.number,
        "name": one.row.values.get("name") or one.row.cells.get("name") or "",
        "unit": one.unit,
        "outcome": one.outcome.value,
        "label": _(LABELS[one.outcome.value]),
        "changes": [
            (heading(name), in_words(name, old), in_words(name, new))
            for name, old, new in one.changes
        ],
        "errors": [(found.column, message(found.problem)) for found in one.row.errors],
        "warnings": [(found.column, message(found.problem)) for found in one.row.warnings],
    }


class ConfirmView(ScopedMixin, SingleObjectMixin, View):
    """Write what the preview promised."""

    queryset = ImportBatch.objects.select_related("unit")
    action = Action.ENROL
    http_method_names = ["post"]

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(made_by=self.request.user)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        batch = self.get_object()
        try:
            confirm_import(
                batch,
                by=request.user,
                reach=paths_for(request.user, Action.ENROL),
                is_partial=request.POST.get("take") == "good",
            )
        except ImportRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The import is done."))
        return redirect("members:batch", pk=batch.pk)


class UndoView(ScopedMixin, SingleObjectMixin, View):
    """Put back what an import changed, unless it was changed since."""

    queryset = ImportBatch.objects.select_related("unit")
    action = Action.ENROL
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        batch = self.get_object()
        try:
            conflicts = undo_import(batch, by=request.user)
        except ImportRefused as error:
            messages.error(request, str(error))
        else:
            if conflicts:
                names = "、".join(sorted({str(one) for one in conflicts})[:RECENT])
                told = _("Changed since the import, so nothing was put back: %(what)s.")
                messages.error(request, told % {"what": names})
            else:
                messages.success(request, _("The import is undone."))
        return redirect("members:batch", pk=batch.pk)


class TemplateView(KindMixin, EnrolMixin, View):
    """An empty workbook with the headings, and an example."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = HttpResponse(write_template(COLUMNS[self.kind]), content_type=CONTENT_TYPE)
        name = {"roster": "roster-template", "posts": "posts-template"}[self.kind]
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return answer
