"""``detector-app faces run``: as ``run``, with names on the faces, or with strangers' faces blurred."""

from __future__ import annotations

import argparse
import hashlib
from typing import TYPE_CHECKING, Any

from detector_app.commands.faces_options import (
    add_embedder,
    add_gallery,
    add_threshold,
    open_gallery,
    opened_embedder,
    ready_snapshot,
)
from detector_app.commands.interruption import Interruption
from detector_app.commands.run import EPILOG, add_options, carry_out, check_options
from detector_app.errors import SettingError

if TYPE_CHECKING:
    from detector_app.faces.embedder import Embedder
    from detector_app.faces.matching import GallerySnapshot

FACE = "face"
BLUR_HELP = "make every face unrecognisable that is not enrolled, in all that is written; what the detector misses is not blurred"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "run",
        help="name faces in videos and pictures, or blur strangers",
        description="Find faces in every frame of the inputs, say who they are, and write the results.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--blur-unknown", action="store_true", help=BLUR_HELP)
    parser.add_argument(
        "--model",
        "--face-model",
        default="mtcnn",
        metavar="NAME|FILE",
        help="the model that finds faces, alone or with objects, as in desk-yolo+mtcnn (default: %(default)s)",
    )
    add_options(parser)
    add_gallery(parser)
    add_embedder(parser)
    add_threshold(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Do it. Returns the exit code.

    Raises:
        SettingError: a class or kind of output that does not exist.
        ModelError, GalleryError: a model or the gallery cannot be used.
        OtherRunError, SinkError: the folder holds another run or cannot be written.
    """
    from detector_app.commands.run_session import RunSession
    from detector_app.faces.recognition import Recogniser
    from detector_app.faces.threshold import threshold_of

    check_options(args)
    if args.blur_unknown:
        _check_blurring(args)
    with opened_embedder(args) as embedder:
        snapshot = ready_snapshot(open_gallery(args), embedder)
        threshold = threshold_of(snapshot, embedder.threshold) if args.threshold is None else args.threshold
        recogniser = Recogniser(embedder, snapshot, threshold, blur_unknown=args.blur_unknown)
        facts = _facts(args, embedder, snapshot, threshold)
        with Interruption() as interruption, RunSession(args, interruption, recogniser, facts) as session:
            return carry_out(session, interruption, args.out)


def _check_blurring(args: argparse.Namespace) -> None:
    """What is chosen away is not blurred, so nothing may be."""
    if args.classes is not None and FACE not in args.classes:
        raise SettingError("--classes", found="without face", expected=f"with {FACE}, where strangers are blurred")
    if args.max_detections is not None:
        raise SettingError("--max-detections", found="chosen", expected="left out, where strangers are blurred")
    if (args.scan_every or 1) > 1:
        found = f"{args.scan_every}"
        raise SettingError(
            "--scan-every", found=found, expected="1, where strangers are blurred: new faces would be seen"
        )


def _facts(args: argparse.Namespace, embedder: Embedder, snapshot: GallerySnapshot, threshold: float) -> dict[str, Any]:
    """What the names depend on. Of the people only a digest: the journal of a run is no place for them."""
    digest = hashlib.sha256(snapshot.embeddings.tobytes())
    digest.update("\n".join(snapshot.names).encode())
    return {
        "embedder_sha256": embedder.model_hash,
        "people_sha256": digest.hexdigest(),
        "threshold": threshold,
        "blur_unknown": args.blur_unknown,
    }
