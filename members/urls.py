"""Addresses of members."""

from __future__ import annotations

from django.urls import path

from members import ledger_urls
from members.views import (
    batches,
    exemptions,
    exports,
    imports,
    layouts,
    leadership,
    merging,
    people,
    ties,
)

app_name = "members"

urlpatterns = [
    path("", people.PersonListView.as_view(), name="list"),
    path("export/", exports.ExportView.as_view(), name="export"),
    path("new/", people.PersonCreateView.as_view(), name="create"),
    path("import/", imports.UploadView.as_view(), name="import"),
    path("import/<str:kind>/", imports.UploadView.as_view(), name="import_kind"),
    path("import/<str:kind>/template/", imports.TemplateView.as_view(), name="template"),
    path("imports/", imports.ImportListView.as_view(), name="imports"),
    path("imports/<uuid:pk>/", batches.BatchView.as_view(), name="batch"),
    path("imports/<uuid:pk>/layout/", layouts.LayoutView.as_view(), name="layout"),
    path("imports/<uuid:pk>/discard/", batches.DiscardView.as_view(), name="discard"),
    path("imports/<uuid:pk>/confirm/", batches.ConfirmView.as_view(), name="confirm"),
    path("imports/<uuid:pk>/decide/", batches.DecideView.as_view(), name="decide"),
    path("imports/<uuid:pk>/wrong/", batches.WrongRowsView.as_view(), name="wrong_rows"),
    path("imports/<uuid:pk>/undo/", batches.UndoView.as_view(), name="undo"),
    path("units/<str:code>/dissolve/", merging.UnitDissolveView.as_view(), name="dissolve"),
    path("units/<str:code>/merge/", merging.UnitMergeView.as_view(), name="merge"),
    path("leadership/<str:code>/", leadership.LeadershipView.as_view(), name="leadership"),
    *ledger_urls.urlpatterns,
    path("plans/", ties.PlanListView.as_view(), name="plans"),
    path("plans/new/", ties.PlanCreateView.as_view(), name="plan_create"),
    path("exemptions/", exemptions.ExemptionListView.as_view(), name="exemptions"),
    path(
        "exemptions/ledger/",
        exemptions.ExemptionLedgerView.as_view(),
        name="exemption_ledger",
    ),
    path(
        "exemptions/<int:pk>/decide/",
        exemptions.ExemptionDecideView.as_view(),
        name="exemption_decide",
    ),
    path("appointments/<int:pk>/end/", ties.AppointmentEndView.as_view(), name="appointment_end"),
    path("affiliations/<int:pk>/end/", ties.AffiliationEndView.as_view(), name="affiliation_end"),
    path("floating/<int:pk>/end/", ties.FloatingEndView.as_view(), name="floating_end"),
    path(
        "floating/<int:pk>/check/<str:kind>/",
        ties.FloatingCheckView.as_view(),
        name="floating_check",
    ),
    path("<uuid:pk>/", people.PersonDetailView.as_view(), name="detail"),
    path("<uuid:pk>/edit/", people.PersonEditView.as_view(), name="edit"),
    path("<uuid:pk>/reveal/", people.PersonRevealView.as_view(), name="reveal"),
    path("<uuid:pk>/appoint/", ties.AppointView.as_view(), name="appoint"),
    path("<uuid:pk>/transfer/", ties.TransferView.as_view(), name="transfer"),
    path("<uuid:pk>/standing/", ties.StandingView.as_view(), name="standing"),
    path("<uuid:pk>/standing/back/", ties.StandingBackView.as_view(), name="standing_back"),
    path("<uuid:pk>/exempt/", exemptions.ExemptView.as_view(), name="exempt"),
    path("<uuid:pk>/floating/", ties.FloatingView.as_view(), name="floating"),
]
