"""A HEIC as a phone makes it. No library here writes one: HEVC is encoded, the boxes around it are put by hand."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import av
from PIL import Image

from tests.tips.cleaning.pictures import draw, exif, planted, xmp


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, version: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *parts)


def _hevc(picture: Image.Image) -> tuple[bytes, bytes]:
    """The decoder's settings (hvcC) and one coded picture."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx265", rate=25, options={"x265-params": "log-level=none:bframes=0"})
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
        film.mux(stream.encode(av.VideoFrame.from_image(picture).reformat(format="yuv420p")))
        film.mux(stream.encode(None))
    with av.open(io.BytesIO(out.getvalue())) as film:
        settings = film.streams.video[0].codec_context.extradata
        assert settings is not None
        return settings, bytes(next(iter(film.demux(video=0))))


def heic(picture: Image.Image, *, exif_data: bytes = b"", xmp_data: bytes = b"", quarter_turns: int = 0) -> bytes:
    """A HEIC of `picture`, with Exif and XMP as items of their own."""
    settings, coded = _hevc(picture)
    items = [(1, b"hvc1", b"", coded)]
    if exif_data:
        items.append((len(items) + 1, b"Exif", b"", struct.pack(">I", 6) + exif_data))
    if xmp_data:
        items.append((len(items) + 1, b"mime", b"application/rdf+xml\0", xmp_data))
    head = box(b"ftyp", b"heic", struct.pack(">I", 0), b"mif1", b"heic")
    meta = _meta(settings, picture.size, items, 0, quarter_turns)
    meta = _meta(settings, picture.size, items, len(head) + len(meta) + 8, quarter_turns)
    return head + meta + box(b"mdat", *(data for *_, data in items))


def _meta(
    settings: bytes, size: tuple[int, int], items: list[tuple[int, bytes, bytes, bytes]], start: int, turns: int
) -> bytes:
    infos, places = [], []
    for number, kind, more, data in items:
        infos.append(full(b"infe", 2, struct.pack(">HH", number, 0), kind, b"\0", more))
        places.append(struct.pack(">HHHII", number, 0, 1, start, len(data)))
        start += len(data)
    properties = [box(b"hvcC", settings), full(b"ispe", 0, struct.pack(">II", *size))]
    if turns:
        properties.append(box(b"irot", bytes([turns])))
    marks = bytes(number | 0x80 for number in range(1, len(properties) + 1))
    return full(
        b"meta",
        0,
        full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
        full(b"pitm", 0, struct.pack(">H", 1)),
        full(b"iloc", 0, b"\x44\x00", struct.pack(">H", len(items)), *places),
        full(b"iinf", 0, struct.pack(">H", len(items)), *infos),
        full(b"iref", 0, *(box(b"cdsc", struct.pack(">HHH", number, 1, 1)) for number, *_ in items[1:])),
        box(
            b"iprp",
            box(b"ipco", *properties),
            full(b"ipma", 0, struct.pack(">IHB", 1, 1, len(marks)), marks),
        ),
    )


MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "exif.heic": lambda w: heic(draw(), exif_data=exif(w)),
    "xmp.heic": lambda w: heic(draw(), xmp_data=xmp(w)),
    "turned.heic": lambda w: heic(draw(), exif_data=exif(w, orientation=6), quarter_turns=3),
    "tail.heic": lambda w: heic(draw()) + box(b"uuid", bytes(16), planted(w).encode()),
}
