"""What is read on the Chinese pages is Chinese, and is written as Chinese is written."""

import re
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from activities.models import Activity
from assessment.models import Seal
from members.models import ImportBatch
from organizations.choices import Role
from organizations.models import Area, RatingPage, Unit
from tests.cast import sign_in
from tests.factories import GrantFactory, UserFactory
from tests.routes import ROUTES, Place
from tests.test_access import METHODS

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
LATIN = re.compile(r"[A-Za-z][A-Za-z'-]*")
HAN = "[\u3400-\u9fff，。；：、！？（）《》“”…]"
NAMES = "file|path|folder|username|password|account|batch|name"
"""What these placeholders hold is Latin, and keeps its space as an English word does."""
FIGURE = rf"(?:%\((?!(?:{NAMES})\))\w+\)[sd]|%d|%%|\{{(?!name\}})\w+\}}|\d)"
APART = re.compile(f"{HAN} {FIGURE}|{FIGURE} {HAN}")
RETIRED = {
    "县（区）": "县（市、区）",
    "免除要求": "免予考核",
    "规则": "指标、执行文件",
    "考核结论": "考核结果",
    "判定结果": "考核结果",
    "到场": "到会",
    "出席": "到会",
    "核查": "审核",
    "查验": "审核",
    "发展党员计划": "发展党员规划",
    "立案": "提出",
    "双重管理": "双向管理",
    "关系转接": "关系接转",
    "由系统根据": "由平台根据",
    "此人": "该同志、该人员",
    "联合举办": "联办",
}
"""Words that the catalogue once had for a thing, and the one word that it has for it."""
HALF_WIDTH = re.compile(r"[\u3400-\u9fff”’）》][,;:!?]")

KEYS = {"Alt", "C", "R", "N", "P"}
WORDS = KEYS | {
    "English",
    "CSV",
    "Excel",
    "PDF",
    "MB",
    "xlsx",
    "xls",
    "ods",
    "csv",
    "tsv",
    "X",
    "hhg",
    "KB",
    "OFD",
    "Office",
    "docx",
    "DOCX",
    "XLSX",
    "JSON",
}
"""Latin words that a Chinese page may show: kinds of files, the other language, an example."""

SILENT = {"script", "style", "svg", "template"}
SPOKEN = {"placeholder", "title", "alt", "aria-label", "data-confirm", "data-label"}
PARTS = {
    "activities:draft",
    "activities:attachment",
    "activities:thumbnail",
    "assessment:files_asked",
    "assessment:chart_download",
    "assessment:dashboard_download",
    "reports:download",
    "assessment:seal_download",
    "members:template",
    "members:wrong_rows",
    "organizations:children",
}
"""Files, data for a script, and a branch of the tree that stands in the page of the tree."""

PAGES = sorted(
    name for name in ROUTES.keys() - PARTS if "get" in METHODS[name] and ROUTES[name].roles
)


class Reader(HTMLParser):
    """Collects what a person sees, hears or is asked on a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent += 1
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def latin_words(html: str, allowed: set[str]) -> set[str]:
    reader = Reader()
    reader.feed(html)
    text = "\n".join(reader.texts)
    for word in sorted(allowed, key=len, reverse=True):
        text = text.replace(word, " ")
    return set(LATIN.findall(text)) - WORDS


def test_an_english_word_on_a_page_is_noticed():
    html = "<p title='Save'>保存 <b>draft</b> CSV</p><script>let a</script>"

    assert latin_words(html, set()) == {"Save", "draft"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_the_chinese_pages_hold_no_other_language(name):
    route, user = ROUTES[name], UserFactory()
    place = Place("ours", user)
    units = {
        Role.SECRETARY: place.street,
        Role.ORGANIZER: place.county,
        Role.ADMINISTRATOR: None,
    }
    role = next(role for role in units if role in route.roles)
    GrantFactory(user=user, unit=units[role], role=role)

    response = sign_in(user).get(reverse(name, args=route.args(place)))

    assert response.status_code == 200
    assert latin_words(response.content.decode(), typed_by_people()) == set()


def typed_by_people() -> set[str]:
    """Names, codes and topics that the factories gave."""
    rows = [
        *User.objects.values_list("username", "email"),
        *Unit.objects.values_list("code", "name"),
        *Area.objects.values_list("code", "name"),
        *Activity.objects.values_list("topic", "place"),
        *ImportBatch.objects.values_list("file_name"),
        *((f"{settings.SITE_URL}{page.get_absolute_url()}",) for page in RatingPage.objects.all()),
        *Seal.objects.values_list("digest", "previous"),
    ]
    return {value for row in rows for value in row if value and LATIN.search(value)}


def test_sentences_take_the_marks_of_chinese():
    assert [words for words in translations() if HALF_WIDTH.search(words)] == []


def translations() -> list[str]:
    return [
        translated
        for entry in polib.pofile(str(settings.BASE_DIR / CATALOGUE))
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]
    ]


def test_figures_stand_close_to_their_words():
    """As official documents have it: 共3条, not 共 3 条."""
    assert [words for words in translations() if APART.search(words)] == []


@pytest.mark.parametrize(
    "words", ["共 %(count)s 条", "第 2 行", "{number} 人", "请写成 2026-03-10"]
)
def test_a_space_beside_a_figure_is_noticed(words):
    assert APART.search(words)


@pytest.mark.parametrize(
    "words", ["最大20 MB", "{name} 未能上传", "用户 %(username)s 可用", "PDF 文件"]
)
def test_a_space_beside_an_english_word_is_not(words):
    assert not APART.search(words)


def test_one_thing_has_one_word():
    wrong = [(old, words) for words in translations() for old in RETIRED if old in words]

    assert wrong == []


def test_english_leaves_no_plural_open():
    """“1 day(s)” asks the reader to finish the sentence."""
    catalogue = polib.pofile(str(settings.BASE_DIR / CATALOGUE))

    assert [entry.msgid for entry in catalogue if "(s)" in entry.msgid] == []


def words_of(html: str) -> str:
    """What a piece of a page says, its blanks drawn together."""
    reader = Reader()
    reader.feed(html)
    return " ".join("".join(reader.texts).split())
