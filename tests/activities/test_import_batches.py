"""Past records in the browser, the roster's way: look first, confirm, and take it back."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent
from activities import services
from activities.choices import State
from activities.models import Activity
from members.choices import BatchState
from members.models import ImportBatch
from organizations.models import Touch
from tests.activities.entries import entry
from tests.cast import sign_in
from tests.members.sheets import as_csv

pytestmark = pytest.mark.django_db
HEADINGS = ["组织编码", "活动类型", "主题", "开始时间", "结束时间", "地点", "参加人员"]
ROW = ["s1m1", "党课", "学习条例", "2026-03-10 09:00", "2026-03-10 11:00", "活动室", "张三、李四"]


def row(**cells):
    return list((dict(zip(HEADINGS, ROW, strict=True)) | cells).values())


def upload(client, unit, *rows):
    data = as_csv([HEADINGS, *rows])
    file = SimpleUploadedFile("活动.csv", data)
    address = reverse("members:import_kind", args=["activities"])
    return client.post(address, {"unit": unit.code, "file": file}, follow=True)


def confirm(client, **more):
    batch = ImportBatch.objects.first()
    return client.post(reverse("members:confirm", args=[batch.pk]), more, follow=True)


def undo(client):
    batch = ImportBatch.objects.first()
    return client.post(reverse("members:undo", args=[batch.pk]), follow=True)


@pytest.fixture
def imported(signed_in, community, zhang, li):
    upload(
        signed_in,
        community,
        row(),
        row(主题="第二次", 开始时间="2026-03-11 09:00", 结束时间="10:00"),
    )
    confirm(signed_in)
    return list(Activity.objects.order_by("starts_at"))


def test_a_file_is_shown_first_and_written_when_confirmed(signed_in, community, zhang, li):
    page = upload(signed_in, community, row()).content.decode()

    assert "学习条例" in page
    assert "参加人员 2" in page
    assert not Activity.objects.exists()

    confirm(signed_in)

    record = Activity.objects.get()
    assert (record.state, record.attendances.filter(counts=True).count()) == (State.SUBMITTED, 2)
    assert ImportBatch.objects.get().state == BatchState.APPLIED
    assert record.created_by == ImportBatch.objects.get().made_by


def test_wrong_rows_are_told_in_words_and_the_good_ones_can_be_taken(
    signed_in, community, zhang, li
):
    page = upload(signed_in, community, row(), row(主题="坏的", 活动类型="茶话会")).content.decode()
    assert "没有“茶话会”这种活动类型" in page.replace("&quot;", '"')

    confirm(signed_in)
    assert not Activity.objects.exists()
    confirm(signed_in, take="good")

    assert [one.topic for one in Activity.objects.all()] == ["学习条例"]
    batch = ImportBatch.objects.get()
    answer = signed_in.get(reverse("members:wrong_rows", args=[batch.pk]))
    assert answer["Content-Disposition"].endswith('"wrong-rows.xlsx"')


def test_records_that_changed_since_the_preview_are_looked_at_anew(
    signed_in, secretary, community, zhang, li
):
    upload(signed_in, community, row())
    given = {"topic": "学习条例", "kinds": frozenset({"party_lecture"})}
    services.log_activity(entry(community, **given), by=secretary)

    confirm(signed_in)

    batch = ImportBatch.objects.get()
    assert (batch.state, batch.counts["updated"]) == (BatchState.PLANNED, 1)


def test_an_import_is_undone_without_a_trace_but_in_the_trail(signed_in, imported, community):
    Touch.objects.all().delete()

    undo(signed_in)

    assert not Activity.objects.exists()
    assert ImportBatch.objects.get().state == BatchState.UNDONE
    assert Touch.objects.filter(unit=community).exists()
    assert AuditEvent.objects.filter(verb="import_undone").count() == 1


def test_nothing_is_undone_when_a_record_was_changed_since(signed_in, imported, reviewer):
    services.confirm(imported[1], by=reviewer)

    page = undo(signed_in).content.decode()

    assert "第二次" in page
    assert Activity.objects.count() == 2
    assert ImportBatch.objects.get().state == BatchState.APPLIED


def test_a_record_that_the_import_changed_is_put_back_as_it_was(
    signed_in, secretary, community, zhang, li
):
    given = {"topic": "学习条例", "place": "旧址", "presences": {zhang.pk: "leave"}}
    record = services.log_activity(entry(community, **given), by=secretary)
    before = (record.kind_mask, "旧址", State.DRAFT, [(zhang.pk, "leave", False)])
    upload(signed_in, community, row(地点="新址"))
    confirm(signed_in)
    record.refresh_from_db()
    assert (record.place, record.state, record.attendances.count()) == ("新址", "submitted", 2)

    undo(signed_in)

    record.refresh_from_db()
    people = list(record.attendances.values_list("person", "presence", "counts"))
    assert (record.kind_mask, record.place, record.state, people) == before
    assert record.submitted_at is None


def test_the_command_undoes_it_as_well(imported):
    out = StringIO()

    call_command("undo_import", str(ImportBatch.objects.get().pk), "--json", stdout=out)

    assert json.loads(out.getvalue())["undone"] is True
    assert not Activity.objects.exists()


def test_the_command_says_what_was_changed_since(imported, reviewer):
    services.confirm(imported[0], by=reviewer)

    with pytest.raises(CommandError) as refused:
        call_command("undo_import", str(ImportBatch.objects.get().pk), stdout=StringIO())

    assert refused.value.returncode == 1
    assert "学习条例" in str(refused.value)


def test_nobody_imports_for_a_unit_out_of_reach(signed_in, community, neighbour, viewer, zhang):
    upload(signed_in, neighbour, row(组织编码="s1m2", 参加人员=""))
    assert not ImportBatch.objects.exists()

    upload(signed_in, community, row(组织编码="s1m2", 参加人员=""))
    assert ImportBatch.objects.get().counts["wrong"] == 1
    assert (
        sign_in(viewer).get(reverse("members:import_kind", args=["activities"])).status_code == 404
    )


def test_a_big_file_is_left_to_the_worker(
    signed_in, community, zhang, li, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("members.roster.jobs.AT_ONCE", 1)
    upload(signed_in, community, row())
    with django_capture_on_commit_callbacks(execute=False) as later:
        page = confirm(signed_in).content.decode()

    assert later
    assert ImportBatch.objects.get().state == BatchState.QUEUED
    assert "进度" in page
