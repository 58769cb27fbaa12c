"""What a summary is asked of: a network of the registry by name, or one that was trained, by its weights file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from models.backbones.registry import create, describe, nearest
from models.classify.checkpoint import FAMILY as CLASSIFIER
from models.classify.checkpoint import load_classifier
from models.detect.checkpoint import FAMILY as YOLO
from models.detect.checkpoint import load_yolo
from models.errors import RecipeError
from models.weights_file import stated_family

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Subject:
    """A network without values (on the meta device) and the (channels, height, width) of its usual input."""

    title: str
    model: nn.Module
    input_shape: tuple[int, int, int]


def named(name: str, classes: int | None = None, options: Mapping[str, Any] | None = None) -> Subject:
    """A network of the registry.

    Raises:
        RecipeError: unknown name or option.
    """
    row = describe(name)
    with torch.device("meta"):
        model = create(name, classes, **(options or {}))
    return Subject(row.title, model, (row.input_channels, *row.input_hw))


def trained(path: Path) -> Subject:
    """The network of a weights file that detector-train wrote.

    Raises:
        WeightsFileError: the file cannot be read.
        RecipeError: there is no summary of its family.
    """
    family = stated_family(path) or YOLO  # of a file that is none of ours the reader says what is wrong with it
    if family not in _LOADERS:
        raise RecipeError(f"{path}: a summary of {family!r} is not known; {nearest(family, _LOADERS)}")
    model, input_shape = _LOADERS[family](path)
    return Subject(f"{path.name} ({family})", model.to("meta"), input_shape)


def _yolo(path: Path) -> tuple[nn.Module, tuple[int, int, int]]:
    model, spec, _ = load_yolo(path)
    return model, (3, spec.input_size, spec.input_size)


def _classifier(path: Path) -> tuple[nn.Module, tuple[int, int, int]]:
    model, spec, _ = load_classifier(path)
    return model, (spec.channels, *spec.input_hw)


_LOADERS: dict[str, Callable[[Path], tuple[nn.Module, tuple[int, int, int]]]] = {
    YOLO: _yolo,
    CLASSIFIER: _classifier,
}


def read_options(name: str, given: Sequence[str]) -> dict[str, Any]:
    """Options of a network from "key=value" texts; each value becomes what the option's default is.

    Raises:
        RecipeError: no "=", or a value that its option cannot have. Unknown keys are left for `create` to refuse.
    """
    defaults = describe(name).options
    options: dict[str, Any] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise RecipeError(f"--option {text}: give it as KEY=VALUE")
        options[key] = _value(key, value, defaults.get(key, ""))
    return options


def _value(key: str, text: str, default: object) -> object:
    try:
        return TRUTHS[text.lower()] if isinstance(default, bool) else type(default)(text)  # type: ignore[call-arg]
    except (KeyError, ValueError) as error:
        raise RecipeError(
            f"--option {key}={text}: must be {type(default).__name__}, as its default {default!r} is"
        ) from error
