"""Addresses of activities."""

from __future__ import annotations

from django.urls import path

from activities.views import files, hints, log, records

app_name = "activities"

urlpatterns = [
    path("", records.ActivityListView.as_view(), name="list"),
    path("log/", log.ActivityLogView.as_view(), name="log"),
    path("review/", records.ReviewView.as_view(), name="review"),
    path("<uuid:pk>/", records.ActivityDetailView.as_view(), name="detail"),
    path("<uuid:pk>/edit/", log.ActivityEditView.as_view(), name="edit"),
    path("<uuid:pk>/print/", records.ActivityPrintView.as_view(), name="print"),
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
