"""The bare SQL of `floor.py` for SQLite: the very same rows, as that database likes to be asked.

Exemptions are taken one by one (the province has no two that meet), and what falls short is spelt
as text, in the order in which the portal spells it: nothing has to be parsed.
"""

# ruff: noqa: S608 -- no text but our own goes into the statements
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from activities.kinds import mask_of
from benchmarks.floor import ASSESSED, KIND, NOBODY, PARTS, RECORDS, SAID, TABLES, THINGS, as_values

KEY = " || '-' || ".join(
    f"substr(person_id, {start}, {length})"
    for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)

MEMBERS = """
CREATE TEMP TABLE owed AS
WITH attended AS (
    SELECT person_id, round(sum(credit), 2) AS days FROM activities_attendance NOT INDEXED
    WHERE counts AND day BETWEEN %(first)s AND %(today)s AND kind_mask & %(study)s > 0 GROUP BY 1
), graded AS (
    SELECT p.person_id, count(*) AS times FROM activities_appraisal p
    JOIN activities_activity a ON a.id = p.activity_id
    WHERE a.state IN ('submitted', 'confirmed') AND a.kind_mask & %(review)s > 0
    AND a.first_day BETWEEN %(first)s AND %(today)s GROUP BY 1
), serving AS (
    SELECT person_id, count(*) AS times FROM (
        SELECT person_id FROM members_postholding WHERE coalesce(begun_on, %(first)s) <= %(today)s
        AND coalesce(ended_on, %(last)s) >= %(first)s
        UNION ALL SELECT person_id FROM members_pledge
        WHERE reported_on BETWEEN %(first)s AND %(today)s) d GROUP BY 1
), home AS (
    SELECT a.unit_id, a.person_id, p.name, p.pinyin, m.stage,
        max(coalesce(a.begun_on, ''), coalesce(m.joined_on, ''), %(first)s) AS since,
        max(coalesce(a.begun_on, ''), coalesce(m.joined_on, ''), coalesce(m.full_on, ''),
            %(first)s) AS full_since
    FROM members_affiliation a JOIN members_membership m USING (person_id)
    JOIN members_person p ON p.id = a.person_id
    WHERE a.nature = 'home' AND a.ended_on IS NULL AND coalesce(a.begun_on, %(today)s) <= %(today)s
    AND coalesce(m.joined_on, %(today)s) <= %(today)s AND m.standing = 'normal'
    AND m.stage IN ('probationary', 'full')
), weighed AS (
    SELECT person_id, count(*) FILTER (WHERE owing) AS months,
        count(*) FILTER (WHERE owing_full) AS full_months,
        coalesce(sum(julianday(ended) - julianday(begun) + 1) FILTER (WHERE owing), 0) AS whole,
        coalesce(sum(max(0, min(julianday(ended) + 1, julianday(%(today)s)) - julianday(begun)))
            FILTER (WHERE owing), 0) AS past
    FROM (
        SELECT o.*, NOT (e.begun_on <= begun AND coalesce(e.ended_on, '9') >= ended) AS owing,
            max(begun, full_since) <= ended AND NOT (e.begun_on <= max(begun, full_since)
                AND coalesce(e.ended_on, '9') >= ended) AS owing_full
        FROM (SELECT person_id, full_since, max(month, since) AS begun,
                date(month, '+1 month', '-1 day') AS ended
            FROM home, (SELECT %(year)s || value || '-01' AS month
                FROM json_each(%(months)s))
            WHERE person_id IN (SELECT person_id FROM members_exemption
                WHERE state = 'approved' AND begun_on <= %(today)s)) o
        JOIN members_exemption e ON e.person_id = o.person_id AND e.state = 'approved'
            AND e.begun_on <= %(today)s
        WHERE begun <= ended) GROUP BY 1
)
SELECT h.*, coalesce(d.days, 0) AS days, coalesce(g.times, 0) AS graded,
    coalesce(s.times, 0) AS serving,
    coalesce(w.months, 13 - substr(since, 6, 2)) AS months,
    coalesce(w.full_months, 13 - substr(full_since, 6, 2)) AS full_months,
    coalesce(w.past, julianday(%(today)s) - julianday(since)) AS past,
    coalesce(w.whole, julianday(%(last)s) - julianday(since) + 1) AS whole
FROM home h LEFT JOIN weighed w USING (person_id) LEFT JOIN attended d USING (person_id)
LEFT JOIN graded g USING (person_id) LEFT JOIN serving s USING (person_id)
ORDER BY h.unit_id, h.pinyin, h.person_id
"""

