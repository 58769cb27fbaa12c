"""``python -m tests.benchmarks [--quick]``: measure everything and write BENCHMARKS.md."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from detector_app.pipelines.embedded import DEFAULT_MODEL, assets_folder, embedded_models
from tests.benchmarks import overhead, report

REPOSITORY = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure, write, and print what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    parser.add_argument("--model", type=Path, default=None, help="another .onnx file than the embedded detector")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "BENCHMARKS.md")
    args = parser.parse_args()
    model = args.model or embedded_models()[DEFAULT_MODEL]
    clip = assets_folder() / "demo.mp4"
    with tempfile.TemporaryDirectory() as folder:
        chapters = [
            overhead.frame_in_memory(model, clip, 20 if args.quick else 400),
            overhead.frame_in_memory(overhead.at_size(model, 640, Path(folder)), clip, 10 if args.quick else 150),
            overhead.end_to_end(model, clip, Path(folder), 2 if args.quick else 9),
        ]
    report.write(chapters, args.out)
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
