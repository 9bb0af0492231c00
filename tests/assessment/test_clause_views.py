"""The clauses with who stands how, who is expected, and the formulas."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.choices import Presence, State
from assessment.engine import examine
from assessment.expected import presences
from assessment.forms import ALL_LEVELS
from members.choices import Nature, Office
from members.models import Membership
from organizations.choices import UnitKind
from organizations.models import Unit
from organizations.services import dissolve_unit
from tests.assessment.asking import attend, hold
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    CommunityFactory,
    ExemptionFactory,
    GrantFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 20)


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


def since(day):
    """A probationary member who joined on `day`."""
    return {"stage": "probationary", "joined_on": day, "full_on": None}


def get(client, name, *args, **query):
    response = client.get(reverse(f"assessment:{name}", args=args), query)
    assert response.status_code == 200
    return response


def text_of(response):
    return response.content.decode()


def entry_of(response, rule):
    books = response.context["books"]
    entries = [e for book in books for clause in book["clauses"] for e in clause.entries]
    return next(entry for entry in entries if entry.column.rule.id == rule)


def names_of(entry, status):
    groups = {group.mark.status: group for group in entry.groups}
    return [said.name for said in groups[status].said] if status in groups else []


class TestClauses:
    def test_each_says_what_is_met_and_by_whom(self, organizer, community, neighbour):
        for unit in (community, neighbour):
            MemberFactory(unit=unit)
        hold(community, "member_study", on=date(2026, 6, 2))

        entry = entry_of(get(sign_in(organizer), "clauses"), "monthly-activity")

        assert names_of(entry, "met") == ["河滨社区"]
        assert names_of(entry, "on_track") == ["桥头社区"]
        assert (entry.tally.met, entry.tally.judged) == (1, 2)

    def test_what_is_encouraged_is_summed_and_shown(self, organizer, community, neighbour):
        for unit, times in ((community, 2), (neighbour, 1)):
            for day in range(times):
                hold(unit, "hearing", on=date(2026, 3, 1 + day))

        entry = entry_of(get(sign_in(organizer), "clauses"), "democratic-practice")

        assert entry.shown == "3"
        assert names_of(entry, "shown") == ["河滨社区", "桥头社区"]
        assert not entry.tally.judged

    def test_the_matrix_names_the_clauses_as_the_clauses_page_does(self, organizer, community):
        page = text_of(
            sign_in(organizer).get(reverse("assessment:dashboard"), {"level": ALL_LEVELS})
        )

        assert "第2部分" in page
        assert "§" not in page

    def test_the_clauses_stand_in_the_documents_order(self, organizer, county):
        books = get(sign_in(organizer), "clauses").context["books"]

        names = [clause.name for clause in books[0]["clauses"]]
        assert names == [*(f"第{n}条" for n in (1, *range(3, 17))), "第2部分"]

    def test_an_index_leads_to_each_clause_and_tells_its_most_urgent_state(
        self, organizer, community
    ):
        response = get(sign_in(organizer), "clauses")

        clauses = {c.name: c for c in response.context["books"][0]["clauses"]}
        assert clauses["第3条"].mark.status == "missed"  # no joint conference
        assert clauses["第4条"].mark.status == "shown"
        for number in range(1, len(clauses) + 1):
            assert f'href="#guizhou-2008-{number}"' in response.text
            assert f'id="guizhou-2008-{number}"' in response.text

    def test_it_is_for_one_unit_as_well(self, organizer, community, neighbour):
        response = get(sign_in(organizer), "clauses", unit="s1m1")

        entry = entry_of(response, "community-joint-conference")
        assert names_of(entry, "missed") == ["河滨社区"]
        assert entry.words == ["尚未具备"]

    def test_a_past_day_is_computed(self, organizer, community):
        MemberFactory(unit=community)

        entry = entry_of(get(sign_in(organizer), "clauses", on="2026-05-31"), "monthly-activity")

        assert names_of(entry, "due") == ["河滨社区"]

    def test_the_secretary_sees_only_what_is_in_reach(self, signed_in, community, neighbour):
        assert "桥头社区" not in text_of(get(signed_in, "clauses"))


class TestExpected:
    def ask(self, client, rule, **query):
        return get(client, "expected", rule, **query).context["expected"]

    def test_its_sum_is_the_rate_of_the_dashboard(self, organizer, community, neighbour):
        MemberFactory(unit=community)
        client = sign_in(organizer)

        expected = self.ask(client, "monthly-activity")
        board = get(client, "of_rule", "monthly-activity").context["board"]

        assert expected.tally.judged == board.total[0].tally.judged == len(expected.owing) == 1
        assert [(line.name, line.why_not) for line in expected.not_owing] == [
            ("桥头社区", "本组织没有党员。")
        ]

    def test_what_is_merely_shown_has_no_denominator(self, organizer, community, neighbour):
        hold(community, "hearing", on=date(2026, 3, 1))

        shown = self.ask(sign_in(organizer), "democratic-practice").shown
        idle = self.ask(sign_in(organizer), "monthly-activity").not_owing

        assert {line.name: line.figures for line in shown}["河滨社区"] == "1"
        assert {line.figures for line in idle} == {""}

    def test_who_was_founded_late_or_dissolved_says_when(self, organizer, street, community):
        late = CommunityFactory(parent=street, established_on=date(2026, 6, 19), name="新苑社区")
        gone = CommunityFactory(parent=street, name="旧街社区")
        dissolve_unit(gone, on=date(2026, 3, 1), by=None)
        for unit in (community, late):
            MemberFactory(unit=unit)

        expected = self.ask(sign_in(organizer), "party-lectures")

        reasons = {line.name: line.why_not for line in expected.not_owing}
        assert reasons["旧街社区"].startswith("2026年3月1日")
        changes = get(sign_in(organizer), "expected", "party-lectures").context["changes"]
        assert [event.unit.name for event in changes] == ["旧街社区"]
        assert late.name in {line.name for line in expected.owing}

    def test_a_condition_that_is_not_there_is_the_reason(self, organizer, community):
        expected = self.ask(sign_in(organizer), "floating-branch-coverage")

        assert [line.why_not for line in expected.not_owing] == ["不具备该指标的前提条件。"]

    def test_nobody_sees_units_out_of_reach(self, signed_in, community, neighbour):
        page = text_of(get(signed_in, "expected", "monthly-activity"))

        assert "河滨社区" in page
        assert "桥头社区" not in page

    def test_more_units_take_no_more_queries(self, organizer, street):
        client, counts = sign_in(organizer), []
        for number in (1, 30):
            for _ in range(number):
                MemberFactory(unit=CommunityFactory(parent=street))
            get(client, "expected", "member-activity-days")
            with CaptureQueriesContext(connection) as asked:
                get(client, "expected", "member-activity-days")
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestFormulas:
    def test_each_example_is_from_the_readers_own_data(self, organizer, community, neighbour):
        for unit in (community, neighbour):
            MemberFactory(unit=unit)
        hold(community, "member_study", on=date(2026, 6, 2))

        formulas = get(sign_in(organizer), "formulas").context["formulas"]

        by_code = {formula.code: formula for formula in formulas}
        assert set(by_code) == {"rate", "judged", "progress", "share", "pace", "part", "credit"}
        assert "×100÷" in by_code["rate"].example
        assert "学时" in by_code["credit"].example

    def test_the_rate_is_that_of_the_clauses(self, organizer, community, neighbour):
        for unit in (community, neighbour):
            MemberFactory(unit=unit)
        hold(community, "member_study", on=date(2026, 6, 2))
        client = sign_in(organizer)

        rate = next(f for f in get(client, "formulas").context["formulas"] if f.code == "rate")
        entry = entry_of(get(client, "clauses"), "monthly-activity")

        assert rate.example.startswith("每月党员学习教育活动：应完成2个，已达标1个")
        assert rate.example.endswith(f"{entry.tally.rate}%")

    def test_whoever_sees_nothing_gets_no_example(self, administrator):
        formulas = get(sign_in(administrator), "formulas").context["formulas"]

        assert [formula.example for formula in formulas] == [""] * len(formulas)


class TestWho:
    """The page of a verdict names everybody who was expected, and why for less."""

    def why(self, client, unit, rule="member-activity-days", **query):
        return get(client, "rule", unit.code, rule, **query).context["why"]

    def test_joiners_and_the_partly_exempt_are_named_with_their_months(self, signed_in, community):
        MemberFactory(unit=community)
        MemberFactory(unit=community, name="新来人", **since(date(2026, 4, 10)))
        ill = MemberFactory(unit=community, name="病休人")
        ExemptionFactory(person=ill, begun_on=date(2026, 1, 1), ended_on=date(2026, 3, 31))

        why = self.why(signed_in, community)

        told = {person.name: (person.months, person.why) for person in why.expected_less}
        assert told == {
            "新来人": (9, "自2026年4月10日起计入"),
            "病休人": (9, "2026年1月1日至2026年3月31日免予考核"),
        }
        assert len(why.expected) == why.verdict.target == 3

    def test_the_wholly_exempt_and_those_without_standing_are_left_out_by_name(
        self, signed_in, community
    ):
        MemberFactory(unit=community)
        ExemptionFactory(
            person=MemberFactory(unit=community, name="全年病休"), begun_on=date(2025, 1, 1)
        )
        stopped = MemberFactory(unit=community, name="停止党籍")
        Membership.objects.filter(person=stopped).update(standing="suspended")

        assert dict(self.why(signed_in, community).left_out) == {
            "全年病休": "本期全程免予考核。",
            "停止党籍": "当日不是党籍正常的党员。",
        }

    def test_a_probationary_member_is_not_yet_reviewed(self, signed_in, community):
        MemberFactory(unit=community)
        MemberFactory(unit=community, name="预备", stage="probationary", full_on=None)

        left_out = self.why(signed_in, community, "member-review").left_out

        assert left_out == [("预备", "尚未转为正式党员。")]

    def test_whoever_left_is_named_within_reach_and_counted_beyond(
        self, signed_in, organizer, community, neighbour
    ):
        MemberFactory(unit=community)
        gone = MemberFactory(unit=community, name="转走人")
        gone.affiliations.update(ended_on=date(2026, 3, 31))
        AffiliationFactory(person=gone, unit=neighbour, begun_on=date(2026, 4, 1))

        seen = self.why(sign_in(organizer), community).leavers
        beyond = self.why(signed_in, community).leavers

        assert seen.named == (("转走人", date(2026, 3, 31)),)
        assert (beyond.named, beyond.unnamed) == ((), 1)

    def test_what_did_not_count_for_a_person_says_why(self, signed_in, community):
        member = MemberFactory(unit=community)
        for presence in (Presence.ABSENT, Presence.LEAVE, Presence.PRESENT):
            attend(member, community, "member_study", presence=presence)
        attend(member, community, "member_study", state=State.CANCELLED, submitted=False)

        (line,) = self.why(signed_in, community).persons

        assert sorted(held.why_not for held in line.uncounted) == [
            "已作废。",
            "缺席，不计入。",
            "请假，不计入。",
        ]
        assert line.sum == line.records[0].worth == "1.00"

    def test_records_of_another_period_or_kind_are_told_apart(self, signed_in, community):
        MemberFactory(unit=community)
        hold(community, "member_study", on=date(2026, 5, 3), topic="五月")
        hold(community, "hearing", on=date(2026, 6, 3), topic="恳谈")

        why = self.why(signed_in, community, "monthly-activity")

        assert [held.why_not for held in why.other_periods] == ["计入其他时期：2026年5月。"]
        assert [held.activity.topic for held in why.other_kinds] == ["恳谈"]

    def test_the_same_facts_give_the_same_people(self, community):
        for number in range(3):
            MemberFactory(unit=community, **since(date(2026, 1 + number, 1)))

        (examined,) = examine([community], TODAY, "guizhou-2008", "member-activity-days")
        verdict = examined.results[-1].verdict
        found = presences(verdict.rule, examined.facts, verdict, as_of=TODAY)

        assert [person.name for person in found] == [p.name for p in verdict.persons]

    def test_a_score_is_taken_apart(self, organizer, community):
        AppointmentFactory(unit=community, office=Office.SECRETARY, begun_on=None)

        goals = self.why(sign_in(organizer), community, "five-good").goals

        assert [goal.title for goal in goals] == [
            "领导班子好",
            "党员队伍好",
            "工作机制好",
            "工作业绩好",
            "群众反映好",
        ]
        assert (goals[0].parts[0].sum, goals[0].score.is_reached) == (
            "20 × 2/2 × 1/1 = 20.00",
            True,
        )

    def test_cross_appointments_are_shown_beside(self, organizer, community):
        both = MemberFactory(unit=community)
        for office in (Office.COMMITTEE_MEMBER, Office.COMMUNITY_WORKER):
            AppointmentFactory(person=both, unit=community, office=office)

        why = self.why(sign_in(organizer), community, "secretary-director-one")

        assert [thing.name for thing in why.beside] == ["两委交叉任职"]
        assert why.verdict.value == 0

    def test_a_reader_of_another_street_finds_nothing(self, street, community):
        other = GrantFactory(unit=CommunityFactory(), role="viewer").user
        client = sign_in(other)

        for rule in ("five-good", "in-service-liaison", "floating-ledger"):
            address = reverse("assessment:rule", args=[community.code, rule])
            assert client.get(address).status_code == 404

    def test_the_page_of_guests_names_what_each_has(self, signed_in, community):
        tie = AffiliationFactory(unit=community, nature=Nature.IN_SERVICE, person=MemberFactory())
        assert Unit.objects.get(pk=tie.unit_id).kind == UnitKind.COMMUNITY_BRANCH

        (line,) = self.why(signed_in, community, "in-service-liaison").persons

        assert line.verdict.status == "shown"
        assert line.verdict.target == 2
