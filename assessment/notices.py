"""Notices: mailing them, trying again, marking them read."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from activities.models import ReturnNotice
from activities.services import mark_returns_read
from assessment.choices import DropReason, NoticeState
from assessment.models import Notice, Reminder
from assessment.notice_rows import lines_of
from assessment.returned_rows import returned_lines
from assessment.statements import reach_of, rows_of

logger = logging.getLogger(__name__)


def mail(notice: Notice) -> bool:
    """Send `notice` as an e-mail in its recipient's language; False if it was not sent now.

    Nobody else tries at the same time: the claim is one conditional UPDATE. A failure is tried
    again by `mail_waiting`.
    """
    now = timezone.now()
    mine = Notice.objects.to_mail(now).filter(pk=notice.pk)
    if not mine.update(claimed_at=now, mail_attempts=F("mail_attempts") + 1):
        return False
    try:
        _send(notice)
    except (SMTPException, OSError) as error:
        logger.warning("The e-mail of notice %s failed: %s", notice.pk, type(error).__name__)
        return False
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
    return True


def mail_waiting() -> int:
    """Try again what could not be mailed; give up what failed too often. How many were sent."""
    now = timezone.now()
    Reminder.objects.filter(state=NoticeState.SENT, notice__in=Notice.objects.given_up(now)).update(
        state=NoticeState.FAILED, reason=DropReason.MAIL_FAILED
    )
    waiting = Notice.objects.to_mail(now).select_related("recipient")
    return sum(mail(notice) for notice in waiting)


def _send(notice: Notice) -> None:
    """The subject names nobody: it is shown on locked screens.

    What was put right before the mail could be sent is left out; with nothing left there is none.
    """
    user = notice.recipient
    with translation.override(user.language):
        lines = lines_of(notice.reminders.select_related("unit"))
        returned = returned_lines(user, notice.day)
        if not lines and not returned:
            return
        context = {
            "recipient": user,
            "lines": lines,
            "returned": returned,
            "site": settings.SITE_URL,
            "link": settings.SITE_URL + reverse("assessment:notices"),
        }
        text = render_to_string("assessment/notice_mail.txt", context)
        send_mail(_subject(len(lines), len(returned)), text, None, [user.email])


def _subject(deadlines: int, returned: int) -> str:
    parts = []
    if returned:
        told = ngettext(
            "%(number)d record was returned", "%(number)d records were returned", returned
        )
        parts.append(told % {"number": returned})
    if deadlines:
        told = ngettext(
            "%(number)d deadline needs attention", "%(number)d deadlines need attention", deadlines
        )
        parts.append(told % {"number": deadlines})
    return pgettext("between phrases", "; ").join(parts)


def mark_read(user: User, pk: int | None = None) -> int:
    """Mark a notice of `user` as read, or all of them and the returns; how many were unread."""
    unread = Notice.objects.visible_to(user).unread()
    if pk is not None:
        return unread.filter(pk=pk).update(read_at=timezone.now())
    return unread.update(read_at=timezone.now()) + mark_returns_read(user)


def count_unread(user: User) -> int:
    """For the bell: notices and returned records that `user` has not read, in one query."""

    def question() -> QuerySet:
        sorts = (Notice.objects.visible_to(user), ReturnNotice.objects.visible_to(user))
        notices, returned = (rows.unread().order_by().values_list("pk") for rows in sorts)
        return notices.union(returned, all=True)

    return len(rows_of(("unread", reach_of(user)), question))
