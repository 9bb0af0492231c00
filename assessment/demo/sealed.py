"""A closed quarter, sealed by the organiser, with a record that came in after it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from activities.choices import State
from activities.credit import credit_of
from activities.kinds import mask_of
from activities.models import Activity
from assessment.demo.events import HERE
from assessment.models import SealedVerdict
from assessment.periods import Cycle, period_of
from assessment.sealing import seal_period
from organizations.models import Unit
from organizations.pinyin import spell

RULE = "monthly-activity"
TOPIC = "党员学习教育：学习党章（补录）"
REASON = "原始签到表后来找到"
DAYS_IN = timedelta(days=9)


def close(county: Unit, *, today: date) -> None:
    """Seal the newest quarter that is over, then enter what one unit had forgotten.

    A demo of a day to come has no such quarter yet: nothing is sealed.
    """
    quarter = period_of(period_of(today, Cycle.QUARTER).first - timedelta(days=1), Cycle.QUARTER)
    if quarter.last >= timezone.localdate():
        return
    by = User.objects.filter(username="organizer").first()
    seal = seal_period(county, quarter, by=by)
    missed = SealedVerdict.objects.filter(seal=seal, rule=RULE, status="missed")
    row = missed.select_related("unit").order_by("position").first()
    if row is None or row.period_start is None:
        return
    starts = datetime.combine(row.period_start + DAYS_IN, time(9), HERE)
    ends = starts + timedelta(hours=2)
    activity = Activity.objects.create(
        id=uuid5(NAMESPACE_OID, f"{row.unit_code} {starts.isoformat()}"),
        unit=row.unit,
        kind_mask=mask_of({"member_study"}),
        topic=TOPIC,
        topic_pinyin=spell(TOPIC),
        starts_at=starts,
        ends_at=ends,
        first_day=starts.date(),
        last_day=starts.date(),
        credit=credit_of(starts, ends),
        late_reason=REASON,
        state=State.SUBMITTED,
        submitted_at=timezone.now(),
        submitted_by=by,
        created_by=by,
    )
    record(by=by, verb="log_activity", target=activity, unit_path=row.unit.path)
