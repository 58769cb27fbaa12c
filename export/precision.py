"""``--fp16`` and ``--int8`` as variants of an export: changed, compared with the full graph, and judged on annotated pictures."""

from __future__ import annotations

import argparse
import functools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from export.arguments import Argument
from export.calibration import calibration_files, input_tensor
from export.draft import Draft, Variant
from export.errors import ExportError
from export.half import to_half
from export.judging import LARGEST_DROP, Verdict, judge, refuse_beyond
from export.labelled import TODO, Labelled, given, sibling
from export.proof import Allowed, Part, Proof, proof_of
from export.quantise import quantised_share, to_int8
from export.recipe import Tolerance
from export.value_comparison import difference_of

IN_HALF = Allowed(Tolerance(absolute=0.05, relative=0.05), boxes=False)
"""Half precision resolves a two-thousandth. Networks of eighty layers were seen to add that up to three thousandths of the largest value
on photographs, and to twenty on the drawn ones and the noise of the verification."""
IN_EIGHT_BITS = Tolerance(absolute=0.05, relative=1.0)
"""Single values may lie as far off as the largest one is large; only a broken graph lies further. Pictures judge what that means."""
COMPARED = 8
"""So many pictures of the calibration are compared value by value."""
SAMPLE = 2000

ARGUMENTS = (
    Argument("--fp16", "compute the layers in half precision, heads and boxes in float32; for GPUs", "flag"),
    Argument("--int8", "compute the layers in eight bits, heads and boxes in float32; for TensorRT", "flag"),
    Argument("--calibrate", "with --int8: pictures such as the model will see", "folder"),
    Argument(
        "--annotations",
        "with --fp16 or --int8: COCO annotations of the pictures to judge on; default of --int8: those beside --calibrate",
        "file",
        suffixes=(".json",),
    ),
    Argument("--images", "their pictures; of a classifier a folder with one for each class in it", "folder"),
    Argument(
        "--largest-drop",
        "with --fp16 or --int8: how much mAP50 (of a classifier accuracy) may be lost, 0 to 1",
        default=f"{LARGEST_DROP:g}",
        metavar="D",
    ),
)


@dataclass(frozen=True)
class Chosen:
    """What the options say of judging.

    Attributes:
        calibrate: folder of pictures; None with half precision.
        annotations, images: to judge on.
        largest_drop: of the metric, 0–1.
    """

    calibrate: Path | None = None
    annotations: Path | None = None
    images: Path | None = None
    largest_drop: float = LARGEST_DROP


def chosen_precision(options: argparse.Namespace) -> Variant | None:
    """The variant that the options ask for, if any.

    Raises:
        ExportError: they do not go together.
    """
    where = str(options.out)
    if not (options.fp16 or options.int8):
        for name in ("calibrate", "annotations", "images"):
            if getattr(options, name) is not None:
                raise ExportError(
                    where, what=f"--{name} is for --int8 or --fp16", todo="Add one of them, or leave it out."
                )
        return None
    if options.fp16 and options.int8:
        raise ExportError(where, what="--fp16 and --int8 exclude each other", todo="Choose one of them.")
    if options.int8 and options.calibrate is None:
        raise ExportError(where, what="--int8 needs pictures", todo="Give a folder of them with --calibrate DIR.")
    if options.fp16 and options.calibrate is not None:
        raise ExportError(where, what="half precision needs no calibration", todo="Leave --calibrate out.")
    drop = _share(options.largest_drop, where)
    chosen = Chosen(options.calibrate, options.annotations, options.images, drop)
    return half_variant(chosen) if options.fp16 else int8_variant(chosen)


def half_variant(chosen: Chosen) -> Variant:
    """Half precision: values are compared with PyTorch's, and boxes judged if annotated pictures are given."""
    step = _Step(chosen)
    return Variant("fp16", "Converting the layers to half precision", step.halve, IN_HALF, step.judge_half)


def int8_variant(chosen: Chosen) -> Variant:
    """Eight bits; values and boxes are compared with those of the full graph on the pictures themselves."""
    step = _Step(chosen)
    return Variant("int8", "Calibrating and converting the layers to eight bits", step.quantise, None, step.judge_int8)


