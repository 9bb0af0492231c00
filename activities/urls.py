"""Addresses of activities."""

from __future__ import annotations

from django.urls import include, path

from activities import undertaking_urls
from activities.views import (
    bulk,
    drafts,
    files,
    hints,
    issues,
    log,
    naming,
    papers,
    records,
    reviews,
    versions,
)

app_name = "activities"

urlpatterns = [
    path("", records.ActivityListView.as_view(), name="list"),
    path("", include("activities.plan_urls")),
    path("log/", log.ActivityLogView.as_view(), name="log"),
    path("log/many/", bulk.LogManyView.as_view(), name="log_many"),
    path("copy/", bulk.CopyView.as_view(), name="copy"),
    path("log/kept/", drafts.DraftView.as_view(), name="draft"),
    path("log/kept/<uuid:key>/discard/", drafts.DraftDiscardView.as_view(), name="draft_discard"),
    path("log/offered/<slug:code>/", naming.OfferView.as_view(), name="offered"),
    path("book/", papers.BookView.as_view(), name="book"),
    path("issues/", issues.IssueListView.as_view(), name="issues"),
    path("issues/<int:pk>/settle/", issues.SettleView.as_view(), name="issue_settle"),
    path("runs/", reviews.RunListView.as_view(), name="runs"),
    path("runs/open/", reviews.RunOpenView.as_view(), name="run_open"),
    path("runs/<int:pk>/", reviews.RunView.as_view(), name="run"),
    path("runs/<int:pk>/print/", reviews.RunPrintView.as_view(), name="run_print"),
    path("runs/<int:pk>/forms/", reviews.RunFormsView.as_view(), name="run_forms"),
    path("runs/<int:pk>/renew/", reviews.RunRenewView.as_view(), name="run_renew"),
    path("runs/<int:pk>/reopen/", reviews.RunReopenView.as_view(), name="run_reopen"),
    path("runs/<int:pk>/close/", reviews.RunCloseView.as_view(), name="run_close"),
    path("runs/<int:pk>/<slug:step>/", reviews.RunStepView.as_view(), name="run_step"),
    *undertaking_urls.urlpatterns,
    path("<uuid:pk>/", records.ActivityDetailView.as_view(), name="detail"),
    path("<uuid:pk>/edit/", log.ActivityEditView.as_view(), name="edit"),
    path("<uuid:pk>/print/", papers.ActivityPrintView.as_view(), name="print"),
    path("<uuid:pk>/versions/", versions.VersionsView.as_view(), name="versions"),
    path("<uuid:pk>/issues/", issues.IssueAddView.as_view(), name="issue_add"),
    path("<uuid:pk>/submit/", records.SubmitView.as_view(), name="submit"),
    path("<uuid:pk>/confirm/", records.ConfirmView.as_view(), name="confirm"),
    path("<uuid:pk>/return/", records.ReturnView.as_view(), name="return"),
    path("<uuid:pk>/cancel/", records.CancelView.as_view(), name="cancel"),
    path("<uuid:pk>/files/", files.FilesView.as_view(), name="files"),
    path("<uuid:pk>/files/add/", files.AttachView.as_view(), name="attach"),
    path("files/<uuid:pk>/", files.FileView.as_view(), name="attachment"),
    path("files/<uuid:pk>/small/", files.ThumbnailView.as_view(), name="thumbnail"),
    path("files/<uuid:pk>/remove/", files.DetachView.as_view(), name="detach"),
    path("hints/", hints.HintListView.as_view(), name="hints"),
    path("hints/delays/", hints.DelaysView.as_view(), name="delays"),
    path("hints/<int:pk>/", hints.HintView.as_view(), name="hint"),
    path("hints/<int:pk>/settle/", hints.HintDismissView.as_view(), name="hint_dismiss"),
    path("hints/<int:pk>/reopen/", hints.HintReopenView.as_view(), name="hint_reopen"),
]
