"""The proof that a graph says what its network says: both run on inputs and batch sizes that the tracer never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from export.box_comparison import Compared, Level, Question, compare_boxes, levels
from export.candidates import Candidates, Decoder, card_decoder, names_of, selected
from export.errors import ExportError
from export.proof import Allowed, Part, Proof, joined, proof_of
from export.recipe import Recipe, Tolerance
from export.selection import Matching, match, select
from export.signature import check_shapes, inputs_of, outputs_of
from export.twins import TODO, Outputs, Twins, altered, twins
from export.value_comparison import difference_of
from export.verification_inputs import Case, as_tensor, cases

__all__ = ["Allowed", "Proof", "joined", "verify"]

Array = NDArray[Any]
SAMPLE = 2000
"""Values of an output that are kept for the picture."""
SHAKES = 16


def verify(model: bytes, recipe: Recipe, card: ModelCard, allowed: Allowed, seed: int = 0) -> Proof:
    """Compare a serialized graph under ONNX Runtime (CPU) with the recipe's network under PyTorch: values, and the boxes made of them.

    Args:
        model: the graph.
        recipe: the network, and what was declared of it.
        card: of the graph; the recipe's, or that of a variant.
        allowed: how far they may lie apart.
        seed: of the inputs.

    Raises:
        DisagreementError: an output differs by more than is allowed.
        ExportError: boxes differ; the graph does not run, or an output has another shape; the network puts out values that are not finite.
    """
    both = twins(model, recipe, card)
    decoders = _decoders(recipe, card)
    parts: list[Part] = []
    asked: tuple[Level, ...] = ()
    for case in cases(recipe, seed):
        here = both if case.alteration is None else altered(model, recipe, card, case.alteration)
        part, asked = _compare(here, case, decoders, allowed, asked)
        parts.append(part)
    return proof_of(parts, (f"pictures, noise and black by seed {seed}; ONNX Runtime on the CPU",))


def _decoders(recipe: Recipe, card: ModelCard) -> tuple[Decoder, Decoder] | None:
    """How PyTorch's outputs become candidates, and how the graph's do; None for a model that finds no boxes."""
    theirs = card_decoder(card)
    ours = recipe.decode or card_decoder(recipe.card)
    return None if ours is None or theirs is None else (ours, theirs)


def _compare(
    both: Twins, case: Case, decoders: tuple[Decoder, Decoder] | None, allowed: Allowed, asked: tuple[Level, ...]
) -> tuple[Part, tuple[Level, ...]]:
    """One input; ``asked`` are the thresholds of the first one, which hold for those that have nothing of their own to tell apart."""
    expected = both.expected(case)
    _check_shapes(both.recipe, both.recipe.card, case, expected)
    if both.card.inside is not None:
        return _compare_selected(both, case, expected, decoders, allowed, asked)
    found = both.found(case)
    _check_rows(both, case, expected, found, allowed)
    part = _compare_values(both, case, expected, found, allowed)
    if decoders is None or not allowed.boxes:
        return part, asked
    size_hw = case.shape[2:]
    ours, theirs = (decode(outputs, size_hw) for decode, outputs in zip(decoders, (expected, found), strict=True))
    own = _levels(case, ours, asked)
    compared = []
    for level in own:
        question = _question(both, case, level, allowed)
        answer = select(theirs, level.score, question.iou, question.most)
        compared.append(compare_boxes(question, ours, answer, _shaken(both, case, decoders[0], allowed)))
    return _with_boxes(part, compared), asked or own


def _compare_selected(
    both: Twins,
    case: Case,
    expected: Outputs,
    decoders: tuple[Decoder, Decoder] | None,
    allowed: Allowed,
    asked: tuple[Level, ...],
) -> tuple[Part, tuple[Level, ...]]:
    """The same for a graph that selects for itself: it is asked once for each threshold."""
    inside = both.card.inside
    assert inside is not None and decoders is not None  # noqa: S101, PT018 (a selection is of boxes)
    ours = decoders[0](expected, case.shape[2:])
    own = _levels(case, ours, asked)
    compared, rows = [], []
    for level in own:
        question = _question(both, case, level, allowed)
        thresholds = {inside.score_input: level.score, inside.iou_input: question.iou}
        further = {name: np.array([value], np.float32) for name, value in thresholds.items()}
        found = both.found(case, further)
        _check_shapes(both.recipe, both.card, case, found)
        one = compare_boxes(question, ours, selected(both.card, found), _shaken(both, case, decoders[0], allowed))
        compared.append(one)
        tolerances = {"boxes": Tolerance(allowed.box_px, 0), "scores": Tolerance(allowed.score, 0)}
        gaps = {"boxes": one.box_px, "scores": np.abs(np.subtract(*one.scores.T))}
        names = names_of(both.card, tuple(gaps))
        rows += [
            difference_of(names[role], gap, np.zeros_like(gap), case.shape, tolerances[role]).check(both.card.name)
            for role, gap in gaps.items()
        ]
    return _with_boxes(Part(tuple(rows)), compared), asked or own


def _levels(case: Case, ours: Candidates, asked: tuple[Level, ...]) -> tuple[Level, ...]:
    """Thresholds of the input's own scores, or those asked before where there is nothing to see."""
    return asked if asked and (case.title in ("black", "dark") or not len(ours)) else levels(ours.scores)


