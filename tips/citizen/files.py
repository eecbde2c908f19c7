"""Takes what a person attaches: files of all kinds, cleaned; places; somebody's card."""

from __future__ import annotations

from tips import attachments
from tips.attachments import Attachment, AttachmentError
from tips.cleaning import FILE_LIMIT, FileError, FileFault, clean_file

MAX_FILES = 5
MAX_CARDS = 5  # places and contacts: five pictures must not keep out where somebody is held
MAX_TOGETHER = 60 * 1024 * 1024  # bytes of all files of a tip, the larger of cleaned copy and original
LIMIT_MB = FILE_LIMIT // (1024 * 1024)

_FAMILIES = {
    "image": "photo",
    "video": "video",
    "audio": "voice",
    attachments.PLACE_TYPE: "place",
    attachments.CONTACT_TYPE: "contact",
}


def cleaned(data: bytes) -> Attachment:
    """The cleaned copy of untrusted bytes, in a tenth of a second to a minute. Raises FileError."""
    copy = clean_file(data)
    return Attachment(copy.media_type, copy.suffix, copy.content)


def place(latitude: float, longitude: float) -> Attachment:
    """Raises FileError."""
    try:
        return attachments.place(latitude, longitude)
    except AttachmentError:
        raise FileError(FileFault.BROKEN) from None


def contact(name: str, phone: str) -> Attachment:
    """Raises FileError."""
    try:
        return attachments.contact(name, phone)
    except AttachmentError:
        raise FileError(FileFault.BROKEN) from None


def family(attachment: Attachment) -> str:
    """What people call it, as in the phrases: photo, video, voice, paper, place, contact."""
    kind = attachment.media_type
    return _FAMILIES.get(kind) or _FAMILIES.get(kind.partition("/")[0], "paper")
