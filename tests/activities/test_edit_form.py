from datetime import date

import pytest
from django.urls import reverse

from activities import services
from activities.choices import Presence, State
from organizations.models import Unit
from tests.activities.entries import at, entry, rows_of, typed
from tests.cast import sign_in
from tests.factories import CommunityFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(community, secretary, zhang, li):
    return services.log_activity(
        entry(community, place="三楼", presences={zhang.pk: Presence.LEAVE}), by=secretary
    )


def edit_url(activity) -> str:
    return reverse("activities:edit", args=[activity.pk])


def test_the_form_shows_the_record_as_it_is(signed_in, draft):
    response = signed_in.get(edit_url(draft))

    assert rows_of(response) == {"张三": "leave", "李四": ""}
    form = response.context["form"]
    assert (form["topic"].value(), form["place"].value()) == ("学习党章", "三楼")


def test_a_change_is_saved_and_handed_in(signed_in, community, draft, zhang):
    signed_in.post(
        edit_url(draft),
        typed(community, topic="学习条例", version=draft.version, here=[str(zhang.pk)]),
    )

    draft.refresh_from_db()
    assert (draft.topic, draft.state) == ("学习条例", State.SUBMITTED)
    assert draft.attendances.get().counts


def test_the_second_of_two_editors_sees_both_versions_and_may_then_decide(
    signed_in, community, draft
):
    colleague = UserFactory(display_name="李副书记")
    opened = draft.version
    services.change_activity(draft, entry(community, topic="先到的"), by=colleague)

    response = signed_in.post(
        edit_url(draft), typed(community, topic="后到的", version=opened, do="draft")
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "李副书记" in page
    fields = response.context["conflict"].fields
    assert [(f.label, f.theirs, f.mine) for f in fields if f.name == "topic"] == [
        ("主题", "先到的", "后到的")
    ]
    draft.refresh_from_db()
    assert draft.topic == "先到的"

    again = response.context["form"]["version"].value()
    signed_in.post(edit_url(draft), typed(community, topic="后到的", version=again, do="draft"))
    draft.refresh_from_db()
    assert draft.topic == "后到的"


def test_somebody_who_has_moved_away_stays_on_the_record(
    signed_in, street, community, draft, zhang
):
    zhang.affiliations.update(unit=CommunityFactory(parent=street))

    response = signed_in.get(edit_url(draft))
    signed_in.post(
        edit_url(draft), typed(community, version=draft.version, **{f"away-{zhang.pk}": "leave"})
    )

    assert rows_of(response)["张三"] == "leave"
    assert draft.attendances.get().person == zhang


def test_where_somebody_has_moved_to_is_told_to_those_alone_who_see_that_unit(
    street, street_secretary, signed_in, draft, zhang
):
    zhang.affiliations.update(unit=CommunityFactory(parent=street, name="远处社区"))

    from_below = signed_in.get(edit_url(draft)).content.decode()
    from_above = sign_in(street_secretary).get(edit_url(draft)).content.decode()

    assert "张三" in from_below
    assert "远处社区" not in from_below
    assert "<small>远处社区</small>" in from_above


def test_a_grade_on_record_stays_when_its_owner_has_moved_away(
    street, signed_in, community, draft, zhang
):
    reviewed = typed(community, kinds=["member_review"], do="draft")
    graded = reviewed | {f"grade-{zhang.pk}": "excellent"}
    signed_in.post(edit_url(draft), graded | {"version": draft.version})
    zhang.affiliations.update(unit=CommunityFactory(parent=street))

    signed_in.post(edit_url(draft), graded | {"version": draft.version + 1, "place": "二楼"})
    signed_in.post(
        edit_url(draft),
        reviewed | {"version": draft.version + 2, f"grade-{zhang.pk}": "not_qualified"},
    )

    draft.refresh_from_db()
    assert draft.place == "二楼"
    assert draft.appraisals.get().grade == "excellent"


def test_a_confirmed_record_has_no_form(signed_in, draft, secretary, reviewer):
    services.submit(draft, by=secretary)
    services.confirm(draft, by=reviewer)

    assert signed_in.get(edit_url(draft)).url == f"/activities/{draft.pk}/"


def test_only_whoever_keeps_the_host_may_change_its_records(
    draft, reviewer, viewer, outsider, neighbour, street_secretary
):
    for user in (reviewer, viewer, outsider):
        assert sign_in(user).get(edit_url(draft)).status_code == 404
        assert sign_in(user).post(edit_url(draft), {}).status_code == 404
    assert sign_in(street_secretary).get(edit_url(draft)).status_code == 200


def test_a_co_host_that_was_dissolved_since_stays_on_the_record(street_secretary, street):
    host, helper = CommunityFactory(parent=street), CommunityFactory(parent=street)
    record = services.log_activity(entry(host, co_hosts=(helper,)), by=street_secretary)
    Unit.objects.filter(pk=helper.pk).update(dissolved_on=date(2026, 6, 30))
    client = sign_in(street_secretary)

    form = client.get(edit_url(record)).context["form"]
    offered = {choice.data["value"].value for choice in form["co_hosts"]}
    ticked = [code for code in form["co_hosts"].value() if code in offered]
    data = typed(
        host,
        topic="学习条例",
        co_hosts=ticked,
        co_host_codes=form["co_host_codes"].value(),
        roll_for=f"{host.code},{helper.code}",
        version=record.version,
    )
    client.post(edit_url(record), data)

    record.refresh_from_db()
    assert record.topic == "学习条例"
    assert [unit.code for unit in record.co_hosts.all()] == [helper.code]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"starts_at": at("2099-03-10 09:00"), "ends_at": at("2099-03-10 11:00")},
            "尚未举行，开始后方可提交",
        ),
        ({"kinds": frozenset({"party_school_rotation"})}, "党校"),
    ],
)
def test_the_button_asks_for_no_less_than_the_form_does(
    signed_in, community, secretary, given, told
):
    record = services.log_activity(entry(community, **given), by=secretary)

    answer = signed_in.post(reverse("activities:submit", args=[record.pk]), follow=True)

    record.refresh_from_db()
    assert record.state == State.DRAFT
    assert told in answer.content.decode()
