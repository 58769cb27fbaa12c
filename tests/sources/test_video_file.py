"""Videos: every frame once, every seek checked against the frame's own number, damage told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector_app.errors import NotAVideoError, TruncatedError
from detector_app.sources.source import Source
from detector_app.sources.video_file import VideoFile
from detector_app.vision.frame import Frame
from tests.sources.clips import Clip, cut, jittered, number_of, numbered, stamps_s, write_clip

KINDS = {
    "h264.mp4": Clip(),
    "three-b-frames.mkv": Clip(options=(("bf", "3"), ("b-pyramid", "normal")), b_frames=3),
    "variable-rate.mp4": Clip(pts=jittered(150)),
    "variable-rate.mkv": Clip(pts=jittered(150), clock=1000 * 90),
    "late-start.ts": Clip(pts=tuple(range(900_000, 900_000 + 150 * 3000, 3000))),
    "short-gop.mp4": Clip(gop=2, b_frames=1),
    "open-gop.mp4": Clip(gop=15, options=(("x264-params", "open-gop=1:scenecut=0"),)),
    "mpeg4.avi": Clip(codec="mpeg4", b_frames=0, clock=30),
    "b-frames.avi": Clip(clock=30),
    "bare.h264": Clip(clock=30),
    "motion-jpeg.avi": Clip(codec="mjpeg", pixel_format="yuvj420p", clock=30, frames=40),
    "fragmented.mp4": Clip(container_options=(("movflags", "frag_keyframe+empty_moov"),)),
}


@pytest.fixture(scope="module", params=KINDS)
def numbered_video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Clip]:
    clip = KINDS[request.param]
    return write_clip(tmp_path_factory.mktemp("clips") / request.param, clip), clip


@pytest.fixture
def opened(numbered_video: tuple[Path, Clip]) -> Iterator[tuple[VideoFile, Clip]]:
    source = VideoFile(numbered_video[0])
    yield source, numbered_video[1]
    source.close()


def read_all(source: Source) -> Iterator[Frame]:
    while (frame := source.read()) is not None:
        yield frame


def test_every_frame_comes_once_in_order_at_its_time(opened: tuple[VideoFile, Clip]) -> None:
    source, clip = opened
    frames = [(frame.index, number_of(frame.image_bgr), frame.time_s) for frame in read_all(source)]
    assert [frame[0] for frame in frames] == list(range(len(clip.stamps())))
    assert [frame[1] for frame in frames] == list(range(len(clip.stamps())))
    np.testing.assert_allclose([frame[2] for frame in frames], expected_times_s(source, clip), atol=0.0011)
    assert source.read() is None


def expected_times_s(source: VideoFile, clip: Clip) -> list[float]:
    if not source.info.name.endswith(".h264"):
        return stamps_s(clip)
    return [i / source.info.fps for i in range(clip.frames)]  # a bare stream has no stamps: its times are counted


def test_every_frame_is_found_by_its_number(opened: tuple[VideoFile, Clip]) -> None:
    source, clip = opened
    count = len(clip.stamps())
    for target in [*np.random.default_rng(7).permutation(count)[:40].tolist(), 0, count - 1, 1]:
        source.seek_index(target)
        for expected in range(target, min(target + 2, count)):
            frame = source.read()
            assert frame is not None
            assert (frame.index, number_of(frame.image_bgr)) == (expected, expected)


def test_every_frame_is_found_by_its_time(opened: tuple[VideoFile, Clip]) -> None:
    source, _ = opened
    times = [frame.time_s for frame in read_all(source)]
    for target in np.random.default_rng(8).permutation(len(times))[:20].tolist():
        source.seek(times[target])
        frame = source.read()
        assert frame is not None
        assert (frame.index, number_of(frame.image_bgr), frame.time_s) == (target, target, times[target])


def test_numbers_and_times_beyond_the_ends_are_clamped(opened: tuple[VideoFile, Clip]) -> None:
    source, clip = opened
    last = len(clip.stamps()) - 1
    for ask, expected in ((-5, 0), (10_000, last)):
        source.seek_index(ask)
        assert (frame := source.read()) is not None
        assert number_of(frame.image_bgr) == expected
        source.seek(float(ask))
        assert (frame := source.read()) is not None
        assert number_of(frame.image_bgr) == expected
    assert source.read() is None
    source.seek_index(last + 1)
    assert (frame := source.read()) is not None
    assert frame.index == last


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(0, 149)), max_size=12))
def test_any_mixture_of_reading_and_seeking_agrees_with_the_numbers(tmp_path: Path, commands: list[int | None]) -> None:
    path = tmp_path / "clip.mp4"
    source = VideoFile(path if path.exists() else write_clip(path, Clip(pts=jittered(150))))
    expected = 0
    for command in commands:
        if command is not None:
            source.seek_index(expected := command)
        frame = source.read()
        assert (frame.index if frame else None) == (expected if expected < 150 else None)
        assert frame is None or number_of(frame.image_bgr) == expected
        expected = min(expected + 1, 150)
    source.close()


def test_stepping_backwards_meets_every_frame(opened: tuple[VideoFile, Clip]) -> None:
    source, clip = opened
    for target in range(len(clip.stamps()) - 1, -1, -3):
        source.seek_index(target)
        assert (frame := source.read()) is not None
        assert (frame.index, number_of(frame.image_bgr)) == (target, target)


def test_joined_recordings_are_counted_where_their_clock_jumps_back(tmp_path: Path) -> None:
    part = write_clip(tmp_path / "part.ts", Clip(frames=40)).read_bytes()
    (tmp_path / "joined.ts").write_bytes(part + part)
    source = VideoFile(tmp_path / "joined.ts")
    frames = [(frame.index, number_of(frame.image_bgr), frame.time_s) for frame in read_all(source)]
    assert [frame[:2] for frame in frames] == [(i, i % 40) for i in range(80)]
    np.testing.assert_allclose([frame[2] for frame in frames], np.arange(80) / 30, atol=0.001)
    for target in (70, 12, 41, 79):
        source.seek(frames[target][2])
        assert (frame := source.read()) is not None
        assert (frame.index, number_of(frame.image_bgr)) == frames[target][:2]
    source.close()


def test_what_an_edit_list_hides_is_not_counted(tmp_path: Path) -> None:
    whole, trimmed = write_clip(tmp_path / "whole.mp4", Clip(b_frames=0)), tmp_path / "trimmed.mp4"
    with av.open(str(whole)) as reader, av.open(str(trimmed), "w", options={"avoid_negative_ts": "disabled"}) as writer:
        before = reader.streams.video[0]
        after = writer.add_stream_from_template(before)
        for packet in reader.demux(before):
            if packet.pts is None or packet.dts is None or before.time_base is None:
                continue
            shift = round(20 / 30 / before.time_base)
            packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, after
            writer.mux(packet)
    source = VideoFile(trimmed)
    assert [number_of(frame.image_bgr) for frame in read_all(source)] == list(range(20, 150))
    source.seek_index(7)
    assert (frame := source.read()) is not None
    assert (frame.index, number_of(frame.image_bgr), source.info.frame_count) == (7, 27, 130)
    source.close()


def test_a_time_between_two_frames_shows_the_earlier_one(tmp_path: Path) -> None:
    source = VideoFile(write_clip(tmp_path / "clip.mp4", Clip(frames=30)))
    source.seek(10 / 30 + 0.02)
    assert (frame := source.read()) is not None
    assert frame.index == 10
    source.close()


def test_number_of_frames_and_duration_are_exact_after_a_seek(tmp_path: Path) -> None:
    source = VideoFile(write_clip(tmp_path / "clip.mkv", Clip(frames=45)))
    source.seek_index(3)
    source.read()
    assert source.info.frame_count == 45
    assert source.info.duration_s == pytest.approx(1.5, abs=0.002)
    source.close()


def test_a_video_without_a_known_length_still_opens(tmp_path: Path) -> None:
    source = VideoFile(write_clip(tmp_path / "bare.h264", Clip(frames=10, clock=30)))
    assert source.info.frame_count is None
    assert len(list(read_all(source))) == 10
    source.close()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pictures_are_upright(tmp_path: Path, degrees: int) -> None:
    if not hasattr(av.video.stream.VideoStream, "set_display_rotation"):
        pytest.skip("this PyAV cannot write a rotation")
    upright = VideoFile(write_clip(tmp_path / "plain.mp4", Clip(frames=2)))
    turned = VideoFile(write_clip(tmp_path / "turned.mp4", Clip(frames=2, rotation=degrees)))
    plain, shown = upright.read(), turned.read()
    assert plain is not None
    assert shown is not None
    expected = np.rot90(plain.image_bgr, degrees // 90)
    assert shown.image_bgr.shape == expected.shape
    assert (turned.info.width_px, turned.info.height_px) == (shown.width_px, shown.height_px)
    assert np.abs(shown.image_bgr.astype(int) - expected).max() < 6
    upright.close()
    turned.close()


@pytest.mark.parametrize(
    ("width", "height", "pixel_format"), [(97, 65, "yuv444p"), (98, 66, "yuv422p"), (96, 64, "gray")]
)
def test_odd_sizes_and_other_pixel_formats(tmp_path: Path, width: int, height: int, pixel_format: str) -> None:
    clip = Clip(frames=3, width=width, height=height, pixel_format=pixel_format)
    source = VideoFile(write_clip(tmp_path / "clip.mkv", clip))
    frames = list(read_all(source))
    assert [number_of(frame.image_bgr) for frame in frames] == [0, 1, 2]
    assert frames[0].image_bgr.shape == (height, width, 3)
    source.close()


@pytest.mark.parametrize(
    ("matrix", "full_range"), [("itu601", False), ("itu709", False), ("itu709", True), ("itu601", True)]
)
def test_colour_matrix_and_range_are_honoured(tmp_path: Path, matrix: str, full_range: bool) -> None:
    path = tmp_path / "colour.mkv"
    colour = np.full((32, 32, 3), (40, 90, 200), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        stream.codec_context.colorspace = 1 if matrix == "itu709" else 5
        stream.codec_context.color_range = 2 if full_range else 1
        picture = av.VideoFrame.from_ndarray(colour, format="bgr24").reformat(
            format="yuv420p", dst_colorspace=matrix, dst_color_range="JPEG" if full_range else "MPEG"
        )
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    source = VideoFile(path)
    assert (frame := source.read()) is not None
    assert np.abs(frame.image_bgr.astype(int) - colour).max() <= 4
    source.close()


@pytest.mark.parametrize("name", ["cut.mp4", "cut.mkv", "cut.avi"])
def test_frames_before_the_damage_come_then_the_error(tmp_path: Path, name: str) -> None:
    options = (("movflags", "faststart"),) if name.endswith("mp4") else ()
    path = cut(write_clip(tmp_path / name, Clip(clock=30, b_frames=0, container_options=options)), 0.6)
    source = VideoFile(path)
    numbers: list[int] = []
    with pytest.raises(TruncatedError) as caught:
        numbers.extend(number_of(frame.image_bgr) for frame in read_all(source))
    assert 20 < len(numbers) < 140
    assert numbers == list(range(len(numbers)))
    assert caught.value.details["found"] == len(numbers)
    assert source.read() is None
    source.seek_index(5)
    assert (frame := source.read()) is not None
    assert frame.index == 5
    source.close()


def test_damage_in_the_middle_is_passed_over_and_told_at_the_end(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Clip(gop=30, b_frames=0))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = b"\xff" * 300
    path.write_bytes(data)
    source = VideoFile(path)
    numbers: list[int] = []
    with pytest.raises(TruncatedError, match="cannot be decoded"):
        numbers.extend(number_of(frame.image_bgr) for frame in read_all(source))
    assert numbers[:50] == list(range(50))
    assert numbers[-20:] == list(range(130, 150))
    assert len(numbers) < 150
    source.close()


def test_a_video_cut_before_its_table_of_contents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAVideoError, match="cut off"):
        VideoFile(cut(write_clip(tmp_path / "clip.mp4"), 0.7))


@pytest.mark.parametrize(
    "content", [b"", b"just some text, not a video\n" * 50, b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n"]
)
def test_other_files_named_mp4_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(NotAVideoError, match=r"clip\.mp4"):
        VideoFile(path)


def test_a_video_without_frames_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()
    with pytest.raises(NotAVideoError):
        VideoFile(path)


def test_a_sound_file_with_a_cover_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
    with pytest.raises(NotAVideoError, match="no video stream"):
        VideoFile(path)


def test_a_title_in_another_encoding_does_not_matter(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.avi", Clip(frames=3, codec="mpeg4", b_frames=0, clock=30, title="TITLE-HERE"))
    path.write_bytes(path.read_bytes().replace(b"TITLE-HERE", "剪刀剪刀剪".encode("gbk")))
    source = VideoFile(path)
    assert len(list(read_all(source))) == 3
    source.close()


def test_after_interrupt_and_close_nothing_comes(tmp_path: Path) -> None:
    source = VideoFile(write_clip(tmp_path / "clip.mp4", Clip(frames=10)))
    source.interrupt()
    assert source.read() is None
    source.close()
    source.close()
    assert source.read() is None


def test_a_closed_video_still_tells_what_it_was(tmp_path: Path) -> None:
    video = VideoFile(write_clip(tmp_path / "a.mp4", Clip(frames=5)))
    before = video.info
    video.close()
    video.close()
    video.seek(0.1)
    assert video.read() is None
    assert video.info == before


def test_a_real_video_is_sought_exactly(shared_data: Path) -> None:
    path = shared_data / "media" / "intel_sample_videos" / "bird.mkv"
    source = VideoFile(path)
    pictures = [frame.image_bgr for frame in read_all(source)]
    for target in (40, 3, 62, 0, 31):
        source.seek_index(target)
        assert (frame := source.read()) is not None
        assert np.array_equal(frame.image_bgr, pictures[target])
    source.close()


def test_the_number_survives_drawing() -> None:
    assert [number_of(numbered(n, 96, 64)) for n in (0, 1, 4095, 40_000)] == [0, 1, 4095, 40_000]
