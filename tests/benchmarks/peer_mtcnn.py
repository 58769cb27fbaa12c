"""The package mtcnn as a peer; runs in its own environment."""

from __future__ import annotations

import os
from typing import Any

import peer_loop


def main() -> None:
    """Load it and answer."""
    answers = peer_loop.only_answers()
    import tensorflow as tf
    from mtcnn import MTCNN

    threads = int(os.environ["OMP_NUM_THREADS"])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    network = MTCNN(device="CPU:0")

    def find(picture: Any, request: dict[str, Any]) -> list[Any]:
        """Boxes, found together with their landmarks."""
        propose, refine, last = request["scores"]
        faces = network.detect_faces(
            picture,
            box_format="xyxy",
            min_face_size=request["min_face_px"],
            scale_factor=request["scale_factor"],
            threshold_pnet=propose,
            threshold_rnet=refine,
            threshold_onet=last,
        )
        return [face["box"] for face in faces]

    peer_loop.serve(answers, f"tensorflow {tf.__version__}", find)


if __name__ == "__main__":
    main()
