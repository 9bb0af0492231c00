"""Stored verdicts: current after every write, mended by nobody."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from assessment.models import UnitAssessment, Verdict
from assessment.services import give_baseline
from assessment.verdicts import assess, recompute_all, refresh
from organizations.models import Touch, Unit
from organizations.services import touch
from tests.factories import (
    SHANGHAI,
    ActivityFactory,
    AppointmentFactory,
    MemberFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False)


def lectures(unit):
    return Verdict.objects.get(unit=unit, rule="party-lectures")


def test_a_page_that_meets_a_touched_unit_refreshes_it(community):
    MemberFactory(unit=community)
    refresh(Unit.objects.all())
    ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))
    touch(community)

    refreshed = refresh(Unit.objects.all())

    assert refreshed == 1
    assert lectures(community).value == 1
    assert not Touch.objects.exists()


def test_a_baseline_reaches_every_unit_where_the_person_is_in_office_today(community, neighbour):
    director = PersonFactory()
    for unit, office in ((community, "secretary"), (neighbour, "residents_director")):
        AppointmentFactory(person=director, unit=unit, office=office, ended_on=date(2026, 12, 31))
    refresh(Unit.objects.all())

    give_baseline(
        community, rule="rotation-training", done_on=date(2025, 5, 1), by=None, person=director
    )
    refresh(Unit.objects.all())

    stored = Verdict.objects.filter(rule="rotation-training", unit__in=[community, neighbour])
    assert {(row.period_start, row.status) for row in stored} == {(date(2025, 5, 1), "met")}
    assert stored.count() == 2


def test_a_refresh_of_what_is_current_asks_once_and_writes_nothing(
    community, django_assert_num_queries
):
    refresh(Unit.objects.all())

    with django_assert_num_queries(1):
        assert refresh(Unit.objects.all()) == 0


def test_a_new_day_makes_every_verdict_stale(community, time_machine):
    MemberFactory(unit=community)
    refresh(Unit.objects.all())
    time_machine.move_to(datetime(2026, 11, 1, 0, 1, tzinfo=SHANGHAI), tick=False)

    assert refresh(Unit.objects.all()) == 3
    assert lectures(community).status == "due"
    assert UnitAssessment.objects.get(unit=community).as_of == date(2026, 11, 1)


def test_midnight_is_that_of_shanghai(community, time_machine):
    refresh(Unit.objects.all())
    time_machine.move_to(datetime(2026, 6, 15, 23, 59, tzinfo=SHANGHAI), tick=False)
    assert refresh(Unit.objects.all()) == 0

    time_machine.move_to(datetime(2026, 6, 16, 0, 0, tzinfo=SHANGHAI), tick=False)
    assert refresh(Unit.objects.all()) == 3


def test_what_still_holds_is_left_alone(community):
    MemberFactory(unit=community)
    assess(Unit.objects.all())
    before = set(Verdict.objects.values_list("pk", flat=True))
    ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))

    assess(Unit.objects.all())

    changed = set(Verdict.objects.exclude(pk__in=before).values_list("rule", "period_start"))
    assert changed == {
        ("party-lectures", date(2026, 1, 1)),
        ("monthly-activity", date(2026, 3, 1)),
    }
    assert Verdict.objects.count() == len(before)


def test_a_touch_that_comes_while_computing_is_kept_for_the_next(community, monkeypatch):
    from assessment import verdicts

    compute = verdicts.compute_in_chunks

    def interrupted(*args, **kwargs):
        touch(community)
        return compute(*args, **kwargs)

    monkeypatch.setattr(verdicts, "compute_in_chunks", interrupted)
    assess(Unit.objects.all())

    assert Touch.objects.filter(unit=community).count() == 1


def test_a_stored_short_names_persons_and_reasons(community):
    MemberFactory(unit=community, name="李四")
    assess(Unit.objects.all())

    days = Verdict.objects.get(unit=community, rule="member-activity-days")

    assert [(item["name"], item["value"], item["target"]) for item in days.short] == [
        ("李四", "0.00", "6.00")
    ]
    assert lectures(community).short[0]["reason"] == "count"


def test_the_nightly_run_finds_nothing_to_mend(community, time_machine):
    MemberFactory(unit=community)
    assess(Unit.objects.all())
    ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))
    touch(community)
    time_machine.move_to(datetime(2026, 6, 16, 0, 5, tzinfo=SHANGHAI), tick=False)

    assert recompute_all() == 0
    assert lectures(community).value == 1
    assert set(UnitAssessment.objects.values_list("as_of", flat=True)) == {date(2026, 6, 16)}


def test_the_nightly_run_says_loudly_what_it_had_to_mend(community, time_machine, caplog):
    MemberFactory(unit=community)
    assess(Unit.objects.all())
    Verdict.objects.filter(unit=community, rule="party-lectures").update(value=Decimal(2))
    Verdict.objects.filter(unit=community, rule="member-review").delete()
    time_machine.move_to(datetime(2026, 6, 16, 0, 5, tzinfo=SHANGHAI), tick=False)

    assert recompute_all() == 2
    assert lectures(community).value == 0
    assert "2 verdicts" in caplog.text
    assert recompute_all() == 0


def test_the_nightly_run_mends_todays_too(community):
    MemberFactory(unit=community)
    assess(Unit.objects.all())
    Verdict.objects.filter(unit=community, rule="party-lectures").update(value=Decimal(2))

    assert recompute_all() == 1
    assert lectures(community).value == 0


def test_the_nightly_run_leaves_what_was_judged_and_touched_meanwhile(
    community, neighbour, monkeypatch, time_machine
):
    """A page judges one unit anew, and a write touches it, after the facts were read."""
    from assessment import verdicts

    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=True)
    MemberFactory(unit=community)
    MemberFactory(unit=neighbour)
    compute = verdicts.compute_in_chunks

    def overtaken(*args, **kwargs):
        monkeypatch.setattr(verdicts, "compute_in_chunks", compute)
        read = list(compute(*args, **kwargs))
        ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))
        touch(community)
        refresh(Unit.objects.filter(pk=community.pk))
        touch(community)
        return read

    monkeypatch.setattr(verdicts, "compute_in_chunks", overtaken)
    assert recompute_all() == 0

    assert lectures(community).value == 1
    assert lectures(neighbour).value == 0
    assert list(Touch.objects.values_list("unit_id", flat=True)) == [community.pk]


def test_what_is_written_while_the_nightly_run_compares_is_no_mistake(
    community, monkeypatch, time_machine
):
    from assessment import verdicts

    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=True)
    MemberFactory(unit=community)
    refresh(Unit.objects.all())
    compute = verdicts.compute_in_chunks

    def overtaken(*args, **kwargs):
        monkeypatch.setattr(verdicts, "compute_in_chunks", compute)
        read = list(compute(*args, **kwargs))
        ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))
        touch(community)
        refresh(Unit.objects.filter(pk=community.pk))
        return read

    monkeypatch.setattr(verdicts, "compute_in_chunks", overtaken)

    assert recompute_all() == 0
    assert lectures(community).value == 1


def test_a_short_that_is_spelt_another_way_is_no_mistake(community):
    MemberFactory(unit=community, name="李四")
    assess(Unit.objects.all())
    days = Verdict.objects.get(unit=community, rule="member-activity-days")
    days.short = [dict(reversed(item.items())) for item in days.short]
    days.save()

    assert recompute_all() == 0
