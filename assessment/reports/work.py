"""The work report of a unit, a street or a county: clause by clause, from the verdicts alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.choices import ATTENDED
from activities.kinds import all_kinds, kinds_of
from activities.models import Activity, Attendance
from assessment.phrases import WORDS, clause_name, plain
from assessment.reports import members
from assessment.reports.asked import Asked
from assessment.reports.paper import Line, Section, Table
from assessment.reports.verdict_lines import (
    Standing,
    alike,
    columns_used,
    detail_line,
    figures_of_rows,
    periods_of_rows,
    rows_in,
    stand,
    tally,
)
from assessment.terms import ZERO, Status
from assessment.wording import CENT
from organizations.wording import listed

COUNTED = (Status.MISSED, Status.DUE, Status.BEHIND, Status.UNKNOWN, Status.ON_TRACK)
MOST_NAMED = 3
"""Units named as having met a rule; of more the number says it."""


def sections(asked: Asked) -> Iterator[Section]:
    """The report from its summary to the single verdicts."""
    standing = stand(asked, share=40)
    census = members.census_of(asked, share=60)
    held = _held(asked)
    yield Section(_("Summary"), _summary(asked, standing, census, held))
    yield Section(_("Clause by clause"), (), _by_clause(asked, standing))
    is_single = len(asked.branches) == 1
    if is_single:
        yield _calls(standing, is_single=True)
    yield Section(_("Activities"), (), _activities(held))
    yield Section(_("Members"), (), _members(census))
    yield _trainings(standing)
    if not is_single:
        yield Section(_("By unit below"), (), _by_branch(asked, standing, census))
        yield _calls(standing)
        yield Section(_("Every verdict"), table=_details(asked), in_workbook_only=True)


class Held:
    """Activities by kind: how many records, their days, and how many people came."""

    def __init__(self) -> None:
        self.number: Counter[str] = Counter()
        self.days: dict[str, object] = defaultdict(lambda: ZERO)
        self.people: Counter[str] = Counter()
        self.total = 0


def _held(asked: Asked) -> Held:
    """What the units hosted or co-hosted and what counts, summed by the database."""
    held = Held()
    own = Activity.objects.visible_to(asked.user).under(asked.unit.path).counted()
    own = own.beginning(asked.period.first, asked.as_of)
    sums = own.order_by().values_list("kind_mask").annotate(Count("pk"), Sum("credit"))
    for mask, number, days in sums:
        held.total += number
        for kind in kinds_of(mask):
            held.number[kind.code] += number
            held.days[kind.code] += days.quantize(CENT)  # SQLite sums in floats
    here = Attendance.objects.filter(activity__in=own.order_by().values("pk"))
    came = here.filter(presence__in=sorted(ATTENDED)).order_by()
    for mask, number in came.values_list("kind_mask").annotate(Count("pk")):
        for kind in kinds_of(mask):
            held.people[kind.code] += number
    return held


def _summary(
    asked: Asked, standing: Standing, census: members.Census, held: Held
) -> tuple[str, ...]:
    counts: Counter[Status] = Counter()
    for found in standing.by_rule.values():
        counts.update(found)
    whole = tally(counts)
    units, people = len(asked.places), census.total
    said = [
        ngettext(
            "%(number)s organisation is told of here.",
            "%(number)s organisations are told of here.",
            units,
        )
        % {"number": units},
        ngettext(
            "%(number)s member is at home here.", "%(number)s members are at home here.", people
        )
        % {"number": people},
        ngettext(
            "%(number)s record of an activity counts.",
            "%(number)s records of activities count.",
            held.total,
        )
        % {"number": held.total},
        _("Demands that were owed: %(judged)s, met: %(met)s.")
        % {"judged": whole.judged, "met": whole.met},
    ]
    calling = [_number_of(status, counts[status]) for status in COUNTED if counts[status]]
    if calling:
        said.append(_("The others: %(statuses)s.") % {"statuses": listed(calling)})
    return tuple(said)


def _number_of(status: Status, number: int) -> str:
    words = pgettext("demands", "%(status)s %(number)s")
    return words % {"status": WORDS[status], "number": number}


def _by_clause(asked: Asked, standing: Standing) -> Table:
    if standing.single:
        return _of_one_unit(standing)
    names = {place.pk: place.name for place in asked.places}
    lines = []
    for column in columns_used(standing):
        counts = standing.by_rule[column.key]
        whole = tally(counts)
        met = [name for pk, name in names.items() if pk in standing.met_by[column.key]]
        told = listed(met) if len(met) <= MOST_NAMED else _n_units(len(met))
        figures = (whole.judged, whole.met, *(counts[status] for status in COUNTED))
        # What is only shown, or owed by nobody, has no figures: naughts would look like a failure.
        shown = map(str, figures) if whole.judged else ("—",) * len(figures)
        lines.append((clause_name(column.rule, short=True), column.title, *shown, told or "—"))
    headings = [_("Clause"), _("Rule"), _("Owed"), str(WORDS[Status.MET])]
    headings += [str(WORDS[status]) for status in COUNTED]
    return Table(
        (*headings, _("Met by")),
        lines,
        (7, 11, *[6] * 4, 5, 6, 5, 12),
        frozenset({0, *range(2, 9)}),
    )


def _n_units(number: int) -> str:
    return ngettext("%(number)s unit", "%(number)s units", number) % {"number": number}


def _of_one_unit(standing: Standing) -> Table:
    """Periods that were met are one line; why others were not stands in the next section."""
    lines = [
        (
            clause_name(column.rule, short=True),
            column.title,
            periods_of_rows(rows),
            str(WORDS[rows[-1].status]),
            figures_of_rows(rows),
        )
        for column in columns_used(standing)
        for rows in alike(standing.single[column.key])
    ]
    headings = (_("Clause"), _("Rule"), _("Period"), _("Status"), _("How it stands"))
    return Table(headings, lines, (7, 12, 11, 7, 17), frozenset({0, 2, 3}))


def _calls(standing: Standing, *, is_single: bool = False) -> Section:
    """What is overdue, due or behind; a single unit need not be named in each line."""
    if not standing.calls:
        return Section(_("What is open"), (_("Nothing is overdue, due or behind."),))
    headings = (
        _("Organisation"), _("Clause"), _("Rule"), _("Period"), _("Status"), _("What is lacking"),
    )  # fmt: skip
    table = Table(headings, standing.urgent_first, (9, 7, 10, 11, 7, 23), frozenset({1, 3, 4}))
    if is_single:
        lines = (line[1:] for line in standing.urgent_first)
        table = Table(headings[1:], lines, (7, 10, 11, 7, 29), frozenset({0, 2, 3}))
    notes = ()
    if standing.is_cut:
        notes = (_("There is more than a report can hold: choose a smaller unit for the rest."),)
    return Section(_("What is open"), notes, table)


def _activities(held: Held) -> Table:
    lines = [
        (kind.name, str(held.number[code]), plain(held.days[code]), str(held.people[code]))
        for code, kind in all_kinds().items()
        if held.number[code]
    ]
    lines = lines or [(_("No record"), "0", "0", "0")]
    headings = (_("Kind"), _("Records"), _("Days"), _("Attendances"))
    return Table(headings, lines, (20, 8, 8, 8), frozenset({1, 2, 3}))


def _members(census: members.Census) -> Table:
    groups = ((0, "full"), (0, "probationary"), (1, "female"), (2, "minority"))
    words = [str(members.GROUPINGS[number].columns[name]) for number, name in groups]
    figures = [str(census.of(number, name)) for number, name in groups]
    return Table(
        (_("Members in all"), *words),
        [(str(census.total), *figures)],
        (8,) * 5,
        frozenset(range(5)),
    )


def _trainings(standing: Standing) -> Section:
    """The rules that ask persons, with how many of them have met what they owe."""
    lines: list[Line] = []
    for column in columns_used(standing):
        if column.rule.who.is_person and not column.rule.is_shown_only:
            done, owed = standing.persons[column.key]
            if owed:
                clause = clause_name(column.rule, short=True)
                lines.append((clause, column.title, plain(owed), plain(done)))
    if not lines:
        return Section(_("What is asked of persons"), (_("Nobody here is asked."),))
    headings = (_("Clause"), _("Rule"), _("Persons who owe it"), _("Persons who have met it"))
    table = Table(headings, lines, (7, 21, 8, 8), frozenset({0, 2, 3}))
    return Section(_("What is asked of persons"), (), table)


def _by_branch(asked: Asked, standing: Standing, census: members.Census) -> Table:
    """A line for each unit below, in the order of the tree: with the document, not each other."""
    units = Counter(asked.branch_of.values())
    lines = []
    for place in asked.branches:
        counts = standing.by_branch[place.pk]
        whole = tally(counts)
        figures = (units[place.pk], census.members[place.pk], whole.judged, whole.met)
        others = (counts[status] for status in COUNTED)
        lines.append((asked.name_of_branch(place), *map(str, (*figures, *others))))
    words = [_("Number of units"), _("Members in all"), _("Owed"), str(WORDS[Status.MET])]
    words += [str(WORDS[status]) for status in COUNTED]
    return Table(
        (_("Organisation"), *words), lines, (14, 6, 6, *[6] * 4, 5, 6, 5), frozenset(range(1, 10))
    )


def _details(asked: Asked) -> Table:
    places = {place.pk: place for place in asked.places}
    lines = (
        detail_line(row, places[row.unit].name, row.subject)
        for row in rows_in(asked)
        if row.unit in places
    )
    headings = (
        _("Organisation"), _("Code"), _("Clause"), _("Rule"), _("Period"), _("Status"),
        _("Done so far"), _("Target"), _("How it stands"),
    )  # fmt: skip
    return Table(headings, lines, (14, 10, 6, 14, 10, 6, 6, 6, 30), frozenset({6, 7}))
