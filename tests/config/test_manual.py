"""The manual inside the portal: every page helps, every link and picture leads somewhere."""

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from config.manual import FOLDER, HELPS, PAGES, help_for
from tests.routes import PUBLIC, ROUTES

pytestmark = pytest.mark.django_db
CATALOGUE = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
LEAD_INS = {
    *"书记 审核人员和组织部门 常见提示 多个社区一起开展的 每月都差不多的 补录".split(),
    *"安排活动 日历订阅 扫码签到 预览 提示 版本 不是必须的 确认一次".split(),
    "这次活动计入哪些指标、多少人的天数会增加",
    "Secretaries",
    "Reviewers and the county's department",
    "Often seen",
    "Several communities at once",
    "The same every month",
    "Entered late",
    "Plan",
    "Calendar feed",
    "once a year",
    "To be confirmed once a year",
    "Floating members",
    "retirees living here",
    "posts and duties",
    "offices and terms",
    "in-service members",
    "return",
}
"""Bold for the eye: what begins a paragraph, or is not the name of anything to click."""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_read_in_the_portal_and_its_links_and_pictures_are_there(
    signed_in, secretary, page, language
):
    secretary.language = language
    secretary.save()

    html = signed_in.get(reverse("manual_page", args=[page])).content.decode()

    body = html[html.index('<article class="manual">') : html.index("</article>")]
    for address in re.findall(r'href="([^"]+)"', body):
        assert signed_in.get(address).status_code == 200
    for address in re.findall(r'src="([^"]+)"', body):
        assert finders.find(address.removeprefix(settings.STATIC_URL))
    assert ".md" not in body


def test_every_page_of_the_portal_has_help_of_its_own():
    without = {name for name in ROUTES.keys() - PUBLIC if help_for(name) == reverse("manual")}

    assert without <= {"manual", "manual_page", "styleguide"}
    assert set(HELPS.values()) <= set(PAGES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_contents_name_every_page(language):
    contents = (FOLDER / language / "index.md").read_text("utf-8")

    assert {page for page in PAGES if f"({page}.md)" not in contents} == {"index"}


def test_the_help_button_leads_to_what_the_page_is_about(signed_in):
    html = signed_in.get(reverse("activities:log")).content.decode()

    assert f'href="{reverse("manual_page", args=["log"])}"' in html


def test_both_languages_have_the_same_pages():
    assert sorted(path.stem for path in (FOLDER / "en").glob("*.md")) == PAGES


def test_an_english_reader_is_helped_with_the_page_at_hand_in_english(signed_in, secretary):
    secretary.language = "en"
    secretary.save()
    address = reverse("manual_page", args=["log"])
    assert f'href="{address}"' in signed_in.get(reverse("activities:log")).content.decode()

    page = signed_in.get(address).content.decode()

    assert "<h1" in page
    assert "Log an activity" in page
    assert "tick every kind that it was" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_manual_calls_buttons_by_their_names(language):
    """What stands in quotes of the interface, in bold, is a text of the interface or a lead-in."""
    wrong = {}
    for page in PAGES:
        text = (FOLDER / language / f"{page}.md").read_text("utf-8")
        for words in re.findall(r"\*\*([^*]+)\*\*", text):
            if words not in texts(language) | LEAD_INS:
                wrong.setdefault(page, []).append(words)

    assert wrong == {}


@cache
def texts(language) -> frozenset[str]:
    """All texts of the interface, as they read in the language."""
    entries = polib.pofile(str(CATALOGUE))
    return frozenset(entry.msgid if language == "en" else entry.msgstr for entry in entries)


def test_a_page_that_is_none_is_not_found(signed_in):
    assert signed_in.get(reverse("manual_page", args=["no-such"])).status_code == 404
