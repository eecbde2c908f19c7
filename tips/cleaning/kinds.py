"""What files a tip may carry, why one is refused, and what comes out of the cleaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

FILE_LIMIT = 20 * 1024 * 1024  # bytes: what Telegram hands to a bot


class FileKind(StrEnum):
    """A file's kind, told by its content. MP4 stands for MOV, 3GP and M4A too, AMR for AMR-WB too."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    DOCX = "docx"
    MP4 = "mp4"
    OGG = "ogg"
    AMR = "amr"
    AAC = "aac"  # how Zalo passes on a voice note


class FileFault(StrEnum):
    """Why a file was not taken."""

    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"
    BOMB = "bomb"
    LOCKED = "locked"  # a PDF or DOCX with a password
    TOO_SLOW = "too_slow"


class FileError(ValueError):
    """A file that cannot be taken; `reason` says why. Carries no byte of the file."""

    def __init__(self, reason: FileFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A cleaned copy: `kind` is that of the original; `media_type` and `suffix` (".jpg") are those of `content`."""

    kind: FileKind
    media_type: str
    suffix: str
    content: bytes = field(repr=False)
