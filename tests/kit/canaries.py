"""Planted strings, each once in the world, and a search for them in every form in which bytes may hold them."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import random
import string
import zlib
from collections.abc import Iterator, Mapping

from PIL import Image

_GZIP = b"\x1f\x8b\x08"


class Canaries:
    """Makes them, from one seed, and keeps them all in `planted`: what it is → the text."""

    def __init__(self, seed: int = 11) -> None:
        self._chance = random.Random(seed)
        self.planted: dict[str, str] = {}

    def word(self, what: str) -> str:
        """Twelve letters that nobody writes."""
        return self._plant(what, "".join(self._chance.choices(string.ascii_letters, k=12)))

    def phone(self, what: str) -> str:
        return self._plant(what, f"09{self._chance.randrange(10**8):08d}")

    def number(self, what: str) -> int:
        """Ten digits, as platforms number people."""
        return int(self._plant(what, str(self._chance.randrange(10**9, 10**10))))

    def degrees(self, what: str) -> float:
        """A position to seven decimals; the decimals are what is looked for."""
        decimals = self._plant(what, f"{self._chance.randrange(10**6, 10**7)}")
        return float(f"21.{decimals}")

    def picture(self, what: str) -> bytes:
        """A JPEG with a comment, an author, a device and a place in it."""
        image = Image.effect_noise((160, 120), 60).convert("RGB")
        exif = Image.Exif()
        exif[0x013B], exif[0x010F] = self.word(f"{what}: author"), self.word(f"{what}: device")
        place = exif.get_ifd(0x8825)
        place[27] = b"ASCII\0\0\0" + self.word(f"{what}: GPS method").encode()
        place[29] = self.word(f"{what}: GPS day")
        out = io.BytesIO()
        image.save(out, "JPEG", exif=exif, comment=self.word(f"{what}: comment").encode())
        assert all(text.encode() in out.getvalue() for name, text in self.planted.items() if name.startswith(what))
        return out.getvalue()

    def _plant(self, what: str, text: str) -> str:
        assert what not in self.planted, what
        self.planted[what] = text
        return text


def found(planted: Mapping[str, str], places: Mapping[str, bytes]) -> list[str]:
    """Which canaries are where. Looked for as they are, in UTF-16, hexadecimal, JSON, base64, and in gzip members."""
    hits = []
    for place, content in places.items():
        for opened in (content, *_unpacked(content)):
            low = opened.lower()
            hits += [
                f"{what} in {place}"
                for what, text in planted.items()
                if any(form in opened for form in _forms(text)) or text.encode().hex().encode() in low
            ]
    return hits


def _forms(text: str) -> Iterator[bytes]:
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield json.dumps(text).strip('"').encode()
    for shift in range(3):  # wherever in the coded text it begins; the letters at its edges depend on its neighbours
        coded = base64.b64encode(b"\0" * shift + raw)
        inner = coded[(0, 2, 3)[shift] + (2 if shift else 0) : -4]
        if len(inner) >= 8:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What lies in compressed members, wherever they begin."""
    start = content.find(_GZIP)
    while start >= 0:
        try:
            yield gzip.decompress(content[start:])
        except (OSError, EOFError, zlib.error):
            opened = zlib.decompressobj(31)
            with contextlib.suppress(zlib.error):
                yield opened.decompress(content[start:])
        start = content.find(_GZIP, start + 1)
