"""Pictures with a planted string in every place a picture has for words."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms, PngImagePlugin

from tests.tips.cleaning.scan import needle

Made = tuple[bytes, list[str]]  # a file, and what is planted in it
SIZE = (96, 64)


def draw(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, so that a turned picture is seen to be turned."""
    picture = Image.new("RGB", size, (220, 30, 30))
    picture.paste((30, 30, 220), (size[0] // 2, 0, size[0], size[1]))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(words: list[str], orientation: int = 1) -> bytes:
    """Exif with every kind of tag: author, device, place, comment, maker's note, and a thumbnail with a comment of its own."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        tags[tag] = planted(words)
    tags[0x9C9D] = planted(words).encode("utf-16-le")  # Windows' author
    sub = tags.get_ifd(0x8769)
    sub[0x9003] = planted(words)
    sub[0x927C] = planted(words).encode()
    sub[0x9286] = b"ASCII\0\0\0" + planted(words).encode()
    sub[0xA430] = planted(words)
    place = tags.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (21.0, 1.0, 40.0), "E", (105.0, 50.0, 2.0)
    place[0x1B] = b"ASCII\0\0\0" + planted(words).encode()
    place[0x1C] = planted(words).encode()
    return tags.tobytes() + b"\0\0" + saved(draw((16, 16)), "JPEG", comment=planted(words))


def planted(words: list[str]) -> str:
    """One more string, which is noted in `words`."""
    words.append(needle())
    return words[-1]


def xmp(words: list[str]) -> bytes:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="{planted(words)}"/></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def profile(words: list[str]) -> bytes:
    """A colour profile; the words lie in it as a text that Pillow hands on unread."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + planted(words).encode()


def with_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + jpeg[2:]


def iptc(words: list[str]) -> bytes:
    text = planted(words).encode()
    record = b"\x1c\x02\x50" + struct.pack(">H", len(text)) + text
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)


def tail(words: list[str]) -> bytes:
    return b"SEFH" + planted(words).encode() + b"SEFT"


def chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def with_chunk(png: bytes, kind: bytes, payload: bytes) -> bytes:
    return png[:33] + chunk(kind, payload) + png[33:]  # behind the header


def _png_texts(words: list[str]) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", planted(words))
    info.add_text("Comment", planted(words), zip=True)
    info.add_itxt("Title", planted(words), lang="vi", tkey=planted(words))
    info.add_itxt("XML:com.adobe.xmp", planted(words), zip=True)
    return saved(draw(), "PNG", pnginfo=info)


def _webp_riff(data: bytes, words: list[str]) -> bytes:
    text = planted(words).encode()
    body = data[8:] + b"priv" + struct.pack("<I", len(text)) + text
    return b"RIFF" + struct.pack("<I", len(body)) + body


MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "exif.jpg": lambda w: saved(draw(), "JPEG", exif=exif(w)),
    "turned.jpg": lambda w: saved(draw(), "JPEG", exif=exif(w, orientation=6)),
    "xmp.jpg": lambda w: saved(draw(), "JPEG", xmp=xmp(w)),
    "iptc.jpg": lambda w: with_segment(saved(draw(), "JPEG"), 0xED, iptc(w)),
    "comment.jpg": lambda w: saved(draw(), "JPEG", comment=planted(w)),
    "profile.jpg": lambda w: saved(draw(), "JPEG", icc_profile=profile(w)),
    "tail.jpg": lambda w: saved(draw(), "JPEG") + tail(w),
    "private.jpg": lambda w: with_segment(saved(draw(), "JPEG"), 0xE7, b"GoPro\0" + planted(w).encode()),
    "jfxx.jpg": lambda w: with_segment(
        saved(draw(), "JPEG"), 0xE0, b"JFXX\0\x10" + saved(draw((9, 9)), "JPEG", comment=planted(w))
    ),
    "progressive.jpg": lambda w: saved(draw(), "JPEG", progressive=True, exif=exif(w), comment=planted(w)),
    "grey.jpg": lambda w: saved(draw(mode="L"), "JPEG", exif=exif(w)),
    "cmyk.jpg": lambda w: saved(draw(mode="CMYK"), "JPEG", exif=exif(w)),
    "texts.png": _png_texts,
    "exif.png": lambda w: saved(draw(), "PNG", exif=exif(w)),
    "profile.png": lambda w: saved(draw(), "PNG", icc_profile=profile(w)),
    "private.png": lambda w: with_chunk(saved(draw(), "PNG"), b"prVt", planted(w).encode()),
    "tail.png": lambda w: saved(draw(), "PNG") + tail(w),
    "palette.png": lambda w: with_chunk(saved(draw(mode="P"), "PNG"), b"tEXt", b"Author\0" + planted(w).encode()),
    "see-through.png": lambda w: saved(draw(mode="RGBA"), "PNG", exif=exif(w)),
    "exif.webp": lambda w: saved(draw(), "WEBP", exif=exif(w)),
    "xmp.webp": lambda w: saved(draw(), "WEBP", xmp=xmp(w), icc_profile=profile(w)),
    "private.webp": lambda w: _webp_riff(saved(draw(), "WEBP"), w),
}