def _question(both: Twins, case: Case, level: Level, allowed: Allowed) -> Question:
    card = both.card
    most = card.inside.most if card.inside is not None else card.thresholds.max_detections
    outputs = tuple(output.name for output in card.outputs)
    return Question(card.name, outputs, case.title, case.shape, level, card.thresholds.iou, most, allowed)


def _with_boxes(part: Part, compared: Sequence[Compared]) -> Part:
    scores = np.concatenate([one.scores for one in compared]) if compared else np.zeros((0, 2))
    box_px = np.concatenate([one.box_px for one in compared]) if compared else np.zeros(0)
    return Part(part.rows, tuple(one.row for one in compared), scores, box_px, part.values)


def _shaken(both: Twins, case: Case, decode: Decoder, allowed: Allowed) -> Callable[[], Iterator[Candidates]]:
    """PyTorch's candidates of the input as it is, and of such as are hardly others."""

    def candidates() -> Iterator[Candidates]:
        yield decode(both.expected(case), case.shape[2:])
        for outputs in _shaken_outputs(both, case, allowed):
            yield decode(outputs, case.shape[2:])

    return candidates


def _shaken_outputs(both: Twins, case: Case, allowed: Allowed) -> Iterator[Outputs]:
    tensor = as_tensor(case.pixels, both.recipe.card.input)
    reach = allowed.shake * max(float(np.abs(tensor).max(initial=0.0)), 1.0)
    generator = np.random.default_rng(1)
    for _ in range(SHAKES):
        yield both.expected(case, generator.uniform(-reach, reach, tensor.shape))


def _compare_values(both: Twins, case: Case, expected: Outputs, found: Outputs, allowed: Allowed) -> Part:
    """All outputs; of regions that the graph found itself, those that both found."""
    if both.recipe.rows:
        ours, theirs = (_regions(both.card, outputs) for outputs in (expected, found))
        pairs = _matched(ours, theirs, allowed).pairs
        expected = {name: values[pairs[:, 0]] for name, values in expected.items()}
        found = {name: values[pairs[:, 1]] for name, values in found.items()}
    rows, values = [], []
    for name, theirs_of in expected.items():
        tolerance = allowed.values or both.recipe.tolerance_of(name)
        difference = difference_of(name, found[name], theirs_of, case.shape, tolerance)
        rows.append(difference.check(both.recipe.card.name))
        step = max(theirs_of.size // SAMPLE, 1)
        values.append(np.stack((theirs_of.reshape(-1)[::step], found[name].reshape(-1)[::step]), 1).astype(np.float64))
    return Part(tuple(rows), values=np.concatenate(values))


def _matched(one: Candidates, other: Candidates, allowed: Allowed) -> Matching:
    return match(one, other, allowed.box_px, allowed.score).within(allowed.box_px, allowed.score)


def _regions(card: ModelCard, outputs: Outputs) -> Candidates:
    """Proposed regions as boxes of one class."""
    names = names_of(card, ("picture_ids", "proposals", "objectness"))
    pictures, boxes, sure = (outputs[names[role]] for role in ("picture_ids", "proposals", "objectness"))
    return Candidates(
        pictures.astype(np.int64), boxes.astype(np.float64), sure.astype(np.float64), np.zeros(len(sure), np.int64)
    )


def _check_shapes(recipe: Recipe, card: ModelCard, case: Case, outputs: Outputs) -> None:
    inputs = inputs_of(recipe, card)[: 1 + len(recipe.companions)]
    tensors = outputs_of(recipe, card)
    pictures = as_tensor(case.pixels[:, :, :1, :1], card.input)
    count, _, height, width = case.shape
    sides = (count, height, width, pictures.shape[3]) if card.input.layout == "NHWC" else case.shape
    shapes = [sides, *(values.shape for values in case.companions.values()), *(outputs[t.name].shape for t in tensors)]
    check_shapes(card.name, (*inputs, *tensors), shapes, str(case.shape))


def _check_rows(both: Twins, case: Case, expected: Outputs, found: Outputs, allowed: Allowed) -> None:
    """The graph's outputs have the shapes of PyTorch's, and of regions that it found itself the same ones."""
    if not both.recipe.rows:
        for name, ours in found.items():
            if ours.shape != expected[name].shape:
                what = (
                    f"output {name} has shape {ours.shape} on input {case.shape}, PyTorch gives {expected[name].shape}"
                )
                raise ExportError(both.recipe.card.name, what=what, todo=TODO)
        return
    _check_shapes(both.recipe, both.card, case, found)
    if (
        not allowed.boxes
    ):  # coarse rounding chooses other regions; the values of those that both chose are still compared
        return
    ours_, theirs = (_regions(both.card, outputs) for outputs in (expected, found))
    differing = sum(map(len, _matched(ours_, theirs, allowed).alone))
    if not differing:
        return
    shaken = [_regions(both.card, outputs) for outputs in _shaken_outputs(both, case, allowed)]
    usual = max(sum(map(len, _matched(ours_, one, allowed).alone)) for one in shaken)
    if differing > max(4, 2 * usual):
        what = (
            f"{differing} of {len(ours_)} proposed regions differ from PyTorch's on input {case.shape}; "
            f"a change of the input by {allowed.shake:g} makes {usual} of them others"
        )
        raise ExportError(both.recipe.card.name, what=what, todo=TODO)
