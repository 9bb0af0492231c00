"""Files chosen on the form of a new record: attached when it is saved, and never in its way."""

import pytest

from activities.models import Activity, Attachment
from tests.activities.entries import typed
from tests.cast import sign_in
from tests.evidence import PDF, picture, upload

pytestmark = pytest.mark.django_db
LOG = "/activities/log/"
SCRIPT = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def log(browser, unit, *files, **given):
    return browser.post(LOG, typed(unit, **given) | {"files": list(files)}, follow=True)


def test_the_form_of_a_new_record_takes_files_without_any_script(signed_in):
    html = signed_in.get(LOG).content.decode()

    assert 'enctype="multipart/form-data"' in html
    assert 'name="files"' in html
    assert 'name="camera"' in html


def test_a_photo_and_a_paper_are_attached_when_the_record_is_submitted(signed_in, community):
    answer = log(
        signed_in, community, upload(picture()), upload(PDF, "签到表.pdf"), file_kind="photo"
    )

    record = Activity.objects.get()
    assert record.state == "submitted"
    assert {(row.sort, row.kind) for row in Attachment.objects.filter(activity=record)} == {
        ("jpg", "photo"),
        ("pdf", "other"),
    }
    assert "已添加2个附件" in answer.content.decode()


def test_a_refused_file_is_told_of_and_the_record_is_saved_as_asked(signed_in, community):
    answer = log(
        signed_in, community, upload(SCRIPT, "照片.jpg"), upload(PDF, "签到表.pdf"), do="submit"
    )

    record = Activity.objects.get()
    assert record.state == "submitted"
    assert list(Attachment.objects.values_list("name", flat=True)) == ["签到表.pdf"]
    assert "照片.jpg：" in answer.content.decode()


def test_a_draft_takes_files_too(signed_in, community):
    log(signed_in, community, upload(PDF, "通知.pdf"), do="draft")

    assert Attachment.objects.get().activity.state == "draft"


def test_the_form_sent_twice_makes_one_record_with_the_file_once(signed_in, community):
    said = typed(community)

    for _press in range(2):
        signed_in.post(LOG, said | {"files": [upload(PDF, "签到表.pdf")]})

    assert Activity.objects.count() == Attachment.objects.count() == 1


def test_a_form_with_an_error_says_that_the_files_must_be_chosen_again(signed_in, community):
    answer = log(signed_in, community, upload(PDF, "签到表.pdf"), topic="")

    assert Activity.objects.count() == 0
    assert Attachment.objects.count() == 0
    assert "请重新选择" in answer.content.decode()
    assert "请重新选择" not in log(signed_in, community, topic="").content.decode()


def test_one_form_for_several_units_takes_no_files(street, street_secretary):
    html = sign_in(street_secretary).get("/activities/log/many/").content.decode()

    assert 'name="files"' not in html
