"""What the pages of the ledgers share: a list with filters, its workbook and its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate
from django.views.generic import ListView

from members.choices import Nature
from members.ledger_forms import LedgerFilterForm
from members.ledgers import CONTENT_TYPE, Column, line_of, write_ledger
from members.models import Affiliation, Person
from organizations.mixins import PartialMixin, ScopedMixin
from organizations.wording import listed

ROWS_OF_A_SHEET = 2_000
ROWS_OF_A_WORKBOOK = 100_000


def with_homes(rows: QuerySet, user: Any) -> QuerySet:
    """`rows`, with `open_homes` of their people as far as those are within the user's reach."""
    homes = Affiliation.objects.visible_to(user).still_open().filter(nature=Nature.HOME)
    return rows.prefetch_related(
        Prefetch("person__affiliations", homes.select_related("unit"), to_attr="open_homes")
    )


def home_names(row: Any) -> str:
    """Where the person of a row that `with_homes` has read is at home."""
    return listed(tie.unit.name for tie in row.person.open_homes)


class LedgerView(ScopedMixin, PartialMixin, ListView):
    """A list of one ledger. `?as=xlsx` is its workbook and `?as=sheet` its page for printing,
    both of what the filters of the same address show, and of nothing beyond the user's reach.
    """

    template_name = "members/ledger.html"
    partial_name = "rows"
    paginate_by = 50
    form_class: type[LedgerFilterForm] = LedgerFilterForm
    columns: Sequence[Column] = ()
    title: Any = ""
    hint: Any = ""
    nothing: Any = ""
    file_name = "ledger"
    add_url_name = ""
    add_label: Any = ""

    def get_queryset(self) -> QuerySet:
        user = self.request.user
        rows = super().get_queryset()
        self.form = self.form_class(self.request.GET, user=user)
        said = self.form.cleaned_data if self.form.is_valid() else {}
        self.said = said
        if said.get("unit"):
            rows = rows.under(said["unit"].path)
        if said.get("q"):
            rows = self.named(rows, said["q"])
        return self.filtered(rows, said)

    def named(self, rows: QuerySet, text: str) -> QuerySet:
        """Rows of people within the user's reach whose name or pinyin holds `text`."""
        people = Person.objects.visible_to(self.request.user).search(text)
        return rows.filter(person__in=people)

    def filtered(self, rows: QuerySet, said: dict[str, Any]) -> QuerySet:
        """`rows` as the filters of this ledger want them; `said` is empty for a wrong address."""
        return rows

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("as") == "xlsx":
            return self.workbook()
        return super().get(request, *args, **kwargs)

    def workbook(self) -> HttpResponse:
        """What the filters leave; nobody goes out by an address that says nothing known."""
        rows = self.get_queryset()
        rows = rows[:ROWS_OF_A_WORKBOOK] if self.form.is_valid() else rows.none()
        response = HttpResponse(write_ledger(self.columns, rows), content_type=CONTENT_TYPE)
        name = f"{self.file_name}-{localdate():%Y%m%d}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        add_never_cache_headers(response)
        return response

    @property
    def is_sheet(self) -> bool:
        return self.request.GET.get("as") == "sheet"

    def get_paginate_by(self, queryset: QuerySet) -> int:
        return ROWS_OF_A_SHEET if self.is_sheet else self.paginate_by

    def get_template_names(self) -> list[str]:
        return ["members/ledger_sheet.html"] if self.is_sheet else super().get_template_names()

    def href(self, row: Any) -> str:
        """Where a row leads to."""
        return reverse("members:detail", args=[row.person_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            form=self.form,
            title=self.title,
            hint=self.hint,
            nothing=self.nothing,
            columns=self.columns,
            add_url=reverse(self.add_url_name) if self.add_url_name else "",
            add_label=self.add_label,
            unit=self.said.get("unit"),
            today=localdate(),
            **kwargs,
        )
        rows = context["page_obj"].object_list
        context["lines"] = [line_of(row, self.columns, self.href(row)) for row in rows]
        return context
