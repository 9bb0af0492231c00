"""Reading people: by unit, by day, and through the one gate."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import pairwise
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from members.crypto import blind_index
from members.development import STAGES, load_rules
from organizations.access import paths_for, within
from organizations.actions import Action
from organizations.querysets import ScopedDatedQuerySet, ScopedQuerySet

ID_NUMBER = "members.person.id_number"
PHONE = "members.person.phone"
IDENTIFIER = re.compile(r"[\dx -]{7,22}")
SEPARATORS = re.compile(r"[ -]")
"""How people space out a number; a landline is stored with its dash, a mobile without."""
OF_THE_HOME = frozenset({Action.ENROL, Action.IDENTIFY, Action.REVIEW})
"""What a second tie (a guest's, an office) does not allow."""
OF_PERSON = Q(person=OuterRef("pk"))
IS_OPEN = Q(ended_on__isnull=True)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """People of the units on which `user` may do `action`.

        Any tie lets a unit read of a person. To keep the record and to see identifiers is for
        the home alone: see `kept_under`.
        """
        paths = paths_for(user, action)
        return self.kept_under(*paths) if action in OF_THE_HOME else self.under(*paths)

    def tied_to(self, user: User | AnonymousUser, *, action: Action) -> Self:
        """People with any tie to a unit on which `user` may do `action`: to add a tie there."""
        return self.under(*paths_for(user, action))

    def under(self, *paths: str) -> Self:
        """People who belong to, or hold office in, a unit at or below any of `paths`.

        Whoever has left for another unit is that unit's; whoever has left altogether stays with
        the last one.
        """
        if not paths:
            return self.none()
        from members.models import Affiliation, Appointment

        here = within("unit__path", paths)
        ties = Affiliation.objects.filter(OF_PERSON)
        posts = Appointment.objects.filter(OF_PERSON & IS_OPEN)
        is_tied = Exists(ties.filter(here & IS_OPEN)) | Exists(posts.filter(here))
        has_left = ~Exists(ties.filter(IS_OPEN)) & ~Exists(posts)
        return self.filter(is_tied | (has_left & Exists(_last_of(ties).filter(here))))

    def kept_under(self, *paths: str) -> Self:
        """People whose record a unit at or below any of `paths` keeps.

        That is the open home; of those who have none the last one; of those who never had one
        the unit of an open office, and failing that any other tie.
        """
        if not paths:
            return self.none()
        from members.models import Affiliation, Appointment

        here = within("unit__path", paths)
        homes = Affiliation.objects.filter(OF_PERSON, nature="home")
        at_home = homes.filter(IS_OPEN)
        posts = Appointment.objects.filter(OF_PERSON & IS_OPEN)
        last = Exists(_last_of(homes, nature="home").filter(here))
        without = Exists(posts.filter(here)) | (
            ~Exists(posts) & Q(pk__in=self.model._default_manager.under(*paths).values("pk"))
        )
        return self.filter(
            Exists(at_home.filter(here)) | (~Exists(at_home) & last) | (~Exists(homes) & without)
        )

    def search(self, text: str, *, seen_by: User | AnonymousUser | None = None) -> Self:
        """People whose name or pinyin holds `text`.

        With `seen_by`, an ID number or a phone in full finds its owner as well, if that user may
        see the owner's identifiers.
        """
        text = text.strip().lower()
        if not text:
            return self
        found = Q(name__icontains=text) | Q(pinyin__contains=text)
        number = unicodedata.normalize("NFKC", text)
        numbers = {number, SEPARATORS.sub("", number)}
        if seen_by is not None and all(map(IDENTIFIER.fullmatch, numbers)):
            owns = Q(id_number_index__in=[blind_index(ID_NUMBER, one) for one in numbers])
            owns |= Q(phone_index__in=[blind_index(PHONE, one) for one in numbers])
            seen = self.model._default_manager.visible_to(seen_by, action=Action.IDENTIFY)
            found |= Q(pk__in=seen.filter(owns).values("pk"))
        return self.filter(found)


def _last_of(ties: models.QuerySet, **alike: str) -> models.QuerySet:
    """Those of ended `ties` after which none of the person's, of the same nature, ended."""
    from members.models import Affiliation

    later = Q(ended_on__gt=OuterRef("ended_on"))
    later |= Q(ended_on=OuterRef("ended_on"), pk__gt=OuterRef("pk"))
    after = Affiliation.objects.filter(later, person=OuterRef("person"), **alike)
    return ties.filter(~Exists(after), ended_on__isnull=False)


class OfPersonQuerySet(models.QuerySet):
    """Rows that belong to a person: seen by whoever may see the person."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        from members.models import Person

        people = Person.objects.visible_to(user, action=action)
        return self.filter(person__in=people)

    def under(self, *paths: str) -> Self:
        """Rows of people who belong to a unit at or below any of `paths`."""
        from members.models import Person

        return self.filter(person__in=Person.objects.under(*paths))


class MembershipQuerySet(OfPersonQuerySet):
    """Memberships, and those still on the way to a full one."""

    def on_the_way(self) -> Self:
        return self.exclude(stage="full").filter(standing__in=["normal", "out_of_touch"])

    def with_extension(self) -> Self:
        """Each with `extended_until`: the last day of an extended probation, or None."""
        from members.models import DevelopmentStep

        steps = DevelopmentStep.objects.filter(person=OuterRef("person"), kind="extension")
        return self.annotate(extended_until=Subquery(steps.order_by("-until").values("until")[:1]))

    def ready_on(self, day: date) -> Self:
        """Those on the way whose next stage is no longer too early on `day`."""
        rules, ready = load_rules(), Q(pk__in=[])
        for stage, following in pairwise(STAGES):
            if wait := rules.wait_for(following, day):
                latest = wait.latest_begun(day)
                ready |= Q(stage=stage, **{f"{wait.after}__lte": latest})
        is_over = Q(extended_until__isnull=True) | Q(extended_until__lt=day)
        lasts_no_longer = ~Q(stage="probationary") | is_over
        return self.with_extension().on_the_way().filter(ready & lasts_no_longer)


class FloatingEntryQuerySet(ScopedDatedQuerySet):
    """The ledger of floating members. A check counts for the person, whichever entry it is on."""

    def with_last_checks(self) -> Self:
        """Each with `last_review` and `last_situation`: days, or None for never."""
        return self.annotate(
            last_review=Subquery(_last_check("review")),
            last_situation=Subquery(_last_check("situation")),
        )

    def unchecked_in(self, year: int, kind: str) -> Self:
        """Open entries of people of whom nothing of that kind was recorded in `year`."""
        from members.models import FloatingCheck

        checks = FloatingCheck.objects.filter(
            entry__person=OuterRef("person"), kind=kind, done_on__year=year
        )
        return self.still_open().filter(~Exists(checks))

    def without_papers(self) -> Self:
        """Open entries that lack the certificate's number or one of the three cards'."""
        lacks = Q(certificate_number="") | Q(contact_card="")
        return self.still_open().filter(lacks | Q(activity_card="") | Q(feedback_card=""))


def _last_check(kind: str) -> models.QuerySet:
    from members.models import FloatingCheck

    checks = FloatingCheck.objects.filter(entry__person=OuterRef("person"), kind=kind)
    return checks.order_by("-done_on").values("done_on")[:1]


class FloatingCheckQuerySet(ScopedQuerySet):
    """Checks belong to the unit that keeps the entry."""

    unit_field = "entry__unit"


class TransferQuerySet(models.QuerySet):
    """A transfer belongs to both its sides."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """Transfers from or to a unit on which `user` may do `action`."""
        return self.under(*paths_for(user, action))

    def under(self, *paths: str) -> Self:
        """Transfers from or to a unit at or below any of `paths`."""
        return self.filter(within("from_unit__path", paths) | within("to_unit__path", paths))

    def for_answer_by(self, user: User | AnonymousUser) -> Self:
        """Those on the way that `user` answers: who keeps the receiving unit's roster; for one
        to the outside, who keeps the sender's, and notes what came back. A letter that went by a
        code the sender never answers, be the code known or not.
        """
        paths = paths_for(user, Action.ENROL)
        outside = Q(to_unit__isnull=True, to_code="") & within("from_unit__path", paths)
        return self.on_the_way().filter(within("to_unit__path", paths) | outside)

    def sent_by(self, user: User | AnonymousUser) -> Self:
        """Those from a unit whose roster `user` keeps."""
        return self.filter(within("from_unit__path", paths_for(user, Action.ENROL)))

    def on_the_way(self) -> Self:
        return self.filter(state="requested")

    def overdue(self, today: date) -> Self:
        """On the way though the letter's term is over."""
        return self.on_the_way().filter(valid_until__lt=today)


class GuestTieQuerySet(ScopedDatedQuerySet):
    """Affiliations beside a home elsewhere: seen by the unit here and by the home unit alike."""

    def under(self, *paths: str) -> Self:
        """Those to, or of people at home in, a unit at or below any of `paths`."""
        from members.models import Affiliation

        homes = Affiliation.objects.under(*paths).still_open().filter(nature="home")
        theirs = Q(person__in=homes.values("person"))
        guests = self.filter(nature__in=["in_service", "retired_resident"])
        return guests.filter(within("unit__path", paths) | theirs)


class GuestNoteQuerySet(models.QuerySet):
    """What hangs on a guest's affiliation: seen by whoever sees that."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        from members.models import Affiliation

        ties = Affiliation.guests.visible_to(user, action=action)
        return self.filter(affiliation__in=ties)


class PostHoldingQuerySet(ScopedDatedQuerySet):
    """Holdings belong to the unit of the post."""

    unit_field = "post__unit"
