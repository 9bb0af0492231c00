"""The Celery application and everything that happens by the clock."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab

from config import broker  # noqa: F401  (makes `folder://` known)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Times are local (Asia/Shanghai). Every task is safe to run twice or late.
app.conf.beat_schedule = {
    # Five past midnight: the day moved on, so every verdict is computed anew.
    "recompute-verdicts": {
        "task": "assessment.tasks.recompute_verdicts",
        "schedule": crontab(hour=0, minute=5),
    },
    # Two: the hints for reviewers, where a county wants them.
    "look-at-records": {
        "task": "activities.tasks.look_at_records",
        "schedule": crontab(hour=2, minute=0),
    },
    # A quarter to four: files that a crash left without a record.
    "tidy-attachments": {
        "task": "activities.tasks.tidy_attachments",
        "schedule": crontab(hour=3, minute=45),
    },
    # A quarter past one: past months in sums, as far as four minutes go; the rest the next night.
    "summarise-months": {
        "task": "assessment.tasks.summarise_months",
        "schedule": crontab(hour=1, minute=15),
    },
    # Half past three: files of imports that nobody has confirmed.
    "forget-old-imports": {
        "task": "members.tasks.forget_old_imports",
        "schedule": crontab(hour=3, minute=30),
    },
    # Every two minutes: imports that wait though nobody was told of them (the broker was away).
    "ring-for-imports": {
        "task": "members.tasks.ring_for_imports",
        "schedule": crontab(minute="*/2"),
    },
    # Twenty to four: entries that somebody began and nobody took up for a month.
    "forget-old-drafts": {
        "task": "activities.tasks.forget_old_drafts",
        "schedule": crontab(hour=3, minute=40),
    },
    # Twenty to four: reports that were kept for their seven days.
    "tidy-reports": {
        "task": "assessment.tasks.tidy_reports",
        "schedule": crontab(hour=3, minute=40),
    },
    # Every two minutes: reports that wait though nobody was told of them, or whose turn has come.
    "ring-for-reports": {
        "task": "assessment.tasks.ring_for_reports",
        "schedule": crontab(minute="*/2"),
    },
    # Half past eight, as offices open: plan what is due today and send it.
    "remind": {
        "task": "assessment.tasks.remind_today",
        "schedule": crontab(hour=8, minute=30),
    },
    # Every five minutes: whatever was planned and not sent (a crash, a late start).
    "send-waiting-notices": {
        "task": "assessment.tasks.send_waiting_notices",
        "schedule": crontab(minute="*/5"),
    },
}
