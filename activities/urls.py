"""Addresses of activities."""

from __future__ import annotations

from django.urls import include, path

from activities.views import log, records

app_name = "activities"

urlpatterns = [
    path("", records.ActivityListView.as_view(), name="list"),
    path("", include("activities.plan_urls")),
    path("log/", log.ActivityLogView.as_view(), name="log"),
    path("review/", records.ReviewView.as_view(), name="review"),
    path("<uuid:pk>/", records.ActivityDetailView.as_view(), name="detail"),
    path("<uuid:pk>/edit/", log.ActivityEditView.as_view(), name="edit"),
    path("<uuid:pk>/print/", records.ActivityPrintView.as_view(), name="print"),
    path("<uuid:pk>/submit/", records.SubmitView.as_view(), name="submit"),
    path("<uuid:pk>/confirm/", records.ConfirmView.as_view(), name="confirm"),
    path("<uuid:pk>/return/", records.ReturnView.as_view(), name="return"),
    path("<uuid:pk>/cancel/", records.CancelView.as_view(), name="cancel"),
]
