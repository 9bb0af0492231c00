"""What is handed in with a record, made for tests: pictures, documents, hostile files, hints."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from random import Random

import factory
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from activities.choices import FileKind, FileSort, HintKind
from activities.files.pictures import draw_anew
from activities.models import Attachment, Hint, HintRecord
from activities.models.attachment import attachment_storage
from tests.factories import ActivityFactory, ModelFactory

CONTENTS = (
    '<?xml version="1.0"?><Types><Override PartName="/x" ContentType="application/vnd.openxml'
    'formats-officedocument.{kind}.main+xml"/></Types>'
)
MAIN = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def scene(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with enough on it to be known again; another seed, another picture."""
    dice = Random(seed)
    image = Image.new("RGB", size, (dice.randrange(256), 120, 90))
    pen = ImageDraw.Draw(image)
    for _ in range(24):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        box = (x, y, x + dice.randrange(40, 260), y + dice.randrange(40, 200))
        colour = tuple(dice.randrange(256) for _ in range(3))
        dice.choice((pen.ellipse, pen.rectangle))(box, fill=colour)
    return image


def picture(seed: int = 1, *, form: str = "JPEG", image: Image.Image | None = None, **options):
    out = io.BytesIO()
    (image or scene(seed)).save(out, form, **options)
    return out.getvalue()


def with_position(seed: int = 1) -> bytes:
    """A photo that says where and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Phone Maker", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (27.0, 43.0, 12.0), 3: "E", 4: (106.0, 55.0, 1.0)})
    return picture(seed, exif=exif, comment=b"http://ns.adobe.com/xap/1.0/")


def huge_png(width: int, height: int) -> bytes:
    """The header of a picture of that size, with next to nothing behind it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def office(kind: str = "docx", **entries: bytes) -> bytes:
    """An Office file as far as its frame goes; `entries` by their paths."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENTS.format(kind=MAIN[kind]))
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def ofd() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
    return out.getvalue()


def old_office(*names: str) -> bytes:
    """A compound file of three sectors with these names in its directory."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = bytearray(512)
    for place, name in enumerate(names):
        text = name.encode("utf-16-le") + b"\0\0"
        entries[place * 128 : place * 128 + len(text)] = text
        struct.pack_into("<H", entries, place * 128 + 64, len(text))
    return bytes(head) + table + bytes(entries)


def upload(data: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


class AttachmentFactory(ModelFactory):
    """A photo of a record, with its file; `seed` says what is on it."""

    class Meta:
        model = Attachment
        exclude = ("seed", "drawn")

    seed = 1
    drawn = factory.LazyAttribute(lambda file: draw_anew(picture(file.seed)))
    activity = factory.SubFactory(ActivityFactory)
    kind = FileKind.PHOTO
    sort = FileSort.PHOTO
    name = "会场.jpg"
    file = factory.LazyAttribute(lambda file: stored(file.drawn.data))
    thumbnail = factory.LazyAttribute(lambda file: stored(file.drawn.thumbnail))
    size = factory.LazyAttribute(lambda file: len(file.drawn.data))
    digest = factory.LazyAttribute(lambda file: hashlib.sha256(file.drawn.data).hexdigest())
    handed_in_digest = factory.Sequence("{:064x}".format)
    fingerprint = factory.LazyAttribute(lambda file: file.drawn.fingerprint)


def stored(data: bytes) -> str:
    return attachment_storage().save("2026/03/test.jpg", ContentFile(data))


class HintFactory(ModelFactory):
    """A late entry; `records` are what it is about, `dismissed_by` settles it."""

    class Meta:
        model = Hint

    kind = HintKind.LATE
    key = factory.Sequence("key{}".format)
    day = factory.LazyFunction(timezone.localdate)
    facts = factory.LazyFunction(lambda: {"days": 45})
    dismissed_by = None
    dismissed_at = factory.LazyAttribute(lambda h: timezone.now() if h.dismissed_by else None)
    dismissed_because = factory.LazyAttribute(lambda h: "已核实" if h.dismissed_by else "")

    @factory.post_generation
    def records(self, create, extracted, **options):
        HintRecord.objects.bulk_create(
            HintRecord(hint=self, activity=activity) for activity in extracted or []
        )
