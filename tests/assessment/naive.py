"""The quota rules once more, written naively from DOCUMENT.md: plain loops over all records.

Nothing is shared with `assessment/`: no period, no rulebook, no query. Days are sets of dates. It
is slow and simple on purpose, so that it can be read beside the document.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor

from activities.models import Activity, Appraisal, Attendance, CoHost
from assessment.models import Baseline
from members.models import (
    Affiliation,
    Appointment,
    Exemption,
    FloatingCheck,
    FloatingEntry,
    Membership,
    StandingSpell,
)
from organizations.models import CountySetting, Unit

START = date(2008, 8, 7)
COUNTY = {"county_committee"}
STREET = {"street_committee"}
COMMUNITY = {"community_committee", "community_general_branch", "community_branch"}
BRANCH = {"branch", "floating_branch", "enterprise_branch", "social_branch"}
ALL = COUNTY | STREET | COMMUNITY | BRANCH | {"group", "resident_unit"}
EDUCATION = {"member_study", "themed_day", "party_lecture"}
TRAINING = {"staff_training", "induction_training", "party_school_rotation"}
SCHOOLS = {"county", "city", "province", "central"}
HEADS = [("secretary", COMMUNITY), ("residents_director", ALL)]
STAFF = [("street_cadre", ALL), ("community_worker", ALL)]
LEAD = {1: 7, 3: 21, 6: 30, 12: 60}

# rule: units, months of a period, kinds, what is counted, threshold, only with members
UNIT_RULES = {
    "county-research-inspection": (
        COUNTY, 6, {"county_research", "county_inspection"}, "kinds", 2, False
    ),
    "study-sessions": (STREET, 3, {"central_study"}, "count", 1, False),
    "study-days": (STREET, 12, {"central_study"}, "days", 12, False),
    "monthly-activity": (COMMUNITY | BRANCH, 1, EDUCATION, "count", 1, True),
    "party-lectures": (
        COUNTY | STREET | COMMUNITY | BRANCH, 12, {"party_lecture"}, "count", 2, True
    ),
}  # fmt: skip
RULES = (
    *UNIT_RULES, "spirit-analysis", "member-activity-days", "member-review", "staff-training-days",
    "floating-card-review", "floating-situation", "induction-training", "rotation-training",
)  # fmt: skip


class Naive:
    """A county as it is on record, judged on `day`; a yearly rule tells of each person as well."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.units = list(Unit.objects.all())
        self.activities = {one.pk: one for one in Activity.objects.all()}
        self.co_hosts = list(CoHost.objects.all())
        self.attendances = list(Attendance.objects.all())
        self.appraisals = list(Appraisal.objects.all())
        self.homes = [one for one in Affiliation.objects.all() if one.nature == "home"]
        self.memberships = {one.person_id: one for one in Membership.objects.all()}
        self.spells = list(StandingSpell.objects.all())
        self.posts = list(Appointment.objects.all())
        self.entries = list(FloatingEntry.objects.all())
        self.checks = list(FloatingCheck.objects.all())
        self.exemptions = [one for one in Exemption.objects.all() if one.state == "approved"]
        self.baselines = list(Baseline.objects.all())
        self.settings = sorted(CountySetting.objects.all(), key=lambda one: one.applies_from)

    def verdicts(self):
        """(unit, rule, first and last day of the period, status, value, target) of every quota."""
        found = []
        for unit in self.units:
            for name in RULES:
                found += [(unit.code, name, *told) for told in self.judge(unit, name)]
        return found

    def judge(self, unit, name):
        if unit.established_on and unit.established_on > self.day:
            return []
        if name in UNIT_RULES:
            return self.judge_unit(unit, name)
        if unit.dissolved_on and unit.dissolved_on < self.day:
            return []
        if name == "spirit-analysis":
            kinds = COUNTY | STREET | COMMUNITY | BRANCH
            return [self.judge_spirit(unit)] if unit.kind in kinds else []
        if name == "induction-training":
            return [self.judge_induction(unit)]
        if name == "rotation-training":
            return [self.judge_rotation(unit)]
        return self.judge_yearly(unit, name)

    # -- what the county set, and what counts --------------------------------
    def set_to(self, key, day, default):
        held = [one.value for one in self.settings if one.key == key and one.applies_from <= day]
        return held[-1] if held else default

    def counts(self, activity, kinds, asked_on):
        """Submitted or confirmed, begun by today, of a kind that is asked for."""
        only_confirmed = self.set_to("counts_from", asked_on, "") == "confirmed"
        states = {"confirmed"} if only_confirmed else {"submitted", "confirmed"}
        of_kind = kinds & {kind.code for kind in activity.kinds}
        return activity.state in states and activity.first_day <= self.day and bool(of_kind)

    def records_of(self, unit, kinds, asked_on):
        helped = {one.activity_id for one in self.co_hosts if one.unit_id == unit.pk}
        return [
            one
            for one in self.activities.values()
            if (one.unit_id == unit.pk or one.pk in helped) and self.counts(one, kinds, asked_on)
        ]

    def attended(self, person, kinds, asked_on):
        there = {
            one.activity_id
            for one in self.attendances
            if one.person_id == person and one.presence in {"present", "online"}
        }
        return [
            one
            for one in self.activities.values()
            if one.pk in there and self.counts(one, kinds, asked_on)
        ]

    # -- units ---------------------------------------------------------------
    def judge_unit(self, unit, name):
        kinds_of_unit, months, kinds, counted, threshold, with_members = UNIT_RULES[name]
        if unit.kind not in kinds_of_unit:
            return []
        gone = unit.dissolved_on and unit.dissolved_on < self.day
        if gone and unit.dissolved_on.year < self.day.year:
            return []
        found = []
        for month in range(1, 13, months):
            first = date(self.day.year, month, 1)
            last_month = month + months - 1
            last = date(self.day.year, last_month, monthrange(self.day.year, last_month)[1])
            if first > self.day:
                continue
            days = each_day(first, last)
            existed = [day for day in days if self.exists(unit, day)]
            has_members = self.has_members(unit, min(last, self.day))
            if 2 * len(existed) < len(days) or (with_members and not has_members):
                found.append((first, last, "not_applicable", 0, 0))
                continue
            records = [
                one for one in self.records_of(unit, kinds, first) if first <= one.first_day <= last
            ]
            value = {
                "count": Decimal(len(records)),
                "days": sum((one.credit for one in records), Decimal(0)),
                "kinds": Decimal(len({k.code for one in records for k in one.kinds} & kinds)),
            }[counted]
            past = len([day for day in days if day < self.day])
            lead = int(self.set_to(f"lead_days:{name}", first, LEAD[months]))
            status = self.status(value, Decimal(threshold), last, lead, past, len(days))
            found.append((first, last, status, value, Decimal(threshold)))
        return found

    def status(self, value, target, last, lead, past, whole):
        if value >= target:
            return "met"
        if self.day > last:
            return "missed"
        if (last - self.day).days <= lead:
            return "due"
        return "behind" if value < floor(target * past / whole) else "on_track"

    def exists(self, unit, day):
        """As known today: an end that is to come is not known."""
        begun = unit.established_on is None or unit.established_on <= day
        ended = unit.dissolved_on is not None and unit.dissolved_on <= self.day
        return begun and not (ended and unit.dissolved_on < day)

    def has_members(self, unit, day):
        return any(
            home.unit_id == unit.pk
            and lies_in(day, home.begun_on, home.ended_on)
            and self.is_member(home.person_id, day)
            for home in self.homes
        )

    def is_member(self, person, day):
        membership = self.memberships.get(person)
        if membership is None or membership.stage not in {"probationary", "full"}:
            return False
        if membership.joined_on and day < membership.joined_on:
            return False
        away = [
            one
            for one in self.spells
            if one.person_id == person and one.standing not in {"normal", "out_of_touch"}
        ]
        if away:
            return not any(self.holds(one, day) for one in away)
        return membership.standing in {"normal", "out_of_touch"}

    def holds(self, row, day):
        """Whether a dated row holds on a day, its end known only once it has come."""
        begun = row.begun_on or date.min
        ended = row.ended_on if row.ended_on and row.ended_on <= self.day else date.max
        return begun <= self.day and begun <= day <= ended

    def judge_spirit(self, unit):
        if not self.has_members(unit, self.day):
            return (None, None, "not_applicable", 0, 0)
        done = [one.first_day for one in self.records_of(unit, {"spirit_analysis"}, self.day)]
        done += self.told(
            "spirit-analysis", lambda one: one.person_id is None and one.unit_id == unit.pk
        )
        begun = [unit.established_on] if unit.established_on else []
        first, last, status, holds = self.roll("spirit-analysis", done, begun, 5)
        return (first, last, status, holds, 1)

    def told(self, name, is_about):
        return [
            one.done_on
            for one in self.baselines
            if one.rule == name and is_about(one) and one.done_on <= self.day
        ]

    def roll(self, name, done, begun, years):
        if done:
            since = max(done)
        elif begun:
            since = max(min(begun), START)
        else:
            return (None, None, "unknown", 0)
        due = later(since, years)
        lead = int(self.set_to(f"lead_days:{name}", self.day, 60))
        if self.day > due:
            return (since, due, "missed", 0)
        holds = 1 if done else 0
        if (due - self.day).days <= lead:
            return (since, due, "due", holds)
        return (since, due, "met" if done else "on_track", holds)

    # -- persons ---------------------------------------------------------------
    def ties_of(self, name):
        """(person, unit, row) of everyone whom the rule may be about."""
        kinds = {unit.pk: unit.kind for unit in self.units}
        if name in {"member-activity-days", "member-review"}:
            asked = COMMUNITY | BRANCH | (COUNTY | STREET if name == "member-review" else set())
            return [one for one in self.homes if kinds[one.unit_id] in asked]
        if name.startswith("floating"):
            return self.entries
        offices = STAFF if name == "staff-training-days" else HEADS
        return [
            one
            for one in self.posts
            for office, asked in offices
            if one.office == office and kinds[one.unit_id] in asked
        ]

    def is_subject(self, name, person, ties, day):
        if not any(self.holds(one, day) for one in ties):
            return False
        if name in {"member-activity-days", "member-review"} and not self.is_member(person, day):
            return False
        if name == "member-review":
            membership = self.memberships[person]
            if membership.stage != "full":
                return False
            if membership.full_on and (membership.full_on > self.day or day < membership.full_on):
                return False
        return True

    def people_at(self, unit, name):
        """Each subject at the unit today, with all of their ties."""
        ties = self.ties_of(name)
        found = {}
        for one in ties:
            if one.unit_id == unit.pk and lies_in(self.day, one.begun_on, one.ended_on):
                own = [tie for tie in ties if tie.person_id == one.person_id]
                if self.is_subject(name, one.person_id, own, self.day):
                    found[one.person_id] = own
        return found

    def judge_yearly(self, unit, name):
        asked = COMMUNITY | BRANCH if name == "member-activity-days" else ALL
        if name == "member-review":
            asked = COUNTY | STREET | COMMUNITY | BRANCH
        if unit.kind not in asked:
            return []
        first, last = date(self.day.year, 1, 1), date(self.day.year, 12, 31)
        nothing = [(first, last, "not_applicable", 0, 0)]
        if name == "member-review":
            days = each_day(first, last)
            existed = [day for day in days if self.exists(unit, day)]
            if 2 * len(existed) < len(days) or not self.has_members(unit, self.day):
                return nothing
        lead = int(self.set_to(f"lead_days:{name}", first, 60))
        statuses, each = [], []
        for person, ties in self.people_at(unit, name).items():
            present = {d for d in each_day(first, last) if self.is_subject(name, person, ties, d)}
            own = self.own_days(person, present)
            months = len({day.month for day in own})
            if not months:
                continue
            if name.endswith("-days"):
                threshold = 6 if name == "member-activity-days" else 7
                target = Decimal(ceil(Decimal(2 * threshold * months) / 12)) / 2
            else:
                target = Decimal(ceil(Decimal(months) / 12))
            value = self.done_by(name, person, first)
            past = len([day for day in own if day < self.day])
            status = self.status(value, target, last, lead, past, len(own))
            if name == "member-review" and status == "behind":
                status = "on_track"
            statuses.append(status)
            each.append((value, target, status))
        if not statuses:
            return nothing
        wanted = len(statuses) * Decimal(self.set_to(f"share:{name}", first, "1"))
        met = statuses.count("met")
        if met >= wanted:
            status = "met"
        elif (last - self.day).days <= lead:
            status = "due"
        else:
            in_time = met + statuses.count("on_track")
            status = "behind" if in_time < wanted else "on_track"
        return [(first, last, status, met, len(statuses), sorted(each))]

    def own_days(self, person, present):
        """The days present, without the months in which every one of them is exempt."""
        exempt = [
            one for one in self.exemptions if one.person_id == person and one.begun_on <= self.day
        ]
        own = set()
        for month in range(1, 13):
            here = {day for day in present if day.month == month}
            if any(not any(lies_in(d, e.begun_on, e.ended_on) for e in exempt) for d in here):
                own |= here
        return own

    def done_by(self, name, person, first):
        if name == "member-review":
            return Decimal(
                len(
                    [
                        one
                        for one in self.appraisals
                        if one.person_id == person
                        and self.counts(self.activities[one.activity_id], {"member_review"}, first)
                        and self.activities[one.activity_id].first_day >= first
                    ]
                )
            )
        if name.startswith("floating"):
            kind = "review" if name == "floating-card-review" else "situation"
            entries = {one.pk for one in self.entries if one.person_id == person}
            checks = [one for one in self.checks if one.entry_id in entries and one.kind == kind]
            return Decimal(len([one for one in checks if first <= one.done_on <= self.day]))
        kinds = EDUCATION if name == "member-activity-days" else TRAINING
        credits = [a.credit for a in self.attended(person, kinds, first) if a.first_day >= first]
        return sum(credits, Decimal(0))

    def judge_induction(self, unit):
        met = asked = 0
        for person, ties in self.people_at(unit, "induction-training").items():
            begun = [
                one.begun_on
                for one in ties
                if one.unit_id == unit.pk
                and lies_in(self.day, one.begun_on, one.ended_on)
                and one.begun_on
                and one.begun_on >= START
            ]
            if not begun:
                continue
            asked += 1
            trained = self.attended(person, {"induction_training"}, self.day)
            met += all(any(later(d, -1) <= a.first_day <= d for a in trained) for d in begun)
        if not asked:
            return (None, None, "not_applicable", 0, 0)
        return (None, None, "met" if met == asked else "missed", met, asked)

    def judge_rotation(self, unit):
        each = []
        for person, ties in self.people_at(unit, "rotation-training").items():
            trained = self.attended(person, {"party_school_rotation"}, self.day)
            done = [one.first_day for one in trained if one.school_level in SCHOOLS]
            done += self.told("rotation-training", lambda one, who=person: one.person_id == who)
            held = [one for one in ties if lies_in(self.day, one.begun_on, one.ended_on)]
            begun = [one.begun_on for one in held if one.begun_on]
            each.append(self.roll("rotation-training", done, begun, 3))
        if not each:
            return (None, None, "not_applicable", 0, 0)
        worst = ["missed", "due", "unknown", "on_track", "met"]
        status = min((one[2] for one in each), key=worst.index)
        periods = sorted((one[1], one[0]) for one in each if one[0])
        last, first = periods[0] if periods else (None, None)
        return (first, last, status, sum(one[3] for one in each), len(each))


def each_day(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def lies_in(day, begun_on, ended_on):
    return (begun_on is None or begun_on <= day) and (ended_on is None or day <= ended_on)


def later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
