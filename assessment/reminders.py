"""Reminders: wanted once, claimed once, never lost.

A run plans what is to be told on a day (one row for each deadline, stage and recipient, unique),
then sends to each recipient what is still true: one notice a day in the portal, and one e-mail.
A worker claims rows by one conditional UPDATE; if it dies, the claim runs out and the next run
takes them over. The notice in the portal comes exactly once. An e-mail comes twice only if the
worker dies between the mail server's yes and its own note of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from activities.models import ReturnNotice
from activities.services import take_untold
from assessment.choices import DropReason, NoticeState, Stage
from assessment.engine import compute_in_chunks
from assessment.live import LiveDays
from assessment.member_dates import member_deadlines
from assessment.models import Notice, Reminder
from assessment.notices import mail
from assessment.planning import LOOK_BACK, Deadline, Key, Posts, open_in, told_of
from organizations.models import Grant, Unit
from organizations.querysets import UnitQuerySet

ROWS_AT_ONCE = 2_000


@dataclass
class Outcome:
    """What a run did."""

    on: date
    sent: list[Reminder] = field(default_factory=list)
    notices: int = 0
    cancelled: int = 0
    superseded: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "sent": [_as_json(row) for row in self.sent],
            "notices": self.notices,
            "cancelled": self.cancelled,
            "superseded": self.superseded,
        }


def _as_json(row: Reminder) -> dict[str, str]:
    return {
        "recipient": row.recipient.username,
        "unit": row.subject_code,
        "rule": row.rule,
        "period_start": row.period_start.isoformat(),
        "period_end": row.period_end.isoformat(),
        "stage": row.stage,
    }


def remind(on: date) -> Outcome:
    """Plan what is to be told on `on`, and send it. Safe to run twice, late, or side by side."""
    plan(on)
    return send_planned(on)


def plan(on: date) -> None:
    """Write a row for each reminder wanted; one that is already there stays as it is."""
    posts = posts_on(on)
    wanted = [
        _row(deadline, user)
        for deadline in find_deadlines(Unit.objects.all(), on).values()
        for user in sorted(told_of(deadline, posts))
    ]
    Reminder.objects.bulk_create(wanted, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


def _row(deadline: Deadline, user: int) -> Reminder:
    return Reminder(
        unit_id=deadline.unit,
        recipient_id=user,
        subject_code=deadline.subject,
        rulebook=deadline.rulebook,
        rule=deadline.rule,
        period_start=deadline.period.first,
        period_end=deadline.period.last,
        stage=Stage(deadline.stage.value),
        value=deadline.value,
        target=deadline.target,
    )


def find_deadlines(
    units: UnitQuerySet, on: date, rule_ids: Collection[str] | None = None
) -> dict[Key, Deadline]:
    """What of the units that exist on `on` is due or was lately missed, judged as of that day.

    Days on members' records (`members/deadlines.toml`) are as they stand now.
    """
    live = LiveDays()
    found = {one.key: one for one in member_deadlines(units.on(on), on, live, rule_ids)}
    for year in sorted({on.year, (on - LOOK_BACK).year}, reverse=True):
        chunks = compute_in_chunks(
            units.on(on), on, rule_ids=rule_ids, year=None if year == on.year else year
        )
        for chunk, results in chunks:
            live.load({row.county for row in chunk.values()})
            for result in results:
                for part in open_in(result.verdict, on=on, live=live.since(result.unit.path)):
                    deadline = Deadline(
                        unit=result.unit.id,
                        path=result.unit.path,
                        subject=result.verdict.unit,
                        rulebook=result.rulebook,
                        rule=result.rule.id,
                        period=part.period,
                        stage=part.stage,
                        value=part.value,
                        target=part.target,
                    )
                    found.setdefault(deadline.key, deadline)
    return found


def posts_on(on: date) -> Posts:
    """Who acts for which unit on `on`: the users that can sign in."""
    posts: dict[str, set[tuple[str, int]]] = defaultdict(set)
    held = Grant.objects.on(on).filter(user__is_active=True, unit__isnull=False)
    for path, role, user in held.values_list("unit__path", "role", "user_id"):
        posts[path].add((role, user))
    return {path: frozenset(users) for path, users in posts.items()}


def send_planned(on: date) -> Outcome:
    """Send to each recipient what waits, unless they have had their notice of the day."""
    outcome = Outcome(on)
    posts = posts_on(on)
    for user in sorted(_waited_for(on)):
        deliver(user, outcome, posts)
    outcome.sent.sort(key=lambda row: (row.recipient.username, row.unit.path, row.rule))
    return outcome


def is_waiting(on: date) -> bool:
    """Whether somebody without a notice of the day has reminders that wait."""
    return bool(_waited_for(on))


def _waited_for(on: date) -> set[int]:
    """Who has had no notice of the day, and has reminders or word of returned records waiting."""
    told = Notice.objects.filter(day=on).values("recipient")
    reminders = Reminder.objects.waiting(timezone.now()).exclude(recipient__in=told)
    returns = ReturnNotice.objects.standing().untold().exclude(recipient__in=told)
    returned = User.objects.filter(pk__in=returns.values("recipient"), is_active=True)
    return {row.recipient_id for row in reminders.only("recipient")} | {
        user.pk for user in returned if ReturnNotice.objects.visible_to(user).untold().exists()
    }


def deliver(user: int, outcome: Outcome, posts: Posts) -> None:
    """Send one person what waits for them and still holds, as one notice and one e-mail."""
    rows = _claim(user)
    kept = _drop_what_no_longer_holds(rows, outcome, posts) if rows else []
    notice = _publish(user, kept, outcome)
    if notice is not None:
        mail(notice)


def _claim(user: int) -> list[Reminder]:
    """Take what waits for `user`: one UPDATE, so that of two workers one gets each row."""
    now = timezone.now()
    waiting = Reminder.objects.waiting(now).filter(recipient=user)
    if not waiting.update(state=NoticeState.SENDING, claimed_at=now):
        return []
    mine = Reminder.objects.filter(recipient=user, state=NoticeState.SENDING, claimed_at=now)
    return list(mine.select_related("recipient", "unit"))


def _drop_what_no_longer_holds(
    rows: list[Reminder], outcome: Outcome, posts: Posts
) -> list[Reminder]:
    """Judge again, just before sending; the rows that are still right, with figures of now."""
    units = Unit.objects.filter(pk__in={row.unit_id for row in rows})
    open_now = find_deadlines(units, outcome.on, {row.rule for row in rows})
    there = set(units.on(outcome.on).values_list("pk", flat=True))
    kept: list[Reminder] = []
    dropped: dict[DropReason, list[int]] = defaultdict(list)
    for row in rows:
        key = (row.subject_code, row.rulebook, row.rule, row.period_end)
        deadline = open_now.get(key)
        reason = _why_not(row, deadline, posts, is_there=row.unit_id in there)
        if reason:
            dropped[reason].append(row.pk)
        elif deadline:
            row.value, row.target = deadline.value, deadline.target
            kept.append(row)
    for reason, keys in dropped.items():
        number = _drop(keys, reason)
        if reason is DropReason.LATER_STAGE:
            outcome.superseded += number
        else:
            outcome.cancelled += number
    return kept


def _why_not(
    row: Reminder, deadline: Deadline | None, posts: Posts, *, is_there: bool
) -> DropReason | None:
    if not is_there:
        return DropReason.DISSOLVED
    if deadline is None:
        return DropReason.DONE
    if deadline.stage != row.stage:
        return DropReason.LATER_STAGE
    if row.recipient_id not in told_of(deadline, posts):
        return DropReason.NOT_IN_CHARGE
    return None


def _drop(keys: list[int], reason: DropReason) -> int:
    is_later = reason is DropReason.LATER_STAGE
    state = NoticeState.SUPERSEDED if is_later else NoticeState.CANCELLED
    held = Reminder.objects.filter(pk__in=keys, state=NoticeState.SENDING)
    return held.update(state=state, reason=reason)


@transaction.atomic
def _publish(user: int, rows: Iterable[Reminder], outcome: Outcome) -> Notice | None:
    """Put the rows into the day's notice, with the returned records that nobody told of yet.

    None where there is nothing, or that notice is out. What another worker has taken over
    meanwhile is left to it.
    """
    held = {row.pk: row for row in rows}
    locked = Reminder.objects.select_for_update().filter(
        pk__in=held,
        state=NoticeState.SENDING,
        claimed_at__in={row.claimed_at for row in held.values()},
    )
    mine = [held[pk] for pk in locked.values_list("pk", flat=True)]
    person = User.objects.get(pk=user)
    if not mine and not ReturnNotice.objects.visible_to(person).untold().exists():
        return None
    notice, is_new = Notice.objects.get_or_create(recipient_id=user, day=outcome.on)
    for row in mine:
        row.state = NoticeState.SENT if is_new else NoticeState.PLANNED
        row.sent_at = timezone.now() if is_new else None
        row.notice = notice if is_new else None
    fields = ["state", "sent_at", "notice", "value", "target"]
    Reminder.objects.bulk_update(mine, fields, batch_size=500)
    if not is_new:
        return None
    take_untold(person, outcome.on)
    outcome.notices += 1
    outcome.sent += mine
    return notice
