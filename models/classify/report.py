"""What a run says to people: which data it found, and how good the result is."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.classify.folders import ClassFolders
from models.progress import emit
from models.provenance import Provenance

MOST_CLASSES = 40


def print_data(folders: ClassFolders, *, json_progress: bool) -> None:
    """Counts by class and part; what was left out goes to standard error."""
    for remark in folders.remarks:
        print(f"detector-train: {remark}", file=sys.stderr)
    if json_progress:
        return
    parts = {"train": folders.train, "val": folders.val, **folders.tests}
    counts = {
        part: np.bincount([int(record.labels[0]) for record in records], minlength=len(folders.classes))
        for part, records in parts.items()
        if records
    }
    wide = max(5, *(len(name) for name in folders.classes))
    print(f"{folders.source.name}: {len(folders.classes)} classes, licence {folders.source.licence}")
    print(f"  {'':{wide}}" + "".join(f"{part:>{max(8, len(part) + 2)}}" for part in counts))
    for label, name in list(enumerate(folders.classes))[:MOST_CLASSES]:
        print(f"  {name:{wide}}" + "".join(f"{own[label]:>{max(8, len(part) + 2)}}" for part, own in counts.items()))
    print(
        f"  {'all':{wide}}" + "".join(f"{own.sum():>{max(8, len(part) + 2)}}" for part, own in counts.items()),
        flush=True,
    )


def print_part(part: str, classes: Sequence[str], counts: NDArray[np.int64]) -> None:
    """Accuracy on one part, per class the worst first, and the commonest mistakes.

    Args:
        part: its name.
        classes: names in id order.
        counts: (C, C), see `measures.confusion`.
    """
    shown = counts.sum(1)
    right = counts.diagonal() / np.maximum(shown, 1)
    print(f"{part}: {counts.trace() / max(counts.sum(), 1):.1%} of {counts.sum()} pictures are right; by class:")
    wide = max(len(name) for name in classes)
    for label in np.argsort(right, kind="stable")[:MOST_CLASSES]:
        if shown[label]:
            print(f"  {classes[label]:{wide}}  {right[label]:>6.1%}  of {shown[label]}")
    mistakes = counts - np.diag(counts.diagonal())
    worst = [place for place in np.argsort(-mistakes, axis=None, kind="stable")[:3] if mistakes.flat[place]]
    for truth, answer in (divmod(int(place), len(classes)) for place in worst):
        print(f"  {classes[truth]} taken for {classes[answer]}: {mistakes[truth, answer]}")


def print_result(out: Path, provenance: Provenance, *, json_progress: bool) -> None:
    """The best validation, and what lies in the folder."""
    if json_progress:
        emit("done", weights=str(out / "classifier.safetensors"), metrics=dict(provenance.metrics))
        return
    print(f"best after epoch {provenance.epochs}: {provenance.metrics['accuracy']:.1%} right on validation")
    names = sorted(path.name for path in out.iterdir() if path.suffix in (".safetensors", ".png"))
    print(f"{out}: {', '.join(names)}", flush=True)
