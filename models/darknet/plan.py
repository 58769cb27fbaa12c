"""From the sections of a .cfg to layers with known shapes: one small function per kind of layer, found by its name.

Modules are made on the meta device: a plan takes no memory however large the numbers in a .cfg are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import nn

from models.darknet import layers
from models.darknet.activations import ACTIVATIONS, Activation
from models.darknet.cfg import Section
from models.darknet.heads import Head, region_head, yolo_head
from models.darknet.shape import Shape

MAX_CHANNELS = 1 << 17
MAX_SIDE_PX = 1 << 15
MAX_WINDOW = 255
INPUT = -1


@dataclass(frozen=True)
class Layer:
    """One planned layer: its module, the layers that feed it (:data:`INPUT` is the picture), what comes out, and its head if it is one."""

    section: Section
    module: nn.Module
    sources: tuple[int, ...]
    shape: Shape
    head: Head | None = None


class Plan:
    """The layers planned so far; a builder asks it for the shapes of earlier ones."""

    def __init__(self, picture: Shape) -> None:
        self.picture = picture
        self.layers: list[Layer] = []

    @property
    def previous(self) -> int:
        """Index of the layer before the one being planned."""
        return len(self.layers) - 1

    def shape(self, index: int) -> Shape:
        """What layer ``index`` puts out."""
        return self.picture if index == INPUT else self.layers[index].shape

    def resolve(self, section: Section, key: str) -> tuple[int, ...]:
        """Layer numbers of option ``key``, of which negative ones count back from the section's own layer."""
        indices = section.integers(key)
        if not indices:
            section.refuse(f"needs {key}=")
        here = len(self.layers)
        found = tuple(index + here if index < 0 else index for index in indices)
        for index, layer in zip(indices, found, strict=True):
            if not 0 <= layer < here:
                section.refuse(f"{key}={index} names layer {layer}, but this is layer {here}", key)
        return found

    def add(self, section: Section) -> None:
        """Plan one more layer.

        Raises:
            CfgError: the layer is unknown, malformed, or does not fit those before it.
        """
        if section.name not in BUILDERS:
            section.refuse(f"is a layer that is not supported (supported: {', '.join(sorted(BUILDERS))})")
        layer = BUILDERS[section.name](section, self)
        for source in layer.sources:
            if source != INPUT and self.layers[source].head is not None:
                section.refuse(f"takes the output of head layer {source}, which is not supported")
        shape = layer.shape
        if not (0 < shape.channels <= MAX_CHANNELS and min(shape.size) > 0 and max(shape.size) <= MAX_SIDE_PX):
            section.refuse(f"would put out {shape.channels} channels of {shape.height}×{shape.width}")
        self.layers.append(layer)


def _activation(section: Section, default: str) -> Activation:
    name = section.text("activation", default)
    if name not in ACTIVATIONS:
        section.refuse(f"activation={name[:40]} is not supported (supported: {', '.join(ACTIVATIONS)})", "activation")
    return ACTIVATIONS[name]


def _strides(section: Section) -> tuple[int, int]:
    """Vertical and horizontal step."""
    stride = section.integer("stride", 1, 1, MAX_WINDOW)
    vertical = section.integer("stride_y", stride, 1, MAX_WINDOW)
    horizontal = section.integer("stride_x", stride, 1, MAX_WINDOW)
    if vertical != horizontal:
        section.refuse("with different stride_x and stride_y is not supported", "stride_x")
    return vertical, horizontal


def _step(shape: Shape, channels: int, reach: int, stride: int) -> Shape:
    """What a window leaves of ``shape``; ``reach`` is the window less the padding of both sides."""
    return Shape(
        channels, (shape.height - reach) // stride + 1, (shape.width - reach) // stride + 1, shape.stride * stride
    )


def _convolutional(section: Section, plan: Plan) -> Layer:
    section.refuse_keys("xnor", "binary", "flipped", "antialiasing", "assisted_excitation", "coordconv", "reverse")
    section.refuse_keys("sway", "rotate", "stretch", "stretch_sway")
    if "share_index" in section.options:
        section.refuse("with share_index is not supported", "share_index")
    before = plan.shape(plan.previous)
    filters = section.integer("filters", 1, 1, MAX_CHANNELS)
    groups = section.integer("groups", 1, 1, MAX_CHANNELS)
    if before.channels % groups or filters % groups:
        section.refuse(f"groups={groups} does not divide {before.channels} channels and {filters} filters", "groups")
    size = section.integer("size", 1, 1, MAX_WINDOW)
    stride = _strides(section)
    dilation = section.integer("dilation", 1, 1, MAX_WINDOW) if size > 1 else 1
    padding = size // 2 if section.integer("pad", 0, 0, 1) else section.integer("padding", 0, 0, MAX_WINDOW)
    module = layers.Convolution(
        (before.channels, filters),
        size,
        stride,
        padding,
        _activation(section, "logistic"),
        groups=groups,
        dilation=dilation,
        normalized=section.integer("batch_normalize", 0, 0, 1) == 1 or section.integer("cbn", 0, 0, 1) == 1,
    )
    reach = dilation * (size - 1 - 2 * padding) + 1
    return Layer(section, module, (plan.previous,), _step(before, filters, reach, stride[0]))


def _maxpool(section: Section, plan: Plan) -> Layer:
    section.refuse_keys("maxpool_depth", "antialiasing", "maxpool_zero_nonmax")
    before = plan.shape(plan.previous)
    stride = _strides(section)
    size = section.integer("size", stride[0], 1, MAX_WINDOW)
    padding = section.integer("padding", size - 1, 0, size - 1)
    shape = _step(before, before.channels, size - padding, stride[0])
    return Layer(section, layers.MaxPool(size, stride, padding), (plan.previous,), shape)


