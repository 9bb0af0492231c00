"""A county that wants hints, records entered when told, and a look at all of them."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from activities.choices import State
from activities.models import Activity, Hint
from activities.tasks import look_at_records_of
from organizations.models import Unit
from tests.cast import sign_in
from tests.factories import (
    SHANGHAI,
    ActivityFactory,
    CountySettingFactory,
)

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
