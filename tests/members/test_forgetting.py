"""Files of imports that nobody confirmed do not lie about for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from members.choices import BatchKind, BatchState
from members.models import ImportBatch
from members.tasks import forget_old_imports

pytestmark = pytest.mark.django_db


def batch(unit, state, *, days):
    made = ImportBatch.objects.create(
        kind=BatchKind.ROSTER, unit=unit, state=state, file_name=f"{state}-{days}", content=b"x"
    )
    made_at = timezone.now() - timedelta(days=days)
    ImportBatch.objects.filter(pk=made.pk).update(made_at=made_at)
    return made


def test_what_nobody_confirmed_in_a_week_is_gone_and_what_was_written_stays(community):
    batch(community, BatchState.PLANNED, days=8)
    recent = batch(community, BatchState.PLANNED, days=6)
    written = batch(community, BatchState.APPLIED, days=8)

    forget_old_imports()

    assert set(ImportBatch.objects.all()) == {recent, written}
    written.refresh_from_db()
    assert written.content is None


def test_it_is_done_every_day():
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert forget_old_imports.name in planned
