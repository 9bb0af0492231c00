"""What is printed and filed: a record's sheet, a year's meeting book, both as .docx too."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.views.generic import DetailView, TemplateView

from activities.books import MOST_RECORDS, Book, BookForm, book_of
from activities.documents import write_book, write_record
from activities.models import Activity, Attendance
from activities.sheets import sheet_of
from organizations.mixins import ScopedMixin
from organizations.typesetting import CONTENT_TYPE

SIDES = 2
"""Columns of names on the printed sheet."""


class ActivityPrintView(ScopedMixin, DetailView):
    """The record as a sheet to sign and file; `?as=docx` is the same as a document."""

    queryset = Activity.objects.select_related("unit", "submitted_by")
    template_name = "activities/activity_print.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("as") == "docx":
            sheet = sheet_of(self.get_object())
            return document(write_record(sheet), f"{sheet.activity.topic}.docx")
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("attendances__person", "co_hosts", "issues")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        sheet = sheet_of(self.object)
        pairs = side_by_side(list(sheet.people))
        return super().get_context_data(sheet=sheet, pairs=pairs, sides=range(SIDES), **more)


class BookView(LoginRequiredMixin, TemplateView):
    """A unit's meeting book of a year, to print; `?as=docx` is the same as a document."""

    template_name = "activities/book.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = BookForm(request.GET, user=request.user)
        if request.GET.get("as") != "docx":
            return super().get(request, *args, **kwargs)
        book = self.book()
        if book is None:
            raise Http404
        return document(write_book(book), f"{book.unit.name}-{book.year}.docx")

    def book(self) -> Book | None:
        """The book that the form asks for; None where its answers can't be."""
        if not self.form.is_valid():
            return None
        said = self.form.cleaned_data
        mine = Activity.objects.visible_to(self.request.user)
        return book_of(said["unit"], said["year"], mine, everything=said["what"] == "all")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, book=self.book(), most=MOST_RECORDS, **more)


def document(content: bytes, name: str) -> HttpResponse:
    """A .docx to be saved under `name`; never kept by the browser."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    add_never_cache_headers(response)
    return response


def side_by_side(rows: list[Attendance]) -> list[list[tuple[int | str, Attendance | None]]]:
    """The rows with their numbers, read down the left half of the sheet, then the right."""
    height = -(-len(rows) // SIDES)
    numbered: list[tuple[int | str, Attendance | None]] = [*enumerate(rows, start=1)]
    numbered += [("", None)] * (height * SIDES - len(rows))
    return [numbered[line::height] for line in range(height)]
