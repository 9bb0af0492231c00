"""What is taken, what is made harmless, what is refused: by content, never by name."""

import io
import re
import zipfile

import pytest
from PIL import Image

from activities import services
from activities.choices import FileKind, FileSort
from activities.files.errors import FileRefused
from activities.files.names import clean_name
from activities.files.pictures import draw_anew
from activities.files.sorts import sort_of
from activities.hints.likenesses import ALIKE, distance
from tests.evidence import (
    PDF,
    huge_png,
    ofd,
    office,
    old_office,
    picture,
    scene,
    upload,
    with_position,
)
from tests.factories import ActivityFactory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (picture(), FileSort.PHOTO),
        (picture(form="PNG"), FileSort.PHOTO),
        (picture(form="WEBP"), FileSort.PHOTO),
        (PDF, FileSort.PDF),
        (office("docx"), FileSort.DOCX),
        (office("xlsx"), FileSort.XLSX),
        (office("pptx"), FileSort.PPTX),
        (ofd(), FileSort.OFD),
        (old_office("Root Entry", "WordDocument"), FileSort.DOC),
        (old_office("Root Entry", "Workbook"), FileSort.XLS),
        (old_office("Root Entry", "PowerPoint Document"), FileSort.PPT),
    ],
)
def test_what_offices_use_is_told_by_its_content(data, sort):
    assert sort_of(data) == sort


def bomb() -> bytes:
    return office("xlsx", **{"xl/worksheets/sheet1.xml": b"0" * 60_000_000})


def overlapping() -> bytes:
    """A table of contents that names one entry's bytes a hundred times over."""
    data = office("xlsx", **{"a.bin": bytes(range(256)) * 4_000})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("a.bin")
    start = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    end = data.index(b"PK\x05\x06")
    record = data[start:end]
    assert entry.filename.encode() in record
    copies = b"".join(record.replace(b"a.bin", b"%05d" % n) for n in range(100))
    table = data[data.index(b"PK\x01\x02") : end] + copies
    tail = bytearray(data[end:])
    tail[8:12] = (102).to_bytes(2, "little") * 2
    tail[12:16] = len(table).to_bytes(4, "little")
    return data[: data.index(b"PK\x01\x02")] + table + bytes(tail)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空"),
        (b"#!/bin/sh\nrm -rf /\n", "可接收"),
        (b"MZ\x90\0" + b"\0" * 200, "可接收"),
        (SVG, "svg"),
        (b'<?xml version="1.0"?>' + SVG, "可接收"),
        (PAGE, "可接收"),
        (b"GIF89a" + b"\0" * 30, "可接收"),
        (b"%PDF-1.4\n" + PAGE + b"\n%%EOF", "网页"),
        (PDF + office(), "夹带"),
        (PDF + b"<script>alert(1)</script>", "夹带"),
        (PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type"), "脚本"),
        (PDF.replace(b"/Type", b"/OpenAction<</S/J#61vaScript>>/Type"), "脚本"),
        (PDF.replace(b"/Type", b"/OpenAction<</S/Launch>>/Type"), "脚本"),
        (bomb(), "危害"),
        (overlapping(), "危害"),
        (office(**{"../../etc/passwd": b"x"}), "危害"),
        (b"MZ" + office(), "可接收"),
        (office() + b"<html>", "危害"),
        (office(**{"word/vbaProject.bin": b"x"}), "宏"),
        (office(**{"word/activeX/activeX1.xml": b"x"}), "宏"),
        (office(**{"start.exe": b"x"}), "宏"),
        (office()[:-40], "损坏"),
        (old_office("Root Entry", "WordDocument", "Macros"), "宏"),
        (old_office("Root Entry", "EncryptedPackage"), "密码"),
        (old_office("Root Entry", "WordDocument")[:900], "损坏"),
        (old_office("Root Entry", "Something"), "可接收"),
    ],
)
def test_what_is_hostile_is_refused_in_words_that_say_why(data, word):
    with pytest.raises(FileRefused, match=word):
        sort_of(data)


def test_a_plain_archive_is_no_office_file():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(FileRefused, match="可接收"):
        sort_of(out.getvalue())


def test_a_macro_workbook_under_another_name_is_refused():
    data = office("xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = archive.read("[Content_Types].xml")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", contents.replace(b"spread", b"macroEnabled spread"))

    with pytest.raises(FileRefused, match="宏"):
        sort_of(out.getvalue())


# -- photos -----------------------------------------------------------------
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_as_a_jpeg(form):
    drawn = draw_anew(picture(form=form))

    assert drawn.data.startswith(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(drawn.thumbnail)) as small:
        assert max(small.size) == 320


