"""The search over everything finds what one may see, by name, pinyin and initials."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import sign_in
from tests.factories import ActivityFactory, MemberFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/search/"


def found(client, words) -> dict[str, list[str]]:
    """What is found, by the heading of its sort."""
    groups = client.get(ADDRESS, {"q": words}).context["groups"]
    return {group.heading: [item.title for item in group.items] for group in groups}


@pytest.mark.parametrize("words", ["李小红", "小红", "lixiaohong", "lxh", " LXH "])
def test_a_person_is_found_by_name_pinyin_and_initials(signed_in, community, words):
    MemberFactory(unit=community, name="李小红")

    assert found(signed_in, words)["人员"] == ["李小红"]


def test_who_is_out_of_reach_is_not_found(signed_in, neighbour):
    MemberFactory(unit=neighbour, name="李小红")
    ActivityFactory(unit=neighbour, topic="李小红的党课")

    assert found(signed_in, "李小红") == {}
    assert found(signed_in, "lxhddk") == {}
    assert found(signed_in, neighbour.name) == {}


@pytest.mark.parametrize("words", ["党课", "dangke", "dk", "party lecture"])
def test_a_kind_of_activity_and_a_rule_are_found_by_their_names(signed_in, words):
    groups = found(signed_in, words)

    assert "“党课”类型的全部记录" in groups["活动"]


@pytest.mark.parametrize("words", ["党课", "第9条", "party-lectures"])
def test_a_rule_is_found_by_its_title_clause_or_id(signed_in, words):
    assert "党课" in found(signed_in, words)["指标"]


def test_a_rule_of_no_numbered_clause_is_noted_as_on_the_other_pages(signed_in):
    (group,) = signed_in.get(ADDRESS, {"q": "五好"}).context["groups"]

    assert [(item.title, item.note) for item in group.items] == [("“五好”党组织", "第2部分")]


def test_an_activity_is_found_by_its_topic_and_leads_to_it(signed_in, community):
    activity = ActivityFactory(unit=community, topic="清洁家园行动")

    (group,) = signed_in.get(ADDRESS, {"q": "家园"}).context["groups"]

    assert group.items[0].href == activity.get_absolute_url()


@pytest.mark.parametrize("words", ["家园", "qingjiejiayuan", "jiayuan", "QJJY", "jyxd"])
def test_an_activity_is_found_by_the_sound_and_initials_of_its_topic(signed_in, community, words):
    ActivityFactory(unit=community, topic="清洁家园行动")

    assert found(signed_in, words)["活动"] == ["清洁家园行动"]


def test_the_list_behind_the_search_finds_what_the_search_found(signed_in, community):
    ActivityFactory(unit=community, topic="清洁家园行动")
    ActivityFactory(unit=community, topic="学习党章")

    rows = signed_in.get("/activities/", {"text": "qjjy"}).context["object_list"]

    assert [row.topic for row in rows] == ["清洁家园行动"]


def test_more_than_fits_leads_to_the_list(signed_in, community):
    for number in range(9):
        MemberFactory(unit=community, name=f"赵{number}")

    page = signed_in.get(ADDRESS, {"q": "赵"}).content.decode()

    assert "/members/?q=%E8%B5%B5" in page


@pytest.mark.parametrize("words", ["", "  ", "\0", "没有这样的东西"])
def test_nothing_is_found_without_complaint(signed_in, words):
    assert found(signed_in, words) == {}


def test_typing_gets_the_results_alone(signed_in, community):
    MemberFactory(unit=community, name="李小红")

    part = signed_in.get(ADDRESS, {"q": "lxh"}, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="found"')


def test_an_identifier_in_full_finds_its_owner_for_those_who_may_identify(
    signed_in, viewer, community
):
    person = MemberFactory(unit=community, name="李小红")
    person.set_phone("13812345678")
    person.save()

    assert found(signed_in, "13812345678")["人员"] == ["李小红"]
    assert found(sign_in(viewer), "13812345678") == {}


def test_the_search_costs_the_same_however_much_is_found(signed_in, community):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(ADDRESS, {"q": "学习"})
        return len(queries)

    MemberFactory(unit=community, name="学习一")
    ActivityFactory(unit=community, topic="学习一")
    few = cost()
    for number in range(20):
        MemberFactory(unit=community, name=f"学习{number}")
        ActivityFactory(unit=community, topic=f"学习{number}")

    assert cost() == few
