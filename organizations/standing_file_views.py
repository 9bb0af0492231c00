"""What units have, from a file: the upload, what each row would do, and the writing of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views import View

from organizations import standing_file
from organizations.actions import Action
from organizations.errors import OrganizationError
from organizations.models import Unit
from organizations.spreadsheets.cells import SheetError
from organizations.spreadsheets.limits import MAX_BYTES
from organizations.spreadsheets.messages import message
from organizations.spreadsheets.reader import read_sheets
from organizations.spreadsheets.writer import write_text
from organizations.standing_file import ENDED, Effect, FileRefusedError, Line
from organizations.standing_rows import CONTENT_TYPE, WIDTH, fields_of, heading_of, workbook
from organizations.standing_views import THINGS, Thing

SALT = "organizations.standing_file"
AN_HOUR = 3_600
SHOWN = 200
"""Rows that the preview names; the figures count them all."""


class FileForm(forms.Form):
    """The file, and what it is of."""

    thing = forms.ChoiceField(widget=forms.HiddenInput)
    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = _(".xlsx, .xls, .ods, .csv or .tsv.")
        choices = [(name, thing.title) for name, thing in THINGS.items()]
        self.fields["thing"].choices = choices  # type: ignore[attr-defined]


class StandingFileView(LoginRequiredMixin, View):
    """First a file is looked at; what was read travels, signed, to the button that writes it.

    Nothing is kept of a file in between. What it would do is found anew when it is written.
    """

    template_name = "organizations/standing_file.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = request.user
        if user.is_authenticated and not self.units.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def units(self) -> Any:
        return Unit.objects.visible_to(self.request.user, action=Action.RECORD)

    @cached_property
    def thing(self) -> Thing:
        asked = self.request.POST.get("thing") or self.request.GET.get("thing") or "venues"
        if asked not in THINGS:
            raise Http404
        return THINGS[asked]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("as") == "xlsx":
            return _file(workbook(self.thing.model, [], is_kept=False), self.thing.name)
        return self.show(FileForm(initial={"thing": self.thing.name}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "rows" in request.POST:
            return self.go_on(request)
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            found = self.read(form.cleaned_data["file"])
        except FileRefusedError as error:
            form.add_error("file", str(error))
            return self.show(form)
        lines = standing_file.plan(self.thing, found.rows, by=request.user)  # type: ignore[arg-type]
        return self.show(form, lines=lines, rows=self.sealed(found.rows), unread=found.unread)

    def read(self, upload: Any) -> standing_file.Read:
        if upload.size > MAX_BYTES:
            raise FileRefusedError(_("The file is too large: divide it."))
        try:
            sheet = read_sheets(upload.read())[0]
        except SheetError as error:
            raise FileRefusedError(message(error.problem)) from None
        return standing_file.read(self.thing, sheet.rows)

    def sealed(self, rows: tuple[tuple[int, standing_file.Cells], ...]) -> str:
        content = {"thing": self.thing.name, "by": self.request.user.pk, "rows": rows}
        return signing.dumps(content, salt=SALT, compress=True)

    def go_on(self, request: HttpRequest) -> HttpResponse:
        """Write what was looked at, or hand out its wrong rows."""
        try:
            content = signing.loads(request.POST["rows"], salt=SALT, max_age=AN_HOUR)
        except signing.BadSignature:
            return self.again(_("The preview is no longer valid: please choose the file again."))
        if content["by"] != request.user.pk or content["thing"] != self.thing.name:
            raise Http404
        lines = standing_file.plan(self.thing, content["rows"], by=request.user)  # type: ignore[arg-type]
        wrong = [line for line in lines if line.effect is Effect.WRONG]
        if "errors" in request.POST:
            return _file(_wrong_rows(self.thing, wrong), f"{self.thing.name}-errors")
        if wrong and "partial" not in request.POST:
            return self.again(_("Some rows are wrong now: please look at the file again."))
        try:
            number = standing_file.write(self.thing, lines, by=request.user)  # type: ignore[arg-type]
        except OrganizationError as error:
            return self.again(str(error))
        told = ngettext("%(number)s row was written.", "%(number)s rows were written.", number)
        messages.success(request, told % {"number": number})
        return redirect(f"{reverse('standing:list')}?thing={self.thing.name}")

    def again(self, words: str) -> HttpResponse:
        messages.error(self.request, words)
        return redirect(f"{reverse('standing:file')}?thing={self.thing.name}")

    def show(self, form: FileForm, *, lines: list[Line] | None = None, **more: Any) -> HttpResponse:
        counts = Counter(line.effect.value for line in lines or ())
        context = {
            "form": form,
            "thing": self.thing,
            "things": THINGS.values(),
            "columns": _columns(self.thing),
            "lines": lines,
            "counts": counts,
            "writes": counts["new"] + counts["changed"] + counts["ended"],
            "shown": sorted(lines or (), key=_order)[:SHOWN],
            "more": max(0, len(lines or ()) - SHOWN),
            **more,
        }
        return render(self.request, self.template_name, context)


def _order(line: Line) -> tuple[int, int]:
    """What is wrong first, what stays as it is last."""
    ranks = [Effect.WRONG, Effect.NEW, Effect.CHANGED, Effect.ENDED, Effect.UNCHANGED]
    return ranks.index(line.effect), line.number


def _columns(thing: Thing) -> list[dict[str, Any]]:
    """What each column is, for the page: heading, whether it is needed, and what it may hold."""
    found = [{"heading": _("Code"), "is_needed": True, "says": _("of the unit")}]
    for field in fields_of(thing.model):
        needed = not field.blank and not field.has_default()
        comma = pgettext("between the words of a list", ", ")
        says = comma.join(str(label) for _code, label in field.choices or ())
        if not says and field.get_internal_type() == "DateField":
            says = _("a day, as 2026-03-01")
        if not says and field.get_internal_type() == "BooleanField":
            says = _("yes or no")
        if field.name == ENDED:
            says = _("the last day, where it has ended")
        found.append({"heading": heading_of(field), "is_needed": needed, "says": says})
    return found


def _wrong_rows(thing: Thing, lines: list[Line]) -> bytes:
    """The wrong rows as they were, and what is wrong with each: to be put right and taken again."""
    headings = standing_file.headings_of(thing)
    rows = (
        [*(line.cells.get(name, "") for name in headings), " ".join(line.told)] for line in lines
    )
    titles = [*headings.values(), _("What is wrong")]
    return write_text(titles, rows, widths=[WIDTH] * len(titles), frozen_columns=1)


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
