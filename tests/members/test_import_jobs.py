"""An import once confirmed: in the background, once, and whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from members.choices import BatchFailure, BatchState
from members.models import Affiliation, ImportBatch, Person
from members.roster import jobs
from members.tasks import ring_for_imports, write_batch
from organizations.choices import Role
from organizations.models import Grant, Touch
from tests.factories import CommunityFactory, GrantFactory, MemberFactory, PersonFactory
from tests.members.sheets import member, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


@pytest.fixture
def _in_background(monkeypatch):
    """Every file counts as a large one."""
    monkeypatch.setattr(jobs, "AT_ONCE", 1)


@pytest.fixture
def sent(monkeypatch):
    """The tasks sent to the worker, which the test delivers itself."""
    keys = []
    monkeypatch.setattr(write_batch, "delay", keys.append)
    return keys


def stage(client, unit, *people):
    data = xlsx(rows_of(list(people)))
    file = SimpleUploadedFile("名册.xlsx", data)
    client.post(reverse("members:import"), {"unit": unit.code, "file": file})
    return ImportBatch.objects.latest("made_at")


def press(client, name, batch, data=None):
    return client.post(reverse(f"members:{name}", args=[batch.pk]), data, follow=True)


def page_of(client, batch, show=""):
    url = reverse("members:batch", args=[batch.pk])
    return client.get(url, {"show": show} if show else None).content.decode()


@pytest.mark.usefixtures("_in_background")
def test_a_large_file_is_written_by_the_worker(
    secretary, community, sent, django_capture_on_commit_callbacks
):
    batch = stage(secretary, community, member(1))

    with django_capture_on_commit_callbacks(execute=True):
        page = press(secretary, "confirm", batch).content.decode()

    assert "等待写入" in page
    assert (sent, Person.objects.count()) == ([str(batch.pk)], 0)

    write_batch(*sent)

    batch.refresh_from_db()
    assert (batch.state, Person.objects.count()) == (BatchState.APPLIED, 1)
    assert batch.pages.count() == 0


@pytest.mark.usefixtures("_in_background", "sent")
def test_a_task_that_is_delivered_twice_writes_once(secretary, community):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)

    write_batch(str(batch.pk))
    write_batch(str(batch.pk))

    assert Person.objects.count() == 1
    assert Touch.objects.count() == 1


@pytest.mark.usefixtures("_in_background", "sent")
@pytest.mark.parametrize("place", ["here", "above"])
def test_a_second_import_for_the_unit_is_refused_while_one_is_under_way(
    secretary, client, community, place
):
    first = stage(secretary, community, member(1))
    press(secretary, "confirm", first)
    unit = community
    if place == "above":
        unit = community.parent
        client.force_login(GrantFactory(unit=unit, role=Role.ORGANIZER).user)
    second = stage(client, unit, member(2, 所在党支部=community.code))

    page = press(client, "confirm", second).content.decode()

    second.refresh_from_db()
    assert "另一次导入" in page
    assert second.state == BatchState.PLANNED


@pytest.mark.usefixtures("_in_background", "sent")
def test_an_import_that_was_broken_off_is_marked_and_can_be_tried_again(secretary, community):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)
    ImportBatch.objects.update(
        state=BatchState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1)
    )

    page = page_of(secretary, batch)
    assert "处理中断" in page
    assert "重试" in page
    press(secretary, "confirm", batch)
    write_batch(str(batch.pk))

    batch.refresh_from_db()
    assert (batch.state, Person.objects.count()) == (BatchState.APPLIED, 1)


@pytest.mark.usefixtures("_in_background", "sent")
def test_a_run_that_was_overtaken_writes_nothing(secretary, community, monkeypatch):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)
    write = jobs.write_plan

    def late(*args, **kwargs):
        ImportBatch.objects.update(run=None, state=BatchState.FAILED)
        return write(*args, **kwargs)

    monkeypatch.setattr(jobs, "write_plan", late)
    write_batch(str(batch.pk))

    assert not Person.objects.exists()


@pytest.mark.usefixtures("_in_background", "sent")
def test_what_changed_before_the_worker_came_is_shown_again(secretary, community):
    first = stage(secretary, community, member(1))
    press(secretary, "confirm", first)
    write_batch(str(first.pk))
    batch = stage(secretary, community, member(1, 学历="大专"))
    press(secretary, "confirm", batch)
    Person.objects.update(education="初中")

    write_batch(str(batch.pk))

    batch.refresh_from_db()
    assert batch.state == BatchState.PLANNED
    page = page_of(secretary, batch)
    assert "预览之后记录已有变动" in page
    assert "<del>初中</del>" in page
    assert Person.objects.get().education == "初中"


@pytest.mark.usefixtures("_in_background", "sent")
def test_whoever_has_lost_the_role_meanwhile_writes_nothing(secretary, community):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)
    Grant.objects.update(ended_on=timezone.localdate() - timedelta(days=1))

    write_batch(str(batch.pk))

    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (BatchState.FAILED, BatchFailure.FORBIDDEN)
    assert not Person.objects.exists()


@pytest.mark.usefixtures("_in_background", "sent")
def test_the_progress_asks_for_itself_and_works_without_javascript(secretary, community):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)
    url = reverse("members:batch", args=[batch.pk])

    whole = secretary.get(url).content.decode()
    part = secretary.get(url, headers={"HX-Request": "true"}).content.decode()
    write_batch(str(batch.pk))
    done = secretary.get(url, headers={"HX-Request": "true"})

    assert "<html" in whole
    assert "刷新" in whole
    assert "hx-get" in part
    assert "<html" not in part
    assert done["HX-Refresh"] == "true"


# -- what the preview shows ---------------------------------------------------------
def test_the_preview_does_not_read_the_file_again(secretary, community, monkeypatch):
    batch = stage(secretary, community, member(1))
    monkeypatch.setattr("members.roster.batches.read_sheets", None)

    assert "测试员1" in page_of(secretary, batch)


def test_a_long_file_is_shown_fifty_rows_at_a_time(secretary, community):
    batch = stage(secretary, community, *[member(number) for number in range(1, 61)])

    assert page_of(secretary, batch).count('<td class="text-nowrap" data-label="姓名">') == 50


def test_people_who_are_missing_from_the_file_are_named_and_stay(secretary, community):
    gone = MemberFactory(unit=community, name="未列入者")
    elsewhere = MemberFactory(name="别处的人")

    page = page_of(secretary, stage(secretary, community, member(1)), show="missing")

    assert gone.name in page
    assert elsewhere.name not in page
    assert Affiliation.objects.filter(person=gone, ended_on=None).exists()


def test_a_name_alone_makes_a_question_that_is_decided_in_the_preview(secretary, community):
    known = MemberFactory(unit=community, name="测试员1", birth_date=None)
    batch = stage(secretary, community, member(1))
    page = page_of(secretary, batch, show="question")
    assert "同一人" in page
    assert batch.counts["question"] == 1

    press(secretary, "decide", batch, {"row-2": str(known.pk)})
    press(secretary, "confirm", batch)

    known.refresh_from_db()
    assert Person.objects.count() == 1
    assert known.id_number_index is not None


def test_a_row_in_question_may_be_a_new_person(secretary, community):
    MemberFactory(unit=community, name="测试员1", birth_date=None)
    batch = stage(secretary, community, member(1))

    press(secretary, "decide", batch, {"row-2": "new"})
    press(secretary, "confirm", batch)

    assert Person.objects.filter(name="测试员1").count() == 2


def test_a_row_in_question_that_nobody_decides_is_left_out(secretary, community):
    MemberFactory(unit=community, name="测试员1", birth_date=None)
    batch = stage(secretary, community, member(1), member(2))

    press(secretary, "confirm", batch)

    assert sorted(Person.objects.values_list("name", flat=True)) == ["测试员1", "测试员2"]


def test_nobody_is_matched_with_a_person_beyond_reach(secretary, community):
    stranger = PersonFactory(name="测试员1")
    batch = stage(secretary, community, member(1))

    press(secretary, "decide", batch, {"row-2": str(stranger.pk), "row-x": "new"})

    batch.refresh_from_db()
    assert batch.options.get("decisions", {}) == {}


def test_two_rows_that_mean_one_person_are_told(secretary, community):
    batch = stage(secretary, community, member(1))
    press(secretary, "confirm", batch)

    batch = stage(secretary, community, member(1), member(1, 公民身份号码=""))

    assert batch.counts["wrong"] == 1
    assert "2、3" in page_of(secretary, batch)


def test_a_transfer_is_proposed_for_whoever_is_at_home_elsewhere(secretary, client, community):
    other = CommunityFactory(name="另一社区党支部", parent=community.parent)
    client.force_login(GrantFactory(unit=community.parent, role=Role.ORGANIZER).user)
    batch = stage(client, community.parent, member(1, 所在党支部=community.code))
    press(client, "confirm", batch)
    person = Person.objects.get()

    batch = stage(client, community.parent, member(1, 所在党支部=other.code))

    assert reverse("members:transfer", args=[person.pk]) in page_of(client, batch)
    assert batch.counts["skipped"] == 1


@pytest.mark.usefixtures("_in_background")
def test_without_a_broker_an_import_waits_and_is_sent_for_again(
    secretary, community, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    batch = stage(secretary, community, member(1))

    def away(_key):
        raise OperationalError

    with monkeypatch.context() as gone:
        gone.setattr(write_batch, "delay", away)
        with django_capture_on_commit_callbacks(execute=True):
            page = press(secretary, "confirm", batch)
        ring_for_imports()
    assert (page.status_code, "等待写入" in page.content.decode()) == (200, True)
    assert "the broker can't be reached" in caplog.text

    keys = []
    monkeypatch.setattr(write_batch, "delay", keys.append)
    ring_for_imports()
    assert keys == [str(batch.pk)]
    write_batch(*keys)
    ring_for_imports()

    assert (len(keys), Person.objects.count()) == (1, 1)
