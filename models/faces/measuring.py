"""What an evaluation leaves behind, and the measuring of a finished embedder on people who are new to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.faces.checkpoint import load_embedder
from models.faces.crops import Faces, landmarks_of, load_faces
from models.faces.evaluation import Evaluation, Trial, evaluate, to_json
from models.faces.people import read_people
from models.faces.report import print_evaluation
from models.faces.report_pictures import draw_evaluation
from models.faces.training import embed, features
from models.progress import emit
from models.whole_file import write_whole

LANDMARKS_NAME = "landmarks.json"
REPORT_NAME = "evaluation.json"


@dataclass(frozen=True)
class Telling:
    """Where figures go: `out` gets `evaluation.json`, with `draw` also `evaluation.png`; lines are of JSON or for people."""

    out: Path
    json_progress: bool = False
    draw: bool = True

    def tell(self, found: Evaluation, faces: Faces, **more: Any) -> None:
        """Writes, draws and says what was found.

        Raises:
            OSError: a file cannot be written.
        """
        content = {**to_json(found, len(faces.names), len(faces.labels)), **more}
        write_whole(self.out / REPORT_NAME, json.dumps(content, indent=1).encode())
        if self.draw:
            title = f"{found.crossed.accuracy:.1%} of balanced pairs right on {len(faces.names)} unseen people"
            draw_evaluation(found, (self.out / REPORT_NAME).with_suffix(".png"), title)
        if self.json_progress:
            emit("evaluation", **content)
        else:
            print_evaluation(found)


def measure(weights: Path, data: Path, mtcnn: Path | None, telling: Telling) -> Mapping[str, float]:
    """Measures an embedder on people who must all be new to it: nobody can tell that from the files.

    Besides the figures of every evaluation there are those at the threshold that the file names, which these people had no part in.

    Args:
        weights: a file that `detector-train faces` wrote.
        data: a folder of people.
        mtcnn: folder with the weights that find landmarks; None for those of the package.
        telling: where figures go.

    Returns:
        `accuracy`, `TAR` and `FAR` at the file's threshold; empty if it names none.

    Raises:
        WeightsFileError: the file, or the weights of the cascade, cannot be read.
        TrainingDataError: the data cannot be used.
    """
    network, _ = load_embedder(weights)
    people = read_people(data)
    faces = load_faces(people, landmarks_of(people, telling.out / LANDMARKS_NAME, mtcnn), network.spec)
    everybody = tuple(range(len(faces.names)))
    found = evaluate([Trial(everybody, embed(network, faces.inputs), features(network, faces.inputs))], faces)
    own = {} if network.spec.threshold is None else rates_at(found, network.spec.threshold)
    telling.tell(found, faces, at_own_threshold={"threshold": network.spec.threshold, **own})
    if own and not telling.json_progress:
        print(f"at the file's own threshold {network.spec.threshold:.4f}: ", end="")
        print(", ".join(f"{name} {value:.3f}" for name, value in own.items()), flush=True)
    return own


def rates_at(found: Evaluation, threshold: float) -> dict[str, float]:
    """`accuracy` of balanced pairs, `TAR` and `FAR` at a threshold."""
    accepted, same = found.pairs.distances <= threshold, found.pairs.same
    tar, far = float(np.mean(accepted[same])), float(np.mean(accepted[~same]))
    return {"accuracy": (tar + 1 - far) / 2, "TAR": tar, "FAR": far}
