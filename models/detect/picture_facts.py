"""What a picture file is, told without keeping its pixels: content hash, size, and a fingerprint that copies share."""

import hashlib
import io
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm import tqdm

FINGERPRINT_SIDE = 16
ORIENTATION = 0x0112
TURNED = (5, 6, 7, 8)


@dataclass(frozen=True)
class PictureFacts:
    """One readable picture.

    Attributes:
        sha256: of the file's bytes.
        stored_wh: width and height as stored.
        upright_wh: the same after its EXIF turn, as it is seen.
        fingerprint: 32 bytes, one bit for each of 16 × 16 places: whether the picture gets brighter from there to the
            right. Copies that were scaled, compressed anew or brightened differ in few bits (a difference hash).
    """

    sha256: str
    stored_wh: tuple[int, int]
    upright_wh: tuple[int, int]
    fingerprint: bytes


def read_all_facts(paths: Sequence[Path]) -> Mapping[Path, PictureFacts | str]:
    """For each existing file its facts, or what is wrong with it. A bar shows the way on a terminal."""
    existing = [path for path in dict.fromkeys(paths) if path.is_file()]
    with warnings.catch_warnings(), ThreadPoolExecutor() as pool:
        warnings.filterwarnings("ignore", module="PIL.*")  # odd EXIF is no obstacle; a broken picture is told below
        found = tqdm(pool.map(_facts, existing), "reading pictures", len(existing), leave=False, disable=None)
        return dict(zip(existing, found, strict=True))


def _facts(path: Path) -> PictureFacts | str:
    try:
        content = path.read_bytes()
        if not content:
            return "the file is empty"
        with Image.open(io.BytesIO(content)) as image:
            stored, turn = image.size, image.getexif().get(ORIENTATION)
            image.draft(
                "L", (4 * FINGERPRINT_SIDE, 4 * FINGERPRINT_SIDE)
            )  # JPEG can be decoded small, eight times as fast
            fingerprint = _fingerprint(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        return "no picture, or of an unknown kind"
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        return str(error).replace(str(path), path.name) or type(error).__name__
    upright = stored[::-1] if turn in TURNED else stored
    return PictureFacts(hashlib.sha256(content).hexdigest(), stored, (upright[0], upright[1]), fingerprint)


def _fingerprint(image: Image.Image) -> bytes:
    small = image.convert("L").resize((FINGERPRINT_SIDE + 1, FINGERPRINT_SIDE), Image.Resampling.BOX)
    values = np.asarray(small, np.int16)
    return np.packbits(values[:, 1:] > values[:, :-1]).tobytes()


def bits_apart(ones: Sequence[bytes], others: Sequence[bytes]) -> NDArray[np.int64]:
    """(len(ones), len(others)) int64: in how many of 256 bits each pair of fingerprints differs."""
    left, right = _signs(ones), _signs(others)
    apart: NDArray[np.int64] = np.rint((left.shape[1] - left @ right.T) / 2).astype(np.int64)
    return apart


def _signs(fingerprints: Sequence[bytes]) -> NDArray[np.float32]:
    """One row of ±1 for each: the product of two rows counts the bits that agree less those that differ."""
    joined = np.frombuffer(b"".join(fingerprints), np.uint8)
    signs: NDArray[np.float32] = (
        np.unpackbits(joined).reshape(len(fingerprints), FINGERPRINT_SIDE**2) * np.float32(2) - 1
    )
    return signs
