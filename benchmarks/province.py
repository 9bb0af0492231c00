"""A province of invented people, made by the database itself: set by set, no row by row."""

from __future__ import annotations

from django.db import connection

from activities.kinds import mask_of
from organizations.choices import UnitKind
from organizations.models import Unit

MONTHS, COMMUNITIES_A_STREET = 10, 12
PEOPLE = """
INSERT INTO members_person (id, name, pinyin, sex, ethnicity, education, occupation, address,
                            created_at, updated_at)
SELECT gen_random_uuid(), '党员' || u.id || '-' || n, 'dangyuan dy', 'male', '苗族', '', '', '',
       now(), now()
FROM organizations_unit u, generate_series(1, %s) n WHERE u.kind = 'community_branch';
"""
TIES = """
INSERT INTO members_affiliation (person_id, unit_id, nature)
SELECT p.id, substring(p.name FROM '[0-9]+')::bigint, 'home' FROM members_person p;
INSERT INTO members_membership (person_id, stage, joined_on, standing)
SELECT id, 'full', DATE '2010-07-01', 'normal' FROM members_person;
"""
MEETINGS = """
INSERT INTO activities_activity (id, unit_id, kind_mask, topic, starts_at, ends_at, first_day,
    last_day, mode, place, chair, recorder, lecturer, school_level, minutes, credit, credit_is_set,
    state, submitted_at, return_reason, version, created_at, updated_at)
SELECT gen_random_uuid(), u.id, %s, '学习', day + TIME '09:00', day + TIME '13:00', day, day,
       'in_person', '', '', '', '', '', '', 0.5, false, 'submitted', now(), '', 1, now(), now()
FROM organizations_unit u, generate_series(0, %s) m,
     LATERAL (SELECT (DATE '2026-01-12' + m * INTERVAL '1 month')::date AS day) d
WHERE u.kind = 'community_branch';
"""
ATTENDANCES = """
INSERT INTO activities_attendance (activity_id, person_id, presence, signed_by, day, credit,
                                   kind_mask, counts)
SELECT a.id, h.person_id, 'present', 'ticked', a.first_day, a.credit, a.kind_mask, true
FROM activities_activity a JOIN members_affiliation h ON h.unit_id = a.unit_id;
"""


def make_province(communities: int, people: int) -> None:
    """One county for every ten streets; a meeting a month to which everybody came."""
    county = street = None
    for number in range(communities):
        if number % (COMMUNITIES_A_STREET * 10) == 0:
            county = _unit(None, f"c{number}", UnitKind.COUNTY_COMMITTEE)
        if number % COMMUNITIES_A_STREET == 0:
            street = _unit(county, f"s{number}", UnitKind.STREET_COMMITTEE)
        _unit(street, f"m{number}", UnitKind.COMMUNITY_BRANCH)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [people])
        cursor.execute(TIES)
        cursor.execute(MEETINGS, [mask_of(["member_study"]), MONTHS - 1])
        cursor.execute(ATTENDANCES)
        cursor.execute("ANALYZE")


def _unit(parent: Unit | None, code: str, kind: UnitKind) -> Unit:
    return Unit.objects.create(parent=parent, code=code, name=code, kind=kind)
