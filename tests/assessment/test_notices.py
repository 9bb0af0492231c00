"""The pages of notices: one's own alone, and the ledger for whoever manages the units."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Notice
from assessment.notice_rows import lines_of
from assessment.reminders import plan, remind
from tests.cast import sign_in
from tests.factories import CommunityFactory, GrantFactory, MemberFactory

ON = date(2026, 11, 25)
LIST, LEDGER = "/notices/", "/notices/ledger/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminded(community, secretary, street_secretary):
    """The community's secretary has a notice, the street's has another."""
    MemberFactory(unit=community)
    return remind(ON)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_ones_notices_name_unit_rule_and_day_and_lead_to_the_rule(reminded, signed_in):
    html = page(signed_in, LIST)

    assert "河滨社区" in html
    assert "党课" in html
    assert "2026年11月25日" in html
    assert (
        f"{reverse('assessment:rule', args=['s1m1', 'party-lectures'])}?period=2026-01-01" in html
    )


def test_nobody_sees_anothers_notices(reminded, neighbour):
    other = GrantFactory(unit=neighbour, user__username="other").user

    assert "河滨社区" not in page(sign_in(other), LIST)


def test_the_bell_counts_what_is_unread_until_it_is_read(reminded, signed_in, secretary):
    bell = '<span class="nav-badge">1'
    notice = Notice.objects.get(recipient=secretary)
    assert bell in page(signed_in, LIST)

    signed_in.post(f"/notices/{notice.pk}/read/")

    assert bell not in page(signed_in, LIST)


def test_all_can_be_marked_as_read_at_once(reminded, signed_in, secretary, street_secretary):
    signed_in.post("/notices/read/")

    assert not Notice.objects.unread().filter(recipient=secretary).exists()
    assert Notice.objects.unread().filter(recipient=street_secretary).exists()


def test_anothers_notice_can_not_be_marked_as_read(reminded, signed_in, street_secretary):
    notice = Notice.objects.get(recipient=street_secretary)

    assert signed_in.post(f"/notices/{notice.pk}/read/").status_code == 404
    assert Notice.objects.unread().filter(pk=notice.pk).exists()


def test_reading_is_not_done_by_looking(reminded, signed_in):
    assert signed_in.get("/notices/read/").status_code == 405


def test_the_ledger_shows_what_was_sent_to_whom_and_what_was_not_and_why(
    reminded, organizer, community, secretary
):
    secretary.grants.update(ended_on=date(2026, 11, 26))
    plan(date(2026, 12, 8))
    remind(date(2026, 12, 8))

    html = page(sign_in(organizer), LEDGER)

    assert "secretary" in html
    assert "河滨社区" in html


def test_the_ledger_shows_one_state_when_asked(reminded, organizer):
    assert "河滨社区" not in page(sign_in(organizer), f"{LEDGER}?state=failed")
    assert "河滨社区" in page(sign_in(organizer), f"{LEDGER}?state=sent")


def test_the_ledger_is_for_those_who_manage_and_shows_their_own_county(reminded, signed_in):
    elsewhere = GrantFactory(role="organizer", unit=CommunityFactory().parent.parent).user

    assert signed_in.get(LEDGER).status_code == 404
    assert "河滨社区" not in page(sign_in(elsewhere), LEDGER)


def test_a_page_of_notices_takes_as_many_queries_for_one_unit_as_for_thirty(
    reminded, street, organizer, django_assert_num_queries
):

    reader = sign_in(organizer)
    page(reader, LEDGER)
    with CaptureQueriesContext(connection) as few:
        page(reader, LEDGER)
    for _number in range(30):
        MemberFactory(unit=CommunityFactory(parent=street))
    remind(date(2026, 11, 26))

    with django_assert_num_queries(len(few)):
        page(reader, LEDGER)


def test_a_deadline_missed_last_year_leads_to_what_was_missed(
    community, street_secretary, time_machine
):
    MemberFactory(unit=community)
    time_machine.move_to("2027-01-08 09:00+08:00", tick=False)
    (row,) = [row for row in remind(date(2027, 1, 8)).sent if row.rule == "party-lectures"]
    (line,) = lines_of([row])

    verdict = sign_in(street_secretary).get(line.url).context["why"].verdict

    assert (verdict.period.last, verdict.status.value) == (date(2026, 12, 31), "missed")
