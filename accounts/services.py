"""Changes to an account by its owner, each with its line in the audit trail."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record
from accounts.models import User


@transaction.atomic
def change_language(user: User, language: str) -> None:
    """From now on `user` reads pages and mail in `language`, a key of settings.LANGUAGES."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def change_look(user: User, **wishes: str) -> None:
    """From now on `user` is shown pages with this `theme`, this `type_size`, or both."""
    for name, wish in wishes.items():
        setattr(user, name, wish)
    user.save(update_fields=[*wishes])


@transaction.atomic
def change_profile(user: User, **chosen: str) -> None:
    """Keep the language, look and address for mail that `user` has chosen."""
    changed = [name for name, new in chosen.items() if getattr(user, name) != new]
    for name in changed:
        setattr(user, name, chosen[name])
    user.save(update_fields=changed)
    if changed:
        record(by=user, verb="change_profile", target=user, fields=changed)


@transaction.atomic
def change_password(user: User, password: str) -> None:
    """Set the `password` that `user` has chosen; every other session of `user` ends."""
    user.set_password(password)
    user.must_change_password, user.one_time_until = False, None
    user.save(update_fields=["password", "must_change_password", "one_time_until"])
    record(by=user, verb="change_password", target=user)
