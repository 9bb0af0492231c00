"""Fields that name a unit or a person: found within reach, kept by key, shown by name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services
from activities.extra_form import ExtraForm
from activities.models import Activity
from activities.naming import extra_of, named, names_of_named, offered, text_of
from activities.sheets import sheets_of
from tests.activities.entries import entry, typed
from tests.cast import sign_in
from tests.factories import ActivityFactory, MemberFactory

pytestmark = pytest.mark.django_db


def chosen(code, text, user, **more):
    form = ExtraForm(
        {f"extra-{code}": text}, kinds=["central_study", "staff_training"], user=user, **more
    )
    assert form.is_valid(), form.errors
    return form.values(["central_study", "staff_training"]).get(code)


def test_what_fits_is_offered_within_reach_by_name_and_pinyin(
    community, neighbour, secretary, street_secretary, zhang
):
    MemberFactory(unit=neighbour, name="张三")

    assert offered("person", "张", user=secretary) == ["张三（河滨社区）"]
    both = {"张三（河滨社区）", "张三（桥头社区）"}
    assert set(offered("person", "zs", user=street_secretary)) == both
    assert offered("unit", "qiaotou", user=street_secretary) == [f"桥头社区（{neighbour.code}）"]
    assert offered("unit", "桥头", user=secretary) == []
    assert offered("person", " ", user=secretary) == []


def test_whoever_is_chosen_is_kept_by_key(community, secretary, zhang):
    kept = chosen("lead_speaker", "张三（河滨社区）", secretary)

    assert kept == {"key": str(zhang.pk), "name": "张三", "at": "河滨社区"}
    assert named("person", "张三", user=secretary) == kept
    unit = {"key": community.code, "name": "河滨社区", "at": community.code}
    for text in ("河滨社区", community.code.upper(), f"河滨社区（{community.code}）"):
        assert named("unit", text, user=secretary) == unit


def test_what_names_nobody_or_several_stays_in_words(
    community, neighbour, secretary, street_secretary, zhang
):
    MemberFactory(unit=neighbour, name="张三")

    assert chosen("lead_speaker", "张三", street_secretary) == "张三"
    assert chosen("lead_speaker", "省委党校（贵阳）", street_secretary) == "省委党校（贵阳）"
    assert chosen("organiser", "桥头社区", secretary) == "桥头社区"  # beyond this one's reach
    assert chosen("organiser", "", secretary) is None


def test_another_who_changes_the_rest_leaves_whom_it_names(
    community, neighbour, secretary, street_secretary
):
    kept = chosen("organiser", "桥头社区", street_secretary)
    said = {"organiser": kept}

    assert chosen("organiser", text_of(kept), secretary, initial=said) == kept
    assert chosen("organiser", "区委党校", secretary, initial=said) == "区委党校"


def test_the_name_of_today_is_shown_and_that_of_then_when_nobody_is_left(
    community, secretary, signed_in, zhang
):
    said = typed(community, kinds=["central_study"], **{"extra-lead_speaker": "张三"})
    signed_in.post("/activities/log/", said)
    record = Activity.objects.get()
    assert record.extra["lead_speaker"]["key"] == str(zhang.pk)
    zhang.name = "张珊"
    zhang.save()

    for address in ("", "print/"):
        page = signed_in.get(f"{record.get_absolute_url()}{address}").content.decode()
        assert "张珊" in page
        assert str(zhang.pk) not in page
    gone = {"lead_speaker": {"key": "00000000-0000-0000-0000-000000000000", "name": "李四"}}
    assert names_of_named([gone]) == {}
    services.change_activity(
        record, entry(community, kinds=frozenset({"central_study"}), extra=gone), by=secretary
    )
    assert "李四" in signed_in.get(record.get_absolute_url()).content.decode()


def test_versions_tell_of_the_change_by_name(community, secretary, signed_in, zhang, li):
    kinds = frozenset({"central_study"})
    first = {"lead_speaker": named("person", "张三", user=secretary)}
    record = services.log_activity(
        entry(community, kinds=kinds, extra=first), by=secretary, submit=True
    )
    later = {"lead_speaker": named("person", "李四", user=secretary)}
    services.change_activity(record, entry(community, kinds=kinds, extra=later), by=secretary)

    page = signed_in.get(reverse("activities:versions", args=[record.pk])).content.decode()

    assert "张三" in page
    assert "李四" in page
    assert str(zhang.pk) not in page


def test_the_form_shows_whom_it_names_and_offers_others(community, signed_in, secretary, zhang):
    said = typed(community, kinds=["central_study"], **{"extra-lead_speaker": "张三"})
    signed_in.post("/activities/log/", said)

    page = signed_in.get(f"{Activity.objects.get().get_absolute_url()}edit/").content.decode()
    address = reverse("activities:offered", args=["lead_speaker"])
    found = signed_in.get(address, {"extra-lead_speaker": "张"}).content.decode()

    assert 'value="张三（河滨社区）"' in page
    assert address in page
    assert 'id="offered-lead_speaker"' in page
    assert '<option value="张三（河滨社区）">' in found


def test_nothing_is_offered_for_other_fields_and_to_those_who_log_nothing(
    community, signed_in, viewer
):
    for code in ("agenda", "nothing"):
        assert signed_in.get(reverse("activities:offered", args=[code])).status_code == 404
    address = reverse("activities:offered", args=["organiser"])
    assert sign_in(viewer).get(address).status_code == 404


def test_many_sheets_cost_no_more_queries_than_one(community, secretary, zhang):
    extra = {"lead_speaker": named("person", "张三", user=secretary)}

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            sheets = sheets_of(Activity.objects.all())
        assert all("张三" in dict(sheet.lines).values() for sheet in sheets)
        return len(queries)

    ActivityFactory(unit=community, kinds=("central_study",), extra=extra, submitted=True)
    one = cost()
    for _ in range(29):
        ActivityFactory(unit=community, kinds=("central_study",), extra=extra, submitted=True)
    assert cost() == one


# -- several of them, one on each line -----------------------------------------
MANY = ["central_study", "joint_conference"]


def lines(code, text, user, **more):
    form = ExtraForm({f"extra-{code}": text}, kinds=MANY, user=user, **more)
    assert form.is_valid(), form.errors
    return form.values(MANY).get(code)


def test_each_line_names_whoever_is_on_record_and_others_in_words(
    community, neighbour, secretary, street_secretary, zhang, li
):
    MemberFactory(unit=neighbour, name="李四")
    typed_in = "张三\n李四（桥头社区）\n李四\n省委党校王老师"

    kept = lines("exchange_speakers", typed_in, street_secretary)

    assert [each["at"] if isinstance(each, dict) else each for each in kept] == [
        "河滨社区",
        "桥头社区",
        "李四",
        "省委党校王老师",
    ]
    units = lines("participants", f"河滨社区\n{neighbour.code}\n供电营业所", secretary)
    assert units == [
        {"key": community.code, "name": "河滨社区", "at": community.code},
        neighbour.code,  # beyond this one's reach
        "供电营业所",
    ]


def test_lines_that_stood_there_stay_whom_they_name(
    community, secretary, street_secretary, neighbour, zhang
):
    far = MemberFactory(unit=neighbour, name="赵六")
    kept = lines("exchange_speakers", "赵六\n张三\n来宾", street_secretary)

    again = lines(
        "exchange_speakers",
        "来宾\n赵六（桥头社区）\n张三",
        secretary,
        initial={"exchange_speakers": kept},
    )

    assert again == ["来宾", {"key": str(far.pk), "name": "赵六", "at": "桥头社区"}, *again[2:]]
    zhang.name = "张叁"
    zhang.save()
    record = ActivityFactory(
        unit=community, kinds=["central_study"], extra={"exchange_speakers": again}
    )
    [(_field, words)] = extra_of(record)
    assert words == "来宾、赵六、张叁"


def test_the_form_offers_people_and_units_for_the_lines(signed_in, secretary, community, zhang):
    page = signed_in.get("/activities/log/", {"kind": MANY}).content.decode()
    found = signed_in.get(
        reverse("activities:offered", args=["exchange_speakers"]), {"offer": "zs"}
    ).content.decode()

    assert 'data-adds="id_extra-exchange_speakers"' in page
    assert "张三（河滨社区）" in found


def test_many_lines_cost_no_more_queries_than_one(
    secretary, community, django_assert_max_num_queries
):
    names = [MemberFactory(unit=community, name=f"发言{number}").name for number in range(30)]
    with django_assert_max_num_queries(6):
        kept = lines("exchange_speakers", "\n".join(names), secretary)
    assert all(isinstance(each, dict) for each in kept)
