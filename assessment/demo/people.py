"""The people of each unit: members and those on the way, officers, workers, floating members."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from assessment.demo import names
from assessment.demo.habits import LATE
from assessment.demo.places import has_own_members
from assessment.demo.scene import Local, Scene
from members.choices import (
    ELECTED_OFFICES,
    Election,
    ExemptionReason,
    ExemptionState,
    Nature,
    Office,
    Stage,
    Standing,
)
from members.models import Affiliation, Appointment, Exemption, Membership, Person, StandingSpell
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.models import Unit
from organizations.pinyin import spell_name

STREET_CADRES = 8
COMMUNITY_WORKERS = 4
SMALL_BRANCH = 9


def settle(scene: Scene, units: list[Unit]) -> None:
    """Fill every unit with people; then some move, and some die."""
    for unit in units:
        here = scene.locals.setdefault(unit.code, [])
        if unit.kind == UnitKind.STREET_COMMITTEE:
            _street(scene, unit)
        elif has_own_members(unit):
            here += [_member(scene, unit) for _ in range(_members_of(scene, unit))]
            _on_the_way(scene, unit)
        if unit.kind in COMMUNITY_KINDS:
            _community(scene, unit)
    _fill_general_branches(scene, units)
    _move_some(scene, units)
    for unit in units:
        if unit.dissolved_on:
            _leave(scene, unit, unit.dissolved_on)


def _leave(scene: Scene, unit: Unit, on: date) -> None:
    """The members of a dissolved unit are at home in the one above it from the next day on."""
    for local in scene.locals[unit.code]:
        if local.home and not local.home.ended_on and unit.parent and on < scene.today:
            local.home.ended_on = on
            if local.home.begun_on and local.home.begun_on > on:
                local.home.begun_on = None
            _arrive(scene, local, local.home, unit.parent)


def _members_of(scene: Scene, unit: Unit) -> int:
    if unit.kind == UnitKind.COMMUNITY_BRANCH:
        return round(scene.people_each * 0.78 * scene.dice.uniform(0.85, 1.15))
    if unit.kind == UnitKind.BRANCH:
        return round(scene.people_each * 0.27)
    return SMALL_BRANCH


def _person(scene: Scene, unit: Unit, *, born: tuple[int, int], keen: float) -> Local:
    dice = scene.dice
    scene.number += 1
    number = scene.number
    sex = dice.choice(("male", "female"))
    birth = scene.day_between(date(born[0], 1, 1), date(born[1], 12, 31))
    name = names.full_name(dice, sex)
    now = datetime.now(UTC)
    person = Person(
        id=scene.key(),
        name=name,
        pinyin=spell_name(name),
        sex=sex,
        ethnicity=dice.choice(names.ETHNICITIES),
        birth_date=birth,
        education=dice.choice(names.EDUCATIONS),
        occupation=dice.choice(names.OCCUPATIONS),
        address=f"{unit.name}{dice.randrange(1, 30)}栋{dice.randrange(101, 1808)}室",
        created_at=now,
        updated_at=now,
    )
    person.set_id_number(names.id_number(number, birth, sex))
    if scene.chance(0.9):
        person.set_phone(names.phone(number))
    scene.batch.add(person)
    return Local(person, unit, keen)


def _member(scene: Scene, unit: Unit, *, stage: Stage | None = None) -> Local:
    """A member whose home the unit is, most of them since before the portal."""
    dice = scene.dice
    stage = stage or (Stage.PROBATIONARY if scene.chance(0.04) else Stage.FULL)
    born = (1985, 2003) if stage == Stage.PROBATIONARY else (1940, 1998)
    local = _person(scene, unit, born=born, keen=dice.choice((1.0, 1.0, 1.0, 0.98, 0.95)))
    local.stage = stage
    local.membership = scene.batch.add(_membership(scene, local))
    local.home = scene.batch.add(
        Affiliation(person=local.person, unit=unit, nature=Nature.HOME, begun_on=None)
    )
    if scene.chance(0.05):
        local.home.begun_on = scene.day_between(scene.start, scene.today)
    age = scene.today.year - (local.person.birth_date or scene.today).year
    if (age > 80 and scene.chance(0.8)) or scene.chance(0.02):
        _exempt(scene, local, ExemptionReason.AGE if age > 80 else ExemptionReason.ILLNESS)
    return local


def _membership(scene: Scene, local: Local) -> Membership:
    dice, birth = scene.dice, local.person.birth_date or scene.today
    if local.stage == Stage.PROBATIONARY:
        joined, full = scene.today - timedelta(days=dice.randrange(30, 360)), None
    else:
        grown = date(birth.year + 20, 1, 1)
        latest = max(grown, scene.start - timedelta(days=400))
        joined = scene.day_between(grown, latest)
        full = date(joined.year + 1, joined.month, min(joined.day, 28))
    applied = date(joined.year - 3, joined.month, min(joined.day, 28))
    return Membership(
        person=local.person,
        stage=local.stage,
        applied_on=applied,
        activist_on=applied + timedelta(days=200),
        candidate_on=joined - timedelta(days=150),
        joined_on=joined,
        full_on=full,
    )


def _exempt(scene: Scene, local: Local, reason: ExemptionReason) -> None:
    is_approved = scene.chance(0.85)
    begun = scene.day_between(scene.start, scene.today).replace(day=1)
    if reason == ExemptionReason.AGE:
        begun = scene.start.replace(month=1)
    decided = datetime(begun.year, begun.month, 1, 2, tzinfo=UTC) if is_approved else None
    local.is_exempt = is_approved
    scene.batch.add(
        Exemption(
            person=local.person,
            reason=reason,
            note="年老体弱" if reason == ExemptionReason.AGE else "长期患病",
            begun_on=begun,
            ended_on=None if reason == ExemptionReason.AGE else begun + timedelta(days=300),
            state=ExemptionState.APPROVED if is_approved else ExemptionState.REQUESTED,
            decided_at=decided,
        )
    )


def _on_the_way(scene: Scene, unit: Unit) -> None:
    """Applicants, activists and candidates; members who report here, or live here in retirement."""
    dice = scene.dice
    here = scene.locals[unit.code]
    tenth = max(1, round(len(here) * 0.07))
    for stage in (Stage.APPLICANT, Stage.ACTIVIST, Stage.CANDIDATE)[:tenth]:
        local = _person(scene, unit, born=(1985, 2006), keen=0)
        applied = scene.day_between(scene.start, scene.today)
        later = [min(scene.today, applied + timedelta(days=days)) for days in (200, 600)]
        scene.batch.add(
            Membership(
                person=local.person,
                stage=stage,
                applied_on=applied,
                activist_on=None if stage == Stage.APPLICANT else later[0],
                candidate_on=later[1] if stage == Stage.CANDIDATE else None,
            )
        )
        scene.batch.add(Affiliation(person=local.person, unit=unit, nature=Nature.HOME))
    natures = [Nature.IN_SERVICE] * tenth + [Nature.RETIRED_RESIDENT] * (tenth // 2)
    for nature in natures:
        guest = _person(scene, unit, born=(1950, 1998), keen=0)
        guest.stage = Stage.FULL
        scene.batch.add(_membership(scene, guest))
        since = scene.day_between(scene.start, scene.today) if dice.random() < 0.5 else None
        scene.batch.add(Affiliation(person=guest.person, unit=unit, nature=nature, begun_on=since))


def _street(scene: Scene, unit: Unit) -> None:
    """Cadres of the street, members nearly all; the first of them is its secretary."""
    here, staff = scene.locals[unit.code], scene.staff.setdefault(unit.code, [])
    for number in range(STREET_CADRES):
        local = _member(scene, unit, stage=Stage.FULL)
        local.is_exempt = False
        here.append(local)
        staff.append(local)
        scene.batch.add(_office(scene, local, unit, Office.STREET_CADRE, Election.APPOINTED))
        if number == 0:
            scene.batch.add(_office(scene, local, unit, Office.SECRETARY, Election.APPOINTED))
        elif number == 1:
            deputy = Office.DEPUTY_SECRETARY
            scene.batch.add(_office(scene, local, unit, deputy, Election.APPOINTED))


def _community(scene: Scene, unit: Unit) -> None:
    """Secretary, director (often one person), deputies and workers of a community."""
    habits = scene.habits[unit.code]
    members = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
    able = [local for local in members if not local.is_exempt and local.stage == Stage.FULL]
    if len(able) < COMMUNITY_WORKERS:
        able = [_member(scene, unit, stage=Stage.FULL) for _ in range(COMMUNITY_WORKERS)]
        scene.locals[unit.code] += able
    first, second, third = able[:3]
    if habits is not LATE or scene.chance(habits.in_order):
        how = scene.dice.choice((Election.TWO_RECOMMENDATIONS, Election.ELECTED))
        _head(scene, first, unit, Office.SECRETARY, how)
    scene.batch.add(_office(scene, third, unit, Office.DEPUTY_SECRETARY, Election.ELECTED))
    scene.batch.add(_office(scene, able[3], unit, Office.COMMITTEE_MEMBER, Election.ELECTED))
    both = scene.chance(0.55)
    _head(scene, first if both else second, unit, Office.RESIDENTS_DIRECTOR, Election.ELECTED)
    _workers(scene, unit, able)


def _head(scene: Scene, local: Local, unit: Unit, office: Office, how: Election) -> None:
    appointment = scene.batch.add(_office(scene, local, unit, office, how))
    scene.officers.append((local, appointment))


def _workers(scene: Scene, unit: Unit, able: list[Local]) -> None:
    """Half of the workers are members, half are not."""
    workers = able[2:4]
    while len(workers) < COMMUNITY_WORKERS:
        workers.append(_person(scene, unit, born=(1980, 2000), keen=1.0))
    street = unit.path.split("/")[1]
    for worker in workers:
        scene.batch.add(_office(scene, worker, unit, Office.COMMUNITY_WORKER, Election.HIRED))
        scene.staff.setdefault(street, []).append(worker)


def _office(scene: Scene, local: Local, unit: Unit, office: Office, how: Election) -> Appointment:
    """In office since the last elections, since before the portal, or newly; the next elections
    are at the end of this year.
    """
    dice = scene.dice
    begun: date | None = date(scene.today.year - 5, 12, 1) + timedelta(days=dice.randrange(60))
    if scene.chance(0.15):
        begun = None
    elif scene.chance(0.2):
        begun = scene.day_between(scene.start, scene.today)
    if begun and local.home and local.home.begun_on and begun < local.home.begun_on:
        begun = local.home.begun_on
    if begun and unit.established_on and begun < unit.established_on:
        begun = unit.established_on
    is_elected = begun and office in ELECTED_OFFICES
    term = date(scene.today.year, 12, 31) if is_elected else None
    return Appointment(
        person=local.person,
        unit=unit,
        office=office,
        election=how,
        begun_on=begun,
        term_ends_on=term,
    )


def _fill_general_branches(scene: Scene, units: list[Unit]) -> None:
    """The people of a community that became a general branch are at home in its branches."""
    below = [unit for unit in units if unit.kind == UnitKind.BRANCH]
    for unit in units:
        if unit.kind == UnitKind.COMMUNITY_GENERAL_BRANCH:
            first = next(branch for branch in below if branch.path.startswith(unit.path))
            for local in scene.locals[unit.code]:
                if local.home:
                    local.home.unit = first
                    local.unit = first
            scene.locals[first.code] += scene.locals.pop(unit.code)
            scene.locals[unit.code] = []


def _move_some(scene: Scene, units: list[Unit]) -> None:
    """One in fifty of the members has moved to another unit of the county, a few have died."""
    homes = [unit for unit in units if has_own_members(unit) and not unit.dissolved_on]
    everybody = [local for here in list(scene.locals.values()) for local in here]
    for local in everybody:
        in_office = local.keen and local in scene.staff.get(local.unit.path.split("/")[1], [])
        if not local.home or local.home.begun_on or in_office or not scene.chance(0.02):
            continue
        if any(local is officer for officer, _appointment in scene.officers):
            continue
        local.home.ended_on = scene.day_between(scene.start, scene.today)
        if scene.chance(0.2):
            _die(scene, local)
        else:
            _arrive(scene, local, local.home, scene.dice.choice(homes))


def _die(scene: Scene, local: Local) -> None:
    begun = (local.home.ended_on if local.home else None) or scene.today
    scene.batch.add(StandingSpell(person=local.person, standing=Standing.DECEASED, begun_on=begun))
    if local.membership:
        local.membership.standing = Standing.DECEASED


def _arrive(scene: Scene, local: Local, home: Affiliation, unit: Unit) -> None:
    begun = (home.ended_on or scene.today) + timedelta(days=1)
    if begun > scene.today or (unit.established_on and begun < unit.established_on):
        home.ended_on = None
        return
    new = scene.batch.add(
        Affiliation(person=local.person, unit=unit, nature=Nature.HOME, begun_on=begun)
    )
    scene.locals[unit.code].append(
        Local(local.person, unit, local.keen, stage=local.stage, home=new)
    )
