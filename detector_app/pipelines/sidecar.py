"""Cards that people write by hand for classifiers from elsewhere, ``NAME.card.json``: the graph completes them, the rest is asked for.

The graph tells the names, sizes and types of its input and output. How the picture must be prepared it does not tell, and a classifier
that is prepared wrongly fails quietly: so of all that has a default in the card nothing is taken for granted here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detector_app.errors import CardInvalidError
from detector_app.graph import Graph, TensorInfo

ASKED = {
    "channel_order": "RGB, BGR or GREY",
    "resize": "crop, stretch, letterbox or none",
    "scale": "what pixels of 0 to 255 are multiplied by, as in 0.00392157",
    "mean": "what is subtracted then, as in [0.485, 0.456, 0.406]",
    "std": "what is divided by then, as in [0.229, 0.224, 0.225]",
}
"""Fields of ``input`` that the graph does not tell → what is expected there."""
_FRACTION = "of the largest centred rectangle, as in 0.875 or 1"
_ROLE = '[{"role": "logits"}], or "probabilities" if the softmax is in the graph'


def sidecar_of(path: Path) -> Path:
    """Where the card beside the model ``path`` lies: ``NAME.card.json``."""
    return path.with_suffix(".card.json")


def completed(text: str, graph: Graph, name: str, where: str) -> str:
    """``text`` of a sidecar with what the graph tells filled in, if it is a classifier's; any other text as it is.

    Args:
        text: JSON, perhaps.
        graph: what the file beside it takes and gives.
        name: name for the card if it has none.
        where: the sidecar, for messages.

    Raises:
        CardInvalidError: something that the graph does not tell is missing.
    """
    try:
        card = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(card, dict) or card.get("task") != "classify" or len(graph.inputs) != 1:
        return text
    given = card.get("input", {})
    if not isinstance(given, dict):
        return text
    spec = {**_told(graph.inputs[0]), **given}
    _ask(spec, where)
    card = {"name": name, "decoder": "classifier", **card, "input": spec}
    card["outputs"] = _outputs(card.get("outputs"), graph, where)
    return json.dumps(card)


def _told(info: TensorInfo) -> dict[str, Any]:
    """Fields of ``input`` that can be read off the graph."""
    told: dict[str, Any] = {"name": info.name, "dtype": info.dtype}
    if len(info.shape) != 4:
        return told
    last = info.shape[3] in (1, 3) and info.shape[1] not in (1, 3)
    batch, channels, *size = [info.shape[i] for i in ((0, 3, 1, 2) if last else (0, 1, 2, 3))]
    told |= {"layout": "NHWC" if last else "NCHW", "dynamic_batch": not isinstance(batch, int)}
    told |= {"size_hw": size} if all(isinstance(side, int) for side in size) else {}
    return told | ({"channel_order": "GREY"} if channels == 1 else {})


def _ask(spec: dict[str, Any], where: str) -> None:
    raw = spec.get("dtype") == "uint8"  # then the graph scales for itself
    wanted = {key: text for key, text in ASKED.items() if not (raw and key in ("scale", "mean", "std"))}
    wanted |= {"size_hw": "[height, width]"} | ({"crop_fraction": _FRACTION} if spec.get("resize") == "crop" else {})
    for key, text in wanted.items():
        if key not in spec:
            raise CardInvalidError(where, field=f"input.{key}", found="nothing", expected=text)


def _outputs(given: Any, graph: Graph, where: str) -> Any:
    """Roles as given, with the name of the only output."""
    if not given:
        raise CardInvalidError(where, field="outputs", found="nothing", expected=_ROLE)
    if len(graph.outputs) == 1 and isinstance(given, list) and len(given) == 1 and isinstance(given[0], dict):
        return [{"name": graph.outputs[0].name, **given[0]}]
    return given
