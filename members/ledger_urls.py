"""Addresses of the ledgers of members; part of `members.urls`."""

from __future__ import annotations

from django.urls import path

from members.views import development, duties, floating, guests, terms, transfers

urlpatterns = [
    path("posts/", duties.PostListView.as_view(), name="posts"),
    path("posts/new/", duties.PostCreateView.as_view(), name="post_create"),
    path("posts/<int:pk>/", duties.PostDetailView.as_view(), name="post"),
    path("posts/<int:pk>/hold/", duties.HoldView.as_view(), name="post_hold"),
    path("posts/holdings/<int:pk>/end/", duties.HoldingEndView.as_view(), name="holding_end"),
    path("pledges/", duties.PledgeListView.as_view(), name="pledges"),
    path("pledges/<int:pk>/report/", duties.PledgeReportView.as_view(), name="pledge_report"),
    path("cases/", duties.CaseListView.as_view(), name="cases"),
    path("cases/<int:pk>/settle/", duties.CaseSettleView.as_view(), name="case_settle"),
    path("<uuid:pk>/pledge/", duties.PledgeView.as_view(), name="pledge"),
    path("<uuid:pk>/case/", duties.CaseOpenView.as_view(), name="case_open"),
    path("terms/", terms.TermListView.as_view(), name="terms"),
    path("in-service/", guests.InServiceListView.as_view(), name="in_service"),
    path("retirees/", guests.RetireeListView.as_view(), name="retirees"),
    path("guests/new/", guests.NewGuestView.as_view(), name="guest_new"),
    path("guests/<int:pk>/", guests.GuestDetailView.as_view(), name="guest"),
    path("guests/<int:pk>/edit/", guests.GuestEditView.as_view(), name="guest_edit"),
    path("guests/<int:pk>/note/", guests.GuestNoteView.as_view(), name="guest_note"),
    path("guests/<int:pk>/letter/", guests.GuestLetterView.as_view(), name="guest_letter"),
    path("guests/notes/<int:pk>/settle/", guests.NoteSettleView.as_view(), name="note_settle"),
    path("<uuid:pk>/guest/", guests.GuestTieView.as_view(), name="guest_add"),
    path("development/", development.DevelopmentListView.as_view(), name="development"),
    path("<uuid:pk>/step/", development.StepView.as_view(), name="step"),
    path("<uuid:pk>/advance/", development.AdvanceView.as_view(), name="advance"),
    path("<uuid:pk>/probation/extend/", development.ExtendView.as_view(), name="extend"),
    path(
        "<uuid:pk>/probation/cancel/",
        development.CancelProbationView.as_view(),
        name="cancel_probation",
    ),
    path("floating/", floating.FloatingListView.as_view(), name="floating_list"),
    path("floating/contact/", floating.FloatingContactView.as_view(), name="floating_contact"),
    path("floating/<int:pk>/edit/", floating.FloatingEditView.as_view(), name="floating_edit"),
    path(
        "floating/<int:pk>/certificate/",
        floating.FloatingCertificateView.as_view(),
        name="floating_certificate",
    ),
    path("transfers/", transfers.TransferListView.as_view(), name="transfers"),
    path("transfers/arrive/", transfers.ArriveView.as_view(), name="arrive"),
    path("transfers/<int:pk>/", transfers.TransferDetailView.as_view(), name="transfer_detail"),
    path(
        "transfers/<int:pk>/letter/",
        transfers.TransferLetterView.as_view(),
        name="transfer_letter",
    ),
    path(
        "transfers/<int:pk>/answer/",
        transfers.TransferAnswerView.as_view(),
        name="transfer_answer",
    ),
    path(
        "transfers/<int:pk>/withdraw/",
        transfers.TransferWithdrawView.as_view(),
        name="transfer_withdraw",
    ),
    path(
        "<uuid:pk>/transfer/letter/",
        transfers.TransferRequestView.as_view(),
        name="transfer_request",
    ),
]
