"""A roster that the demo's secretary has imported: the list of imports is not empty."""

from __future__ import annotations

from members.choices import BatchKind, Nature
from members.models import Person
from members.resources import RosterResource, with_ties
from members.roster.batches import Request, run_import
from members.roster.columns import ROSTER
from members.roster.workbook import write_workbook
from organizations.models import Grant

ROWS, MOVED = 12, 2


def bring_roster() -> None:
    """Import some people of the secretary's unit as they are on record, two with a new address."""
    grant = Grant.objects.filter(user__username="secretary").select_related("user", "unit").first()
    if grant is None or grant.unit is None:
        return
    unit = grant.unit
    home = {"affiliations__unit": unit, "affiliations__nature": Nature.HOME}
    people = Person.objects.filter(**home, affiliations__ended_on=None).order_by("pinyin", "pk")
    keys = list(people.values_list("pk", flat=True)[:ROWS])
    if not keys:
        return
    people = with_ties(Person.objects.filter(pk__in=keys))
    rows = [list(row) for row in RosterResource().export(queryset=people)]
    address = [column.field for column in ROSTER].index("address")
    for number, row in enumerate(rows[:MOVED], 1):
        row[address] = f"示例路{number}号"
    name = f"{unit.name}党员花名册.xlsx"
    request = Request(BatchKind.ROSTER, unit, write_workbook(ROSTER, rows), name, is_partial=True)
    run_import(request, by=grant.user)
