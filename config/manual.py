"""The manual inside the portal: the pages of docs/manual/, and which helps with which page."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import markdown
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.generic import TemplateView

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
PAGES = sorted(path.stem for path in (FOLDER / "zh-hans").glob("*.md"))
HELPS = {
    "home": "home",
    "accounts:": "start",
    "activities:log": "log",
    "activities:edit": "log",
    "activities:copy": "log",
    "activities:calendar": "plan",
    "activities:unit_calendar": "plan",
    "activities:plan": "plan",
    "activities:holidays": "plan",
    "activities:sign_in": "plan",
    "activities:run": "member-review",
    "activities:issue": "member-review",
    "activities:hint": "review",
    "activities:versions": "review",
    "activities:": "log",
    "members:import": "import",
    "members:batch": "import",
    "members:layout": "import",
    "members:": "members",
    "organizations:": "members",
    "assessment:dashboard": "dashboard",
    "assessment:of_rule": "dashboard",
    "assessment:trend": "dashboard",
    "assessment:chart": "dashboard",
    "assessment:search": "start",
    "assessment:next": "verdict",
    "assessment:unmet": "verdict",
    "assessment:person_year": "verdict",
    "assessment:five_good": "standing",
    "assessment:unit": "dashboard",
    "assessment:rule": "verdict",
    "assessment:why": "verdict",
    "assessment:expected": "verdict",
    "assessment:review": "review",
    "assessment:notice": "reminders",
    "assessment:reminder": "reminders",
    "assessment:": "rules",
    "reports:": "reports",
    "standing:": "standing",
    "users:": "users",
}
"""By the beginning of a route's name; the longest that fits tells the page of the manual."""
LINK = re.compile(r'(href|src)="(?:\.\./(shots/[\w.-]+)|([\w-]+)\.md)"')


def help_for(view_name: str) -> str:
    """The address of what the manual says about the page with that route; its contents else."""
    fitting = [start for start in HELPS if view_name.startswith(start)]
    if not fitting:
        return reverse("manual")
    return reverse("manual_page", args=[HELPS[max(fitting, key=len)]])


class ManualView(LoginRequiredMixin, TemplateView):
    """One page of the manual, in the reader's language: each stands in both."""

    template_name = "manual.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = kwargs.get("page", "index")
        language = "en" if get_language() == "en" else "zh-hans"
        if page not in PAGES:
            raise Http404
        title, body = drawn(language, page)
        return super().get_context_data(title=title, body=body, is_index=page == "index", **kwargs)


def drawn(language: str, page: str) -> tuple[str, SafeString]:
    """The heading of a page and its text as HTML; links lead to where the portal has them."""
    title, body = _parsed(language, page)
    return title, mark_safe(LINK.sub(_led, body))  # noqa: S308  (our own text)


@lru_cache(maxsize=64)
def _parsed(language: str, page: str) -> tuple[str, str]:
    source = (FOLDER / language / f"{page}.md").read_text("utf-8")
    heading, _newline, text = source.partition("\n")
    return heading.removeprefix("# ").strip(), markdown.markdown(text, extensions=["tables"])


def _led(match: re.Match[str]) -> str:
    name, picture, page = match.groups()
    if picture:
        return f'{name}="{static(f"manual/{picture}")}"'
    return f'{name}="{reverse("manual_page", args=[page])}"'