BY_MEMBERS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH told AS (
    SELECT unit_id, 'member-activity-days' AS rule, person_id, name, days AS value,
        months * 0.5 AS target, past, whole, '%%.2f' AS form FROM owed
    UNION ALL SELECT unit_id, 'member-review', person_id, name, graded, full_months > 0, past,
        whole, '%%d' FROM owed WHERE stage = 'full' AND full_since <= %(today)s
    UNION ALL SELECT unit_id, 'posts-and-duties', person_id, name, serving, months > 0, past,
        whole, '%%d' FROM owed
), each AS (
    SELECT *, value >= target AS is_met,
        value >= target OR value >= CAST(target * past / whole AS integer) AS in_time
    FROM told WHERE target > 0
), added AS (
    SELECT e.unit_id, rule, count(*) FILTER (WHERE is_met) AS met, count(*) AS owing,
        count(*) FILTER (WHERE in_time) AS in_time,
        group_concat('{{{{"name": ' || json_quote(e.name) || ', "unit": "' || u.code
            || '", "value": "' || printf(form, value) || '", "person": "' || {KEY}
            || '", "target": "' || printf(form, target) || '"}}}}', ', ')
            FILTER (WHERE NOT is_met AND rule <> 'posts-and-duties') AS short
    FROM each e JOIN organizations_unit u ON u.id = e.unit_id GROUP BY 1, 2
), r(rule, kinds) AS (
    VALUES ('member-activity-days', 'm'), ('member-review', 'csm'), ('posts-and-duties', 'm')
)
SELECT u.id, u.code, 'guizhou-2008', r.rule, %(first)s, %(last)s, coalesce(met, 0),
    coalesce(owing, 0), CASE WHEN owing IS NULL THEN 'not_applicable'
        WHEN r.rule = 'posts-and-duties' THEN 'shown' WHEN met >= owing THEN 'met'
        WHEN julianday(%(last)s) - julianday(%(today)s) <= 60 THEN 'due'
        WHEN in_time < owing THEN 'behind' ELSE 'on_track' END,
    '[' || coalesce(short, '') || ']', %(now)s
FROM organizations_unit u JOIN r ON instr(r.kinds, {{kind}}) > 0
LEFT JOIN added a ON a.unit_id = u.id AND a.rule = r.rule
"""

BY_RECORDS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH held AS (
    SELECT unit_id, first_day, kind_mask, credit FROM activities_activity
    WHERE state IN ('submitted', 'confirmed') AND first_day BETWEEN %(first)s AND %(today)s
    UNION ALL SELECT h.unit_id, a.first_day, a.kind_mask, a.credit FROM activities_cohost h
    JOIN activities_activity a ON a.id = h.activity_id AND a.unit_id <> h.unit_id
    WHERE a.state IN ('submitted', 'confirmed') AND a.first_day BETWEEN %(first)s AND %(today)s
), since AS (SELECT unit_id, min(since) AS day FROM owed GROUP BY 1
), r(rule, kinds, mask, months, number, lead, shown, with_members, measure) AS (VALUES {{records}}
), asked AS (
    SELECT u.id, u.code, r.*, %(year)s || p.value || '-01' AS begun,
        date(%(year)s || p.value || '-01', '+' || r.months || ' month', '-1 day') AS ended
    FROM organizations_unit u JOIN r ON instr(r.kinds, {{kind}}) > 0
    JOIN json_each(%(months)s) p ON p.key %% r.months = 0
    WHERE %(year)s || p.value || '-01' <= %(today)s
), added AS (
    SELECT a.*, count(h.unit_id) AS times, coalesce(sum(h.credit), 0) AS days,
        coalesce(max(h.kind_mask & %(research)s > 0), 0) AS studied,
        coalesce(max(h.kind_mask & %(inspection)s > 0), 0) AS inspected
    FROM asked a LEFT JOIN held h ON h.unit_id = a.id AND h.first_day BETWEEN a.begun AND a.ended
        AND h.kind_mask & a.mask > 0
    GROUP BY id, rule, begun
), valued AS (
    SELECT a.*, CASE measure WHEN 'days' THEN days WHEN 'count' THEN times
            ELSE studied + inspected END AS value,
        with_members AND coalesce(s.day > min(ended, %(today)s), 1) AS idle
    FROM added a LEFT JOIN since s ON s.unit_id = id
), judged AS (
    SELECT *, CASE WHEN idle THEN 'not_applicable' WHEN shown THEN 'shown'
        WHEN value >= number THEN 'met' WHEN %(today)s > ended THEN 'missed'
        WHEN julianday(ended) - julianday(%(today)s) <= lead THEN 'due'
        WHEN value < CAST(number * (julianday(%(today)s) - julianday(begun))
            / (julianday(ended) - julianday(begun) + 1) AS integer) THEN 'behind'
        ELSE 'on_track' END AS status FROM valued
)
SELECT id, code, 'guizhou-2008', rule, begun, ended, CASE WHEN idle THEN 0 ELSE value END,
    CASE WHEN idle THEN 0 ELSE number END, status,
    CASE WHEN status IN ('not_applicable', 'shown', 'met') THEN '[]'
        WHEN measure = 'kinds' THEN '[' || iif(inspected, '', {{inspection}})
            || iif(inspected OR studied, '', ', ') || iif(studied, '', {{research}}) || ']'
        ELSE '[{{{{"day": null, "what": "", "amount": "' || CAST(number - value AS integer)
            || '", "reason": "' || measure || '"}}}}]' END, %(now)s
FROM judged
"""

