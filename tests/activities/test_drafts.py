"""What is typed is kept apart from the records, for its writer alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from activities import services
from activities.models import Activity, EntryDraft
from activities.services.drafts import KEPT_AT_MOST, KEPT_FOR
from tests.activities.entries import entry, rows_of, typed
from tests.cast import sign_in
from tests.factories import GrantFactory, PlanFactory

pytestmark = pytest.mark.django_db
LOG, KEEP = "/activities/log/", "/activities/log/kept/"


def keep(client, data, *, turn=0, **more):
    return client.post(KEEP, data | {"draft-key": data["form_key"], "draft-turn": turn} | more)


def test_a_form_is_kept_and_taken_up_as_it_was(signed_in, community, zhang, li):
    data = typed(community, topic="半途", here=[str(li.pk)], **{f"away-{zhang.pk}": "leave"})

    answer = keep(signed_in, data)
    page = signed_in.get(LOG, {"draft": data["form_key"]})

    assert answer.json()["turn"] == 1
    assert page.context["form"]["topic"].value() == "半途"
    assert rows_of(page) == {"张三": "leave", "李四": "present"}
    assert page.context["draft_turn"] == 1
    assert not Activity.objects.exists()


def test_the_next_form_offers_what_is_unfinished(signed_in, community):
    data = typed(community, topic="半途")
    keep(signed_in, data)

    page = signed_in.get(LOG).content.decode()

    assert "半途" in page
    assert f"?draft={data['form_key']}" in page


def test_a_second_window_overwrites_nothing_unless_told_to(signed_in, community):
    data = typed(community, topic="一")
    keep(signed_in, data)
    keep(signed_in, data | {"topic": "二"}, turn=1)

    late = keep(signed_in, data | {"topic": "三"}, turn=1)

    assert (late.status_code, late.json()["turn"]) == (409, 2)
    own = EntryDraft.objects.filter(key=data["form_key"])
    assert own.get().topic == "二"
    assert keep(signed_in, data | {"topic": "三"}, turn=1, **{"draft-take": "1"}).status_code == 200
    assert own.get().topic == "三"


@pytest.mark.parametrize("do", ["draft", "submit"])
def test_nothing_is_kept_once_the_record_is_saved(signed_in, community, do):
    data = typed(community, do=do)
    keep(signed_in, data)

    signed_in.post(LOG, data)
    late = keep(signed_in, data, turn=1)

    assert not EntryDraft.objects.exists()
    assert late.status_code == 410
    assert late.json()["record"] == Activity.objects.get().get_absolute_url()


def test_a_record_that_is_changed_keeps_its_form_too(signed_in, secretary, community):
    record = services.log_activity(entry(community), by=secretary)
    edit = f"/activities/{record.pk}/edit/"
    data = typed(community, topic="改到一半", version=record.version)
    more = {"draft-key": str(record.pk), "draft-activity": str(record.pk)}

    signed_in.post(KEEP, data | more)
    page = signed_in.get(edit, {"draft": str(record.pk)})

    assert page.context["form"]["topic"].value() == "改到一半"
    signed_in.post(edit, data | {"do": "draft"})
    record.refresh_from_db()
    assert record.topic == "改到一半"
    assert not EntryDraft.objects.exists()


def test_nobody_else_sees_it(signed_in, community):
    data = typed(community, topic="半途")
    keep(signed_in, data)
    colleague = sign_in(GrantFactory(unit=community, role="secretary").user)

    assert "半途" not in colleague.get(LOG).content.decode()
    assert colleague.get(LOG, {"draft": data["form_key"]}).status_code == 404
    discard = f"{KEEP}{data['form_key']}/discard/"
    assert colleague.post(discard).status_code == 404
    assert signed_in.post(discard).status_code == 302
    assert not EntryDraft.objects.exists()


def test_neither_token_nor_search_is_kept(signed_in, community):
    keep(signed_in, typed(community, find="欧阳", csrfmiddlewaretoken="x"))

    assert not {"find", "csrfmiddlewaretoken", "do"} & EntryDraft.objects.get().content.keys()


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_form_without_a_key_is_refused(signed_in, community, key):
    answer = signed_in.post(KEEP, typed(community) | {"draft-key": key})

    assert answer.status_code == 400
    assert not EntryDraft.objects.exists()


def test_only_so_many_are_kept_and_not_for_ever(secretary):
    for _ in range(KEPT_AT_MOST + 3):
        services.keep_draft(owner=secretary, key=uuid4(), page=LOG, content={}, turn=0)
    assert EntryDraft.objects.count() == KEPT_AT_MOST

    long_ago = timezone.now() - KEPT_FOR - timedelta(days=1)
    old = EntryDraft.objects.values_list("pk", flat=True)[:2]
    EntryDraft.objects.filter(pk__in=list(old)).update(saved_at=long_ago)

    assert services.forget_old_drafts() == 2


def test_what_was_begun_from_a_plan_is_taken_up_with_it(signed_in, community):
    plan = PlanFactory(unit=community)
    data = typed(community, topic="半途", plan=str(plan.pk))
    keep(signed_in, data)

    page = signed_in.get(LOG, {"draft": data["form_key"]})
    assert page.context["plan"] == plan
    assert f'name="plan" value="{plan.pk}"' in page.content.decode()
    signed_in.post(LOG, data)

    plan.refresh_from_db()
    assert plan.activity == Activity.objects.get()


def test_a_form_that_is_wrong_still_says_from_which_plan_it_is(signed_in, community):
    plan = PlanFactory(unit=community)

    page = signed_in.post(f"{LOG}?plan={plan.pk}", typed(community, topic=""))

    assert "按计划预先填好" in page.content.decode()


# -- nothing is lost between windows and devices --------------------------------
def topics():
    return sorted(draft.topic for draft in EntryDraft.objects.all())


def test_what_a_window_loses_the_race_with_is_kept_beside(signed_in, community):
    data = typed(community, topic="一")
    keep(signed_in, data)
    keep(signed_in, data | {"topic": "二"}, turn=1)

    late = keep(signed_in, data | {"topic": "三"}, turn=1).json()
    more = {"draft-key": late["aside"]}
    keep(signed_in, data | {"topic": "三又写"}, turn=late["aside_turn"], **more)

    assert topics() == ["三又写", "二"]
    page = signed_in.get(LOG, {"draft": late["aside"]})
    assert page.context["form"]["topic"].value() == "三又写"
    assert page.context["form"]["form_key"].value() == late["aside"]
    assert [draft.topic for draft in page.context["unfinished"]] == ["二"]


def test_whoever_takes_over_keeps_the_others_text_and_one_of_the_own(signed_in, community):
    data = typed(community, topic="一")
    keep(signed_in, data)
    keep(signed_in, data | {"topic": "二"}, turn=1)
    late = keep(signed_in, data | {"topic": "三"}, turn=1).json()

    taken = keep(
        signed_in,
        data | {"topic": "三"},
        turn=1,
        **{"draft-take": "1", "draft-instead": late["aside"]},
    )

    assert taken.status_code == 200
    assert topics() == ["三", "二"]


def test_a_device_that_comes_back_on_line_overwrites_nothing(signed_in, community):
    """Its browser sends what it kept with `take` and no turn."""
    data = typed(community, topic="一", minutes="电脑上写的一大段")
    keep(signed_in, data)

    keep(signed_in, data | {"minutes": "手机断网时写的"}, turn=0, **{"draft-take": "1"})

    kept = {draft.content["minutes"][0] for draft in EntryDraft.objects.all()}
    assert kept == {"电脑上写的一大段", "手机断网时写的"}


def test_saving_the_form_keeps_what_another_device_has_typed_since(signed_in, community):
    data = typed(community, topic="一", minutes="甲")
    keep(signed_in, data)
    keep(signed_in, data | {"minutes": "乙写了很多"}, turn=1)

    signed_in.post(LOG, data | {"do": "draft", "draft-key": data["form_key"], "draft-turn": "1"})

    assert Activity.objects.get().minutes == "甲"
    [left] = EntryDraft.objects.all()
    assert left.content["minutes"] == ["乙写了很多"]
    assert str(left.key) != data["form_key"]
    page = signed_in.get(LOG, {"draft": str(left.key)})
    again = {"do": "draft", "draft-key": str(left.key), "draft-turn": "1"}
    typed_there = data | {"minutes": "乙写了很多", "form_key": str(left.key)}
    assert page.context["draft_key"] == left.key
    signed_in.post(f"{LOG}?draft={left.key}", typed_there | again)
    assert Activity.objects.count() == 2
    assert not EntryDraft.objects.exists()


def test_saving_the_form_leaves_no_entry_of_the_own_text(signed_in, community):
    data = typed(community, topic="一", minutes="甲乙丙")
    keep(signed_in, data | {"minutes": "甲乙"})
    keep(signed_in, data | {"minutes": "甲乙丙"}, turn=1)  # its answer never came

    signed_in.post(LOG, data | {"do": "draft", "draft-key": data["form_key"], "draft-turn": "1"})

    assert not EntryDraft.objects.exists()


def test_a_form_saved_in_two_windows_makes_one_record_and_loses_no_text(signed_in, community):
    data = typed(community, topic="一", minutes="甲")
    signed_in.post(LOG, data | {"do": "draft"})

    told = keep(signed_in, data | {"minutes": "乙"})
    page = signed_in.post(
        LOG,
        data | {"minutes": "乙又写", "do": "draft", "draft-key": told.json()["aside"]},
        follow=True,
    )

    assert told.status_code == 409
    assert Activity.objects.get().minutes == "甲"
    assert EntryDraft.objects.get().content["minutes"] == ["乙又写"]
    assert "未完成" in page.content.decode()


def test_an_entry_beside_a_change_is_of_the_record(signed_in, community, secretary):
    record = services.log_activity(entry(community, topic="旧"), by=secretary)
    data = typed(community, topic="一", version="1")
    more = {"draft-key": str(record.pk), "draft-activity": str(record.pk)}
    keep(signed_in, data, **more)
    late = keep(signed_in, data | {"topic": "二"}, **more).json()

    page = signed_in.get(f"/activities/{record.pk}/edit/", {"draft": late["aside"]})

    assert page.context["form"]["topic"].value() == "二"
    assert str(page.context["draft_key"]) == late["aside"]
    said = {"do": "draft", "draft-key": late["aside"], "draft-turn": "1"}
    signed_in.post(f"/activities/{record.pk}/edit/", data | {"topic": "二"} | said)
    record.refresh_from_db()
    assert record.topic == "二"
    assert topics() == ["一"]


def test_all_unfinished_entries_are_listed(signed_in, community):
    for number in range(6):
        keep(signed_in, typed(community, topic=f"半途{number}"))

    page = signed_in.get(LOG)

    assert (len(page.context["unfinished"]), len(page.context["unfinished_before"])) == (3, 3)
    assert all(f"半途{number}" in page.content.decode() for number in range(6))