@dataclass
class _Step:
    """One variant on its way: keeps the full graph for the comparison."""

    chosen: Chosen
    full: tuple[onnx.ModelProto, ModelCard] | None = None
    files: tuple[Path, ...] = field(default_factory=tuple)

    def halve(self, model: onnx.ModelProto, card: ModelCard) -> tuple[onnx.ModelProto, ModelCard]:
        found = given(self.chosen.annotations, self.chosen.images, card)  # complain before the work
        if found is None and chooses_regions(card):
            what = "half precision chooses other regions, so only annotated pictures can tell whether as much is found"
            raise ExportError(card.name, what=what, todo="Give some with --annotations FILE and --images DIR.")
        self._keep(model, card)
        return to_half(model, card)

    def quantise(self, model: onnx.ModelProto, card: ModelCard) -> tuple[onnx.ModelProto, ModelCard]:
        assert self.chosen.calibrate is not None  # noqa: S101 (asked for with the options)
        if chooses_regions(card):
            what = "ONNX Runtime's calibration does not take a graph that may choose no region, as this one may"
            raise ExportError(card.name, what=what, todo="Take --fp16 instead of --int8.")
        with self._labelled(card) as labelled:
            if labelled is None:
                what = "there are no annotated pictures beside it to judge the result on"
                raise ExportError(str(self.chosen.calibrate), what=what, todo=TODO)
            self.files = calibration_files(self.chosen.calibrate, labelled.files())
        self._keep(model, card)
        return to_int8(model, card, [functools.partial(input_tensor, path, card) for path in self.files])

    def judge_half(self, draft: Draft) -> Draft:
        """Add what judging says, if there is anything to judge on."""
        verdict = self._verdict(draft)
        if verdict is None:
            return _noted(
                draft, "float16 layers; not judged on pictures: none were given with --annotations and --images"
            )
        return _judged(draft, verdict, self.chosen.largest_drop, "float16 layers")

    def judge_int8(self, draft: Draft) -> Draft:
        """Replace the proof of the full graph by one of this graph, and add what judging says."""
        full, card = self._full
        some = self.files[:: max(1, len(self.files) // COMPARED)][:COMPARED]
        tensors = [input_tensor(path, card) for path in some]
        proof = compared(full, draft.model, card, tensors)
        verdict = self._verdict(draft)
        assert verdict is not None  # noqa: S101 (quantise has seen to it)
        share, count = quantised_share(draft.model), len(self.files)
        ranges = f"ranges from {count} pictures by percentile; values compared with float32 on {len(some)} of them"
        how = f"int8 in {share:.0%} of the weights; {ranges}"
        return _judged(replace(draft, proof=proof), verdict, self.chosen.largest_drop, how)

    @property
    def _full(self) -> tuple[onnx.ModelProto, ModelCard]:
        assert self.full is not None  # noqa: S101 (the change comes first)
        return self.full

    def _keep(self, model: onnx.ModelProto, card: ModelCard) -> None:
        self.full = onnx.ModelProto.FromString(model.SerializeToString()), card

    @contextmanager
    def _labelled(self, card: ModelCard) -> Iterator[Labelled | None]:
        with tempfile.TemporaryDirectory(prefix="detector-export-") as folder:
            found = given(self.chosen.annotations, self.chosen.images, card)
            if found is None and self.chosen.calibrate is not None:
                found = sibling(self.chosen.calibrate, card, Path(folder))
            yield found

    def _verdict(self, draft: Draft) -> tuple[Verdict, str] | None:
        full, card = self._full
        with self._labelled(card) as labelled:
            return (
                None if labelled is None else (judge(full, draft.model, (card, draft.card), labelled), labelled.title)
            )


def compared(
    full: onnx.ModelProto, variant: onnx.ModelProto, card: ModelCard, tensors: Sequence[NDArray[Any]]
) -> Proof:
    """Values of both graphs on the same inputs, under ONNX Runtime on the CPU.

    Raises:
        DisagreementError: they lie so far apart that the graph must be broken.
        ExportError: ONNX Runtime does not run the variant.
    """
    rows, values = [], []
    names = [output.name for output in card.outputs]
    sessions = [_session(model, card.name) for model in (full, variant)]
    for tensor in tensors:
        expected, found = ([np.asarray(one) for one in s.run(names, {card.input.name: tensor})] for s in sessions)
        for name, theirs, ours in zip(names, expected, found, strict=True):
            rows.append(difference_of(name, ours, theirs, tensor.shape, IN_EIGHT_BITS).check(card.name))
            step = max(theirs.size // SAMPLE, 1)
            values.append(np.stack((theirs.reshape(-1)[::step], ours.reshape(-1)[::step]), 1).astype(np.float64))
    worst = [max((row for row in rows if row.output == name), key=lambda row: row.max_abs) for name in names]
    return proof_of([Part(tuple(worst), values=np.concatenate(values))], ())


def chooses_regions(card: ModelCard) -> bool:
    """Whether the graph has a region proposal network inside, whose choice rounding changes."""
    return card.decoder == "faster_rcnn"


def _session(model: onnx.ModelProto, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common root of their own
        said = " ".join(str(error).split()).rstrip(".")
        raise ExportError(name, what=f"ONNX Runtime refuses the graph: {said}", todo="Nothing was written.") from error


def _judged(draft: Draft, found: tuple[Verdict, str], largest_drop: float, how: str) -> Draft:
    """The draft with both metrics in its card and a sentence in its proof, unless it lost too much."""
    verdict, title = found
    refuse_beyond(verdict, draft.card, largest_drop)
    metrics = {f"{verdict.metric}/float32": verdict.full, f"{verdict.metric}/{draft.card.precision}": verdict.variant}
    card = replace(draft.card, metrics={**draft.card.metrics, **metrics})
    note = (
        f"{how}; {verdict.metric} {verdict.variant:.4f} instead of {verdict.full:.4f} on {verdict.pictures} pictures of {title}, "
        f"a drop of {verdict.drop:.4f}; {largest_drop:g} was allowed"
    )
    return _noted(replace(draft, card=card), note)


def _noted(draft: Draft, note: str) -> Draft:
    report = draft.proof.report
    return replace(draft, proof=replace(draft.proof, report=replace(report, notes=(*report.notes, note))))


def _share(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        what = f"--largest-drop cannot be “{text}”; it is a part of 1"
        raise ExportError(where, what=what, todo=f"Give a number from 0 to 1, as in {LARGEST_DROP:g}.")
    return value
