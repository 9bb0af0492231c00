"""A member review from its opening to the record that counts."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.choices import Grade, Presence, RunKind, Stand, State
from activities.entries import ActivityError
from activities.models import Activity, Appraisal, ReviewRun
from activities.votes import from_the_best, proposal_of
from members.choices import ExemptionReason, Nature
from members.models import Affiliation, Membership
from tests.activities.entries import at, entry
from tests.assessment.asking import results
from tests.cast import sign_in
from tests.factories import ExemptionFactory, MemberFactory
from tests.review_factories import ReviewEntryFactory, ReviewRunFactory

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def run(community, secretary, zhang, li):
    return services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=YEAR, by=secretary)


def stands(run) -> dict[str, str]:
    return dict(run.entries.values_list("person__name", "stand"))


def grade_all(run, secretary, grade=Grade.QUALIFIED) -> None:
    lines = run.entries.filter(stand=Stand.TAKES_PART).values_list("pk", flat=True)
    values = {pk: {"grade": grade, "remark": ""} for pk in lines}
    services.save_step(run, "grades", values, by=secretary)


def meeting(community, **given):
    said = {"starts_at": at("2026-03-10 09:00"), "ends_at": at("2026-03-10 11:00")}
    return entry(community, **{"kinds": frozenset({"member_review"})} | said | given)


# -- the list -----------------------------------------------------------------
def test_the_list_tells_who_is_exempt_on_probation_just_here_and_out_of_touch(
    street, community, secretary, zhang
):
    ill = MemberFactory(unit=community, name="病休")
    ExemptionFactory(person=ill, begun_on=date(2026, 1, 1))
    MemberFactory(unit=community, name="预备", stage="probationary", full_on=None)
    lost = MemberFactory(unit=community, name="失联")
    Membership.objects.filter(person=lost).update(standing="out_of_touch")
    came = timezone.localdate() - timedelta(days=10)
    MemberFactory(unit=community, name="新来", begun_on=came)
    MemberFactory(unit=community, name="积极", stage="activist", full_on=None, joined_on=None)
    guest = MemberFactory(unit=street, name="外单位")
    Affiliation.objects.create(person=guest, unit=community, nature=Nature.IN_SERVICE)

    run = services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=YEAR, by=secretary)

    assert stands(run) == {
        "张三": Stand.TAKES_PART,
        "病休": Stand.EXEMPT,
        "预备": Stand.PROBATIONARY,
        "失联": Stand.OUT_OF_TOUCH,
        "新来": Stand.TAKES_PART,
    }
    assert "转入" in run.entries.get(person__name="新来").note
    assert run.entries.get(person=ill).note == str(ExemptionReason.ILLNESS.label)


def test_whoever_is_exempt_for_part_of_the_year_is_owed_a_grade_and_it_is_said(
    community, secretary, zhang
):
    ExemptionFactory(person=zhang, begun_on=date(2026, 2, 1))

    run = services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=YEAR, by=secretary)

    line = run.entries.get(person=zhang)
    assert line.stand == Stand.TAKES_PART
    assert "2026年2月1日" in line.note


def test_who_is_left_out_though_a_grade_is_owed_is_named(community, secretary):
    ill = MemberFactory(unit=community, name="病休")
    ExemptionFactory(person=ill, begun_on=date(2026, 1, 1))
    MemberFactory(unit=community, name="预备", stage="probationary", full_on=None)
    lost = MemberFactory(unit=community, name="失联")
    Membership.objects.filter(person=lost).update(standing="out_of_touch")
    MemberFactory(unit=community, name="托病")
    run = services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=YEAR, by=secretary)
    line = run.entries.get(person__name="托病")
    said = {"stand": Stand.EXEMPT, "note": "自述有病"}
    services.save_step(run, "people", {line.pk: said}, by=secretary)

    assert services.owed_without_grade(run) == ["失联", "托病"]
    page = sign_in(secretary).get(run.get_absolute_url())
    assert "另有2名正式党员未评定等次" in page.content.decode()
    assert [
        found.target for found in results(community, "member-review", timezone.localdate())
    ] == [2]


def test_a_unit_has_one_run_of_a_kind_and_year(community, secretary, run):
    with pytest.raises(ActivityError, match="2026"):
        services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=YEAR, by=secretary)

    services.open_run(community, kind=RunKind.SPIRIT_ANALYSIS, year=YEAR, by=secretary)
    assert ReviewRun.objects.count() == 2


def test_whoever_came_or_left_meanwhile_is_told_of_and_brought_in(
    community, secretary, run, zhang, li
):
    grade_all(run, secretary)
    zhang.affiliations.update(ended_on=timezone.localdate() - timedelta(days=1))
    MemberFactory(unit=community, name="王五")
    assert services.left_open(run) != []
    with pytest.raises(ActivityError):
        services.close_run(run, by=secretary, meeting=meeting(community))

    assert services.renew_list(run, by=secretary) == (1, 1)

    assert stands(run) == {"张三": Stand.MOVED, "李四": Stand.TAKES_PART, "王五": Stand.TAKES_PART}
    assert run.entries.get(person=zhang).grade == ""
    assert services.renew_list(run, by=secretary) == (0, 0)
    zhang.affiliations.update(ended_on=None)
    assert services.renew_list(run, by=secretary) == (1, 0)
    assert stands(run)["张三"] == Stand.TAKES_PART


# -- votes --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("votes", "proposed"),
    [
        ({}, ""),
        ({"peers": {"excellent": 3, "qualified": 2}}, "excellent"),
        ({"peers": {"excellent": 2, "qualified": 2}}, "qualified"),
        (
            {"peers": {"excellent": 5}, "residents": {"basically_qualified": 6}},
            "basically_qualified",
        ),
        ({"residents": {"not_qualified": 1}}, "not_qualified"),
    ],
)
def test_the_votes_propose_the_best_grade_that_more_than_half_reach(votes, proposed):
    assert proposal_of(votes) == proposed


# -- closing ------------------------------------------------------------------
def test_closing_writes_the_record_with_the_grades_and_serves_the_rule(
    community, secretary, run, zhang, li
):
    grade_all(run, secretary)

    activity = services.close_run(run, by=secretary, meeting=meeting(community), away={li.pk})

    assert activity.state == State.SUBMITTED
    assert dict(activity.appraisals.values_list("person__name", "grade")) == {
        "张三": "qualified",
        "李四": "qualified",
    }
    assert dict(activity.attendances.values_list("person__name", "presence")) == {
        "张三": Presence.PRESENT,
        "李四": Presence.LEAVE,
    }
    run.refresh_from_db()
    assert (run.is_open, run.activity) == (False, activity)
    with pytest.raises(ActivityError):
        services.close_run(run, by=secretary, meeting=meeting(community))
    with pytest.raises(ActivityError):
        services.save_step(run, "grades", {}, by=secretary)


def test_nobody_is_forgotten_when_it_is_closed(community, secretary, run, zhang):
    line = run.entries.get(person=zhang).pk
    services.save_step(
        run, "grades", {line: {"grade": Grade.EXCELLENT, "remark": ""}}, by=secretary
    )

    with pytest.raises(ActivityError):
        services.close_run(run, by=secretary, meeting=meeting(community))

    assert not Activity.objects.exists()


def test_a_meeting_that_was_logged_already_is_taken_and_not_made_twice(
    community, secretary, run, zhang
):
    held = services.log_activity(meeting(community), by=secretary)
    grade_all(run, secretary, Grade.EXCELLENT)

    activity = services.close_run(run, by=secretary, taken=held)

    assert (activity.pk, Activity.objects.count()) == (held.pk, 1)
    assert activity.state == State.SUBMITTED
    assert activity.appraisals.get(person=zhang).grade == Grade.EXCELLENT


def test_a_record_of_something_else_is_not_taken(community, secretary, run):
    study = services.log_activity(entry(community), by=secretary)
    grade_all(run, secretary)

    with pytest.raises(ActivityError):
        services.close_run(run, by=secretary, taken=study)


def test_the_grades_of_a_spirit_analysis_stay_in_its_run(community, secretary, zhang):
    run = services.open_run(community, kind=RunKind.SPIRIT_ANALYSIS, year=YEAR, by=secretary)
    grade_all(run, secretary)

    activity = services.close_run(run, by=secretary, meeting=meeting(community, kinds=frozenset()))

    assert [kind.code for kind in activity.kinds] == ["spirit_analysis"]
    assert not activity.appraisals.exists()


def test_whoever_no_longer_takes_part_loses_the_grade(community, secretary, run, zhang):
    grade_all(run, secretary)
    line = run.entries.get(person=zhang).pk
    said = {line: {"stand": Stand.EXEMPT, "note": "长期患病"}}

    services.save_step(run, "people", said, by=secretary)

    assert run.entries.get(person=zhang).grade == ""


# -- the pages ----------------------------------------------------------------
def step_of(run, step) -> str:
    return reverse("activities:run_step", args=[run.pk, step])


def test_the_steps_are_saved_one_by_one_and_resumed(signed_in, run, zhang, li):
    mine, other = run.entries.get(person=zhang).pk, run.entries.get(person=li).pk
    keep = {f"{pk}-stand": "takes_part" for pk in (mine, other)}

    answer = signed_in.post(step_of(run, "people"), keep)
    assert answer.headers["Location"] == step_of(run, "self")
    signed_in.post(step_of(run, "self"), {f"{mine}-self_grade": "qualified"})
    signed_in.post(
        step_of(run, "votes"), {f"{mine}-peers-excellent": "8", f"{mine}-residents-qualified": "3"}
    )

    page = signed_in.get(step_of(run, "grades"))
    proposed = {line["entry"].pk: line["proposed"] for line in page.context["lines"]}
    assert proposed == {mine: "优秀", other: ""}
    assert run.entries.get(pk=mine).votes == {
        "peers": {"excellent": 8},
        "residents": {"qualified": 3},
    }
    signed_in.post(step_of(run, "grades"), {f"{mine}-grade": "excellent", f"{other}-grade": ""})
    assert run.entries.get(pk=mine).grade == "excellent"
    close = reverse("activities:run_close", args=[run.pk])
    answer = signed_in.post(close, {"day": "2026-03-10", "begins": "09:00", "ends": "11:00"})
    assert "还有1名参评党员未评定等次" in answer.content.decode()


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [("votes", "peers-excellent", "-1"), ("grades", "grade", "best"), ("people", "stand", "x")],
)
def test_what_can_not_be_is_marked_at_its_line_and_nothing_is_saved(
    signed_in, run, zhang, step, name, value
):
    line = run.entries.get(person=zhang).pk

    page = signed_in.post(step_of(run, step), {f"{line}-{name}": value}).content.decode()

    assert "尚未保存" in page
    assert run.entries.get(pk=line).votes == {}


def test_an_exemption_needs_its_reason(signed_in, run, zhang, li):
    lines = {entry.person.name: entry.pk for entry in run.entries.all()}
    said = {f"{lines['张三']}-stand": "exempt", f"{lines['李四']}-stand": "takes_part"}

    page = signed_in.post(step_of(run, "people"), said).content.decode()

    assert "请填写免予评议的原因" in page
    assert stands(run)["张三"] == Stand.TAKES_PART


def test_votes_and_own_words_are_for_those_who_keep_the_records(run, secretary, viewer, zhang):
    line = run.entries.get(person=zhang).pk
    said = {line: {"self_grade": "qualified", "self_words": "还需努力"}}
    services.save_step(run, "self", said, by=secretary)
    forms = reverse("activities:run_forms", args=[run.pk])

    assert "还需努力" in sign_in(secretary).get(forms).content.decode()
    assert sign_in(viewer).get(forms).status_code == 404
    for name in ("run", "run_print"):
        page = sign_in(viewer).get(reverse(f"activities:{name}", args=[run.pk])).content.decode()
        assert "张三" in page
        assert "还需努力" not in page


def test_the_summary_tells_how_many_there_are_of_each_sort(run, secretary, zhang, li):
    line = run.entries.get(person=li).pk
    said = {line: {"stand": Stand.EXEMPT, "note": "长期卧病"}}
    services.save_step(run, "people", said, by=secretary)
    address = reverse("activities:run_print", args=[run.pk])

    chinese = sign_in(secretary).get(address).content.decode()
    secretary.language = "en"
    secretary.save()
    english = sign_in(secretary).get(address).content.decode()

    assert "免予考核人员1人、参加评议1人" in chinese
    assert "免予考核人员（长期卧病）" in chinese
    assert str(run) == f"{run.unit}2026年民主评议党员"
    assert "Exempt – 1, Takes part – 1" in english
    assert "Exempt (长期卧病)" in english


def test_who_is_left_without_a_grade_stands_by_the_sound_of_the_name(run, secretary, zhang, li):
    out = {"stand": Stand.OUT_OF_TOUCH, "note": ""}
    lines = run.entries.filter(person__in=[zhang, li]).values_list("pk", flat=True)
    services.save_step(run, "people", dict.fromkeys(lines, out), by=secretary)

    assert services.owed_without_grade(run) == ["李四", "张三"]


def test_a_secretary_opens_a_run_from_its_page(signed_in, community, zhang):
    said = {"unit": community.code, "kind": "member_review", "year": "2026"}

    signed_in.post(reverse("activities:run_open"), said)
    again = signed_in.post(reverse("activities:run_open"), said, follow=True)

    run = ReviewRun.objects.get()
    assert stands(run) == {"张三": Stand.TAKES_PART}
    assert again.redirect_chain[-1][0] == run.get_absolute_url()
    assert "已启动此项评议" in again.content.decode()


def test_closing_proposes_place_and_people_of_last_time(signed_in, community, secretary, run):
    held = entry(community, kinds=frozenset({"members_meeting"}), place="三楼", chair="王书记")
    services.log_activity(held, by=secretary, submit=True)

    form = signed_in.get(reverse("activities:run_close", args=[run.pk])).context["form"]

    assert [form[name].value() for name in ("place", "chair", "day")] == ["三楼", "王书记", None]


def test_the_pages_cost_the_same_for_one_member_and_thirty(signed_in, community):
    def cost(number: int) -> list[int]:
        run = ReviewRunFactory(unit=community, year=2000 + number)
        for _ in range(number):
            ReviewEntryFactory(run=run)
        found = []
        for address in (step_of(run, "people"), step_of(run, "grades"), run.get_absolute_url()):
            with CaptureQueriesContext(connection) as queries:
                assert signed_in.get(address).status_code == 200
            found.append(len(queries))
        return found

    cost(1)
    assert cost(2) == cost(30)


def test_grades_stand_from_the_best_down():
    graded = [Appraisal(grade=grade) for grade in ("basically_qualified", "qualified", "excellent")]

    assert [one.grade for one in from_the_best(graded)] == [
        "excellent",
        "qualified",
        "basically_qualified",
    ]
