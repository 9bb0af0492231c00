"""Handing files in with a record, and taking them away again.

A file is on disk before its row is written, and leaves the disk after its row is: whatever breaks
in between, no row ever points to nothing, and what is left over is found by `tidy`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import FileKind, FileSort
from activities.entries import ActivityError
from activities.files import limits
from activities.files.errors import FileRefused
from activities.files.names import clean_name
from activities.files.pictures import draw_anew
from activities.files.scanning import scan
from activities.files.sorts import sort_of
from activities.hints.asking import look_later
from activities.models import Activity, Attachment
from activities.models.attachment import attachment_storage
from activities.services.records import EDITABLE

LEFT_ALONE = timedelta(hours=24)
"""How old a file without a row must be before it is taken for a left-over."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as it will be kept: looked through, made harmless."""

    sort: FileSort
    name: str
    data: bytes
    thumbnail: bytes
    fingerprint: str
    handed_in_digest: str


def attach(activity: Activity, upload: UploadedFile, *, kind: FileKind, by: User) -> Attachment:
    """Hand in a file with a record that is still open; the same file again changes nothing.

    The record's version stays: whoever has its form open loses nothing. Raises FileRefused for a
    file that is not taken, ActivityError when the record is confirmed or cancelled.
    """
    kept = _look_through(upload)
    written: list[str] = []
    try:
        with transaction.atomic():
            stored = _open_record(activity)
            if earlier := _earlier(stored, kept):
                return earlier
            _check_room(stored, kept)
            return _write(stored, kept, kind=kind, by=by, written=written)
    except BaseException:
        for name in written:
            attachment_storage().delete(name)
        raise


def detach(attachment: Attachment, *, because: str, by: User) -> Attachment:
    """Take a file away; its row stays and says who did it, when and why.

    Raises ActivityError when it is gone already or its record is closed, and without a reason.
    """
    because = because.strip()
    if not because:
        raise ActivityError(_("Say why the file is removed."), field="because")
    with transaction.atomic():
        activity = _open_record(attachment.activity)
        files = [name for name in (attachment.file.name, attachment.thumbnail.name) if name]
        change = {"removed_at": timezone.now(), "removed_by": by, "removed_because": because}
        empty = {"file": "", "thumbnail": "", "fingerprint": ""}
        row = Attachment.objects.kept().filter(pk=attachment.pk)
        if not row.update(**change, **empty):
            raise ActivityError(_("This file has been removed already."))
        _tell(activity, attachment, "detach_file", by=by, reason=because)
        look_later(activity)
        for name in files:
            transaction.on_commit(lambda name=name: attachment_storage().delete(name))  # type: ignore[misc]
    attachment.refresh_from_db()
    return attachment


def tidy() -> list[str]:
    """Delete files that no row names and that are a day old; their names."""
    storage, too_young = attachment_storage(), timezone.now() - LEFT_ALONE
    gone = []
    for folder, names in _folders():
        paths = [f"{folder}/{name}" for name in names]
        known = set(Attachment.objects.filter(file__in=paths).values_list("file", flat=True))
        small = Attachment.objects.filter(thumbnail__in=paths)
        known.update(small.values_list("thumbnail", flat=True))
        for path in paths:
            if path not in known and storage.get_modified_time(path) < too_young:
                storage.delete(path)
                gone.append(path)
    return gone


def _look_through(upload: UploadedFile) -> _Kept:
    """The file as it may be kept. Raises FileRefused."""
    if (upload.size or 0) > limits.MAX_DOCUMENT:
        raise FileRefused(_too_large(limits.MAX_DOCUMENT))
    data = upload.read()
    sort = sort_of(data)
    if sort == FileSort.PHOTO and len(data) > limits.MAX_PHOTO:
        raise FileRefused(_too_large(limits.MAX_PHOTO))
    scan(data)
    kept = _Kept(
        sort=sort,
        name=clean_name(upload.name or "", extension=sort.value, fallback=_("unnamed")),
        data=data,
        thumbnail=b"",
        fingerprint="",
        handed_in_digest=hashlib.sha256(data).hexdigest(),
    )
    if sort != FileSort.PHOTO:
        return kept
    picture = draw_anew(data)
    return replace(
        kept, data=picture.data, thumbnail=picture.thumbnail, fingerprint=picture.fingerprint
    )


