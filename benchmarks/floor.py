"""The bare SQL that judges a province of `province.py`: set by set, with no rulebook read.

It writes the very rows that the portal writes (`differing` counts those that differ), by the
numbers of `guizhou-2008`: values, targets, statuses by period, and who falls short by name. What
the province has none of (officers, floating members, guests, communities without organisation) is
asked for and written as not applicable. For PostgreSQL, and for a day of 2026 that is its last one.
"""

# ruff: noqa: S608 -- no text but our own goes into the statements
from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction

from activities.kinds import mask_of

SAID = "unit_id, subject_code, rulebook, rule, period_start, period_end, value, target, status"

MEMBERS = """
CREATE TEMP TABLE owed ON COMMIT DROP AS
WITH attended AS (
    SELECT person_id, sum(credit) AS days FROM activities_attendance
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
), excused AS (
    SELECT person_id, range_agg(daterange(begun_on, ended_on, '[]')) AS days
    FROM members_exemption WHERE state = 'approved' AND begun_on <= %(today)s GROUP BY 1
), home AS (
    SELECT a.unit_id, a.person_id, p.name, p.pinyin, m.stage,
        greatest(a.begun_on, m.joined_on, %(first)s) AS since,
        greatest(a.begun_on, m.joined_on, m.full_on, %(first)s) AS full_since
    FROM members_affiliation a JOIN members_membership m USING (person_id)
    JOIN members_person p ON p.id = a.person_id
    WHERE a.nature = 'home' AND a.ended_on IS NULL AND coalesce(a.begun_on, %(today)s) <= %(today)s
    AND coalesce(m.joined_on, %(today)s) <= %(today)s AND m.standing = 'normal'
    AND m.stage IN ('probationary', 'full')
), weighed AS (
    SELECT person_id, count(*) FILTER (WHERE owing) AS months,
        count(*) FILTER (WHERE owing_full) AS full_months,
        coalesce(sum(ended - begun + 1) FILTER (WHERE owing), 0) AS whole,
        coalesce(sum(greatest(0, least(ended + 1, %(today)s) - begun)) FILTER (WHERE owing), 0)
            AS past
    FROM (
        SELECT person_id, begun, ended, NOT days @> daterange(begun, ended, '[]') AS owing,
            greatest(begun, full_since) <= ended AND NOT days
            @> daterange(least(greatest(begun, full_since), ended), ended, '[]') AS owing_full
        FROM (SELECT person_id, days, full_since, greatest(month::date, since) AS begun,
                (month + interval '1 month - 1 day')::date AS ended
            FROM home JOIN excused USING (person_id),
                generate_series(%(first)s::timestamp, %(last)s, '1 month') month) m
        WHERE begun <= ended) o GROUP BY 1
)
SELECT h.*, coalesce(d.days, 0) AS days, coalesce(g.times, 0) AS graded,
    coalesce(s.times, 0) AS serving,
    coalesce(w.months, 13 - extract(month FROM since)::int) AS months,
    coalesce(w.full_months, 13 - extract(month FROM full_since)::int) AS full_months,
    coalesce(w.past, %(today)s - since) AS past,
    coalesce(w.whole, %(last)s - since + 1) AS whole
FROM home h LEFT JOIN weighed w USING (person_id) LEFT JOIN attended d USING (person_id)
LEFT JOIN graded g USING (person_id) LEFT JOIN serving s USING (person_id)
"""