BY_THINGS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH things AS (
    SELECT unit_id, 'body:' || kind AS code FROM organizations_body WHERE {{holds}}
    UNION ALL SELECT unit_id, 'office:' || office FROM members_appointment WHERE {{holds}}
    UNION ALL SELECT unit_id, 'service:' || kind FROM organizations_service WHERE {{holds}}
    UNION ALL SELECT unit_id, 'facility:' || kind FROM organizations_facility WHERE {{holds}}
    UNION ALL SELECT unit_id, 'venue' FROM organizations_venue WHERE {{holds}}
    UNION ALL SELECT unit_id, 'fund' FROM organizations_fund WHERE year = 2026
    UNION ALL SELECT unit_id, 'development_plan' FROM members_developmentplan
    WHERE year = 2026 AND adopted_on <= %(today)s
    UNION ALL SELECT unit_id, 'posts:one_person' FROM members_appointment WHERE {{holds}}
    AND office IN ('secretary', 'residents_director') GROUP BY unit_id, person_id
    HAVING count(DISTINCT office) = 2
), r(rule, kinds, codes, number, shown, measure) AS (VALUES {{things}}
), found AS (
    SELECT u.id, u.code, r.*,
        (SELECT count(*) FROM json_each(r.codes) c WHERE EXISTS
            (SELECT 1 FROM things t WHERE t.unit_id = u.id AND t.code = c.value)) AS held,
        (SELECT group_concat(printf('{{{{"day": null, "what": "%%s", "amount": null, "reason":'
            || ' "lacking"}}}}', value), ', ') FROM (SELECT c.value FROM json_each(r.codes) c
            WHERE NOT EXISTS (SELECT 1 FROM things t WHERE t.unit_id = u.id AND t.code = c.value)
            ORDER BY c.value)) AS lacking
    FROM organizations_unit u JOIN r ON instr(r.kinds, {{kind}}) > 0
), valued AS (
    SELECT *, CASE measure WHEN 'kinds' THEN held WHEN 'filed' THEN lacking IS NULL
        ELSE min(held, number) END AS value FROM found
), judged AS (
    SELECT *, CASE WHEN shown THEN 'shown' WHEN value >= number THEN 'met'
        WHEN measure <> 'filed' THEN 'missed'
        WHEN julianday(%(last)s) - julianday(%(today)s) <= 60 THEN 'due'
        ELSE 'on_track' END AS status FROM valued
)
SELECT id, code, 'guizhou-2008', rule, CASE measure WHEN 'filed' THEN %(first)s END,
    CASE measure WHEN 'filed' THEN %(last)s END, value, number, status,
    CASE WHEN status IN ('shown', 'met') THEN '[]' ELSE '[' || lacking || ']' END, %(now)s
FROM judged
"""

BY_NOBODY = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH r(rule, kinds, yearly) AS (VALUES {{nobody}})
SELECT u.id, u.code, 'guizhou-2008', r.rule, CASE WHEN yearly THEN %(first)s END,
    CASE WHEN yearly THEN %(last)s END, 0, 0, 'not_applicable', '[]', %(now)s
FROM organizations_unit u JOIN r ON instr(r.kinds, {{kind}}) > 0
WHERE NOT EXISTS (SELECT 1 FROM members_floatingentry e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT 1 FROM members_appointment e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT 1 FROM members_unfitcase e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT 1 FROM members_affiliation e WHERE e.unit_id = u.id
    AND e.nature IN ('floating_in', 'in_service', 'retired_resident'))
"""

BY_FIVE_YEARS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH stood AS (
    SELECT u.id, u.code, u.id IN (SELECT unit_id FROM owed) AS has_members,
        (SELECT max(first_day) FROM activities_activity a WHERE a.unit_id = u.id
        AND a.state IN ('submitted', 'confirmed') AND kind_mask & %(spirit)s > 0
        AND first_day <= %(today)s) AS since
    FROM organizations_unit u WHERE u.established_on IS NULL
), dated AS (SELECT *, date(since, '+5 years') AS until FROM stood)
SELECT id, code, 'guizhou-2008', 'spirit-analysis', since, until,
    has_members AND coalesce(until >= %(today)s, 0), has_members,
    CASE WHEN NOT has_members THEN 'not_applicable' WHEN since IS NULL THEN 'unknown'
        WHEN until < %(today)s THEN 'missed' WHEN date(until, '-60 days') <= %(today)s THEN 'due'
        ELSE 'met' END,
    CASE WHEN NOT has_members OR since IS NOT NULL THEN '[]' ELSE
        '[{{{{"day": null, "what": "", "amount": null, "reason": "since_unknown"}}}}]' END, %(now)s
