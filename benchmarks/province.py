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
CREATE TEMP TABLE numbered AS
SELECT id, split_part(name, '-', 2)::int AS n, substring(name FROM '[0-9]+')::bigint AS unit_id
FROM members_person;
INSERT INTO members_affiliation (person_id, unit_id, nature, begun_on)
SELECT id, unit_id, 'home', CASE WHEN n % 50 = 7 THEN DATE '2026-04-01' END FROM numbered;
INSERT INTO members_membership (person_id, stage, joined_on, full_on, standing)
SELECT id, CASE WHEN n % 25 = 3 THEN 'probationary' ELSE 'full' END,
       CASE WHEN n % 25 = 3 THEN DATE '2026-03-10' ELSE DATE '2010-07-01' + n END,
       CASE WHEN n % 25 <> 3 THEN DATE '2011-07-01' + n END, 'normal' FROM numbered;
INSERT INTO members_exemption (person_id, reason, begun_on, ended_on, state, note, decided_at)
SELECT id, 'illness', DATE '2026-02-01', DATE '2026-05-31', 'approved', '', now()
FROM numbered WHERE n % 40 = 9;
"""
MEETINGS = """
INSERT INTO activities_activity (id, unit_id, kind_mask, topic, starts_at, ends_at, first_day,
    last_day, mode, place, chair, recorder, lecturer, school_level, minutes, credit, credit_is_set,
    state, submitted_at, return_reason, version, extra, late_reason, created_at,
    updated_at)
SELECT gen_random_uuid(), u.id, %s, '学习', day + TIME '09:00', day + TIME '13:00', day, day,
       'in_person', '', '', '', '', '', '', 0.5 + u.id %% 3 * 0.1, false, 'submitted',
       now(), '', 1, '{}', '', now(), now()
FROM organizations_unit u, generate_series(0, %s) m,
     LATERAL (SELECT (DATE '2026-01-12' + m * INTERVAL '1 month')::date AS day) d
WHERE u.kind = 'community_branch';
"""
ATTENDANCES = """
INSERT INTO activities_attendance (activity_id, person_id, presence, signed_by, day, credit,
                                   kind_mask, counts)
SELECT a.id, p.id, CASE WHEN came THEN 'present' ELSE 'absent' END, 'ticked', a.first_day, a.credit,
       a.kind_mask, came
FROM activities_activity a JOIN numbered p USING (unit_id),
     LATERAL (SELECT extract(month FROM a.first_day)::int AS month) m,
     LATERAL (SELECT (p.n * 7 + month * 3) % 10 >= p.n % 4 AS came) c;
"""


def make_province(communities: int, people: int) -> None:
    """One county for every ten streets; a meeting a month to which nearly everybody came.

    Some joined in the year or came from elsewhere, some are exempt, and units meet for longer.
    """
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
