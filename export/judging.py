"""How much worse a variant finds things than the full graph: both are judged by ``detector-app eval`` on the same annotated pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx

from detector_app.model_card import CARD_KEY, ModelCard
from export.errors import ExportError
from export.labelled import Labelled

LARGEST_DROP = 0.02
METRICS = {"classify": "top1", "detect": "mAP50", "faces": "mAP50"}
"""What is compared, by the card's task: names of the command's own."""


@dataclass(frozen=True)
class Verdict:
    """A metric of the full graph and of the variant on the same pictures, 0–1.

    Attributes:
        metric: "mAP50", or "top1" of a classifier.
        pictures: so many were looked at.
    """

    metric: str
    full: float
    variant: float
    pictures: int

    @property
    def drop(self) -> float:
        """How much worse the variant is; negative if it is better."""
        return self.full - self.variant


def judge(full: onnx.ModelProto, variant: onnx.ModelProto, cards: tuple[ModelCard, ModelCard], on: Labelled) -> Verdict:
    """Run both graphs over the pictures. ``cards`` are theirs.

    Raises:
        ExportError: the command does not know such a task, or fails on one of them.
    """
    metric = METRICS.get(cards[0].task)
    if metric is None:
        what = f"a model with the task {cards[0].task} cannot be judged on annotated pictures"
        raise ExportError(
            cards[0].name, what=what, todo="Export it without --annotations and --images, or without --int8."
        )
    with tempfile.TemporaryDirectory(prefix="detector-export-") as folder:
        answers = []
        for name, model, card in (("full", full, cards[0]), ("variant", variant, cards[1])):
            path = Path(folder) / f"{name}.onnx"
            stamped = onnx.ModelProto.FromString(model.SerializeToString())
            onnx.helper.set_model_props(stamped, {CARD_KEY: card.to_json()})
            path.write_bytes(stamped.SerializeToString())
            answers.append(_answer(path, card, on))
    first, second = answers
    return Verdict(metric, float(first[metric]), float(second[metric]), int(first["images"]))


def refuse_beyond(verdict: Verdict, card: ModelCard, largest_drop: float) -> None:
    """Raise ExportError if the variant that ``card`` describes lost more than ``largest_drop``, or if there was nothing to lose."""
    if verdict.full <= 0:
        what = f"even the full graph has a {verdict.metric} of 0 on these pictures, so that they prove nothing"
        raise ExportError(
            card.name, what=what, todo="Give pictures of what the model finds, annotated with its class names."
        )
    if verdict.drop > largest_drop:
        what = (
            f"{verdict.metric} falls by {verdict.drop:.4f} with {card.precision}, from {verdict.full:.4f} to {verdict.variant:.4f} on "
            f"{verdict.pictures} pictures; {largest_drop:g} is allowed"
        )
        todo = "Nothing was written. Allow more with --largest-drop, calibrate with more of what the model will see, or keep float32."
        raise ExportError(card.name, what=what, todo=todo)


def _answer(path: Path, card: ModelCard, on: Labelled) -> dict[str, float]:
    """What ``detector-app eval --json`` says, in a process of its own: this room does not know the app's pipelines."""
    words = ["eval", "--model", str(path), "--images", str(on.images.resolve()), "--json"]
    if on.annotations is not None:
        words += ["--annotations", str(on.annotations.resolve()), "--curves", str(path.with_suffix(".png"))]
    command = [sys.executable, "-m", "detector_app", *words]
    ended = subprocess.run(  # noqa: S603  (our own command)
        command, capture_output=True, text=True, encoding="utf-8", env=_environment(), check=False
    )
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or ["it says nothing"]
        what = f"it could not be judged on {on.title}: {said[-1].removeprefix('detector-app: ').rstrip('.')}"
        raise ExportError(card.name, what=what, todo="Nothing was written.")
    answer: dict[str, float] = json.loads(ended.stdout)
    return answer


def _environment() -> dict[str, str]:
    """Ours, with the place of the app for a checkout that is not installed, and text in UTF-8."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
