"""What holds whoever comes and goes, and whenever units are founded, merged or dissolved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.periods import Period
from assessment.rollup import Tally, rollup
from assessment.terms import Facts, Status
from tests.assessment.build import ask_all, home, person, post, record, unit

days = st.dates(date(2024, 6, 1), date(2027, 3, 1))
ends = st.none() | days
in_year = st.dates(date(2026, 1, 1), date(2026, 12, 31))
TWO = ("m1", "m2")

PERSON_RULES = ("member-activity-days", "member-review", "rotation-training", "induction-training")
UNIT_RULES = ("monthly-activity", "party-lectures", "spirit-analysis")


@st.composite
def spells(draw):
    begun, ended = draw(ends), draw(ends)
    if begun and ended and ended < begun:
        begun, ended = ended, begun
    return begun, ended


@st.composite
def people(draw):
    """Someone who moves from one unit to the other (a merger is everyone doing so) or goes."""
    moved = draw(days)
    first, second = draw(st.permutations(TWO))
    stays = [home(draw(st.none() | st.just(date(2024, 1, 1))), moved, at=first)]
    if draw(st.booleans()):
        stays.append(
            home(
                moved + timedelta(days=1),
                draw(st.none() | st.just(moved + timedelta(400))),
                at=second,
            )
        )
    if draw(st.booleans()):
        begun, ended = draw(spells())
        stays.append(post("secretary", begun, ended, at=draw(st.sampled_from(TWO))))
    kinds = ["member_study", "review:graded", "party_school_rotation", "induction_training"]
    records = draw(
        st.lists(
            st.builds(
                record,
                st.sampled_from(kinds),
                days,
                st.sampled_from(["0.5", "1", "6"]),
                school=st.just("county"),
            ),
            max_size=4,
        )
    )
    exempt = [Period.spell(*draw(spells()))] if draw(st.booleans()) else []
    return {"stays": stays, "records": records, "exempt": tuple(exempt)}


@st.composite
def two_units(draw):
    crowd = [
        person(*one["stays"], number=number, records=one["records"], exempt=one["exempt"])
        for number, one in enumerate(draw(st.lists(people(), max_size=5)))
    ]
    held = st.builds(
        record, st.sampled_from(["member_study", "party_lecture", "spirit_analysis"]), days
    )
    return [
        Facts(
            code,
            "community_branch",
            existed=Period.spell(*draw(spells())),
            records=(records := tuple(draw(st.lists(held, max_size=4)))),
            history=records,
            members=(Period.spell(*draw(spells())),),
            persons=tuple(crowd),
        )
        for code in TWO
    ]


def verdicts_of(facts, as_of, rules=PERSON_RULES + UNIT_RULES):
    return [verdict for rule in rules for verdict in ask_all(rule, facts, as_of)]


@settings(deadline=None)  # all rules on two units: the first run also reads the rulebook
@given(two_units(), in_year)
def test_a_rate_is_never_above_100_per_cent(units, as_of):
    for facts in units:
        for verdict in verdicts_of(facts, as_of):
            tally = rollup([verdict])
            assert tally.rate is None or 0 <= tally.rate <= 100
            assert tally.progress is None or 0 <= tally.progress <= 100
            if verdict.rule.who.is_person:
                assert verdict.value <= verdict.target


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(two_units(), in_year)
def test_children_add_up_to_their_parent(units, as_of):
    children = [verdicts_of(facts, as_of) for facts in units]

    parent = rollup([verdict for verdicts in children for verdict in verdicts])
    summed = sum((rollup(verdicts) for verdicts in children), Tally())

    assert parent == summed
    assert sum(parent.by_status.values()) == sum(len(verdicts) for verdicts in children)


@given(two_units(), in_year)
def test_a_person_is_counted_at_one_unit_alone(units, as_of):
    for rule in ("member-activity-days", "member-review"):
        shown = [
            member.person
            for facts in units
            for verdict in ask_all(rule, facts, as_of)
            for member in verdict.persons
        ]
        assert len(shown) == len(set(shown))


@given(two_units(), in_year)
def test_zero_of_n_stays_zero_of_n(units, as_of):
    bare = [
        Facts(
            facts.code,
            facts.kind,
            existed=facts.existed,
            members=facts.members,
            persons=tuple(person(*p.stays, number=p.id, exempt=p.exempt) for p in facts.persons),
        )
        for facts in units
    ]
    for facts, before in zip(bare, units, strict=True):
        pairs = zip(verdicts_of(facts, as_of), verdicts_of(before, as_of), strict=True)
        for verdict, other in pairs:
            assert verdict.value == 0
            assert verdict.target == other.target  # what is owed does not hang on what is done
            owes = verdict.status is not Status.NOT_APPLICABLE
            assert (verdict.target > 0) == owes


@given(two_units(), in_year)
def test_nobody_owes_more_than_the_full_number_nor_less_than_nothing(units, as_of):
    for facts in units:
        for verdict in ask_all("member-activity-days", facts, as_of):
            for member in verdict.persons:
                assert 0 < member.target <= 6
                assert member.target % Decimal("0.5") == 0


@given(two_units(), in_year)
def test_an_open_period_is_never_missed_and_a_closed_one_never_open(units, as_of):
    for facts in units:
        for verdict in verdicts_of(facts, as_of, ("monthly-activity", "party-lectures")):
            if verdict.period.last >= as_of:
                assert verdict.status is not Status.MISSED
            else:
                assert verdict.status in {Status.MET, Status.MISSED, Status.NOT_APPLICABLE}


@given(two_units(), in_year, st.integers(1, 300))
def test_what_happens_later_changes_nothing_today(units, as_of, wait):
    """New records and arrivals after the day leave the day's verdicts as they are."""
    later = as_of + timedelta(days=wait)
    newcomer = person(home(later), number=99, records=[record("member_study", later, "6")])
    for facts in units:
        more = Facts(
            facts.code,
            facts.kind,
            existed=facts.existed,
            records=(*facts.records, record("party_lecture", later)),
            history=(*facts.history, record("spirit_analysis", later)),
            members=facts.members,
            persons=(*facts.persons, newcomer),
        )
        assert verdicts_of(more, as_of) == verdicts_of(facts, as_of)


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_the_rate_is_of_those_who_are_judged(statuses):
    class One:
        value, target = Decimal(1), Decimal(2)

        def __init__(self, status):
            self.status = status

    tally = rollup([One(status) for status in statuses])

    unjudged = {Status.NOT_APPLICABLE, Status.UNKNOWN, Status.SHOWN}
    assert tally.judged == sum(status not in unjudged for status in statuses)
    assert (tally.rate is None) == (tally.judged == 0)


def test_a_surplus_here_does_not_hide_what_is_lacking_there():
    rich = unit(*(record("party_lecture", date(2026, 1, day)) for day in range(1, 9)))
    poor = unit()

    tally = rollup(
        verdict
        for facts in (rich, poor)
        for verdict in ask_all("party-lectures", facts, date(2026, 6, 1))
    )

    assert (tally.done, tally.target, tally.progress, tally.rate) == (2, 4, 50, 50)
