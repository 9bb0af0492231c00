"""What was found at a meeting is followed up until it is set right."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services
from activities.entries import ActivityError
from activities.models import Issue
from tests.activities.entries import entry
from tests.cast import sign_in
from tests.factories import ActivityFactory
from tests.review_factories import IssueFactory

pytestmark = pytest.mark.django_db
LIST = "/activities/issues/"


@pytest.fixture
def life_meeting(community, secretary):
    kinds = frozenset({"organisational_life_meeting"})
    return services.log_activity(entry(community, kinds=kinds), by=secretary, submit=True)


def shown(response) -> list[str]:
    return [issue.what for issue in response.context["page_obj"]]


def test_an_issue_is_noted_on_the_record_and_listed_until_it_is_set_right(signed_in, life_meeting):
    said = {"what": "联系群众不够", "who": "张三", "due_on": "2026-06-30"}
    signed_in.post(reverse("activities:issue_add", args=[life_meeting.pk]), said)
    issue = Issue.objects.get()
    assert shown(signed_in.get(LIST)) == ["联系群众不够"]
    assert "联系群众不够" in signed_in.get(life_meeting.get_absolute_url()).content.decode()

    done = {"done_on": "2026-05-01", "note": "每周入户走访", "back": "list"}
    signed_in.post(reverse("activities:issue_settle", args=[issue.pk]), done)

    assert shown(signed_in.get(LIST)) == []
    assert shown(signed_in.get(f"{LIST}?state=done")) == ["联系群众不够"]
    history = signed_in.get(life_meeting.get_absolute_url()).context["history"]
    assert {"登记问题", "问题整改到位"} <= {line.what for line in history}


def test_what_is_overdue_is_found_by_itself_and_told_on_the_home_page(
    signed_in, community, life_meeting
):
    IssueFactory(activity=life_meeting, what="早已到期", due_on=date(2026, 4, 1))
    IssueFactory(activity=life_meeting, what="还早", due_on=date(2099, 1, 1))
    IssueFactory(activity=life_meeting, what="无时限", due_on=None)

    assert shown(signed_in.get(LIST)) == ["早已到期", "还早", "无时限"]
    assert shown(signed_in.get(f"{LIST}?state=overdue")) == ["早已到期"]
    assert "有1个问题已超过整改时限" in signed_in.get("/").content.decode()


def test_the_list_keeps_to_what_is_within_reach(signed_in, neighbour):
    IssueFactory(activity=ActivityFactory(unit=neighbour, kinds=("spirit_analysis",)))

    assert shown(signed_in.get(LIST)) == []
    assert shown(signed_in.get(f"{LIST}?unit={neighbour.code}")) == []


def test_two_people_can_not_set_the_same_thing_right(community, secretary, life_meeting):
    issue = IssueFactory(activity=life_meeting)
    services.settle_issue(issue, done_on=date(2026, 4, 1), note="已办", by=secretary)

    with pytest.raises(ActivityError):
        services.settle_issue(issue, done_on=date(2026, 4, 2), note="又办", by=secretary)

    assert Issue.objects.get().done_note == "已办"


@pytest.mark.parametrize(
    ("what", "due_on", "field"), [("  ", None, "what"), ("迟到", date(2026, 1, 1), "due_on")]
)
def test_what_can_not_be_is_refused(life_meeting, secretary, what, due_on, field):
    with pytest.raises(ActivityError) as refused:
        services.add_issue(life_meeting, what, due_on=due_on, by=secretary)

    assert refused.value.field == field


def test_a_study_is_no_place_for_issues(community, secretary, signed_in):
    study = services.log_activity(entry(community), by=secretary)

    with pytest.raises(ActivityError):
        services.add_issue(study, "联系群众不够", by=secretary)
    assert "查找出的问题" not in signed_in.get(study.get_absolute_url()).content.decode()


def test_nothing_is_set_right_in_words_alone_or_in_the_future(signed_in, life_meeting):
    issue = IssueFactory(activity=life_meeting)
    address = reverse("activities:issue_settle", args=[issue.pk])

    for said in ({"done_on": "2026-05-01", "note": ""}, {"done_on": "2099-01-01", "note": "已办"}):
        signed_in.post(address, said)
        issue.refresh_from_db()
        assert issue.done_on is None


def test_a_viewer_reads_the_list_and_presses_nothing(viewer, life_meeting):
    IssueFactory(activity=life_meeting)

    page = sign_in(viewer).get(LIST).content.decode()

    assert "学习不够系统" in page
    assert "登记整改情况" not in page


def test_the_list_costs_the_same_for_one_and_thirty(signed_in, life_meeting):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(LIST)
        return len(queries)

    IssueFactory(activity=life_meeting)
    cost()
    one = cost()
    for _ in range(29):
        IssueFactory(activity=life_meeting)
    assert cost() == one
