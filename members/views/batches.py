"""One import: its preview, its confirmation, how far it has come, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views import View
from django.views.generic import DetailView
from django.views.generic.detail import SingleObjectMixin

from members.choices import (
    BatchFailure,
    BatchState,
    BatchStep,
    Election,
    Office,
    Sex,
    Stage,
    Standing,
)
from members.models import ImportBatch, Person
from members.roster.batches import ImportRefused, discard, undo_import
from members.roster.jobs import confirm_import
from members.roster.looking import decide_rows, look_later
from members.roster.mending import write_wrong_rows
from members.roster.messages import message
from members.roster.outcomes import NEW, OUTCOME_LABELS, Outcome
from members.roster.preview import (
    ASIDE,
    IN_ORDER,
    MISSING,
    ROWS_A_PAGE,
    problem_of,
    read_page,
)
from members.roster.units import BY_NAME_ALONE, SEPARATOR
from members.roster.workbook import CONTENT_TYPE
from organizations.access import paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.wording import listed

NAMED = 10
LABELS = {outcome.value: OUTCOME_LABELS[outcome] for outcome in IN_ORDER} | {
    MISSING: gettext_noop("Not in the file"),
    ASIDE: gettext_noop("Left aside"),
}
FIGURES = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.WRONG)
"""What a list of imports tells of each."""
CHOICES_OF = {
    "sex": Sex,
    "stage": Stage,
    "standing": Standing,
    "office": Office,
    "election": Election,
}


def known_to(user: Any) -> Q:
    """Of imports: what is not yet written is for whoever brought it."""
    return Q(state__in=(BatchState.APPLIED, BatchState.UNDONE)) | Q(made_by=user)


class BatchMixin(ScopedMixin):
    """An import of a unit whose roster the user keeps; one not yet written is its bringer's."""

    queryset = ImportBatch.objects.select_related("unit", "made_by").defer("content", "changes")
    action = Action.ENROL

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(known_to(self.request.user))  # type: ignore[attr-defined]


class BringersMixin(BatchMixin):
    """For what only the one who brought the file may do with it."""

    queryset = ImportBatch.objects.select_related("unit", "made_by")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(made_by=self.request.user)  # type: ignore[attr-defined]


class BatchView(BatchMixin, DetailView):
    """What a file would do; once confirmed, how far that has come, and what became of it."""

    template_name = "members/import_batch.html"

    def get_object(self, queryset: Any = None) -> ImportBatch:
        batch = super().get_object(queryset)
        batch.judge_lease()
        return batch

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if self.object.state == BatchState.UPLOADED and not request.htmx:  # type: ignore[attr-defined]
            return redirect("members:layout", pk=self.object.pk)
        return answer

    def get_template_names(self) -> list[str]:
        if self.request.htmx and self.object.is_under_way:  # type: ignore[attr-defined]
            return ["members/import_progress.html"]
        return super().get_template_names()

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer = super().render_to_response(context, **kwargs)
        if self.request.htmx and not self.object.is_under_way:  # type: ignore[attr-defined]
            answer["HX-Refresh"] = "true"
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        batch: ImportBatch = self.object
        numbers = _numbers(batch)
        context |= {
            "counts": [
                (key, str(_(label)), numbers.get(key, 0))
                for key, label in LABELS.items()
                if key != ASIDE or numbers.get(key)
            ],
            "states": BatchState,
            "wrong": numbers.get("wrong", 0),
            "failure": failure_of(batch),
        }
        if batch.state == BatchState.PLANNED:
            context |= self._preview(batch)
        elif batch.is_under_way:
            context |= progress_of(batch)
        return context

    def _preview(self, batch: ImportBatch) -> dict[str, Any]:
        shown = self._shown(batch)
        if shown:
            rows = Paginator(range(_numbers(batch)[shown]), ROWS_A_PAGE)
            page = rows.get_page(self.request.GET.get("page"))
            pages = batch.pages.filter(outcome=shown)[page.number - 1 : page.number]
        else:
            page, pages = None, batch.pages.all()
        return {
            "page_obj": page,
            "rows": [row_in_words(row, one.outcome) for one in pages for row in read_page(one)],
            "shown": shown,
            "shown_label": _(LABELS[shown]) if shown else "",
            "good": batch.counts.get("created", 0) + batch.counts.get("updated", 0),
            "questions": batch.counts.get("question", 0),
            "notes": notes_in_words(batch),
            "names_alone": names_alone(batch),
            "earlier": self._earlier(batch),
        }

    def _earlier(self, batch: ImportBatch) -> ImportBatch | None:
        """The last import of the very same file for the same unit, if it was written."""
        same = self.get_queryset().filter(
            unit=batch.unit_id,
            kind=batch.kind,
            file_digest=batch.file_digest,
            state=BatchState.APPLIED,
        )
        earlier = same.exclude(pk=batch.pk).order_by("-applied_at").first()
        if earlier:
            earlier.figures = in_figures(earlier)
        return earlier

    def _shown(self, batch: ImportBatch) -> str:
        """The outcome whose rows are asked for; a short file shows all ("")."""
        numbers = _numbers(batch)
        asked = self.request.GET.get("show", "")
        if asked in numbers:
            return asked
        if sum(numbers.values()) <= ROWS_A_PAGE:
            return ""
        return next(outcome for outcome, count in numbers.items() if count)


