"""Every text of the portal has its Chinese, and the catalogue has every text."""

import os
import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def committed():
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The catalogue as makemessages would leave it, made on a copy."""
    if not shutil.which("xgettext") and not os.environ.get("REQUIRE_ALL"):
        pytest.skip("gettext is not installed")
    folder = tmp_path_factory.mktemp("source")
    copy = folder / "portal"
    skip = shutil.ignore_patterns(".*", "tests", "var", "vendor", "node_modules", "__pycache__")
    shutil.copytree(settings.BASE_DIR, copy, ignore=skip)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PORTAL_DATA": str(folder)}
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-obsolete"]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return polib.pofile(str(copy / CATALOGUE))


def keys(catalogue):
    return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}


def test_nothing_is_untranslated_or_fuzzy(extracted):
    lacking = extracted.untranslated_entries() + extracted.fuzzy_entries()

    assert [entry.msgid for entry in lacking] == []


def test_the_committed_catalogue_is_current(extracted, committed):
    assert keys(committed) == keys(extracted)


def test_translations_keep_the_placeholders(committed):
    wrong = [
        entry.msgid
        for entry in committed.translated_entries()
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]
        if translated
        and placeholders(translated) != placeholders(entry.msgid_plural or entry.msgid)
    ]

    assert wrong == []


def placeholders(text):
    return set(PLACEHOLDER.findall(text))
