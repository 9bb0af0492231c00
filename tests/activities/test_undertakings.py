"""The four-benefits community: undertakings of a year, what was done, how they came out."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEvent
from activities import services
from activities.choices import Benefit, Settled
from activities.entries import ActivityError
from activities.models import Undertaking
from activities.undertaking_forms import EvidenceForm
from tests.cast import sign_in
from tests.factories import ActivityFactory
from tests.kept_factories import FacilityFactory, ServiceFactory, UndertakingFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 20)


def test_a_secretary_undertakes_something_for_a_goal_of_the_own_community(signed_in, community):
    this_year = timezone.localdate().year
    response = signed_in.post(
        reverse("activities:undertaking_new"),
        {"unit": community.code, "year": this_year, "goal": "safe", "text": "装楼道灯"},
        follow=True,
    )

    made = Undertaking.objects.get()
    assert (made.unit, made.goal, made.text) == (community, Benefit.SAFE, "装楼道灯")
    assert "装楼道灯" in response.content.decode()
    assert AuditEvent.objects.filter(verb="undertake").exists()


def test_nobody_undertakes_anything_for_another_community_or_twice(signed_in, community, neighbour):
    this_year = timezone.localdate().year
    said = {"year": this_year, "goal": "safe", "text": "装楼道灯"}
    address = reverse("activities:undertaking_new")

    theirs = signed_in.post(address, {**said, "unit": neighbour.code})
    for _time in range(2):
        again = signed_in.post(address, {**said, "unit": community.code})

    assert theirs.status_code == again.status_code == 200
    assert "已登记这一事项" in again.content.decode()
    assert Undertaking.objects.count() == 1


def test_a_viewer_undertakes_nothing(viewer):
    assert sign_in(viewer).get(reverse("activities:undertaking_new")).status_code == 404


def offered(undertaking, user):
    form = EvidenceForm(undertaking=undertaking, user=user)
    return {name: set(field.queryset) for name, field in form.fields.items()}


def test_offered_as_evidence_is_what_the_unit_has_on_record_anyway(community, neighbour, secretary):
    undertaking = UndertakingFactory(unit=community)
    serving = ActivityFactory(
        unit=community, submitted=True, kinds=["volunteer_service"], on=date(2026, 3, 1)
    )
    for kinds, when, submitted, unit in [
        (["member_study"], date(2026, 3, 2), True, community),
        (["volunteer_service"], date(2025, 3, 2), True, community),
        (["volunteer_service"], date(2026, 3, 2), False, community),
        (["volunteer_service"], date(2026, 3, 2), True, neighbour),
    ]:
        ActivityFactory(unit=unit, submitted=submitted, kinds=kinds, on=when)
    service, facility = ServiceFactory(unit=community), FacilityFactory(unit=community)
    ServiceFactory(unit=neighbour)

    assert offered(undertaking, secretary) == {
        "activities": {serving},
        "services": {service},
        "facilities": {facility},
    }


@pytest.mark.parametrize(
    ("language", "label"),
    [("zh-hans", "清洁家园（2026年3月1日）"), ("en", "清洁家园 (1 March 2026)")],
)
def test_an_activity_is_offered_with_its_date_in_words(community, secretary, language, label):
    ActivityFactory(
        unit=community,
        submitted=True,
        kinds=["volunteer_service"],
        on=date(2026, 3, 1),
        topic="清洁家园",
    )
    form = EvidenceForm(undertaking=UndertakingFactory(unit=community), user=secretary)

    with translation.override(language):
        assert [str(said) for _key, said in form.fields["activities"].choices] == [label]


def test_evidence_is_linked_and_shown(signed_in, community, neighbour):
    undertaking = UndertakingFactory(unit=community)
    service = ServiceFactory(unit=community, name="夜间巡逻岗")
    elsewhere = ServiceFactory(unit=neighbour)
    address = reverse("activities:evidence", args=[undertaking.pk])

    refused = signed_in.post(address, {"services": [elsewhere.pk]})
    signed_in.post(address, {"services": [service.pk]})

    assert refused.status_code == 200
    assert list(undertaking.services.all()) == [service]
    assert "夜间巡逻岗" in signed_in.get(undertaking.get_absolute_url()).content.decode()
    assert AuditEvent.objects.get(verb="link_evidence").details["services"] == [service.pk]


def test_an_undertaking_comes_out_done_or_not_done_with_a_word_why(community, secretary):
    undertaking = UndertakingFactory(unit=community)

    with pytest.raises(ActivityError, match="未完成的原因"):
        services.settle_undertaking(undertaking, outcome=Settled.NOT_DONE, on=DAY, by=secretary)
    services.settle_undertaking(
        undertaking, outcome=Settled.NOT_DONE, note="资金未到位", on=DAY, by=secretary
    )

    assert (undertaking.outcome, undertaking.settled_on) == (Settled.NOT_DONE, DAY)
    with pytest.raises(ActivityError, match="已办结"):
        services.settle_undertaking(undertaking, outcome=Settled.DONE, on=DAY, by=secretary)
    with pytest.raises(ActivityError, match="重新打开"):
        services.change_undertaking(undertaking, goal=Benefit.SAFE, text="别的", by=secretary)
    services.reopen_undertaking(undertaking, by=secretary)
    services.settle_undertaking(undertaking, outcome=Settled.DONE, on=DAY, by=secretary)
    undertaking.refresh_from_db()
    assert (undertaking.outcome, undertaking.note) == (Settled.DONE, "")


def test_the_buttons_say_what_is_wrong(signed_in, community):
    undertaking = UndertakingFactory(unit=community)
    address = reverse("activities:undertaking_settle", args=[undertaking.pk])

    def press(**said):
        return signed_in.post(address, said, follow=True).content.decode()

    assert "请选择已完成或未完成" in press(outcome="nonsense")
    assert "请简要说明未完成的原因" in press(outcome="not_done")
    assert "已完成" in press(outcome="done")
    assert "已重新打开" in press(outcome="open")


def test_the_database_holds_that_what_is_settled_has_a_day(community):
    for outcome, day in (("done", None), ("", DAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            UndertakingFactory(unit=community, outcome=outcome, settled_on=day)


def test_the_list_shows_those_within_reach_by_unit_year_and_state(
    street_secretary, outsider, community, neighbour
):
    client = sign_in(street_secretary)
    UndertakingFactory(unit=community, text="甲事项")
    UndertakingFactory(unit=neighbour, text="乙事项", outcome="done", settled_on=DAY)
    UndertakingFactory(unit=community, text="丙事项", year=2025)
    UndertakingFactory(unit=outsider.grants.get().unit, text="县外事项")

    def shown(**asked):
        html = client.get(reverse("activities:undertakings"), asked).content.decode()
        return [name for name in "甲乙丙外" if f"{name}事项" in html]

    assert shown() == ["甲", "乙", "丙"]
    assert shown(unit=community.code) == ["甲", "丙"]
    assert shown(unit="xm") == []
    assert shown(year="2026") == ["甲", "乙"]
    assert shown(state="open") == ["甲", "丙"]
    assert shown(state="done") == ["乙"]
    assert shown(q=neighbour.name) == ["乙"]


def test_the_list_costs_the_same_for_one_row_and_for_thirty(
    signed_in, community, django_assert_max_num_queries
):
    address = reverse("activities:undertakings")
    UndertakingFactory(unit=community).services.add(ServiceFactory(unit=community))
    signed_in.get(address)
    with django_assert_max_num_queries(100) as few:
        signed_in.get(address)
    for _number in range(29):
        UndertakingFactory(unit=community).services.add(ServiceFactory(unit=community))
    with django_assert_max_num_queries(len(few)):
        signed_in.get(address)
