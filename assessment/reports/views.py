"""Reports: what can be had, the page to print, and one's own files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from assessment.exports import XLSX
from assessment.reports.choices import ABOUT, ReportForm, ReportKind, ReportState
from assessment.reports.forms import AskFileForm, AskForm
from assessment.reports.jobs import (
    ReportRefused,
    ask_again,
    ask_for_report,
    delete_report,
    is_large,
    read_file,
)
from assessment.reports.making import paper_of
from assessment.reports.models import ReportFile
from assessment.reports.pages import leaves_of, pdf_is_possible
from members.crypto import KeyRingError, SealBroken
from organizations.models import Unit
from organizations.typesetting import CONTENT_TYPE as DOCX

CONTENT_TYPES = {
    ReportForm.DOCX: DOCX,
    ReportForm.XLSX: XLSX,
    ReportForm.PDF: "application/pdf",
}


class FilesMixin(LoginRequiredMixin):
    """One's own files, newest first."""

    request: HttpRequest

    def files(self) -> list[ReportFile]:
        rows = ReportFile.objects.visible_to(self.request.user).select_related("unit")
        files = list(rows)
        for file in files:
            file.judge_lease()
        return files

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        files = self.files()
        is_waiting = any(file.is_under_way for file in files)
        return super().get_context_data(files=files, is_waiting=is_waiting, **more)  # type: ignore[misc]


class ReportsView(FilesMixin, FormView):
    """Choose a report; below it one's own files."""

    form_class = AskFileForm
    template_name = "reports/reports.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """What the address names, so that other pages can lead here; else the unit at the top."""
        first = Unit.objects.visible_to(self.request.user).order_by("path").first()
        usual = {
            "kind": ReportKind.WORK,
            "unit": first.code if first else "",
            "year": timezone.localdate().year,
            "form": ReportForm.DOCX,
        }
        said = self.request.GET
        return usual | {name: said[name] for name in AskFileForm.base_fields if name in said}

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        about = [(ReportKind(kind).label, words) for kind, words in ABOUT.items()]
        has_units = Unit.objects.visible_to(self.request.user).exists()
        return super().get_context_data(
            about=about, has_pdf=pdf_is_possible(), has_units=has_units, **more
        )

    def form_valid(self, form: AskFileForm) -> HttpResponse:
        try:
            file = ask_for_report(form.asked, ReportForm(form.cleaned_data["form"]))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        tell_of(self.request, file)
        return redirect(f"{reverse('reports:list')}#files")


def tell_of(request: HttpRequest, file: ReportFile) -> None:
    """A line at the top of the next page."""
    if file.state == ReportState.READY:
        messages.success(request, _("The report is ready: it is the first of your files."))
    elif file.state == ReportState.FAILED:
        messages.error(request, file.get_failure_display())
    elif not file.is_sent_for:
        messages.warning(
            request,
            _(
                "The report is asked for and kept, but the service that makes it can't be reached "
                "just now. It is tried again by itself every two minutes: you need not ask anew."
            ),
        )
    else:
        messages.info(
            request,
            _("The report is being made. You may leave the page: it will be in your files."),
        )


class ReportFilesView(FilesMixin, TemplateView):
    """The files alone, which the page asks for while one is being made."""

    template_name = "reports/files.html"


class ReportPreviewView(LoginRequiredMixin, TemplateView):
    """A report in the browser, to be looked at and printed."""

    template_name = "reports/preview.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        form = AskForm(self.request.GET or None, user=self.request.user)
        context = super().get_context_data(form=form, **more)
        if not form.is_valid():
            if "unit" in form.errors and "unit" in self.request.GET:
                raise Http404
            return context
        asked = form.asked
        context["query"] = self.request.GET.urlencode()
        context["is_large"] = is_large(asked)
        if not context["is_large"]:
            paper = paper_of(asked)
            context |= {"paper": paper, "leaves": leaves_of(paper)}
        return context


class ReportFileMixin(LoginRequiredMixin):
    """One of one's own files; everybody else's do not exist."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def file(self, *, with_expired: bool = False) -> ReportFile:
        own = ReportFile.objects.visible_to(self.request.user, with_expired=with_expired)
        return get_object_or_404(own.select_related("unit", "made_for"), pk=self.kwargs["pk"])


class ReportDownloadView(ReportFileMixin, View):
    """The file itself; never kept by the browser."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        file = self.file(with_expired=True)
        if file.is_expired:
            messages.info(
                request,
                _("This file was kept for seven days and is gone. Make the report anew below."),
            )
            return redirect(f"{reverse('reports:list')}?{file.query}")
        if file.state != ReportState.READY:
            raise Http404
        try:
            content = read_file(file)
        except (FileNotFoundError, SealBroken, KeyRingError):
            messages.error(request, _("The file can't be read any more. Ask for the report again."))
            return redirect("reports:list")
        response = HttpResponse(content, content_type=CONTENT_TYPES[ReportForm(file.form)])
        response["Content-Disposition"] = content_disposition_header(True, name_of(file))
        add_never_cache_headers(response)
        return response


def name_of(file: ReportFile) -> str:
    """What the file is called where it is saved."""
    time = f"{file.year}Q{file.quarter}" if file.quarter else str(file.year)
    return f"{file.unit.name}-{file.get_kind_display()}-{time}.{file.form}"


class ReportRetryView(ReportFileMixin, View):
    """What failed, or waits for long, is asked for once more as it was."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        tell_of(request, ask_again(self.file()))
        return redirect(f"{reverse('reports:list')}#files")


class ReportDeleteView(ReportFileMixin, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        delete_report(self.file(), by=request.user)
        messages.success(request, _("The file is deleted."))
        return redirect(f"{reverse('reports:list')}#files")