BY_MEMBERS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH told AS (
    SELECT unit_id, 'member-activity-days' AS rule, person_id, name, pinyin, days AS value,
        ceil(6.0 * months / 12 / 0.5) * 0.5 AS target, past, whole, true AS is_days FROM owed
    UNION ALL SELECT unit_id, 'member-review', person_id, name, pinyin, graded,
        ceil(full_months / 12.0), past, whole, false
    FROM owed WHERE stage = 'full' AND full_since <= %(today)s
    UNION ALL SELECT unit_id, 'posts-and-duties', person_id, name, pinyin, serving,
        ceil(months / 12.0), past, whole, false FROM owed
), each AS (
    SELECT *, value >= target AS is_met,
        value >= target OR value >= floor(target * past / whole) AS in_time
    FROM told WHERE target > 0
), added AS (
    SELECT e.unit_id, rule, count(*) FILTER (WHERE is_met) AS met, count(*) AS owing,
        count(*) FILTER (WHERE in_time) AS in_time, coalesce(jsonb_agg(jsonb_build_object(
            'person', person_id, 'name', e.name, 'unit', u.code,
            'value', CASE WHEN is_days THEN value::numeric(9, 2) ELSE trunc(value) END::text,
            'target', CASE WHEN is_days THEN target::numeric(9, 2) ELSE trunc(target) END::text
        ) ORDER BY e.pinyin, person_id) FILTER (WHERE NOT is_met AND rule <> 'posts-and-duties'),
        '[]') AS short
    FROM each e JOIN organizations_unit u ON u.id = e.unit_id GROUP BY 1, 2
)
SELECT u.id, u.code, 'guizhou-2008', r.rule, %(first)s, %(last)s, coalesce(met, 0),
    coalesce(owing, 0), CASE WHEN owing IS NULL THEN 'not_applicable'
        WHEN r.rule = 'posts-and-duties' THEN 'shown' WHEN met >= owing THEN 'met'
        WHEN %(last)s - %(today)s <= 60 THEN 'due' WHEN in_time < owing THEN 'behind'
        ELSE 'on_track' END, coalesce(short, '[]'), now()
FROM organizations_unit u
JOIN (VALUES ('member-activity-days', 'm'), ('member-review', 'csm'), ('posts-and-duties', 'm'))
    r(rule, kinds) ON position({{kind}} IN r.kinds) > 0