def _numbers(batch: ImportBatch) -> dict[str, int]:
    """How many rows have which outcome, and how many people are missing from the file."""
    known = batch.options.get("notes", {}) | batch.counts
    return {outcome: known.get(outcome, 0) for outcome in LABELS}


def in_figures(batch: ImportBatch) -> list[tuple[str, int]]:
    """What an import did or would do, in a few figures: label and number of rows."""
    return [
        (str(_(OUTCOME_LABELS[outcome])), batch.counts[outcome])
        for outcome in FIGURES
        if batch.counts.get(outcome)
    ]


def failure_of(batch: ImportBatch) -> str:
    """Why it failed; of a file that can't be read, what is wrong with it."""
    if refused := batch.options.get("refused"):
        return message(problem_of(*refused))
    return str(BatchFailure(batch.failure).label) if batch.failure else ""


def notes_in_words(batch: ImportBatch) -> list[str]:
    """What is to tell of the file as a whole, each once, with its sheet where there are several."""
    words = []
    for code, params, sheet in batch.options.get("notes", {}).get("notes", []):
        if code == BY_NAME_ALONE:
            continue  # asked about by itself
        told = message(problem_of(code, params))
        words.append(f"{sheet}: {told}" if sheet else told)
    return list(dict.fromkeys(words))


def names_alone(batch: ImportBatch) -> list[str]:
    """Names in the file that met a unit by the community's name alone, each with the unit met."""
    found: dict[str, None] = {}
    for code, params, _sheet in batch.options.get("notes", {}).get("notes", []):
        if code == BY_NAME_ALONE:
            found |= dict.fromkeys(dict(params)["every"].split(SEPARATOR))
    return list(found)


def progress_of(batch: ImportBatch) -> dict[str, Any]:
    """How far the writing has come: the step, per cent, and the seconds that are left, if known."""
    left = None
    if batch.started_at and batch.progress:
        taken = (timezone.now() - batch.started_at).total_seconds()
        left = round(taken * (100 - batch.progress) / batch.progress)
    return {
        "step": BatchStep(batch.step).label if batch.step else "",
        "seconds_left": left,
    }


def in_words(name: str, value: str) -> str:
    """A field's value as the page shows it: codes in the reader's language."""
    if name == "is_floating" and value in {"True", "False"}:
        return _("Yes") if value == "True" else _("No")
    choices = CHOICES_OF.get(name)
    return str(choices(value).label) if choices and value in choices.values else value


