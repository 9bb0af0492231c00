"""From being asked for to being tidied away: the states, the gate, the seven days."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import AuditEvent
from assessment.reports import jobs, pages, registers
from assessment.reports.asked import Asked
from assessment.reports.choices import ReportFailure, ReportForm, ReportKind, ReportState
from assessment.reports.models import ReportFile
from assessment.tasks import make_report, tidy_reports
from organizations.choices import Role
from tests.assessment.reports.conftest import sheets_of
from tests.factories import (
    ActivityFactory,
    FloatingEntryFactory,
    MemberFactory,
    ReportFileFactory,
)

pytestmark = pytest.mark.django_db
NUMBER = "990101199010011234"


@pytest.fixture
def asked(secretary, community):
    return Asked(ReportKind.WORK, community, 2026, None, secretary)


def queued(asked, form=ReportForm.DOCX, **more):
    return ReportFile.objects.create(
        made_for=asked.user,
        kind=asked.kind,
        form=form,
        unit=asked.unit,
        year=asked.year,
        quarter=asked.quarter,
        language="zh-hans",
        **more,
    )


def test_a_small_report_is_ready_at_once_and_sealed_on_the_disk(asked):
    file = jobs.ask_for_report(asked, ReportForm.DOCX)

    with file.file.open("rb") as stream:
        stored = stream.read()
    assert file.state == ReportState.READY
    assert file.progress == 100
    assert b"word/document.xml" not in stored
    assert "河滨社区" in docx.Document(BytesIO(jobs.read_file(file))).paragraphs[0].text
    assert file.size == len(jobs.read_file(file))


def test_a_large_report_is_left_to_the_worker(
    asked, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(jobs, "PEOPLE_AT_ONCE", 0)
    MemberFactory(unit=asked.unit)
    keys = []
    monkeypatch.setattr(make_report, "apply_async", lambda args, **_more: keys.append(*args))

    with django_capture_on_commit_callbacks(execute=True):
        file = jobs.ask_for_report(asked, ReportForm.DOCX)

    assert file.state == ReportState.QUEUED
    assert keys == [str(file.pk)]
    make_report(str(file.pk))
    file.refresh_from_db()
    assert file.state == ReportState.READY


def test_the_same_report_is_not_begun_twice(asked, monkeypatch):
    monkeypatch.setattr(jobs, "is_large", lambda _asked: True)
    first = jobs.ask_for_report(asked, ReportForm.DOCX)

    assert jobs.ask_for_report(asked, ReportForm.DOCX) == first
    assert jobs.ask_for_report(asked, ReportForm.XLSX) != first


def test_a_task_that_comes_twice_makes_one_file(asked, monkeypatch):
    file = queued(asked)
    jobs.work(file.pk)
    monkeypatch.setattr(jobs, "write", lambda *_any: pytest.fail("made twice"))

    jobs.work(file.pk)

    assert len(default_storage.listdir("reports")[1]) == 1


def test_progress_is_told_while_it_is_made(asked, monkeypatch):
    file = queued(asked)
    seen = []

    def write(asked, _form):
        for percent in (10, 55, 30):
            asked.report(percent)
            seen.append(ReportFile.objects.get(pk=file.pk).progress)
        return b"done"

    monkeypatch.setattr(jobs, "write", write)
    jobs.work(file.pk)

    assert seen == [10, 55, 55]  # it never goes back


@pytest.mark.parametrize("kind", ReportKind)
def test_a_real_report_tells_of_its_progress(asked, kind, monkeypatch):
    person = MemberFactory(unit=asked.unit)
    FloatingEntryFactory(person=person, unit=asked.unit)
    ActivityFactory(unit=asked.unit, submitted=True)
    monkeypatch.setattr(registers, "EVERY", 1)
    told = []
    real = jobs._tell
    monkeypatch.setattr(
        jobs, "_tell", lambda pk, run, percent: (told.append(percent), real(pk, run, percent))
    )
    jobs.work(queued(Asked(kind, asked.unit, 2026, None, asked.user)).pk)

    assert told
    assert all(0 <= percent <= 100 for percent in told)


def test_whoever_may_no_longer_see_the_unit_gets_nothing(asked, secretary):
    file = queued(asked)
    secretary.grants.all().delete()

    jobs.work(file.pk)

    file.refresh_from_db()
    assert (file.state, file.failure) == (ReportState.FAILED, ReportFailure.FORBIDDEN)
    assert not file.file


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (SoftTimeLimitExceeded(), ReportFailure.TOO_LONG),
        (pages.PdfUnavailable(), ReportFailure.NO_PDF),
        (ZeroDivisionError(), ReportFailure.ERROR),
    ],
)
def test_what_goes_wrong_is_said_in_words(asked, monkeypatch, error, failure):
    def broken(*_any):
        raise error

    monkeypatch.setattr(jobs, "write", broken)
    file = queued(asked)

    jobs.work(file.pk)

    file.refresh_from_db()
    assert (file.state, file.failure) == (ReportState.FAILED, failure)


def test_a_pdf_where_pango_is_missing_fails_with_a_word_and_the_others_are_made(asked, monkeypatch):
    monkeypatch.setattr(pages, "pdf_is_possible", lambda: False)

    states = [jobs.ask_for_report(asked, form) for form in ReportForm]

    assert [file.state for file in states] == ["ready", "ready", "failed"]
    assert states[-1].failure == ReportFailure.NO_PDF


def test_what_was_broken_off_is_shown_as_failed_and_marked_at_night(asked):
    lost = queued(
        asked, state=ReportState.RUNNING, lease_until=timezone.now() - timedelta(seconds=1)
    )
    shown = ReportFile.objects.get(pk=lost.pk)
    shown.judge_lease()

    tidy_reports()

    lost.refresh_from_db()
    assert shown.state == lost.state == ReportState.FAILED
    assert lost.failure == ReportFailure.INTERRUPTED


def test_a_file_is_kept_for_seven_days_and_then_gone_with_its_content(asked):
    file = jobs.ask_for_report(asked, ReportForm.DOCX)
    name = file.file.name
    left = file.expires_at - file.asked_at
    assert timedelta(days=7) - timedelta(seconds=5) < left < timedelta(days=7, seconds=5)

    tidy_reports()
    assert default_storage.exists(name)
    ReportFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not ReportFile.objects.visible_to(asked.user).exists()
    tidy_reports()

    assert not ReportFile.objects.exists()
    assert not default_storage.exists(name)


def test_files_that_no_row_knows_are_swept_up_after_a_day(asked, monkeypatch):
    kept = jobs.ask_for_report(asked, ReportForm.DOCX)
    stray = default_storage.save("reports/stray.sealed", ContentFile(b"left behind"))

    jobs.tidy()
    assert default_storage.exists(stray)
    tomorrow = timezone.now() + timedelta(days=2)
    ReportFile.objects.update(expires_at=tomorrow + timedelta(days=1))
    monkeypatch.setattr(jobs.timezone, "now", lambda: tomorrow)
    jobs.tidy()

    assert not default_storage.exists(stray)
    assert default_storage.exists(kept.file.name)


def test_there_is_an_end_to_how_many_files_one_keeps(asked, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_FILES", 1)
    ReportFileFactory(made_for=asked.user, unit=asked.unit)

    with pytest.raises(jobs.ReportRefused):
        jobs.ask_for_report(asked, ReportForm.DOCX)


def test_asking_and_making_are_in_the_audit_trail(asked):
    jobs.ask_for_report(asked, ReportForm.XLSX)

    events = AuditEvent.objects.filter(verb__startswith="report_").order_by("at")
    assert [event.verb for event in events] == ["report_asked", "report_made"]
    assert {event.by for event in events} == {asked.user}
    assert events[0].details["with_identifiers"] is False


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ORGANIZER])
def test_id_numbers_go_to_those_who_may_see_them_and_it_is_noted(
    role, asked, secretary, organizer, neighbour
):
    person = MemberFactory(unit=asked.unit, name="张三")
    person.set_id_number(NUMBER)
    person.save()
    FloatingEntryFactory(person=person, unit=asked.unit, begun_on=date(2026, 1, 1))
    guest = MemberFactory(unit=neighbour, name="李四")
    guest.set_id_number("990101199010015678")
    guest.save()
    FloatingEntryFactory(person=guest, unit=asked.unit, direction="in")
    user = {Role.SECRETARY: secretary, Role.ORGANIZER: organizer}[role]

    wanted = Asked(ReportKind.FLOATING, asked.unit, 2026, None, user, with_identifiers=True)
    file = jobs.ask_for_report(wanted, ReportForm.XLSX)
    rows = next(iter(sheets_of(jobs.read_file(file)).values()))
    numbers = {row[1]: row[2] for row in rows if row[0] in (1, 2)}

    assert numbers["张三"] == NUMBER
    # Another unit's member, hosted here: the home's alone.
    assert bool(numbers["李四"]) is (role == Role.ORGANIZER)
    assert AuditEvent.objects.filter(verb="report_made", details__with_identifiers=True).exists()


def test_nobody_else_is_given_id_numbers_even_if_they_ask(asked, viewer):
    wanted = Asked(ReportKind.FLOATING, asked.unit, 2026, None, viewer, with_identifiers=True)

    file = jobs.ask_for_report(wanted, ReportForm.XLSX)

    assert (file.state, file.failure) == (ReportState.FAILED, ReportFailure.FORBIDDEN)
