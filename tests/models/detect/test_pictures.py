from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.detect.pictures import SampleStore, load_sample
from models.detect.records import PictureRecord
from models.errors import TrainingDataError

ROTATE_90 = 6  # EXIF orientation: the stored picture must be turned clockwise to be seen upright


def turned_jpeg(path: Path) -> Path:
    """Stored 60×40 with its left third red; upright it is 40×60 and red at the top."""
    stored = np.full((40, 60, 3), 100, np.uint8)
    stored[:, :20] = (230, 30, 30)
    exif = Image.Exif()
    exif[0x0112] = ROTATE_90
    Image.fromarray(stored).save(path, exif=exif, quality=95)
    return path


def record(path: Path, size_wh: tuple[int, int] | None, box: tuple[float, ...]) -> PictureRecord:
    return PictureRecord(path, np.array([box], np.float32), np.array([0], np.int64), "", size_wh)


def redness(rgb: np.ndarray, box: np.ndarray) -> float:
    """Share of red pixels in the box."""
    x1, y1, x2, y2 = (round(float(value)) for value in box)
    part = rgb[y1:y2, x1:x2].astype(int)
    return float(((part[..., 0] - part[..., 1]) > 80).mean())


@pytest.mark.parametrize(
    ("size_wh", "box", "shape"),
    [((40, 60), (0, 0, 40, 20), (60, 40)), ((60, 40), (0, 0, 20, 40), (40, 60)), (None, (0, 0, 40, 20), (60, 40))],
)
def test_exif_is_honoured_as_the_annotations_expect(
    tmp_path: Path, size_wh: tuple[int, int] | None, box: tuple[float, ...], shape: tuple[int, int]
) -> None:
    sample = load_sample(record(turned_jpeg(tmp_path / "turned.jpg"), size_wh, box))
    assert sample.rgb.shape[:2] == shape
    assert redness(sample.rgb, sample.boxes_xyxy[0]) > 0.9


def test_shrinking_moves_the_boxes_too(tmp_path: Path) -> None:
    picture = np.full((50, 101, 3), 100, np.uint8)
    picture[10:30, 40:80] = (230, 30, 30)
    Image.fromarray(picture).save(tmp_path / "wide.png")
    sample = load_sample(record(tmp_path / "wide.png", (101, 50), (40, 10, 80, 30)), max_side_px=40)
    assert sample.rgb.shape == (20, 40, 3)
    np.testing.assert_allclose(
        sample.boxes_xyxy[0], np.array([40, 10, 80, 30]) * [40 / 101, 0.4, 40 / 101, 0.4], rtol=1e-5
    )
    assert redness(sample.rgb, sample.boxes_xyxy[0]) > 0.85


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((1, 1, 3), np.uint8)).save(tmp_path / "dot.png")
    sample = load_sample(record(tmp_path / "dot.png", (1, 1), (0, 0, 1, 1)), max_side_px=448)
    assert sample.rgb.shape == (1, 1, 3)


def test_grey_pictures_become_three_channels(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 77, np.uint8)).save(tmp_path / "grey.png")
    assert (load_sample(record(tmp_path / "grey.png", None, (0, 0, 4, 4))).rgb == 77).all()


def test_a_picture_of_another_size_than_annotated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"turned\.jpg.*\(60, 40\).*\(64, 48\)"):
        load_sample(record(turned_jpeg(tmp_path / "turned.jpg"), (64, 48), (0, 0, 1, 1)))


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff nonsense")
    with pytest.raises(TrainingDataError, match=r"broken\.jpg: not a readable picture"):
        load_sample(record(tmp_path / "broken.jpg", None, (0, 0, 1, 1)))


@pytest.mark.parametrize(("budget_gib", "kept"), [(1.0, 5), (0.0, 0), (2 * 30 * 20 * 3 / 2**30, 2)])
def test_a_store_gives_the_same_samples_whatever_memory_it_has(tmp_path: Path, budget_gib: float, kept: int) -> None:
    records = []
    for level in range(5):
        path = tmp_path / f"{level}.png"
        Image.fromarray(np.full((20, 30, 3), level, np.uint8)).save(path)
        records.append(record(path, (30, 20), (0, 0, 10, 10)))
    store = SampleStore(records, 64, budget_gib)
    assert (len(store), store.kept) == (5, kept)
    assert [int(sample.rgb[0, 0, 0]) for sample in store] == [0, 1, 2, 3, 4]
    assert [int(sample.rgb[0, 0, 0]) for sample in store[1:3]] == [1, 2]
    assert store[-1].rgb[0, 0, 0] == 4
    with pytest.raises(IndexError):
        store[5]
