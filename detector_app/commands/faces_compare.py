"""``detector-app faces verify|search``: are two pictures of one person, and where is somebody seen?"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.commands.faces_options import (
    FAILED,
    add_gallery,
    add_largest,
    add_models,
    add_threshold,
    open_gallery,
    opened_tools,
    ready_snapshot,
    tell,
)
from detector_app.commands.options import at_least
from detector_app.commands.tally import counted
from detector_app.errors import DetectorError

if TYPE_CHECKING:
    from detector_app.faces.embedder import Embedder
    from detector_app.faces.search import Hit

VERIFY_EPILOG = (
    "The exit code is 0 whether they are the same or not: what counts is that the question could be answered."
)


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    verifying = subparsers.add_parser(
        "verify", help="are two pictures of one person?", description=verify_.__doc__, epilog=VERIFY_EPILOG
    )
    verifying.add_argument("first", type=Path, metavar="A")
    verifying.add_argument("second", type=Path, metavar="B")
    verifying.add_argument("--json", action="store_true", help="as JSON")
    verifying.set_defaults(execute=verify_)
    searching = subparsers.add_parser("search", help="where a person is seen", description=search_.__doc__)
    searching.add_argument("name", metavar="NAME", help="of somebody who is enrolled")
    searching.add_argument("where", nargs="+", metavar="WHERE", help="folder, picture, video or pattern")
    searching.add_argument("--json", action="store_true", help="a JSON object on each line")
    searching.add_argument(
        "--every", type=at_least(1, int), default=1, metavar="N", help="of videos only every N-th frame"
    )
    searching.set_defaults(execute=search_)
    for parser in (verifying, searching):
        add_gallery(parser)
        add_models(parser)
        add_threshold(parser)
    add_largest(verifying)


def verify_(args: argparse.Namespace) -> int:
    """Say whether two pictures show the same person, with the distance of the faces and the threshold."""
    from detector_app.faces.verify import verify
    from detector_app.sources.picture_file import read_picture

    first, second = ((read_picture(path), str(path)) for path in (args.first, args.second))
    with opened_tools(args) as tools:
        threshold = _threshold(args, tools.embedder)
        found = verify(first, second, tools.finder, tools.embedder, threshold=threshold, largest=args.largest)
        name = tools.embedder.name
    doubts = [str(doubt) for doubt in found.doubts]
    if args.json:
        facts = {"first": first[1], "second": second[1], "distance": round(found.distance, 6)}
        facts |= {"threshold": found.threshold, "same": found.same, "embedder": name, "doubts": doubts}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    answer = "the same person" if found.same else "two different people"
    print(f"{answer}: distance {found.distance:.3f}, threshold {found.threshold:.3f} ({name})")
    for doubt in doubts:
        tell(doubt)
    return 0


def search_(args: argparse.Namespace) -> int:
    """Find a person in folders, pictures and videos. Each face that is theirs is told as it is found."""
    from detector_app.faces.recognition import Recogniser
    from detector_app.faces.search import Watch, search
    from detector_app.faces.threshold import threshold_of

    gallery = open_gallery(args)
    person = gallery.person(args.name)
    hits = 0
    failures: list[DetectorError] = []

    def fail(error: DetectorError) -> None:
        failures.append(error)
        tell(str(error))

    with opened_tools(args) as tools:
        snapshot = ready_snapshot(gallery, tools.embedder)
        own = threshold_of(snapshot, tools.embedder.threshold)
        recogniser = Recogniser(tools.embedder, snapshot, own if args.threshold is None else args.threshold)
        for where in args.where:
            try:
                watch = Watch(on_skipped=fail)
                for hit in search(where, tools.finder, recogniser, name=person.name, every=args.every, watch=watch):
                    hits += 1
                    print(
                        json.dumps(dataclasses.asdict(hit), ensure_ascii=False) if args.json else _line(hit), flush=True
                    )
            except DetectorError as error:
                fail(error)
    print(f"{person.name}: found {counted(hits, 'time')}", file=sys.stderr)
    return FAILED if failures else 0


def _threshold(args: argparse.Namespace, embedder: Embedder) -> float | None:
    """As given, or the gallery's own for this model; no gallery is made for that. None for the model's."""
    from detector_app.faces.place import default_path

    given: float | None = args.threshold
    if given is not None or not (args.gallery or default_path()).is_file():
        return given
    return open_gallery(args).snapshot(embedder.model_hash).threshold


def _line(hit: Hit) -> str:
    left, top, right, bottom = (round(edge) for edge in hit.xyxy)
    place = hit.source if hit.time_s is None else f"{hit.source} frame {hit.index} at {hit.time_s:.2f} s"
    return f"{place}: {hit.name} {hit.distance:.3f} in ({left}, {top}) to ({right}, {bottom})"
