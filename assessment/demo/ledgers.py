"""What communities keep of their members beside the records: posts, pledges, transfers."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from assessment.demo.files import file_away
from assessment.demo.scene import Local, Scene
from members.models import DutyPost, Pledge, PostHolding, Transfer
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Unit

POSTS = (
    ("政策法规宣传岗", "宣传党的政策和法律法规"),
    ("环境卫生监督岗", "监督楼栋卫生，劝导不文明行为"),
    ("治安巡逻岗", "参加社区治安巡逻"),
    ("帮扶助困岗", "联系帮扶困难群众和空巢老人"),
)
PLEDGES = ("每月参加一次义务劳动", "结对帮扶一户困难家庭", "带头缴纳党费、遵守居民公约")
LETTER_DAYS = 30


def keep(scene: Scene, units: list[Unit]) -> None:
    """The ledgers of the county's communities; throws dice of its own, so that the rest of the
    demo stays as it is.
    """
    dice = Random(f"ledgers {units[0].code}")  # noqa: S311  (a demo, not a secret)
    communities = [unit for unit in units if unit.kind in COMMUNITY_KINDS and unit.is_open]
    for number, unit in enumerate(communities):
        here = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
        if len(here) < len(POSTS):
            continue
        _duties(scene, dice, unit, here)
        if number % 3 == 0:
            _letter(scene, dice, unit, here[-1], communities[number - 1])
    file_away(scene, communities, dice)


def _duties(scene: Scene, dice: Random, unit: Unit, here: list[Local]) -> None:
    first = date(scene.today.year, 1, 1)
    for name, duties in dice.sample(POSTS, 2):
        post = scene.batch.add(DutyPost(unit=unit, name=name, duties=duties, begun_on=first))
        for local in dice.sample(here, 2):
            person = local.person
            scene.batch.add(PostHolding(post=post, person=person, begun_on=first))
    for local in dice.sample(here, 3):
        made = first + timedelta(days=dice.randrange((scene.today - first).days + 1))
        is_kept = dice.random() < 0.5
        scene.batch.add(
            Pledge(
                person=local.person,
                unit=unit,
                made_on=made,
                text=dice.choice(PLEDGES),
                reported_on=scene.today if is_kept else None,
                report="已按承诺履行" if is_kept else "",
            )
        )


def _letter(scene: Scene, dice: Random, unit: Unit, local: Local, to: Unit) -> None:
    """On the way from `unit` to another, some beyond the letter's term."""
    if to == unit:
        return
    issued = scene.today - timedelta(days=dice.randrange(5, 60))
    scene.batch.add(
        Transfer(
            person=local.person,
            from_unit=unit,
            to_unit=to,
            letter_number=f"{issued.year}-{dice.randrange(1, 200):03d}",
            issued_on=issued,
            valid_until=issued + timedelta(days=LETTER_DAYS),
            reason="居住地变动",
        )
    )
