"""The files of a tip as an officer sees them: cleaned copies, places, cards. What they are is told by their sealed header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.police import Part
from tips.attachments import (
    CONTACT_TYPE,
    PLACE_TYPE,
    Attachment,
    AttachmentError,
    read_contact,
    read_place,
)
from tips.envelope import HEAD_BYTES, EnvelopeError, KeyPair, Kind, Label, open_head
from tips.police.opening import open_part

PICTURES = ("image/jpeg", "image/png", "image/webp")  # what a browser shows as a picture and nothing else
VIDEOS = ("video/mp4", "video/webm")
SOUNDS = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac")


class FileSort(StrEnum):
    """How a file is put on the page."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    DOCUMENT = "document"  # and whatever else can only be fetched
    PLACE = "place"
    CONTACT = "contact"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file. `size`: of the sealed body, in bytes, so a little more than the file's own."""

    part_id: str
    received_hour: datetime
    sort: FileSort
    size: int
    media_type: str = ""
    suffix: str = ""
    place: tuple[float, float] | None = field(default=None, repr=False)  # latitude and longitude, in degrees
    contact: tuple[str, str] | None = field(default=None, repr=False)  # name and number, one may be ""


def files_of(session: Session, tip_id: str, keys: KeyPair) -> tuple[FileLine, ...]:
    """The files in their order. Of each only the first 64 KiB are read, so that a page with films is quick."""
    rows = session.execute(
        select(
            Part.id,
            Part.position,
            Part.kind,
            Part.received_hour,
            Part.sealed_key,
            func.substr(Part.body, 1, HEAD_BYTES),
            func.length(Part.body),
        )
        .where(Part.tip_id == tip_id, Part.kind == Kind.FILE)
        .order_by(Part.position)
    )
    lines = []
    for part_id, position, kind, received_hour, sealed_key, head, size in rows:
        try:
            start = open_head(sealed_key, head, Label(tip_id, part_id, Kind(kind), position), keys)
            lines.append(_line(part_id, received_hour, size, Attachment.from_bytes(start)))
        except (EnvelopeError, AttachmentError):
            lines.append(FileLine(part_id, received_hour, FileSort.BROKEN, size))
    return tuple(lines)


def open_file(part: Part, keys: KeyPair) -> Attachment:
    """A file, whole. Raises EnvelopeError, AttachmentError."""
    return Attachment.from_bytes(open_part(part, keys))


def sort_of(media_type: str) -> FileSort:
    """How a file of this type is shown."""
    known: Sequence[tuple[FileSort, Sequence[str]]] = (
        (FileSort.PICTURE, PICTURES),
        (FileSort.VIDEO, VIDEOS),
        (FileSort.SOUND, SOUNDS),
        (FileSort.PLACE, (PLACE_TYPE,)),
        (FileSort.CONTACT, (CONTACT_TYPE,)),
    )
    return next((sort for sort, types in known if media_type in types), FileSort.DOCUMENT)


def _line(part_id: str, received_hour: datetime, size: int, file: Attachment) -> FileLine:
    sort = sort_of(file.media_type)
    return FileLine(
        part_id,
        received_hour,
        sort,
        size,
        file.media_type,
        file.suffix,
        read_place(file) if sort is FileSort.PLACE else None,
        read_contact(file) if sort is FileSort.CONTACT else None,
    )