def _too_large(most: int) -> str:
    return _("The file is larger than %(limit)d MB. Please hand in a smaller one.") % {
        "limit": most // limits.MEGABYTE
    }


def _open_record(activity: Activity) -> Activity:
    """The record, held for this transaction. Raises ActivityError when it is closed."""
    rows = Activity.objects.select_for_update(of=("self",)).select_related("unit")
    stored = rows.get(pk=activity.pk)
    if stored.state not in EDITABLE:
        raise ActivityError(
            _(
                "Files can't be added or removed: the record is “%(state)s”. Once it is returned,"
                " they can."
            )
            % {"state": stored.get_state_display()}
        )
    return stored


def _earlier(activity: Activity, kept: _Kept) -> Attachment | None:
    """The attachment that this very file has become already."""
    here = Attachment.objects.kept().filter(activity=activity)
    return here.filter(handed_in_digest=kept.handed_in_digest).first()


def _check_room(activity: Activity, kept: _Kept) -> None:
    here = Attachment.objects.kept().filter(activity=activity)
    if here.count() >= limits.MAX_FILES:
        raise FileRefused(
            _("A record takes %(limit)d files. Remove one first.") % {"limit": limits.MAX_FILES}
        )
    taken = here.aggregate(taken=Sum("size"))["taken"] or 0
    if taken + len(kept.data) > limits.MAX_OF_RECORD:
        raise FileRefused(
            _("The files of one record may have %(limit)d MB together.")
            % {"limit": limits.MAX_OF_RECORD // limits.MEGABYTE}
        )


def _write(
    activity: Activity, kept: _Kept, *, kind: FileKind, by: User, written: list[str]
) -> Attachment:
    """The file, then its row; `written` tells the caller which files are there by now."""
    key, storage = uuid4(), attachment_storage()
    place = f"{timezone.localdate():%Y/%m}/{key}"
    written.append(storage.save(f"{place}.{kept.sort.value}", ContentFile(kept.data)))
    if kept.thumbnail:
        small = f"{place}-small.{kept.sort.value}"
        written.append(storage.save(small, ContentFile(kept.thumbnail)))
    attachment = Attachment(
        id=key,
        activity=activity,
        kind=kind if kept.thumbnail or kind != FileKind.PHOTO else FileKind.OTHER,
        sort=kept.sort,
        name=kept.name,
        file=written[0],
        thumbnail=written[1] if kept.thumbnail else "",
        size=len(kept.data),
        digest=hashlib.sha256(kept.data).hexdigest(),
        handed_in_digest=kept.handed_in_digest,
        fingerprint=kept.fingerprint if kind == FileKind.PHOTO else "",
        added_by=by,
    )
    attachment.save(force_insert=True)
    _tell(activity, attachment, "attach_file", by=by)
    look_later(activity)
    return attachment


def _tell(
    activity: Activity, attachment: Attachment, verb: str, *, by: User, **details: str
) -> None:
    """In the record's own trail: what the file is called, and what it was by its digest."""
    record(
        by=by,
        verb=verb,
        target=activity,
        unit_path=activity.unit.path,
        file=str(attachment.pk),
        name=attachment.name,
        kind=str(attachment.kind),
        digest=attachment.digest,
        **details,
    )


def _folders() -> list[tuple[str, list[str]]]:
    """The months of the store, each with the names in it."""
    storage = attachment_storage()
    found = []
    try:
        years, _loose = storage.listdir("")
    except FileNotFoundError:
        return []
    for year in sorted(years):
        for month in sorted(storage.listdir(year)[0]):
            folder = f"{year}/{month}"
            found.append((folder, storage.listdir(folder)[1]))
    return found
