"""What people call the layers of networks, and the stages of a cascade."""

from __future__ import annotations

from detector_app.pipelines.inside.layers import Layer
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "Layers"
_KINDS = (
    QT_TRANSLATE_NOOP("Layers", "Conv"),
    QT_TRANSLATE_NOOP("Layers", "Transposed conv"),
    QT_TRANSLATE_NOOP("Layers", "Batch norm"),
    QT_TRANSLATE_NOOP("Layers", "Instance norm"),
    QT_TRANSLATE_NOOP("Layers", "Local norm"),
    QT_TRANSLATE_NOOP("Layers", "Max pool"),
    QT_TRANSLATE_NOOP("Layers", "Average pool"),
    QT_TRANSLATE_NOOP("Layers", "Global pool"),
    QT_TRANSLATE_NOOP("Layers", "Add"),
    QT_TRANSLATE_NOOP("Layers", "Concat"),
    QT_TRANSLATE_NOOP("Layers", "Resize"),
)
"""Names that have a translation; ReLU, softmax and their kin are called the same everywhere."""
STAGES = {"pnet": "P-Net", "rnet": "R-Net", "onet": "O-Net"}


def layer_name(layer: Layer) -> str:
    """As in "Conv 3"."""
    return f"{translate(CONTEXT, layer.kind)} {layer.number}"


def layer_title(layer: Layer) -> str:
    """As in "Conv 3 · 64 × 52 × 52"."""
    return f"{layer_name(layer)} · {layer.channels} × {layer.height} × {layer.width}"
