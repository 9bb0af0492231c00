"""The roster as django-import-export sees it: the columns of `roster/columns.py`, for export.

Importing does not come here: the row-by-row loop is a hundred times too slow for a roster. That
an export imports again as "unchanged" is tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch, QuerySet
from import_export import fields, resources

from accounts.models import User
from members.choices import FloatingDirection, Nature
from members.models import Affiliation, Appointment, FloatingEntry, Person
from members.roster import cleaning
from members.roster.columns import ROSTER, Column
from members.roster.wordlists import OFFICES, SEXES, STAGES, STANDINGS
from members.roster.workbook import write_workbook


def _first_words(codes: dict[str, str]) -> dict[str, str]:
    """The code's first word: the national form's own."""
    words: dict[str, str] = {}
    for word, code in codes.items():
        words.setdefault(code, word)
    return words


SEX_WORDS, STAGE_WORDS, STANDING_WORDS, OFFICE_WORDS = map(
    _first_words, (SEXES, STAGES, STANDINGS, OFFICES)
)

CHUNK = 2_000
"""People read at a time: the whole of a county's roster is never in memory."""


EXTRA = (
    Column("unit_name", "组织名称", cleaning.text_up_to(100), width=24),
    Column("offices", "党内职务", cleaning.text_up_to(100), width=18),
)
"""What an export may hold besides: an import passes over these headings."""


class RosterResource(resources.Resource):
    """One row a person, in the headings of the national form, identifiers in the clear."""

    def __init__(self, columns: Sequence[Column] = ROSTER, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = columns
        self.fields = {
            column.field: fields.Field(column_name=column.heading, readonly=True)
            for column in columns
        }
        self.values = [
            getattr(self, f"dehydrate_{column.field}", attrgetter(column.field))
            for column in columns
        ]

    def get_export_order(self, selected_fields: Any = None) -> list[str]:
        return [column.field for column in self.columns]

    def export_resource(self, instance: Person, **kwargs: Any) -> list[str]:
        return [show(value(instance)) for value in self.values]

    def dehydrate_id_number(self, person: Person) -> str:
        return person.reveal_id_number()

    def dehydrate_phone(self, person: Person) -> str:
        return person.reveal_phone()

    def dehydrate_sex(self, person: Person) -> str:
        return SEX_WORDS.get(person.sex, "")

    def dehydrate_stage(self, person: Person) -> str:
        return STAGE_WORDS.get(getattr(_membership(person), "stage", ""), "")

    def dehydrate_party_status(self, person: Person) -> str:
        return STANDING_WORDS.get(getattr(_membership(person), "standing", ""), "")

    def dehydrate_joined_on(self, person: Person) -> date | None:
        return getattr(_membership(person), "joined_on", None)

    def dehydrate_full_on(self, person: Person) -> date | None:
        return getattr(_membership(person), "full_on", None)

    def dehydrate_unit(self, person: Person) -> str:
        """The code, not the name: names repeat."""
        return next((home.unit.code for home in person.open_homes), "")  # type: ignore[attr-defined]

    def dehydrate_unit_name(self, person: Person) -> str:
        return next((home.unit.name for home in person.open_homes), "")  # type: ignore[attr-defined]

    def dehydrate_offices(self, person: Person) -> str:
        return "、".join(OFFICE_WORDS[post.office] for post in person.open_posts)  # type: ignore[attr-defined]

    def dehydrate_is_floating(self, person: Person) -> str:
        return "是" if person.open_entries else "否"  # type: ignore[attr-defined]

    def dehydrate_floating_to(self, person: Person) -> str:
        return next((entry.place for entry in person.open_entries), "")  # type: ignore[attr-defined]


def show(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")


def _membership(person: Person) -> Any:
    return getattr(person, "membership", None)


def export_roster(
    people: QuerySet[Person],
    *,
    columns: Sequence[Column] = ROSTER,
    seen_by: User | None = None,
) -> bytes:
    """The workbook of `people`, every cell a text. The caller has asked the gate and logs it.

    With `seen_by`, units beyond that user's reach are left empty.
    """
    resource = RosterResource(columns)
    rows = with_ties(people, seen_by).iterator(chunk_size=CHUNK)
    return write_workbook(columns, map(resource.export_resource, rows))


def with_ties(people: QuerySet[Person], seen_by: User | None = None) -> QuerySet[Person]:
    """What the columns need, in four queries however many people."""
    homes = Affiliation.objects.still_open().filter(nature=Nature.HOME).select_related("unit")
    homes = homes.only("person", "unit__code", "unit__name")
    posts = Appointment.objects.still_open().only("person", "office")
    entries = (
        FloatingEntry.objects.still_open()
        .filter(direction=FloatingDirection.OUT)
        .only("person", "place")
    )
    if seen_by is not None:
        homes, posts = homes.visible_to(seen_by), posts.visible_to(seen_by)
        entries = entries.visible_to(seen_by)
    return people.select_related("membership").prefetch_related(
        Prefetch("affiliations", homes, to_attr="open_homes"),
        Prefetch("appointments", posts, to_attr="open_posts"),
        Prefetch("floating_entries", entries, to_attr="open_entries"),
    )
