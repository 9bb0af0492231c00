"""Photos: looked at before they are decoded, then drawn anew without anything but the picture."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from activities.files import limits
from activities.files.errors import FileRefused
from activities.files.sorts import picture_format

QUALITY = 85
SIDE = 8
BITS = 2 * SIDE * SIDE
LEAST_CHANGES = 12
"""Of the 128 steps of a picture as many must go up, and as many down: else it is an empty sheet."""
DAMAGE = (OSError, ValueError, SyntaxError, struct.error, IndexError, TypeError, EOFError)
"""What decoders raise of wrong bytes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    fingerprint: str
    """32 hexadecimal digits; empty when there is too little on it to know it again."""


def draw_anew(data: bytes) -> Picture:
    """The photo upright, of at most the kept size, with no metadata. Raises FileRefused."""
    image = _opened(data)
    # weasyprint, once loaded, has Pillow take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image.draft("RGB", (limits.KEPT_SIDE, limits.KEPT_SIDE))
        image.load()
        upright = _flat(ImageOps.exif_transpose(image))
        upright.thumbnail((limits.KEPT_SIDE, limits.KEPT_SIDE), Image.Resampling.LANCZOS)
    except (*DAMAGE, Image.DecompressionBombError) as error:
        raise FileRefused(_("The photo is damaged. Please take or choose it again.")) from error
    small = upright.copy()
    small.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        data=_written(upright),
        thumbnail=_written(small),
        width=upright.width,
        height=upright.height,
        fingerprint=fingerprint_of(upright),
    )


def fingerprint_of(image: Image.Image) -> str:
    """A difference hash, across and down: 128 bits that survive scaling and another quality."""
    grey = image.convert("L")
    across = list(grey.resize((SIDE + 1, SIDE), Image.Resampling.BOX).tobytes())
    down = list(grey.resize((SIDE, SIDE + 1), Image.Resampling.BOX).tobytes())
    bits, rises, falls = 0, 0, 0
    steps = [
        (across[row * (SIDE + 1) + column], across[row * (SIDE + 1) + column + 1])
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    steps += [
        (down[row * SIDE + column], down[(row + 1) * SIDE + column])
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    for first, second in steps:
        bits = bits << 1 | (second > first)
        rises += second > first
        falls += second < first
    return f"{bits:032x}" if min(rises, falls) >= LEAST_CHANGES else ""


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read and nothing decoded, unless it is too large."""
    kind = picture_format(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=[kind] if kind else [])
    except Image.DecompressionBombError as error:
        raise FileRefused(_too_large()) from error
    except DAMAGE as error:
        raise FileRefused(_("The photo is damaged. Please take or choose it again.")) from error
    most = limits.MAX_PIXELS if kind == "JPEG" else limits.MAX_PIXELS_WHOLE
    if image.width * image.height > most or max(image.size) > limits.MAX_SIDE:
        raise FileRefused(_too_large())
    return image


def _too_large() -> str:
    return _(
        "The picture has more than %(millions)d million pixels. Please take or save it smaller."
    ) % {"millions": limits.MAX_PIXELS_WHOLE // 1_000_000}


def _flat(image: Image.Image) -> Image.Image:
    """In three colours, what was see-through on white; nothing of the old file comes along."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        flat = Image.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
        return flat
    plain = image.convert("RGB")
    flat = Image.new("RGB", plain.size)
    flat.paste(plain)
    return flat


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
