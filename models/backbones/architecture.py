"""What is known of a network before it is built: its name, its paper, what it takes in, which layers matter to others."""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import nn

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Architecture:
    """One row of the registry.

    Attributes:
        name: what it is asked for by, "resnet18".
        build: `build(classes, **options)` gives the network, its weights drawn at random, in training mode.
        title: what people call it, "ResNet-18".
        paper: authors, year, and arXiv number or DOI.
        year: of the paper.
        input_hw: (height, width) in pixels of the published input.
        head: dotted name of the last layer, the one that is replaced when the classes change; its output has one channel per class.
        input_channels: 3 for RGB, 1 for grey.
        mean: per channel, what the published weights expect to be subtracted from pixels in 0 to 1.
        std: per channel, what they expect the difference to be divided by.
        classes: number of the published classes.
        auxiliary_heads: dotted names of the other layers whose size depends on the number of classes.
        auxiliaries: dotted names of the modules that only training uses; their tensors may be absent on either side.
        auxiliary_weight: factor of each auxiliary classifier's loss beside the main one's.
        stages: by stride (input pixels per step), the dotted name of the last layer with that stride: where detectors take their maps.
        options: names and defaults of what `build` takes besides the classes.
        notes: what one should know before taking published weights, or "".
    """

    name: str
    build: Callable[..., nn.Module]
    title: str
    paper: str
    year: int
    input_hw: tuple[int, int]
    head: str
    input_channels: int = 3
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    classes: int = 1000
    auxiliary_heads: tuple[str, ...] = ()
    auxiliaries: tuple[str, ...] = ()
    auxiliary_weight: float = 0.3
    stages: Mapping[int, str] = field(default_factory=lambda: types.MappingProxyType({}))
    options: Mapping[str, Any] = field(default_factory=lambda: types.MappingProxyType({}))
    notes: str = ""
