"""A table that the database believes empty is counted anew when it has been filled."""

import json

import pytest
from django.db import connection

from members.models import Person
from organizations.models import Unit
from organizations.planner import WORTH_IT, tell_planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def believed_empty():
    """What a broken-off import and the server's housekeeping leave behind."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans without such figures.")
    Person.objects.bulk_create([Person(name=f"第{number}位") for number in range(WORTH_IT)])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 500 WHERE relname = %s",
            [
                Person._meta.db_table,
            ],
        )


def expected() -> int:
    """How many people the planner expects."""
    (plan,) = json.loads(Person.objects.order_by().explain(format="json"))
    return plan["Plan"]["Plan Rows"]


@pytest.mark.usefixtures("believed_empty")
def test_a_table_believed_empty_is_counted():
    assert expected() < WORTH_IT // 10

    assert tell_planner({Person: WORTH_IT, Unit: 3}) == [Person]

    assert expected() == WORTH_IT
    assert tell_planner({Person: WORTH_IT}) == []


@pytest.mark.usefixtures("believed_empty")
def test_few_rows_are_not_worth_it():
    assert tell_planner({Person: WORTH_IT - 1}) == []


def test_nothing_is_asked_where_the_database_needs_no_such_figures(django_assert_num_queries):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL does.")

    with django_assert_num_queries(0):
        assert tell_planner({Person: WORTH_IT}) == []
