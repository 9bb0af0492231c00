"""One record of three kinds and two hosts: four quotas in both units, given back, and won again."""

from datetime import date

import pytest
from django.urls import reverse

from activities import services
from activities.choices import Presence, State
from activities.models import Activity
from tests.activities.entries import typed
from tests.assessment.asking import ask
from tests.cast import sign_in
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 31)
RULES = ("monthly-activity", "party-lectures", "member-activity-days", "member-review")


def values(unit) -> dict[str, str]:
    """What the unit has of each of the four quotas."""
    return {rule: ask(unit, rule, MARCH)[1] for rule in RULES}


def test_returned_they_fall_corrected_and_handed_in_they_rise_and_the_versions_tell_why(
    community, neighbour, street_secretary, reviewer
):
    ours = MemberFactory(unit=community, name="张三")
    theirs = MemberFactory(unit=neighbour, name="李四")
    below, above = sign_in(street_secretary), sign_in(reviewer)
    nothing = values(community)
    said = typed(
        community,
        kinds=["party_lecture", "member_review", "themed_day"],
        co_hosts=[neighbour.code],
        roll_for=f"{community.code},{neighbour.code}",
        day="2026-03-10",
        begins="09:00",
        last_day="2026-03-15",
        ends="18:00",
        here=[str(ours.pk), str(theirs.pk)],
        **{f"grade-{ours.pk}": "qualified", f"grade-{theirs.pk}": "excellent"},
    )

    below.post(reverse("activities:log"), said)

    activity = Activity.objects.get()
    assert activity.state == State.SUBMITTED
    full = values(community)
    assert all(full[rule] != nothing[rule] for rule in RULES)
    assert values(neighbour) == full

    review = reverse("assessment:review_record", args=[activity.pk])
    shown = above.get(review).content.decode()
    assert all(reverse("assessment:rule", args=[community.code, r]) in shown for r in RULES)
    above.post(review, {"do": "return", "reason": "请写明地点", "version": activity.version})
    assert values(community) == values(neighbour) == nothing

    activity.refresh_from_db()
    corrected = said | {"place": "三楼会议室", "version": activity.version, "do": "submit"}
    below.post(reverse("activities:edit", args=[activity.pk]), corrected)
    assert values(community) == values(neighbour) == full

    lectures = reverse("assessment:rule", args=[neighbour.code, "party-lectures"])
    assert "学习党章" in below.get(lectures).content.decode()
    versions = below.get(reverse("activities:versions", args=[activity.pk])).content.decode()
    assert "<ins>三楼会议室</ins>" in versions
    assert activity.versions.count() == 2
    assert "请写明地点" in above.get(review).content.decode()


def test_a_correction_of_who_was_there_moves_the_days_of_both_units(
    community, neighbour, street_secretary
):
    ours, theirs = MemberFactory(unit=community), MemberFactory(unit=neighbour)
    browser = sign_in(street_secretary)
    said = typed(
        community,
        kinds=["themed_day"],
        last_day="2026-03-15",
        ends="18:00",
        co_hosts=[neighbour.code],
        roll_for=f"{community.code},{neighbour.code}",
        here=[str(ours.pk), str(theirs.pk)],
    )
    browser.post(reverse("activities:log"), said)
    activity = Activity.objects.get()
    assert ask(neighbour, "member-activity-days")[1] == "1"

    services.set_attendance(activity, {ours.pk: Presence.PRESENT}, by=street_secretary)

    assert ask(neighbour, "member-activity-days")[1] == "0"
    assert ask(community, "member-activity-days")[1] == "1"