def _upsample(section: Section, plan: Plan) -> Layer:
    before = plan.shape(plan.previous)
    stride = section.integer("stride", 2, 1, 64)
    if before.stride % stride:
        section.refuse("makes a map finer than the picture, which is not supported")
    shape = Shape(before.channels, before.height * stride, before.width * stride, before.stride // stride)
    return Layer(section, layers.Upsample(stride, section.real("scale", 1.0)), (plan.previous,), shape)


def _same_size(section: Section, plan: Plan, sources: tuple[int, ...]) -> Shape:
    """The first source's shape; the others have its height and width."""
    shapes = [plan.shape(source) for source in sources]
    for source, shape in zip(sources, shapes, strict=True):
        if shape.size != shapes[0].size:
            sizes = f"{shape.height}×{shape.width} and {shapes[0].height}×{shapes[0].width}"
            section.refuse(f"joins maps of different sizes: layers {source} and {sources[0]} are {sizes}")
    return shapes[0]


def _route(section: Section, plan: Plan) -> Layer:
    sources = plan.resolve(section, "layers")
    first = _same_size(section, plan, sources)
    groups = section.integer("groups", 1, 1, MAX_CHANNELS)
    group = section.integer("group_id", 0, 0, groups - 1)
    channels = [plan.shape(source).channels for source in sources]
    if any(count % groups for count in channels):
        section.refuse(f"groups={groups} does not divide {channels} channels", "groups")
    shape = Shape(sum(channels) // groups, first.height, first.width, first.stride)
    return Layer(section, layers.Route(groups, group), sources, shape)


def _shortcut(section: Section, plan: Plan) -> Layer:
    if section.text("weights_type", "none") != "none":
        section.refuse("with weights_type is not supported", "weights_type")
    sources = (plan.previous, *plan.resolve(section, "from"))
    shape = _same_size(section, plan, sources)
    return Layer(section, layers.Shortcut(_activation(section, "linear")), sources, shape)


def _product(section: Section, plan: Plan) -> Layer:
    section.refuse_keys("scale_wh")
    (source, *others) = plan.resolve(section, "from")
    gates, shape = plan.shape(plan.previous), plan.shape(source)
    expected = (1, 1) if section.name == "scale_channels" else shape.size
    if others or gates.channels != shape.channels or gates.size != expected:
        found = f"{gates.channels}×{gates.height}×{gates.width} and {shape.channels}×{shape.height}×{shape.width}"
        section.refuse(f"multiplies maps that do not fit: {found}", "from")
    return Layer(section, layers.Product(_activation(section, "linear")), (plan.previous, source), shape)


def _reorg(section: Section, plan: Plan) -> Layer:
    section.refuse_keys("reverse", "flatten", "extra")
    before = plan.shape(plan.previous)
    stride = section.integer("stride", 1, 1, 64)
    if before.channels % (stride * stride) or before.height % stride or before.width % stride:
        found = f"{before.channels}×{before.height}×{before.width}"
        section.refuse(f"stride={stride} does not divide the map {found} (its square divides the channels)", "stride")
    shape = Shape(
        before.channels * stride * stride, before.height // stride, before.width // stride, before.stride * stride
    )
    return Layer(section, layers.Reorg(stride), (plan.previous,), shape)


def _avgpool(section: Section, plan: Plan) -> Layer:
    shape = Shape(plan.shape(plan.previous).channels, 1, 1, 0)
    return Layer(section, layers.GlobalAverage(), (plan.previous,), shape)


def _softmax(section: Section, plan: Plan) -> Layer:
    section.refuse_keys("tree", "spatial")
    shape = plan.shape(plan.previous)
    if section.integer("groups", 1, 0, MAX_CHANNELS) > 1 or shape.size != (1, 1):
        section.refuse("is supported over one group of channels of a map pooled to 1×1")
    temperature = section.real("temperature", 1.0)
    if temperature <= 0:
        section.refuse(f"temperature={temperature} must be positive", "temperature")
    return Layer(section, layers.Softmax(temperature), (plan.previous,), shape)


def _identity(section: Section, plan: Plan) -> Layer:
    """``dropout`` and ``cost`` do nothing at inference."""
    return Layer(section, nn.Identity(), (plan.previous,), plan.shape(plan.previous))


def _head(reader: Callable[[Section, Shape], Head]) -> Callable[[Section, Plan], Layer]:
    def build(section: Section, plan: Plan) -> Layer:
        shape, picture = plan.shape(plan.previous), plan.picture
        if (shape.height * shape.stride, shape.width * shape.stride) != picture.size:
            section.refuse(
                f"has cells of stride {shape.stride} that do not tile the {picture.height}×{picture.width} input"
            )
        return Layer(section, nn.Identity(), (plan.previous,), shape, reader(section, shape))

    return build


BUILDERS: Mapping[str, Callable[[Section, Plan], Layer]] = {
    "convolutional": _convolutional,
    "conv": _convolutional,
    "maxpool": _maxpool,
    "max": _maxpool,
    "upsample": _upsample,
    "route": _route,
    "shortcut": _shortcut,
    "scale_channels": _product,
    "sam": _product,
    "reorg": _reorg,
    "avgpool": _avgpool,
    "avg": _avgpool,
    "dropout": _identity,
    "cost": _identity,
    "softmax": _softmax,
    "soft": _softmax,
    "region": _head(region_head),
    "yolo": _head(yolo_head),
}
