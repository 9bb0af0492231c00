"""The template of an import explains itself, offers the units, and is read without all that."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.choices import BatchState
from members.models import Affiliation, ImportBatch
from members.roster.importers import columns_of
from members.roster.template import NAME, VERSION
from tests.members.sheets import member

pytestmark = pytest.mark.django_db

KINDS = ["roster", "posts", "activities"]


def template(browser, kind):
    answer = browser.get(reverse("members:template", args=[kind]))
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def texts(sheet):
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}


def upload(browser, unit, book, kind="roster"):
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("名册.xlsx", out.getvalue())
    url = reverse("members:import_kind", args=[kind])
    answer = browser.post(url, {"unit": unit.code, "file": file}, follow=True)
    return ImportBatch.objects.latest("made_at"), answer.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained(signed_in, kind):
    book = template(signed_in, kind)

    told = texts(book["填写说明"])
    for column in columns_of(kind):
        assert column.heading in told
    assert any("清空" in line for line in told)
    assert "必填" in told


def test_what_is_required_and_what_can_be_chosen_is_told(signed_in):
    rows = list(template(signed_in, "roster")["填写说明"].iter_rows(values_only=True))

    by_heading = {row[0]: row for row in rows if row[0]}
    assert by_heading["姓名"][1] == "必填"
    assert by_heading["性别"][1:4] == ("可不填", "女", "男、女")
    assert "18" in by_heading["公民身份号码"][4]


@pytest.mark.parametrize("kind", KINDS)
def test_the_units_in_reach_and_no_others_are_listed_and_offered(
    signed_in, community, neighbour, kind
):
    book = template(signed_in, kind)

    assert {"s1m1", "河滨社区", "东街街道河滨社区"} <= texts(book["组织名单"])
    assert "桥头社区" not in texts(book["组织名单"])
    lists = [one.formula1 for one in book.worksheets[0].data_validations.dataValidation]
    assert "'组织名单'!$D$3:$D$3" in lists


def test_the_template_bears_its_version(signed_in):
    book = template(signed_in, "roster")

    assert book.defined_names[NAME].value == f'"roster {VERSION}"'


def test_a_filled_template_is_read_without_a_question_about_its_other_sheets(signed_in, community):
    book = template(signed_in, "roster")
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for place, heading in enumerate(headings, 1):
        sheet.cell(2, place, member(1).get(heading, ""))
    sheet.cell(2, headings.index("所在党支部") + 1, "东街街道河滨社区")

    batch, html = upload(signed_in, community, book)

    assert batch.state == BatchState.PLANNED
    assert "填写说明" not in html
    assert "组织名单" not in html
    signed_in.post(reverse("members:confirm", args=[batch.pk]))
    assert Affiliation.objects.get().unit == community


def test_an_empty_template_of_appointments_asks_nothing(signed_in, community):
    batch, html = upload(signed_in, community, template(signed_in, "posts"), "posts")

    assert batch.state == BatchState.PLANNED
    assert "组织名单" not in html
