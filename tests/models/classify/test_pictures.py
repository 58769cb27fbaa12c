from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.classify.pictures import Look, PictureSet, centred, load_rgb
from models.detect.records import PictureRecord
from models.errors import TrainingDataError

SIDE = st.integers(1, 40)


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    upright = np.zeros((20, 30, 3), np.uint8)
    upright[:10, :15] = 255
    turned = Image.fromarray(np.rot90(upright, 1))  # a camera held on its side
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate 90 degrees clockwise to see it upright
    turned.save(tmp_path / "one.png", exif=exif)
    np.testing.assert_array_equal(load_rgb(tmp_path / "one.png"), upright)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    Image.new("RGB", (8, 6), (255, 255, 255)).convert(mode).save(tmp_path / "one.png")
    assert (load_rgb(tmp_path / "one.png") == 255).all()
    assert load_rgb(tmp_path / "one.png").shape == (6, 8, 3)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    with pytest.raises(TrainingDataError, match=r"one\.jpg: not a readable picture"):
        load_rgb(tmp_path / "one.jpg")


@given(SIDE, SIDE, st.integers(1, 12), st.integers(1, 12))
def test_the_centre_has_the_inputs_aspect(high: int, wide: int, rows: int, columns: int) -> None:
    """Brightness grows along the longer way, so the mean of the middle tells whether the cut is centred."""
    ramp = np.broadcast_to(np.linspace(0, 255, wide, dtype=np.float32)[None, :, None], (high, wide, 3)).astype(np.uint8)
    found = centred(ramp, Look((rows, columns)))
    assert found.shape == (3, rows, columns)
    scale = min(high / rows, wide / columns)
    kept = max(1, round(columns * scale))
    left = (wide - kept) // 2
    assert abs(found.mean() - ramp[:, left : left + kept].mean()) < 3 + 255 / wide


def test_the_fraction_leaves_the_rim_out() -> None:
    framed = np.zeros((16, 32, 3), np.uint8)
    framed[4:12, 12:20] = 200
    assert (centred(framed, Look((8, 8), crop_fraction=0.5)) == 200).all()
    assert centred(framed, Look((8, 8), crop_fraction=1.0))[:, 0].max() == 0


def test_grey_is_luminance() -> None:
    red, green, blue = (centred(np.full((4, 4, 3), own, np.uint8), Look((4, 4), 1)) for own in np.eye(3) * 255)
    assert [int(one[0, 0, 0]) for one in (red, green, blue)] == [76, 150, 29]


def test_shrinking_averages_areas() -> None:
    stripes = np.tile(np.array([0, 0, 255, 255], np.uint8), (16, 4))[..., None].repeat(3, 2)
    np.testing.assert_array_equal(centred(stripes, Look((4, 4))), np.full((3, 4, 4), 128))


def test_the_canvas_holds_the_same_scale() -> None:
    assert Look((224, 224), crop_fraction=0.875).canvas == Look((256, 256))


def test_what_does_not_fit_into_memory_is_read_at_each_look(tmp_path: Path) -> None:
    records = []
    for level in range(4):
        path = tmp_path / f"{level}.png"
        Image.new("RGB", (8, 8), (level, level, level)).save(path)
        records.append(PictureRecord(path, np.zeros((0, 4), np.float32), np.array([level]), str(level)))
    pictures = PictureSet(records, Look((8, 8)), 2 * 192 / 2**30)
    (tmp_path / "0.png").unlink()
    assert [int(pictures[index].pictures.max()) for index in (0, 1, 2, 3)] == [0, 1, 2, 3]
    assert pictures[3].labels == torch.tensor(3)
    (tmp_path / "3.png").unlink()
    with pytest.raises(TrainingDataError):
        pictures[3]
