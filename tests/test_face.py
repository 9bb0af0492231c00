"""The frame that every page shares: forms, icons, statuses, vendored files."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template.loader import render_to_string

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATUSES = "met missed due behind on_track not_applicable unknown shown".split()


class ExampleForm(forms.Form):
    topic = forms.CharField(label="主题", help_text="简短写明")
    day = forms.DateField(label="日期")
    starts = forms.DateTimeField(label="开始")
    kind = forms.ChoiceField(label="类型", choices=[("a", "党课")])
    school = forms.ChoiceField(label="级别", choices=[*BLANK_CHOICE_DASH, ("county", "县级")])
    kinds = forms.MultipleChoiceField(
        label="多选",
        choices=[("a", "党课"), ("b", "主题党日")],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label="确认")
    hidden = forms.CharField(widget=forms.HiddenInput)


def drawn(**data) -> str:
    return str(ExampleForm(data) if data else ExampleForm())


def test_dates_are_picked_in_the_browsers_calendar_and_kept_as_iso():
    html = drawn(day="2026-03-02", starts="2026-03-02T09:30")

    assert re.search(r'<input type="date"[^>]*value="2026-03-02"', html)
    assert re.search(r'<input type="datetime-local"[^>]*value="2026-03-02T09:30"', html)


def test_what_a_calendar_sends_is_understood():
    form = ExampleForm({"day": "2026-03-02", "starts": "2026-03-02T09:30"})

    assert not {"day", "starts"} & form.errors.keys()


@pytest.mark.parametrize("name", ["topic", "day", "kind", "kinds", "agreed"])
def test_every_control_has_its_label(name):
    html = drawn()

    if name == "kinds":
        assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>多选", html)
    else:
        assert f'for="id_{name}"' in html


def test_an_empty_choice_says_what_to_do():
    html = drawn()

    assert '<option value="" selected>请选择</option>' in html
    assert "---" not in html


def test_help_and_error_are_joined_to_their_control():
    html = drawn(topic="")

    (described,) = re.findall(r'name="topic"[^>]*aria-describedby="([^"]*)"', html)
    assert all(f'id="{part}"' in html for part in described.split())
    assert len(described.split()) == 2


def test_what_is_left_empty_is_asked_for_in_words_that_say_what_to_do():
    form = ExampleForm({"topic": ""})

    assert form.errors["topic"] == ["请填写。"]
    assert form.errors["kind"] == form.errors["kinds"] == form.errors["agreed"] == ["请选择。"]


def test_a_form_may_ask_in_its_own_words():
    class Own(forms.Form):
        day = forms.DateField(error_messages={"required": "请选择会议日期。"})

    assert Own({}).errors["day"] == ["请选择会议日期。"]


def test_a_hidden_field_wears_no_class():
    assert not re.search(r'type="hidden"[^>]*class="form', drawn())


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_differs_in_shape_words_and_colour(status):
    marks = {s: render_to_string("components/status.html", {"status": s}) for s in STATUSES}
    others = [mark for name, mark in marks.items() if name != status]

    for part in [r"#[\w-]+\"></use>", r"<span>([^<]+)</span>", r"status-\w+\""]:
        mine = re.search(part, marks[status])[0]
        assert not any(mine in mark for mark in others)


def test_every_icon_in_use_is_in_the_sprite():
    sprite = (ROOT / "static" / "icons.svg").read_text("utf-8")
    there = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    wanted = {
        (name, path.name)
        for path in TEMPLATES
        for text in [path.read_text("utf-8")]
        for name in re.findall(r'icon\.html" with name="([\w-]+)"', text)
        + re.findall(r'\b(?:action_)?icon="([\w-]+)"', text)
    }

    assert {use for use in wanted if use[0] not in there} == set()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static").rglob("*.css")) + sorted((ROOT / "static").rglob("*.js"))
)
def test_no_style_or_script_loads_from_elsewhere(path):
    text = path.read_text("utf-8")

    assert "sourceMappingURL" not in text
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text)


STYLES = [path for path in sorted((ROOT / "static").glob("*.css")) if path.name != "phone.css"]
"""The member's phone page is one of its own: for browsers that know no variables, in one theme."""


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_colour_comes_from_the_palette_so_that_the_dark_theme_has_it_too(path):
    text = re.sub(r"@media print \{.*?\n\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"^\s+--[\w-]+:[^;]*;", "", text, flags=re.MULTILINE)

    assert re.findall(r".*(?:#[0-9a-f]{3,8}\b|rgba?\().*", text) == []


def test_the_dark_theme_tells_every_colour_of_the_palette_anew():
    def palette(name):
        text = (ROOT / "static" / name).read_text("utf-8")
        return dict(re.findall(r"(--portal-[\w-]+): (#\w+|rgba\([^)]*\));", text))

    untold = palette("portal.css").keys() - palette("dark.css").keys()

    assert untold == {"--portal-on-colour", "--portal-on-gold"}


def test_the_style_sheet_uses_colours_that_old_browsers_know():
    text = (ROOT / "static" / "vendor" / "tabler" / "tabler.min.css").read_text("utf-8")
    root = "".join(re.findall(r":root[^{}]*\{([^{}]*)\}", text))

    assert "oklch(" not in text
    assert "light-dark(" not in text
    assert "--tblr-primary:#1d5a9e" in root


@pytest.mark.parametrize("folder", sorted((ROOT / "static" / "vendor").glob("*/")), ids=str)
def test_what_is_vendored_says_its_version_and_licence(folder):
    version = (folder / "VERSION").read_text("utf-8").split()[1]
    readme = (folder.parent / "README.md").read_text("utf-8")

    assert version in readme
    assert (folder / "LICENSE").stat().st_size > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/members/", "/members/"),
        ("/members/new/", "/members/"),
        ("/members/import/posts/", "/members/import/"),
        ("/members/imports/", "/members/import/"),
        ("/standing/", "/units/"),
        ("/review/", "/activities/"),
        ("/notices/", None),
        ("/search/", None),
    ],
)
def test_the_navigation_marks_the_one_place_that_a_page_belongs_to(signed_in, address, entry):
    html = signed_in.get(address).content.decode()

    (bar,) = re.findall(r'<nav class="top-nav".*?</nav>', html, re.DOTALL)
    marked = re.findall(r'<a class="nav-link" href="([^"]+)" aria-current', bar)
    assert marked == ([entry] if entry else [])
