"""The tree, a unit's page and the forms on it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations import services
from organizations.choices import UnitKind
from organizations.models import Body, Fund, Unit
from tests.cast import sign_in
from tests.factories import (
    AreaFactory,
    BodyFactory,
    CommunityFactory,
    CountyFactory,
    GrantFactory,
    StreetFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
TREE = reverse("organizations:tree")


def page(client, name, *args, **query):
    response = client.get(reverse(f"organizations:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def queries(client, address):
    """How often the page at `address` asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def post(client, act, *args, **data):
    return client.post(reverse(f"organizations:{act}", args=args), data)


def test_the_tree_shows_ones_own_reach_and_nothing_else(signed_in, community, neighbour):
    text = page(signed_in, "tree")

    assert community.name in text
    assert neighbour.name not in text
    assert community.parent.name not in text


def test_the_tree_counts_the_communities_of_each_street(viewer, community, neighbour):
    assert "2个社区" in page(sign_in(viewer), "tree")


def test_the_tree_leaves_out_what_has_been_dissolved(viewer, community, neighbour):
    services.dissolve_unit(neighbour, on=date(2026, 1, 1), by=None)

    text = page(sign_in(viewer), "tree")

    assert community.name in text
    assert neighbour.name not in text


def test_someone_without_a_part_in_any_unit_is_told_so(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="new"))

    assert "请联系管理员" in page(client, "tree")


def test_the_tree_costs_the_same_however_large(organizer, street):
    CommunityFactory(parent=street)
    client = sign_in(organizer)
    few = queries(client, TREE)
    CommunityFactory.create_batch(30, parent=street)

    assert queries(client, TREE) == few < 10


@pytest.fixture
def large(organizer, county, monkeypatch):
    """A county too large to be drawn whole; the browser of its organiser."""
    monkeypatch.setattr("organizations.outline.WHOLE_UP_TO", 3)
    for number in range(3):
        street = StreetFactory(code=f"l{number}", parent=county)
        CommunityFactory.create_batch(2, parent=street)
    return sign_in(organizer)


def test_of_a_large_reach_only_what_is_opened_is_drawn(large):
    communities = set(Unit.objects.filter(parent__code="l1").values_list("name", flat=True))

    closed = page(large, "tree")
    opened = page(large, "tree", open="l1")

    assert not any(name in closed for name in communities)
    assert all(name in opened for name in communities)
    assert '?open=l1"' in closed  # the way for those without JavaScript


def test_a_large_tree_costs_the_same_however_much_is_opened(large):
    few = queries(large, f"{TREE}?open=l1")
    CommunityFactory.create_batch(30, parent=Unit.objects.get(code="l1"))

    assert queries(large, f"{TREE}?open=l1") == few < 12


def test_htmx_gets_what_stands_below_and_others_the_tree_opened_there(large):
    address = reverse("organizations:children", args=["l1"])

    part = large.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = large.get(address)

    assert part.lstrip().startswith("<ul>")
    assert part.count("<li>") == 2
    assert whole.url == f"{TREE}?open=l1"


def test_opening_at_what_is_beyond_ones_reach_opens_nothing(large):
    beyond = CommunityFactory()

    assert beyond.name not in page(large, "tree", open=beyond.code)


def test_search_shows_what_was_found_with_the_way_to_it(viewer, community, neighbour):
    text = page(sign_in(viewer), "tree", q="hbsq")

    assert community.name in text
    assert neighbour.name not in text
    assert community.parent.get_absolute_url() in text


def test_search_finds_nothing_beyond_ones_reach(signed_in, neighbour):
    assert "没有找到组织" in page(signed_in, "tree", q=neighbour.name)


def test_search_keeps_to_fifty_a_page_and_to_its_queries(organizer, street):
    CommunityFactory(parent=street)
    client = sign_in(organizer)
    few = queries(client, f"{TREE}?q=测试")
    CommunityFactory.create_batch(60, parent=street)

    assert queries(client, f"{TREE}?q=测试") == few < 10
    assert page(client, "tree", q="测试").count('class="unit-code"') == 50


