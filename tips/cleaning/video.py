"""A film keeps its first picture track and its first sound track, packet by packet, in a new MP4 that says nothing else.

Needs PyAV: its MP4 reader and writer, the filter that drops H.264's and HEVC's notes between pictures, and an AAC
encoder for the sound that MP4 does not take (AMR of old phones). Sound without a picture is a voice note.
"""

from __future__ import annotations

import io
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from tips.cleaning.kinds import FileError, FileFault
from tips.cleaning.voice import films, open_media, speak

_COPIED_SOUND = frozenset({"aac", "mp3", "opus", "ac3", "eac3", "alac", "flac"})
_NOTES = {  # the units in which encoders, cameras and drones write what they like
    "h264": "filter_units=remove_types=6",
    "hevc": "filter_units=remove_types=39-40",
}
_TAGS = {"hevc": "hvc1"}  # players of Apple's want this name
_AAC_RATE = 44_100


def clean(data: bytes, *, disguise_voice: bool) -> tuple[str, bytes]:
    """A new MP4 of a film, or Opus in OGG of a voice note in MP4. Raises FileError (BROKEN)."""
    with open_media(data) as source:
        moving = films(source)
        if not moving:
            return "audio/ogg", speak(source, disguise_voice=disguise_voice)
        try:
            return "video/mp4", _remux(source, moving[0])
        except FFmpegError:
            raise FileError(FileFault.BROKEN) from None


def _remux(source: InputContainer, film: VideoStream) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target:
        tracks: dict[int, _Track] = {film.index: _Copied(film, target)}
        sound = next((one for one in source.streams.audio if one.codec_context.sample_rate), None)
        if sound is not None:
            copied = sound.codec_context.name in _COPIED_SOUND
            tracks[sound.index] = (_Copied if copied else _Encoded)(sound, target)
        for packet in source.demux([one.stream for one in tracks.values()]):
            if packet.dts is not None:
                tracks[packet.stream.index].take(packet)
        for track in tracks.values():
            track.end()
    return out.getvalue()


class _Track:
    """One track on its way from the old film to the new one."""

    def __init__(self, stream: Stream, target: OutputContainer) -> None:
        self.stream = stream
        self._target = target
        self._packets = 0

    def take(self, packet: Packet[Any]) -> None:
        """Passes one packet on."""
        self._packets += 1
        self._pass_on(packet)

    def end(self) -> None:
        """Nothing more comes. Raises FileError if less came than the film's own list says: it was cut off."""
        counted = self.stream.frames if self.stream.type == "video" else 1  # of raw sound it counts samples
        if self._packets < max(1, counted):
            raise FileError(FileFault.BROKEN)

    def _pass_on(self, packet: Packet[Any]) -> None:
        raise NotImplementedError


class _Copied(_Track):
    """A track whose packets stay as they are, but for notes between the pictures."""

    def __init__(self, stream: VideoStream | AudioStream, target: OutputContainer) -> None:
        super().__init__(stream, target)
        codec = stream.codec_context.name
        self._new = target.add_stream_from_template(stream, opaque=False)
        self._filter = BitStreamFilterContext(_NOTES[codec], stream, self._new) if codec in _NOTES else None
        if codec in _TAGS:
            self._new.codec_context.codec_tag = _TAGS[codec]

    def _pass_on(self, packet: Packet[Any]) -> None:
        for one in self._filter.filter(packet) if self._filter else [packet]:
            one.stream = self._new
            self._target.mux(one)


class _Encoded(_Track):
    """A sound track that is decoded and encoded anew."""

    def __init__(self, stream: AudioStream, target: OutputContainer) -> None:
        super().__init__(stream, target)
        self._new = target.add_stream("aac", rate=_AAC_RATE, layout="mono")
        self._resampler = AudioResampler("fltp", "mono", _AAC_RATE)

    def _pass_on(self, packet: Packet[Any]) -> None:
        for frame in packet.decode():
            assert isinstance(frame, AudioFrame)
            for one in self._resampler.resample(frame):
                self._target.mux(self._new.encode(one))

    def end(self) -> None:
        super().end()
        for one in self._resampler.resample(None):
            self._target.mux(self._new.encode(one))
        self._target.mux(self._new.encode(None))
