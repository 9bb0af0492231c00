"""What a file of appointments would do: who takes or leaves which office, members or not."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from members.choices import GONE_STANDINGS, MEMBERS_OFFICES, SINGLE_SEATS, Standing
from members.crypto import blind_index
from members.models import Affiliation, Appointment, Membership, Person
from members.models.person import ID_NUMBER
from members.models.ties import overlapping
from members.roster.cleaning import birth_date_of, sex_of
from members.roster.outcomes import Outcome, Plan, RowPlan
from members.roster.register import Register, chunked
from members.roster.rows import Row, Table
from members.roster.units import UnitFinder
from members.roster.write import Writes
from organizations.models import Unit
from organizations.pinyin import spell_name
from organizations.spreadsheets.cells import Problem

Seat = tuple[int, str]


def check_post_rows(table: Table) -> None:
    """What must be there, and in which order the days come."""
    for row in table.rows:
        for name in ("name", "office"):
            if name not in row.values and name not in row.cells:
                table.error(row, name, "required")
        begun_on, ended_on = row.values.get("begun_on"), row.values.get("ended_on")
        if isinstance(begun_on, date) and isinstance(ended_on, date) and ended_on < begun_on:
            table.error(row, "ended_on", "days_in_order")


def plan_posts(table: Table, *, unit: Unit, reach: list[str], today: date) -> Plan:
    """Compare each row with the offices on record, at or below `unit`."""
    planner = _PostPlanner(table, UnitFinder(unit, today), Register(reach))
    plan = Plan(table)
    # Whoever leaves comes before whoever takes over, so that a seat is free when it is taken.
    rows = sorted(table.rows, key=lambda row: ("ended_on" not in row.values, row.number))
    planned = {row.number: planner.plan(row, plan.writes) for row in rows}
    plan.rows = [planned[row.number] for row in table.rows]
    return plan


class _PostPlanner:
    def __init__(self, table: Table, finder: UnitFinder, register: Register) -> None:
        self.table = table
        self.register = register
        self.units: dict[int, Unit] = {}
        for row in table.rows:
            written = row.values.get("unit")
            found = finder.find(written if isinstance(written, str) else None)
            if isinstance(found, Problem):
                table.error(row, "unit", found.code, **dict(found.params))
            else:
                self.units[row.number] = found
        table.tell(finder.told())
        self.indexes = {
            row.number: blind_index(ID_NUMBER, str(row.values["id_number"]))
            for row in table.rows
            if "id_number" in row.values
        }
        register.load_by_index(set(self.indexes.values()))
        self.held = self._load_held()
        self.known: dict[tuple[str, int], list[Person]] = self._load_known()
        self.gone = self._load_gone()
        self.made: dict[str, Person] = {}
        self.written: set[UUID] = set()
        self.open_now: dict[Seat, Appointment] = {
            (one.unit_id, one.office): one
            for posts in self.held.values()
            for one in posts
            if one.office in SINGLE_SEATS and one.ended_on is None
        }

    def _load_held(self) -> defaultdict[Seat, list[Appointment]]:
        held: defaultdict[Seat, list[Appointment]] = defaultdict(list)
        for chunk in chunked({unit.pk for unit in self.units.values()}):
            for post in Appointment.objects.filter(unit__in=chunk).select_related("person"):
                held[post.unit_id, post.office].append(post)
        return held

    def _load_known(self) -> dict[tuple[str, int], list[Person]]:
        """The people of each unit by name: for rows without an ID number."""
        known: defaultdict[tuple[str, int], dict[object, Person]] = defaultdict(dict)
        wanted = {
            self.units[row.number].pk
            for row in self.table.rows
            if row.number in self.units and row.number not in self.indexes
        }
        for chunk in chunked(wanted):
            for model in (Affiliation, Appointment):
                ties = model.objects.filter(unit__in=chunk, ended_on__isnull=True)
                for tie in ties.select_related("person"):
                    known[tie.person.name, tie.unit_id][tie.person_id] = tie.person
        return {key: list(people.values()) for key, people in known.items()}

    def plan(self, row: Row, writes: Writes) -> RowPlan:
        unit = self.units.get(row.number)
        if row.errors or unit is None:
            return RowPlan(row, Outcome.WRONG)
        person, is_elsewhere = self._person(row, unit)
        if is_elsewhere:
            self.table.warn(row, "id_number", "person_elsewhere")
            return RowPlan(row, Outcome.SKIPPED, unit)
        if row.errors:
            return RowPlan(row, Outcome.WRONG)
        return self._seat(row, unit, person, writes)

    def _person(self, row: Row, unit: Unit) -> tuple[Person, bool]:
        """The person meant, maybe a new one, and whether it is one beyond reach."""
        index, name = self.indexes.get(row.number), str(row.values["name"])
        if index is None:
            alike = self.known.get((name, unit.pk), [])
            if len(alike) > 1:
                self.table.error(row, "name", "person_ambiguous")
            if alike:
                return alike[0], False
            person = self._new_person(row)
            self.known[name, unit.pk] = [person]
            return person, False
        stored = self.register.by_index(index)
        if stored is not None:
            return stored.person, not stored.is_in_reach
        if index not in self.made:
            self.made[index] = self._new_person(row)
        return self.made[index], False

    def _new_person(self, row: Row) -> Person:
        person = Person(name=str(row.values["name"]), pinyin=spell_name(str(row.values["name"])))
        number = row.values.get("id_number")
        if isinstance(number, str):
            person.set_id_number(number)
            person.birth_date, person.sex = birth_date_of(number), sex_of(number)
        return person

    def _seat(self, row: Row, unit: Unit, person: Person, writes: Writes) -> RowPlan:
        office = str(row.values["office"])
        begun_on, ended_on = _day(row, "begun_on"), _day(row, "ended_on")
        election = str(row.values.get("election") or "")
        seat = (unit.pk, office)
        mine = [post for post in self.held[seat] if post.person_id == person.pk]
        same = _same_post(mine, begun_on)
        running = next((post for post in mine if post.ended_on is None), None)
        if same is None and running is not None and ended_on is None:
            self.table.error(row, "begun_on", "post_open", date=running.begun_on)
            return RowPlan(row, Outcome.WRONG)
        will_be_open = ended_on is None and (same is None or same.ended_on is None)
        holder = self.open_now.get(seat)
        if will_be_open and holder is not None and holder.person_id != person.pk:
            self.table.error(row, "office", "seat_taken", person=holder.person.name)
            return RowPlan(row, Outcome.WRONG)
        if same is None and ended_on is None and self._is_gone(row, person, office):
            return RowPlan(row, Outcome.WRONG)
        if same is None and self._overlaps(row, unit, person, seat):
            return RowPlan(row, Outcome.WRONG)
        if person._state.adding and person.pk not in self.written:
            self.written.add(person.pk)
            writes.create(person, row.number)
        if same is not None:
            return self._correct(row, unit, same, election, writes)
        post = Appointment(
            person=person,
            unit=unit,
            office=office,
            election=election,
            begun_on=begun_on,
            ended_on=ended_on,
        )
        writes.create(post, row.number)
        writes.touched.add(unit.pk)
        self._remember(seat, post)
        change = ("office", "", office)
        return RowPlan(row, Outcome.CREATED, unit, [change])

    def _is_gone(self, row: Row, person: Person, office: str) -> bool:
        """Whether nobody may put this person into that office any more."""
        standing = self.gone.get(person.pk)
        if standing is None or (office not in MEMBERS_OFFICES and standing != Standing.DECEASED):
            return False
        words = {"person": person.name, "standing": str(standing.label)}
        self.table.error(row, "office", "member_gone", **words)
        return True

    def _load_gone(self) -> dict[UUID, Standing]:
        """Whose membership is over, of those on record whom the rows may mean."""
        alike = {person.pk for people in self.known.values() for person in people}
        gone = Membership.objects.filter(standing__in=sorted(GONE_STANDINGS))
        found: dict[UUID, Standing] = {}
        for chunk in chunked(alike | self.register.keys()):
            rows = gone.filter(person__in=chunk).values_list("person", "standing")
            found |= {key: Standing(standing) for key, standing in rows}
        return found

    def _overlaps(self, row: Row, unit: Unit, person: Person, seat: Seat) -> bool:
        """Whether somebody else's term in this single seat shares time with the row's."""
        term = Appointment(
            person=person,
            unit=unit,
            office=seat[1],
            begun_on=_day(row, "begun_on"),
            ended_on=_day(row, "ended_on"),
        )
        other = overlapping(term, self.held[seat])
        if other is not None:
            self.table.error(row, "begun_on", "seat_overlaps", person=other.person.name)
        return other is not None

    def _correct(
        self, row: Row, unit: Unit, post: Appointment, election: str, writes: Writes
    ) -> RowPlan:
        """Fill in what the file knows of an office that is on record."""
        given = {
            "begun_on": row.values.get("begun_on"),
            "ended_on": row.values.get("ended_on"),
            "election": election,
        }
        first, last = _day(row, "begun_on") or post.begun_on, _day(row, "ended_on") or post.ended_on
        if first and last and last < first:
            self.table.error(row, "ended_on", "days_in_order")
            return RowPlan(row, Outcome.WRONG)
        changes = []
        with writes.changing(post, row.number):
            for name, new in given.items():
                old = getattr(post, name)
                if new and new != old:
                    changes.append((name, str(old or ""), str(new)))
                    setattr(post, name, new)
        if not changes:
            return RowPlan(row, Outcome.UNCHANGED, unit)
        if post.ended_on is not None:
            self.open_now.pop((unit.pk, post.office), None)
        writes.touched.add(unit.pk)
        return RowPlan(row, Outcome.UPDATED, unit, changes)

    def _remember(self, seat: Seat, post: Appointment) -> None:
        self.held[seat].append(post)
        if post.office in SINGLE_SEATS and post.ended_on is None:
            self.open_now[seat] = post


def _day(row: Row, name: str) -> date | None:
    day = row.values.get(name)
    return day if isinstance(day, date) else None


def _same_post(posts: list[Appointment], begun_on: date | None) -> Appointment | None:
    """The one that began on that day; else one whose beginning is not known, in file or record,
    and that was not over by then.
    """
    exact = [post for post in posts if post.begun_on == begun_on]
    if begun_on is None:
        return next(iter(exact + posts), None)
    vague = [post for post in posts if post.begun_on is None]
    may_be = [post for post in vague if post.ended_on is None or post.ended_on >= begun_on]
    return next(iter(exact + may_be), None)
