"""Two people change one record at once: each sees the other's change, and nothing is lost."""

import pytest
from django.urls import reverse

from activities import services
from activities.choices import Presence
from tests.activities.entries import entry, typed
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(community, secretary, zhang, li):
    """A submitted record, as it was when both opened it."""
    said = entry(
        community,
        place="三楼",
        chair="张三",
        presences={zhang.pk: Presence.PRESENT, li.pk: Presence.PRESENT},
    )
    return services.log_activity(said, by=secretary, submit=True)


def change(activity, community, people, **given):
    """What the other person saves first."""
    colleague = UserFactory(display_name="李副书记")
    said = {"place": "三楼", "chair": "张三", "presences": people}
    services.change_activity(activity, entry(community, **said | given), by=colleague)


def edit(activity) -> str:
    return reverse("activities:edit", args=[activity.pk])


def mine(community, activity, **given):
    said = {"do": "save", "place": "三楼", "chair": "张三", "version": activity.version}
    return typed(community, **said | given)


def present(activity) -> dict[str, str]:
    return dict(activity.attendances.values_list("person__name", "presence"))


def test_each_field_tells_who_changed_it_and_suggests_that_change(
    signed_in, community, opened, zhang, li
):
    both = {zhang.pk: Presence.PRESENT, li.pk: Presence.PRESENT}
    change(opened, community, both, topic="他的主题", place="他的地点")
    sent = mine(community, opened, topic="我的主题", chair="李四", here=[str(zhang.pk), str(li.pk)])

    answer = signed_in.post(edit(opened), sent)

    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    told = {c.label: (c.theirs, c.mine, c.suggested, c.is_clash) for c in conflict.fields}
    assert told == {
        "主题": ("他的主题", "我的主题", "mine", True),
        "地点": ("他的地点", "三楼", "theirs", False),
        "主持人": ("张三", "李四", "mine", False),
    }
    assert conflict.people == []


def test_what_was_chosen_for_each_field_is_saved(signed_in, community, opened, zhang, li):
    both = {zhang.pk: Presence.PRESENT, li.pk: Presence.PRESENT}
    change(opened, community, both, topic="他的主题", place="他的地点", minutes="他的记录")
    here = [str(zhang.pk), str(li.pk)]
    sent = mine(community, opened, topic="我的主题", chair="李四", here=here)
    version = signed_in.post(edit(opened), sent).context["form"]["version"].value()

    chosen = {"keep-topic": "theirs", "keep-place": "theirs", "keep-chair": "mine"}
    signed_in.post(edit(opened), sent | chosen | {"version": version, "keep-minutes": "theirs"})

    opened.refresh_from_db()
    assert (opened.topic, opened.place, opened.chair) == ("他的主题", "他的地点", "李四")
    assert opened.minutes == "他的记录"


@pytest.mark.parametrize(
    ("whose", "result"),
    [
        ("mine", {"张三": "leave", "李四": "present"}),
        ("theirs", {"张三": "present", "李四": "absent"}),
        ("both", {"张三": "leave", "李四": "absent"}),
    ],
)
def test_the_list_is_mine_theirs_or_both_changes_together(
    signed_in, community, opened, zhang, li, whose, result
):
    change(opened, community, {zhang.pk: Presence.PRESENT, li.pk: Presence.ABSENT})
    sent = mine(community, opened, here=[str(li.pk)], **{f"away-{zhang.pk}": "leave"})
    answer = signed_in.post(edit(opened), sent)
    conflict = answer.context["conflict"]
    assert [(p.name, p.theirs, p.mine) for p in conflict.people] == [
        ("李四", "缺席", "到会"),
        ("张三", "到会", "请假"),
    ]

    again = {"version": answer.context["form"]["version"].value(), "opened": conflict.opened}
    signed_in.post(edit(opened), sent | again | {"keep-people": whose})

    assert present(opened) == result


def test_of_a_draft_nobody_knows_what_was_before_and_both_keeps_everybody(
    signed_in, community, secretary, zhang, li
):
    draft = services.log_activity(entry(community), by=secretary)
    change(draft, community, {li.pk: Presence.PRESENT})
    sent = mine(community, draft, do="draft", here=[str(zhang.pk)])
    answer = signed_in.post(edit(draft), sent)
    assert answer.context["conflict"].opened is None

    version = answer.context["form"]["version"].value()
    signed_in.post(edit(draft), sent | {"version": version, "keep-people": "both"})

    assert present(draft) == {"张三": "present", "李四": "present"}


def test_the_kinds_own_fields_are_chosen_like_any_other(signed_in, community, secretary):
    kinds = frozenset({"themed_day"})
    said = entry(community, kinds=kinds, extra={"theme": "原来的"})
    record = services.log_activity(said, by=secretary, submit=True)
    services.change_activity(
        record, entry(community, kinds=kinds, extra={"theme": "他的"}), by=UserFactory()
    )
    sent = typed(
        community,
        do="save",
        kinds=["themed_day"],
        version=record.version,
        **{"extra-theme": "我的"},
    )
    answer = signed_in.post(edit(record), sent)
    fields = {c.name: (c.theirs, c.mine) for c in answer.context["conflict"].fields}
    assert fields == {"extra-theme": ("他的", "我的")}

    version = answer.context["form"]["version"].value()
    signed_in.post(edit(record), sent | {"version": version, "keep-extra-theme": "theirs"})

    record.refresh_from_db()
    assert record.extra == {"theme": "他的"}


def test_a_third_change_meanwhile_is_shown_again_and_overwritten_by_nobody(
    signed_in, community, opened, zhang, li
):
    people = {zhang.pk: Presence.PRESENT, li.pk: Presence.PRESENT}
    change(opened, community, people, topic="第二人的")
    here = [str(zhang.pk), str(li.pk)]
    sent = mine(community, opened, topic="我的主题", here=here)
    version = signed_in.post(edit(opened), sent).context["form"]["version"].value()
    change(opened, community, people, topic="第三人的")

    answer = signed_in.post(edit(opened), sent | {"version": version, "keep-topic": "mine"})

    assert answer.status_code == 409
    opened.refresh_from_db()
    assert opened.topic == "第三人的"


def test_an_odd_word_in_the_choice_does_no_harm(signed_in, community, opened):
    odd = {"keep-nothing": "theirs", "keep-extra-nothing": "theirs", "opened": "9" * 30}

    answer = signed_in.post(edit(opened), mine(community, opened, **odd, **{"keep-people": "both"}))

    assert answer.status_code == 302
