"""What no answer may hold or lack, whoever asks: identifiers, the policy, a trail of changes."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import AuditEvent
from organizations.choices import Role
from tests.factories import GrantFactory, UserFactory
from tests.routes import Place
from tests.test_access import TRIED, ask

pytestmark = pytest.mark.django_db
ID_NUMBER, PHONE = "990101199003070019", "13900001234"
REVEALS = {"members:reveal"}
NOT_TOLD = {
    # A wish of one's own, a message that was read.
    "accounts_user",
    "activities_returnnotice",
    "assessment_notice",
    # What somebody is typing and has not saved.
    "activities_entrydraft",
    # What follows from other rows.
    "assessment_verdict",
    "assessment_unitassessment",
    "assessment_monthsummary",
    "organizations_touch",
    "django_session",
}
"""Tables whose change by itself leaves no line in the audit trail."""


REFUSED = {"members:confirm"}
"""The walk's batch has no file any more: what is tried with it is refused and rolled back."""


def place_of(user, role: Role) -> Place:
    """What is the user's own, with somebody whose identifiers are known."""
    ours = Place("ours", user)
    ours.person.set_id_number(ID_NUMBER)
    ours.person.set_phone(PHONE)
    ours.person.save()
    held = {Role.ADMINISTRATOR: None, Role.ORGANIZER: ours.county}.get(role, ours.street)
    GrantFactory(user=user, unit=held, role=role)
    return ours


def lacks(response: HttpResponse) -> bool:
    """Whether an answer lets scripts in from elsewhere, or itself be kept."""
    policy = response.headers.get("Content-Security-Policy", "")
    kept = set(response.headers.get("Cache-Control", "").split(", "))
    is_strict = "default-src 'none'" in policy and "unsafe-" not in policy
    return not (is_strict and {"no-store", "private"} <= kept)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ORGANIZER, Role.ADMINISTRATOR])
def test_each_answer_is_strict_kept_nowhere_free_of_identifiers_and_each_change_told(client, role):
    user = UserFactory(username=role)
    ours = place_of(user, role)
    client.raise_request_exception = False
    client.force_login(user)
    lax, telling, silent = [], [], []

    for name, method in TRIED:
        response, written = ask(client, name, method, ours)
        if lacks(response):
            lax.append((method, name, response.status_code))
        holds = any(number.encode() in response.content for number in (ID_NUMBER, PHONE))
        if holds and name not in REVEALS:
            telling.append((method, name))
        is_told = "accounts_auditevent" in written or name in REFUSED
        if written - NOT_TOLD and not is_told:
            silent.append((method, name, written))

    assert (lax, telling, silent) == ([], [], [])


def test_each_look_at_an_identifier_leaves_a_line_that_does_not_hold_it(client):
    user = UserFactory()
    ours = place_of(user, Role.SECRETARY)
    client.force_login(user)

    response = client.post(
        reverse("members:reveal", args=[ours.person.pk]), {"reason": "checking the roster"}
    )

    assert ID_NUMBER in response.content.decode()
    seen = AuditEvent.objects.get(verb="identifiers_seen")
    assert (seen.by, seen.target_id) == (user, str(ours.person.pk))
    assert ID_NUMBER not in str(seen.details)
    assert PHONE not in str(seen.details)


def test_a_link_can_not_press_a_button(client):
    """What is for POST alone answers GET with 405, or 404 where the role lets nobody in."""
    user = UserFactory()
    ours = place_of(user, Role.ORGANIZER)
    client.force_login(user)
    buttons = [name for name, kind in TRIED if kind == "post" and (name, "get") not in TRIED]

    answers = {name: ask(client, name, "get", ours)[0].status_code for name in buttons}

    assert {name: code for name, code in answers.items() if code not in {404, 405}} == {}
    assert answers["members:reveal"] == answers["activities:submit"] == 405


def test_a_post_without_the_forms_token_is_refused_everywhere(client):
    user = UserFactory()
    ours = place_of(user, Role.ORGANIZER)
    client.handler.enforce_csrf_checks = True
    client.force_login(user)

    answers = {name: ask(client, name, "post", ours) for name, kind in TRIED if kind == "post"}

    assert {answer.status_code for answer, _written in answers.values()} == {403}
    assert [name for name, (_answer, written) in answers.items() if written] == []
    assert [name for name, (answer, _written) in answers.items() if lacks(answer)] == []


def test_the_audit_trail_can_not_be_changed_in_bulk_either():
    AuditEvent.objects.create(verb="seen", target_type="x", target_id="1")

    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(verb="seen").update(verb="unseen")

    assert AuditEvent.objects.get().verb == "seen"
