"""After any write, what is stored is what judging everything anew would give.

A machine writes at random through the services, as pages and imports do, and after every write
compares the stored verdicts, refreshed where a write has left word, with those of all units
computed from scratch. A write that forgets to leave word is found so. `PORTAL_STEPS` makes it walk
further than in the daily run: `PORTAL_STEPS=200 PORTAL_WALKS=50`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from activities import services as records
from activities.choices import Grade, Presence, SchoolLevel
from activities.entries import ActivityError, Entry
from activities.models import Activity
from assessment.engine import compute
from assessment.models import Verdict
from assessment.services import give_baseline
from assessment.verdicts import refresh
from assessment.wording import shortfall
from members import services as members
from members.choices import (
    ExemptionReason,
    ExemptionState,
    FloatingCheckKind,
    FloatingDirection,
    Office,
    Stage,
    Standing,
)
from members.errors import MemberError
from members.models import (
    Affiliation,
    Appointment,
    Exemption,
    FloatingEntry,
    Membership,
    Person,
    Transfer,
)
from members.services.merging import merge_units
from organizations import services as tree
from organizations.choices import BodyKind, FundSource, RatingAnswer, UnitKind, VenueTenure
from organizations.errors import OrganizationError
from organizations.models import Body, Unit, Venue
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 10, tzinfo=SHANGHAI)
STEPS = int(os.environ.get("PORTAL_STEPS", "15"))
WALKS = int(os.environ.get("PORTAL_WALKS", "4"))
REFUSED = (MemberError, ActivityError, OrganizationError)
KINDS = (
    "central_study", "induction_training", "party_school_rotation", "staff_training",
    "member_study", "party_lecture", "member_review", "spirit_analysis", "county_research",
    "county_inspection", "themed_day",
)  # fmt: skip

picks = st.integers(0, 10**6)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
this_year = st.dates(date(2026, 1, 1), date(2026, 6, 30))
maybe_days = st.none() | days


class Writes(RuleBasedStateMachine):
    """One county, written to at random; its own transaction, put back at the end."""

    steps = written = 0

    @initialize()
    def found_a_county(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.made = 0
        self.county = self.found(None, UnitKind.COUNTY_COMMITTEE)
        for _ in range(2):
            street = self.found(self.county, UnitKind.STREET_COMMITTEE)
            for kind in (UnitKind.COMMUNITY_COMMITTEE, UnitKind.COMMUNITY_BRANCH):
                community = self.found(street, kind)
                if kind == UnitKind.COMMUNITY_COMMITTEE:
                    self.found(community, UnitKind.BRANCH)
        for pick in range(6):
            self.admit(pick, None, None, Stage.FULL)

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @invariant()
    def what_is_stored_is_what_is_true(self):
        if not hasattr(self, "county"):
            return
        type(self).steps += 1
        refresh(Unit.objects.all())
        assert stored_now() == true_now()

    # -- what the writes choose from ----------------------------------------
    def found(self, parent, kind, on=None):
        self.made += 1
        return tree.found_unit(
            parent, code=f"u{self.made}", name=f"组织{self.made}", kind=kind, by=None, on=on
        )

    def one(self, rows, pick):
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.model.objects.get(pk=keys[pick % len(keys)]) if keys else None

    def unit(self, pick):
        return self.one(Unit.objects.filter(dissolved_on=None), pick)

    def person(self, pick):
        keys = list(Person.objects.order_by("name").values_list("pk", flat=True))
        return Person.objects.get(pk=keys[pick % len(keys)])

    def attempt(self, write, *args, **kwargs):
        """What a rule of the portal refuses is not written, and nothing of it stays."""
        if None in args:
            return
        with suppress(*REFUSED):
            with transaction.atomic():
                write(*args, **kwargs)
            type(self).written += 1

    def entry(self, pick, other, kinds, day, hours, school):
        starts_at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
        there = {self.person(pick + n).pk: list(Presence)[(other + n) % 4] for n in range(3)}
        graded = {key: list(Grade)[pick % 3] for key in there} if "member_review" in kinds else {}
        return Entry(
            unit=self.unit(pick),
            co_hosts=(self.unit(other),) if other % 3 == 0 else (),
            kinds=frozenset(kinds),
            topic="学习",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            school_level=school if "party_school_rotation" in kinds else "",
            presences=there,
            grades=graded,
        )

    # -- activities ----------------------------------------------------------
    entries = {
        "pick": picks,
        "other": picks,
        "kinds": st.sets(st.sampled_from(KINDS), min_size=1, max_size=3),
        "day": this_year | days,
        "hours": st.integers(1, 12),
        "school": st.sampled_from(list(SchoolLevel)),
    }

    @rule(**entries, submit=st.booleans())
    def log(self, submit, **given):
        self.attempt(lambda: records.log_activity(self.entry(**given), by=None, submit=submit))

    @rule(**entries, which=picks)
    def change(self, which, **given):
        activity = self.one(Activity.objects, which)
        if activity:
            entry = self.entry(**given)
            self.attempt(records.change_activity, activity, entry, by=None)

    @rule(
        which=picks,
        how=st.sampled_from(["submit", "confirm", "cancel", "return_activity", "presences"]),
        pick=picks,
    )
    def move_on(self, which, how, pick):
        activity = self.one(Activity.objects, which)
        if activity is None:
            return
        if how == "presences":
            there = {self.person(pick).pk: Presence.PRESENT}
            self.attempt(records.set_attendance, activity, there, by=None)
        elif how == "return_activity":
            self.attempt(records.return_activity, activity, "时间有误", by=None)
        else:
            self.attempt(getattr(records, how), activity, by=None)

    # -- people --------------------------------------------------------------
    @rule(pick=picks, begun_on=maybe_days, joined=maybe_days, stage=st.sampled_from(list(Stage)))
    def admit(self, pick, begun_on, joined, stage):
        self.made += 1
        is_member = stage in {Stage.PROBATIONARY, Stage.FULL}
        self.attempt(
            members.register_person,
            self.unit(pick),
            by=None,
            details={"name": f"党员{self.made}"},
            membership={"stage": stage, "joined_on": joined if is_member else None},
            begun_on=begun_on,
        )

    @rule(pick=picks, to=picks, on=days)
    def transfer_at_once(self, pick, to, on):
        self.attempt(members.transfer_home, self.person(pick), to=self.unit(to), on=on, by=None)

    @rule(pick=picks, to=picks, on=this_year, accept=st.booleans())
    def transfer_by_letter(self, pick, to, on, accept):
        person, unit = self.person(pick), self.unit(to)
        self.attempt(members.request_transfer, person, issued_on=on, by=None, to_unit=unit)
        transfer = self.one(Transfer.objects.on_the_way(), pick)
        if transfer and accept:
            self.attempt(members.accept_transfer, transfer, on=on, by=None)

    @rule(pick=picks, on=days)
    def leave(self, pick, on):
        tie = self.one(Affiliation.objects.filter(ended_on=None), pick)
        self.attempt(members.end_affiliation, tie, on=on, by=None)

    @rule(pick=picks, standing=st.sampled_from(list(Standing)), on=days)
    def change_standing(self, pick, standing, on):
        membership = self.one(Membership.objects, pick)
        self.attempt(members.change_standing, membership, standing=standing, on=on, by=None)

    @rule(pick=picks, stage=st.sampled_from(list(Stage)), joined=maybe_days)
    def change_stage(self, pick, stage, joined):
        membership = self.one(Membership.objects, pick)
        self.attempt(
            members.change_membership,
            membership,
            by=None,
            stage=stage,
            joined_on=joined,
            full_on=None,
        )

    @rule(pick=picks)
    def rename_person(self, pick):
        self.made += 1
        self.attempt(members.change_details, self.person(pick), by=None, name=f"改名{self.made}")

    @rule(
        pick=picks,
        where=picks,
        office=st.sampled_from(list(Office)),
        on=maybe_days,
        until=maybe_days,
    )
    def appoint(self, pick, where, office, on, until):
        self.attempt(
            members.appoint,
            self.person(pick),
            unit=self.unit(where),
            office=office,
            begun_on=on,
            ended_on=until,
            by=None,
        )

    @rule(pick=picks, on=days)
    def end_office(self, pick, on):
        post = self.one(Appointment.objects.filter(ended_on=None), pick)
        self.attempt(members.end_appointment, post, on=on, by=None)

    @rule(pick=picks, begun=days, length=st.none() | st.integers(0, 400))
    def ask_exemption(self, pick, begun, length):
        self.attempt(
            members.request_exemption,
            self.person(pick),
            reason=ExemptionReason.ILLNESS,
            begun_on=begun,
            ended_on=None if length is None else begun + timedelta(days=length),
            by=None,
        )

    @rule(pick=picks, approve=st.booleans())
    def decide_exemption(self, pick, approve):
        asked = self.one(Exemption.objects.filter(state=ExemptionState.REQUESTED), pick)
        self.attempt(members.decide_exemption, asked, approve=approve, by=None)

    @rule(
        pick=picks, where=picks, on=maybe_days, direction=st.sampled_from(list(FloatingDirection))
    )
    def float_away(self, pick, where, on, direction):
        self.attempt(
            members.register_floating,
            self.person(pick),
            unit=self.unit(where),
            direction=direction,
            begun_on=on,
            by=None,
        )

    @rule(
        pick=picks, on=this_year, kind=st.sampled_from(list(FloatingCheckKind)), end=st.booleans()
    )
    def look_after_floating(self, pick, on, kind, end):
        entry = self.one(FloatingEntry.objects, pick)
        if end:
            self.attempt(members.end_floating, entry, on=on, by=None)
        else:
            self.attempt(members.record_check, entry, kind=kind, done_on=on, by=None)

    # -- units ---------------------------------------------------------------
    @rule(pick=picks, kind=st.sampled_from(list(UnitKind)), on=maybe_days)
    def found_another(self, pick, kind, on):
        self.attempt(lambda: self.found(self.unit(pick), kind, on))

    @rule(pick=picks, to=picks, on=this_year)
    def move(self, pick, to, on):
        self.attempt(tree.move_unit, self.unit(pick), parent=self.unit(to), on=on, by=None)

    @rule(pick=picks, on=this_year)
    def rename(self, pick, on):
        self.made += 1
        self.attempt(tree.rename_unit, self.unit(pick), name=f"新名{self.made}", on=on, by=None)

    @rule(pick=picks, kind=st.sampled_from(list(UnitKind)), on=this_year)
    def change_kind(self, pick, kind, on):
        self.attempt(tree.change_kind, self.unit(pick), kind=kind, on=on, by=None)

    @rule(pick=picks, into=picks, on=this_year)
    def merge(self, pick, into, on):
        self.attempt(merge_units, self.unit(pick), into=self.unit(into), on=on, by=None)

    @rule(pick=picks, on=this_year)
    def dissolve(self, pick, on):
        unit = self.unit(pick)
        if unit.pk != self.county.pk:
            self.attempt(tree.dissolve_unit, unit, on=on, by=None)

    # -- what the county sets, and what stands --------------------------------
    @rule(
        chosen=st.sampled_from(
            [
                ("counts_from", "confirmed"),
                ("counts_from", "submission"),
                ("rotation_cycle", "fixed"),
                ("share:member-activity-days", "0.5"),
                ("lead_days:party-lectures", "300"),
                ("rulebook:guizhou-2008", "off"),
                ("rulebook:guizhou-2008", "on"),
            ]
        ),
        since=days,
    )
    def set_for_the_county(self, chosen, since):
        key, value = chosen
        self.attempt(
            tree.set_county_setting, self.county, key=key, value=value, applies_from=since, by=None
        )

    @rule(pick=picks, person=picks, of_person=st.booleans(), on=days)
    def tell_baseline(self, pick, person, of_person, on):
        about = self.person(person) if of_person else None
        asked = "rotation-training" if of_person else "spirit-analysis"
        give_baseline(self.unit(pick), rule=asked, done_on=on, by=None, person=about)

    @rule(pick=picks, kind=st.sampled_from(list(BodyKind)), on=maybe_days)
    def set_up_body(self, pick, kind, on):
        self.attempt(tree.set_up_body, self.unit(pick), kind=kind, by=None, begun_on=on)

    @rule(pick=picks, on=days)
    def close_something(self, pick, on):
        self.attempt(
            tree.close_body, self.one(Body.objects.filter(ended_on=None), pick), on=on, by=None
        )
        self.attempt(
            tree.close_venue, self.one(Venue.objects.filter(ended_on=None), pick), on=on, by=None
        )

    @rule(pick=picks, on=maybe_days)
    def house_and_fund(self, pick, on):
        unit = self.unit(pick)
        tenure = next(iter(VenueTenure))
        self.attempt(tree.add_venue, unit, name="活动室", tenure=tenure, by=None, begun_on=on)
        self.attempt(
            tree.record_funds,
            unit,
            year=2026,
            source=next(iter(FundSource)),
            amount=Decimal(100),
            by=None,
        )

    @rule(pick=picks, answer=st.sampled_from(list(RatingAnswer)))
    def be_rated(self, pick, answer):
        """By ten residents, so that it counts."""
        self.made += 1
        page = tree.open_ratings(self.unit(pick), by=None)
        for number in range(10):
            given = {"answer": answer, "address": f"10.0.{self.made % 250}.{number}"}
            device = f"{self.made} {number}"
            self.attempt(tree.rate, page, device=device, today=NOW.date(), **given)

    @rule(pick=picks, on=this_year)
    def plan_development(self, pick, on):
        self.attempt(members.adopt_plan, self.unit(pick), year=2026, adopted_on=on, by=None)


def stored_now():
    columns = ("unit_id", "subject_code", "rulebook", "rule", "period_start", "period_end")
    rows = Verdict.objects.values_list(*columns, "value", "target", "status", "short")
    return sorted(rows, key=repr)


def true_now():
    return sorted(
        (
            (
                result.unit.id,
                result.verdict.unit,
                result.rulebook,
                result.rule.id,
                result.verdict.period and result.verdict.period.first,
                result.verdict.period and result.verdict.period.last,
                result.value.quantize(Decimal("0.01")),
                result.target.quantize(Decimal("0.01")),
                result.status.value,
                shortfall(result.verdict, result.unit.code),
            )
            for result in compute(Unit.objects.all(), NOW.date())
        ),
        key=repr,
    )


def test_what_is_stored_stays_true_whatever_is_written(time_machine):
    time_machine.move_to(NOW, tick=False)
    Writes.steps = Writes.written = 0

    run_state_machine_as_test(
        Writes,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )

    print(f"{Writes.steps} steps compared, {Writes.written} writes")  # noqa: T201 -- with -s
    assert Writes.written > WALKS
