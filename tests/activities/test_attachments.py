"""Files of a record: who hands in, who opens, what is left when one is taken away."""

import hashlib
import os
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from activities import services
from activities.choices import FileKind, State
from activities.entries import ActivityError
from activities.files import limits
from activities.files.errors import FileRefused
from activities.models import Activity, Attachment
from activities.models.attachment import attachment_storage
from organizations.choices import Role
from tests.cast import sign_in
from tests.evidence import PDF, AttachmentFactory, office, picture, stored, upload
from tests.factories import (
    ActivityFactory,
    CoHostFactory,
    CountySettingFactory,
    GrantFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(community):
    return ActivityFactory(unit=community)


def page(activity, verb="") -> str:
    return reverse(f"activities:{verb or 'files'}", args=[activity.pk])


def hand_in(browser, activity, *files, **data):
    return browser.post(
        page(activity, "attach"), {"kind": "photo", "files": list(files)} | data, follow=True
    )


# -- handing in -------------------------------------------------------------
def test_a_secretary_hands_in_photos_and_papers_without_any_script(signed_in, activity):
    answer = hand_in(signed_in, activity, upload(picture()), upload(PDF, "记录.pdf"))

    assert "已添加2个附件" in answer.content.decode()
    photo, paper = Attachment.objects.get(sort="jpg"), Attachment.objects.get(sort="pdf")
    assert (photo.name, photo.kind, bool(photo.thumbnail)) == ("照片.jpg", "photo", True)
    assert (paper.name, paper.kind, paper.fingerprint) == ("记录.pdf", "other", "")
    with photo.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == photo.digest


def test_one_wrong_file_does_not_keep_the_others_out_and_is_named(signed_in, activity):
    answer = hand_in(signed_in, activity, upload(b"#!/bin/sh", "脚本.jpg"), upload(picture()))

    assert "脚本.jpg" in answer.content.decode()
    assert Attachment.objects.count() == 1


def test_nothing_chosen_and_nonsense_are_answered(signed_in, activity):
    assert "请先选择文件" in hand_in(signed_in, activity).content.decode()
    hand_in(signed_in, activity, upload(PDF), kind="nonsense")

    assert Attachment.objects.get().kind == FileKind.OTHER


def test_the_script_gets_the_card_anew_and_nothing_else(signed_in, activity):
    answer = signed_in.post(
        page(activity, "attach"),
        {"kind": "sign_in", "files": upload(picture())},
        headers={"HX-Request": "true"},
    )

    text = answer.content.decode()
    assert text.lstrip().startswith("<section")
    assert "签到表" in text


def test_a_form_returns_to_the_page_it_was_on_but_nowhere_else(signed_in, activity):
    for after, where in [
        ("/activities/", "/activities/"),
        ("//elsewhere.example/", page(activity)),
    ]:
        data = {"kind": "photo", "files": upload(picture()), "after": after}
        assert signed_in.post(page(activity, "attach"), data).headers["Location"] == where


def test_the_same_file_again_changes_nothing(secretary, activity):
    first = services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)
    again = services.attach(activity, upload(PDF, "x.pdf"), kind=FileKind.MINUTES, by=secretary)

    assert again == first
    assert AuditEvent.objects.filter(verb="attach_file").count() == 1


def test_handing_in_leaves_the_version_so_that_an_open_form_loses_nothing(secretary, activity):
    services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)

    assert Activity.objects.get(pk=activity.pk).version == activity.version


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
def test_an_open_record_takes_files(secretary, community, state):
    activity = open_in(community, state)

    services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)

    assert activity.attachments.count() == 1


@pytest.mark.parametrize("state", [State.CONFIRMED, State.CANCELLED])
def test_a_closed_record_is_changed_by_nobody(signed_in, community, state):
    activity = open_in(community, state)
    kept = AttachmentFactory(activity=activity)

    answer = hand_in(signed_in, activity, upload(PDF))
    signed_in.post(reverse("activities:detach", args=[kept.pk]), {"because": "x"})

    assert "不能添加或移除附件" in answer.content.decode()
    assert list(activity.attachments.kept()) == [kept]


def open_in(community, state):
    reason = "补充" if state == State.RETURNED else ""
    return ActivityFactory(unit=community, submitted=True, state=state, return_reason=reason)


