"""Every change after submission keeps the version before: who, when, and what was different."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from activities import services
from activities.choices import Grade, Presence
from activities.differences import difference, text_pieces
from activities.models import ActivityVersion
from members.choices import BatchKind
from members.roster.batches import Request, run_import
from tests.activities.entries import entry
from tests.factories import ActivityFactory, AttendanceFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(community, secretary, zhang):
    said = entry(community, minutes="会议开始。讨论一。", presences={zhang.pk: Presence.PRESENT})
    return services.log_activity(said, by=secretary, submit=True)


def numbers(activity) -> list[int]:
    return list(activity.versions.values_list("number", flat=True))


def test_a_draft_keeps_no_versions_and_submission_begins_them(community, secretary):
    draft = services.log_activity(entry(community), by=secretary)
    services.change_activity(draft, entry(community, topic="改过"), by=secretary)
    assert numbers(draft) == []

    services.submit(draft, by=secretary)

    assert [v.snapshot["topic"] for v in draft.versions.all()] == ["改过"]


def test_a_change_keeps_what_was_said_before_by_whom_and_is_named_in_the_trail(
    community, secretary, street_secretary, submitted
):
    services.change_activity(submitted, entry(community, topic="改过"), by=street_secretary)

    first, second = submitted.versions.all()
    assert (first.snapshot["topic"], first.by) == ("学习党章", secretary)
    assert (second.snapshot["topic"], second.by) == ("改过", street_secretary)
    event = AuditEvent.objects.filter(verb="change_activity").get()
    assert event.details["kept"] == second.number


def test_why_it_was_entered_later_is_part_of_a_version(community, secretary, submitted):
    said = entry(community, late_reason="停电", minutes="会议开始。讨论一。", presences={})
    services.change_activity(submitted, said, by=secretary)

    first, second = submitted.versions.all()
    (told,) = [
        change
        for change in difference(first.snapshot, second.snapshot).fields
        if change.after == "停电"
    ]
    assert told.label == "补录原因"


def test_attendance_grades_and_fields_of_the_kinds_are_part_of_a_version(
    community, secretary, submitted, zhang, li
):
    said = entry(
        community,
        kinds=frozenset({"member_review", "themed_day"}),
        extra={"theme": "清洁家园"},
        presences={li.pk: Presence.LEAVE},
        grades={zhang.pk: Grade.EXCELLENT},
    )
    services.change_activity(submitted, said, by=secretary)
    services.set_attendance(submitted, {}, by=secretary)
    services.set_grades(submitted, {}, by=secretary)

    first, second, third, fourth = (version.snapshot for version in submitted.versions.all())
    assert first["attendance"] == {str(zhang.pk): "present"}
    assert second["attendance"] == {str(li.pk): "leave"}
    assert second["extra"] == {"theme": "清洁家园"}
    assert (third["attendance"], third["grades"]) == ({}, {str(zhang.pk): "excellent"})
    assert fourth["grades"] == {}


def test_saving_without_a_change_and_being_confirmed_make_no_version(
    community, secretary, reviewer, submitted, zhang
):
    same = entry(community, minutes="会议开始。讨论一。", presences={zhang.pk: Presence.PRESENT})
    services.change_activity(submitted, same, by=secretary)
    services.confirm(submitted, by=reviewer)

    assert len(numbers(submitted)) == 1


def test_a_record_out_of_a_file_begins_its_versions_with_its_first_correction(community, secretary):
    old = ActivityFactory(unit=community, topic="导入的", submitted=True)
    services.change_activity(old, entry(community, topic="改过"), by=secretary)

    assert [v.snapshot["topic"] for v in old.versions.all()] == ["导入的", "改过"]


def test_a_version_is_never_changed(submitted):
    version = submitted.versions.get()

    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        ActivityVersion.objects.filter(pk=version.pk).update(number=9)


def test_the_difference_tells_fields_names_and_the_text_that_was_put_in(
    community, secretary, submitted, zhang, li
):
    said = entry(
        community,
        place="三楼",
        minutes="会议开始。讨论二。",
        presences={zhang.pk: Presence.LEAVE, li.pk: Presence.PRESENT},
    )
    services.change_activity(submitted, said, by=secretary)
    first, second = (version.snapshot for version in submitted.versions.all())

    told = difference(first, second)

    assert next((c.label, c.before, c.after) for c in told.fields) == ("地点", "", "三楼")
    pieces = [(piece.how, piece.text) for piece in told.fields[-1].pieces]
    assert pieces == [
        ("same", "会议开始。"),
        ("same", "讨论"),
        ("del", "一"),
        ("ins", "二"),
        ("same", "。"),
    ]
    assert [row.name for row in told.added] == ["李四"]
    assert [(row.name, row.before, row.after) for row in told.changed] == [("张三", "到会", "请假")]
    assert not difference(first, first)


def test_a_long_text_is_compared_by_sentences_and_nothing_of_it_is_lost():
    old = "".join(f"第{number}句话说了一些事情。" for number in range(900))
    new = old.replace("第500句话", "第五百句话") + "末尾。"

    pieces = text_pieces(old, new)

    assert "".join(p.text for p in pieces if p.how != "ins") == old
    assert "".join(p.text for p in pieces if p.how != "del") == new
    assert sum(len(p.text) for p in pieces if p.how != "same") < 20


def test_the_page_compares_any_two_versions(signed_in, community, secretary, submitted):
    for topic in ("第二稿", "第三稿"):
        services.change_activity(submitted, entry(community, topic=topic), by=secretary)
    first, _second, third = numbers(submitted)
    address = reverse("activities:versions", args=[submitted.pk])

    last_two = signed_in.get(address).content.decode()
    outer = signed_in.get(f"{address}?old={third}&new={first}").content.decode()
    odd = signed_in.get(f"{address}?old=99&new=x")

    assert "<del>第二稿</del>" in last_two
    assert "<ins>第三稿</ins>" in last_two
    assert "<del>学习党章</del>" in outer
    assert odd.status_code == 200
    assert address in signed_in.get(submitted.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_for_one_person_and_thirty(signed_in, community, secretary):
    def cost(number: int) -> int:
        activity = ActivityFactory(unit=community, submitted=True)
        for _ in range(number):
            AttendanceFactory(activity=activity, person=MemberFactory(unit=community))
        services.change_activity(activity, entry(community), by=secretary)
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(reverse("activities:versions", args=[activity.pk]))
        return len(queries)

    cost(1)
    assert cost(1) == cost(30)


def test_a_file_that_changes_submitted_records_keeps_their_versions_as_well(
    community, secretary, submitted
):
    headings = "组织编码,活动类型,主题,开始时间,结束时间,地点"
    rows = [
        f"{community.code},党员学习教育,学习党章,2026-03-10 09:00,2026-03-10 11:00,四楼",
        f"{community.code},党员学习教育,新的一次,2026-03-11 09:00,2026-03-11 11:00,四楼",
    ]
    data = "\n".join([headings, *rows]).encode()

    for _again in range(2):
        run_import(Request(BatchKind.ACTIVITIES, community, data, "past.csv"), by=secretary)

    places = [version.snapshot["place"] for version in submitted.versions.all()]
    assert places == ["", "四楼"]
    assert ActivityVersion.objects.exclude(activity=submitted).count() == 0
