"""Every table of the corpus comes to what corpus_table.py says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.choices import ATTENDED, Presence
from activities.imports.columns import COLUMNS
from activities.models import Activity
from members.choices import BatchKind
from members.models import ImportBatch
from members.roster.batches import Request, run_import
from organizations.spreadsheets.cells import SheetError
from tests.activities.corpus_table import CORPUS
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "corpus"


@pytest.fixture
def people(community, neighbour):
    for name in ("张三", "李四", "王五", "赵六"):
        MemberFactory(unit=community, name=name)
    MemberFactory(unit=neighbour, name="周七")


def made_of(name, unit):
    """What the import makes of a file: a line for each record, and the codes of what it tells."""
    data = (FOLDER / name).read_bytes()
    request = Request(BatchKind.ACTIVITIES, unit, data, name, is_partial=True)
    try:
        report = run_import(request, by=None)
    except SheetError as error:
        return [error.problem.code]
    told = [
        f"{finding.row} {finding.column.split('(')[0]}: {finding.problem.code}".replace("  ", " ")
        for finding in [*report.errors, *report.warnings]
    ]
    return [*map(line_of, Activity.objects.order_by("starts_at", "topic")), *told]


def line_of(activity):
    begun, ended = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    words = list(activity.attendances.values_list("presence", flat=True))
    here, leave = sum(word in ATTENDED for word in words), words.count(Presence.LEAVE)
    kinds = "、".join(kind.zh for kind in activity.kinds)
    return (
        f"{begun:%Y-%m-%d %H:%M}–{ended:%H:%M} {kinds}《{activity.topic}》"
        f"{activity.credit}天 到{here}假{leave} {activity.state}"
    )


def test_the_table_names_every_file():
    assert sorted(CORPUS) == sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", CORPUS)
def test_a_file_comes_to_what_the_table_says(name, people, community):
    assert made_of(name, community) == CORPUS[name]


@pytest.mark.parametrize("name", CORPUS)
def test_the_same_file_again_changes_nothing(name, people, community):
    made_of(name, community)
    before = list(Activity.objects.order_by("pk").values_list("pk", "version"))

    made_of(name, community)

    assert list(Activity.objects.order_by("pk").values_list("pk", "version")) == before
    last = ImportBatch.objects.first()
    assert last is None or last.counts["created"] + last.counts["updated"] == 0


def test_what_else_a_table_says_is_kept_in_the_minutes(people, community):
    made_of("three-meetings.xlsx", community)
    made_of("themed-days.xlsx", community)

    meeting = Activity.objects.get(topic="三月党课")
    assert meeting.minutes == "议题：换届准备\n讨论了人选\n决议：通过"
    assert (meeting.chair, meeting.recorder, meeting.place) == ("张三", "李四", "活动室")
    assert Activity.objects.get(topic="清洁家园").minutes == "打扫河堤\n列席：社区干部2人"


def test_the_template_holds_every_heading_and_its_example_is_no_record(
    signed_in, community, people
):
    address = reverse("members:import_kind", args=["activities"])
    headings = signed_in.get(address).content.decode()
    answer = signed_in.get(reverse("members:template", args=["activities"]))
    file = SimpleUploadedFile("模板.xlsx", answer.content)

    signed_in.post(address, {"unit": community.code, "file": file}, follow=True)

    assert "activities-template.xlsx" in answer["Content-Disposition"]
    assert all(column.heading in headings for column in COLUMNS)
    assert not ImportBatch.objects.get().counts["created"]
