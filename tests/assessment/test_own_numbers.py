"""A county's own number: dated, with a reason, audited, and told wherever it is used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from assessment.errors import AssessmentError
from assessment.models import Reminder
from assessment.notice_rows import lines_of
from assessment.numbers import in_force, own_numbers_of
from assessment.rulebook import load_rulebook
from assessment.services import end_own_number, set_own_number
from organizations.models import Touch
from tests.assessment.asking import ask, hold
from tests.cast import sign_in
from tests.factories import CountySettingFactory

pytestmark = pytest.mark.django_db
RULES = load_rulebook("guizhou-2008").rules
STUDY = RULES["study-days"]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
REASON = "机构改革"
NOTE = "本县（市、区）标准8，文件规定12"


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


def set_eight(county, first=YEAR[0], last=YEAR[1], rule=STUDY, number="8", reason=REASON, by=None):
    set_own_number(
        county, rule=rule, number=Decimal(number), first=first, last=last, reason=reason, by=by
    )


def test_it_holds_for_the_periods_that_begin_in_its_time(county, street):
    set_eight(county)

    assert ask(street, "study-days") == ("behind", "0", "8")
    assert ask(street, "study-days", date(2025, 6, 15)) == ("behind", "0", "12")


def test_a_rolling_rule_asks_after_other_years(county, street, community):
    rule = RULES["spirit-analysis"]
    set_eight(county, rule=rule, number="4")

    number = in_force(rule, own_numbers_of(["c"])["c"], date(2026, 6, 1))

    assert number.shown == "每4年一次"
    assert number.of_document == 5


def test_it_is_audited_and_the_whole_county_is_judged_again(county, community, organizer):
    Touch.objects.all().delete()

    set_eight(county, by=organizer)

    events = AuditEvent.objects.filter(verb="set_county_setting")
    told = {event.details["applies_from"]: event.details["after"] for event in events}
    assert told == {"2026-01-01": "8", "2027-01-01": "document"}
    assert all(event.details["reason"] == REASON for event in events)
    assert Touch.objects.filter(unit=community).exists()


def test_it_knows_from_when_until_when_and_why(county, organizer):
    set_eight(county, by=organizer)

    own = own_numbers_of(["c"])["c"]

    assert [(o.number, o.first, o.last, o.reason, o.set_by) for o in own] == [
        (Decimal("8"), *YEAR, REASON, "organizer")
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "400"}, "无法达到"),
        ({"reason": " "}, "请填写调整标准的理由"),
        ({"last": date(2025, 1, 1)}, "The last day|截止日期|结束"),
        ({"rule": RULES["affairs-disclosure"]}, "没有可以调整的标准"),
    ],
)
def test_what_makes_no_sense_is_refused(county, change, words):
    with pytest.raises(AssessmentError, match=words):
        set_eight(county, **change)

    assert own_numbers_of(["c"]) == {}


def test_two_numbers_never_hold_at_once(county):
    set_eight(county, last=None)

    with pytest.raises(AssessmentError, match="自2026年1月1日起已按8执行"):
        set_eight(county, first=date(2026, 7, 1), number="9")


def test_one_number_may_follow_right_after_another(county):
    set_eight(county, first=date(2027, 1, 1), last=date(2027, 12, 31), number="9")
    set_eight(county)

    own = own_numbers_of(["c"])["c"]

    assert [(str(o.number), o.first.year, o.last.year) for o in own] == [
        ("8", 2026, 2026),
        ("9", 2027, 2027),
    ]


def test_it_is_ended_earlier_with_a_reason(county):
    set_eight(county, last=None)

    end_own_number(
        county, rule=STUDY, first=YEAR[0], last=date(2026, 6, 30), reason="恢复", by=None
    )

    own = own_numbers_of(["c"])["c"]
    assert [(o.first, o.last) for o in own] == [(YEAR[0], date(2026, 6, 30))]
    with pytest.raises(AssessmentError):
        end_own_number(
            county, rule=STUDY, first=date(2020, 1, 1), last=YEAR[1], reason="x", by=None
        )


def page(client, name, *args, **query):
    response = client.get(reverse(f"assessment:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("rule", ("s1", "study-days")),
        ("of_rule", ("study-days",)),
        ("unit", ("s1",)),
        ("clauses", ()),
        ("dashboard", ()),
        ("expected", ("study-days",)),
        ("rulebooks", ()),
        ("own_number", ("study-days",)),
    ],
)
def test_every_page_that_uses_the_number_tells_it(organizer, county, street, name, args):
    set_eight(county)

    text = page(sign_in(organizer), name, *args)

    assert NOTE in text or "本县（市、区）标准为8（文件规定12）" in text


def test_whoever_sees_the_unit_alone_is_told_as_well(street_secretary, county, street):
    set_eight(county)

    assert REASON in page(sign_in(street_secretary), "rule", "s1", "study-days")


def test_the_workbook_names_it_in_the_heading(organizer, county, street):
    set_eight(county)

    answer = sign_in(organizer).get(reverse("assessment:dashboard_download", args=["csv"]))

    assert f"中心组学习天数（{NOTE}）" in answer.content.decode("utf-8-sig")


def test_a_reminder_names_it(organizer, county, street):
    set_eight(county)
    reminder = Reminder(
        unit=street, recipient=organizer, subject_code="s1", rulebook="guizhou-2008",
        rule="study-days", period_start=YEAR[0], period_end=YEAR[1], stage="due",
        value=Decimal(0), target=Decimal(8),
    )  # fmt: skip

    assert REASON in lines_of([reminder])[0].told


class TestPages:
    def post(self, client, name, *args, **data):
        return client.post(reverse(f"assessment:{name}", args=args), data)

    def test_an_organiser_sets_and_ends_a_number(self, organizer, county, street):
        client = sign_in(organizer)
        said = {"number": "8", "first": "2026-01-01", "last": "", "reason": REASON}

        assert self.post(client, "own_number", "study-days", **said).status_code == 302
        assert ask(street, "study-days")[2] == "8"

        ended = {"end": "1", "first": "2026-01-01", "last": "2026-06-20", "reason": "恢复"}
        assert self.post(client, "own_number", "study-days", **ended).status_code == 302
        assert own_numbers_of(["c"])["c"][0].last == date(2026, 6, 20)

    def test_a_number_out_of_reach_is_refused_at_its_field(self, organizer, county):
        said = {"number": "400", "first": "2026-01-01", "reason": REASON}

        answer = self.post(sign_in(organizer), "own_number", "study-days", **said)

        assert answer.context["form"].errors["number"]
        assert own_numbers_of(["c"]) == {}

    def test_an_overlap_is_told_with_what_to_do(self, organizer, county):
        set_eight(county, last=None)
        said = {"number": "9", "first": "2026-03-01", "reason": REASON}

        answer = self.post(sign_in(organizer), "own_number", "study-days", **said)

        assert "请先结束该标准" in answer.content.decode()

    def test_a_rulebook_is_turned_on_with_a_reason(self, organizer, county, community):
        said = {"value": "on", "applies_from": "2026-06-20", "reason": "县委决定"}
        client = sign_in(organizer)

        assert self.post(client, "rulebook_switch", "national-2018", **said).status_code == 302

        text = page(client, "rulebooks")
        assert "县委决定" in text
        assert "未经本县（市、区）确认，暂不启用" in text

    def test_an_unsure_rule_is_confirmed(self, organizer, county, community):
        CountySettingFactory(unit=county, key="rulebook:national-2018", value="on")
        CountySettingFactory(unit=county, key="rule:probation-end", value="on")
        said = {"value": "on", "applies_from": "2026-01-01", "reason": "已核对条例第十一条"}
        client = sign_in(organizer)

        self.post(client, "rule_switch", "members-meeting", **said)

        assert "暂不启用" not in page(client, "rulebooks")

    def test_without_a_reason_nothing_is_switched(self, organizer, county):
        said = {"value": "on", "applies_from": "2026-06-20", "reason": ""}

        answer = self.post(sign_in(organizer), "rulebook_switch", "national-2018", **said)

        assert answer.context["form"].errors["reason"]
        assert not county.county_settings.exists()

    def test_a_rulebook_or_rule_that_is_none_is_not_found(self, organizer, county):
        client = sign_in(organizer)

        for name, arg in (
            ("rulebook_switch", "nowhere"),
            ("rule_switch", "nothing"),
            ("own_number", "affairs-disclosure"),
        ):
            assert client.get(reverse(f"assessment:{name}", args=[arg])).status_code == 404


def test_more_units_take_no_more_queries(organizer, county, street, django_assert_max_num_queries):
    set_eight(county)
    hold(street, "central_study")
    client = sign_in(organizer)
    page(client, "rulebooks")

    with django_assert_max_num_queries(9):
        page(client, "rulebooks")
