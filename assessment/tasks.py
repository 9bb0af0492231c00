"""What the clock starts (config/celery.py). Each is safe to run twice, or late."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from assessment.months import fill_nightly
from assessment.notices import mail_waiting
from assessment.reminders import is_waiting, remind
from assessment.reports import jobs
from assessment.reports.bell import ring_next
from assessment.verdicts import recompute_all
from organizations.services import forget_tallies

AWAKE = range(9, 21)
"""Hours in which what was left over is sent: after the day's run, and not at night."""


@shared_task
def recompute_verdicts() -> None:
    """The day has moved on: judge anew, and forget where yesterday's ratings came from."""
    forget_tallies(timezone.localdate())
    recompute_all()


@shared_task
def summarise_months() -> None:
    """How counties and streets stood at the ends of past months, where that is not yet known."""
    fill_nightly()


@shared_task
def remind_today() -> None:
    """Tell everybody what is due, or was missed, as of today."""
    remind(timezone.localdate())


@shared_task
def send_waiting_notices() -> None:
    """Send what a crash left behind, and e-mails that failed.

    What waits is sent by a whole run: what has come up since then belongs in the same notice.
    """
    now = timezone.localtime()
    if now.hour in AWAKE:
        if is_waiting(now.date()):
            remind(now.date())
        mail_waiting()


@shared_task
def make_report(pk: str) -> None:
    """Make a report that was asked for, when its turn has come; safe to deliver twice."""
    jobs.work_in_turn(UUID(pk))


@shared_task
def ring_for_reports() -> None:
    """Reports that still wait are sent for again: broker or worker may have been away."""
    jobs.mark_interrupted()
    ring_next()


@shared_task
def tidy_reports() -> None:
    """Reports older than seven days are gone, with their files."""
    jobs.tidy()
