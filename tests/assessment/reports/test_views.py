"""The page: choose, look, take away; one's own files and nobody else's."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from assessment.reports import forms, jobs, pages
from assessment.reports.choices import ReportForm, ReportKind, ReportState
from assessment.reports.models import ReportFile
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import GrantFactory, MemberFactory, ReportFileFactory

pytestmark = pytest.mark.django_db
PAGE = "/reports/"


def wish(unit, **more):
    said = {"kind": "work", "unit": unit.code, "year": 2026, "quarter": "", "form": "docx"}
    return said | more


@pytest.mark.parametrize(
    ("form", "begins", "kind"),
    [
        ("docx", b"PK", "wordprocessingml"),
        ("xlsx", b"PK", "spreadsheetml"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_a_report_is_asked_for_and_taken_away(signed_in, community, form, begins, kind):
    answer = signed_in.post(PAGE, wish(community, form=form), follow=True)
    file = ReportFile.objects.get()
    taken = signed_in.get(f"/reports/files/{file.pk}/download/")

    assert "已生成" in answer.content.decode()
    assert taken.content.startswith(begins)
    assert kind in taken["Content-Type"]
    assert "no-store" in taken["Cache-Control"]
    assert "2026" in taken["Content-Disposition"]


def test_the_page_is_filled_with_what_the_address_says(signed_in, community):
    page = signed_in.get(f"{PAGE}?unit={community.code}&kind=training&year=2025&quarter=2")

    assert page.context["form"].initial["kind"] == "training"
    for chosen in ('value="training" selected', 'value="2025" selected', 'value="2" selected'):
        assert chosen in page.content.decode()


def test_a_unit_out_of_reach_is_not_offered_and_not_reported_on(signed_in, neighbour):
    page = signed_in.get(PAGE).content.decode()
    answer = signed_in.post(PAGE, wish(neighbour))

    assert neighbour.code not in page
    assert answer.status_code == 200
    assert answer.context["form"].errors["unit"]
    assert not ReportFile.objects.exists()
    address = f"/reports/preview/?kind=work&unit={neighbour.code}&year=2026"
    assert signed_in.get(address).status_code == 404


def test_a_quarter_to_come_can_not_be_asked_for(signed_in, community, monkeypatch):
    monkeypatch.setattr(forms.timezone, "localdate", lambda: date(2026, 3, 9))

    answer = signed_in.post(PAGE, wish(community, quarter="2"))

    assert "该季度尚未开始" in answer.content.decode()


@pytest.mark.parametrize("kind", ReportKind)
def test_every_report_can_be_looked_at_and_printed(signed_in, community, kind):
    MemberFactory(unit=community)
    page = signed_in.get(f"/reports/preview/?kind={kind}&unit={community.code}&year=2026")

    text = page.content.decode()
    assert "负责人（签字）" in text
    assert "data-print" in text
    assert str(kind.label) in text


def test_what_is_too_large_to_look_at_is_made_as_a_file(signed_in, community, monkeypatch):
    monkeypatch.setattr(jobs, "PEOPLE_AT_ONCE", 0)
    MemberFactory(unit=community)
    page = signed_in.get(f"/reports/preview/?kind=work&unit={community.code}&year=2026")

    assert "paper" not in page.context
    assert "不在页面上显示" in page.content.decode()


def test_files_are_ones_own_alone(signed_in, secretary, community, organizer):
    mine = ReportFileFactory(made_for=secretary, unit=community)
    theirs = ReportFileFactory(made_for=organizer, unit=community)

    shown = signed_in.get(PAGE).context["files"]

    assert shown == [mine]
    assert signed_in.get(f"/reports/files/{theirs.pk}/download/").status_code == 404
    assert signed_in.post(f"/reports/files/{theirs.pk}/delete/").status_code == 404
    assert sign_in(organizer).get(f"/reports/files/{mine.pk}/download/").status_code == 404


def test_a_file_is_no_longer_to_be_had_when_the_role_has_ended(signed_in, secretary, community):
    file = ReportFileFactory(made_for=secretary, unit=community)
    with_numbers = ReportFileFactory(made_for=secretary, unit=community, with_identifiers=True)
    secretary.grants.all().delete()
    GrantFactory(user=secretary, unit=community, role=Role.VIEWER)

    assert signed_in.get(f"/reports/files/{file.pk}/download/").status_code == 200
    assert signed_in.get(f"/reports/files/{with_numbers.pk}/download/").status_code == 404
    secretary.grants.all().delete()
    assert signed_in.get(f"/reports/files/{file.pk}/download/").status_code == 404


def test_a_file_is_deleted_with_its_content(signed_in, secretary, community):
    file = ReportFileFactory(made_for=secretary, unit=community)
    stored = file.file.storage, file.file.name

    signed_in.post(f"/reports/files/{file.pk}/delete/")

    assert not ReportFile.objects.exists()
    assert not stored[0].exists(stored[1])
    assert AuditEvent.objects.filter(verb="report_deleted", by=secretary).exists()


def test_a_file_that_is_lost_or_was_altered_says_so(signed_in, secretary, community):
    file = ReportFileFactory(made_for=secretary, unit=community)
    with file.file.storage.open(file.file.name, "wb") as stream:
        stream.write(b"somebody else's bytes, long enough to be a sealed file")

    answer = signed_in.get(f"/reports/files/{file.pk}/download/", follow=True)

    assert "请重新生成" in answer.content.decode()


def test_a_file_that_was_kept_for_its_seven_days_says_so(
    signed_in, secretary, community, organizer
):
    mine = ReportFileFactory(made_for=secretary, unit=community)
    theirs = ReportFileFactory(made_for=organizer, unit=community)
    ReportFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = signed_in.get(f"/reports/files/{mine.pk}/download/", follow=True)

    assert "文件保留七天，现已到期删除" in answer.content.decode()
    assert answer.context["form"].initial["unit"] == community.code
    assert signed_in.get(f"/reports/files/{theirs.pk}/download/").status_code == 404
    assert signed_in.post(f"/reports/files/{mine.pk}/retry/").status_code == 404


def test_a_file_is_saved_under_its_chinese_name(signed_in, secretary, community):
    file = ReportFileFactory(made_for=secretary, unit=community, quarter=3)

    said = signed_in.get(f"/reports/files/{file.pk}/download/")["Content-Disposition"]

    assert said.startswith("attachment; filename*=utf-8''")
    assert unquote(said.partition("''")[2]) == f"{community.name}-党建工作报告-2026Q3.docx"


def test_the_list_asks_for_itself_while_something_is_being_made(signed_in, secretary, community):
    done = ReportFileFactory(made_for=secretary, unit=community)
    assert "hx-get" not in signed_in.get("/reports/files/").content.decode()

    done.delete()
    ReportFileFactory(
        made_for=secretary, unit=community, state=ReportState.RUNNING, progress=42, file=""
    )
    part = signed_in.get("/reports/files/").content.decode()

    assert "hx-get" in part
    assert 'value="42"' in part
    assert "<html" not in part


def test_without_pango_the_page_says_so_and_offers_the_other_two(signed_in, community, monkeypatch):
    monkeypatch.setattr(forms, "pdf_is_possible", lambda: False)
    monkeypatch.setattr("assessment.reports.views.pdf_is_possible", lambda: False)

    page = signed_in.get(PAGE)
    answer = signed_in.post(PAGE, wish(community, form="pdf"))

    assert "不能生成PDF" in page.content.decode()
    assert [value for value, _label in page.context["form"].fields["form"].choices] == [
        ReportForm.DOCX,
        ReportForm.XLSX,
    ]
    assert answer.context["form"].errors["form"]


def test_a_missing_library_is_found_out_once_and_logged(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pages.pdf_is_possible.cache_clear()

    assert not pages.pdf_is_possible()
    assert not pages.pdf_is_possible()

    pages.pdf_is_possible.cache_clear()
    assert caplog.text.count("No PDF on this machine") == 1


def test_a_viewer_is_never_asked_about_id_numbers(viewer, street):
    page = sign_in(viewer).get(PAGE)
    sign_in(viewer).post(PAGE, wish(street, kind="floating", with_identifiers="on"))

    assert "with_identifiers" not in page.context["form"].fields
    assert not ReportFile.objects.filter(with_identifiers=True).exists()


def test_id_numbers_of_a_unit_where_one_only_looks_are_refused(secretary, street, signed_in):
    GrantFactory(user=secretary, unit=street, role=Role.VIEWER)

    answer = signed_in.post(PAGE, wish(street, kind="floating", with_identifiers="on"))

    assert answer.context["form"].errors["with_identifiers"]


def test_whoever_has_no_unit_is_told_so(administrator):
    page = sign_in(administrator).get(PAGE).content.decode()

    assert "尚未" in page
    assert "<select" not in page.split("<main")[1]


def test_queries_of_the_page_do_not_grow_with_the_files(signed_in, secretary, community):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(PAGE)
        return len(queries)

    ReportFileFactory(made_for=secretary, unit=community)
    few = asked()
    ReportFileFactory.create_batch(29, made_for=secretary, unit=community)

    assert asked() == few
