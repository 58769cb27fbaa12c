"""Recognisers: from the names and shapes of outputs, and from what they held for a grey picture, to a family of models."""

from __future__ import annotations

import math

from detector_app.errors import message
from detector_app.graph import TensorInfo
from detector_app.model_card import OutputSpec, Thresholds
from detector_app.pipelines import nanodet_decoder, yolox_decoder, yunet_decoder
from detector_app.pipelines.reading.habits import Habit, Recognition
from detector_app.pipelines.reading.interface import PEEK_SIDE_PX, Interface, channels_last
from detector_app.pipelines.reading.known_anchors import VERSION_2, VERSION_3, anchors_for
from detector_app.pipelines.reading.reading import Fitting, HeadLayout, Scaling, because
from detector_app.pipelines.ultraface_decoder import priors

YUNET_NAMES = {"class": "cls", "object": "obj", "box": "bbox", "points": "kps"}
_AS_WRITTEN = message("“{name}”, {shape}, and {more} outputs like it: so {whose} writes them")
_SHAPE = message("output “{name}” is {shape}")
_USUAL_ANCHORS = {VERSION_2: (5, 3), VERSION_3: (3, 5)}
"""How many anchors a head has, the usual number first."""
_ONLY_ONE = message("files of this kind hold nothing else")


def yunet(interface: Interface) -> Recognition | None:
    """Twelve outputs by their names."""
    outputs = {output.name: output for output in interface.graph.outputs}
    strides = yunet_decoder.STRIDES
    names = {(part, s): f"{name}_{s}" for part, name in YUNET_NAMES.items() for s in strides}
    if not all(
        name in outputs and _last(interface, outputs[name]) == yunet_decoder.PARTS[p] for (p, _), name in names.items()
    ):
        return None
    specs = tuple(OutputSpec(name, yunet_decoder.role(part, stride)) for (part, stride), name in names.items())
    first = outputs["cls_8"]
    evidence = because(_AS_WRITTEN, name=first.name, shape=shown(first.shape), more=len(names) - 1, whose="YuNet")
    layout = HeadLayout(message("score, box and five points for each cell, strides 8, 16, 32"), specs)
    return Recognition(evidence, (layout,), because(_ONLY_ONE), 1)


def ultraface(interface: Interface) -> Recognition | None:
    """(N, A, 2) and (N, A, 4), as many as UltraFace has priors for an input of that size."""
    size = fixed_size(interface)
    found = {_last(interface, o): o for o in interface.graph.outputs if len(interface.shape(o)) == 3}
    if size is None or len(interface.graph.outputs) != 2 or set(found) != {2, 4} or max(size) > 4096:
        return None
    scores, boxes = found[2], found[4]
    count = len(priors((size[1], size[0])))
    if {interface.shape(scores)[1], interface.shape(boxes)[1]} != {count}:
        return None
    seen = interface.seen.get(scores.name), interface.seen.get(boxes.name)
    softmaxed = seen[0] is None or seen[0].sums_to_one
    finished = seen[1] is not None and seen[1].ordered
    layouts = [
        HeadLayout(text, (OutputSpec(scores.name, score_role), OutputSpec(boxes.name, box_role)))
        for (score_role, box_role), text in _ULTRAFACE.items()
    ]
    wanted = "face_scores" if softmaxed else "face_logits", "face_corners" if finished else "face_offsets"
    layouts.sort(key=lambda layout: tuple(output.role for output in layout.outputs) != wanted)
    evidence = because(
        message("{count} rows are UltraFace's priors for {width}×{height}"), count=count, width=size[1], height=size[0]
    )
    return Recognition(evidence, tuple(layouts), because(_TRIED[softmaxed, finished] if seen[0] else _NOT_TRIED), 1)


_ULTRAFACE = {
    ("face_scores", "face_corners"): message("probabilities, finished boxes"),
    ("face_scores", "face_offsets"): message("probabilities, boxes to be decoded"),
    ("face_logits", "face_corners"): message("logits, finished boxes"),
    ("face_logits", "face_offsets"): message("logits, boxes to be decoded"),
}
_TRIED = {
    (True, True): message("on a grey picture the scores added up to 1, and left came before right"),
    (True, False): message("on a grey picture the scores added up to 1, and left did not always come before right"),
    (False, True): message("on a grey picture the scores did not add up to 1, and left came before right"),
    (False, False): message(
        "on a grey picture the scores did not add up to 1, and left did not always come before right"
    ),
}
_NOT_TRIED = message("it could not be tried on a grey picture")


