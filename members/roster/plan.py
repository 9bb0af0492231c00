"""What a roster would do to what is stored: one comparison, before anything is written.

The plan holds the objects as they would be; `write.py` puts them into the database in bulk. The
preview in the browser, a dry run and the import itself all come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

from members.choices import FloatingDirection, Stage, Standing
from members.crypto import blind_index, indexer
from members.models import Affiliation, FloatingEntry, Membership, StandingSpell
from members.models.person import ID_NUMBER, PHONE
from members.privacy import mask_id_number, mask_phone
from members.roster.clearing import clear_marked
from members.roster.endings import Endings
from members.roster.newcomers import Newcomer
from members.roster.outcomes import NEW, Outcome, Plan, RowPlan, show_value
from members.roster.register import Register, Stored
from members.roster.rows import Row, Table
from members.roster.same import Asked, find_same, reads_as
from members.roster.units import UnitFinder
from members.roster.write import Writes
from organizations.models import Unit
from organizations.pace import unswept
from organizations.pinyin import spell_name
from organizations.spreadsheets.cells import Problem

PERSON_FIELDS = ("name", "sex", "ethnicity", "birth_date", "education", "occupation", "address")
MEMBERSHIP_FIELDS = ("stage", "joined_on", "full_on")
STAGE_ORDER = list(Stage)


def plan_roster(
    table: Table,
    *,
    unit: Unit,
    reach: list[str],
    on: date | None,
    today: date,
    decisions: dict[int, str] | None = None,
) -> Plan:
    """Compare each row with what is stored.

    `on` is the day from which what is new holds; None: since before the portal. `reach` are the
    paths of the subtrees whose people may be shown and changed. `decisions` say of rows in
    question, by number, whom they mean: a person's key, or NEW.
    """
    units = UnitFinder(unit, today)
    planner = _Planner(table, finder=units, register=Register(reach), on=on, today=today)
    planner.decisions = decisions or {}
    with unswept():
        planner.resolve_units()
        table.tell(units.told())
        planner.load(unit)
        plan = Plan(table)
        for row in table.rows:
            plan.rows.append(planner.plan(row, plan.writes))
    plan.met = set(planner.met)
    return plan


class _Planner:
    """One comparison; its parts share what was looked up."""

    def __init__(
        self,
        table: Table,
        *,
        finder: UnitFinder,
        register: Register,
        on: date | None,
        today: date,
    ) -> None:
        self.table = table
        self.finder = finder
        self.register = register
        self.on = on
        self.day = on or today
        """From when a change of what is on record holds."""
        self.units: dict[int, Unit] = {}
        self.indexes: dict[int, str] = {}
        self.homes: dict[int, str | None] = {}
        self.decisions: dict[int, str] = {}
        self.same: dict[int, tuple[UUID, int]] = {}
        """Whose record says what the row says, and is at home where."""
        self.met: dict[UUID, int] = {}
        """The row that means each person met so far."""
        self.endings = Endings(table, register.keys)

    def resolve_units(self) -> None:
        for row in self.table.rows:
            written = row.values.get("unit")
            found = self.finder.find(written if isinstance(written, str) else None)
            if isinstance(found, Problem):
                self.table.error(row, "unit", found.code, **dict(found.params))
            elif not (row.errors and "unit" not in row.values and "unit" in row.cells):
                self.units[row.number] = found

    def load(self, top: Unit) -> None:
        """Read whom the rows may mean, and find the same person in two rows without ID number."""
        rows = self.table.rows
        self._load_numbered(rows)
        nameless = [row for row in rows if not row.values.get("id_number")]
        self.register.load_by_name(top, {str(row.values.get("name", "")) for row in nameless})
        same: dict[tuple[object, ...], list[Row]] = {}
        for row in nameless:
            key = (row.values.get("name"), row.values.get("birth_date"), self._unit_id(row))
            if None not in key:
                same.setdefault(key, []).append(row)
        for twins in same.values():
            if len(twins) > 1:
                numbers = "、".join(self.table.shown(row.number) for row in twins)
                for row in twins:
                    self.table.error(row, "name", "duplicate_in_file", rows=numbers)

    def _load_numbered(self, rows: list[Row]) -> None:
        """Read of those with an ID number what the rows say anew; the others need no reading."""
        found = find_same(self._asked(rows), homes=self.finder.within(self.register.reach))
        self.same = found.same
        with_errors = (self.indexes.get(row.number) for row in rows if row.errors)
        wrong = [index for index in with_errors if index]
        self.register.load_by_index([*found.others, *wrong])

    def _asked(self, rows: list[Row]) -> Iterator[Asked]:
        """The sound ones of the rows with an ID number; the index of every one of those."""
        index, indexes, units = indexer(ID_NUMBER), self.indexes, self.units
        for row in rows:
            if number := row.values.get("id_number"):
                indexes[row.number] = index(str(number))
                if row.number in units and not row.errors:
                    yield Asked(row, indexes[row.number], self._asked_unit(row))

    def _asked_unit(self, row: Row) -> int | None:
        """The home that the row names; None where an empty cell leaves it as it is."""
        return self._unit_id(row) if "unit" in row.values else None

    def _unit_id(self, row: Row) -> int | None:
        unit = self.units.get(row.number)
        return unit.pk if unit else None

    def plan(self, row: Row, writes: Writes) -> RowPlan:
        unit = self.units.get(row.number)
        if unit is None:
            return RowPlan(row, Outcome.WRONG)
        if same := self.same.get(row.number):
            person, home = same
            if self._is_met_twice(row, person):
                return RowPlan(row, Outcome.WRONG)
            return RowPlan(row, Outcome.UNCHANGED, self.finder.by_id(home))
        stored, unsure = self._match(row, unit)
        if row.errors:
            return RowPlan(row, Outcome.WRONG)
        if unsure:
            self.table.warn(row, "name", "person_in_question")
            self.met |= dict.fromkeys((one.person.pk for one in unsure), row.number)
            return RowPlan(row, Outcome.QUESTION, unit, candidates=unsure)
        if stored is None:
            if "stage" not in row.values:
                self.table.error(row, "stage", "required")
                return RowPlan(row, Outcome.WRONG)
            self._create(row, unit, writes)
            return RowPlan(row, Outcome.CREATED, unit)
        if self._is_met_twice(row, stored.person.pk):
            return RowPlan(row, Outcome.WRONG)
        unit = self._kept_unit(row, stored) or unit
        if self._is_elsewhere(row, stored, unit):
            transfer = stored.person.pk if self._home_in_reach(stored) else None
            return RowPlan(row, Outcome.SKIPPED, unit, transfer=transfer)
        return self._compare(row, unit, stored, writes)

    def _is_met_twice(self, row: Row, person: UUID) -> bool:
        """Whether another row means this person; if so, this one is wrong."""
        before = self.met.setdefault(person, row.number)
        if before != row.number:
            both = "、".join(map(self.table.shown, (before, row.number)))
            self.table.error(row, "name", "duplicate_in_file", rows=both)
        return before != row.number

    # -- matching -------------------------------------------------------------
    def _match(self, row: Row, unit: Unit) -> tuple[Stored | None, list[Stored]]:
        """Who is meant, and, where that can't be told, who may be.

        By ID number; else by name, birth date and unit. A name alone only ever makes a question.
        """
        index = self.indexes.get(row.number)
        if index and (found := self.register.by_index(index)):
            return found, []
        name = row.values.get("name")
        if not isinstance(name, str):
            return None, []
        alike = self.register.by_name(name, unit)
        if index:  # somebody whose number was not known until now
            alike = [one for one in alike if one.person.id_number_index is None]
        decided = self.decisions.get(row.number)
        if (decided or alike) and [e.problem.code for e in row.errors] == ["identity_missing"]:
            row.errors = ()
        if decided == NEW or not alike:
            return None, []
        for one in alike:
            if str(one.person.pk) == decided:
                return one, []
        born_on = row.values.get("birth_date") or row.derived.get("birth_date")
        same = [one for one in alike if born_on and one.person.birth_date == born_on]
        if len(same) == 1:
            return same[0], []
        vague = [one for one in alike if born_on is None or one.person.birth_date is None]
        return None, same or vague

    def _kept_unit(self, row: Row, stored: Stored) -> Unit | None:
        """The unit that an empty cell leaves as it is: any home at or below the file's unit."""
        if "unit" in row.values or stored.home is None:
            return None
        return self.finder.by_id(stored.home.unit_id)

    def _is_elsewhere(self, row: Row, stored: Stored, unit: Unit) -> bool:
        """Warn of a person whose home is another unit; nothing is told of one beyond reach."""
        if not stored.is_kept:
            self.table.warn(row, "id_number", "person_elsewhere")
            return True
        if stored.home is None or stored.home.unit_id == unit.pk:
            return False
        home = self._name_in_reach(stored.home.unit_id)
        if home is None:
            self.table.warn(row, "id_number", "person_elsewhere")
        else:
            self.table.warn(row, "unit", "transfer_needed", unit=home)
        return True

    def _home_in_reach(self, stored: Stored) -> bool:
        return (
            stored.is_kept
            and stored.home is not None
            and self._name_in_reach(stored.home.unit_id) is not None
        )

    def _name_in_reach(self, unit_id: int) -> str | None:
        if unit_id not in self.homes:
            within_reach = Unit.objects.under(*self.register.reach).filter(pk=unit_id)
            self.homes[unit_id] = within_reach.values_list("name", flat=True).first()
        return self.homes[unit_id]

    # -- somebody new ---------------------------------------------------------
    def _create(self, row: Row, unit: Unit, writes: Writes) -> None:
        new = Newcomer(row, unit.pk, self.on, self.indexes.get(row.number))
        writes.newcomers.append(new)
        writes.touched.add(unit.pk)
        if (standing := row.values.get("standing")) and standing != Standing.NORMAL:
            new.key = new.key or uuid4()
            spell_now = StandingSpell(person_id=new.key, standing=str(standing), begun_on=self.on)
            writes.create(spell_now, row.number)
        if row.values.get("is_floating"):
            new.key = new.key or uuid4()
            self._set_floating(row, new.key, unit, None, writes, since=self.on)

    # -- somebody on record ---------------------------------------------------
    def _compare(self, row: Row, unit: Unit, stored: Stored, writes: Writes) -> RowPlan:
        changes = self._change_person(row, stored, writes)
        changes += self._change_membership(row, stored, writes)
        if row.errors:
            writes.forget(row.number)
            return RowPlan(row, Outcome.WRONG)
        if stored.home is None:
            since = self.day if stored.had_home else self.on
            writes.create(Affiliation(person=stored.person, unit=unit, begun_on=since), row.number)
            changes.append(("unit", "", unit.name))
        changes += self._set_floating(
            row, stored.person.pk, unit, stored.floating, writes, since=self.on
        )
        if not changes:
            return RowPlan(row, Outcome.UNCHANGED, unit)
        writes.touched.add(unit.pk)
        return RowPlan(row, Outcome.UPDATED, unit, changes)

    def _change_person(
        self, row: Row, stored: Stored, writes: Writes
    ) -> list[tuple[str, str, str]]:
        person, changes, columns = stored.person, [], self.table.columns
        with writes.changing(person, row.number):
            for name in PERSON_FIELDS:
                old = getattr(person, name)
                new = row.values.get(name) or (None if old else row.derived.get(name))
                if new and new != old and not reads_as(columns[name], old, new):
                    changes.append((name, show_value(name, old), show_value(name, new)))
                    setattr(person, name, new)
            if changes and changes[0][0] == "name":
                self.table.warn(row, "name", "name_differs", person=changes[0][1])
                person.pinyin = spell_name(person.name)
            number, phone = row.values.get("id_number"), row.values.get("phone")
            if number and person.id_number_index is None:
                changes.append(("id_number", "", mask_id_number(str(number))))
                person.set_id_number(str(number))
            if phone and person.phone_index != blind_index(PHONE, str(phone)):
                old = mask_phone(person.reveal_phone())
                changes.append(("phone", old, mask_phone(str(phone))))
                person.set_phone(str(phone))
            changes += clear_marked(row, person)
        return changes

    def _change_membership(
        self, row: Row, stored: Stored, writes: Writes
    ) -> list[tuple[str, str, str]]:
        if stored.membership is None:
            if "stage" not in row.values:
                self.table.error(row, "stage", "required")
                return []
            values = {name: row.values[name] for name in MEMBERSHIP_FIELDS if name in row.values}
            stored.membership = Membership(person=stored.person, **values)
            writes.create(stored.membership, row.number)
            self._set_standing(row, stored.membership, None, writes, since=self.on)
            return [(name, "", show_value(name, value)) for name, value in values.items()]
        membership, changes = stored.membership, []
        with writes.changing(membership, row.number):
            self._warn_of_step_back(row, membership)
            for name in MEMBERSHIP_FIELDS:
                old, new = getattr(membership, name), row.values.get(name)
                if new and new != old:
                    changes.append((name, show_value(name, old), show_value(name, new)))
                    setattr(membership, name, new)
            changes += clear_marked(row, membership)
            if membership.stage != Stage.FULL and membership.full_on:
                changes.append(("full_on", show_value("full_on", membership.full_on), ""))
                membership.full_on = None
            joined_on, full_on = membership.joined_on, membership.full_on
            if joined_on and full_on and full_on < joined_on:
                self.table.error(row, "full_on", "full_before_joining", date=joined_on)
            old = membership.standing
            if self._set_standing(row, membership, stored.spell, writes, since=self.day):
                self.endings.end(row, membership, writes, self.day)
                new = show_value("standing", membership.standing)
                changes.append(("standing", show_value("standing", old), new))
        return changes

    def _warn_of_step_back(self, row: Row, membership: Membership) -> None:
        stage = row.values.get("stage")
        if stage and STAGE_ORDER.index(Stage(str(stage))) < STAGE_ORDER.index(
            Stage(membership.stage)
        ):
            self.table.warn(row, "stage", "stage_back", stage=membership.get_stage_display())

    # -- what both have -------------------------------------------------------
    def _set_standing(
        self,
        row: Row,
        membership: Membership,
        spell_now: StandingSpell | None,
        writes: Writes,
        *,
        since: date | None,
    ) -> bool:
        """Let the row's standing hold from `since`: the running spell ends, another begins."""
        new = row.values.get("standing")
        if not new or new == membership.standing:
            return False
        membership.standing = str(new)
        if spell_now is not None:
            writes.end(spell_now, row.number, self.day - timedelta(days=1))
        if new != Standing.NORMAL:
            writes.create(
                StandingSpell(person_id=membership.person_id, standing=str(new), begun_on=since),
                row.number,
            )
        return True

    def _set_floating(
        self,
        row: Row,
        person: UUID,
        unit: Unit,
        entry: FloatingEntry | None,
        writes: Writes,
        *,
        since: date | None,
    ) -> list[tuple[str, str, str]]:
        """Open, correct or close the entry in the ledger of those who float out."""
        is_floating, place = row.values.get("is_floating"), row.values.get("floating_to")
        if is_floating is None:
            return []
        if is_floating and entry is None:
            entry = FloatingEntry(
                person_id=person,
                unit=unit,
                direction=FloatingDirection.OUT.value,
                place=str(place or ""),
                begun_on=since,
            )
            writes.create(entry, row.number)
            return [("is_floating", show_value("is_floating", False), str(place or True))]
        if is_floating and entry is not None and place and place != entry.place:
            old = entry.place
            with writes.changing(entry, row.number):
                entry.place = str(place)
            return [("floating_to", old, str(place))]
        if not is_floating and entry is not None:
            writes.end(entry, row.number, self.day - timedelta(days=1))
            return [("is_floating", str(entry.place or True), show_value("is_floating", False))]
        return []
