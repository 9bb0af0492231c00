"""A few files and some records worth a look, so that nobody meets an empty page.

Whoever keeps to the duties gives no cause for a hint; what there is to notice is in a unit that
is late with everything.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from activities import services
from activities.choices import FileKind, State
from activities.hints.looking import look_at_county
from activities.models import Activity
from assessment.demo import DEMO_USERS
from assessment.demo.habits import EXEMPLARY, LATE
from assessment.demo.scene import Scene
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Unit

SIZE = (1200, 800)
LATE_BY = timedelta(days=47)
MINUTES = (
    "会议由支部书记主持，应到党员按时到会。会议首先传达了街道党工委关于做好季度重点工作的通知，"
    "随后组织学习有关文件，三名党员结合各自岗位谈了体会。会议围绕楼道堆物清理、独居老人走访、"
    "电动车充电安全三件事进行讨论，明确由支部委员分片负责，月底前完成摸排并张贴提示。"
    "会议要求全体党员带头示范，主动联系所在楼栋居民，及时反映困难和诉求，"
    "遇到重要情况当日向支部报告。最后，书记对下一步工作作了小结。"
)


def hand_in(scene: Scene, units: list[Unit], *, shown_first: str) -> None:
    """Files of the unit that is shown first, and the records of a neighbour that give a hint.

    Only in the county of the demo's users: in another nobody looks before the nightly run.
    """
    if shown_first not in {code for _name, _role, code in DEMO_USERS}:
        return
    first = next(unit for unit in units if unit.code == shown_first)
    for number, activity in enumerate(_open_records(first)):
        _photo(activity, seed=number)
    beside = [
        unit
        for unit in units
        if unit.parent_id == first.parent_id
        and unit.kind in COMMUNITY_KINDS
        and unit != first
        and scene.habits[unit.code] is not EXEMPLARY
    ]
    beside.sort(key=lambda unit: scene.habits[unit.code] is not LATE)
    for unit in beside:
        if len(records := _open_records(unit)) == 2:
            _worth_a_look(records, long_ago=scene.today - 2 * LATE_BY)
            break
    look_at_county(units[0])


def _open_records(unit: Unit) -> list[Activity]:
    """Its last two records with people in them, the newest first; they wait for review."""
    counted = Activity.objects.counted().filter(unit=unit, attendances__isnull=False)
    rows = counted.distinct().order_by("-first_day", "-pk")
    keys = list(rows.values_list("pk", flat=True)[:2])
    Activity.objects.filter(pk__in=keys).update(
        state=State.SUBMITTED, reviewed_at=None, reviewed_by=None
    )
    return list(Activity.objects.filter(pk__in=keys).order_by("-first_day", "-pk"))


def _worth_a_look(records: list[Activity], *, long_ago: date) -> None:
    """One photo and nearly the same minutes in two records, and an older one entered late."""
    for activity in records:
        _photo(activity, seed=99)
        minutes = MINUTES.replace("三名", "五名") if activity is records[0] else MINUTES
        Activity.objects.filter(pk=activity.pk).update(minutes=minutes)
    confirmed = Activity.objects.filter(unit=records[0].unit, state=State.CONFIRMED)
    if late := confirmed.filter(last_day__lte=long_ago).order_by("-first_day").first():
        told = late.ends_at + LATE_BY
        Activity.objects.filter(pk=late.pk).update(submitted_at=told, reviewed_at=told)


def _photo(activity: Activity, *, seed: int) -> None:
    if activity.created_by is None:
        return
    upload = SimpleUploadedFile("会场照片.jpg", _drawn(seed))
    services.attach(activity, upload, kind=FileKind.PHOTO, by=activity.created_by)


def _drawn(seed: int) -> bytes:
    """A meeting room as a child would draw it: a wall, a table, heads around it."""
    dice = Random(f"photo {seed}")  # noqa: S311  (a demo, not a secret)
    image = Image.new("RGB", SIZE, (228, 222, 210))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 520, *SIZE), fill=(164, 138, 110))
    pen.rectangle((340, 60, 860, 250), fill=(168, 18, 27))
    pen.rectangle((200, 470, 1000, 620), fill=(120, 84, 58))
    for _ in range(14):
        x, y = dice.randrange(120, 1_020), dice.randrange(330, 660)
        shade = dice.randrange(40, 200)
        pen.rounded_rectangle((x - 30, y + 40, x + 70, y + 150), 20, fill=(shade, 70, 110))
        pen.ellipse((x - 10, y - 20, x + 50, y + 45), fill=(222, 184, 150))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
