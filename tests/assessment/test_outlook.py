"""What next: the list is compared with every possible one on small cases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from activities.kinds import all_kinds
from assessment.outlook import TOGETHER, Need, Planned, Short, kinds_for, outlook
from assessment.owed import owed_by
from assessment.periods import Period
from assessment.rulebook import load_rulebook
from assessment.terms import Settings
from tests.assessment.build import RULES, home, person, record, unit

BOOK = load_rulebook("guizhou-2008")
START = date(2026, 11, 2)
HALF = Decimal("0.5")
DAYS = [START + timedelta(days=number) for number in range(6)]
NOVEMBER = [date(2026, 11, day) for day in (25, 26, 27, 30)]
DECEMBER = [day for n in range(1, 32) if (day := date(2026, 12, n)).weekday() < 5]
WORKDAYS = NOVEMBER + DECEMBER


def need(first, last, times=1, days="0", kinds=("member_study",), persons=()):
    window = Period(DAYS[first], DAYS[last])
    rule = RULES["monthly-activity"]
    kinds = frozenset(kinds)
    return Need("b", rule, window, window, kinds, times, Decimal(days), persons)


KINDS = sorted(TOGETHER[0])
NEEDS = st.lists(
    st.builds(
        lambda ends, times, halves, kinds: need(*sorted(ends), times, halves * HALF, kinds),
        st.tuples(st.integers(0, 5), st.integers(0, 5)),
        st.integers(0, 3),
        st.integers(0, 6),
        st.sets(st.sampled_from(KINDS[:4]), min_size=1, max_size=3),
    ).filter(lambda made: made.times or made.days),
    min_size=1,
    max_size=4,
)


def meets(held, wanted):
    """Whether what is held, as (day, credit), gives the need what it asks."""
    inside = [credit for day, credit in held if day in wanted.window]
    return len(inside) >= wanted.times and sum(inside) >= wanted.days


def best(needs):
    """The fewest sessions, then the fewest days, among all choices of day and length."""
    found = []
    for lengths in product((None, HALF, Decimal(1)), repeat=len(DAYS)):
        held = [(day, length) for day, length in zip(DAYS, lengths, strict=True) if length]
        if all(meets(held, wanted) for wanted in needs):
            found.append((len(held), sum(length for _day, length in held)))
    return min(found)


@settings(max_examples=120, deadline=None)
@given(NEEDS)
def test_no_list_is_shorter_and_none_takes_less_than_half_the_time(needs):
    found = outlook(needs, DAYS)
    lost = {id(out.need) for out in found.out_of_reach}
    reachable = [wanted for wanted in needs if wanted.sessions <= len(wanted.window)]

    assert len(lost) == len(needs) - len(reachable)
    if reachable:
        days = sum(session.days for session in found.sessions)
        sessions, least = best(reachable)
        assert len(found.sessions) == sessions
        assert least <= days <= 2 * least


@settings(max_examples=120, deadline=None)
@given(NEEDS)
def test_what_is_proposed_does_meet_each_need_with_its_kinds(needs):
    found = outlook(needs, DAYS)
    lost = [out.need for out in found.out_of_reach]

    assert len({session.day for session in found.sessions}) == len(found.sessions)
    for session in found.sessions:
        assert session.earliest <= session.day <= session.latest
    for wanted in needs:
        held = [(s.day, s.days) for s in found.sessions if wanted.kinds & set(s.kinds)]
        assert meets(held, wanted) or wanted in lost


@settings(max_examples=200, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from(KINDS), min_size=1), min_size=1, max_size=5))
def test_kinds_are_at_most_so_many_times_the_fewest(wanted):
    found = kinds_for(wanted)
    sizes = range(1, len(KINDS) + 1)
    choices = (set(c) for size in sizes for c in combinations(KINDS, size))
    fewest = next(len(c) for c in choices if all(c & each for each in wanted))

    bound = sum(Fraction(1, number) for number in range(1, len(wanted) + 1))
    assert all(set(found) & each for each in wanted)
    assert fewest <= len(found) <= fewest * bound


def test_every_kind_of_a_circle_is_a_kind_and_stands_in_one_circle():
    together = [kind for circle in TOGETHER for kind in circle]

    assert set(together) <= set(all_kinds())
    assert len(together) == len(set(together))


def test_what_is_planned_already_is_not_proposed_again():
    wanted = need(0, 5, times=2, days="1.5")
    planned = Planned(DAYS[2], frozenset({"member_study"}), Decimal(1))

    [session] = outlook([wanted], DAYS, [planned]).sessions

    assert session.days == HALF


def test_a_plan_of_another_kind_or_day_helps_nobody():
    late = Planned(date(2027, 1, 4), frozenset({"member_study"}), Decimal(1))
    other = Planned(DAYS[2], frozenset({"central_study"}), Decimal(1))

    assert len(outlook([need(0, 5)], DAYS, [late, other]).sessions) == 1


def test_kinds_of_other_people_do_not_share_a_record():
    found = outlook([need(0, 5), need(0, 5, kinds=("central_study",))], DAYS)

    assert [session.kinds for session in found.sessions] == [
        ("member_study",),
        ("central_study",),
    ]


def owed(facts, as_of=date(2026, 11, 25), given=None):
    return owed_by([BOOK], facts, as_of=as_of, settings=given or Settings(), workdays=WORKDAYS)


def of(owed, rule):
    return [wanted for wanted in owed.needs if wanted.rule.id == rule]


def members(*days):
    """A member for each number: so many days of this year are done already."""
    return tuple(
        person(
            home(),
            number=number,
            records=[record("member_study", date(2026, 3, 2), done, ref=number)] if done else [],
        )
        for number, done in enumerate(days, 1)
    )


def test_one_half_day_with_a_lecture_serves_all_it_can():
    """The example of the issue: a lecture, December's activity, and the days of the members."""
    held = [record("member_study", date(2026, n, 3), ref=n) for n in range(1, 12)]
    lecture = record("party_lecture", date(2026, 5, 8), ref=20)
    facts = unit(*held, lecture, persons=members("5.5", "5.5", "6"))

    found = outlook(
        [n for n in owed(facts).needs if n.rule.id in SERVED],
        WORKDAYS,
    )

    [session] = found.sessions
    assert {wanted.rule.id for wanted in session.serves} == SERVED
    assert (session.kinds, session.days) == (("party_lecture",), HALF)
    assert session.earliest == date(2026, 12, 1)
    assert session.day < session.latest == date(2026, 12, 31)


