"""The database works in another thread, on the connection and in the transaction of this one."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.beside import beside
from organizations.models import Unit
from tests.factories import StreetFactory

pytestmark = pytest.mark.django_db


def test_what_is_handed_over_works_within_the_transaction():
    StreetFactory(name="示例街道")
    threads = []

    def look() -> list[str]:
        threads.append(threading.current_thread())
        return list(Unit.objects.filter(name="示例街道").values_list("name", flat=True))

    with beside() as hand_over:
        assert hand_over(look).result() == ["示例街道"]

    assert threads != [threading.current_thread()]
    assert not threads[0].is_alive()


def test_an_error_comes_out_with_the_result_and_the_rest_is_rolled_back():
    unit = StreetFactory()

    def write_twice() -> None:
        Unit.objects.filter(pk=unit.pk).update(name="另一街道")
        Unit.objects.bulk_create([Unit(code=unit.code, name="同码", kind=unit.kind, path="x/")])

    with pytest.raises(IntegrityError), transaction.atomic(), beside() as hand_over:
        hand_over(write_twice).result()

    unit.refresh_from_db()
    assert unit.name != "另一街道"


def test_nothing_runs_any_more_when_the_block_is_left():
    begun, may_end, done = threading.Event(), threading.Event(), []

    def take_long() -> None:
        begun.set()
        may_end.wait(10)
        done.append(1)

    def fail() -> None:
        with beside() as hand_over:
            hand_over(take_long)
            begun.wait(10)
            may_end.set()
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert done == [1]
    with connection.cursor() as cursor:  # it is this thread's again
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
