"""Home tells of what others wait for: an answer to an invitation, a decision on an exemption."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import PlanInvitation
from activities.plan_choices import Answer
from members.choices import ExemptionState
from tests.cast import sign_in
from tests.factories import ExemptionFactory, MemberFactory, PlanFactory

pytestmark = pytest.mark.django_db


def home_of(user) -> str:
    return sign_in(user).get("/").content.decode()


def test_an_invitation_that_waits_is_told_to_whoever_may_answer(
    community, neighbour, secretary, reviewer
):
    begins = timezone.now() + timedelta(days=3)
    plan = PlanFactory(unit=neighbour, starts_at=begins, ends_at=begins + timedelta(hours=2))
    invitation = PlanInvitation.objects.create(plan=plan, unit=community)

    assert "1项联办邀请待您答复" in home_of(secretary)
    assert "联合举办邀请" not in home_of(reviewer)

    invitation.answer, invitation.answered_at = Answer.ACCEPTED, timezone.now()
    invitation.save()
    assert "联合举办邀请" not in home_of(secretary)


def test_an_exemption_that_waits_is_told_to_whoever_decides(secretary, reviewer, community):
    person = MemberFactory(unit=community)
    asked = ExemptionFactory(person=person, state=ExemptionState.REQUESTED, decided_at=None)

    page = home_of(reviewer)
    assert "1项免予考核申请待您审批" in page
    assert reverse("members:exemptions") in page
    assert "免予考核申请待您审批" not in home_of(secretary)

    asked.state, asked.decided_at = ExemptionState.REFUSED, timezone.now()
    asked.save()
    assert "免予考核申请待您审批" not in home_of(reviewer)
