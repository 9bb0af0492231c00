"""Addresses of undertakings, a part of those of activities."""

from __future__ import annotations

from django.urls import path

from activities.views import undertakings as views

urlpatterns = [
    path("undertakings/", views.UndertakingListView.as_view(), name="undertakings"),
    path("undertakings/new/", views.UndertakingAddView.as_view(), name="undertaking_new"),
    path("undertakings/<int:pk>/", views.UndertakingView.as_view(), name="undertaking"),
    path(
        "undertakings/<int:pk>/edit/", views.UndertakingEditView.as_view(), name="undertaking_edit"
    ),
    path("undertakings/<int:pk>/evidence/", views.EvidenceView.as_view(), name="evidence"),
    path(
        "undertakings/<int:pk>/settle/",
        views.SettleUndertakingView.as_view(),
        name="undertaking_settle",
    ),
]
