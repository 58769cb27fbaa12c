import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from models.detect.picture_facts import PictureFacts, bits_apart, read_all_facts


def facts(path: Path) -> PictureFacts:
    found = read_all_facts([path])[path]
    assert isinstance(found, PictureFacts)
    return found


@pytest.fixture
def real(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "train" / "bottles_cups70" / "images").glob("*.jpg"))[:12]


def test_copies_share_most_bits_and_other_pictures_do_not(tmp_path: Path, real: list[Path]) -> None:
    copies = []
    for number, path in enumerate(real):
        with Image.open(path) as image:
            small = image.resize((image.width * 2 // 3, image.height * 2 // 3))
        target = tmp_path / f"{number}.jpg"
        ImageEnhance.Brightness(small).enhance(1.15).save(target, quality=60)
        copies.append(facts(target).fingerprint)
    apart = bits_apart([facts(path).fingerprint for path in real], copies)
    assert np.diag(apart).max() <= 26
    assert (apart + 1000 * np.eye(len(real), dtype=int)).min() > 80


def test_the_turn_of_a_photograph_is_seen(tmp_path: Path, real: list[Path]) -> None:
    with Image.open(real[0]) as image:
        upright, exif = image.convert("RGB"), Image.Exif()
        exif[0x0112] = 6
        upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    turned, plain = facts(tmp_path / "turned.jpg"), facts(real[0])
    assert turned.upright_wh == plain.upright_wh == turned.stored_wh[::-1]
    assert bits_apart([turned.fingerprint], [plain.fingerprint])[0, 0] <= 26


@given(
    st.lists(st.binary(min_size=32, max_size=32), max_size=4), st.lists(st.binary(min_size=32, max_size=32), max_size=4)
)
def test_bits_are_counted_as_by_hand(ones: list[bytes], others: list[bytes]) -> None:
    expected = [[sum((a ^ b).bit_count() for a, b in zip(x, y, strict=True)) for y in others] for x in ones]
    np.testing.assert_array_equal(bits_apart(ones, others), np.array(expected).reshape(len(ones), len(others)))


def test_what_cannot_be_read_is_told_and_what_is_not_there_is_left_out(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)).save(content, "JPEG")
    (tmp_path / "cut.jpg").write_bytes(content.getvalue()[:9000])
    (tmp_path / "text.jpg").write_text("no picture")
    names = ["cut.jpg", "text.jpg", "none.jpg"]
    found = read_all_facts([tmp_path / name for name in names])
    assert {path.name: type(value) for path, value in found.items()} == {"cut.jpg": str, "text.jpg": str}
    assert "truncated" in str(found[tmp_path / "cut.jpg"])


def test_no_pictures_no_facts() -> None:
    assert read_all_facts([]) == {}


def test_what_is_told_of_a_file_does_not_change_from_run_to_run(tmp_path: Path) -> None:
    """It is written to the report; Pillow's own words name a place in memory."""
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    found = read_all_facts([tmp_path / "text.jpg", tmp_path / "empty.jpg"])
    assert list(found.values()) == ["no picture, or of an unknown kind", "the file is empty"]
