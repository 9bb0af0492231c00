"""Addresses of assessment."""

from __future__ import annotations

from django.urls import path

from assessment import board_views, county_views, notice_views, person_views, review_views, views
from assessment.search_views import SearchView

app_name = "assessment"

urlpatterns = [
    path("dashboard/", board_views.DashboardView.as_view(), name="dashboard"),
    path(
        "dashboard/download/<slug:form>/",
        board_views.DashboardDownloadView.as_view(),
        name="dashboard_download",
    ),
    path("dashboard/rules/<slug:rule>/", board_views.OfRuleView.as_view(), name="of_rule"),
    path("dashboard/trend/", board_views.TrendView.as_view(), name="trend"),
    path(
        "dashboard/trend/<slug:chart>/",
        board_views.ChartDownloadView.as_view(),
        name="chart_download",
    ),
    path("assessment/serves/<uuid:pk>/", views.ServesView.as_view(), name="serves"),
    path("assessment/people/<uuid:pk>/", person_views.PersonYearView.as_view(), name="person_year"),
    path("assessment/units/<str:code>/", views.UnitView.as_view(), name="unit"),
    path("assessment/units/<str:code>/<slug:rule>/", views.RuleView.as_view(), name="rule"),
    path("search/", SearchView.as_view(), name="search"),
    path("review/", review_views.ReviewQueueView.as_view(), name="review"),
    path("review/<uuid:pk>/", review_views.ReviewRecordView.as_view(), name="review_record"),
    path("notices/", notice_views.NoticeListView.as_view(), name="notices"),
    path("notices/read/", notice_views.NoticesReadView.as_view(), name="notices_read"),
    path("notices/<int:pk>/read/", notice_views.NoticeReadView.as_view(), name="notice_read"),
    path("notices/ledger/", notice_views.ReminderLedgerView.as_view(), name="reminder_ledger"),
    path("rulebook/", county_views.RulebookView.as_view(), name="rulebook"),
    path("settings/", county_views.SettingsView.as_view(), name="settings"),
    path("baselines/<str:code>/", county_views.BaselineView.as_view(), name="baseline"),
]