def test_where_and_with_what_a_photo_was_taken_is_gone_and_it_stands_upright():
    original = with_position()
    with Image.open(io.BytesIO(original)) as image:
        assert image.getexif().get_ifd(0x8825)

    drawn = draw_anew(original)

    with Image.open(io.BytesIO(drawn.data)) as image:
        assert image.size == (480, 640)
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()
    for mark in (b"Exif", b"Phone Maker", b"ns.adobe.com"):
        assert mark in original
        assert mark not in drawn.data + drawn.thumbnail


def test_what_hangs_on_to_a_photo_is_not_kept():
    """A page or an archive behind a picture is a picture alone afterwards."""
    drawn = draw_anew(picture() + office() + PAGE)

    assert b"PK\x03\x04" not in drawn.data
    assert b"<script" not in drawn.data


def test_a_photo_is_kept_no_larger_than_a_sheet_needs():
    drawn = draw_anew(picture(image=scene(size=(5_000, 3_000))))

    assert (drawn.width, drawn.height) == (2_560, 1_536)


def test_a_picture_of_30000_by_30000_is_refused_before_it_is_decoded(monkeypatch):
    def decoded(*args):
        pytest.fail("It was decoded.")

    monkeypatch.setattr(Image.Image, "load", decoded)
    with pytest.raises(FileRefused, match="百万像素"):
        draw_anew(huge_png(30_000, 30_000))
    with pytest.raises(FileRefused, match="百万像素"):
        draw_anew(huge_png(25_000, 100))


@pytest.mark.parametrize("data", [picture()[:2_000], huge_png(400, 400), b"\xff\xd8\xff\xe0junk"])
def test_a_damaged_picture_is_refused(data, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # as weasyprint leaves it

    with pytest.raises(FileRefused, match="损坏"):
        draw_anew(data)


def test_what_is_see_through_is_drawn_on_white():
    clear = Image.new("RGBA", (60, 40), (0, 0, 0, 0))

    with Image.open(io.BytesIO(draw_anew(picture(form="PNG", image=clear)).data)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def test_a_fingerprint_survives_scaling_and_quality_and_tells_photos_apart():
    first = draw_anew(picture(1)).fingerprint
    smaller = draw_anew(picture(image=scene(1).resize((320, 240)), quality=40)).fingerprint

    assert distance(first, smaller) <= ALIKE
    others = [draw_anew(picture(seed)).fingerprint for seed in range(2, 12)]
    assert min(distance(first, other) for other in others) > 3 * ALIKE


def test_an_empty_sheet_has_no_fingerprint():
    assert draw_anew(picture(image=Image.new("RGB", (300, 200), "white"))).fingerprint == ""


# -- names ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("会议 记录.docx", "会议 记录.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\张三\\签到.PDF", "签到.pdf"),
        ("a\0b\nc\u202egpj.exe", "abcgpj.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("", "无名.pdf"),
        ("...", "无名.pdf"),
        ("/", "无名.pdf"),
        ("2026.3.10 三会一课", "2026.3.10 三会一课.pdf"),
        ("党" * 300 + ".pdf", "党" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_as_text_without_what_could_do_harm(given, kept):
    assert clean_name(given, extension="pdf", fallback="无名") == kept


@pytest.mark.django_db
def test_what_is_kept_lies_under_a_name_of_our_own(secretary, community):
    kept = services.attach(
        ActivityFactory(unit=community),
        upload(PDF, "..\\..\\" + "很长" * 200 + "\x07.exe"),
        kind=FileKind.MINUTES,
        by=secretary,
    )

    assert re.fullmatch(r"\d{4}/\d{2}/[0-9a-f-]{36}\.pdf", kept.file.name)
    assert len(kept.name) == 120
    assert kept.name.endswith(".pdf")


# -- the county's scanner ---------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "words"),
    [("false", "发现问题"), ("sh -c 'exit 2'", "没有应答"), ("no-such-scanner", "没有应答")],
)
def test_what_the_scanner_does_not_pass_is_not_kept(secretary, community, settings, command, words):
    settings.SCAN_COMMAND = command
    activity = ActivityFactory(unit=community)

    with pytest.raises(FileRefused, match=words):
        services.attach(activity, upload(PDF), kind=FileKind.OTHER, by=secretary)

    assert not activity.attachments.exists()


@pytest.mark.django_db
def test_the_scanner_is_given_the_file_as_it_came(secretary, community, settings, tmp_path):
    seen = tmp_path / "seen"
    settings.SCAN_COMMAND = f"sh -c 'cp \"$0\" {seen}'"

    services.attach(ActivityFactory(unit=community), upload(PDF), kind=FileKind.OTHER, by=secretary)

    assert seen.read_bytes() == PDF


def test_a_scanner_that_hangs_is_not_waited_for(settings):
    from activities.files.scanning import scan

    settings.SCAN_COMMAND, settings.SCAN_SECONDS = "sh -c 'sleep 5'", 0.2

    with pytest.raises(FileRefused, match="没有应答"):
        scan(b"x")