def test_limits_of_size_and_number_are_said(secretary, activity, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILES", 1)
    monkeypatch.setattr(limits, "MAX_DOCUMENT", 5_000)
    with pytest.raises(FileRefused, match="MB"):
        services.attach(activity, upload(b"%PDF-" + b"x" * 6_000), kind="other", by=secretary)
    services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)
    with pytest.raises(FileRefused, match="最多1个"):
        services.attach(activity, upload(office()), kind=FileKind.OTHER, by=secretary)

    monkeypatch.setattr(limits, "MAX_FILES", 5)
    monkeypatch.setattr(limits, "MAX_OF_RECORD", 100)
    with pytest.raises(FileRefused, match="合计"):
        services.attach(activity, upload(office()), kind=FileKind.OTHER, by=secretary)


# -- the gate ---------------------------------------------------------------
def test_who_keeps_or_reviews_opens_a_file_and_a_viewer_only_knows_of_it(
    activity, secretary, reviewer, organizer, viewer
):
    kept = AttachmentFactory(activity=activity, name="张三身份证.jpg")

    codes = {}
    for user in (secretary, reviewer, organizer, viewer):
        browser = sign_in(user)
        addresses = [
            reverse(f"activities:{n}", args=[kept.pk]) for n in ("attachment", "thumbnail")
        ]
        codes[user.username] = {browser.get(address).status_code for address in addresses}
        seen = browser.get(page(activity)).content.decode()
        assert ("张三身份证" in seen) == (user != viewer)
        assert ("有1个附件" in seen) == (user == viewer)

    assert codes == {"secretary": {200}, "reviewer": {200}, "organizer": {200}, "viewer": {404}}


def test_beyond_ones_reach_there_is_no_file(activity, outsider, neighbour):
    kept = AttachmentFactory(activity=activity)
    beside = GrantFactory(unit=neighbour, role=Role.SECRETARY).user

    for user in (outsider, beside):
        browser = sign_in(user)
        for address in (kept.get_absolute_url(), page(activity)):
            assert browser.get(address).status_code == 404
        assert hand_in(browser, activity, upload(PDF)).status_code == 404
        gone = browser.post(reverse("activities:detach", args=[kept.pk]), {"because": "x"})
        assert gone.status_code == 404


def test_a_co_host_opens_the_files_and_changes_none(activity, neighbour):
    CoHostFactory(activity=activity, unit=neighbour)
    kept = AttachmentFactory(activity=activity)
    browser = sign_in(GrantFactory(unit=neighbour, role=Role.SECRETARY).user)

    assert browser.get(kept.get_absolute_url()).status_code == 200
    assert hand_in(browser, activity, upload(PDF)).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "kind", "place"),
    [
        (picture(), "会场.jpg", "image/jpeg", "inline"),
        (PDF, "记录.pdf", "application/pdf", "attachment"),
        (office(), "记录.docx", "application/vnd.openxmlformats", "attachment"),
    ],
)
def test_a_file_is_served_so_that_no_browser_takes_it_for_a_page(
    signed_in, secretary, activity, data, name, kind, place
):
    kept = services.attach(activity, upload(data, name), kind=FileKind.OTHER, by=secretary)

    answer = signed_in.get(kept.get_absolute_url())

    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["Content-Disposition"].startswith(f"{place}; filename*=utf-8''")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_no_address_leads_past_the_gate(signed_in, activity):
    kept = AttachmentFactory(activity=activity)

    for place in (f"/attachments/{kept.file.name}", f"/static/{kept.file.name}", "/media/x"):
        assert signed_in.get(place).status_code == 404


def test_a_file_that_is_lost_is_a_404_and_told_to_the_operators(signed_in, activity, caplog):
    kept = AttachmentFactory(activity=activity)
    attachment_storage().delete(kept.file.name)

    assert signed_in.get(kept.get_absolute_url()).status_code == 404
    assert str(kept.pk) in caplog.text


def test_the_card_costs_the_same_queries_for_one_file_and_thirty(signed_in, activity):
    AttachmentFactory(activity=activity, added_by=activity.created_by)
    one = cost_of(signed_in, activity)
    names = {"file": stored(b"x"), "thumbnail": stored(b"x")}
    AttachmentFactory.create_batch(29, activity=activity, **names)

    assert cost_of(signed_in, activity) == one


def cost_of(browser, activity):
    costs = []
    for address in (page(activity), activity.get_absolute_url()):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        costs.append(len(queries))
    return costs


