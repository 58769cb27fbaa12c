"""An open embedder: aligned faces in, unit-length vectors out, of which near ones belong to one person."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector_app.errors import InferenceError, ModelMismatchError, ModelNotFoundError, NotAnOnnxFileError
from detector_app.faces.alignment import align
from detector_app.faces.distance import unit
from detector_app.faces.errors import NotAnEmbedderError
from detector_app.faces.refusals import CropTooSmallError, NotAFaceError
from detector_app.model_card import EmbeddingSpec, ModelCard
from detector_app.pipelines.card_check import check_interface
from detector_app.pipelines.embedded import embedded_embedders
from detector_app.pipelines.loader import black_picture, read_card
from detector_app.pipelines.pixels import PixelWriter
from detector_app.pipelines.placement import Placement
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import BgrImage

DEFAULT_EMBEDDER = "orl-faces"
ROLE = "embedding"
MOST_AT_ONCE = 64
"""Faces in one run of the graph, so that a crowd does not fill the memory."""


class Embedder:
    """See the module's text. May be called from several threads; one at a time runs. ``close`` it in the end."""

    def __init__(self, card: ModelCard, session: OnnxSession, model_hash: str) -> None:
        """Made by :meth:`open`."""
        spec = card.embedding
        if spec is None:
            raise ValueError("the card of an embedder says how faces are laid")
        self.card, self.spec, self.model_hash = card, spec, model_hash
        self._session = session
        self._writer = PixelWriter(card.input)
        self._output = next(output.name for output in card.outputs if output.role == ROLE)
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        path_or_name: str | Path = DEFAULT_EMBEDDER,
        *,
        providers: tuple[str, ...] | None = None,
        strict: bool = False,
        threads: int | None = None,
    ) -> Embedder:
        """Open an .onnx file, or one of :func:`~detector_app.pipelines.embedded.embedded_embedders` by its name, and run it once.

        A file from elsewhere (SFace, ArcFace) needs a card beside it, ``NAME.card.json``.

        Raises:
            NotAnEmbedderError: its card names another task.
            ModelError: as of :func:`~detector_app.pipelines.loader.load_pipeline`.
        """
        path = _resolve(path_or_name)
        session = OnnxSession(path, providers=providers, strict=strict, threads=threads)
        try:
            card = read_card(session, path)
            spec = _embedding_of(card, path)
            check_interface(card, session.graph, str(path))
            with path.open("rb") as file:
                model_hash = hashlib.file_digest(file, "sha256").hexdigest()
            embedder = cls(card, session, model_hash)
            found = session.warm_up({card.input.name: black_picture(card.input)})[embedder._output]
            _check_dimension(found, spec, str(path))
        except BaseException:
            session.close()
            raise
        return embedder

    @property
    def name(self) -> str:
        """The model's, from its card."""
        return self.card.name

    @property
    def threshold(self) -> float | None:
        """The card's: two pictures at most so far apart are of one person; None if nobody measured it."""
        return self.spec.threshold

    @property
    def size_wh(self) -> tuple[int, int]:
        """Of its crops."""
        height, width = self.card.input.size_hw
        return width, height

    @property
    def placement(self) -> Placement:
        """Where the graph really runs."""
        return self._session.placement

    def align(self, image_bgr: BgrImage, landmarks_xy: ArrayLike, where: str = "") -> BgrImage:
        """The crop that :meth:`embed` takes, of the face whose (5, 2) landmarks lie in ``image_bgr``.

        Raises:
            CropTooSmallError: the picture is empty.
            NotAFaceError: the landmarks tell no place.
        """
        if image_bgr.ndim != 3 or not image_bgr.size:
            raise CropTooSmallError(where, found="no")
        try:
            return align(image_bgr, landmarks_xy, self.spec.landmarks_xy_px, self.size_wh)
        except ValueError as error:
            raise NotAFaceError(where) from error

    def embed(self, crops: Sequence[BgrImage]) -> FloatArray:
        """Aligned crops of the input's size → (N, dimension) float32 of unit length. No crops give no rows.

        Raises:
            CropTooSmallError: a crop has another size: it was not aligned.
            InferenceError: the session failed, or what came out is no direction.
        """
        for crop in crops:
            if crop.ndim != 3 or crop.shape[1::-1] != self.size_wh:
                raise CropTooSmallError(self.name, found="×".join(map(str, crop.shape[1::-1])))
        parts = [self._run(crops[i : i + self._batch]) for i in range(0, len(crops), self._batch)]
        return unit(np.concatenate([np.zeros((0, self.spec.dimension), np.float32), *parts]))

    def close(self) -> None:
        """Release the session."""
        self._session.close()

    @property
    def _batch(self) -> int:
        return MOST_AT_ONCE if self.card.input.dynamic_batch else 1

    def _run(self, crops: Sequence[BgrImage]) -> FloatArray:
        with self._lock:
            found = self._session.run({self.card.input.name: self._tensor(crops)})[self._output]
        vectors = found.reshape(len(crops), -1).astype(np.float32)
        if not (np.isfinite(vectors).all() and vectors.any(axis=1).all()):
            raise InferenceError(self.name, detail="the embedding of a face is not finite, or zero")
        return vectors

    def _tensor(self, crops: Sequence[BgrImage]) -> NDArray[Any]:
        spec = self.card.input
        tensor = np.empty((len(crops), *black_picture(spec).shape[1:]), spec.dtype)
        for slot, crop in zip(tensor, crops, strict=True):
            self._writer.write(crop, slot if spec.layout == "NCHW" else slot.transpose(2, 0, 1))
        return tensor


def _resolve(path_or_name: str | Path) -> Path:
    known = embedded_embedders()
    if str(path_or_name) in known:
        return known[str(path_or_name)]
    path = Path(path_or_name).expanduser()
    if path.is_dir():
        raise NotAnOnnxFileError(str(path), detail="it is a folder")
    if not path.is_file():
        raise ModelNotFoundError(str(path_or_name), known=", ".join(known) or "none")
    return path


def _embedding_of(card: ModelCard, path: Path) -> EmbeddingSpec:
    """What the card says of the embedding."""
    if card.task != "embed" or card.embedding is None:
        raise NotAnEmbedderError(str(path), found=card.task, known=", ".join(embedded_embedders()) or "none")
    roles = [output.role for output in card.outputs]
    if ROLE not in roles:
        raise ModelMismatchError(str(path), field="roles of the outputs", found=roles, expected=ROLE)
    return card.embedding


def _check_dimension(found: NDArray[Any], spec: EmbeddingSpec, where: str) -> None:
    """Of the one black picture's embedding."""
    if found.size != spec.dimension:
        raise ModelMismatchError(where, field="dimension", found=list(found.shape), expected=spec.dimension)
