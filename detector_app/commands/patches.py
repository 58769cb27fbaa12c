"""``detector-app patches``: what most excites one unit of a network."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector_app.commands.layers import anatomy_of, chosen_layer, chosen_network
from detector_app.commands.options import at_least
from detector_app.errors import SettingError, SinkError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detector_app.engine.unit_search import Patch

CELL_PX = 224
_ACROSS = 3


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "patches",
        help="the nine patches that most excite a unit of a network",
        description="Look through a video or a folder for what most excites one unit, and draw it as a sheet.",
    )
    parser.add_argument("model", metavar="MODEL", help="an embedded model or an .onnx file")
    parser.add_argument("input", metavar="INPUT", help="a video, a picture or a folder")
    parser.add_argument("--layer", required=True, metavar="NAME", help="as detector-app layers lists it, “Conv 3”")
    parser.add_argument("--unit", required=True, type=at_least(0, int), metavar="U", help="which channel, from 0")
    parser.add_argument("--out", metavar="FILE", help="draw the patches into this picture (.png, .jpg)")
    parser.add_argument("--stage", metavar="NAME", help="of a cascade: pnet, rnet or onet (default: the first)")
    parser.add_argument("--count", type=at_least(1, int), default=9, metavar="N", help="how many (default: 9)")
    parser.add_argument(
        "--apart",
        type=at_least(0, float),
        default=1.0,
        metavar="S",
        help="of a video, one patch in S seconds (default: 1)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a patch")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Search, print and draw. Returns the exit code.

    Raises:
        SettingError: there is no such stage, layer or unit, or the picture's type is not known.
        ModelError, SourceError: the model or the input cannot be used.
        SinkError: the sheet cannot be written.
    """
    from detector_app.engine.unit_search import SearchProgress, UnitQuery, UnitSearch
    from detector_app.pipelines.inside.network import Inside, networks_of
    from detector_app.pipelines.providers import default_threads

    network = chosen_network(args.model, args.stage)
    layer = chosen_layer(anatomy_of(Inside(network)), args.layer, args.model)
    if args.unit >= layer.channels:
        raise SettingError("--unit", found=args.unit, expected=f"0 to {layer.channels - 1}: {layer.title}")
    if args.out and Path(args.out).suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise SettingError("--out", found=args.out, expected="a .png or .jpg")
    stage = [one.stage for one in networks_of(args.model)].index(network.stage)

    def tell(progress: SearchProgress) -> None:
        if sys.stderr.isatty():
            total = "" if progress.total is None else f" of {progress.total:,}"
            print(f"\r{progress.done:,}{total} frames", end="" if progress.running else "\n", file=sys.stderr)

    query = UnitQuery(
        args.model, None, layer.tensor, args.unit, args.input, stage, count=args.count, apart_s=args.apart
    )
    found = UnitSearch(query, tell, threads=default_threads()).run()
    for number, patch in enumerate(found.patches, 1):
        print(json.dumps(_record(number, patch), ensure_ascii=False) if args.json else _line(number, patch))
    if found.skipped:
        print(f"{found.skipped} pictures could not be read", file=sys.stderr)
    if args.out:
        _write(Path(args.out), sheet(found.patches))
    return 0


def sheet(patches: tuple[Patch, ...]) -> NDArray[np.uint8]:
    """The patches as one picture, three in a row, each in its own aspect."""
    import cv2
    import numpy as np

    rows = max(1, -(-len(patches) // _ACROSS))
    canvas = np.full((rows * CELL_PX, _ACROSS * CELL_PX, 3), 24, np.uint8)
    for i, patch in enumerate(patches):
        height, width = patch.image_bgr.shape[:2]
        factor = (CELL_PX - 8) / max(height, width)
        size = max(1, round(width * factor)), max(1, round(height * factor))
        image = cv2.resize(patch.image_bgr, size, interpolation=cv2.INTER_NEAREST if factor > 4 else cv2.INTER_CUBIC)
        top = i // _ACROSS * CELL_PX + (CELL_PX - size[1]) // 2
        left = i % _ACROSS * CELL_PX + (CELL_PX - size[0]) // 2
        canvas[top : top + size[1], left : left + size[0]] = image
    return canvas


def _write(path: Path, image: NDArray[np.uint8]) -> None:
    import cv2

    try:
        path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    except OSError as error:
        raise SinkError(str(path), detail=error.strerror or str(error)) from error


def _line(number: int, patch: Patch) -> str:
    box = ", ".join(f"{side:.0f}" for side in patch.box)
    return (
        f"{number}. {patch.value:.4g}  frame {patch.index} at {patch.time_s:.3f} s  [{box}]  {Path(patch.source).name}"
    )


def _record(number: int, patch: Patch) -> dict[str, Any]:
    return {
        "rank": number,
        "value": patch.value,
        "row": patch.row,
        "column": patch.column,
        "index": patch.index,
        "time_s": patch.time_s,
        "source": patch.source,
        "box_xyxy": list(patch.box),
    }
