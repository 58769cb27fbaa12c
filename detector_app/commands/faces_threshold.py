"""``detector-app faces threshold``: how far apart two pictures of one person may be, told from the people enrolled."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from detector_app.commands.faces_options import add_embedder, add_gallery, open_gallery, opened_embedder, ready_snapshot
from detector_app.commands.options import at_least, word_list
from detector_app.errors import SettingError

if TYPE_CHECKING:
    from detector_app.faces.threshold import Histograms

BAR = 40
BINS = 20
SUGGESTED, OWN = "suggested", "model"
MOST = 2.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "threshold", help="how far apart pictures of one person may be", description=execute.__doc__
    )
    parser.add_argument(
        "--set",
        metavar="D",
        help=f"remember this distance for the embedder, 0 to 2; “{SUGGESTED}”, or “{OWN}” for the model's own",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--providers", type=word_list, metavar="NAMES", help=argparse.SUPPRESS)
    add_gallery(parser)
    add_embedder(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Show the distances between the pictures enrolled, of one person and of two, with the threshold that parts them best."""
    from detector_app.faces.people import EmbeddingModel
    from detector_app.faces.threshold import histograms, pairs_of, suggest, threshold_of

    gallery = open_gallery(args)
    with opened_embedder(args) as embedder:
        snapshot = ready_snapshot(gallery, embedder)
        pairs = pairs_of(snapshot)
        found = suggest(snapshot, embedder.threshold, pairs)
        if args.set is not None:
            gallery.set_threshold(
                EmbeddingModel(embedder.model_hash, embedder.name), _wanted(args.set, found.threshold)
            )
            snapshot = gallery.snapshot(embedder.model_hash)
        now, own, name = threshold_of(snapshot, embedder.threshold), embedder.threshold, embedder.name
    drawn = histograms(pairs, BINS)
    if args.json:
        facts = {"embedder": name, "threshold": now, "model": own, "suggested": found.threshold, "origin": found.origin}
        facts |= {"genuine_pairs": len(pairs.genuine), "impostor_pairs": len(pairs.impostor)}
        facts |= {"edges": drawn.edges.tolist(), "genuine": drawn.genuine.tolist(), "impostor": drawn.impostor.tolist()}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    _show(drawn, now)
    print(f"in force {now:.3f} ({name}); suggested {found.threshold:.3f}: {found.origin}")
    if pairs.enough:
        wrong = f"{found.false_rejects:.1%} of one person's pairs are beyond it, {found.false_accepts:.1%} of two people's within"
        print(f"{len(pairs.genuine)} pairs of one person, {len(pairs.impostor)} of two: {wrong}")
    return 0


def _wanted(word: str, suggested: float) -> float | None:
    """What is to be remembered; None for the model's own."""
    if word == OWN:
        return None
    if word == SUGGESTED:
        return suggested
    expected = f"0 to {MOST:g}, “{SUGGESTED}” or “{OWN}”"
    try:
        value = at_least(0, float)(word)
    except argparse.ArgumentTypeError as error:
        raise SettingError("--set", found=f"“{word}”", expected=expected) from error
    if value > MOST:
        raise SettingError("--set", found=word, expected=expected)
    return value


def _show(drawn: Histograms, threshold: float) -> None:
    """Both histograms, one line for each bin: pairs of one person as #, of two as ·, and a line where the threshold is."""
    most = max(1, int(max(drawn.genuine.max(), drawn.impostor.max())))
    for i, (one, two) in enumerate(zip(drawn.genuine, drawn.impostor, strict=True)):
        left, right = drawn.edges[i], drawn.edges[i + 1]
        mark = " ←" if left <= threshold < right else ""
        print(f"{left:5.2f}  {_bar(int(one), most, '#'):<{BAR}} {_bar(int(two), most, '·'):<{BAR}}{mark}".rstrip())


def _bar(count: int, most: int, sign: str) -> str:
    """At least one sign for what is not nothing."""
    return sign * (-(-count * BAR // most))
