"""A report from being asked for to being tidied away: a state machine of conditional updates.

queued → running → ready or failed; what failed, or waits, can be asked for again. What is small is
made while the page waits, what is large by the worker when its turn comes (bell.py). Files are
sealed, bound to their row: a copy of the folder gives nothing away.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessment.reports.asked import Asked, nobody_hears
from assessment.reports.bell import how_many_run, ring, ring_next
from assessment.reports.choices import ReportFailure, ReportForm, ReportKind, ReportState
from assessment.reports.making import write
from assessment.reports.models import UNDER_WAY, ReportFile, kept_until
from assessment.reports.pages import PdfUnavailable
from members.crypto import open_bytes, seal_bytes
from members.models import Affiliation
from organizations.access import may
from organizations.actions import Action

FIELD = "assessment.report_file.file"
FOLDER = "reports"
UNITS_AT_ONCE = 30
PEOPLE_AT_ONCE = 1_500
"""Up to so many units and people a report is made while the page waits: two seconds or so."""
MOST_FILES = 40
"""Files kept for one person at a time."""
LEASE = timedelta(minutes=11)
"""Longer than a task may run (CELERY_TASK_TIME_LIMIT)."""
PATIENCE = timedelta(days=1)
"""How long what is asked for waits to be begun, if the worker or the broker is away."""
log = logging.getLogger(__name__)


class ReportRefused(Exception):
    """Why it is not made, in the user's words."""


