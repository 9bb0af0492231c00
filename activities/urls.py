"""Addresses of activities."""

from __future__ import annotations

from django.urls import path

from activities import undertaking_urls
from activities.views import issues, log, papers, records, reviews, versions

app_name = "activities"

urlpatterns = [
    path("", records.ActivityListView.as_view(), name="list"),
    path("log/", log.ActivityLogView.as_view(), name="log"),
    path("book/", papers.BookView.as_view(), name="book"),
    path("issues/", issues.IssueListView.as_view(), name="issues"),
    path("issues/<int:pk>/settle/", issues.SettleView.as_view(), name="issue_settle"),
    path("runs/", reviews.RunListView.as_view(), name="runs"),
    path("runs/open/", reviews.RunOpenView.as_view(), name="run_open"),
    path("runs/<int:pk>/", reviews.RunView.as_view(), name="run"),
    path("runs/<int:pk>/print/", reviews.RunPrintView.as_view(), name="run_print"),
    path("runs/<int:pk>/forms/", reviews.RunFormsView.as_view(), name="run_forms"),
    path("runs/<int:pk>/renew/", reviews.RunRenewView.as_view(), name="run_renew"),
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
]
