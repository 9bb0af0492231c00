"""Statistics of members: one pass over the members of some hundred units at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from assessment.periods import holds_on
from assessment.person_facts import membership_days
from assessment.reports.asked import Asked
from assessment.reports.bands import GROUPINGS, Grouping, Member
from assessment.reports.paper import Section, Table
from members.choices import MEMBER_STAGES, Nature, Office, Stage
from members.models import Affiliation, Appointment

A_CHUNK = 300
"""Units read at a time: about 20,000 members."""
NAME_WIDTH, FIGURE_WIDTH = 14, 5
ON_THE_WAY = (Stage.APPLICANT, Stage.ACTIVIST, Stage.CANDIDATE)

Key = tuple[int, str]
"""Which grouping, which of its columns."""


@dataclass
class Census:
    """Members counted by branch (Asked.branches)."""

    members: Counter[int] = field(default_factory=Counter)
    groups: dict[int, Counter[Key]] = field(default_factory=lambda: defaultdict(Counter))
    on_the_way: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    offices: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def total(self) -> int:
        return self.members.total()

    def of(self, grouping: int, column: str) -> int:
        """How many in all."""
        return sum(counts[grouping, column] for counts in self.groups.values())


def census_of(asked: Asked, *, share: int = 90) -> Census:
    """The members at home on the day; `share`: the per cent of the work that this is."""
    census = Census()
    ids = [place.pk for place in asked.places]
    for start in range(0, len(ids), A_CHUNK):
        chunk = ids[start : start + A_CHUNK]
        _count_members(census, asked, chunk)
        _count_on_the_way(census, asked, chunk)
        _count_offices(census, asked, chunk)
        asked.report(share * (start + len(chunk)) // len(ids))
    return census


_COLUMNS = (
    "person_id",
    "unit_id",
    "person__sex",
    "person__ethnicity",
    "person__birth_date",
    "person__education",
    "person__occupation",
    "person__membership__joined_on",
)


def _homes(chunk: list[int], on: date):
    return Affiliation.objects.on(on).filter(nature=Nature.HOME, unit_id__in=chunk).order_by()


def _count_members(census: Census, asked: Asked, chunk: list[int]) -> None:
    homes = _homes(chunk, asked.as_of)
    memberships = membership_days(homes.values("person_id"))
    for pk, unit, *facts, joined in homes.values_list(*_COLUMNS).iterator(chunk_size=2000):
        days, full = memberships.get(pk, ((), None))
        if not holds_on(days, asked.as_of):
            continue
        member = Member(full is not None and asked.as_of in full, *facts, joined)
        branch = asked.branch_of[unit]
        census.members[branch] += 1
        for number, grouping in enumerate(GROUPINGS):
            census.groups[branch][number, grouping.group(member, asked.as_of)] += 1


def _count_on_the_way(census: Census, asked: Asked, chunk: list[int]) -> None:
    stages = _homes(chunk, asked.as_of).exclude(person__membership__stage__in=MEMBER_STAGES)
    rows = stages.values_list("unit_id", "person__membership__stage").annotate(Count("pk"))
    for unit, stage, number in rows:
        census.on_the_way[asked.branch_of[unit]][stage] += number


def _count_offices(census: Census, asked: Asked, chunk: list[int]) -> None:
    posts = Appointment.objects.on(asked.as_of).filter(unit_id__in=chunk).order_by()
    for unit, office, number in posts.values_list("unit_id", "office").annotate(Count("pk")):
        census.offices[asked.branch_of[unit]][office] += number


def sections(asked: Asked) -> Iterator[Section]:
    """The usual tables, a line for the whole and one for each branch."""
    census = census_of(asked)
    note = _("Probationary and full members at home here whose standing is normal.")
    first: list[tuple[int, Grouping]] = []
    for number, grouping in enumerate(GROUPINGS):
        if first and grouping.heading:
            yield _section(asked, census, first, note)
            first, note = [], ""
        first.append((number, grouping))
    yield _section(asked, census, first, note)
    yield _plain(
        asked,
        _("On the way into the Party"),
        {stage.value: stage.label for stage in ON_THE_WAY},
        census.on_the_way,
    )
    yield _plain(
        asked,
        _("Offices held"),
        {office.value: office.label for office in Office},
        census.offices,
        note=_("Everyone in office, members or not."),
    )


def _section(
    asked: Asked, census: Census, groupings: list[tuple[int, Grouping]], note: str
) -> Section:
    keys = [(number, name) for number, grouping in groupings for name in grouping.columns]
    words = [str(word) for _number, grouping in groupings for word in grouping.columns.values()]
    figures = {
        pk: [census.members[pk], *(census.groups[pk][key] for key in keys)] for pk in _pks(asked)
    }
    table = _table(asked, [_("Members in all"), *words], figures)
    return Section(str(groupings[0][1].heading), (note,) if note else (), table)


def _plain(
    asked: Asked,
    heading: str,
    columns: dict[str, object],
    counts: dict[int, Counter[str]],
    note: str = "",
) -> Section:
    figures = {pk: [counts[pk][name] for name in columns] for pk in _pks(asked)}
    table = _table(asked, [str(word) for word in columns.values()], figures)
    return Section(heading, (note,) if note else (), table)


def _pks(asked: Asked) -> list[int]:
    return [place.pk for place in asked.branches]


def _table(asked: Asked, words: list[str], figures: dict[int, list[int]]) -> Table:
    """The figures by branch below their sum; of a unit alone there is nothing to sum."""
    lines = [
        (asked.name_of_branch(place), *map(str, figures[place.pk])) for place in asked.branches
    ]
    if len(lines) > 1:
        sums = map(sum, zip(*figures.values(), strict=True))
        lines.insert(0, (_("Total"), *map(str, sums)))
    return Table(
        (_("Organisation"), *words),
        lines,
        (NAME_WIDTH, *[FIGURE_WIDTH] * len(words)),
        frozenset(range(1, len(words) + 1)),
    )
