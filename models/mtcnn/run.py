"""One training run from annotated faces to the weights of one network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
from torch.utils.data import DataLoader

from models.classify.keeping import CURVES_NAME, Curves
from models.errors import TrainingDataError
from models.machine import Machine, is_first_process
from models.mtcnn.faces import FacePicture, FaceSet, read_faces
from models.mtcnn.loading import Crop, SquareSet
from models.mtcnn.networks import STAGES, build
from models.mtcnn.settings import MtcnnSettings
from models.mtcnn.training import KeptBest, MtcnnTraining
from models.mtcnn.weights import networks_before
from models.progress import emit
from models.progress_callback import JsonProgress
from models.provenance import Provenance
from models.quiet import quiet_lightning
from models.run_trainer import make_run_trainer
from models.seeded_epochs import SeededEpochs
from models.sound_loss import SoundLoss
from models.terminal_progress import TerminalProgress
from models.trouble import told_plainly
from models.whole_checkpoints import require_checkpoint


@dataclass(frozen=True)
class Order:
    """What to train, where to put it, and how to speak of it.

    Attributes:
        stage: "pnet", "rnet" or "onet".
        data: sets of annotated faces.
        out: folder of the weights of all three networks; the run's own files go to a folder in it named after the stage.
        settings: how to train.
        classes: the names that mean a face.
        notes: licence and attribution by set name.
        machine: where to compute.
        after: folder with the weights of the stages before, whose false alarms become half of the negatives at most.
        resume: a `last.ckpt` to go on from.
        json_progress: lines of JSON on standard output instead of lines for people.
        draw: also the curves.
    """

    stage: str
    data: tuple[Path, ...]
    out: Path
    settings: MtcnnSettings
    classes: tuple[str, ...] = ("face",)
    notes: Mapping[str, str] = field(default_factory=dict)
    machine: Machine = field(default_factory=Machine)
    after: Path | None = None
    resume: Path | None = None
    json_progress: bool = False
    draw: bool = True


def weights_path(out: Path, stage: str) -> Path:
    """Where a run leaves its weights; `detector-export mtcnn --weights` takes the folder when all three are there."""
    return out / f"{stage}.safetensors"


def run_folder(out: Path, stage: str) -> Path:
    """Where a run keeps its checkpoints and figures."""
    return out / stage


def train(order: Order) -> Mapping[str, float]:
    """Trains; leaves the best validation's weights, checkpoints, metrics and `curves.png`.

    Returns:
        The figures of the best validation: see `MtcnnTraining`.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: the machine cannot be.
        WeightsFileError: a stage before, or the checkpoint to resume from, does not fit.
        MemoryShortError, DiskFullError, DivergedError, TrainingInterruptedError: see their words.
    """
    with told_plainly(f"batch {order.settings.batch}", "--cache-gib", run_folder(order.out, order.stage)):
        return _train(order)


def _train(order: Order) -> Mapping[str, float]:
    quiet_lightning()
    settings, folder = order.settings, run_folder(order.out, order.stage)
    L.seed_everything(settings.seed, workers=True, verbose=False)
    if order.resume:
        require_checkpoint(order.resume)
    faces = read_faces(order.data, order.classes, order.notes, settings.val_fraction)
    landmarks = _landmarks_in(faces)
    if STAGES[order.stage].landmarks and not landmarks:
        raise TrainingDataError(
            f"{STAGES[order.stage].title} learns landmarks, and one side of the division has no face with five COCO keypoints"
        )
    train_set, val_set = _squares(order, faces, landmarks=landmarks)
    module = MtcnnTraining(order.stage, build(order.stage, landmarks=landmarks), settings)
    provenance = Provenance(faces.sources, seed=settings.seed, split_sha256=faces.split_sha256)
    kept = KeptBest(weights_path(order.out, order.stage), order.stage, provenance)
    speaking = JsonProgress() if order.json_progress else TerminalProgress("accuracy")
    drawing = [Curves(folder / CURVES_NAME)] if order.draw else []
    callbacks = [kept, SeededEpochs(settings.seed), SoundLoss(), *drawing, speaking]
    trainer = make_run_trainer(folder, order.machine, callbacks, max_epochs=settings.epochs)
    train_squares, val_squares = _loader(train_set, settings), _loader(val_set, settings)
    trainer.fit(module, train_squares, val_squares, ckpt_path=order.resume, weights_only=True)
    if trainer.is_global_zero:
        _tell_result(order, kept.metrics)
    return kept.metrics


def _landmarks_in(faces: FaceSet) -> bool:
    """Whether both sides of the division have landmarks."""
    return all(any(_has_landmarks(picture) for picture in part) for part in (faces.train, faces.val))


def _has_landmarks(picture: FacePicture) -> bool:
    return bool((~np.isnan(picture.landmarks_xy)).all(axis=(1, 2)).any())


def _squares(order: Order, faces: FaceSet, *, landmarks: bool) -> tuple[SquareSet, SquareSet]:
    """Those to learn from and those to judge by."""
    settings, side_px = order.settings, STAGES[order.stage].side_px
    share = settings.cache_gib / 2
    train_set = SquareSet(
        faces.train, side_px, settings.squares, landmarks=landmarks, mirror=settings.mirror, budget_gib=share
    )
    val_set = SquareSet(
        faces.val, side_px, settings.val_squares, landmarks=landmarks, budget_gib=share, seed=settings.seed
    )
    alarms = 0
    if order.after is not None:
        before = networks_before(order.stage, order.after)
        alarms = sum(squares.look_for_alarms(before, settings.least_face_px) for squares in (train_set, val_set))
    if is_first_process():
        _tell_data(order, faces, alarms, landmarks=landmarks)
    return train_set, val_set


def _loader(squares: SquareSet, settings: MtcnnSettings) -> DataLoader[Crop]:
    """The order need not be changed: every square is drawn at random."""
    return DataLoader(squares, settings.batch, num_workers=settings.workers, persistent_workers=settings.workers > 0)


def _tell_data(order: Order, faces: FaceSet, alarms: int, *, landmarks: bool) -> None:
    parts = {"train": faces.train, "val": faces.val}
    counts = {part: sum(len(one.record.labels) for one in pictures) for part, pictures in parts.items()}
    if order.json_progress:
        told = {"landmarks": landmarks, "false_alarms": alarms, "epochs": order.settings.epochs, "faces": counts}
        emit("start", None, net=order.stage, **told)
        return
    sizes = ", ".join(f"{part} {len(parts[part])} pictures with {count} faces" for part, count in counts.items())
    points = "with landmarks" if landmarks else "without landmarks"
    mistakes = f"; {alarms} false alarms of the stages before" if order.after is not None else ""
    print(f"{STAGES[order.stage].title} {points}: {sizes}{mistakes}", flush=True)


def _tell_result(order: Order, metrics: Mapping[str, float]) -> None:
    path = weights_path(order.out, order.stage)
    if order.json_progress:
        emit("done", weights=str(path), metrics=dict(metrics))
        return
    print(f"{path}: " + ", ".join(f"{name} {value:.4f}" for name, value in metrics.items()), flush=True)
