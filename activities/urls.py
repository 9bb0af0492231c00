"""Addresses of activities."""

from __future__ import annotations

from django.urls import path

from activities import views
from activities.log_views import ActivityEditView, ActivityLogView

app_name = "activities"

urlpatterns = [
    path("", views.ActivityListView.as_view(), name="list"),
    path("log/", ActivityLogView.as_view(), name="log"),
    path("review/", views.ReviewView.as_view(), name="review"),
    path("<uuid:pk>/", views.ActivityDetailView.as_view(), name="detail"),
    path("<uuid:pk>/edit/", ActivityEditView.as_view(), name="edit"),
    path("<uuid:pk>/print/", views.ActivityPrintView.as_view(), name="print"),
    path("<uuid:pk>/submit/", views.SubmitView.as_view(), name="submit"),
    path("<uuid:pk>/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path("<uuid:pk>/return/", views.ReturnView.as_view(), name="return"),
    path("<uuid:pk>/cancel/", views.CancelView.as_view(), name="cancel"),
]
