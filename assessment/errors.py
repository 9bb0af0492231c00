"""What this app refuses, in the user's words."""

from __future__ import annotations


class AssessmentError(Exception):
    """A change that can't be; its text is translated and shown."""
