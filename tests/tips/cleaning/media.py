"""Films and voice notes with a planted string in every place where a phone or a program leaves one."""

from __future__ import annotations

import base64
import io
import math
import struct
from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
from av.bitstream import BitStreamFilterContext

from tests.tips.cleaning.heic import box
from tests.tips.cleaning.pictures import draw, exif, planted, saved, tail, xmp

SECONDS = 2
PITCH = 440  # hertz
_NAMES = (
    "title",
    "artist",
    "album",
    "comment",
    "copyright",
    "location",
    "com.apple.quicktime.location.ISO6709",
    "make",
)


def tone(rate: int, seconds: float = SECONDS) -> Iterator[av.AudioFrame]:
    """A sine tone, in frames of 20 ms."""
    size = rate // 50
    for start in range(0, int(seconds * rate), size):
        wave = array("f", (0.3 * math.sin(2 * math.pi * PITCH * at / rate) for at in range(start, start + size)))
        frame = av.AudioFrame(format="flt", layout="mono", samples=size)
        frame.planes[0].update(wave.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield frame


def voice(
    container: str = "ogg",
    codec: str = "libopus",
    words: list[str] | None = None,
    *,
    seconds: float = SECONDS,
    tags: dict[str, str] | None = None,
) -> bytes:
    """A tone as a voice note; with `words`, tags are planted in container and stream."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=_keep_tags(container)) as target:
        layout = (
            "stereo" if codec == "vorbis" else "mono"
        )  # FFmpeg's own encoder knows nothing else, and is called an experiment
        stream = target.add_stream(codec, rate=48_000, layout=layout, options={"strict": "experimental"})
        if words is not None:
            for name in _NAMES:
                holder = stream if container == "ogg" else target
                holder.metadata[name] = planted(words)
        stream.metadata.update(tags or {})
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=48_000)
        for frame in tone(48_000, seconds):
            for one in resampler.resample(frame):
                target.mux(stream.encode(one))
        target.mux(stream.encode(None))
    return out.getvalue()


def _keep_tags(container: str) -> dict[str, str]:
    return {"movflags": "use_metadata_tags"} if container in ("mp4", "mov") else {}


def film(
    container: str = "mp4",
    codec: str = "libx264",
    words: list[str] | None = None,
    *,
    sound: str = "aac",
    options: dict[str, str] | None = None,
    seconds: int = SECONDS,
) -> bytes:
    """A film of a red and blue picture with a tone; with `words`, tags are planted."""
    out = io.BytesIO()
    with av.open(
        out, "w", format=container, options=options if options is not None else _keep_tags(container)
    ) as target:
        more = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        pictures = target.add_stream(codec, rate=12, options=more)
        pictures.width, pictures.height, pictures.pix_fmt = 96, 64, "yuv420p"
        heard = target.add_stream(sound, rate=44_100, layout="mono")
        if words is not None:
            for name in _NAMES:
                target.metadata[name] = planted(words)
            target.metadata["creation_time"] = "2026-11-24T07:20:33Z"
            pictures.metadata["handler_name"] = planted(words)
            heard.metadata["handler_name"] = planted(words)
        frame = av.VideoFrame.from_image(draw()).reformat(format="yuv420p")
        for number in range(12 * seconds):
            frame.pts = number
            target.mux(pictures.encode(frame))
        target.mux(pictures.encode(None))
        resampler = av.AudioResampler(format=heard.codec_context.format, layout="mono", rate=44_100)
        for one in tone(44_100, seconds):
            for ready in resampler.resample(one):
                target.mux(heard.encode(ready))
        target.mux(heard.encode(None))
    return out.getvalue()


def remuxed(data: bytes, *, chapter: str = "", notes: str = "") -> bytes:
    """The film with a chapter's title, or with words between the pictures, as encoders, cameras and drones write them."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(out, "w", format="mp4") as target:
        streams = {one.index: target.add_stream_from_template(one) for one in source.streams}
        if chapter:
            target.set_chapters(
                [{"id": 1, "start": 0, "end": 1, "time_base": Fraction(1), "metadata": {"title": chapter}}]
            )
        told = f"h264_metadata=sei_user_data={'0' * 32}+{notes}"
        film_in = source.streams.video[0]
        between = BitStreamFilterContext(told, film_in, streams[film_in.index]) if notes else None
        for packet in source.demux():
            if packet.dts is not None:
                stream = streams[packet.stream.index]
                for one in between.filter(packet) if between and packet.stream is film_in else [packet]:
                    one.stream = stream
                    target.mux(one)
    return out.getvalue()


def with_cover(words: list[str]) -> bytes:
    """A film with an iTunes cover, a JPEG with tags of its own, in the list of tags that phones write."""
    cover = saved(draw(), "JPEG", exif=exif(words), comment=planted(words))
    place = f"+21.0285+105.8542/{planted(words)}".encode()
    listed = box(
        b"ilst",
        box(b"covr", box(b"data", struct.pack(">II", 13, 0), cover)),
        box(b"\xa9nam", box(b"data", struct.pack(">II", 1, 0), planted(words).encode())),
        box(b"----", box(b"mean", bytes(4), planted(words).encode())),
    )
    handler = box(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    more = box(
        b"udta",
        box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place),
        box(b"meta", bytes(4), handler, listed),
    )
    return in_moov(film(options={}), more)


def in_moov(data: bytes, more: bytes) -> bytes:
    """Puts boxes at the end of `moov`, which must be the last box of the film."""
    at = data.rindex(b"moov") - 4
    size = struct.unpack(">I", data[at : at + 4])[0]
    assert at + size == len(data)
    return data[:at] + struct.pack(">I", size + len(more)) + data[at + 4 :] + more


def turned(data: bytes) -> bytes:
    """The film, shot with the phone held upright: a quarter turn in its first track's header."""
    straight = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    at = data.index(straight, data.index(b"tkhd"))
    return data[:at] + struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 96 << 16, 0, 1 << 30) + data[at + 36 :]


