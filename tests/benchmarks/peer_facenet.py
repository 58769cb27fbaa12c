"""facenet-pytorch as a peer; runs in its own environment.

It imports torchvision, of which there is not always a build that loads beside a CPU build of torch. All it needs of it is one
operator, which is then given to torch by hand before: non-maximum suppression, here OpenCV's, in C++ like torchvision's own.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import peer_loop

SIGNATURE = "Tensor dets, Tensor scores, float iou_threshold"


def main() -> None:
    """Load it and answer."""
    answers = peer_loop.only_answers()
    import torch

    vision = import_torchvision()
    import facenet_pytorch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    networks: dict[tuple[float, ...], Any] = {}

    def find(picture: Any, request: dict[str, Any]) -> Any:
        """Boxes, found together with their landmarks."""
        key = (request["min_face_px"], request["scale_factor"], *request["scores"])
        if key not in networks:
            least, factor, *thresholds = key
            networks[key] = facenet_pytorch.MTCNN(
                min_face_size=least, factor=factor, thresholds=thresholds, keep_all=True
            )
        boxes, _, _ = networks[key].detect(picture, landmarks=True)
        return [] if boxes is None else boxes

    peer_loop.serve(answers, f"torch {torch.__version__} and {vision}", find)


def import_torchvision() -> str:
    """Import it as it is where it loads, else with the operator by hand. Returns its version, and how."""
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
    else:
        return f"torchvision {torchvision.__version__}"
    _LIBRARIES.append(operator_by_hand())
    import torchvision
    import torchvision.ops.boxes

    torchvision.ops.boxes._assert_has_ops = lambda: None
    return (
        f"torchvision {torchvision.__version__}, whose build does not load beside this torch: "
        "its one operator in use, nms, is OpenCV's NMSBoxes instead, registered by hand"
    )


_LIBRARIES: list[Any] = []
"""An operator goes when its library does."""


def operator_by_hand() -> Any:
    """``torchvision::nms``, and by name only ``qnms``, which torchvision expects when it is imported."""
    import cv2
    import numpy as np
    import torch

    def suppressed(boxes: Any, scores: Any, iou_threshold: float) -> Any:
        """Indices of the boxes kept, best first."""
        xywh = boxes.numpy().astype(np.float64)
        xywh[:, 2:] -= xywh[:, :2]
        kept = cv2.dnn.NMSBoxes(xywh, scores.numpy(), 0.0, float(iou_threshold))
        return torch.from_numpy(np.asarray(kept, np.int64).reshape(-1))

    library = torch.library.Library("torchvision", "DEF")
    library.define(f"nms({SIGNATURE}) -> Tensor")
    library.define(f"qnms({SIGNATURE}) -> Tensor")
    library.impl("nms", suppressed, "CPU")
    return library


if __name__ == "__main__":
    main()
