"""Input tensors against a plain reference."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.errors import InferenceError
from detector_app.model_card import InputSpec, SizeRange
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.vision.letterbox import Letterbox
from tests.onnx_files import frame_of

FIXED = InputSpec("images", (64, 96))
DYNAMIC = replace(FIXED, size_hw=(96, 96), dynamic=SizeRange(32, 256, 32))


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def reference(picture_bgr: np.ndarray, spec: InputSpec, letterbox: Letterbox) -> np.ndarray:
    """(3, H, W) float64, step by step."""
    canvas = np.full((letterbox.input_wh[1], letterbox.input_wh[0], 3), spec.pad_value, np.uint8)
    resized = cv2.resize(picture_bgr, letterbox.scaled_wh, interpolation=cv2.INTER_LINEAR)
    x, y = letterbox.left_px, letterbox.top_px
    canvas[y : y + resized.shape[0], x : x + resized.shape[1]] = resized
    ordered = canvas[..., ::-1] if spec.channel_order == "RGB" else canvas
    return ((ordered * spec.scale - spec.mean) / spec.std).transpose(2, 0, 1)


SPECS = {
    "letterbox RGB": FIXED,
    "stretch BGR": replace(FIXED, resize="stretch", channel_order="BGR"),
    "mean and std": replace(FIXED, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)),
    "pixels as they are": replace(FIXED, scale=1.0, mean=(104.0, 117.0, 123.0), channel_order="BGR"),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
@pytest.mark.parametrize("size", [(200, 100), (100, 200), (96, 64), (33, 7), (1, 1)])
def test_agrees_with_the_reference(spec: InputSpec, size: tuple[int, int]) -> None:
    picture = noise(*size)
    prepared = Preprocessor(spec)([frame_of(picture)])
    assert prepared.tensor.shape == (1, 3, 64, 96)
    assert prepared.tensor.dtype == np.float32
    expected = reference(picture, spec, prepared.letterboxes[0])
    np.testing.assert_allclose(prepared.tensor[0], expected, atol=1e-5, rtol=1e-6)


def test_channels_last_half_and_bytes() -> None:
    picture = noise(50, 40)
    plain = Preprocessor(FIXED)([frame_of(picture)]).tensor[0]
    last = Preprocessor(replace(FIXED, layout="NHWC"))([frame_of(picture)]).tensor
    np.testing.assert_array_equal(last[0].transpose(2, 0, 1), plain)
    half = Preprocessor(replace(FIXED, dtype="float16"))([frame_of(picture)]).tensor
    assert half.dtype == np.float16
    np.testing.assert_allclose(half[0], plain, atol=5e-4)
    raw = Preprocessor(replace(FIXED, dtype="uint8"))([frame_of(picture)]).tensor
    assert raw.dtype == np.uint8
    np.testing.assert_array_equal(raw[0], np.round(plain * 255))
    for order, sign in (("RGB", 1), ("BGR", -1)):
        spec = replace(FIXED, dtype="uint8", layout="NHWC", channel_order=order)
        last = Preprocessor(spec)([frame_of(picture)]).tensor
        np.testing.assert_array_equal(last[0].transpose(2, 0, 1), raw[0, ::sign])


def test_pixels_divided_by_255_are_exactly_that() -> None:
    ramp = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 256, 3)
    tensor = Preprocessor(replace(FIXED, size_hw=(1, 256)))([frame_of(ramp)]).tensor
    np.testing.assert_array_equal(tensor[0, 0, 0], np.arange(256, dtype=np.float32) / np.float32(255))


sizes = st.lists(st.tuples(st.integers(1, 150), st.integers(1, 150)), min_size=1, max_size=4)


@settings(max_examples=40)
@given(st.lists(sizes, min_size=1, max_size=3))
def test_reused_buffers_keep_nothing_of_earlier_frames(batches: list[list[tuple[int, int]]]) -> None:
    used = Preprocessor(DYNAMIC)
    for batch in batches:
        frames = [frame_of(noise(*size, seed)) for seed, size in enumerate(batch)]
        prepared = used(frames)
        assert len(prepared.tensor) == len(prepared.letterboxes) == len(batch)
        for slot, frame in enumerate(frames):
            expected = reference(frame.image_bgr, DYNAMIC, prepared.letterboxes[slot])
            np.testing.assert_allclose(prepared.tensor[slot], expected, atol=1e-6)


def test_rectangular_inputs_are_near_the_frames_aspect() -> None:
    spec = replace(DYNAMIC, size_hw=(320, 320), dynamic=SizeRange(32, 4096, 32))
    rect = Preprocessor(spec, rect=True)
    assert rect([frame_of(noise(1280, 720))]).tensor.shape == (1, 3, 192, 320)
    assert rect([frame_of(noise(480, 640))]).tensor.shape == (1, 3, 320, 256)
    assert rect([frame_of(noise(1000, 3))]).tensor.shape == (1, 3, 32, 320)
    assert rect([frame_of(noise(64, 36)), frame_of(noise(36, 64))]).tensor.shape == (2, 3, 320, 320)
    assert Preprocessor(spec)([frame_of(noise(1280, 720))]).tensor.shape == (1, 3, 320, 320)
    assert Preprocessor(FIXED, rect=True)([frame_of(noise(1280, 720))]).tensor.shape == (1, 3, 64, 96)


def test_own_size_is_padded_to_what_the_graph_takes() -> None:
    spec = replace(DYNAMIC, resize="none")
    picture = noise(70, 40)
    prepared = Preprocessor(spec)([frame_of(picture)])
    assert prepared.tensor.shape == (1, 3, 64, 96)
    assert prepared.letterboxes[0] == Letterbox((70, 40), (96, 64), (70, 40))
    np.testing.assert_allclose(prepared.tensor[0, 0, :40, :70], picture[..., 2] / 255, atol=1e-6)
    assert Preprocessor(spec)([frame_of(noise(1000, 90))]).letterboxes[0].scaled_wh == (256, 23)


def test_a_graph_of_one_size_that_wants_no_resizing_refuses_others() -> None:
    with pytest.raises(InferenceError, match="of 96×64 only, this one is 50×40"):
        Preprocessor(replace(FIXED, resize="none"), "model")([frame_of(noise(50, 40))])
    assert Preprocessor(replace(FIXED, resize="none"))([frame_of(noise(96, 64))]).tensor.shape == (1, 3, 64, 96)


# --- classifiers: the centre, shrunk by area, perhaps in grey -------------------------------------------------------------------


def covered(length: int, parts: int) -> np.ndarray:
    """(parts, length): the share of each old pixel in each new one, when ``length`` pixels become ``parts``."""
    edges = np.arange(parts + 1) * length / parts
    pixel = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    return np.maximum(overlap, 0) * parts / length


def by_hand(picture_bgr: np.ndarray, spec: InputSpec) -> np.ndarray:
    """(C, H, W) in 0–255 without rounding: cut, weigh, average."""
    (rows, columns), (height, width) = spec.size_hw, picture_bgr.shape[:2]
    scale = min(height / rows, width / columns) * spec.crop_fraction
    high, wide = max(1, round(rows * scale)), max(1, round(columns * scale))
    top, left = (height - high) // 2, (width - wide) // 2
    part = picture_bgr[top : top + high, left : left + wide].astype(np.float64)
    planes = part @ [[0.114], [0.587], [0.299]] if spec.channel_order == "GREY" else part[..., ::-1]
    return np.einsum("ih,hwc,jw->cij", covered(high, rows), planes, covered(wide, columns))


@settings(max_examples=60)
@given(
    st.tuples(st.integers(20, 97), st.integers(20, 97)),
    st.sampled_from(["GREY", "RGB"]),
    st.sampled_from([1.0, 0.875, 0.5]),
    st.integers(0, 9),
)
def test_a_centre_that_shrinks_is_averaged(size: tuple[int, int], order: str, fraction: float, seed: int) -> None:
    spec = replace(FIXED, size_hw=(7, 9), resize="crop", crop_fraction=fraction, channel_order=order)
    picture = noise(*size, seed)
    tensor = Preprocessor(spec, by_area=True)([frame_of(picture)]).tensor
    assert tensor.shape == (1, 1 if order == "GREY" else 3, 7, 9)
    np.testing.assert_allclose(tensor[0] * 255, by_hand(picture, spec), atol=1.02)  # grey and average are rounded, each


@settings(max_examples=60)
@given(st.tuples(st.integers(16, 150), st.integers(16, 150)), st.sampled_from(["GREY", "RGB"]), st.booleans())
def test_a_centre_of_the_right_size_is_copied_to_the_pixel(size: tuple[int, int], order: str, bytes_: bool) -> None:
    """A crop to the part of the picture that has just the size of the input."""
    fraction = 16 / min(size)
    layout, dtype = ("NHWC", "uint8") if bytes_ else ("NCHW", "float32")
    spec = replace(
        FIXED, size_hw=(16, 16), resize="crop", crop_fraction=fraction, channel_order=order, layout=layout, dtype=dtype
    )
    picture = noise(*size, sum(size))
    prepared = Preprocessor(spec, by_area=True)([frame_of(picture)])
    left, top = (size[0] - 16) // 2, (size[1] - 16) // 2
    part = picture[top : top + 16, left : left + 16]
    expected = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)[..., None] if order == "GREY" else part[..., ::-1]
    found = prepared.tensor[0] if bytes_ else prepared.tensor[0].transpose(1, 2, 0) * 255
    np.testing.assert_array_equal(np.round(found), expected)
    assert prepared.letterboxes[0].seen_xyxy == (left, top, left + 16, top + 16)


def test_grey_is_the_luminance_in_whole_steps() -> None:
    picture = noise(64, 64, 3)
    spec = replace(FIXED, size_hw=(64, 64), channel_order="GREY", mean=(0.5, 9, 9), std=(0.25, 9, 9))
    tensor = Preprocessor(spec)([frame_of(picture)]).tensor[0, 0]
    luminance = picture @ np.array([0.114, 0.587, 0.299])
    clear = np.abs(luminance % 1 - 0.5) > 0.02  # fixed point may round a half either way
    np.testing.assert_allclose(tensor[clear], (np.round(luminance[clear]) / 255 - 0.5) / 0.25, atol=1e-6)


def test_grey_is_padded_too_and_buffers_are_used_again() -> None:
    used = Preprocessor(replace(FIXED, channel_order="GREY", pad_value=51))
    first = used([frame_of(noise(10, 64))])
    np.testing.assert_allclose(first.tensor[0, 0, :, 0], 0.2, atol=1e-6)
    second = used([frame_of(noise(96, 64, 5))]).tensor
    assert second is first.tensor
    np.testing.assert_allclose(second[0, 0] * 255, cv2.cvtColor(noise(96, 64, 5), cv2.COLOR_BGR2GRAY), atol=1e-4)
