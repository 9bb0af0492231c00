"""Kill -9 while a roster is written: it is as it was, or complete; then the retry completes it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.kills import kill_once
from members.choices import BatchKind, BatchState
from members.models import Affiliation, ImportBatch, Membership, Person
from members.roster import jobs
from members.roster.batches import Request, stage_import
from members.tasks import write_batch
from tests.factories import CommunityFactory, GrantFactory
from tests.members.sheets import as_csv, id_number, member, rows_of

ROWS = 900


@pytest.fixture
def environment():
    """Of a process that works on the tests' own database."""
    given = connection.settings_dict
    address = f"sqlite:///{given['NAME']}"
    if connection.vendor == "postgresql":
        login = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        address = f"postgres://{login}/{given['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_DATA": str(settings.PORTAL_DATA),
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": settings.FIELD_KEYS,
    }


def large_roster():
    people = [
        member(number % 1000, 公民身份号码=id_number(number % 1000, birth="19700101"))
        for number in range(ROWS)
    ]
    return as_csv(rows_of(people))


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_the_roster_whole_or_as_it_was(environment, monkeypatch):
    monkeypatch.setattr(write_batch, "delay", lambda key: None)
    unit = CommunityFactory()
    user = GrantFactory(unit=unit).user
    request = Request(
        kind=BatchKind.ROSTER,
        unit=unit,
        data=large_roster(),
        file_name="名册.csv",
        reach=(unit.path,),
    )
    batch, _plan = stage_import(request, by=user)

    for moment in (0.02, 0.3, 0.6):
        jobs.confirm_import(batch, by=user)
        kill_once(batch.pk, environment, after=moment)
        found = {model.objects.count() for model in (Person, Membership, Affiliation)}
        assert found in ({0}, {ROWS})
        if found == {ROWS}:
            break
        ImportBatch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        batch.refresh_from_db()
    else:
        jobs.confirm_import(batch, by=user)
        jobs.work(batch.pk)

    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert {model.objects.count() for model in (Person, Membership, Affiliation)} == {ROWS}