SERVED = {"party-lectures", "monthly-activity", "member-activity-days"}


def test_it_knows_how_many_days_the_members_lack():
    facts = unit(persons=members("5.5", "4", "6"))

    [wanted] = of(owed(facts), "member-activity-days")

    assert wanted.days == 2
    assert [(short.name, short.days) for short in wanted.persons] == [
        ("党员1", HALF),
        ("党员2", Decimal(2)),
    ]


def test_with_a_share_those_who_lack_the_least_are_enough():
    share = Settings((("share:member-activity-days", date(2020, 1, 1), "0.6"),))

    [wanted] = of(owed(unit(persons=members("5.5", "4", "6")), given=share), "member-activity-days")

    assert wanted.days == HALF


def test_whom_no_day_is_left_for_is_told_apart():
    facts = unit(persons=members("5.5", "0"))

    found = owed_by(
        [BOOK],
        facts,
        as_of=date(2026, 12, 29),
        settings=Settings(),
        workdays=[date(2026, 12, day) for day in (29, 30, 31)],
    )

    [wanted] = of(found, "member-activity-days")
    assert (wanted.days, [short.name for short in wanted.beyond]) == (HALF, ["党员2"])


def test_past_periods_are_lost_and_coming_ones_are_owed():
    found = owed(unit(persons=members("6")))

    lost = [owing.verdict.period.last.month for owing in found.lost]
    assert lost == list(range(1, 11))
    assert [wanted.period.first.month for wanted in of(found, "monthly-activity")] == [11, 12]


def test_what_is_done_is_not_owed():
    held = [record("party_lecture", date(2026, month, 3), ref=month) for month in (2, 9)]

    assert of(owed(unit(*held)), "party-lectures") == []


def test_too_few_working_days_are_told():
    wanted = need(0, 2, times=4)

    [out] = outlook([wanted], DAYS).out_of_reach

    assert (out.need, out.workdays) == (wanted, 3)


def test_persons_lack_less_after_what_is_planned():
    persons = (Short(1, "甲", HALF), Short(2, "乙", Decimal(2)))
    wanted = need(0, 5, times=1, days="2", persons=persons)
    planned = [Planned(DAYS[0], frozenset({"member_study"}), Decimal(1))]

    [session] = outlook([wanted], DAYS, planned).sessions

    assert session.serves[0].persons == (Short(2, "乙", Decimal(1)),)


def test_a_county_owes_a_study_and_an_inspection_which_one_record_may_be():
    found = owed(unit(kind="county_committee"))

    [session] = outlook(of(found, "county-research-inspection"), WORKDAYS).sessions

    assert session.kinds == ("county_inspection", "county_research")


def test_what_is_rolling_and_overdue_is_held_before_the_year_ends():
    facts = unit(persons=members("6"), baselines={"spirit-analysis": date(2020, 5, 1)})

    [wanted] = of(owed(facts), "spirit-analysis")

    assert wanted.window == Period(date(2026, 11, 25), date(2026, 12, 31))


def test_nothing_is_lost_by_a_rulebook_that_was_not_in_use_yet():
    used = Settings((("rulebook:national-2018", date(2026, 11, 1), "on"),))
    facts = unit(persons=(person(home()),))

    found = owed_by(
        [load_rulebook("national-2018")],
        facts,
        as_of=date(2026, 11, 25),
        settings=used,
        workdays=WORKDAYS,
    )

    assert not found.lost
    assert {(need.rule.id, need.period.first.month) for need in found.needs} == {
        ("themed-day", 11),
        ("themed-day", 12),
    }


def test_a_training_for_everybody_is_no_induction():
    trainings = frozenset({"staff_training", "induction_training", "party_school_rotation"})

    assert kinds_for([trainings]) == ("staff_training",)
    assert kinds_for([frozenset({"induction_training"}), trainings]) == ("induction_training",)