class _Stopped(Exception):
    def __init__(self, failure: ReportFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def ask_for_report(asked: Asked, form: ReportForm) -> ReportFile:
    """Begin to make a report; ready at once where it is small.

    The same report that is under way already is not begun twice. Raises ReportRefused.
    """
    file, is_new = _queue(asked, form)
    if is_new:
        _begin(file, asked)
    return file


def ask_again(file: ReportFile) -> ReportFile:
    """Begin anew what failed, or send again for what waits; the rest is left as it is."""
    with transaction.atomic():
        mark_interrupted()
        idle = ReportFile.objects.filter(
            pk=file.pk, state__in=(ReportState.FAILED, ReportState.QUEUED)
        )
        is_taken = idle.update(
            state=ReportState.QUEUED,
            failure="",
            progress=0,
            run=None,
            expires_at=kept_until(),
            lease_until=timezone.now() + PATIENCE,
        )
        if is_taken:
            _note(file, "report_asked")
    file.refresh_from_db()
    if is_taken:
        _begin(file, _asked_of(file))
    return file


def _begin(file: ReportFile, asked: Asked) -> None:
    """Make it on the spot if it is small, else send for the worker."""
    if is_large(asked):
        transaction.on_commit(partial(_send_for_worker, file))
        return
    work(file.pk)
    file.refresh_from_db()


def _send_for_worker(file: ReportFile) -> None:
    file.is_sent_for = ring(file.pk)


@transaction.atomic
def _queue(asked: Asked, form: ReportForm) -> tuple[ReportFile, bool]:
    user = User.objects.select_for_update().get(pk=asked.user.pk)
    mark_interrupted()
    wanted = {
        "kind": asked.kind,
        "form": form,
        "unit": asked.unit,
        "year": asked.year,
        "quarter": asked.quarter,
        "with_identifiers": asked.with_identifiers,
    }
    own = ReportFile.objects.filter(made_for=user, expires_at__gt=timezone.now())
    if under_way := own.filter(**wanted, state__in=UNDER_WAY).first():
        return under_way, False
    if own.count() >= MOST_FILES:
        raise ReportRefused(
            _("You have %(number)s files already. Delete some of them below, then ask again.")
            % {"number": MOST_FILES}
        )
    file = ReportFile.objects.create(
        **wanted,
        made_for=user,
        language=translation.get_language() or "zh-hans",
        lease_until=timezone.now() + PATIENCE,
    )
    _note(file, "report_asked")
    return file, True


def _note(file: ReportFile, verb: str, **details: Any) -> None:
    record(
        by=file.made_for,
        verb=verb,
        target=file,
        unit_path=file.unit.path,
        kind=file.kind,
        form=file.form,
        year=file.year,
        quarter=file.quarter,
        with_identifiers=file.with_identifiers,
        **details,
    )


def is_large(asked: Asked) -> bool:
    """Whether it takes longer than a page should."""
    people = Affiliation.objects.still_open().under(asked.unit.path)[: PEOPLE_AT_ONCE + 1]
    return asked.units.count() > UNITS_AT_ONCE or people.count() > PEOPLE_AT_ONCE


def mark_interrupted() -> int:
    """Mark as failed what was not heard of until its time was over."""
    lost = ReportFile.objects.filter(state__in=UNDER_WAY, lease_until__lt=timezone.now())
    return lost.update(state=ReportState.FAILED, failure=ReportFailure.INTERRUPTED, run=None)


def work_in_turn(pk: UUID) -> None:
    """`work`, unless so many are being made that it has to wait; then see to whose turn it is."""
    with transaction.atomic():
        # Two that come at once take their turn one after the other.
        under_way = ReportFile.objects.filter(state__in=UNDER_WAY).order_by("pk")
        list(under_way.select_for_update(no_key=True).values_list("pk"))
        run = _claim(pk) if how_many_run() < settings.REPORTS_AT_ONCE else None
    if run:
        _work(pk, run)
        ring_next()


def work(pk: UUID) -> None:
    """Make a queued report. Does nothing for one that is not queued: a task may come twice."""
    if run := _claim(pk):
        _work(pk, run)


def _claim(pk: UUID) -> UUID | None:
    """The run that may now make it."""
    run = uuid4()
    waiting = ReportFile.objects.filter(pk=pk, state=ReportState.QUEUED)
    lease = timezone.now() + LEASE
    claimed = waiting.update(state=ReportState.RUNNING, run=run, lease_until=lease)
    return run if claimed else None


def _work(pk: UUID, run: UUID) -> None:
    file = ReportFile.objects.select_related("unit", "made_for").get(pk=pk)
    failure = None
    try:
        with translation.override(file.language):
            _finish(file, run, _make(file, run))
    except _Stopped as stopped:
        failure = stopped.failure
    except PdfUnavailable:
        failure = ReportFailure.NO_PDF
    except SoftTimeLimitExceeded:
        failure = ReportFailure.TOO_LONG
    except Exception:
        log.exception("Report %s failed.", pk)
        failure = ReportFailure.ERROR
    if failure:
        _mine(pk, run).update(state=ReportState.FAILED, failure=failure, run=None)


def _make(file: ReportFile, run: UUID) -> bytes:
    """The file's bytes; whoever asked for it must still see the unit."""
    user = file.made_for
    if not may(user, Action.VIEW, file.unit):
        raise _Stopped(ReportFailure.FORBIDDEN)
    if file.with_identifiers and not may(user, Action.IDENTIFY, file.unit):
        raise _Stopped(ReportFailure.FORBIDDEN)
    return write(_asked_of(file, report=_listener(file, run)), ReportForm(file.form))


def _asked_of(file: ReportFile, *, report: Callable[[int], None] = nobody_hears) -> Asked:
    return Asked(
        ReportKind(file.kind),
        file.unit,
        file.year,
        file.quarter,
        file.made_for,
        with_identifiers=file.with_identifiers,
        report=report,
    )


def _listener(file: ReportFile, run: UUID) -> Callable[[int], None]:
    """Hears how far it has come; breaks off what takes too long, or was deleted meanwhile.

    A worker whose hands are threads has no time limit of its own.
    """
    until = time.monotonic() + settings.CELERY_TASK_SOFT_TIME_LIMIT
    told = -1

    def hear(percent: int) -> None:
        nonlocal told
        if time.monotonic() > until:
            raise _Stopped(ReportFailure.TOO_LONG)
        if percent > told:
            told = percent
            _tell(file.pk, run, percent)

    return hear


def _finish(file: ReportFile, run: UUID, data: bytes) -> None:
    """Keep the file, if no later run has taken over."""
    sealed = seal_bytes(FIELD, file.pk, data)
    name = default_storage.save(f"{FOLDER}/{file.pk}-{run.hex[:8]}.sealed", ContentFile(sealed))
    with transaction.atomic():
        kept = _mine(file.pk, run).update(
            state=ReportState.READY, progress=100, file=name, size=len(data), run=None
        )
        if kept:
            _note(file, "report_made", size=len(data))
    if not kept:
        default_storage.delete(name)


def _tell(pk: UUID, run: UUID, percent: int) -> None:
    """How far it has come, for the page that waits."""
    progress = min(percent, 99)
    if not _mine(pk, run).update(progress=progress, lease_until=timezone.now() + LEASE):
        raise _Stopped(ReportFailure.INTERRUPTED)


def _mine(pk: UUID, run: UUID) -> Any:
    return ReportFile.objects.filter(pk=pk, state=ReportState.RUNNING, run=run)


def read_file(file: ReportFile) -> bytes:
    """What was made, in the clear. Raises FileNotFoundError, SealBroken."""
    with file.file.open("rb") as stream:
        return open_bytes(FIELD, file.pk, stream.read())


def delete_report(file: ReportFile, *, by: User) -> None:
    """Throw a report away before its time."""
    with transaction.atomic():
        record(by=by, verb="report_deleted", target=file, unit_path=file.unit.path)
        name = file.file.name
        file.delete()
    if name:
        default_storage.delete(name)


def tidy() -> int:
    """Delete what was kept for its seven days, and files that no row knows; how many rows."""
    mark_interrupted()
    old = list(ReportFile.objects.expired().values_list("pk", "file"))
    ReportFile.objects.filter(pk__in=[pk for pk, _file in old]).delete()
    for _pk, name in old:
        if name:
            default_storage.delete(name)
    _sweep()
    return len(old)


def _sweep() -> None:
    """Files of people who are gone, or of a run that broke off between file and row."""
    if not default_storage.exists(FOLDER):
        return
    known = set(ReportFile.objects.exclude(file="").values_list("file", flat=True))
    a_day_ago = timezone.now() - timedelta(days=1)
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in known and default_storage.get_modified_time(path) < a_day_ago:
            default_storage.delete(path)