def row_in_words(row: dict[str, Any], outcome: str) -> dict[str, Any]:
    """A row of the preview: what changes, and what is to tell of it."""
    words = row | {"outcome": outcome, "label": _(LABELS[outcome])}
    for name in ("errors", "warnings"):
        words[name] = [
            (column, message(problem_of(code, params)))
            for column, code, params in row.get(name, [])
        ]
    words["changes"] = [
        (heading, in_words(name, old), in_words(name, new))
        for name, heading, old, new in row.get("changes", [])
    ]
    for candidate in row.get("candidates", []):
        candidate["sex"] = in_words("sex", candidate["sex"])
    return words


class ConfirmView(BringersMixin, SingleObjectMixin, View):
    """Write what the preview promised; also again, after that, or the look before, failed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        batch = self.get_object()
        batch.judge_lease()
        has_failed = batch.state == BatchState.FAILED
        if has_failed and not batch.was_looked_at:
            return self._look_again(batch)
        again = has_failed and batch.options.get("is_partial", False)
        is_partial = again or request.POST.get("take") == "good"
        if not has_failed and names_alone(batch) and "names" not in request.POST:
            told = _("Say first that the units found by name alone are those meant.")
            messages.error(request, told)
            return redirect("members:batch", pk=batch.pk)
        try:
            if confirm_import(batch, by=request.user, is_partial=is_partial):
                messages.success(request, _("The import is done."))
        except ImportRefused as error:
            messages.error(request, str(error))
        return redirect("members:batch", pk=batch.pk)

    def _look_again(self, batch: ImportBatch) -> HttpResponse:
        try:
            look_later(batch, (BatchState.FAILED,))
        except ImportRefused as error:
            messages.error(self.request, str(error))
        return redirect("members:batch", pk=batch.pk)


class DecideView(BringersMixin, SingleObjectMixin, View):
    """Say of rows in question whether they mean somebody on record or a new person."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        batch = self.get_object()
        people = Person.objects.visible_to(request.user, action=Action.ENROL)
        decisions = {}
        for name, whom in request.POST.items():
            number = name.removeprefix("row-")
            if name.startswith("row-") and number.isdecimal() and _is_known(whom, people):
                decisions[int(number)] = whom
        try:
            decide_rows(batch, decisions, reach=paths_for(request.user, Action.ENROL))
        except ImportRefused as error:
            messages.error(request, str(error))
        return redirect("members:batch", pk=batch.pk)


def _is_known(whom: str, people: Any) -> bool:
    try:
        return whom == NEW or people.filter(pk=UUID(whom)).exists()
    except ValueError:
        return False


class DiscardView(BringersMixin, SingleObjectMixin, View):
    """Drop a file that is not to be imported after all."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        batch = self.get_object()
        try:
            discard(batch, by=request.user)
        except ImportRefused as error:
            messages.error(request, str(error))
            return redirect("members:batch", pk=batch.pk)
        messages.success(request, _("The file was discarded; nothing was imported."))
        return redirect("members:import_kind", batch.kind)


class WrongRowsView(BringersMixin, SingleObjectMixin, View):
    """The wrong rows as a workbook, to be mended and uploaded again."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        batch = self.get_object()
        try:
            data = write_wrong_rows(batch, reach=paths_for(request.user, Action.ENROL))
        except ImportRefused as error:
            messages.error(request, str(error))
            return redirect("members:batch", pk=batch.pk)
        answer = HttpResponse(data, content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = 'attachment; filename="wrong-rows.xlsx"'
        return answer


class UndoView(BatchMixin, SingleObjectMixin, View):
    """Put back what an import changed, unless it was changed since."""

    queryset = ImportBatch.objects.select_related("unit")
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        batch = self.get_object()
        try:
            conflicts = undo_import(batch, by=request.user)
        except ImportRefused as error:
            messages.error(request, str(error))
        else:
            if conflicts:
                names = listed(sorted({str(one) for one in conflicts})[:NAMED])
                told = _("Changed since the import, so nothing was put back: %(what)s.")
                messages.error(request, told % {"what": names})
            else:
                messages.success(request, _("The import is undone."))
        return redirect("members:batch", pk=batch.pk)
