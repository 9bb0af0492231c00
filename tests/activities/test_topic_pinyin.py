"""Wherever a record is written, its topic is spelt as well, so that the search finds it."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from accounts.models import AuditEvent
from activities.models import Activity
from activities.services import change_activity, log_activity
from tests.activities.entries import entry
from tests.factories import ActivityFactory

pytestmark = pytest.mark.django_db
FILE = """组织编码,活动类型,主题,开始时间,结束时间,地点
s1m1,党员学习教育,清洁家园行动,2026-03-10 09:00,2026-03-10 11:00,{place}
"""


def named(text) -> list[str]:
    return list(Activity.objects.naming(text).values_list("topic", flat=True))


def test_a_logged_record_is_spelt(community, secretary):
    log_activity(entry(community, topic=" 清洁家园行动 "), by=secretary)

    assert named("qjjyxd") == ["清洁家园行动"]


def test_a_changed_topic_is_spelt_anew_and_the_trail_tells_the_topic_alone(community, secretary):
    activity = log_activity(entry(community), by=secretary)

    change_activity(activity, entry(community, topic="清洁家园行动"), by=secretary)

    assert (named("qjjy"), named("xxdz")) == (["清洁家园行动"], [])
    event = AuditEvent.objects.get(verb="change_activity")
    assert list(event.details["fields"]) == ["topic"]


@pytest.mark.parametrize("times", [1, 2])
def test_an_imported_record_is_spelt_new_or_known(community, tmp_path, capsys, times):
    path = tmp_path / "activities.csv"
    for number in range(times):
        path.write_text(FILE.format(place=f"会议室{number}"), "utf-8")
        Activity.objects.update(topic_pinyin="")
        call_command("import_activities", path, unit="s1", json=True)
        told = json.loads(capsys.readouterr().out)

    assert told["updated"] == times - 1
    assert named("qjjy") == ["清洁家园行动"]


def test_the_migration_spells_what_was_there_before(community, monkeypatch):
    spelling = import_module("activities.migrations.0010_topic_pinyin")
    monkeypatch.setattr(spelling, "BATCH", 2)
    for number in "一二三四五":
        ActivityFactory(unit=community, topic=f"清洁家园行动{number}", topic_pinyin="")
    assert named("qjjy") == []

    spelling.spell_topics(apps, SimpleNamespace(connection=connection))

    assert sorted(named("qjjyxd")) == sorted(f"清洁家园行动{number}" for number in "一二三四五")
