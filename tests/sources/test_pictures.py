"""Pictures, folders, patterns: upright, in natural order, broken ones passed over with a message."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from detector_app.errors import EmptyFolderError, NotAVideoError, PictureTooLargeError, SourceError
from detector_app.sources.opener import open_source
from detector_app.sources.picture_file import MOST_PIXELS, read_header, read_picture
from detector_app.vision.frame import BgrImage
from tests.sources.clips import number_of, numbered


def save(path: Path, image: BgrImage) -> Path:
    _, data = cv2.imencode(path.suffix, image)
    path.write_bytes(data.tobytes())
    return path


def test_a_folder_is_read_in_natural_order_and_only_its_pictures(tmp_path: Path) -> None:
    for number in (10, 2, 1, 33):
        save(tmp_path / f"shot {number}.png", numbered(number, 96, 64))
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "sub.png").mkdir()
    source = open_source(str(tmp_path))
    frames = [source.read() for _ in range(5)]
    assert [number_of(frame.image_bgr) for frame in frames if frame] == [1, 2, 10, 33]
    assert [(frame.index, frame.time_s) for frame in frames if frame] == [(0, 0.0), (1, 1.0), (2, 2.0), (3, 3.0)]
    assert frames[2] is not None
    assert frames[2].source == str(tmp_path / "shot 10.png")
    assert (source.info.kind, source.info.frame_count, source.info.duration_s) == ("pictures", 4, 4.0)
    source.close()
    assert source.read() is None


def test_seeking_in_a_folder(tmp_path: Path) -> None:
    for number in range(5):
        save(tmp_path / f"{number}.png", numbered(number, 96, 64))
    source = open_source(str(tmp_path))
    for ask, expected in ((3, 3), (0, 0), (99, 4), (-1, 0)):
        source.seek_index(ask)
        assert (frame := source.read()) is not None
        assert (frame.index, number_of(frame.image_bgr)) == (expected, expected)
    source.seek(2.7)
    assert (frame := source.read()) is not None
    assert frame.index == 2
    source.interrupt()
    assert source.read() is None


def test_a_broken_picture_among_good_ones_is_told_once_and_reading_goes_on(tmp_path: Path) -> None:
    for number in range(4):
        save(tmp_path / f"{number}.jpg", numbered(number, 96, 64))
    (tmp_path / "1.jpg").write_bytes((tmp_path / "1.jpg").read_bytes()[:200])
    source = open_source(str(tmp_path))
    assert (frame := source.read()) is not None
    assert frame.index == 0
    with pytest.raises(NotAVideoError, match=r"1\.jpg"):
        source.read()
    rest = [source.read() for _ in range(3)]
    assert [frame.index for frame in rest if frame] == [2, 3]
    source.close()


def test_a_folder_whose_first_picture_is_broken_opens(tmp_path: Path) -> None:
    (tmp_path / "0.jpg").write_text("not a picture")
    save(tmp_path / "1.jpg", numbered(1, 128, 64))
    source = open_source(str(tmp_path))
    assert (source.info.width_px, source.info.height_px) == (128, 64)
    source.close()


def test_a_folder_of_nothing_but_broken_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0.jpg").write_text("not a picture")
    (tmp_path / "1.jpg").write_bytes(b"")
    with pytest.raises(NotAVideoError, match="no picture in it can be read"):
        open_source(str(tmp_path))


def test_patterns_choose_and_go_into_sub_folders(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    save(tmp_path / "a.png", numbered(1, 96, 64))
    save(tmp_path / "deep" / "er" / "b.png", numbered(2, 96, 64))
    assert open_source(str(tmp_path / "*.png")).info.frame_count == 1
    assert open_source(str(tmp_path / "**" / "*.png")).info.frame_count == 2
    with pytest.raises(EmptyFolderError):
        open_source(str(tmp_path / "*.jpg"))


def test_a_name_with_pattern_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    save(tmp_path / "shot [1].png", numbered(9, 96, 64))
    frame = open_source(str(tmp_path / "shot [1].png")).read()
    assert frame is not None
    assert number_of(frame.image_bgr) == 9


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".tif", ".webp"])
def test_usual_formats_under_a_unicode_name(tmp_path: Path, suffix: str) -> None:
    image = numbered(77, 96, 64)
    shown = read_picture(save(tmp_path / f"剪刀 ü{suffix}", image))
    assert shown.shape == (64, 96, 3)
    assert number_of(shown) == 77


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((40, 60, 3), np.uint8)
    upright[:20, :30] = 255  # white in the upper left
    undo = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, 3),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.png"
    Image.fromarray(np.ascontiguousarray(undo(upright))).save(path, exif=exif)
    shown = read_picture(path)
    assert np.array_equal(shown, upright)
    header = read_header(path)
    assert header is not None
    assert (header.width_px, header.height_px) == (60, 40)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16"])
def test_other_kinds_of_pixels_become_eight_bit_colour(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "picture.png"
    if mode == "I;16":
        Image.fromarray(np.full((20, 30), 40_000, np.uint16)).save(path)
    else:
        Image.new("RGB", (30, 20), (200, 200, 200)).convert(mode).save(path)
    image = read_picture(path)
    assert (image.shape, image.dtype) == ((20, 30, 3), np.uint8)
    assert image.mean() > 120
    assert image.flags.c_contiguous


def test_a_picture_of_one_pixel(tmp_path: Path) -> None:
    source = open_source(str(save(tmp_path / "dot.png", np.full((1, 1, 3), 7, np.uint8))))
    assert (source.info.width_px, source.info.height_px) == (1, 1)
    assert (frame := source.read()) is not None
    assert frame.image_bgr.tolist() == [[[7, 7, 7]]]


def test_a_huge_picture_within_the_bound_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(blank_png(12_000, 9_000))
    assert read_picture(path).shape == (9_000, 12_000, 3)


def test_a_picture_beyond_the_bound_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(blank_png(60_000, 60_000, rows=1))
    assert MOST_PIXELS < 60_000 * 60_000
    with pytest.raises(PictureTooLargeError, match="60000 × 60000 pixels"):
        open_source(str(path))


def blank_png(width: int, height: int, rows: int | None = None) -> bytes:
    """A one-bit PNG of that size, made without a picture of that size in memory; cut off after ``rows``."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width + 7) // 8 + 1) * (rows or height), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "match"),
    [(b"", "the file is empty"), (b"plain text", "no frame of it"), (b"\xff\xd8\xff", "no frame of it")],
)
def test_a_file_that_only_has_a_picture_s_name_is_refused(tmp_path: Path, content: bytes, match: str) -> None:
    path = tmp_path / "fake.jpg"
    path.write_bytes(content)
    with pytest.raises(NotAVideoError, match=match):
        open_source(str(path))


def test_a_damaged_picture_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = save(tmp_path / "cut.png", np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8))
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(NotAVideoError, match="damaged"):
        open_source(str(path))


def test_a_picture_that_vanishes_is_told(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(tmp_path / name, numbered(1, 96, 64))
    source = open_source(str(tmp_path))
    (tmp_path / "a.png").unlink()
    with pytest.raises(SourceError, match="does not exist any more"):
        source.read()
    assert source.read() is not None
