"""What SQLite needs at the least to add up and write as much as judging a province does.

Lower than a true floor: it sums every person's credits, counts what every unit held by month and
kind, names those who fall short by a whole year's number, and copies all else that the portal has
written. It knows nothing of exemptions, parts of a year, statuses or scores.
"""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

SHORT = """
INSERT INTO floor_verdict (id, unit_id, subject_code, rulebook, rule, period_start, period_end,
    value, target, status, short, computed_at)
SELECT v.id, v.unit_id, v.subject_code, v.rulebook, v.rule, v.period_start, v.period_end,
    v.value, v.target, v.status, s.short, v.computed_at
FROM assessment_verdict v JOIN (
    SELECT unit_id, json_group_array(json_object('name', name, 'unit', code, 'value',
        printf('%%.2f', total), 'person', person_id, 'target', '6.00')) AS short
    FROM (SELECT a.unit_id, u.code, p.name, a.person_id, coalesce(d.total, 0) AS total
        FROM members_affiliation a JOIN members_membership m USING (person_id)
        JOIN members_person p ON p.id = a.person_id JOIN organizations_unit u ON u.id = a.unit_id
        LEFT JOIN days d USING (person_id)
        WHERE a.ended_on IS NULL AND a.nature = 'home' AND {whom}
        ORDER BY a.unit_id, p.pinyin, a.person_id) GROUP BY 1
) s ON s.unit_id = v.unit_id WHERE v.rule = '{rule}'
"""
STATEMENTS = (
    "DROP TABLE IF EXISTS floor_verdict",
    "CREATE TABLE floor_verdict (id INTEGER PRIMARY KEY, unit_id bigint REFERENCES"
    " organizations_unit (id), subject_code text, rulebook text, rule text, period_start date,"
    " period_end date, value decimal, target decimal, status text, short text,"
    " computed_at datetime)",
    "CREATE INDEX floor_of_unit ON floor_verdict (unit_id, rule, period_start)",
    "CREATE INDEX floor_unit ON floor_verdict (unit_id)",
    "CREATE TEMP TABLE days AS SELECT person_id, kind_mask, sum(credit) AS total, max(day) AS last,"
    " count(*) AS number FROM activities_attendance"
    " WHERE counts AND day BETWEEN %(first)s AND %(today)s GROUP BY 1, 2",
    "CREATE INDEX days_of ON days (person_id)",
    "CREATE TEMP TABLE held AS SELECT unit_id, kind_mask, substr(first_day, 1, 7) AS month,"
    " count(*) AS number, sum(credit) AS total FROM activities_activity"
    " WHERE state IN ('submitted', 'confirmed') GROUP BY 1, 2, 3",
    SHORT.format(rule="member-activity-days", whom="coalesce(d.total, 0) < 6"),
    SHORT.format(rule="member-review", whom="m.stage = 'full'"),
    "INSERT INTO floor_verdict (id, unit_id, subject_code, rulebook, rule, period_start,"
    " period_end, value, target, status, short, computed_at) SELECT id, unit_id, subject_code,"
    " rulebook, rule, period_start, period_end, value, target, status, short, computed_at"
    " FROM assessment_verdict WHERE rule NOT IN ('member-activity-days', 'member-review')",
)


def write_as_much(today: date) -> None:
    values = {"first": date(today.year, 1, 1).isoformat(), "today": today.isoformat()}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
        for table in ("days", "held"):
            cursor.execute(f"DROP TABLE {table}")
