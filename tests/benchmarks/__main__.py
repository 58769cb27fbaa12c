"""``python -m tests.benchmarks [--quick] [--only NAME]``: measure, and write BENCHMARKS.md."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.pipelines.embedded import DEFAULT_MODEL, assets_folder, embedded_models
from tests.benchmarks import (
    cascade_parts,
    faces,
    family,
    following,
    gallery,
    overhead,
    report,
    timeline,
    tracing,
    two_sessions,
)
from tests.benchmarks.report import Chapter

REPOSITORY = Path(__file__).resolve().parents[2]
CLIP = assets_folder() / "demo.mp4"
RUNS = REPOSITORY / "runs"
BLOOD = REPOSITORY.parent / "shared" / "data" / "train" / "bccd364" / "images"
FACES_CLIP = REPOSITORY.parent / "shared" / "data" / "media" / "facenet_pytorch_video" / "video.mp4"


@dataclass(frozen=True)
class Bench:
    """What the chapters are measured with.

    Attributes:
        model: the detector.
        folder: for files on the way.
        quick: few rounds, to see that it works.
    """

    model: Path
    folder: Path
    quick: bool

    def rounds(self, quick: int, full: int) -> int:
        """How many."""
        return quick if self.quick else full


CHAPTERS: dict[str, Callable[[Bench], Chapter]] = {
    "frame": lambda b: overhead.frame_in_memory(b.model, CLIP, b.rounds(20, 400)),
    "frame-640": lambda b: overhead.frame_in_memory(overhead.at_size(b.model, 640, b.folder), CLIP, b.rounds(10, 150)),
    "file": lambda b: overhead.end_to_end(b.model, CLIP, b.folder, b.rounds(2, 9)),
    "mtcnn": lambda b: faces.beside_peers(b.folder, b.rounds(3, 21)),
    "mtcnn-parts": lambda b: cascade_parts.parts(b.rounds(3, 31), faces.pictures()),
    "following": lambda b: following.followed(FACES_CLIP, b.rounds(2, 5), 15 if b.quick else None),
    "family": lambda b: family.side_by_side(
        "R-CNN, Fast R-CNN, Faster R-CNN and YOLO on blood cells", RUNS / "family-blood", BLOOD, b.rounds(2, 9)
    ),
    "one-graph": lambda b: two_sessions.one_or_two(
        "Faster R-CNN as one graph or two", BLOOD, b.folder, b.rounds(5, 60)
    ),
    "trace": lambda b: tracing.what_it_costs(CLIP, BLOOD, b.rounds(5, 60)),
    "timeline": lambda b: timeline.an_hour(b.folder, b.rounds(60, timeline.HOUR_S)),
    "gallery": lambda b: gallery.matching(b.rounds(20, 400)),
}
"""Name for ``--only`` → what measures that chapter, in the order of the file."""


def main() -> None:
    """Measure, write, and print what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    parser.add_argument(
        "--only",
        action="append",
        choices=tuple(CHAPTERS),
        help="measure this chapter, and leave the others of the file as they are; may be given several times",
    )
    parser.add_argument("--model", type=Path, default=None, help="another .onnx file than the embedded detector")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "BENCHMARKS.md")
    args = parser.parse_args()
    model = args.model or embedded_models()[DEFAULT_MODEL]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(model, Path(folder), args.quick)
        chapters = []
        for name, measure in CHAPTERS.items():
            if args.only is None or name in args.only:
                chapters.append(measure(bench))
                # Should a later chapter fail, these figures are not lost.
                report.write(chapters[-1:], args.out, keep=True)
    if args.only is None:
        report.write(chapters, args.out)
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