def nanodet(interface: Interface) -> Recognition | None:
    """For each stride scores (N, cells, C) and sides (N, cells, 4·(m+1)), with as many cells as the size asks for."""
    size = tried_size(interface)
    outputs = [o for o in interface.graph.outputs if len(interface.shape(o)) == 3]
    if size is None or not 6 <= len(interface.graph.outputs) <= 8 or len(outputs) != len(interface.graph.outputs):
        return None
    specs, classes = [], set()
    for stride in nanodet_decoder.STRIDES[: len(outputs) // 2]:
        counts = math.ceil(size[0] / stride) * math.ceil(size[1] / stride), (size[0] // stride) * (size[1] // stride)
        level = [o for o in outputs if interface.shape(o)[1] in counts]
        if len(level) != 2:
            return None
        scores, sides = sorted(level, key=lambda o: (not _named(o, "cls", "score"), _named(o, "dis", "reg", "box")))
        if not _is_distribution(_last(interface, sides)) or (_last(interface, scores) or 0) < 1:
            return None
        classes.add(_last(interface, scores))
        specs += [
            OutputSpec(scores.name, nanodet_decoder.role("scores", stride)),
            OutputSpec(sides.name, nanodet_decoder.role("sides", stride)),
        ]
    if len(classes) != 1 or len(specs) != len(outputs):
        return None
    first = outputs[0]
    evidence = because(_AS_WRITTEN, name=first.name, shape=shown(first.shape), more=len(specs) - 1, whose="NanoDet")
    layout = HeadLayout(message("scores, and a distribution for each side of a box"), tuple(specs))
    return Recognition(evidence, (layout,), because(_ONLY_ONE), int(classes.pop() or 0))


def yolox(interface: Interface) -> Recognition | None:
    """One (N, A, 5+C) with a row for each cell, whose boxes are not in pixels yet."""
    only, size = _only(interface), tried_size(interface)
    if only is None or size is None or len(shape := interface.shape(only)) != 3:
        return None
    count, width = shape[1], shape[2]
    if count != sum(yolox_decoder.cell_counts((size[1], size[0]))) or not isinstance(width, int) or width < 6:
        return None
    seen = interface.seen.get(only.name)
    if seen is not None and seen.reach > min(size) / 2:
        return None
    evidence = because(
        message("“{name}” has {count} rows, one for each cell of the strides 8, 16 and 32"),
        name=only.name,
        count=count,
    )
    raw = HeadLayout(message("boxes in cells, objectness, classes"), (OutputSpec(only.name, yolox_decoder.ROLE),))
    tried = (
        because(
            message("on a grey picture no centre was farther out than {reach:.0f}, so that they are not pixels"),
            reach=seen.reach,
        )
        if seen
        else because(_NOT_TRIED)
    )
    return Recognition(evidence, (raw,), tried, width - 5)


def dense(interface: Interface) -> Recognition | None:
    """One (N, 4+C, A) or (N, A, 5+C) with many more places than numbers for each."""
    only = _only(interface)
    if only is None or len(shape := interface.shape(only)) != 3:
        return None
    first, second = shape[1], shape[2]
    if not isinstance(first, int) or not isinstance(second, int) or min(first, second) < 5 or max(first, second) < 100:
        return None
    rows = first > second
    if rows and second < 6:
        return None
    role, classes = ("dense_objectness", second - 5) if rows else ("dense", first - 4)
    text = (
        message("a row for each place: box, objectness, classes")
        if rows
        else message("a column for each place: box, classes")
    )
    habit = (
        Habit("YOLOv5", "RGB", Scaling(), Fitting("letterbox", 114), thresholds=Thresholds(0.25, 0.45))
        if rows
        else None
    )
    evidence = because(_SHAPE, name=only.name, shape=shown(shape))
    layout = HeadLayout(text, (OutputSpec(only.name, role),))
    return Recognition(evidence, (layout,), evidence, classes, habit=habit)


def anchors(interface: Interface) -> Recognition | None:
    """One to three (N, B·(5+C), rows, columns), each half as fine as the one before."""
    size = tried_size(interface)
    maps = [(output, interface.shape(output)) for output in interface.graph.outputs]
    if size is None or not 1 <= len(maps) <= 3 or not all(_is_map(shape) for _, shape in maps):
        return None
    channels = {shape[1] for _, shape in maps}
    strides = [size[0] // int(shape[2] or 1) for _, shape in maps]
    if len(channels) != 1 or len(set(strides)) != len(strides) or min(strides) < 4:
        return None
    version = VERSION_2 if len(maps) == 1 else VERSION_3
    total = int(channels.pop() or 0)
    per_head = next((n for n in _USUAL_ANCHORS[version] if total % n == 0 and total // n >= 5), None)
    if per_head is None:
        return None
    classes = max(1, total // per_head - 5)
    first, shape = maps[0]
    evidence = because(
        message("“{name}” is {shape}: {anchors} anchors × (5 + {classes} classes)"),
        name=first.name, shape=shown(shape), anchors=per_head, classes=total // per_head - 5,
    )  # fmt: skip
    specs = tuple(OutputSpec(output.name, "head") for output, _ in maps)
    heads = [(output.name, stride) for (output, _), stride in zip(maps, strides, strict=True)]
    usual = per_head == _USUAL_ANCHORS[version][0]
    table = anchors_for(heads, total // per_head - 5, version) if usual else None
    layouts = (
        HeadLayout(message("YOLOv2: softmax over the classes"), specs, class_activation="softmax"),
        HeadLayout(message("YOLOv3: each class by itself"), specs),
        HeadLayout(message("YOLOv3, centres reach over their cells"), specs, scale_xy=2.0),
        HeadLayout(message("scaled YOLOv4: that, and squared sides"), specs, box_transform="square", scale_xy=2.0),
        HeadLayout(message("YOLOv3, already activated"), specs, activated=True),
    )
    ordered = layouts if version is VERSION_2 else (layouts[1], layouts[0], *layouts[2:])
    told = because(message("one head is usual for YOLOv2, several for YOLOv3; here are {count}"), count=len(maps))
    of = because(message("the published anchors of {version} for {classes} classes"), version=version, classes=classes)
    return Recognition(evidence, ordered, told, classes, table, of, heads=tuple(heads))


def classifier(interface: Interface) -> Recognition | None:
    """One (N, C)."""
    only, inputs = _only(interface), interface.graph.inputs
    if only is None or len(inputs) != 1 or len(inputs[0].shape) != 4:
        return None
    shape = interface.shape(only)
    if len(shape) != 2 or not isinstance(shape[1], int) or shape[1] < 2:
        return None
    logits = HeadLayout(message("logits"), (OutputSpec(only.name, "logits"),))
    probabilities = HeadLayout(message("probabilities"), (OutputSpec(only.name, "probabilities"),))
    seen = interface.seen.get(only.name)
    sums = seen is not None and seen.sums_to_one
    told = (
        message("on a grey picture they added up to 1")
        if sums
        else message("on a grey picture they did not add up to 1")
    )
    layouts = (probabilities, logits) if sums else (logits, probabilities)
    return Recognition(
        because(_SHAPE, name=only.name, shape=shown(shape)), layouts, because(told if seen else _NOT_TRIED), shape[1]
    )


def fixed_size(interface: Interface) -> tuple[int, int] | None:
    """Height and width of the only input; None if it is no picture, or takes any size."""
    sides = _sides(interface)
    if sides is None or not all(isinstance(side, int) and side > 0 for side in sides):
        return None
    return int(sides[0] or 0), int(sides[1] or 0)


def tried_size(interface: Interface) -> tuple[int, int] | None:
    """The same, but of a graph that takes any size the one that it was tried with; None if it was not."""
    sides = _sides(interface)
    if sides is None or not interface.seen:
        return fixed_size(interface)
    height, width = (side if isinstance(side, int) else PEEK_SIDE_PX for side in sides)
    return height, width


def _sides(interface: Interface) -> tuple[int | str | None, int | str | None] | None:
    """Height and width of the only input as the graph has them; None if it is no picture."""
    inputs = interface.graph.inputs
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        return None
    first = 1 if channels_last(inputs[0]) else 2
    return inputs[0].shape[first], inputs[0].shape[first + 1]


def shown(shape: tuple[int | str | None, ...]) -> str:
    """A shape for people."""
    return "×".join("?" if side is None else str(side)[:24] for side in shape[:8])


def _only(interface: Interface) -> TensorInfo | None:
    outputs = interface.graph.outputs
    return outputs[0] if len(outputs) == 1 else None


def _last(interface: Interface, output: TensorInfo) -> int | None:
    shape = interface.shape(output)
    return shape[-1] if shape and isinstance(shape[-1], int) else None


def _is_map(shape: tuple[int | str | None, ...]) -> bool:
    return len(shape) == 4 and all(isinstance(side, int) and side > 0 for side in shape[1:])


def _is_distribution(width: int | None) -> bool:
    return width is not None and width % 4 == 0 and 8 <= width <= 4 * 33


def _named(output: TensorInfo, *words: str) -> bool:
    return any(word in output.name.lower() for word in words)
