from datetime import date

import pytest

from activities.models import Holiday
from activities.workdays import built_in_days, is_announced, table_of
from tests.cast import sign_in
from tests.factories import CountyFactory

pytestmark = pytest.mark.django_db
DAYS = "/activities/calendar/days/"


def table(county):
    return table_of(county.code, date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_workday", "name"),
    [
        ("2026-10-01", False, "国庆节"),
        ("2026-02-14", True, "春节"),  # a Saturday on which people work
        ("2026-11-23", True, ""),
        ("2026-11-22", False, ""),
        ("2027-10-01", True, ""),  # a Friday: nothing was announced yet
        ("2027-10-02", False, ""),
    ],
)
def test_the_built_in_table_holds_and_later_years_follow_the_week(county, day, is_workday, name):
    kind = table(county).kind_of(date.fromisoformat(day))

    assert (kind.is_workday, kind.name) == (is_workday, name)


def test_the_built_in_table_ends_with_2026():
    assert is_announced(2026)
    assert not is_announced(2027)
    assert (date(2026, 10, 1), table_of("c", date.min, date.min).kind_of(date(2026, 10, 1))) in (
        built_in_days(2026)
    )


def test_what_was_entered_goes_before_and_a_countys_own_before_that_for_all(county):
    other = CountyFactory()
    Holiday.objects.create(day=date(2027, 10, 1), name="国庆节")
    Holiday.objects.create(unit=county, day=date(2027, 10, 1), name="县里上班", is_workday=True)

    ours, theirs = table(county).kind_of, table(other).kind_of

    assert (ours(date(2027, 10, 1)).is_workday, theirs(date(2027, 10, 1)).is_workday) == (
        True,
        False,
    )


def test_an_organiser_enters_days_of_the_county_and_takes_them_away(organizer, county):
    browser = sign_in(organizer)
    entered = {"day": "2027-02-08", "name": "春节"}

    browser.post(DAYS, entered)
    browser.post(DAYS, entered | {"is_workday": "on"})  # the very day again: replaced

    holiday = Holiday.objects.get()
    assert (holiday.unit, holiday.is_workday) == (county, True)
    assert "2027年2月8日" in browser.get(DAYS).content.decode()
    browser.post(f"{DAYS}{holiday.pk}/forget/")
    assert not Holiday.objects.exists()


def test_an_administrator_enters_days_for_all_and_keeps_those_alone(administrator, county):
    theirs = Holiday.objects.create(unit=county, day=date(2027, 2, 9), name="春节")
    browser = sign_in(administrator)

    browser.post(DAYS, {"day": "2027-02-08", "name": "春节"})

    assert Holiday.objects.get(unit=None).day == date(2027, 2, 8)
    assert browser.post(f"{DAYS}{theirs.pk}/forget/").status_code == 404


def test_a_secretary_finds_no_table(signed_in):
    assert signed_in.get(DAYS).status_code == 404
    assert signed_in.post(DAYS, {"day": "2027-02-08", "name": "春节"}).status_code == 404
