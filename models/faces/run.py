"""One run: networks that leave people out, to measure and to set the threshold, then the network that is kept."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import torch

from models.classify.keeping import Curves
from models.errors import WeightsFileError
from models.faces.alignment import template
from models.faces.checkpoint import load_embedder, save_embedder
from models.faces.crops import Faces, landmarks_of, load_faces
from models.faces.embedder import Embedder
from models.faces.evaluation import Evaluation, Trial, evaluate
from models.faces.measuring import LANDMARKS_NAME, Telling
from models.faces.people import parts_of, read_people
from models.faces.report import print_part
from models.faces.settings import FacesRecipe
from models.faces.spec import EmbedderSpec
from models.faces.training import FacesTraining, embed, features, task_of
from models.licence_note import stated_licence
from models.machine import Machine
from models.progress import emit
from models.progress_callback import JsonProgress
from models.provenance import DataSource, Provenance
from models.quiet import quiet_lightning
from models.run_trainer import make_run_trainer
from models.seeded_epochs import SeededEpochs
from models.sound_loss import SoundLoss
from models.terminal_progress import TerminalProgress
from models.trouble import told_plainly
from models.whole_checkpoints import require_checkpoint

WEIGHTS_NAME = "embedder.safetensors"


@dataclass(frozen=True)
class Order:
    """What to train, where to put it, and how to speak of it.

    Attributes:
        recipe: settings, data, network and licence notes.
        out: folder for weights, checkpoints, metrics and pictures.
        machine: where to compute; one device of it is used.
        mtcnn: folder with the weights that find landmarks; None for those of the package `mtcnn`.
        threshold: cosine distance that the model file is to name, in place of the measured one.
        resume: go on where the run was left.
        json_progress: lines of JSON on standard output instead of lines for people.
        draw: also the pictures.
    """

    recipe: FacesRecipe
    out: Path
    machine: Machine = field(default_factory=Machine)
    mtcnn: Path | None = None
    threshold: float | None = None
    resume: bool = False
    json_progress: bool = False
    draw: bool = True


def train(order: Order) -> Mapping[str, float]:
    """Trains, and leaves in the output folder:

    `landmarks.json`; `fold-N/embedder.safetensors` of each part of the people, trained on all others; `evaluation.json` and
    `evaluation.png`, what these networks reach on the people they have not seen; `embedder.safetensors`, trained on everybody,
    which names those figures and the threshold; beside each weights file `checkpoints/last.ckpt`, `metrics` and `curves.png`.

    Returns:
        The figures; none without folds.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: the network, an option or the machine cannot be.
        WeightsFileError: a checkpoint or the weights of the cascade do not fit.
        MemoryShortError, DiskFullError, DivergedError, TrainingInterruptedError: see their words.
    """
    quiet_lightning()
    recipe = order.recipe
    people = read_people(Path(recipe.data))
    places = landmarks_of(people, order.out / LANDMARKS_NAME, order.mtcnn)
    spec = spec_of(recipe)
    faces = load_faces(people, places, spec)
    parts = parts_of(people.names, recipe.settings.folds, recipe.settings.seed) if recipe.settings.folds else []
    lost = sum(points is None for points in places.values())
    if order.json_progress:
        emit("data", people=len(people.names), pictures=len(people.pictures), without_face=lost, folds=len(parts))
    else:
        print(f"{people.root.name}: {len(people.names)} people, {len(people.pictures)} pictures, {lost} without a face")
    found = _evaluated(order, spec, faces, parts) if parts else None
    measured = found.threshold if found else None
    kept = replace(spec, threshold=measured if order.threshold is None else order.threshold)
    licence = stated_licence(people.root, recipe.notes.get(people.root.name))
    source = DataSource(people.root.name, len(people.pictures), 0, *licence)
    _taught(order, kept, faces, None, order.out, Provenance((source,), found.metrics() if found else {}))
    if order.json_progress:
        emit("done", weights=str(order.out / WEIGHTS_NAME), metrics=found.metrics() if found else {})
    return found.metrics() if found else {}


def spec_of(recipe: FacesRecipe) -> EmbedderSpec:
    """The network that a recipe asks for."""
    channels = 1 if recipe.colour == "grey" else 3
    points = tuple((round(float(x), 4), round(float(y), 4)) for x, y in template(recipe.size_hw, recipe.context))
    return EmbedderSpec(
        architecture=recipe.model,
        dimension=recipe.dimension,
        input_hw=recipe.size_hw,
        landmarks_xy_px=points,
        channels=channels,
        mean=(0.5,) * channels,
        std=(0.5,) * channels,
        mirrored=recipe.mirrored,
        options=recipe.options,
    )


def _evaluated(order: Order, spec: EmbedderSpec, faces: Faces, parts: Sequence[Sequence[int]]) -> Evaluation:
    """Trains a network without each part of the people, and measures all of them on the people they lack."""
    trials = []
    for number, unseen in enumerate(parts, 1):
        if not order.json_progress:
            print_part(number, len(parts), [faces.names[person] for person in unseen])
        folder = order.out / f"fold-{number}"
        network = _taught(order, spec, faces, unseen, folder, Provenance())
        trials.append(Trial(tuple(unseen), embed(network, faces.inputs), features(network, faces.inputs)))
    found = evaluate(trials, faces)
    Telling(order.out, order.json_progress, order.draw).tell(found, faces)
    return found


def _taught(
    order: Order, spec: EmbedderSpec, faces: Faces, unseen: Sequence[int] | None, folder: Path, provenance: Provenance
) -> Embedder:
    """The network trained on everybody but the unseen, whose weights are those of the last epoch; in evaluation mode.

    No epoch is chosen by what the unseen people say: they would not be unseen any more.
    """
    settings, path = order.recipe.settings, folder / WEIGHTS_NAME
    training = [person for person in range(len(faces.names)) if person not in (unseen or ())]
    task = hashlib.sha256(task_of(spec, settings, [faces.names[person] for person in training]).encode()).hexdigest()
    if order.resume and path.is_file():
        network, told = load_embedder(path)
        if told.split_sha256 != task:
            raise WeightsFileError(f"{path}: belongs to another run; resume with the same data and options")
        return network
    last = folder / "checkpoints" / "last.ckpt"
    resume = last if order.resume and last.is_file() else None
    asked = f"batches of {settings.people * settings.pictures} at {spec.input_hw[1]}×{spec.input_hw[0]}"
    with told_plainly(asked, "--size", folder):
        if resume:
            require_checkpoint(resume)
        L.seed_everything(settings.seed, workers=True, verbose=False)
        network = Embedder(spec)
        module = FacesTraining(network, settings, faces.of(training), faces.of(unseen) if unseen else None)
        speaking = JsonProgress() if order.json_progress else TerminalProgress("accuracy")
        callbacks = [SeededEpochs(settings.seed), SoundLoss(), speaking]
        callbacks += [Curves(folder / "curves.png")] if order.draw else []
        machine = replace(order.machine, devices="1", num_nodes=1, strategy="auto")
        trainer = make_run_trainer(
            folder, machine, callbacks, max_epochs=settings.epochs, limit_val_batches=1 if unseen else 0
        )
        trainer.fit(module, ckpt_path=resume, weights_only=True)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        provenance = replace(provenance, epochs=settings.epochs, seed=settings.seed, split_sha256=task, created=now)
        save_embedder(path, network.to(torch.device("cpu")).eval(), provenance)
    return network