def amr(seconds: float = SECONDS) -> bytes:
    """AMR at 12.2 kbit/s. No library here writes it; frames of arbitrary bits are noise, which is a sound too."""
    frames = (
        bytes([0x3C]) + bytes((number * 37 + at * at * 11) % 256 for at in range(31))
        for number in range(int(seconds * 50))
    )
    return b"#!AMR\n" + b"".join(frames)


def _ogg_cover(words: list[str]) -> bytes:
    cover = saved(draw((9, 9)), "JPEG", comment=planted(words))
    head = struct.pack(">II", 3, 10) + b"image/jpeg" + bytes(4) + struct.pack(">IIIII", 9, 9, 24, 0, len(cover))
    return voice(tags={"METADATA_BLOCK_PICTURE": base64.b64encode(head + cover).decode()})


MAKERS: dict[str, Callable[[list[str]], bytes]] = {
    "tags.mp4": lambda w: film(words=w),
    "tags.mov": lambda w: film("mov", words=w),
    "hevc.mp4": lambda w: film(codec="libx265", words=w),
    "mpeg4.3gp": lambda w: in_moov(film("3gp", "mpeg4"), box(b"udta", box(b"auth", bytes(6), planted(w).encode()))),
    "raw-sound.mov": lambda w: film("mov", words=w, sound="pcm_s16le"),
    "notes.mp4": lambda w: remuxed(film(), notes=planted(w)),
    "chapters.mp4": lambda w: remuxed(film(), chapter=planted(w)),
    "cover.mp4": with_cover,
    "boxes.mp4": lambda w: film() + box(b"uuid", bytes(16), xmp(w)) + box(b"free", planted(w).encode()) + tail(w),
    "voice.m4a": lambda w: voice("mp4", "aac", w),
    "opus.ogg": lambda w: voice(words=w),
    "vorbis.ogg": lambda w: voice(codec="vorbis", words=w),
    "cover.ogg": _ogg_cover,
    "tail.ogg": lambda w: voice() + tail(w),
    "tail.amr": lambda w: amr() + tail(w),
    "tail.aac": lambda w: voice("adts", "aac") + tail(w),
}
