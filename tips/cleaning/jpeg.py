"""Takes out of a JPEG every segment that does not draw, without decoding it: pictures inside a PDF keep their colours so."""

from __future__ import annotations

import re

from tips.cleaning.kinds import FileError, FileFault

_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # the marker that ends a scan's data
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_EOI, _SOS, _APP0, _APP14, _COM = 0xD9, 0xDA, 0xE0, 0xEE, 0xFE
_APP = range(0xE0, 0xF0)


def bare_jpeg(data: bytes) -> bytes:
    """The same picture without Exif, XMP, IPTC, profile, comment, thumbnail, and without what follows its end.

    Raises FileError (BROKEN).
    """
    if data[:2] != b"\xff\xd8":
        raise FileError(FileFault.BROKEN)
    kept = [data[:2]]
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":  # padding
            at += 1
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            if data[at : at + 2] == b"\xff\xd9":
                break
            raise FileError(FileFault.BROKEN)
        marker = data[at + 1]
        if marker == _EOI:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        kept.append(_segment(marker, data[at:end]))
        if marker == _SOS:
            after = _AFTER_SCAN.search(data, end)
            if after is None:
                raise FileError(FileFault.BROKEN)
            kept.append(data[end : after.start()])
            end = after.start()
        at = end
    return b"".join(kept) + b"\xff\xd9"


def _segment(marker: int, segment: bytes) -> bytes:
    """What stays of one segment. Two application segments tell how colours are coded; they are cut to that."""
    if marker == _APP0 and segment[4:9] == b"JFIF\x00":
        return _JFIF
    if marker == _APP14 and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b"" if marker in _APP or marker == _COM else segment