LEFT JOIN added a ON a.unit_id = u.id AND a.rule = r.rule
"""
KIND = "CASE u.kind WHEN 'county_committee' THEN 'c' WHEN 'street_committee' THEN 's' ELSE 'm' END"

BY_RECORDS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH held AS (
    SELECT unit_id, first_day, kind_mask, credit FROM activities_activity
    WHERE state IN ('submitted', 'confirmed') AND first_day BETWEEN %(first)s AND %(today)s
    UNION ALL SELECT h.unit_id, a.first_day, a.kind_mask, a.credit FROM activities_cohost h
    JOIN activities_activity a ON a.id = h.activity_id AND a.unit_id <> h.unit_id
    WHERE a.state IN ('submitted', 'confirmed') AND a.first_day BETWEEN %(first)s AND %(today)s
), since AS (SELECT unit_id, min(since) AS day FROM owed GROUP BY 1
), asked AS (
    SELECT u.id, u.code, r.*, p.begun::date AS begun,
        (p.begun + r.months * interval '1 month' - interval '1 day')::date AS ended
    FROM organizations_unit u JOIN (VALUES {{records}}) r(rule, kinds, mask, months, number, lead,
        shown, with_members, measure) ON position({{kind}} IN r.kinds) > 0,
        LATERAL generate_series(%(first)s::timestamp, %(today)s, r.months * interval '1 month')
        p(begun)
), added AS (
    SELECT a.*, count(h.unit_id) AS times, coalesce(sum(h.credit), 0) AS days,
        coalesce(bit_or(h.kind_mask), 0) AS done
    FROM asked a LEFT JOIN held h ON h.unit_id = a.id AND h.first_day BETWEEN a.begun AND a.ended
        AND h.kind_mask & a.mask > 0
    GROUP BY id, code, rule, kinds, mask, months, number, lead, shown, with_members, measure,
        begun, ended
), valued AS (
    SELECT a.*, CASE measure WHEN 'days' THEN days WHEN 'count' THEN times
            ELSE (done & %(research)s > 0)::int + (done & %(inspection)s > 0)::int END AS value,
        with_members AND coalesce(s.day > least(ended, %(today)s), true) AS idle
    FROM added a LEFT JOIN since s ON s.unit_id = id
), judged AS (
    SELECT *, CASE WHEN idle THEN 'not_applicable' WHEN shown THEN 'shown'
        WHEN value >= number THEN 'met' WHEN %(today)s > ended THEN 'missed'
        WHEN ended - %(today)s <= lead THEN 'due'
        WHEN value < floor(number * (%(today)s - begun) / (ended - begun + 1.0)) THEN 'behind'
        ELSE 'on_track' END AS status FROM valued
)
SELECT id, code, 'guizhou-2008', rule, begun, ended, CASE WHEN idle THEN 0 ELSE value END,
    CASE WHEN idle THEN 0 ELSE number END, status,
    CASE WHEN status IN ('not_applicable', 'shown', 'met') THEN '[]'
        WHEN measure = 'kinds' THEN (SELECT jsonb_agg(jsonb_build_object('reason', 'lacking',
            'what', c.code, 'amount', null, 'day', null) ORDER BY c.code) FROM (VALUES
            ('county_inspection', %(inspection)s), ('county_research', %(research)s)) c(code, bit)
            WHERE done & c.bit = 0)
        ELSE jsonb_build_array(jsonb_build_object('reason', measure, 'what', '', 'amount',
            CASE WHEN value = 0 THEN number::text ELSE (number - value)::text END, 'day', null))
        END, now()
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
), asked AS (
    SELECT u.id, u.code AS unit, r.* FROM organizations_unit u JOIN (VALUES {{things}})
        r(rule, kinds, codes, number, shown, measure) ON position({{kind}} IN r.kinds) > 0
), found AS (
    SELECT a.*, l.*, CASE measure WHEN 'kinds' THEN kinds_held WHEN 'filed'
        THEN (lacking IS NULL)::int ELSE least(kinds_held, number) END AS value
    FROM asked a, LATERAL (
        SELECT count(*) FILTER (WHERE there) AS kinds_held, jsonb_agg(jsonb_build_object(
            'reason', 'lacking', 'what', c, 'amount', null, 'day', null) ORDER BY c)
            FILTER (WHERE NOT there) AS lacking
        FROM (SELECT c, EXISTS (SELECT FROM things t WHERE t.unit_id = a.id AND t.code = c)
            AS there FROM unnest(codes) c) o) l
), judged AS (
    SELECT *, CASE WHEN shown THEN 'shown' WHEN value >= number THEN 'met'
        WHEN measure <> 'filed' THEN 'missed' WHEN %(last)s - %(today)s <= 60 THEN 'due'
        ELSE 'on_track' END AS status FROM found
)
SELECT id, unit, 'guizhou-2008', rule, CASE measure WHEN 'filed' THEN %(first)s END,
    CASE measure WHEN 'filed' THEN %(last)s END, value, number, status,
    CASE WHEN status IN ('shown', 'met') THEN '[]' ELSE lacking END, now()
FROM judged
"""

BY_NOBODY = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
SELECT u.id, u.code, 'guizhou-2008', r.rule, CASE WHEN yearly THEN %(first)s END,
    CASE WHEN yearly THEN %(last)s END, 0, 0, 'not_applicable', '[]', now()
FROM organizations_unit u JOIN (VALUES {{nobody}}) r(rule, kinds, yearly)
    ON position({{kind}} IN r.kinds) > 0
WHERE NOT EXISTS (SELECT FROM members_floatingentry e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT FROM members_appointment e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT FROM members_unfitcase e WHERE e.unit_id = u.id)
AND NOT EXISTS (SELECT FROM members_affiliation e WHERE e.unit_id = u.id AND e.nature <> 'home')
"""

BY_FIVE_YEARS = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH stood AS (
    SELECT u.id, u.code, EXISTS (SELECT FROM owed o WHERE o.unit_id = u.id) AS has_members,
        (SELECT max(first_day) FROM activities_activity a WHERE a.unit_id = u.id
        AND a.state IN ('submitted', 'confirmed') AND kind_mask & %(spirit)s > 0
        AND first_day <= %(today)s) AS since
    FROM organizations_unit u WHERE u.established_on IS NULL
)
SELECT id, code, 'guizhou-2008', 'spirit-analysis', since, since + interval '5 years',
    (has_members AND coalesce(since + interval '5 years' >= %(today)s, false))::int,
    has_members::int, CASE WHEN NOT has_members THEN 'not_applicable' WHEN since IS NULL
        THEN 'unknown' WHEN since + interval '5 years' < %(today)s THEN 'missed'
        WHEN since + interval '5 years' - interval '60 days' <= %(today)s THEN 'due'
        ELSE 'met' END,
    CASE WHEN NOT has_members OR since IS NOT NULL THEN '[]' ELSE jsonb_build_array(
        jsonb_build_object('reason', 'since_unknown', 'what', '', 'amount', null, 'day', null))
        END, now()
FROM stood
"""

