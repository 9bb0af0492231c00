"""A returned record is told of: at once in the portal, then in the day's notice and e-mail."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import services
from activities.models import ReturnNotice
from assessment.models import Notice, Reminder
from assessment.notices import count_unread, mail, mail_waiting
from assessment.reminders import is_waiting, remind
from tests.cast import sign_in
from tests.factories import ActivityFactory, GrantFactory

ON = date(2026, 11, 25)
LIST = "/notices/"
WHY = "缺少会议记录"

pytestmark = pytest.mark.django_db


def submitted(unit, by, topic="三季度党课"):
    draft = ActivityFactory(unit=unit, on=date(2026, 11, 20), kinds=["party_lecture"], topic=topic)
    return services.submit(draft, by=by)


@pytest.fixture
def returned(community, secretary, reviewer):
    return services.return_activity(submitted(community, secretary), WHY, by=reviewer)


def page(client):
    return client.get(LIST).content.decode()


def told():
    return sorted(ReturnNotice.objects.standing().values_list("recipient__username", flat=True))


def test_whoever_keeps_the_record_sees_at_once_what_and_why(returned, signed_in):
    html = page(signed_in)

    assert "三季度党课" in html
    assert WHY in html
    assert f"/activities/{returned.pk}/" in html
    assert '<span class="nav-badge">1' in html


def test_it_is_nobody_elses_notice(returned, street_secretary, reviewer):
    assert told() == ["secretary"]
    assert WHY not in page(sign_in(street_secretary))
    assert WHY not in page(sign_in(reviewer))


def test_the_submitter_is_told_beside_the_secretary_and_nobody_twice(
    community, secretary, street_secretary, reviewer
):
    services.return_activity(submitted(community, street_secretary), WHY, by=reviewer)

    assert told() == ["secretary", "street"]


def test_where_the_unit_has_no_secretary_the_nearest_above_is_told(
    community, street_secretary, reviewer
):
    services.return_activity(submitted(community, None), WHY, by=reviewer)

    assert told() == ["street"]


def test_who_returns_it_is_not_told(community, organizer):
    services.return_activity(submitted(community, organizer), WHY, by=organizer)

    assert told() == []


def test_it_is_gone_once_submitted_again_and_back_unread_at_the_next_return(
    returned, secretary, reviewer, signed_in
):
    signed_in.post("/notices/read/")
    again = services.submit(returned, by=secretary)
    assert WHY not in page(signed_in)

    services.return_activity(again, "人数不符", by=reviewer)

    assert "人数不符" in page(signed_in)
    assert count_unread(secretary) == 1


def test_marking_all_as_read_quiets_the_bell_and_keeps_the_record_in_the_list(returned, signed_in):
    signed_in.post("/notices/read/")

    html = page(signed_in)
    assert "nav-badge" not in html
    assert WHY in html


def test_who_keeps_the_unit_no_longer_is_not_told_any_more(returned, secretary, signed_in):
    secretary.grants.update(ended_on=date(2026, 11, 1))

    assert WHY not in page(signed_in)
    assert remind(ON).notices == 0


def test_nothing_waits_for_who_keeps_the_unit_no_longer(returned, secretary):
    """Else a whole run would be made every five minutes, for good."""
    assert is_waiting(ON)

    secretary.grants.update(ended_on=date(2026, 1, 31))

    assert not is_waiting(ON)


def test_the_days_mail_tells_of_it_once(returned, secretary, mailoutbox, settings):
    settings.SITE_URL = "https://portal.example"
    assert is_waiting(ON)

    remind(ON)
    remind(ON)
    remind(ON + timedelta(days=1))

    sent = mailoutbox[0]
    assert len(mailoutbox) == 1
    assert sent.to == [secretary.email]
    assert "三季度党课" in sent.body
    assert WHY in sent.body
    assert f"https://portal.example/activities/{returned.pk}/" in sent.body
    assert "三季度党课" not in sent.subject
    assert not is_waiting(ON)


def test_what_is_returned_after_the_days_notice_is_in_the_next_ones(
    returned, community, secretary, reviewer, mailoutbox
):
    remind(ON)
    services.return_activity(submitted(community, secretary, "十月党课"), WHY, by=reviewer)
    remind(ON)
    assert len(mailoutbox) == 1

    remind(ON + timedelta(days=1))

    assert "十月党课" in mailoutbox[1].body
    assert "三季度党课" not in mailoutbox[1].body


def test_what_was_put_right_before_the_mail_got_through_is_not_mailed(
    returned, secretary, monkeypatch, mailoutbox
):
    monkeypatch.setattr("assessment.reminders.mail", lambda notice: None)
    remind(ON)
    Reminder.objects.all().delete()
    services.submit(returned, by=secretary)

    assert mail(Notice.objects.get())
    assert mail_waiting() == 0
    assert mailoutbox == []


def test_the_page_takes_as_many_queries_for_thirty_returns_as_for_one(
    returned, community, secretary, reviewer, signed_in, django_assert_num_queries
):
    page(signed_in)
    with CaptureQueriesContext(connection) as few:
        page(signed_in)
    for _number in range(30):
        services.return_activity(submitted(community, secretary), WHY, by=reviewer)

    with django_assert_num_queries(len(few)):
        page(signed_in)


def test_a_successor_who_shares_the_unit_is_told_too(community, secretary, reviewer):
    GrantFactory(unit=community, user__username="second")

    services.return_activity(submitted(community, secretary), WHY, by=reviewer)

    assert told() == ["second", "secretary"]
