"""What this app refuses to do, in words for people."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class OrganizationError(Exception):
    """A change that can't be made; the text is translated and says why."""

    @classmethod
    def of(cls, error: ValidationError) -> OrganizationError:
        """The words of a model's own checks."""
        return cls(" ".join(error.messages))