def test_search_answers_htmx_with_the_results_alone(signed_in, community):
    response = signed_in.get(TREE, {"q": "河"}, headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith('<section id="units"')


def test_a_unit_has_its_facts_its_way_and_its_links(viewer, community, county):
    text = page(sign_in(viewer), "detail", community.code)

    assert "社区党支部" in text
    assert community.parent.get_absolute_url() in text
    assert county.get_absolute_url() not in text  # beyond the viewer's reach


def test_a_streets_page_names_the_communities_without_an_organisation(viewer, street, community):
    bare = AreaFactory(street=street, name="待建社区")

    text = page(sign_in(viewer), "detail", street.code)

    assert bare.name in text
    assert "第1条" in text


def test_a_page_costs_the_same_however_much_a_unit_has(organizer, street):
    client = sign_in(organizer)
    few = queries(client, street.get_absolute_url())
    VenueFactory.create_batch(30, unit=street)
    BodyFactory.create_batch(30, unit=street, ended_on=date(2026, 1, 1))
    CommunityFactory.create_batch(30, parent=street)
    for _number in range(30):
        services.rename_unit(street, name="西街街道", on=date(2026, 1, 1), by=organizer)

    assert queries(client, street.get_absolute_url()) == few < 18


def test_a_code_with_odd_signs_has_an_address(organizer, street):
    unit = CommunityFactory(code="m-1.2_x", parent=street)

    assert unit.name in page(sign_in(organizer), "detail", "m-1.2_x")


def test_history_tells_of_a_move_without_naming_what_is_beyond_reach(
    county, street, community, secretary
):
    other = StreetFactory(parent=county, code="s2", name="西街街道")
    services.move_unit(community, parent=other, on=date(2026, 1, 1), by=None)

    text = page(sign_in(secretary), "detail", community.code)

    assert "其他组织" in text
    assert other.name not in text


def test_a_viewer_is_offered_no_change(viewer, community):
    text = page(sign_in(viewer), "detail", community.code)

    assert "/add/" not in text
    assert "/rename/" not in text


def test_a_secretary_sets_up_a_body_and_closes_it(signed_in, community):
    made = post(
        signed_in, "add", community.code, "bodies", kind="joint_conference", begun_on="2026-01-05"
    )
    body = Body.objects.get()
    closed = post(signed_in, "close", community.code, "bodies", body.pk, on="2026-02-01")

    body.refresh_from_db()
    assert (made.status_code, closed.status_code) == (302, 302)
    assert (body.unit, body.begun_on, body.ended_on) == (
        community,
        date(2026, 1, 5),
        date(2026, 2, 1),
    )


@pytest.mark.parametrize(
    ("thing", "data"),
    [
        ("venues", {"name": "活动室", "tenure": "lease", "square_metres": "80"}),
        ("services", {"name": "服务点", "kind": "health", "price": "free"}),
        ("facilities", {"name": "书屋", "kind": "reading_room"}),
        ("funds", {"year": "2026", "source": "budget", "amount": "1200.50"}),
    ],
)
def test_a_secretary_writes_down_what_the_unit_has(signed_in, community, thing, data):
    assert post(signed_in, "add", community.code, thing, **data).status_code == 302

    shown = page(signed_in, "detail", community.code)
    assert getattr(community, thing).count() == 1
    assert data.get("name", "1,200.50") in shown


@pytest.mark.parametrize(
    ("thing", "data", "said"),
    [
        ("venues", {"name": "", "tenure": "lease"}, "请填写。"),
        ("venues", {"name": "某", "tenure": "lease", "begun_on": "2999-01-01"}, "不能晚于今天"),
        ("bodies", {"kind": "nonsense"}, "nonsense"),
        ("funds", {"year": "2026", "source": "budget", "amount": "-1"}, "0"),
        ("funds", {"year": "2999", "source": "budget", "amount": "1"}, "年份"),
    ],
)
def test_what_makes_no_sense_is_said_and_not_kept(signed_in, community, thing, data, said):
    response = post(signed_in, "add", community.code, thing, **data)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not getattr(community, thing).exists()


def test_an_unknown_sort_of_thing_is_not_found(signed_in, community):
    assert post(signed_in, "add", community.code, "grants").status_code == 404
    assert post(signed_in, "close", community.code, "funds", 1).status_code == 404


def test_a_thing_of_another_unit_is_not_closed(signed_in, community, neighbour):
    theirs = VenueFactory(unit=neighbour)

    response = post(signed_in, "close", community.code, "venues", theirs.pk, on="2026-01-01")

    theirs.refresh_from_db()
    assert (response.status_code, theirs.ended_on) == (404, None)


def test_funds_typed_again_replace_what_was_there(signed_in, community):
    for amount in ("100", "150"):
        post(signed_in, "add", community.code, "funds", year="2026", source="budget", amount=amount)

    assert Fund.objects.get().amount == Decimal(150)


def test_an_organizer_founds_a_unit_below(organizer, street):
    response = post(
        sign_in(organizer),
        "found",
        street.code,
        kind="community_branch",
        name="新城社区",
        code=" N1 ",
    )

    unit = Unit.objects.get(code="n1")
    assert response.url == unit.get_absolute_url()
    assert unit.area.name == "新城社区"


def test_a_code_that_is_taken_is_said_on_the_form(organizer, street, community):
    response = post(
        sign_in(organizer),
        "found",
        street.code,
        kind="community_branch",
        name="又一社区",
        code=community.code,
    )

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert not Unit.objects.filter(name="又一社区").exists()


def test_a_refused_change_shows_the_unit_as_it_is(organizer, street, community):
    address = reverse("members:dissolve", args=[street.code])
    response = sign_in(organizer).post(address, {"on": timezone.localdate()})

    text = response.content.decode()
    assert "请先划转或撤销" in text
    street.refresh_from_db()
    assert street.is_open


def test_an_organizer_renames_moves_and_upgrades(organizer, county, community):
    client = sign_in(organizer)
    west = StreetFactory(parent=county, code="s2")
    today = timezone.localdate()

    post(client, "rename", community.code, name="朝阳社区", on=today)
    post(client, "kind", community.code, kind="community_committee", on=today)
    post(client, "move", community.code, parent="s2", on=today)
    post(client, "edit", community.code, contact="王老师", address="一号", established_on="")

    community.refresh_from_db()
    assert (community.name, community.kind) == ("朝阳社区", UnitKind.COMMUNITY_COMMITTEE)
    assert (community.parent, community.contact) == (west, "王老师")


def test_a_unit_is_moved_only_within_ones_own_reach(organizer, community):
    beyond = StreetFactory(code="x1", parent=CountyFactory(code="x"))

    form = page(sign_in(organizer), "move", community.code)
    response = post(
        sign_in(organizer), "move", community.code, parent="x1", on=timezone.localdate()
    )

    assert beyond.name not in form
    assert response.status_code == 200
    community.refresh_from_db()
    assert community.county_code == "c"


def test_a_change_lies_not_in_the_future(organizer, community):
    response = post(sign_in(organizer), "rename", community.code, name="新", on="2999-01-01")

    assert "不能晚于今天" in response.content.decode()


@pytest.mark.parametrize("name", ["found", "edit", "rename", "move", "kind"])
def test_only_an_organizer_changes_the_tree(signed_in, street_secretary, community, name):
    for client in (signed_in, sign_in(street_secretary)):
        address = reverse(f"organizations:{name}", args=[community.code])
        assert client.get(address).status_code == 404


def test_a_county_may_be_read_by_two_grants_of_one_person(county, street, organizer):
    GrantFactory(user=organizer, unit=street)

    assert page(sign_in(organizer), "tree").count(street.get_absolute_url()) == 1
