"""Addresses of what units have and keep, over many units, and of residents' ratings."""

from __future__ import annotations

from django.urls import path

from organizations import kept_views as kept
from organizations import rating_views as ratings
from organizations.standing_file_views import StandingFileView

app_name = "standing"

urlpatterns = [
    path("", kept.KeptListView.as_view(), name="list"),
    path("file/", StandingFileView.as_view(), name="file"),
    path("<str:code>/", kept.KeptSheetView.as_view(), name="sheet"),
    path("<str:code>/confirm/", kept.ConfirmView.as_view(), name="confirm"),
    path("<str:code>/ratings/", ratings.RatingsView.as_view(), name="ratings"),
    path("<str:code>/ratings/switch/", ratings.RatingsSwitchView.as_view(), name="ratings_switch"),
    path("<str:code>/ratings/poster/", ratings.PosterView.as_view(), name="poster"),
]
