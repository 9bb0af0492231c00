"""Each hint is found in made data, says what it saw, and goes with its facts."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import record
from accounts.models import AuditEvent
from activities import services
from activities.choices import HintKind, Presence, State
from activities.entries import ActivityError
from activities.hints.looking import look_at_one
from activities.models import Activity, Hint
from activities.tasks import look_at_record, look_at_records, look_at_records_of
from members.choices import Standing
from members.models import Affiliation, StandingSpell
from organizations.choices import Role
from organizations.models import Unit
from tests.cast import sign_in
from tests.evidence import AttachmentFactory
from tests.factories import (
    SHANGHAI,
    ActivityFactory,
    AffiliationFactory,
    AttendanceFactory,
    CommunityFactory,
    CountySettingFactory,
    GrantFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 16)
MINUTES = (
    "会议由书记主持。首先，全体党员重温了入党誓词，随后集体学习了党章第三章关于党员权利和义务的规定。"
    "学习结束后，与会同志围绕小区物业管理、楼道杂物清理、独居老人照料三个问题逐一发言，提出意见十一条。"
    "会议决定：由支部委员分片包干，本月底前完成楼道清理；与物业公司约定每周一次碰头；为七名独居老人确定联系人。"
)
OTHER = (
    "本次主题党日到烈士陵园祭扫，大家敬献花篮、瞻仰展陈，听讲解员讲述红军长征途经本地时的战斗故事。"
    "返程途中分组讨论如何把长征精神落到日常工作中，青年党员谈了参加夜间巡逻的体会，老党员回忆了修路架桥的往事。"
    "最后书记作小结，要求每名党员写一份学习心得，下次会上交流，并安排志愿者整理照片送给行动不便的老同志。"
)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime(2026, 9, 16, 10, tzinfo=SHANGHAI))


@pytest.fixture(autouse=True)
def _wanted(county):
    """The county wants hints about what is held from 2026 on."""
    switch(county, "on", date(2026, 1, 1))


def switch(county, value, since):
    CountySettingFactory(unit=county, key="hints", value=value, applies_from=since)


def held(unit, on=date(2026, 9, 10), *, hour=9, entered=None, state=State.SUBMITTED, **more):
    """A record entered on the day itself, or on `entered`."""
    at = datetime(on.year, on.month, on.day, hour, tzinfo=SHANGHAI)
    told = datetime.combine(entered or on, at.time(), SHANGHAI) + timedelta(hours=5)
    activity = ActivityFactory(
        unit=unit, on=on, starts_at=at, submitted=True, state=state, submitted_at=told, **more
    )
    Activity.objects.filter(pk=activity.pk).update(created_at=told)
    return activity


def look_at_all():
    for code in Unit.objects.filter(parent=None).values_list("code", flat=True):
        look_at_records_of(code)


def noticed(kind=None) -> list[Hint]:
    look_at_all()
    rows = Hint.objects.standing().order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def says(hint, user) -> str:
    return sign_in(user).get(hint.get_absolute_url()).content.decode()


# -- (a) entered late -------------------------------------------------------
def test_a_record_entered_more_than_a_month_later_is_a_hint_in_days(community, reviewer):
    held(community, date(2026, 7, 1), entered=date(2026, 7, 31))
    late = held(community, date(2026, 6, 1), entered=date(2026, 7, 16))

    (hint,) = noticed()

    assert (hint.kind, list(hint.records.all())) == (HintKind.LATE, [late])
    assert "活动结束 45 天后登记" in says(hint, reviewer)


def test_handing_in_again_after_a_return_makes_no_record_late(community):
    activity = held(community, date(2026, 6, 1))
    Activity.objects.filter(pk=activity.pk).update(
        submitted_at=datetime(2026, 9, 1, tzinfo=SHANGHAI)
    )

    assert noticed() == []


def test_records_out_of_a_file_of_past_ones_are_no_hint(community):
    for month in (4, 5, 6):
        late = held(community, date(2026, month, 1), entered=date(2026, 9, 1))
        record(by=None, verb="log_activity", target=late, imported=True)

    assert noticed() == []


def test_how_soon_each_unit_enters_its_records_is_shown_in_the_order_of_the_tree(
    community, neighbour, reviewer
):
    for day, entered in [(1, 1), (2, 4), (3, 15)]:
        held(community, date(2026, 8, day), entered=date(2026, 8, entered))
    held(neighbour, date(2026, 6, 1), entered=date(2026, 8, 1))

    lines = sign_in(reviewer).get(reverse("activities:delays")).context["lines"]

    numbers = [(x.unit, x.records, x.median, x.soon, x.later, x.late, x.longest) for x in lines]
    assert numbers == [(community, 3, 2, 2, 1, 0, 12), (neighbour, 1, 61, 0, 0, 1, 61)]


# -- (b) two places ---------------------------------------------------------
def test_one_person_at_two_places_at_once_is_named(community, neighbour, reviewer):
    person = MemberFactory(unit=community, name="张三")
    first, second = held(community), held(neighbour, hour=11)
    for activity in (first, second):
        AttendanceFactory(activity=activity, person=person)
        AttendanceFactory(activity=activity)

    (hint,) = noticed()

    assert (hint.kind, set(hint.records.all())) == (HintKind.TWO_PLACES, {first, second})
    assert "张三" in says(hint, reviewer)


@pytest.mark.parametrize(
    ("hour", "presence"), [(12, Presence.PRESENT), (11, Presence.ONLINE), (11, Presence.LEAVE)]
)
def test_one_after_the_other_online_or_on_leave_is_no_second_place(
    community, neighbour, hour, presence
):
    person = MemberFactory(unit=community)
    AttendanceFactory(activity=held(community), person=person)
    AttendanceFactory(activity=held(neighbour, hour=hour), person=person, presence=presence)

    assert noticed() == []


# -- (c) minutes ------------------------------------------------------------
def test_minutes_nearly_the_same_are_shown_side_by_side_with_what_differs(
    community, neighbour, reviewer
):
    changed = MINUTES.replace("七名独居老人", "九名独居老人")
    first = held(community, date(2026, 8, 3), minutes=MINUTES)
    second = held(neighbour, date(2026, 9, 7), minutes=changed)
    held(neighbour, date(2026, 9, 9), minutes=OTHER)

    (hint,) = noticed()

    assert (hint.kind, set(hint.records.all())) == (HintKind.SAME_MINUTES, {first, second})
    assert hint.facts["percent"] >= 80
    page = says(hint, reviewer)
    assert "<mark>为七名独居老人确定联系人。</mark>" in page
    assert "<mark>为九名独居老人确定联系人。</mark>" in page


def test_short_minutes_and_those_of_one_occasion_are_not_compared(community, neighbour):
    for unit, month in ((community, 7), (neighbour, 8)):
        held(unit, date(2026, month, 3), minutes="学习党章，讨论发言。")
    for unit in (community, neighbour):
        held(unit, date(2026, 9, 7), minutes=MINUTES)

    assert noticed() == []


def test_minutes_that_were_mended_are_looked_at_anew(community):
    held(community, date(2026, 8, 3), minutes=MINUTES)
    second = held(community, date(2026, 9, 7), minutes=MINUTES)
    assert noticed(HintKind.SAME_MINUTES)

    later = datetime(2026, 9, 16, 11, tzinfo=SHANGHAI)
    Activity.objects.filter(pk=second.pk).update(minutes=OTHER, updated_at=later)

    assert noticed() == []


# -- (d) photos -------------------------------------------------------------
def test_one_photo_in_two_records_is_shown_twice(community, neighbour, reviewer):
    first, second = held(community, date(2026, 8, 3)), held(neighbour)
    for activity in (first, second):
        AttachmentFactory(activity=activity, seed=7)
        AttachmentFactory(activity=activity)  # the same as each other's, too
    AttachmentFactory(activity=held(community, date(2026, 7, 1)), seed=9)

    (hint,) = noticed()

    assert (hint.kind, len(hint.facts["photos"])) == (HintKind.SAME_PHOTO, 2)
    page = says(hint, reviewer)
    for photo in [*first.attachments.all(), *second.attachments.all()]:
        assert f'src="{photo.get_absolute_url()}"' in page


def test_a_sign_in_sheet_and_a_photo_of_one_occasion_are_not_compared(community, neighbour):
    for activity in (held(community), held(neighbour)):
        AttachmentFactory(activity=activity)
    for activity in (held(community, date(2026, 8, 3)), held(community, date(2026, 8, 9))):
        AttachmentFactory(activity=activity, kind="sign_in", fingerprint="")

    assert noticed() == []


# -- (e) a quarter on one day -----------------------------------------------
def test_a_whole_quarter_entered_on_one_day_is_one_hint(community, reviewer):
    days = [date(2026, 4, 9), date(2026, 5, 8), date(2026, 6, 11), date(2026, 6, 25)]
    records = [held(community, day, entered=date(2026, 6, 30)) for day in days]

    (hint,) = noticed(HintKind.ONE_EVENING)

    assert set(hint.records.all()) == set(records)
    assert "该季度 4 条记录中有 4 条于2026年6月30日登记" in says(hint, reviewer)


@pytest.mark.parametrize(
    "days",
    [
        [(4, 9, 30), (6, 11, 30), (6, 25, 30)],  # two months alone
        [(4, 9, 30), (5, 8, 30), (6, 11, 30), (6, 12, 12), (6, 13, 13)],  # a part of the quarter
    ],
)
def test_less_than_a_quarter_is_nothing(community, days):
    for month, day, entered in days:
        held(community, date(2026, month, day), entered=date(2026, 6, entered))

    assert noticed(HintKind.ONE_EVENING) == []


# -- (f) people who had left ------------------------------------------------
@pytest.mark.parametrize("standing", [Standing.DECEASED, Standing.LEFT, Standing.EXPELLED])
def test_attendance_of_who_had_died_or_left_the_party_is_named_with_since_when(
    community, reviewer, standing
):
    person = MemberFactory(unit=community, name="张三")
    StandingSpell.objects.create(person=person, standing=standing, begun_on=date(2026, 5, 1))
    AttendanceFactory(activity=held(community, date(2026, 4, 30)), person=person)
    after = AttendanceFactory(activity=held(community), person=person).activity

    (hint,) = noticed()

    assert (hint.kind, list(hint.records.all())) == (HintKind.HAD_LEFT, [after])
    assert f"张三：自2026年5月1日起{standing.label}" in says(hint, reviewer)


def test_who_was_transferred_away_and_still_attends_is_named(community, neighbour, reviewer):
    person = MemberFactory(unit=community, name="张三", ended_on=date(2026, 5, 1))
    AffiliationFactory(person=person, unit=neighbour, begun_on=date(2026, 5, 2))
    AttendanceFactory(activity=held(community), person=person)

    (hint,) = noticed()

    assert "张三：自2026年5月1日起不在本组织" in says(hint, reviewer)


def test_guests_the_street_above_and_who_came_back_are_nothing(community, neighbour, street):
    guest = MemberFactory(unit=neighbour)
    risen = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    AffiliationFactory(person=risen, unit=street, begun_on=date(2026, 5, 2))
    back = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    AffiliationFactory(person=back, unit=community, begun_on=date(2026, 8, 1))
    activity = held(community)
    for person in (guest, risen, back):
        AttendanceFactory(activity=activity, person=person)

    assert noticed() == []


# -- what is kept of them ---------------------------------------------------
@pytest.fixture
def late(community):
    """A hint about a late record, and the record."""
    activity = held(community, date(2026, 6, 1), entered=date(2026, 8, 1))
    (hint,) = noticed()
    return hint, activity


def settle(hint, user, word="已核对签到表"):
    return sign_in(user).post(
        reverse("activities:hint_dismiss", args=[hint.pk]), {"because": word}, follow=True
    )


def test_a_second_look_finds_the_same_hint(late):
    assert noticed() == [late[0]]


def test_a_settled_hint_stays_settled_with_its_word_and_a_line_in_the_trail(late, reviewer):
    hint, activity = late
    assert "请简要说明" in settle(hint, reviewer, " ").content.decode()

    settle(hint, reviewer)

    (same,) = noticed()
    assert (same.pk, same.dismissed_by, same.dismissed_because) == (
        hint.pk,
        reviewer,
        "已核对签到表",
    )
    told = AuditEvent.objects.get(verb="dismiss_hint")
    assert (told.by, told.details["reason"], told.unit_path) == (
        reviewer,
        "已核对签到表",
        activity.unit.path,
    )


def test_it_comes_back_when_what_was_seen_changes_and_not_when_it_is_only_away(late, reviewer):
    hint, activity = late
    settle(hint, reviewer)

    Activity.objects.filter(pk=activity.pk).update(state=State.CANCELLED)
    assert noticed() == []
    Activity.objects.filter(pk=activity.pk).update(state=State.SUBMITTED)
    assert noticed()[0].dismissed_at

    moved = date(2026, 5, 20)
    Activity.objects.filter(pk=activity.pk).update(first_day=moved, last_day=moved)
    assert noticed()[0].dismissed_at is None


def test_an_open_hint_goes_with_its_facts(late):
    Activity.objects.filter(pk=late[1].pk).update(state=State.CANCELLED)

    assert noticed() == []
    assert not Hint.objects.exists()


def test_a_hint_is_taken_up_again(late, reviewer):
    hint, _activity = late
    settle(hint, reviewer)

    sign_in(reviewer).post(reverse("activities:hint_reopen", args=[hint.pk]))

    assert Hint.objects.waiting().get() == hint
    with pytest.raises(ActivityError):
        services.reopen_hint(hint, by=reviewer)


def test_a_look_at_one_record_finds_and_forgets_what_it_has_to_do_with(community, neighbour):
    person = MemberFactory(unit=community)
    first, second = held(community, minutes=MINUTES), held(neighbour, hour=11)
    third = held(community, date(2026, 8, 3), minutes=MINUTES)
    for activity in (first, second):
        AttendanceFactory(activity=activity, person=person)

    look_at_record(str(first.pk))
    kinds = set(Hint.objects.values_list("kind", flat=True))
    before = set(Hint.objects.values_list("pk", flat=True))
    look_at_all()

    assert kinds == {HintKind.TWO_PLACES, HintKind.SAME_MINUTES}
    assert set(Hint.objects.values_list("pk", flat=True)) == before
    Activity.objects.filter(pk=third.pk).update(state=State.CANCELLED)
    look_at_one(third.pk)
    assert Hint.objects.get().kind == HintKind.TWO_PLACES


def test_submitting_has_a_record_looked_at_where_hints_are_wanted(
    county, community, secretary, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(
        "activities.hints.asking.current_app.send_task", lambda *args, **options: asked.append(args)
    )
    activity = ActivityFactory(unit=community)
    with django_capture_on_commit_callbacks(execute=True):
        services.submit(activity, by=secretary)
    assert asked == [("activities.tasks.look_at_record", [str(activity.pk)])]

    switch(county, "off", date(2026, 9, 1))
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel(activity, by=secretary)
    assert len(asked) == 1


def test_at_night_each_county_is_looked_at_by_a_task_of_its_own(county, outsider, monkeypatch):
    asked = []
    monkeypatch.setattr(look_at_records_of, "delay", asked.append)

    look_at_records()

    assert sorted(asked) == [county.code, "xc"]


def test_a_broker_that_is_away_keeps_nobody_from_submitting(
    community, secretary, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args, **options):
        raise OSError("no broker")

    monkeypatch.setattr("activities.hints.asking.current_app.send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        services.submit(ActivityFactory(unit=community), by=secretary)


# -- switched on by the county ----------------------------------------------
def test_nothing_is_noticed_before_the_day_from_which_the_county_wants_it(community):
    held(community, date(2025, 12, 1), entered=date(2026, 8, 1))

    assert noticed() == []


def test_where_hints_are_switched_off_none_is_shown_or_kept(late, county, reviewer):
    switch(county, "off", date(2026, 9, 1))
    browser = sign_in(reviewer)

    assert "提示未启用" in browser.get(reverse("activities:hints")).content.decode()
    assert browser.get(late[0].get_absolute_url()).status_code == 404
    assert "登记时间距活动较久" not in browser.get(late[1].get_absolute_url()).content.decode()
    assert noticed() == []


# -- who sees them ----------------------------------------------------------
def test_hints_are_for_reviewers_and_the_county_never_for_who_keeps_the_record(
    late, secretary, street_secretary, viewer, outsider, reviewer, organizer
):
    hint, activity = late
    for user in (secretary, street_secretary, viewer, outsider):
        browser = sign_in(user)
        for address in (reverse("activities:hints"), hint.get_absolute_url()):
            assert browser.get(address).status_code == 404
        assert "登记时间距活动较久" not in str(browser.get(activity.get_absolute_url()).content)
        assert settle(hint, user).status_code == 404
    for user in (reviewer, organizer):
        browser = sign_in(user)
        assert "登记时间距活动较久" in browser.get(reverse("activities:hints")).content.decode()
        page = browser.get(activity.get_absolute_url()).content.decode()
        assert "登记时间距活动较久" in page
        review = browser.get(reverse("assessment:review")).content.decode()
        assert "1 条提示" in review


@pytest.fixture
def across(county, community):
    """A hint about records of two streets: one person, the same minutes, the same photo."""
    beyond = CommunityFactory(parent=StreetFactory(parent=county, name="西街街道"), name="山前社区")
    ours = held(community, topic="河滨学习", minutes=MINUTES)
    theirs = held(beyond, date(2026, 8, 1), topic="山前学习", minutes=MINUTES)
    for activity in (ours, theirs):
        AttachmentFactory(activity=activity, seed=5)
    return ours, theirs, noticed()


def test_a_record_beyond_ones_reach_is_only_counted(across, reviewer):
    _ours, theirs, hints = across
    (hidden,) = theirs.attachments.all()

    assert {hint.kind for hint in hints} == {HintKind.SAME_MINUTES, HintKind.SAME_PHOTO}
    pages = [says(hint, reviewer) for hint in hints]
    pages.append(sign_in(reviewer).get(reverse("activities:hints")).content.decode())
    for page in pages:
        assert "河滨学习" in page
        assert "另有 1 条您权限以外的记录" in page
        for told in ("山前", "西街", str(theirs.pk), str(hidden.pk)):
            assert told not in page
    assert "<mark>" not in "".join(pages)


def test_only_who_sees_all_of_it_settles_a_hint(across, reviewer, organizer):
    _ours, _theirs, hints = across

    for hint in hints:
        assert "由县级处理" in settle(hint, reviewer).content.decode()
        assert Hint.objects.waiting().filter(pk=hint.pk).exists()
        assert "您权限以外" not in says(hint, organizer)
        settle(hint, organizer)
    assert not Hint.objects.waiting().exists()


def test_what_a_reviewer_of_one_street_may_not_see_a_reviewer_of_both_may(across, county):
    both = GrantFactory(unit=county, role=Role.REVIEWER).user

    assert all("山前学习" in says(hint, both) for hint in across[2])


# -- the list ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, 2),
        ({"page": "1"}, 2),
        ({"settled": "settled"}, 1),
        ({"settled": ""}, 3),
        ({"kind": "late", "settled": ""}, 3),
        ({"kind": "same_photo"}, 0),
        ({"unit": "s1m2"}, 1),
        ({"unit": "elsewhere"}, 3),
        ({"first": "2026-06-02"}, 1),
    ],
)
def test_filters_live_in_the_address(community, neighbour, reviewer, filters, left):
    held(community, date(2026, 6, 1), entered=date(2026, 9, 1))
    done = held(community, date(2026, 6, 1), entered=date(2026, 9, 1))
    held(neighbour, date(2026, 6, 3), entered=date(2026, 9, 1))
    look_at_all()
    services.dismiss_hint(done.hints.get(), "问过", by=reviewer)

    answer = sign_in(reviewer).get(reverse("activities:hints"), filters)

    if filters.get("unit") == "elsewhere":
        assert answer.context["filter"].errors
    else:
        assert len(answer.context["shown"]) == left


def test_the_pages_cost_the_same_queries_for_one_hint_and_thirty(community, reviewer):
    browser = sign_in(reviewer)

    def add(number):
        person = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
        AttendanceFactory(activity=held(community, entered=date(2026, 9, 11)), person=person)

    def cost():
        look_at_all()
        found = []
        record_page = Activity.objects.first().get_absolute_url()
        for name in ("activities:hints", "activities:delays", "assessment:review"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(name)).status_code == 200
            found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            browser.get(record_page)
        return [*found, len(queries)]

    add(0)
    one = cost()
    for number in range(29):
        add(number)

    assert cost() == one


def test_a_look_costs_the_same_queries_for_few_records_and_many(community):
    def add(count):
        for number in range(count):
            activity = held(community, minutes=MINUTES + str(number), hour=8 + number % 8)
            AttendanceFactory(activity=activity, person=person)

    def cost():
        Hint.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            look_at_all()
        # What is written goes in pieces, as large as the database takes them.
        return sum(query["sql"].startswith("SELECT") for query in queries)

    person = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    assert Affiliation.objects.count() == 1
    add(8)
    few = cost()
    add(24)

    assert cost() == few
