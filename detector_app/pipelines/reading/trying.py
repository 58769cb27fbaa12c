"""Opening a file for a moment, to see what it takes and gives and what it says of a grey picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from detector_app.errors import InferenceError
from detector_app.pipelines.reading.interface import Interface, grey_picture, see
from detector_app.pipelines.session import OnnxSession


def interface_of(path: Path, threads: int | None = None) -> Interface:
    """Open a file for a moment, on the CPU; run it once on grey if it takes one picture.

    Raises:
        NotAnOnnxFileError, ModelError: it cannot be opened.
    """
    session = OnnxSession(path, providers=("cpu",), threads=threads)
    try:
        return _describe(session, path)
    finally:
        session.close()


def _describe(session: OnnxSession, path: Path) -> Interface:
    bare = Interface(path.stem, session.graph, session.metadata)
    tensor = grey_picture(session.graph)
    if tensor is None:
        return bare
    try:
        outputs = session.run({session.graph.inputs[0].name: tensor})
    except InferenceError:  # then there is less evidence, no more
        return bare
    seen = {name: see(array) for name, array in outputs.items() if isinstance(array, np.ndarray)}
    return Interface(bare.name, bare.graph, bare.metadata, seen)
