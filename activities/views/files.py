"""The files of a record: the list with its form, and each file through the gate."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from accounts.models import User
from activities import services
from activities.choices import FileKind, FileSort
from activities.entries import ActivityError
from activities.files import limits
from activities.files.errors import FileRefused
from activities.models import Activity, Attachment
from organizations.access import may, paths_for
from organizations.actions import Action

AT_ONCE = 10
"""Files of one form; the browser's script sends them one by one."""
CONTENT_TYPES = {
    FileSort.PHOTO: "image/jpeg",
    FileSort.PDF: "application/pdf",
    FileSort.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileSort.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileSort.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileSort.DOC: "application/msword",
    FileSort.XLS: "application/vnd.ms-excel",
    FileSort.PPT: "application/vnd.ms-powerpoint",
    FileSort.OFD: "application/ofd",
}
CONFINED = "default-src 'none'; sandbox"
"""Should a browser ever take a file for a page, the page may do nothing."""
log = logging.getLogger(__name__)


def files_context(activity: Activity, user: User | AnonymousUser) -> dict[str, Any]:
    """What activities/files_card.html shows: two queries, whatever the number of files."""
    rows = Attachment.objects.visible_to(user).filter(activity=activity)
    readable = list(rows.readable_by(user).select_related("added_by", "removed_by"))
    is_reader = bool(readable) or _is_reader(activity, user)
    keeps = may(user, Action.RECORD, activity.unit)
    return {
        "activity": activity,
        "files": [row for row in readable if row.removed_at is None],
        "removed_files": [row for row in readable if row.removed_at is not None],
        "files_out_of_reach": 0 if is_reader else rows.kept().count(),
        "may_attach": keeps and activity.state in services.EDITABLE,
        "keeps_closed": keeps and activity.state not in services.EDITABLE,
        **choices_context(),
    }


def _is_reader(activity: Activity, user: User | AnonymousUser) -> bool:
    return any(may(user, action, activity.unit) for action in (Action.RECORD, Action.REVIEW))


def choices_context() -> dict[str, Any]:
    """What the fields for choosing files show."""
    return {
        "file_kinds": FileKind.choices,
        "kept_side": limits.KEPT_SIDE,
        "document_megabytes": limits.MAX_DOCUMENT // limits.MEGABYTE,
    }


def hand_in(request: HttpRequest, activity: Activity, *, kind: str) -> tuple[int, list[str]]:
    """Attach the files that a form brought: how many are taken, and why the others are not."""
    uploads = request.FILES.getlist("files") + request.FILES.getlist("camera")
    refused: list[str] = []
    done = 0
    for upload in uploads[:AT_ONCE]:
        try:
            services.attach(
                activity,
                upload,
                kind=FileKind(kind) if kind in FileKind else FileKind.OTHER,
                by=request.user,  # type: ignore[arg-type]
            )
            done += 1
        except (FileRefused, ActivityError) as error:
            refused.append(_("%(file)s: %(why)s") % {"file": upload.name, "why": error})
    if len(uploads) > AT_ONCE:
        refused.append(_("At most %(limit)d files at once.") % {"limit": AT_ONCE})
    return done, refused


class FilesView(LoginRequiredMixin, View):
    """A record's files as a page of their own, or, for htmx, as a part of another page."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        seen = Activity.objects.visible_to(request.user).select_related("unit")
        return _answer(request, get_object_or_404(seen, pk=pk))


class AttachView(LoginRequiredMixin, View):
    """Hand in files with a record that one keeps."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity = _kept_record(request, pk)
        done, refused = hand_in(request, activity, kind=request.POST.get("kind", ""))
        if not done and not refused:
            refused = [_("Choose a file first.")]
        return _answer_change(request, activity, refused, _("Files added: %d.") % done)


class DetachView(LoginRequiredMixin, View):
    """Take a file away, with a reason."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Attachment.objects.visible_to(request.user).kept().select_related("activity")
        attachment = get_object_or_404(rows, pk=pk)
        activity = _kept_record(request, attachment.activity_id)
        refused = []
        try:
            because = request.POST.get("because", "")[:200]
            services.detach(attachment, because=because, by=request.user)  # type: ignore[arg-type]
        except ActivityError as error:
            refused.append(str(error))
        return _answer_change(request, activity, refused, _("The file has been removed."))


class FileView(LoginRequiredMixin, View):
    """A file itself, for who keeps or reviews its record: pictures to see, others to save."""

    part = "file"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Attachment.objects.visible_to(request.user).readable_by(request.user).kept()
        attachment = get_object_or_404(rows, pk=pk)
        file = getattr(attachment, self.part)
        if not file:
            raise Http404
        try:
            with file.open("rb") as stream:
                data = stream.read()
        except OSError:
            log.error("The file of attachment %s is not there.", attachment.pk)
            raise Http404 from None
        kind = CONTENT_TYPES[FileSort(attachment.sort)]
        answer = HttpResponse(data, content_type=kind)
        answer["Content-Disposition"] = content_disposition_header(
            not attachment.is_picture, attachment.name
        )
        answer["Content-Security-Policy"] = CONFINED
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        return answer


class ThumbnailView(FileView):
    part = "thumbnail"


def _kept_record(request: HttpRequest, pk: UUID) -> Activity:
    """The record, if the person keeps it; else a 404."""
    mine = Activity.objects.hosted_under(*paths_for(request.user, Action.RECORD))
    return get_object_or_404(mine.select_related("unit"), pk=pk)


def _answer(request: HttpRequest, activity: Activity, **more: Any) -> HttpResponse:
    context = files_context(activity, request.user) | more
    part = "activities/files_card.html" if request.htmx else "activities/activity_files.html"  # type: ignore[attr-defined]
    return render(request, part, context)


def _answer_change(
    request: HttpRequest, activity: Activity, refused: list[str], told: str
) -> HttpResponse:
    """The card anew for the script; for a plain form the page it came from, with what is to say."""
    if request.htmx:  # type: ignore[attr-defined]
        return _answer(request, activity, refused=refused, told="" if refused else told)
    for line in refused:
        messages.error(request, line)
    if not refused:
        messages.success(request, told)
    after = request.POST.get("after", "")
    if url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        return redirect(after)
    return redirect("activities:files", activity.pk)
