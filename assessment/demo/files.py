"""What stands in people's files: steps into the Party, guests' work, a few cases of the unfit."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from assessment.demo.scene import Scene
from members.choices import CaseOutcome, GuestNoteKind, Nature, Stage, StepKind
from members.models import Affiliation, DevelopmentStep, Guest, GuestNote, Membership, UnfitCase
from organizations.models import Unit

STEPS: tuple[tuple[StepKind, str, int, str], ...] = (
    (StepKind.TALK, "applied_on", 20, "支部书记与其谈话"),
    (StepKind.RECOMMENDATION, "activist_on", -5, "党员推荐，支委会研究同意"),
    (StepKind.HALF_YEAR_REVIEW, "activist_on", 180, "表现良好，继续培养"),
    (StepKind.TRAINING, "candidate_on", 40, "参加街道党工委集中培训三天，结业合格"),
    (StepKind.POLITICAL_REVIEW, "candidate_on", 70, "政治审查合格"),
    (StepKind.INTRODUCERS, "candidate_on", 80, "确定两名入党介绍人"),
    (StepKind.VOTE, "joined_on", 0, "支部大会表决通过"),
    (StepKind.APPROVAL, "joined_on", 45, "街道党工委批准"),
    (StepKind.OATH, "joined_on", 60, "参加入党宣誓"),
)
"""Each with the stage's day that it hangs on, and how many days after it."""
WORK = ("认领楼栋环境整治", "参加社区政策宣讲", "结对联系独居老人", "参与周末平安巡逻")
WORKPLACES = ("某中学党支部", "某供电所党支部", "某医院第三党支部", "某企业离退休党支部")
GROUNDS = ("多次无故不参加组织生活", "半年未按时交纳党费")


def file_away(scene: Scene, units: list[Unit], dice: Random) -> None:
    """Fill the files of the people who belong to `units`, all of them written already."""
    _steps(scene, units)
    _guests(scene, units, dice)
    _cases(scene, units, dice)


def _steps(scene: Scene, units: list[Unit]) -> None:
    homes = Affiliation.objects.still_open().filter(unit__in=units, nature=Nature.HOME)
    on_the_way = Membership.objects.exclude(stage=Stage.FULL)
    for membership in on_the_way.filter(person__in=homes.values("person")).order_by("pk"):
        for kind, begins, days, note in STEPS:
            begun = getattr(membership, begins)
            on = begun + timedelta(days=days) if begun else scene.today
            if on < scene.today:
                step = DevelopmentStep(person_id=membership.person_id, kind=kind, on=on, note=note)
                scene.batch.add(step)


def _guests(scene: Scene, units: list[Unit], dice: Random) -> None:
    """Where each guest's home is; most in-service ones have claimed work this year."""
    first = date(scene.today.year, 1, 5)
    natures = [Nature.IN_SERVICE, Nature.RETIRED_RESIDENT]
    ties = Affiliation.objects.still_open().filter(unit__in=units, nature__in=natures)
    for tie in ties.order_by("pk"):
        scene.batch.add(Guest(affiliation=tie, elsewhere=dice.choice(WORKPLACES)))
        on = max(first, scene.today - timedelta(days=dice.randrange(20, 200)))
        if on >= scene.today or dice.random() < 0.2:
            continue
        if tie.nature == Nature.IN_SERVICE:
            note = GuestNote(
                kind=GuestNoteKind.CLAIM,
                text=dice.choice(WORK),
                done_on=scene.today,
                result="已完成",
            )
        else:
            note = GuestNote(kind=GuestNoteKind.FOLLOW_UP, text="已联系本人，说明组织关系转接办法")
        note.affiliation, note.on = tie, on
        scene.batch.add(note)


def _cases(scene: Scene, units: list[Unit], dice: Random) -> None:
    """One in a dozen communities has a case, half of them settled."""
    for unit in units[::12]:
        here = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
        if not here:
            continue
        is_settled = dice.random() < 0.5
        opened = scene.today - timedelta(days=dice.randrange(60, 200))
        scene.batch.add(
            UnfitCase(
                person=here[dice.randrange(len(here))].person,
                unit=unit,
                opened_on=opened,
                ground=dice.choice(GROUNDS),
                measure="支部书记谈话教育，限期改正",
                settled_on=opened + timedelta(days=45) if is_settled else None,
                outcome=CaseOutcome.IMPROVED if is_settled else "",
            )
        )