# -- taking away ------------------------------------------------------------
def test_taking_a_file_away_needs_a_reason_and_leaves_a_trace(
    signed_in, secretary, activity, django_capture_on_commit_callbacks
):
    kept = AttachmentFactory(activity=activity, name="错传.jpg")
    files, address = (
        [kept.file.name, kept.thumbnail.name],
        reverse("activities:detach", args=[kept.pk]),
    )
    signed_in.post(address, {"because": "  "})
    assert Attachment.objects.kept().exists()

    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in.post(address, {"because": "传错了会议"}, follow=True)

    kept.refresh_from_db()
    assert (kept.removed_by, kept.removed_because, kept.file.name) == (secretary, "传错了会议", "")
    assert not any(attachment_storage().exists(name) for name in files)
    told = AuditEvent.objects.get(verb="detach_file").details
    assert (told["name"], told["digest"], told["reason"]) == ("错传.jpg", kept.digest, "传错了会议")
    assert "已移除1个附件" in answer.content.decode()
    assert "传错了会议" in signed_in.get(activity.get_absolute_url()).content.decode()
    assert signed_in.get(kept.get_absolute_url()).status_code == 404


def test_a_removed_file_can_be_handed_in_again_but_not_removed_again(secretary, activity):
    first = services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)
    services.detach(first, because="x", by=secretary)
    with pytest.raises(ActivityError, match="已经移除"):
        services.detach(first, because="x", by=secretary)

    second = services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)

    assert list(activity.attachments.kept()) == [second]


# -- orphans ----------------------------------------------------------------
def test_a_write_that_fails_leaves_no_file(secretary, activity, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("the database is gone")

    before = all_files()
    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(RuntimeError):
        services.attach(activity, upload(picture()), kind=FileKind.PHOTO, by=secretary)

    assert all_files() == before


def test_a_removal_that_is_rolled_back_leaves_the_file(
    secretary, activity, django_capture_on_commit_callbacks
):
    kept = AttachmentFactory(activity=activity)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.detach(kept, because="x", by=secretary)
        transaction.set_rollback(True)

    kept.refresh_from_db()
    assert attachment_storage().exists(kept.file.name)


def test_the_nightly_tidy_deletes_what_a_crash_left_and_nothing_else(activity):
    kept = AttachmentFactory(activity=activity)
    old, young = stored(b"left by a crash"), stored(b"being written")
    for name in (old, kept.file.name, kept.thumbnail.name):
        path, then = attachment_storage().path(name), time.time() - 100_000
        os.utime(path, (then, then))

    gone = services.tidy_attachments()

    assert old in gone
    assert not attachment_storage().exists(old)
    for name in (young, kept.file.name, kept.thumbnail.name):
        assert attachment_storage().exists(name)


def all_files() -> set[str]:
    return {str(path) for path in Path(attachment_storage().path("")).rglob("*.*")}


# -- what a county may ask for ----------------------------------------------
def asked(browser, activity) -> str:
    return browser.get(reverse("assessment:files_asked", args=[activity.pk])).content.decode()


def test_no_file_is_asked_for_unless_the_county_does_for_one_rule(signed_in, county, community):
    lecture = {"unit": community, "kinds": ("party_lecture",)}
    before = ActivityFactory(on=date(2026, 2, 1), **lecture)
    after = ActivityFactory(on=date(2026, 3, 2), **lecture)
    other = ActivityFactory(on=date(2026, 3, 2), unit=community, kinds=("disclosure",))
    assert "附件" not in asked(signed_in, after)

    CountySettingFactory(
        unit=county, key="attachment:party-lectures", value="on", applies_from=date(2026, 3, 1)
    )

    assert "附件" not in asked(signed_in, before)
    assert "附件" not in asked(signed_in, other)
    said = asked(signed_in, after)
    assert "目前没有附件" in said
    assert "减负" in said
    AttachmentFactory(activity=after)
    assert "已有附件" in asked(signed_in, after)


def test_a_record_is_submitted_without_the_file_that_is_asked_for(county, community, secretary):
    CountySettingFactory(unit=county, key="attachment:party-lectures", value="on")
    lecture = ActivityFactory(unit=community, kinds=("party_lecture",))

    assert services.submit(lecture, by=secretary).state == State.SUBMITTED


def test_the_settings_page_knows_what_may_be_asked(organizer, county):
    data = {"key": "attachment", "subject": "party-lectures", "value": "要求"}
    browser = sign_in(organizer)

    answer = browser.post(
        reverse("assessment:settings"), data | {"applies_from": "2026-01-01"}, follow=True
    )

    assert "要求附件的指标" in answer.content.decode()
    setting = county.county_settings.get()
    assert (setting.key, setting.value) == ("attachment:party-lectures", "on")
