"""A large file from upload to preview: read and compared by the worker, never in the request."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from members.choices import BatchFailure, BatchState
from members.models import ImportBatch, ImportPage, Person
from members.roster import looking
from members.roster.batches import forget_old
from members.tasks import look_at_batch
from organizations.models import Grant
from tests.factories import CommunityFactory, GrantFactory, MemberFactory
from tests.members.sheets import member, rows_of, xlsx
from tests.members.test_import_layouts import BY_HAND, choose, unknown

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


@pytest.fixture
def _large(monkeypatch):
    """Every file of more than one row counts as a large one."""
    monkeypatch.setattr(looking, "SMALL_ROWS", 1)


@pytest.fixture
def sent(monkeypatch, _large):
    """The tasks sent to the worker, which the test delivers itself."""
    keys = []
    monkeypatch.setattr(look_at_batch, "delay", keys.append)
    return keys


@pytest.fixture
def bring(secretary, community, django_capture_on_commit_callbacks):
    def bring(*people, data=None):
        file = SimpleUploadedFile("名册.xlsx", data or xlsx(rows_of(list(people))))
        with django_capture_on_commit_callbacks(execute=True):
            answer = secretary.post(
                reverse("members:import"), {"unit": community.code, "file": file}, follow=True
            )
        return ImportBatch.objects.latest("made_at"), answer.content.decode()

    return bring


def page(client, batch, **headers):
    return client.get(reverse("members:batch", args=[batch.pk]), headers=headers)


def press(client, name, batch, data=None):
    return client.post(reverse(f"members:{name}", args=[batch.pk]), data, follow=True)


def look(batch):
    look_at_batch(str(batch.pk))
    batch.refresh_from_db()
    return batch


def test_the_upload_of_a_large_file_answers_with_its_progress(bring, sent, monkeypatch):
    monkeypatch.setattr("members.roster.plan.plan_roster", None)

    batch, html = bring(member(1), member(2))

    assert batch.state == BatchState.RECEIVED
    assert sent == [str(batch.pk)]
    assert "等待读取" in html
    assert "可以离开本页" in html


def test_the_worker_makes_the_preview(bring, sent, secretary):
    batch, _html = bring(member(1), member(2))

    look(batch)

    assert (batch.state, batch.counts["created"]) == (BatchState.PLANNED, 2)
    assert "测试员1" in page(secretary, batch).content.decode()
    assert not Person.objects.exists()
    press(secretary, "confirm", batch)
    assert Person.objects.count() == 2


def test_a_small_file_shows_its_preview_at_once(bring, secretary, monkeypatch):
    keys = []
    monkeypatch.setattr(look_at_batch, "delay", keys.append)

    batch, html = bring(member(1), member(2))

    assert batch.state == BatchState.PLANNED
    assert "测试员1" in html
    assert keys == []


def test_a_file_of_many_bytes_is_large_whatever_its_rows(bring, sent, monkeypatch):
    monkeypatch.setattr(looking, "SMALL_BYTES", 10)
    monkeypatch.setattr(looking, "SMALL_ROWS", 1_000)
    monkeypatch.setattr(looking, "read_sheets", None)  # the request does not even read it

    batch, _html = bring(member(1))

    assert batch.state == BatchState.RECEIVED


def test_a_task_that_is_delivered_twice_looks_once(bring, sent):
    batch, _html = bring(member(1), member(2))
    look(batch)
    pages = set(ImportPage.objects.values_list("pk", flat=True))

    look(batch)

    assert set(ImportPage.objects.values_list("pk", flat=True)) == pages


def test_headings_that_are_not_certain_are_asked_for_and_the_worker_goes_on_from_there(
    bring, sent, secretary, django_capture_on_commit_callbacks
):
    batch, _html = bring(data=xlsx([BY_HAND, unknown(1), unknown(2)]))
    look(batch)
    assert batch.state == BatchState.UPLOADED
    assert page(secretary, batch).status_code == 302
    assert page(secretary, batch, **{"HX-Request": "true"})["HX-Refresh"] == "true"

    with django_capture_on_commit_callbacks(execute=True):
        choose(secretary, batch, as_0_0="name", as_0_1="id_number", as_0_2="stage")

    assert batch.state == BatchState.RECEIVED
    look(batch)
    assert (batch.state, batch.counts["created"]) == (BatchState.PLANNED, 2)


def test_a_decision_on_a_large_file_is_worked_in_by_the_worker(
    bring, sent, secretary, community, django_capture_on_commit_callbacks
):
    known = MemberFactory(unit=community, name="测试员1", birth_date=None)
    batch, _html = bring(member(1), member(2))
    look(batch)
    assert batch.counts["question"] == 1

    press(secretary, "decide", batch, {"row-2": str(known.pk)})
    batch.refresh_from_db()
    assert batch.state == BatchState.RECEIVED
    assert not batch.was_looked_at
    look(batch)

    assert (batch.counts["question"], batch.counts["updated"]) == (0, 1)


def test_a_file_that_can_not_be_read_says_why_on_its_page(bring, sent, secretary, monkeypatch):
    monkeypatch.setattr(looking, "SMALL_BYTES", 0)
    batch, _html = bring(data=b"\x89PNG\r\n\x1a\n" + b"\x00" * 99)

    look(batch)

    assert (batch.state, batch.failure) == (BatchState.FAILED, BatchFailure.UNREADABLE)
    html = page(secretary, batch).content.decode()
    assert "文件未能读取" in html
    assert batch.options["refused"][0] == "file_kind"


def test_a_look_that_was_broken_off_can_be_tried_again(bring, sent, secretary):
    batch, _html = bring(member(1), member(2))
    ImportBatch.objects.update(
        state=BatchState.LOOKING, lease_until=timezone.now() - timedelta(seconds=1)
    )
    html = page(secretary, batch).content.decode()
    assert "处理中断" in html
    assert "重试" in html

    press(secretary, "confirm", batch)

    batch.refresh_from_db()
    assert batch.state == BatchState.RECEIVED
    assert look(batch).state == BatchState.PLANNED


def test_a_look_that_was_overtaken_leaves_nothing(bring, sent, monkeypatch):
    batch, _html = bring(member(1), member(2))
    through = looking.look_through

    def late(*args, **kwargs):
        ImportBatch.objects.update(run=None, state=BatchState.FAILED)
        return through(*args, **kwargs)

    monkeypatch.setattr(looking, "look_through", late)
    look(batch)

    assert batch.state == BatchState.FAILED
    assert not ImportPage.objects.exists()


def test_whoever_has_lost_the_role_meanwhile_is_shown_nothing(bring, sent):
    batch, _html = bring(member(1), member(2))
    Grant.objects.update(ended_on=timezone.localdate() - timedelta(days=1))

    look(batch)

    assert (batch.state, batch.failure) == (BatchState.FAILED, BatchFailure.FORBIDDEN)


def test_looking_at_one_file_does_not_hold_up_the_writing_of_another(
    bring, sent, secretary, monkeypatch
):
    bring(member(1), member(2))
    monkeypatch.setattr(looking, "SMALL_ROWS", 1_000)
    second, _html = bring(member(3))

    press(secretary, "confirm", second)

    second.refresh_from_db()
    assert second.state == BatchState.APPLIED


def test_a_file_that_nobody_looked_at_is_forgotten_after_a_week(bring, sent):
    batch, _html = bring(member(1), member(2))
    ImportBatch.objects.update(made_at=timezone.now() - timedelta(days=8))

    forget_old()

    assert not ImportBatch.objects.filter(pk=batch.pk).exists()
