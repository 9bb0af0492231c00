"""The meeting book of a unit for a year: what it held, as one document with its contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activities.models import Activity
from activities.sheets import Sheet, sheets_of
from organizations.models import Unit

MEETINGS = (
    "members_meeting",
    "committee_meeting",
    "group_meeting",
    "party_lecture",
    "themed_day",
    "organisational_life_meeting",
    "member_review",
)
"""What the book of the three meetings and one lecture holds."""

MOST_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Book:
    """The records that count of one unit in one year, from the first to the last."""

    unit: Unit
    year: int
    sheets: list[Sheet]
    is_cut: bool
    """There are more records than one document takes."""


class BookForm(forms.Form):
    """Whose book, of which year, and whether all activities or the meetings alone."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", empty_label=None
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    what = forms.ChoiceField(
        label=_("Contents"),
        required=False,
        choices=[("", _("Three meetings and one lecture")), ("all", _("All activities"))],
    )

    def __init__(self, data: Any, *, user: User) -> None:
        units = Unit.objects.visible_to(user).order_by("path")
        this_year = timezone.localdate().year
        first = next(iter(units[:1]), None)
        said = {"unit": first.code if first else "", "year": this_year, **data.dict()}
        super().__init__(said)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        years = range(this_year, this_year - 10, -1)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]


def book_of(unit: Unit, year: int, records: QuerySet[Activity], *, everything: bool) -> Book:
    """The book of `unit` drawn from `records` (those that the reader may see).

    It holds what the unit itself hosted or co-hosted, submitted or confirmed, by day.
    """
    own = records.held_by(unit).counted()  # type: ignore[attr-defined]
    own = own.beginning(date(year, 1, 1), date(year, 12, 31)).order_by("starts_at", "pk")
    if not everything:
        own = own.of_kinds(MEETINGS)
    sheets = sheets_of(own[: MOST_RECORDS + 1])
    return Book(unit, year, sheets[:MOST_RECORDS], len(sheets) > MOST_RECORDS)