FROM dated
"""

BY_SCORE = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH p(goal, rules) AS (VALUES {{parts}}
), goals AS (
    SELECT u.id, u.code, p.goal, count(v.id) AS judged,
        count(v.id) FILTER (WHERE v.status = 'met') AS met
    FROM organizations_unit u CROSS JOIN p
    LEFT JOIN floor_verdict v ON v.unit_id = u.id
        AND v.rule IN (SELECT value FROM json_each(p.rules))
        AND v.status IN ('met', 'missed', 'due', 'behind', 'on_track')
    WHERE {{kind}} <> 'c' GROUP BY 1, 2, 3
), scores AS (
    SELECT id, code, count(*) FILTER (WHERE judged > 0 AND met = judged) AS reached,
        count(*) AS goals, max(judged) > 0 AS is_judged FROM goals GROUP BY 1, 2
)
SELECT id, code, 'guizhou-2008', 'five-good', %(first)s, %(last)s, iif(is_judged, reached, 0),
    iif(is_judged, goals, 0), iif(is_judged, 'shown', 'not_applicable'), '[]', %(now)s
FROM scores
"""


def judge_in_sql(today: date) -> None:
    """All verdicts anew, in one transaction, into tables with the indexes and keys of ours."""
    values = _values(today)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*_tables(cursor), *_statements()):
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE owed")


def _tables(cursor: Any) -> Iterator[str]:
    """The tables of ours under another name, with all their indexes."""
    for ours, theirs in TABLES:
        yield f"DROP TABLE IF EXISTS {theirs}"
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL"
            " ORDER BY type DESC",
            [ours],
        )
        for name, sql in cursor.fetchall():
            yield (
                sql.replace(f'"{name}"', f'"floor_{name}"')
                .replace(ours, theirs)
                .replace(f"floor_{theirs}", theirs)
            )


def _statements() -> list[str]:
    records = [(*row[:2], mask_of(row[2]), *row[3:]) for row in RECORDS]
    things = [(*row[:2], json.dumps(row[2].split(",")), *row[3:]) for row in THINGS]
    parts = [(goal, json.dumps(rules.split(","))) for goal, rules in PARTS.items()]
    lacking = '\'{{"day": null, "what": "{}", "amount": null, "reason": "lacking"}}\''
    lists = {
        "records": as_values(records),
        "things": as_values(things),
        "nobody": as_values(NOBODY),
        "parts": as_values(parts),
        "kind": KIND,
        "research": lacking.format("county_research"),
        "inspection": lacking.format("county_inspection"),
        "holds": "coalesce(begun_on, %(today)s) <= %(today)s"
        " AND coalesce(ended_on, %(today)s) >= %(today)s",
    }
    judged = (BY_MEMBERS, BY_RECORDS, BY_THINGS, BY_NOBODY, BY_FIVE_YEARS, BY_SCORE)
    assessed = ASSESSED.replace("now()", "%(now)s")
    return [MEMBERS, *(statement.format(**lists) for statement in judged), assessed]


def _values(today: date) -> dict[str, Any]:
    first = date(today.year, 1, 1)
    days = {"first": first, "last": date(today.year, 12, 31), "today": today, "now": today}
    masks = {
        "study": mask_of(["member_study", "themed_day", "party_lecture"]),
        "review": mask_of(["member_review"]),
        "research": mask_of(["county_research"]),
        "inspection": mask_of(["county_inspection"]),
        "spirit": mask_of(["spirit_analysis"]),
    }
    months = json.dumps([f"{month:02}" for month in range(1, 13)])
    told = {name: day.isoformat() for name, day in days.items()}
    return {**told, **masks, "months": months, "year": f"{today.year}-"}


def differing() -> tuple[int, int]:
    """How many rows there are, and how many only one of the two has written."""
    said = f"{SAID}, short"
    one_way = f"SELECT {said} FROM assessment_verdict EXCEPT SELECT {said} FROM floor_verdict"
    other = f"SELECT {said} FROM floor_verdict EXCEPT SELECT {said} FROM assessment_verdict"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM floor_verdict), (SELECT count(*) FROM ({one_way}))"
            f" + (SELECT count(*) FROM ({other}))"
        )
        rows, different = cursor.fetchone()
    return rows, different
