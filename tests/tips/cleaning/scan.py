"""Looks for planted strings in bytes: as they are, in UTF-16, base64 and hex, and within whatever unpacks."""

from __future__ import annotations

import base64
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

import pikepdf

_COUNTER = itertools.count(1)
_ZLIB_START = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


def needle() -> str:
    """A string that is nowhere else: 16 characters of ASCII."""
    number = next(_COUNTER)
    return f"zQ{number:04d}" + base64.b32encode(number.to_bytes(6, "big") + b"K").decode()[:10].translate(
        str.maketrans("ABCDEFG=", "jkvwxyqh")
    )


def found(data: bytes, needles: Iterable[str]) -> set[str]:
    """Those of the strings that are in `data` in any form."""
    views = list(_views(data, 0))
    return {one for one in needles if any(form in view for form in _forms(one) for view in views)}


def _forms(text: str) -> list[bytes]:
    raw = text.encode()
    forms = [raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode()]
    for wide in (raw, text.encode("utf-16-le")):
        for shift in range(3):  # where it may lie in base64's groups of three
            coded = base64.b64encode(b"\0" * shift + wide)
            forms.append(coded[4 if shift else 0 : len(coded) - 4])
    return forms


def _views(data: bytes, depth: int) -> Iterator[bytes]:
    yield data
    if depth > 3:
        return
    if data[:5] == b"%PDF-":
        yield from _pdf_streams(data)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for one in packed.infolist():
                yield from _views(packed.read(one), depth + 1)
    for start in _ZLIB_START.finditer(data):
        unpacked = _inflate(data[start.start() :])
        if len(unpacked) > 15:
            yield unpacked


def _inflate(data: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        return engine.decompress(data, 10_000_000)
    except zlib.error:
        return b""


def _pdf_streams(data: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    unpacked = thing.read_bytes()
                except pikepdf.PdfError:
                    unpacked = thing.read_raw_bytes()
                yield from _views(unpacked, 2)
            yield thing.unparse(resolved=True) if not isinstance(thing, pikepdf.Stream) else b""
