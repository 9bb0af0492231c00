"""How large a spreadsheet may be. Pure."""

from __future__ import annotations

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_ROWS = 200_000
MAX_COLUMNS = 52
MAX_ENTRIES = 2_000
MAX_UNZIPPED = 400 * MEGABYTE
MAX_RATIO = 100
"""A sheet of a roster shrinks to a tenth or twentieth; a bomb to a thousandth."""
CHILD_SECONDS = 60
APART = MEGABYTE
"""A workbook of more is read by a process of its own, while this one looks through it."""
