"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from assessment.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.ReportsView.as_view(), name="list"),
    path("preview/", views.ReportPreviewView.as_view(), name="preview"),
    path("files/", views.ReportFilesView.as_view(), name="files"),
    path("files/<uuid:pk>/download/", views.ReportDownloadView.as_view(), name="download"),
    path("files/<uuid:pk>/retry/", views.ReportRetryView.as_view(), name="retry"),
    path("files/<uuid:pk>/delete/", views.ReportDeleteView.as_view(), name="delete"),
]
