"""Addresses of users and their roles."""

from __future__ import annotations

from django.urls import path

from organizations import grant_views as views

app_name = "users"

urlpatterns = [
    path("", views.UserListView.as_view(), name="list"),
    path("create/", views.UserCreateView.as_view(), name="create"),
    path("<int:pk>/", views.UserDetailView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.UserEditView.as_view(), name="edit"),
    path("<int:pk>/password/", views.UserResetView.as_view(), name="reset"),
    path("<int:pk>/deactivate/", views.UserDeactivateView.as_view(), name="deactivate"),
    path("<int:pk>/activate/", views.UserActivateView.as_view(), name="activate"),
    path("<int:pk>/roles/", views.RoleGiveView.as_view(), name="give"),
    path("<int:pk>/roles/<int:grant>/end/", views.RoleEndView.as_view(), name="end"),
]
