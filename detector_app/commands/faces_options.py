"""What the commands about faces share: the gallery, the two models, and opening them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.commands.options import at_least, word_list
from detector_app.commands.tally import counted

if TYPE_CHECKING:
    from detector_app.faces.embedder import Embedder
    from detector_app.faces.finding import FaceFinder
    from detector_app.faces.gallery import Gallery
    from detector_app.faces.matching import GallerySnapshot

FAILED = 1


@dataclass(frozen=True)
class FaceTools:
    """Open models."""

    finder: FaceFinder
    embedder: Embedder


def add_gallery(parser: argparse.ArgumentParser) -> None:
    """``--gallery``."""
    parser.add_argument("--gallery", type=Path, metavar="FILE", help="the gallery of people (default: your own)")


def add_embedder(parser: argparse.ArgumentParser) -> None:
    """``--embedder``."""
    parser.add_argument(
        "--embedder",
        default="orl-faces",
        metavar="NAME|FILE",
        help="the model that tells faces apart, an embedded one or an .onnx file (default: %(default)s)",
    )


def add_models(parser: argparse.ArgumentParser) -> None:
    """The two models, and where they run."""
    add_embedder(parser)
    parser.add_argument(
        "--face-model",
        default="mtcnn",
        metavar="NAME|FILE",
        help="the model that finds faces and their landmarks (default: %(default)s)",
    )
    parser.add_argument(
        "--providers", type=word_list, metavar="NAMES", help="processors in order, as in cuda,cpu (default: the best)"
    )


def add_threshold(parser: argparse.ArgumentParser) -> None:
    """``--threshold``."""
    parser.add_argument(
        "--threshold",
        type=at_least(0, float),
        metavar="D",
        help="greatest distance of one person's pictures, 0 to 2 (default: the gallery's, or else the model's own)",
    )


def add_largest(parser: argparse.ArgumentParser) -> None:
    """``--largest``."""
    parser.add_argument("--largest", action="store_true", help="of several faces in a picture take the largest")


@contextmanager
def opened_tools(args: argparse.Namespace) -> Iterator[FaceTools]:
    """Both models, closed in the end.

    Raises:
        ModelError: one cannot be used.
    """
    from detector_app.faces.finding import FaceFinder
    from detector_app.pipelines.loader import load_pipeline

    with opened_embedder(args) as embedder:
        pipeline = load_pipeline(args.face_model, providers=args.providers)
        try:
            yield FaceTools(FaceFinder(pipeline), embedder)
        finally:
            pipeline.close()


@contextmanager
def opened_embedder(args: argparse.Namespace) -> Iterator[Embedder]:
    """The embedder, closed in the end.

    Raises:
        ModelError: it cannot be used.
    """
    from detector_app.faces.embedder import Embedder

    embedder = Embedder.open(args.embedder, providers=args.providers)
    try:
        yield embedder
    finally:
        embedder.close()


def open_gallery(args: argparse.Namespace) -> Gallery:
    """The gallery; what happened to a damaged one is told.

    Raises:
        GalleryError: it cannot be used.
    """
    from detector_app.faces.gallery import Gallery

    gallery = Gallery.open(args.gallery)
    if gallery.notice is not None:
        tell(str(gallery.notice))
    return gallery


def ready_snapshot(gallery: Gallery, embedder: Embedder) -> GallerySnapshot:
    """Everybody as the embedder sees them, embedded anew where another model did it before and the crops were kept.

    Raises:
        GalleryError, InferenceError: see :meth:`~detector_app.faces.gallery.Gallery.re_embed`.
    """
    if gallery.snapshot(embedder.model_hash).missing:
        came = gallery.re_embed(embedder)
        if came.done:
            tell(f"embedded anew with {embedder.name}: {counted(came.done, 'picture')}.")
        if came.impossible:
            tell(
                f"enrolled with another model, and so left out: {counted(came.impossible, 'picture')}, "
                "because the faces were not kept. Enrol them again."
            )
    return gallery.snapshot(embedder.model_hash)


def tell(text: str) -> None:
    """A line on standard error."""
    print(f"detector-app: {text}", file=sys.stderr)
