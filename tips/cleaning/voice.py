"""A voice note is decoded, raised or lowered by a factor nobody knows, and encoded anew as Opus.

Needs PyAV: its OGG, AMR, AAC and MP4 readers, its decoders (Opus, Vorbis, AMR, AAC and what else sits in these), libopus.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from fractions import Fraction

import av
import av.subtitles.stream  # what PyAV loads when it first meets a file
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.filter import Graph
from av.stream import Disposition
from av.video.stream import VideoStream

from tips.cleaning.kinds import FileError, FileFault, FileKind
from tips.cleaning.sniff import kind_of

RATE = 24_000  # samples a second; what is above 12 kHz tells more of the speaker than of the words
_BIT_RATE = 32_000
_DAMAGE = (av.error.InvalidDataError, av.error.PatchWelcomeError)
_LEAST, _MOST = 0.12, 0.25  # how far a voice is shifted, either way
_READERS = {FileKind.OGG: "ogg", FileKind.AMR: "amr", FileKind.AAC: "aac", FileKind.MP4: "mov"}
OPEN_OPTIONS = {"enable_drefs": "0", "use_absolute_path": "0"}  # a MOV may name other files


def clean(data: bytes, *, disguise_voice: bool) -> tuple[str, bytes]:
    """The note in Opus. Raises FileError: OTHER_KIND for an OGG with a picture, BROKEN if nothing can be heard."""
    with open_media(data) as source:
        if films(source):
            raise FileError(FileFault.OTHER_KIND)
        return "audio/ogg", speak(source, disguise_voice=disguise_voice)


def open_media(data: bytes) -> InputContainer:
    """A container on bytes in memory, which decodes in this one thread."""
    try:
        source = av.open(io.BytesIO(data), "r", format=_reader(data), options=OPEN_OPTIONS)
    except FFmpegError:
        raise FileError(FileFault.BROKEN) from None
    for stream in source.streams.video + source.streams.audio:
        stream.codec_context.thread_count = 1
    return source


def films(source: InputContainer) -> list[VideoStream]:
    """The tracks that move; a cover is none."""
    return [one for one in source.streams.video if not one.disposition & Disposition.attached_pic]


def _reader(data: bytes) -> str:
    """The one reader that may look at the file: left to choose, it would take playlists that name other files."""
    return _READERS[kind_of(data)]


def speak(source: InputContainer, *, disguise_voice: bool) -> bytes:
    """The first sound track, mixed to one channel, as Opus in OGG without a tag."""
    if not source.streams.audio:
        raise FileError(FileFault.BROKEN)
    out = io.BytesIO()
    with av.open(out, "w", format="ogg", options={"fflags": "+bitexact"}) as target:
        opus = target.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        opus.bit_rate = _BIT_RATE
        opus.codec_context.thread_count = 1
        for frame in _shifted(source, source.streams.audio[0], _factor() if disguise_voice else None):
            target.mux(opus.encode(frame))
        target.mux(opus.encode(None))
    return out.getvalue()


def _factor() -> Fraction:
    """How much higher the voice is to sound, anew for each note: 0.75 to 0.88 or 1.12 to 1.25."""
    shift = _LEAST + (_MOST - _LEAST) * secrets.randbelow(10**6) / 10**6
    return Fraction(1 + secrets.choice((-1, 1)) * shift).limit_denominator(10**4)


def _shifted(source: InputContainer, stream: AudioStream, factor: Fraction | None) -> Iterator[AudioFrame]:
    """Frames in Opus' rate. A changed rate shifts pitch and tempo, `atempo` gives the tempo back."""
    graph: Graph | None = None
    heard = 0
    for frame in _decoded(source, stream):
        if graph is None:
            graph = _graph(frame, factor)
        frame.pts = None  # gaps and jumps of the original's clock are not passed on
        graph.push(frame)
        yield from _ready(graph)
        heard += frame.samples
    if graph is None or not heard:
        raise FileError(FileFault.BROKEN)
    graph.push(None)
    yield from _ready(graph)


def _decoded(source: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """What can be heard. Damaged packets are left out, as long as there are fewer of them than of whole ones."""
    whole = damaged = 0
    packets = source.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, *_DAMAGE):  # the end, or nothing that could be told apart from here on
            break
        try:
            frames = packet.decode()
        except _DAMAGE:
            damaged += 1
        else:
            whole += 1
            yield from (one for one in frames if isinstance(one, AudioFrame))
    if damaged >= whole:
        raise FileError(FileFault.BROKEN)


def _graph(first: AudioFrame, factor: Fraction | None) -> Graph:
    graph = Graph()
    graph.threads = 1
    shape = "sample_fmts=flt:channel_layouts=mono"
    nodes = [
        graph.add_abuffer(
            sample_rate=first.sample_rate,
            format=first.format,
            layout=first.layout,
            time_base=Fraction(1, first.sample_rate),
        ),
        graph.add("aresample", str(RATE)),
        graph.add("aformat", shape),
    ]
    if factor is not None:
        nodes += [
            graph.add("asetrate", str(round(RATE * factor))),
            graph.add("aresample", str(RATE)),
            graph.add("atempo", f"{float(1 / factor):.6f}"),
        ]
    nodes += [graph.add("aformat", f"{shape}:sample_rates={RATE}"), graph.add("abuffersink")]
    graph.link_nodes(*nodes).configure()
    return graph


def _ready(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        frame.pts = None
        yield frame
