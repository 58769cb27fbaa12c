"""Decoded frames of one video file in presentation order: the part that talks to FFmpeg."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from detector_app.errors import NotAVideoError, message

# A playlist or a text file that passes for a video must not make FFmpeg open other files or addresses.
_OPTIONS = {"protocol_whitelist": "file"}
_TEXT_ART = {"ansi", "binary text", "bintext", "xbin", "idf"}
_LENGTH_COUNTS_FROM_ZERO = {"matroska,webm", "flv"}


class VideoReader:
    """The first real video stream of a file, decoded on all cores.

    Attributes:
        packets: packets read since the file was last opened at its start; None after a seek.
        damaged: packets that could not be decoded since then.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path``.

        Raises:
            NotAVideoError: FFmpeg does not read it or it has no video stream.
        """
        self._path = path
        self._open()

    def _open(self) -> None:
        self._container, self.stream = open_video(self._path)
        self.stream.thread_type = "AUTO"
        self.packets: int | None = 0
        self.damaged = 0
        self._frames = self._decode()

    def next_frame(self) -> av.VideoFrame | None:
        """The next frame in presentation order, or None when the file gives no more."""
        return next(self._frames, None)

    def rewind(self) -> None:
        """Begin again at the very first frame. The file is opened anew: no container is trusted to seek there exactly."""
        self.close()
        self._open()

    def seek(self, pts: int) -> None:
        """Go to the key frame at or before the stamp ``pts``, as far as the container's own index knows it."""
        self._frames.close()
        with contextlib.suppress(av.FFmpegError):  # where it stands then is seen from the next frame
            self._container.seek(pts, stream=self.stream, backward=True)
        self.packets = None
        self._frames = self._decode()

    def close(self) -> None:
        """Release the file."""
        self._frames.close()
        self._container.close()

    @property
    def time_base_s(self) -> Fraction:
        """Seconds per unit of a frame's ``pts``."""
        return self.stream.time_base or Fraction(1, 1_000_000)

    @property
    def stamped(self) -> bool:
        """Whether stamps can be believed. AVI keeps none: FFmpeg makes them up in decoding order, wrong where frames are reordered."""
        return not (self._container.format.name == "avi" and self.stream.codec_context.has_b_frames)

    @property
    def duration_s(self) -> float | None:
        """Length that the header claims for the video, from its first frame on, or None."""
        if self.stream.duration:
            return float(self.stream.duration * self.time_base_s)
        if not self._container.duration:
            return None
        return self._container.duration / av.time_base - self._start_s()

    @property
    def promised_duration_s(self) -> float | None:
        """A length that a complete file must reach: None where the header's figure is an estimate or is that of the sound."""
        if self._container.format.name not in _LENGTH_COUNTS_FROM_ZERO:
            return None
        tag = self.stream.metadata.get("DURATION")
        length_s = _clock_s(tag) if tag else None
        if length_s is not None:
            return length_s - self._start_s()
        return self.duration_s if len(self._container.streams) == 1 else None

    def _start_s(self) -> float:
        """What such a header's length includes although nothing is shown yet."""
        if self._container.format.name not in _LENGTH_COUNTS_FROM_ZERO:
            return 0.0
        return float((self.stream.start_time or 0) * self.time_base_s)

    def _decode(self) -> Generator[av.VideoFrame]:
        try:
            for packet in without_torn_end(self._container.demux(self.stream), self._count_damage):
                yield from self._decode_packet(packet)
        except av.FFmpegError:  # the container itself is broken here; what the decoder still holds came before
            self._count_damage()
            yield from self._decode_packet(None)

    def _decode_packet(self, packet: av.Packet[VideoStream] | None) -> list[av.VideoFrame]:
        if packet is not None and packet.size and self.packets is not None:
            self.packets += 1
        try:
            return self.stream.decode(packet)
        except av.error.EOFError:
            return []
        except av.FFmpegError:
            self._count_damage()
            return []

    def _count_damage(self) -> None:
        if self.packets is not None:  # after a seek, decoders complain of packets whose references lie before it
            self.damaged += 1


def undecoded_packets(path: Path) -> Iterator[av.Packet[VideoStream]]:
    """All packets of the video in file order, read through a second handle; ends early where the container is broken."""
    container, stream = open_video(path)
    with container, contextlib.suppress(av.FFmpegError):
        yield from without_torn_end(container.demux(stream), lambda: None)


def without_torn_end(
    packets: Iterator[av.Packet[VideoStream]], on_torn: Callable[[], None]
) -> Iterator[av.Packet[VideoStream]]:
    """Leave out the last packet if its bytes are not all there: the decoder would paint grey over what is missing.

    FFmpeg marks other packets, too, such as the first one behind a gap in a transport stream; those are decoded as well as it goes.
    """
    doubtful: av.Packet[VideoStream] | None = None
    for packet in packets:
        if doubtful is not None and packet.size:
            yield doubtful
            doubtful = None
        if packet.is_corrupt:
            doubtful = packet
        else:
            yield packet
    if doubtful is not None:
        on_torn()


def open_video(path: Path) -> tuple[InputContainer, VideoStream]:
    """Open ``path`` and choose its video stream; cover pictures of music files do not count.

    Raises:
        NotAVideoError: FFmpeg does not read it or there is no video in it.
    """
    try:
        # Titles are often in another encoding than the format says; nobody must be kept from the pictures by that.
        container = av.open(str(path), "r", options=_OPTIONS, metadata_errors="replace")
    except av.FFmpegError as error:
        raise NotAVideoError(str(path), detail=_reason(path, error)) from error
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            continue
        if stream.codec_context is not None and stream.codec_context.name not in _TEXT_ART:
            return container, stream
    container.close()
    raise NotAVideoError(str(path), detail="it has no video stream that can be decoded")


def _reason(path: Path, error: av.FFmpegError) -> str:
    if path.stat().st_size == 0:
        return message("the file is empty")
    if isinstance(error, av.error.InvalidDataError):
        return message("its contents are not a known format, or the part that describes them is cut off")
    return error.strerror or str(error)


def _clock_s(text: str) -> float | None:
    """Seconds of ``HH:MM:SS.fraction``, or None if it is not of that form."""
    try:
        hours, minutes, seconds = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None
