"""Tells a file's kind by its first bytes alone; nothing is parsed here."""

from __future__ import annotations

from tips.cleaning.kinds import FileError, FileFault, FileKind

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES = {
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    DOCX_TYPE: ".docx",
    "video/mp4": ".mp4",
    "audio/ogg": ".ogg",
}
_MAGIC = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"OggS", FileKind.OGG),
    (b"#!AMR\n", FileKind.AMR),
    (b"#!AMR-WB\n", FileKind.AMR),
    (b"PK\x03\x04", FileKind.DOCX),  # whether it is a Word file is seen when it is opened
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_STILL_BRANDS = frozenset({b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jp2 ", b"jpx ", b"jxl "})
_OLD_MOVIE_BOXES = frozenset({b"moov", b"mdat", b"wide"})  # a MOV of an old phone begins with no `ftyp`
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN = 1024  # bytes before `%PDF-` that readers put up with


def kind_of(data: bytes) -> FileKind:
    """The kind of `data`. Raises FileError: OTHER_KIND, or LOCKED for a Word file with a password."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data[:1] == b"\xff" and data[1:2] and data[1] & 0xF6 == 0xF0:  # an ADTS frame
        return FileKind.AAC
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data[4:8] in _OLD_MOVIE_BOXES:
        return FileKind.MP4
    if b"%PDF-" in data[: _PDF_WITHIN + 5]:
        return FileKind.PDF
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise FileError(FileFault.LOCKED)
    raise FileError(FileFault.OTHER_KIND)


def _by_brand(data: bytes) -> FileKind:
    """HEIC or MP4, by the brands of an ISO media file's first box."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in (8, *range(16, end - 3, 4))}
    if brands & _HEIC_BRANDS:
        return FileKind.HEIC
    if brands & _STILL_BRANDS:
        raise FileError(FileFault.OTHER_KIND)
    return FileKind.MP4


def is_of(data: bytes, media_type: str) -> bool:
    """Whether cleaned content begins as its media type says."""
    starts = {
        "image/jpeg": data[:3] == b"\xff\xd8\xff",
        "application/pdf": data[:5] == b"%PDF-",
        DOCX_TYPE: data[:4] == b"PK\x03\x04",
        "video/mp4": data[4:8] == b"ftyp",
        "audio/ogg": data[:4] == b"OggS",
    }
    return starts.get(media_type, False)
