"""How large what is handed in may be. Pure."""

from __future__ import annotations

MEGABYTE = 1024 * 1024
MAX_PHOTO = 15 * MEGABYTE
"""As it comes: a phone's photo has 3 to 12. What is kept is far smaller."""
MAX_DOCUMENT = 20 * MEGABYTE
MAX_FILES = 30
"""Of one record, and at once."""
MAX_OF_RECORD = 100 * MEGABYTE
MAX_NAME = 120

MAX_PIXELS = 64_000_000
"""Of a photo as it comes; decoded beyond that, it would fill the memory."""
MAX_PIXELS_WHOLE = 40_000_000
"""Of a picture that can't be decoded at a fraction of its size, as a JPEG can."""
MAX_SIDE = 20_000
KEPT_SIDE = 2_560
"""The longer side of a photo as it is kept: enough to read a sign-in sheet."""
THUMBNAIL_SIDE = 320

MAX_ENTRIES = 5_000
MAX_UNZIPPED = 200 * MEGABYTE
MAX_RATIO = 150
"""An Office file shrinks to a tenth or twentieth; a bomb to a thousandth."""
RATIO_FROM = MEGABYTE
"""Entries that unpack to less than this may shrink as they like."""
