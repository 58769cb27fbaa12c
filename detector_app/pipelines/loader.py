"""From a name or a file to a pipeline that is ready to run: card, checks, decoder, warm-up."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.errors import (
    CardInvalidError,
    CardMissingError,
    DecoderUnknownError,
    EmbedderError,
    ModelNotFoundError,
    NotAnOnnxFileError,
    PartOfModelError,
)
from detector_app.foreign_card import ultralytics_card
from detector_app.graph import TensorInfo
from detector_app.model_card import CARD_KEY, MOST_CHARACTERS, PART_OF_KEY, InputSpec, ModelCard
from detector_app.pipelines.anchor_decoder import anchor_decoder
from detector_app.pipelines.card_check import check_interface, check_outputs
from detector_app.pipelines.classifier import ROLES as SCORE_ROLES
from detector_app.pipelines.classifier import ClassifierPipeline, class_scores
from detector_app.pipelines.dense_decoder import ROLES, dense_decoder
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.embedded import CASCADE_FILE, SIGN, models_by_name
from detector_app.pipelines.fast_rcnn import FastRcnnPipeline, fast_rcnn_decoder, first_regions
from detector_app.pipelines.faster_rcnn import faster_rcnn_decoder
from detector_app.pipelines.known_models import card_of_known, known_as
from detector_app.pipelines.mtcnn.opening import OpenSession, open_cascade
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline
from detector_app.pipelines.nanodet_decoder import nanodet_decoder
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.providers import conflicting_wheels, default_threads
from detector_app.pipelines.rcnn import RcnnPipeline, rcnn_decoder
from detector_app.pipelines.reading.trying import interface_of
from detector_app.pipelines.selected import SelectedPipeline, first_thresholds, selected_decoder
from detector_app.pipelines.session import OnnxSession
from detector_app.pipelines.sidecar import completed, sidecar_of
from detector_app.pipelines.together import TogetherPipeline
from detector_app.pipelines.ultraface_decoder import ultraface_decoder
from detector_app.pipelines.yolo_v1 import yolo_v1_decoder
from detector_app.pipelines.yolox_decoder import yolox_decoder
from detector_app.pipelines.yunet_decoder import yunet_decoder

AnyPipeline = DetectorPipeline | ClassifierPipeline | MtcnnPipeline | TogetherPipeline

CASCADE = "mtcnn"
"""The decoder id of models that are several files."""
MOST_OUTPUTS_SHOWN = 12

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Family:
    """How models with one decoder id are run.

    Attributes:
        make_decoder: what reads the outputs, from the card; None when the card lacks what that needs. It goes into ``pipeline``.
        needs: what that is, for the message.
        pipeline: puts card, session, preprocessor and decoder together.
        tasks: what such models are for.
        further: the graph's inputs besides the picture, by name, with what a first run gives them.
    """

    make_decoder: Callable[[ModelCard], Any]
    needs: str
    pipeline: Callable[[ModelCard, OnnxSession, Preprocessor, Any], AnyPipeline] = DetectorPipeline
    tasks: tuple[str, ...] = ("detect", "faces")
    further: Callable[[ModelCard], dict[str, NDArray[Any]]] = lambda card: {}


FAMILIES: dict[str, Family] = {
    "yolo_anchor": Family(anchor_decoder, "heads"),
    "yolo_dense": Family(dense_decoder, f"classes and an output of role {' or '.join(ROLES)}"),
    "yolo_v1": Family(yolo_v1_decoder, "classes, a grid and an output of role grid"),
    "faster_rcnn": Family(
        faster_rcnn_decoder, "classes and outputs of the roles region_scores, region_boxes and picture_ids"
    ),
    "rcnn": Family(rcnn_decoder, "classes and outputs of the roles region_scores and region_deltas", RcnnPipeline),
    "fast_rcnn": Family(
        fast_rcnn_decoder,
        "classes and outputs of the roles region_scores and region_boxes",
        FastRcnnPipeline,
        further=first_regions,
    ),
    "selected": Family(
        selected_decoder,
        "outputs of the roles boxes, scores, class_ids and picture_ids",
        SelectedPipeline,
        further=first_thresholds,
    ),
    "yunet": Family(
        yunet_decoder,
        "outputs of the roles face_class_8, face_object_8, face_box_8, face_points_8, …",
        tasks=("faces",),
    ),
    "ultraface": Family(
        ultraface_decoder,
        "a fixed size and outputs of the roles face_scores or face_logits, and face_corners or face_offsets",
        tasks=("faces",),
    ),
    "yolox": Family(yolox_decoder, "classes and an output of role grid_dense"),
    "nanodet": Family(nanodet_decoder, "classes and outputs of the roles nanodet_scores_8, nanodet_sides_8, …"),
    "classifier": Family(
        class_scores, f"classes and an output of role {' or '.join(SCORE_ROLES)}", ClassifierPipeline, ("classify",)
    ),
}


def load_pipeline(
    path_or_name: str | Path,
    *,
    providers: tuple[str, ...] | None = None,
    strict: bool = False,
    threads: int | None = None,
    rect: bool | None = None,
    card: ModelCard | None = None,
) -> AnyPipeline:
    """Open an .onnx file, the folder of a cascade, or an embedded model by its name, and run it once.

    Args:
        path_or_name: a file, a folder, or a name among :func:`models_by_name`; or two of them with a "+" between, a detector of
            objects and one of faces, which then run together.
        providers: names in order of preference ("cuda", "cpu"), or None for the best here.
        strict: fail rather than run on another provider than the first asked for.
        threads: of the session; None for the physical cores.
        rect: inputs near the frame's aspect for dynamic graphs: a 16:9 frame costs 0.6 of a padded square and is seen as well.
            None for yes, except under TensorRT, which takes minutes to prepare for each size.
        card: how to read the model (of two, the first one), instead of what its file says or lacks.

    Raises:
        ModelNotFoundError, NotAnOnnxFileError, CardMissingError, CardInvalidError, CardVersionError, DecoderUnknownError,
        ModelMismatchError, ModelError, ProviderError, InferenceError, SettingError: each says what and the remedy.
    """
    _warn_of_conflicting_wheels()

    def open_session(path: Path, of_session: int | None) -> OnnxSession:
        return OnnxSession(path, providers=providers, strict=strict, threads=of_session)

    loaded: list[AnyPipeline] = []
    with ExitStack() as failed:
        for path in files_of(path_or_name):
            loaded.append(_load(path, open_session, rect, threads, None if loaded else card))
            failed.callback(loaded[-1].close)
        pipeline = loaded[0] if len(loaded) == 1 else TogetherPipeline(*loaded)
        failed.pop_all()
    return pipeline


def _load(
    path: Path, open_session: OpenSession, rect: bool | None, threads: int | None, card: ModelCard | None
) -> AnyPipeline:
    """The model whose card is ``card``, or in, or beside, the file at ``path``."""
    session = open_session(path, threads)
    try:
        card = card or read_card(session, path)
        if card.decoder == CASCADE:
            session.close()
            return open_cascade(card, path, open_session, threads or default_threads())
        family, decoder = _family(card, path)
        further = family.further(card)
        check_interface(card, session.graph, str(path), further)
        outputs = session.warm_up({card.input.name: black_picture(card.input), **further})
        check_outputs(decoder.axes(card), outputs, str(path))
        classifies = card.task == "classify"
        # What classifiers have learnt is their own aspect.
        rect = not classifies and (session.placement.main != "TensorRT" if rect is None else rect)
        preprocessor = Preprocessor(card.input, card.name, rect=rect, by_area=classifies)
        return family.pipeline(card, session, preprocessor, decoder)
    except BaseException:
        session.close()
        raise


def files_of(path_or_name: str | Path) -> tuple[Path, ...]:
    """The files with the cards of the models that are meant: one, or two for ``desk-yolo+mtcnn``.

    Raises:
        ModelNotFoundError, NotAnOnnxFileError: as :func:`resolve`.
    """
    if SIGN not in str(path_or_name) or Path(path_or_name).expanduser().exists():
        return (resolve(path_or_name),)
    objects, _, faces = str(path_or_name).rpartition(SIGN)  # a path may have one of its own
    return resolve(objects), resolve(faces)


def resolve(path_or_name: str | Path) -> Path:
    """The file with the card of the model that is meant: of a cascade, which is a folder, the first one.

    Raises:
        ModelNotFoundError: neither a file nor the name of a model that is here.
        NotAnOnnxFileError: a folder that holds no cascade.
    """
    known = models_by_name()
    if str(path_or_name) in known:
        return known[str(path_or_name)]
    path = Path(path_or_name).expanduser()
    if path.is_dir() and (path / CASCADE_FILE).is_file():
        return path / CASCADE_FILE
    if path.is_dir():
        raise NotAnOnnxFileError(str(path), detail="it is a folder")
    if not path.is_file():
        raise ModelNotFoundError(str(path_or_name), known=", ".join(known) or "none")
    return path


def read_card(session: OnnxSession, path: Path) -> ModelCard:
    """The card inside the file, or beside it as ``NAME.card.json``, or made from other exporters' metadata, or known of that very file.

    Raises:
        CardMissingError: none of them is there.
        PartOfModelError: it is a later file of a cascade, which has no card of its own.
        CardInvalidError, CardVersionError, DecoderUnknownError, ModelMismatchError: one is there, but cannot be used.
    """
    if PART_OF_KEY in session.metadata:
        raise PartOfModelError(str(path), expected=session.metadata[PART_OF_KEY])
    if CARD_KEY in session.metadata:
        return ModelCard.from_json(session.metadata[CARD_KEY], str(path))
    sidecar = sidecar_of(path)
    if sidecar.is_file():
        return ModelCard.from_json(completed(_read(sidecar), session.graph, path.stem, str(sidecar)), str(sidecar))
    foreign = ultralytics_card(session.metadata, session.graph, path.stem, str(path))
    if foreign is not None:
        return foreign
    known = known_as(path)
    of_known = None if known is None else card_of_known(known, interface_of(path))
    if of_known is not None:
        return of_known
    raise CardMissingError(str(path), found=_some(session.graph.outputs), expected=sidecar.name)


def _some(outputs: tuple[TensorInfo, ...]) -> str:
    """The first outputs with their shapes, and how many more there are."""
    shown = ", ".join(f"{o.name} {list(o.shape)}" for o in outputs[:MOST_OUTPUTS_SHOWN])
    more = len(outputs) - MOST_OUTPUTS_SHOWN
    return f"{shown}, … ({more} more)" if more > 0 else shown


def read_card_file(path: Path) -> ModelCard:
    """The card in a JSON file.

    Raises:
        CardInvalidError, CardVersionError: it cannot be read, or is no card.
    """
    return ModelCard.from_json(_read(path), str(path))


def _read(sidecar: Path) -> str:
    try:
        size = sidecar.stat().st_size
        if size > MOST_CHARACTERS:
            raise CardInvalidError(
                str(sidecar), field="file", found=f"{size:,} bytes", expected=f"at most {MOST_CHARACTERS:,}"
            )
        return sidecar.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CardInvalidError(str(sidecar), field="file", found=str(error), expected="UTF-8 text") from error


def black_picture(spec: InputSpec) -> NDArray[np.generic]:
    """One black picture of the default size, as the input takes it."""
    (height, width), channels = spec.size_hw, spec.channels
    return np.zeros((1, channels, height, width) if spec.layout == "NCHW" else (1, height, width, channels), spec.dtype)


@functools.lru_cache(maxsize=1)
def _warn_of_conflicting_wheels() -> None:
    """Once: the two wheels overwrite each other's files, and then even the CPU may fail in strange ways."""
    if both := conflicting_wheels():
        _log.warning("%s are both installed; uninstall both, then install one of them again", " and ".join(both))


def _family(card: ModelCard, path: Path) -> tuple[Family, Any]:
    """The family of the card's decoder id, and what it made of the card."""
    if card.task == "embed":
        raise EmbedderError(str(path))
    family = FAMILIES.get(card.decoder)
    if family is None:
        raise DecoderUnknownError(str(path), found=card.decoder, expected=", ".join((*FAMILIES, CASCADE)))
    if card.task not in family.tasks:
        expected = f"{' or '.join(family.tasks)} with the decoder {card.decoder}"
        raise CardInvalidError(str(path), field="task", found=card.task, expected=expected)
    decoder = family.make_decoder(card)
    if decoder is None:
        raise CardInvalidError(str(path), field="heads and outputs", found="none", expected=family.needs)
    return family, decoder
