"""The kinds' own fields: data that is drawn, checked, kept and shown without code of its own."""

import pytest
from django.utils import translation

from activities import extra_form
from activities.extra_form import ExtraForm
from activities.extras import TYPES, Field, all_fields, fields_of, in_words, kept_values
from activities.kinds import all_kinds
from activities.models import Activity
from tests.activities.entries import typed


def test_every_field_is_asked_by_a_kind_and_every_kind_asks_for_declared_ones():
    asked = {code for kind in all_kinds().values() for code in kind.fields}

    assert asked == set(all_fields())
    assert all(field.zh and field.en for field in all_fields().values())
    assert all(choice.zh and choice.en for f in all_fields().values() for choice in f.choices)


def test_no_kind_asks_for_more_than_a_few():
    assert max(len(kind.fields) for kind in all_kinds().values()) <= 5


def test_a_field_of_no_known_type_is_refused():
    with pytest.raises(ValueError, match="colour"):
        Field("x", "甲", "a", "colour")


def test_kinds_that_share_a_field_ask_for_it_once():
    codes = [field.code for field in fields_of(["members_meeting", "committee_meeting"])]

    assert codes == ["agenda", "resolutions"]


def test_only_what_the_kinds_ask_for_is_kept_and_nothing_empty():
    values = {"agenda": "选举", "resolutions": "", "theme": "清洁家园", "unknown": 1}

    assert kept_values(["members_meeting"], values) == {"agenda": "选举"}


@pytest.mark.parametrize(
    ("kind", "code", "sent", "kept", "words"),
    [
        ("themed_day", "theme", "清洁家园", "清洁家园", "清洁家园"),
        (
            "members_meeting",
            "agenda",
            "一、选举\n二、其他",
            "一、选举\n二、其他",
            "一、选举\n二、其他",
        ),
        ("central_study", "study_material", "党章\n\n条例 ", ["党章", "条例"], "党章、条例"),
        ("central_study", "lead_speaker", "张三", "张三", "张三"),
        ("staff_training", "organiser", "县委党校", "县委党校", "县委党校"),
        ("staff_training", "training_kind", "professional", "professional", "业务"),
        ("secretary_report", "satisfied", "45", 45, "45"),
        ("disclosure", "shown_from", "2026-03-02", "2026-03-02", "2026年3月2日"),
        ("theme_practice", "goals", ["safe", "healthy"], ["safe", "healthy"], "安民、康民"),
    ],
)
def test_each_type_is_read_kept_as_json_and_shown_in_words(kind, code, sent, kept, words):
    form = ExtraForm({f"extra-{code}": sent}, kinds=[kind])

    assert form.is_valid(), form.errors
    assert form.values([kind]) == {code: kept}
    with translation.override("zh-hans"):
        assert in_words([kind], {code: kept}, {}) == [(all_fields()[code], words)]
    assert {field.type for field in all_fields().values()} == TYPES


@pytest.mark.parametrize(
    ("kind", "sent", "wrong"),
    [
        ("secretary_report", {"satisfied": "-1"}, "satisfied"),
        ("secretary_report", {"satisfied": "许多"}, "satisfied"),
        ("staff_training", {"training_kind": "other"}, "training_kind"),
        ("disclosure", {"shown_from": "2026-03-02", "shown_until": "2026-03-01"}, "shown_until"),
        ("central_study", {"study_material": "\n".join(["书"] * 101)}, "study_material"),
        ("themed_day", {"theme": "长" * 201}, "theme"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(kind, sent, wrong):
    form = ExtraForm({f"extra-{code}": value for code, value in sent.items()}, kinds=[kind])

    assert not form.is_valid()
    assert list(form.errors) == [wrong]


def test_what_the_ticked_kinds_do_not_ask_for_is_not_checked():
    form = ExtraForm({"extra-satisfied": "许多"}, kinds=["themed_day"])

    assert form.is_valid()


def test_a_field_that_a_rule_needs_is_demanded_of_its_kinds_alone(monkeypatch):
    needed = Field("theme", "主题", "Theme", "text", required=True)
    monkeypatch.setattr(extra_form, "all_fields", lambda: all_fields() | {"theme": needed})

    assert not ExtraForm({}, kinds=["themed_day"]).is_valid()
    assert ExtraForm({}, kinds=["party_lecture"]).is_valid()


@pytest.mark.django_db
def test_the_log_form_keeps_shows_and_prints_them(signed_in, community, zhang):
    said = typed(
        community,
        kinds=["themed_day", "members_meeting"],
        here=[str(zhang.pk)],
        **{"extra-theme": "清洁家园", "extra-agenda": "选举", "extra-satisfied": "3"},
    )

    signed_in.post("/activities/log/", said)

    activity = Activity.objects.get()
    assert activity.extra == {"theme": "清洁家园", "agenda": "选举"}
    for address in ("", "print/"):
        page = signed_in.get(f"{activity.get_absolute_url()}{address}").content.decode()
        assert "清洁家园" in page
        assert "应到1人，实到1人" in page
    form = signed_in.get(f"{activity.get_absolute_url()}edit/").context["form"]
    assert form.extra["theme"].value() == "清洁家园"


@pytest.mark.django_db
def test_what_is_wrong_there_is_said_and_nothing_typed_is_lost(signed_in, community):
    said = typed(community, kinds=["secretary_report"], **{"extra-satisfied": "许多"})

    answer = signed_in.post("/activities/log/", said)

    page = answer.content.decode()
    assert "请检查各类活动的补充内容" in page
    assert "许多" in page
    assert not Activity.objects.exists()
