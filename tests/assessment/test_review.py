"""The queue of what waits for review, and one record after another."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.choices import State
from activities.kinds import mask_of
from activities.models import Activity
from assessment.review import due_on
from tests.activities.entries import at, entry
from tests.cast import sign_in
from tests.factories import ActivityFactory, CountySettingFactory, MemberFactory

pytestmark = pytest.mark.django_db
QUEUE = "/review/"


def topics(response) -> list[str]:
    return [line["activity"].topic for line in response.context["lines"]]


def page_of(activity, query="") -> str:
    return reverse("assessment:review_record", args=[activity.pk]) + query


@pytest.fixture
def submitted(community, secretary):
    return services.log_activity(entry(community), by=secretary, submit=True)


@pytest.fixture
def above(reviewer):
    return sign_in(reviewer)


# -- the queue ----------------------------------------------------------------
def test_the_queue_holds_what_waits_below(above, neighbour, submitted, outsider):
    ActivityFactory(unit=neighbour, topic="草稿")
    ActivityFactory(unit=outsider.grants.get().unit, topic="外县的", submitted=True)

    assert topics(above.get(QUEUE)) == ["学习党章"]


def test_what_falls_due_first_stands_first_whenever_it_was_handed_in(above, community):
    held = {"kinds": ("member_review",), "on": date(2026, 1, 5)}
    ActivityFactory(unit=community, topic="全年的", submitted=True, **held)
    ActivityFactory(unit=community, topic="本月的", submitted=True, on=date(2026, 3, 10))
    ActivityFactory(
        unit=community, topic="无期限", submitted=True, kinds=("joint_conference",), on=held["on"]
    )

    assert topics(above.get(QUEUE)) == ["本月的", "全年的", "无期限"]


def test_a_record_of_several_kinds_falls_due_with_the_earliest_of_their_periods():
    day = date(2026, 3, 10)

    assert due_on(mask_of(["party_lecture", "member_review"]), day) == date(2026, 3, 31)
    assert due_on(mask_of(["member_review"]), day) == date(2026, 12, 31)
    assert due_on(mask_of(["joint_conference"]), day) is None


def test_the_queue_is_narrowed_by_unit_kind_period_and_waiting(
    above, community, neighbour, submitted
):
    old = ActivityFactory(
        unit=neighbour,
        topic="久等的",
        submitted=True,
        kinds=("party_lecture",),
        on=date(2026, 5, 6),
    )
    Activity.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=20))

    for query in (
        f"unit={neighbour.code}",
        "kind=party_lecture",
        "first=2026-05-01",
        "waits=14",
    ):
        assert topics(above.get(f"{QUEUE}?{query}")) == ["久等的"]
    assert topics(above.get(f"{QUEUE}?last=2026-04-01")) == ["学习党章"]


def test_records_that_are_ticked_are_confirmed_and_one_that_changed_is_told_of(
    above, community, secretary, submitted
):
    other = services.log_activity(entry(community, topic="另一次"), by=secretary, submit=True)
    ticked = [f"{record.pk}:{record.version}" for record in (submitted, other)]
    services.change_activity(other, entry(community, topic="改过"), by=secretary)

    answer = above.post(QUEUE, {"record": [*ticked, "nonsense"]}, follow=True)

    states = dict(Activity.objects.values_list("topic", "state"))
    assert states == {"学习党章": State.CONFIRMED, "改过": State.SUBMITTED}
    told = [str(message) for message in answer.context["messages"]]
    assert told[0] == "已确认1条记录。"
    assert "secretary" in told[1]


def test_a_record_out_of_reach_is_not_confirmed_by_its_key(above, outsider):
    theirs = ActivityFactory(unit=outsider.grants.get().unit, submitted=True)

    answer = above.post(QUEUE, {"record": [f"{theirs.pk}:1"]})

    theirs.refresh_from_db()
    assert (answer.status_code, theirs.state) == (404, State.SUBMITTED)


def test_a_secretary_has_an_empty_queue(signed_in, submitted):
    assert topics(signed_in.get(QUEUE)) == []


def cost_of(browser, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_the_queue_and_its_pages_cost_the_same_for_one_record_and_thirty(
    above, community, submitted
):
    for address in (QUEUE, page_of(submitted)):
        above.get(address)  # whatever is read once for a process
    one, page = cost_of(above, QUEUE), cost_of(above, page_of(submitted))
    for _ in range(29):
        ActivityFactory(unit=community, submitted=True)

    assert (cost_of(above, QUEUE), cost_of(above, page_of(submitted))) == (one, page)


# -- one after another --------------------------------------------------------
def test_the_record_stands_beside_what_it_serves(above, community, submitted):
    MemberFactory(unit=community)
    page = above.get(page_of(submitted)).content.decode()

    assert "学习党章" in page
    assert reverse("assessment:rule", args=[community.code, "monthly-activity"]) in page


def test_from_one_record_one_gets_to_the_next_within_the_same_filters(
    above, community, neighbour, secretary, submitted
):
    later = services.log_activity(
        entry(
            community,
            topic="四月学习",
            starts_at=at("2026-04-10 09:00"),
            ends_at=at("2026-04-10 11:00"),
        ),
        by=secretary,
        submit=True,
    )
    ActivityFactory(unit=neighbour, submitted=True, on=date(2026, 3, 20))
    query = f"?unit={community.code}"

    page = above.get(page_of(submitted, query))
    assert page.context["after"] == page_of(later, query)
    assert (page.context["place"], page.context["total"]) == (1, 2)

    answer = above.post(page_of(submitted, query), {"do": "confirm", "version": submitted.version})
    assert answer.headers["Location"] == page_of(later, query)
    answer = above.post(page_of(later, query), {"do": "confirm", "version": later.version})
    assert answer.headers["Location"] == f"{QUEUE}{query}"


def test_a_frequent_reason_and_words_of_ones_own_go_together(above, submitted):
    usual = above.get(page_of(submitted)).context["form"].fields["usual"].choices[0][0]

    above.post(
        page_of(submitted),
        {"do": "return", "usual": usual, "reason": "见第二页", "version": submitted.version},
    )

    submitted.refresh_from_db()
    assert (submitted.state, submitted.return_reason) == (State.RETURNED, f"{usual} 见第二页")


def test_what_was_given_as_a_reason_before_is_offered_again(above, community, submitted, reviewer):
    other = ActivityFactory(unit=community, submitted=True)
    services.return_activity(other, "请附签到名单", by=reviewer)

    choices = above.get(page_of(submitted)).context["form"].fields["usual"].choices

    assert choices[0][0] == "请附签到名单"


def test_without_a_reason_nothing_is_returned(above, submitted):
    answer = above.post(page_of(submitted), {"do": "return", "version": submitted.version})

    assert "请填写退回原因" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_a_record_that_was_changed_meanwhile_is_neither_confirmed_nor_returned(
    above, community, secretary, submitted
):
    seen = submitted.version
    services.change_activity(submitted, entry(community, topic="改过"), by=secretary)

    for said in ({"do": "confirm"}, {"do": "return", "reason": "请补充"}):
        above.post(page_of(submitted), said | {"version": seen})
        submitted.refresh_from_db()
        assert submitted.state == State.SUBMITTED


def test_a_corrected_record_shows_what_has_changed_since_it_was_returned(
    above, community, secretary, reviewer, submitted
):
    services.return_activity(submitted, "请写明地点", by=reviewer)
    services.change_activity(submitted, entry(community, place="三楼会议室"), by=secretary)
    services.submit(submitted, by=secretary)

    page = above.get(page_of(submitted)).content.decode()

    assert "请写明地点" in page
    assert "<ins>三楼会议室</ins>" in page


# -- who is told --------------------------------------------------------------
def test_the_secretary_finds_on_the_home_page_what_was_returned_and_why(
    signed_in, reviewer, submitted
):
    assert "请写明地点" not in signed_in.get("/").content.decode()
    services.return_activity(submitted, "请写明地点", by=reviewer)

    page = signed_in.get("/").content.decode()

    assert "上级退回" in page
    assert "退回原因：请写明地点" in page
    assert reverse("activities:edit", args=[submitted.pk]) in page


def test_where_a_county_counts_from_confirmation_the_pages_say_so(
    county, community, signed_in, above, secretary, submitted
):
    record = reverse("activities:detail", args=[submitted.pk])
    assert "尚未计入" not in signed_in.get(record).content.decode()
    CountySettingFactory(unit=county, key="counts_from", value="confirmed")

    assert "尚未计入" in signed_in.get(record).content.decode()
    assert "确认后才计入" in above.get(page_of(submitted)).content.decode()
    draft = services.log_activity(entry(community, topic="草稿"), by=secretary)
    answer = signed_in.post(reverse("activities:submit", args=[draft.pk]), follow=True)
    assert "确认后计入" in str(next(iter(answer.context["messages"])))
