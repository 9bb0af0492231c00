"""Handing in files as people do it: from a phone, below an open form, and without any script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from activities.models import Attachment
from activities.models.attachment import attachment_storage
from tests.browser.conftest import DESK, PHONE, is_within_window
from tests.evidence import PDF, picture, scene
from tests.factories import ActivityFactory

pytestmark = pytest.mark.django_db(transaction=True)
LISTEN = """() => {
  window.sent = [];
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    if (body instanceof FormData) window.sent.push(body.get("files").size);
    return send.call(this, body);
  };
}"""
"""Notes how large the files are that the page sends."""


def a_file(name: str, kind: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": data}


def test_photos_are_made_smaller_in_the_browser_and_shown_at_once(open_page, secretary, community):
    activity = ActivityFactory(unit=community)
    photo = picture(image=scene(size=(4_000, 3_000)), quality=98)
    page = open_page(activity.get_absolute_url(), user=secretary, size=PHONE)
    page.evaluate(LISTEN)

    page.locator("#file-files").set_input_files(
        [a_file("会场.jpg", "image/jpeg", photo), a_file("记录.pdf", "application/pdf", PDF)]
    )
    page.locator(".file-list").get_by_text("记录.pdf").wait_for()

    assert {(row.name, row.sort) for row in Attachment.objects.all()} == {
        ("会场.jpg", "jpg"),
        ("记录.pdf", "pdf"),
    }
    shrunk, paper = page.evaluate("sent")
    assert paper == len(PDF)
    assert shrunk < len(photo) / 2
    kept = Attachment.objects.get(sort="jpg")
    with attachment_storage().open(kept.file.name) as file, Image.open(file) as image:
        assert image.size == (2_560, 1_920)
    expect(page.locator(".file-small").first).to_have_js_property("naturalWidth", 320)
    assert is_within_window(page)


def test_what_is_refused_is_said_and_the_rest_is_kept(open_page, secretary, community):
    activity = ActivityFactory(unit=community)
    page = open_page(reverse("activities:files", args=[activity.pk]), user=secretary, size=DESK)

    page.locator("#file-files").set_input_files(
        [
            a_file("脚本.jpg", "image/jpeg", b"#!/bin/sh\nexit"),
            a_file("记录.pdf", "application/pdf", PDF),
        ]
    )
    page.locator(".file-name", has_text="记录.pdf").wait_for()

    assert "脚本.jpg" in page.get_by_role("alert").inner_text()
    page.get_by_text("移除", exact=True).first.click()
    page.get_by_label("移除原因").fill("传错了")
    page.get_by_role("button", name="移除").click()
    page.get_by_text("已移除1个附件").wait_for()
    assert Attachment.objects.get().removed_because == "传错了"


def test_files_below_an_open_form_leave_what_is_typed(open_page, secretary, community):
    activity = ActivityFactory(unit=community)
    page = open_page(reverse("activities:edit", args=[activity.pk]), user=secretary, size=DESK)
    page.locator("[name=topic]").fill("还没有保存的主题")

    page.locator("#file-files").set_input_files([a_file("记录.pdf", "application/pdf", PDF)])
    page.locator(".file-list").get_by_text("记录.pdf").wait_for()

    assert page.locator("[name=topic]").input_value() == "还没有保存的主题"
    assert Attachment.objects.get().activity == activity


def test_without_a_script_the_button_sends(open_page, secretary, community):
    activity = ActivityFactory(unit=community)
    page = open_page(activity.get_absolute_url(), user=secretary, size=PHONE, script=False)

    page.locator("#file-files").set_input_files([a_file("记录.pdf", "application/pdf", PDF)])
    page.get_by_role("button", name="添加").click()

    assert page.get_by_text("已添加1个附件").is_visible()
    assert page.get_by_text("记录.pdf").is_visible()
