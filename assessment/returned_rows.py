"""Returned records as lines that a person reads: on the page of notices and in the e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from activities.models import ReturnNotice


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One record that was returned, as it stands now."""

    notice: ReturnNotice

    @property
    def topic(self) -> str:
        return self.notice.activity.topic

    @property
    def unit_name(self) -> str:
        return self.notice.activity.unit.name

    @property
    def day(self) -> date:
        return self.notice.activity.first_day

    @property
    def reason(self) -> str:
        return self.notice.activity.return_reason

    @property
    def reviewer(self) -> str:
        return str(self.notice.activity.reviewed_by or "")

    @property
    def url(self) -> str:
        return self.notice.activity.get_absolute_url()

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None


def returned_lines(user: User, told_on: date | None = None) -> list[ReturnLine]:
    """The returned records that `user` is to mend; those of one day's notice if a day is given."""
    notices = ReturnNotice.objects.visible_to(user)
    if told_on is not None:
        notices = notices.filter(told_on=told_on)
    rows = notices.select_related("activity__unit", "activity__reviewed_by")
    return [ReturnLine(row) for row in rows]