BY_SCORE = f"""
INSERT INTO floor_verdict ({SAID}, short, computed_at)
WITH goals AS (
    SELECT u.id, u.code, p.goal, count(v.id) AS judged, count(v.id) FILTER (
        WHERE v.status = 'met' OR v.status = 'shown' AND v.value >= greatest(v.target, 1)) AS met
    FROM organizations_unit u CROSS JOIN (VALUES {{parts}}) p(goal, rules)
    LEFT JOIN floor_verdict v ON v.unit_id = u.id AND v.rule = ANY(p.rules)
        AND v.status IN ('met', 'missed', 'due', 'behind', 'on_track', 'shown')
    WHERE {{kind}} <> 'c' GROUP BY 1, 2, 3
), scores AS (
    SELECT id, code, count(*) FILTER (WHERE judged > 0 AND met = judged) AS reached,
        count(*) AS goals, max(judged) > 0 AS is_judged FROM goals GROUP BY 1, 2
)
SELECT id, code, 'guizhou-2008', 'five-good', %(first)s, %(last)s,
    CASE WHEN is_judged THEN reached ELSE 0 END, CASE WHEN is_judged THEN goals ELSE 0 END,
    CASE WHEN is_judged THEN 'shown' ELSE 'not_applicable' END, '[]', now()
FROM scores
"""

ASSESSED = """
INSERT INTO floor_assessment (unit_id, as_of, computed_at)
SELECT id, %(today)s, now() FROM organizations_unit
"""

RECORDS = (
    ("study-sessions", "s", ("central_study",), 3, 1, 21, False, False, "count"),
    ("study-days", "s", ("central_study",), 12, 12, 60, False, False, "days"),
    ("monthly-activity", "m", ("member_study", "themed_day", "party_lecture"), 1, 1, 7, False,
     True, "count"),
    ("party-lectures", "csm", ("party_lecture",), 12, 2, 60, False, True, "count"),
    ("organisational-life", "m", ("members_meeting", "committee_meeting", "group_meeting"), 3, 0,
     21, True, True, "count"),
    ("democratic-practice", "m", ("hearing", "secretary_report"), 12, 0, 60, True, False, "count"),
    ("affairs-disclosure", "m", ("disclosure",), 3, 0, 21, True, False, "count"),
    ("four-benefits-community", "m", ("volunteer_service", "theme_practice"), 12, 0, 60, True,
     False, "count"),
    ("county-research-inspection", "c", ("county_research", "county_inspection"), 6, 2, 30, False,
     False, "kinds"),
)  # fmt: skip
"""Rule, where, what counts, months, how many, days of lead, merely shown, with members, how."""

THINGS = (
    ("county-guidance-body", "c", "body:guidance_committee", 1, False, "exists"),
    ("street-coordination-body", "s", "body:coordination_committee", 1, False, "exists"),
    ("community-joint-conference", "m", "body:joint_conference", 1, False, "exists"),
    ("leadership-complete", "sm", "office:secretary", 1, False, "exists"),
    ("secretary-director-one", "m", "posts:one_person", 1, True, "exists"),
    ("community-services", "m", "service:health,service:labour,service:care,service:information",
     4, True, "kinds"),
    ("culture-facilities", "m", "facility:culture_station,facility:reading_room,"
     "facility:activity_room,facility:shared", 4, True, "kinds"),
    ("development-plan", "s", "development_plan", 1, False, "filed"),
    ("venue-and-funds", "m", "venue,fund", 1, False, "filed"),
)  # fmt: skip

