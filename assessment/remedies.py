"""The one button that deals with an unmet rule: where to go, with what filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from activities.kinds import all_kinds
from assessment.terms import Measure, Rule, Who

GRADES = "review:graded"
LISTS = {
    "office": (gettext_lazy("Open the roster"), "members:list", "users"),
    "posts": (gettext_lazy("Open the roster"), "members:list", "users"),
    "term": (gettext_lazy("Open the terms of office"), "members:terms", "users"),
    "floating": (gettext_lazy("Open the roster"), "members:list", "users"),
    "paper": (gettext_lazy("Open the floating ledger"), "members:floating_list", "users"),
    "unfit_case": (gettext_lazy("Open the cases"), "members:cases", "clipboard-check"),
    "duty": (gettext_lazy("Open posts and duties"), "members:posts", "clipboard-check"),
}
"""Where the records of what counts are kept: by the code, or what stands before its colon."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A link with words on it."""

    label: str
    url: str
    icon: str


def remedy_for(
    rule: Rule, unit: str, *, day: date | None = None, short: Sequence[dict[str, Any]] = ()
) -> Remedy:
    """What helps the unit of that code with `rule`; `day` is filled in where it is given."""
    if run := _run_kind(rule):
        query = [("unit", unit), ("kind", run), *([("year", str(day.year))] if day else [])]
        url = f"{reverse('activities:run_open')}?{urlencode(query)}"
        return Remedy(gettext("Open a run"), url, "certificate")
    kinds = _kinds_to_log(rule, short)
    if kinds:
        query = [("unit", unit), *(("kind", kind) for kind in kinds)]
        query += [("day", day.isoformat())] if day else []
        url = f"{reverse('activities:log')}?{urlencode(query)}"
        return Remedy(gettext("Log activity"), url, "calendar-plus")
    prefixes = {code.partition(":")[0] for code in rule.counts}
    for prefix, (words, route, icon) in LISTS.items():
        if prefix in prefixes:
            url = f"{reverse(route)}?{urlencode({'unit': unit})}"
            return Remedy(str(words), url, icon)
    if "guest" in prefixes:
        route = "members:in_service" if rule.who is Who.IN_SERVICE else "members:retirees"
        url = f"{reverse(route)}?{urlencode({'unit': unit})}"
        return Remedy(gettext("Open the ledger"), url, "users")
    if "development_plan" in rule.counts:
        return Remedy(gettext("Open the plans"), reverse("members:plans"), "clipboard-check")
    url = reverse("organizations:detail", args=[unit])
    return Remedy(gettext("Complete the unit's record"), url, "edit")


def _run_kind(rule: Rule) -> str:
    """The review that the rule asks for, which is prepared in steps; empty for other rules."""
    if GRADES in rule.counts:
        return "member_review"
    return "spirit_analysis" if "spirit_analysis" in rule.counts else ""


def _kinds_to_log(rule: Rule, short: Sequence[dict[str, Any]]) -> list[str]:
    """All that is lacking where each kind is asked for, else the first that counts."""
    kinds = [code for code in all_kinds() if code in rule.counts]
    if rule.measure is Measure.KINDS:
        lacking = {item.get("what") for item in short}
        return [code for code in kinds if code in lacking] or kinds
    return kinds[:1]
