"""``detector-app faces enrol|list|rename|forget|import|export``: who is in the gallery."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.commands.faces_options import (
    FAILED,
    FaceTools,
    add_gallery,
    add_largest,
    add_models,
    open_gallery,
    opened_tools,
    ready_snapshot,
    tell,
)
from detector_app.commands.tally import counted
from detector_app.errors import DetectorError

if TYPE_CHECKING:
    from detector_app.faces.people import NewPicture

Subparsers = argparse._SubParsersAction
KEEP_HELP = "keep the faces themselves in the gallery, so that another model can be used later without enrolling again"


def add_parsers(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    enrol = subparsers.add_parser("enrol", help="add a person, or pictures of one", description=enrol_.__doc__)
    enrol.add_argument("name", metavar="NAME")
    enrol.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE", help="picture or folder of pictures")
    enrol.add_argument("--keep-crops", action="store_true", help=KEEP_HELP)
    _finish(enrol, enrol_, models=True)

    listing = subparsers.add_parser("list", help="who is enrolled, and where the gallery is", description=list_.__doc__)
    listing.add_argument("--json", action="store_true", help="as JSON")
    _finish(listing, list_)

    rename = subparsers.add_parser("rename", help="give a person another name", description=rename_.__doc__)
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW-NAME")
    _finish(rename, rename_)

    forget = subparsers.add_parser("forget", help="delete people completely", description=forget_.__doc__)
    forget.add_argument("names", nargs="+", metavar="NAME")
    _finish(forget, forget_)

    export = subparsers.add_parser("export", help="write all that is known of a person", description=export_.__doc__)
    export.add_argument("name", metavar="NAME")
    export.add_argument("target", type=Path, metavar="FOLDER|FILE.zip")
    _finish(export, export_)

    importing = subparsers.add_parser("import", help="enrol a folder of people", description=import_.__doc__)
    importing.add_argument("folder", type=Path, metavar="FOLDER")
    importing.add_argument("--keep-crops", action="store_true", help=KEEP_HELP)
    _finish(importing, import_, models=True)


def _finish(parser: argparse.ArgumentParser, execute: object, *, models: bool = False) -> None:
    add_gallery(parser)
    if models:
        add_models(parser)
        add_largest(parser)
    parser.set_defaults(execute=execute)


def enrol_(args: argparse.Namespace) -> int:
    """Add pictures to a person. Those that are not good enough are told, with what would help, and left out."""
    gallery = open_gallery(args)
    with opened_tools(args) as tools:
        ready_snapshot(gallery, tools.embedder)
        paths = list(_paths(args.pictures))
        pictures = list(_prepared(paths, tools, args))
    if pictures:
        person = gallery.enrol(args.name, pictures)
        print(f"{person.name}: {counted(len(pictures), 'picture')} enrolled, {person.pictures} in all → {gallery.path}")
    else:
        tell(f"{args.name} was not enrolled: no picture was good enough.")
    return 0 if len(pictures) == len(paths) else FAILED


def list_(args: argparse.Namespace) -> int:
    """List the people of the gallery, and say where its file is."""
    gallery = open_gallery(args)
    people = gallery.people()
    if args.json:
        facts = [{"name": p.name, "pictures": p.pictures, "crops": p.kept, "created": p.created} for p in people]
        print(json.dumps({"gallery": str(gallery.path), "people": facts}, ensure_ascii=False, indent=2))
        return 0
    width = max((len(person.name) for person in people), default=0)
    for person in people:
        kept = f", {counted(person.kept, 'face')} kept" if person.kept else ""
        print(f"{person.name:<{width}}  {counted(person.pictures, 'picture')}{kept}, since {person.created[:10]}")
    print(f"{len(people)} enrolled. Everything stays on this machine, in {gallery.path}")
    return 0


def rename_(args: argparse.Namespace) -> int:
    """Give a person another name."""
    gallery = open_gallery(args)
    person = gallery.person(args.name)
    gallery.rename(person.id, args.new_name)
    print(f"{person.name} → {gallery.person(args.new_name).name}")
    return 0


def forget_(args: argparse.Namespace) -> int:
    """Delete people with all their pictures and embeddings, so that nothing of them is left in the gallery's file."""
    gallery = open_gallery(args)
    for person in [gallery.person(name) for name in args.names]:  # all must be known before the first is gone
        gallery.forget(person.id)
        print(f"{person.name} was forgotten with {counted(person.pictures, 'picture')}.")
    return 0


def export_(args: argparse.Namespace) -> int:
    """Write the kept faces of a person as pictures, and all else, embeddings too, as person.json."""
    from detector_app.faces.exchange import export_person

    gallery = open_gallery(args)
    print(export_person(gallery, gallery.person(args.name), args.target))
    return 0


def import_(args: argparse.Namespace) -> int:
    """Enrol everybody in a folder: a sub-folder for each person, or pictures named for them (Anna.jpg, Anna 2.jpg)."""
    from tqdm import tqdm

    from detector_app.faces.exchange import ImportOptions, import_people

    gallery = open_gallery(args)
    tqdm.monitor_interval = 0  # it would start a thread of its own
    with opened_tools(args) as tools, tqdm(desc=args.folder.name, unit="picture", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        ready_snapshot(gallery, tools.embedder)
        options = ImportOptions(args.keep_crops, args.largest, show)
        came = import_people(args.folder, gallery, tools.finder, tools.embedder, options)
    for path, error in came.refused:
        tell(str(error) if str(path) in str(error) else f"{path}: {error}")
    pictures = counted(sum(came.people.values()), "picture")
    print(
        f"{counted(len(came.people), 'person')} enrolled with {pictures}, {len(came.refused)} refused → {gallery.path}"
    )
    return FAILED if came.refused else 0


def _paths(given: Iterable[Path]) -> Iterator[Path]:
    """Pictures as given; of a folder those in it."""
    from detector_app.sources.listing import list_folder

    for path in given:
        if path.is_dir():
            yield from list_folder(path).pictures
        else:
            yield path


def _prepared(paths: Iterable[Path], tools: FaceTools, args: argparse.Namespace) -> Iterator[NewPicture]:
    """What can be enrolled; the rest is told."""
    from detector_app.faces.enrolment import prepare_picture
    from detector_app.sources.picture_file import read_picture

    for path in paths:
        try:
            face = tools.finder.the_face(read_picture(path), str(path), largest=args.largest)
            yield prepare_picture(face, tools.embedder, keep_crop=args.keep_crops, source=path.name)
        except DetectorError as error:
            tell(str(error))
