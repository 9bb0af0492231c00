"""Addresses of assessment."""

from __future__ import annotations

from django.urls import path

from assessment import (
    board_views,
    calendar_views,
    clause_views,
    county_views,
    file_views,
    next_views,
    notice_views,
    person_views,
    review_views,
    rulebook_views,
    seal_views,
    serves_views,
    views,
    what_if_views,
)
from assessment.five_good_views import FiveGoodView
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
    path(
        "assessment/serves/",
        serves_views.ServesDraftView.as_view(),
        name="serves_draft",
    ),
    path(
        "dashboard/rules/<slug:rule>/expected/",
        clause_views.ExpectedView.as_view(),
        name="expected",
    ),
    path("dashboard/trend/", board_views.TrendView.as_view(), name="trend"),
    path(
        "dashboard/trend/<slug:chart>/",
        board_views.ChartDownloadView.as_view(),
        name="chart_download",
    ),
    path("assessment/serves/<uuid:pk>/", views.ServesView.as_view(), name="serves"),
    path("assessment/people/<uuid:pk>/", person_views.PersonYearView.as_view(), name="person_year"),
    path("assessment/files/<uuid:pk>/", file_views.FilesAskedView.as_view(), name="files_asked"),
    path(
        "assessment/deadlines/<str:code>/",
        calendar_views.MonthDeadlinesView.as_view(),
        name="month_deadlines",
    ),
    path("assessment/units/<str:code>/", views.UnitView.as_view(), name="unit"),
    path("assessment/units/<str:code>/next/", next_views.NextView.as_view(), name="next"),
    path(
        "assessment/units/<str:code>/next/plan/",
        next_views.NextPlanView.as_view(),
        name="next_plan",
    ),
    path(
        "assessment/units/<str:code>/<slug:rule>/note/",
        next_views.UnmetNoteView.as_view(),
        name="unmet_note",
    ),
    path("assessment/units/<str:code>/<slug:rule>/", views.RuleView.as_view(), name="rule"),
    path("five-good/<str:code>/", FiveGoodView.as_view(), name="five_good"),
    path("search/", SearchView.as_view(), name="search"),
    path("review/", review_views.ReviewQueueView.as_view(), name="review"),
    path("review/<uuid:pk>/", review_views.ReviewRecordView.as_view(), name="review_record"),
    path("notices/", notice_views.NoticeListView.as_view(), name="notices"),
    path("notices/read/", notice_views.NoticesReadView.as_view(), name="notices_read"),
    path("notices/<int:pk>/read/", notice_views.NoticeReadView.as_view(), name="notice_read"),
    path("notices/ledger/", notice_views.ReminderLedgerView.as_view(), name="reminder_ledger"),
    path("clauses/", clause_views.ClausesView.as_view(), name="clauses"),
    path("formulas/", clause_views.FormulasView.as_view(), name="formulas"),
    path("rulebooks/", rulebook_views.RulebookListView.as_view(), name="rulebooks"),
    path(
        "rulebooks/<slug:book>/switch/",
        rulebook_views.RulebookSwitchView.as_view(),
        name="rulebook_switch",
    ),
    path(
        "rulebooks/rules/<slug:rule>/switch/",
        rulebook_views.RulebookSwitchView.as_view(),
        name="rule_switch",
    ),
    path(
        "rulebooks/rules/<slug:rule>/number/",
        rulebook_views.OwnNumberView.as_view(),
        name="own_number",
    ),
    path("what-if/", what_if_views.WhatIfView.as_view(), name="what_if"),
    path("seals/", seal_views.SealListView.as_view(), name="seals"),
    path("seals/new/", seal_views.SealCreateView.as_view(), name="seal_new"),
    path("seals/<uuid:pk>/", seal_views.SealView.as_view(), name="seal"),
    path("seals/<uuid:pk>/changes/", seal_views.SealChangesView.as_view(), name="seal_changes"),
    path("seals/<uuid:pk>/correct/", seal_views.SealCorrectView.as_view(), name="seal_correct"),
    path(
        "seals/<uuid:pk>/download/<slug:form>/",
        seal_views.SealDownloadView.as_view(),
        name="seal_download",
    ),
    path("settings/", county_views.SettingsView.as_view(), name="settings"),
    path("baselines/<str:code>/", county_views.BaselineView.as_view(), name="baseline"),
]
