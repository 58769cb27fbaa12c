"""``detector-app layers``: what is inside a network."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from detector_app.errors import ModelError, SettingError

if TYPE_CHECKING:
    from detector_app.pipelines.inside.layers import Layer
    from detector_app.pipelines.inside.network import Inside
    from detector_app.pipelines.inside.sight import Anatomy, Network

EPILOG = """\
The receptive field is that of an activation in the middle of the layer, in pixels of the network's input;
“all” says that it is the whole input,
and “?” that nobody can tell through one of the operations, and so the whole input is given.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "layers",
        help="the layers of a network with their sizes and receptive fields",
        description="List the layers of a network: size of the maps, stride, and what an activation in the middle can see.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="MODEL", help="an embedded model or an .onnx file")
    parser.add_argument("--stage", metavar="NAME", help="of a cascade: pnet, rnet or onet (default: the first)")
    parser.add_argument("--json", action="store_true", help="print one JSON array and nothing else on standard output")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Print the layers. Returns the exit code.

    Raises:
        ModelError: the model cannot be used.
        SettingError: it has no such stage.
    """
    from detector_app.pipelines.inside.network import Inside

    inside = Inside(chosen_network(args.model, args.stage))
    rows = [_row(inside, anatomy, layer) for anatomy in [anatomy_of(inside)] for layer in anatomy.layers]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    width = max((len(row["title"]) for row in rows), default=0)
    for row in rows:
        (wide, high), whole = row["field_wh"], row["field_whole"]
        seen = f"{wide} × {high}{' (all)' if whole else ''}"
        seen += " ?" if row["unknown"] else ""
        print(f"{row['title']:<{width}}  stride {row['stride']:<5g} sees {seen:<16}  {row['tensor']}")
    return 0


def chosen_network(model: str, stage: str | None) -> Network:
    """The network that is meant.

    Raises:
        ModelError: the model cannot be used.
        SettingError: it has no such stage.
    """
    from detector_app.pipelines.inside.network import networks_of

    networks = networks_of(model)
    found = next((network for network in networks if stage in (None, network.stage)), None)
    if found is None:
        names = ", ".join(network.stage for network in networks if network.stage) or "none: it is no cascade"
        raise SettingError("--stage", found=stage, expected=names)
    return found


def anatomy_of(inside: Inside) -> Anatomy:
    """For the input's default size.

    Raises:
        ModelError: it has no layers that are maps.
    """
    spec = inside.network.spec
    (height, width), channels = spec.size_hw, spec.channels
    shape = (1, channels, height, width) if spec.layout == "NCHW" else (1, height, width, channels)
    anatomy = inside.anatomy(shape)
    if not anatomy.layers:
        raise ModelError(str(inside.network.path), detail="it has no layers that are maps")
    return anatomy


def chosen_layer(anatomy: Anatomy, name: str, where: str) -> Layer:
    """The layer called ``name``, as listed ("Conv 3") or by its tensor.

    Raises:
        SettingError: there is none.
    """
    wanted = name.casefold()
    for layer in anatomy.layers:
        if layer.tensor == name or layer.name.casefold() == wanted:
            return layer
    raise SettingError("--layer", found=name, expected=f"one that detector-app layers {where} lists")


def _row(inside: Inside, anatomy: Anatomy, layer: Layer) -> dict[str, Any]:
    field = anatomy.field(layer, layer.height // 2, layer.width // 2)
    height, width = inside.network.spec.size_hw
    return {
        "name": layer.name,
        "title": layer.title,
        "tensor": layer.tensor,
        "shape": [layer.channels, layer.height, layer.width],
        "stride": round(height / layer.height, 2),
        "field_xyxy": field.xyxy,
        "field_wh": field.wh,
        "field_whole": field.wh == (width, height),
        "unknown": field.unknown,
    }
