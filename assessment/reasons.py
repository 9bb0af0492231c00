"""Why somebody, or a unit, owes nothing or less, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.expected import Because
from assessment.phrases import day_name

WORDS: dict[str, Promise] = {
    "joined": _("expected from %(day)s on"),
    "left": _("expected until %(day)s"),
    "exempt_partly": _("exempt from %(day)s to %(until)s"),
    "exempt": _("Exempt for the whole time."),
    "not_a_member": _("Not a member in normal standing on that day."),
    "not_full": _("Not yet a full member."),
    "to_come": _("Not expected within this time."),
    "founded": _("Founded on %(day)s: there for less than half of the time."),
    "dissolved": _("Dissolved on %(day)s."),
    "dissolved_before": _(
        "Dissolved on %(day)s: it had no members of its own any more at the end of the period."
    ),
    "not_founded": _("Founded later, on %(day)s."),
    "no_members": _("Has no members of its own."),
    "not_given": _("What the rule takes for granted is not there."),
    "nobody": _("Nobody here is asked by the rule."),
    "nothing": _("There is nothing here that the rule is about."),
    "off": _("The rule is not in use there on that day."),
}


def tell_because(reason: Because) -> str:
    """The reason as a sentence, or as part of one after a name."""
    days = {
        "day": day_name(reason.day) if reason.day else "",
        "until": _last(reason),
    }
    if reason.code == "not_full" and reason.day:
        return gettext("A full member only from %(day)s on.") % days
    return str(WORDS[reason.code]) % days


def _last(reason: Because) -> str:
    return day_name(reason.until) if reason.until else ""
