"""Addresses of organizations."""

from __future__ import annotations

from django.urls import path

from organizations import change_views as changes
from organizations import standing_views as standing
from organizations import views

app_name = "organizations"

urlpatterns = [
    path("", views.UnitTreeView.as_view(), name="tree"),
    path("<str:code>/", views.UnitDetailView.as_view(), name="detail"),
    path("<str:code>/children/", views.UnitChildrenView.as_view(), name="children"),
    path("<str:code>/found/", changes.UnitFoundView.as_view(), name="found"),
    path("<str:code>/edit/", changes.UnitEditView.as_view(), name="edit"),
    path("<str:code>/rename/", changes.UnitRenameView.as_view(), name="rename"),
    path("<str:code>/move/", changes.UnitMoveView.as_view(), name="move"),
    path("<str:code>/kind/", changes.UnitKindView.as_view(), name="kind"),
    path("<str:code>/<slug:thing>/add/", standing.ThingAddView.as_view(), name="add"),
    path("<str:code>/<slug:thing>/<int:pk>/", standing.ThingDetailView.as_view(), name="thing"),
    path(
        "<str:code>/<slug:thing>/<int:pk>/edit/", standing.ThingChangeView.as_view(), name="change"
    ),
    path(
        "<str:code>/<slug:thing>/<int:pk>/close/", standing.ThingCloseView.as_view(), name="close"
    ),
]
