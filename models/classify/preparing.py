"""From a recipe to data and network: the pictures by class, the input, the changes of augmentation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from models.backbones.registry import describe
from models.classify.augmentation import Augmentation, make_steps, seeded
from models.classify.digits import NAME, NOTE, write_digits
from models.classify.drawn_changes import principal_colours
from models.classify.folders import ClassFolders, read_folders
from models.classify.pictures import PictureSet
from models.classify.settings import ClassifyRecipe
from models.classify.sheet import augmentation_sheet
from models.classify.spec import ClassifierSpec

SHOWN_ROWS = 6
SAMPLES = 256


@dataclass(frozen=True)
class Prepared:
    """Data and network of a run.

    Attributes:
        folders: the pictures by class.
        spec: the classifier.
        canvases: training pictures with room for a random crop.
        steps: the changes of augmentation by name.
        principal: principal colours of the training pictures, for pictures in colour.
    """

    folders: ClassFolders
    spec: ClassifierSpec
    canvases: PictureSet
    steps: Mapping[str, nn.Module]
    principal: Tensor | None


def prepare(recipe: ClassifyRecipe, out: Path, known: ClassifierSpec | None = None) -> Prepared:
    """Reads the data and chooses the network's input.

    Args:
        recipe: data, network, settings.
        out: where the built-in set is written.
        known: of the weights to begin with, if they are ours: network and normalization are then theirs.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: no network has this name.
    """
    settings, architecture = recipe.settings, describe(recipe.model)
    root, notes = Path(recipe.data), dict(recipe.notes)
    if recipe.data == NAME:
        root = write_digits(out / NAME)
        notes.setdefault(NAME, NOTE)
    folders = read_folders(root, settings.val_fraction, notes)
    spec = ClassifierSpec(
        architecture=architecture.name,
        classes=folders.classes,
        input_hw=recipe.size_hw or architecture.input_hw,
        channels=architecture.input_channels,
        mean=(known or architecture).mean,
        std=(known or architecture).std,
        crop_fraction=settings.crop_fraction,
        options={**(known.options if known else {}), **recipe.options},
    )
    canvases = PictureSet(folders.train, spec.look.canvas, settings.cache_gib)
    chosen = range(0, len(canvases), -(-len(canvases) // SAMPLES))
    samples = torch.stack([canvases[index].pictures for index in chosen]).float() / 255
    principal = principal_colours(samples) if spec.channels == 3 else None
    steps = make_steps(settings, spec.look, principal)
    if known is None and set(spec.mean) == {0.0}:
        spec = _with_measured_range(spec, seeded(Augmentation(steps), samples, settings.seed))
    return Prepared(folders, spec, canvases, steps, principal)


def _with_measured_range(spec: ClassifierSpec, pictures: Tensor) -> ClassifierSpec:
    """Mean and deviation of the pictures that the network will be taught, for one that nobody has published weights of."""
    values = pictures.transpose(0, 1).flatten(1)
    mean, std = (tuple(round(float(value), 3) for value in own) for own in (values.mean(1), values.std(1)))
    return replace(spec, mean=mean, std=tuple(max(value, 0.01) for value in std))


def write_sheet(prepared: Prepared, path: Path, seed: int) -> None:
    """The contact sheet of augmentation: pictures of as many classes as it has rows."""
    records = prepared.folders.train
    firsts = {int(record.labels[0]): place for place, record in reversed(list(enumerate(records)))}
    places = list(dict.fromkeys([*(firsts[label] for label in sorted(firsts)), *range(len(records))]))[:SHOWN_ROWS]
    canvases = torch.stack([prepared.canvases[place].pictures for place in places]).float() / 255
    augmentation_sheet(path, canvases, prepared.steps, prepared.spec.look, seed)
