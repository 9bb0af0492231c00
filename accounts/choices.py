"""How a person wants the portal to look."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Theme(TextChoices):
    """Light or dark; automatic follows the computer or the phone."""

    AUTO = "auto", _("As the device is set")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TypeSize(TextChoices):
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