NOBODY = (
    ("floating-branch-coverage", "m", False), ("induction-training", "csm", False),
    ("rotation-training", "csm", False), ("staff-training-days", "csm", True),
    ("in-service-liaison", "m", True), ("retired-transfer", "m", False),
    ("unfit-members", "m", False), ("floating-ledger", "csm", False),
    ("floating-card-review", "csm", True), ("floating-situation", "csm", True),
)  # fmt: skip

PARTS = {
    "leadership": "leadership-complete,study-sessions,study-days,induction-training,"
    "rotation-training",
    "members": "member-activity-days,member-review,spirit-analysis,staff-training-days,"
    "posts-and-duties,floating-ledger,floating-card-review,floating-situation",
    "mechanism": "street-coordination-body,community-joint-conference,monthly-activity,"
    "party-lectures",
    "results": "democratic-practice,affairs-disclosure,four-benefits-community,community-services,"
    "culture-facilities,venue-and-funds,development-plan",
    "opinion": "",
}


def judge_in_sql(today: date) -> None:
    """All verdicts anew, in one transaction, into tables with the indexes and keys of ours."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # it takes longer to compile than to run
        for ours, theirs in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {theirs}")
            cursor.execute(f"CREATE TABLE {theirs} (LIKE {ours} INCLUDING ALL)")
            cursor.execute(
                f"ALTER TABLE {theirs} ADD FOREIGN KEY (unit_id) REFERENCES organizations_unit"
                " DEFERRABLE INITIALLY DEFERRED"
            )
        for statement in _statements():
            cursor.execute(statement, _values(today))


TABLES = (
    ("assessment_verdict", "floor_verdict"),
    ("assessment_unitassessment", "floor_assessment"),
)


def _statements() -> list[str]:
    records = [(*row[:2], mask_of(row[2]), *row[3:]) for row in RECORDS]
    things = [(*row[:2], row[2].split(","), *row[3:]) for row in THINGS]
    parts = [(goal, rules.split(",")) for goal, rules in PARTS.items()]
    lists = {
        "records": as_values(records),
        "things": as_values(things),
        "nobody": as_values(NOBODY),
        "parts": as_values(parts),
        "kind": KIND,
        "holds": "coalesce(begun_on, %(today)s) <= %(today)s"
        " AND coalesce(ended_on, %(today)s) >= %(today)s",
    }
    judged = (BY_MEMBERS, BY_RECORDS, BY_THINGS, BY_NOBODY, BY_FIVE_YEARS, BY_SCORE)
    return [MEMBERS, *(statement.format(**lists) for statement in judged), ASSESSED]


def as_values(rows: Any) -> str:
    return ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_literal, value))}]"
    return f"'{value}'" if isinstance(value, str) else str(value)


def _values(today: date) -> dict[str, Any]:
    return {
        "first": date(today.year, 1, 1),
        "last": date(today.year, 12, 31),
        "today": today,
        "study": mask_of(["member_study", "themed_day", "party_lecture"]),
        "review": mask_of(["member_review"]),
        "research": mask_of(["county_research"]),
        "inspection": mask_of(["county_inspection"]),
        "spirit": mask_of(["spirit_analysis"]),
    }


def differing() -> tuple[int, int]:
    """How many rows there are, and how many only one of the two has written."""
    said = f"{SAID}, short"
    one_way = f"SELECT {said} FROM assessment_verdict EXCEPT ALL SELECT {said} FROM floor_verdict"
    other = f"SELECT {said} FROM floor_verdict EXCEPT ALL SELECT {said} FROM assessment_verdict"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM floor_verdict), (SELECT count(*) FROM ({one_way}) a)"
            f" + (SELECT count(*) FROM ({other}) b)"
        )
        rows, different = cursor.fetchone()
    return rows, different
