"""From a name or a file to a pipeline that is ready to run: card, checks, decoder, warm-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.errors import CardMissingError, DecoderUnknownError, ModelNotFoundError, NotAnOnnxFileError
from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.anchor_decoder import AnchorDecoder
from detector_app.pipelines.candidates import Decoder
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.embedded import embedded_models
from detector_app.pipelines.preprocess import Fit, Preprocessor
from detector_app.pipelines.session import OnnxSession, zeros_like_input
from detector_app.vision.letterbox import Letterbox


@dataclass(frozen=True)
class Family:
    """How models with one decoder id are run. ``rect`` and ``fit`` as :class:`Preprocessor` takes them."""

    make_decoder: Callable[[ModelCard], Decoder]
    rect: bool = False
    fit: Fit = Letterbox.fit


FAMILIES: dict[str, Family] = {
    "yolo_anchor": Family(AnchorDecoder.from_card),
}


def load_pipeline(
    path_or_name: str | Path,
    *,
    providers: tuple[str, ...] | None = None,
    strict: bool = False,
    threads: int | None = None,
    rect: bool | None = None,
) -> DetectorPipeline:
    """Open an .onnx file, or an embedded model by its name, and run it once.

    Args:
        path_or_name: a file, or a name among :func:`embedded_models`.
        providers: names in order of preference ("cuda", "cpu"), or None for the best here.
        strict: fail rather than run on another provider than the first asked for.
        threads: of the session; None for the physical cores.
        rect: inputs near the frame's aspect for dynamic graphs; None for what the model's family is used to.

    Raises:
        ModelNotFoundError, NotAnOnnxFileError, CardMissingError, CardInvalidError, CardVersionError, DecoderUnknownError,
        ModelMismatchError, ModelError, ProviderError, InferenceError, SettingError: each says what and the remedy.
    """
    path = resolve(path_or_name)
    session = OnnxSession(path, providers=providers, strict=strict, threads=threads)
    try:
        card = read_card(session, path)
        family = _family(card, path)
        spec = card.input
        session.warm_up({spec.name: zeros_like_input(session.graph.inputs[0], spec.size_hw, spec.layout)})
        preprocessor = Preprocessor(spec, card.name, rect=family.rect if rect is None else rect, fit=family.fit)
        return DetectorPipeline(card, session, preprocessor, family.make_decoder(card))
    except BaseException:
        session.close()
        raise


def resolve(path_or_name: str | Path) -> Path:
    """The file that is meant.

    Raises:
        ModelNotFoundError: neither a file nor the name of an embedded model.
        NotAnOnnxFileError: a folder.
    """
    known = embedded_models()
    if str(path_or_name) in known:
        return known[str(path_or_name)]
    path = Path(path_or_name).expanduser()
    if path.is_dir():
        raise NotAnOnnxFileError(str(path), detail="it is a folder")
    if not path.is_file():
        raise ModelNotFoundError(str(path_or_name), known=", ".join(known) or "none")
    return path


def read_card(session: OnnxSession, path: Path) -> ModelCard:
    """The card inside the file, or beside it as ``NAME.card.json``."""
    if CARD_KEY in session.metadata:
        return ModelCard.from_json(session.metadata[CARD_KEY], str(path))
    sidecar = path.with_suffix(".card.json")
    if sidecar.is_file():
        return ModelCard.from_json(sidecar.read_text(encoding="utf-8"), str(sidecar))
    found = ", ".join(f"{o.name} {list(o.shape)}" for o in session.graph.outputs)
    raise CardMissingError(str(path), found=found, expected=sidecar.name)


def _family(card: ModelCard, path: Path) -> Family:
    family = FAMILIES.get(card.decoder)
    if family is None:
        raise DecoderUnknownError(str(path), found=card.decoder, expected=", ".join(FAMILIES))
    return family
