"""``detector-app faces``: enrol people, compare pictures, find somebody, name faces in videos. Nothing leaves the machine."""

from __future__ import annotations

import argparse

from detector_app.commands import faces_compare, faces_people, faces_run, faces_threshold
from detector_app.faces.place import default_path

EPILOG = """\
Everything stays on this machine. The gallery with the people, their embeddings and, only if you asked for it, their pictures
is one file, readable by you alone: {path}
“forget” overwrites what it deletes; copies that a backup has made are beyond its reach.

exit codes: 0 done; 1 a picture, model or gallery could not be used; 2 the command itself is wrong; 130 interrupted.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand with its own subcommands."""
    parser = subparsers.add_parser(
        "faces",
        help="who a face is: enrol people, compare pictures, find somebody",
        description="Who a face is, from one picture of each person.",
        epilog=EPILOG.format(path=default_path()).replace("%", "%%"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    inner = parser.add_subparsers(metavar="COMMAND", required=True)
    faces_people.add_parsers(inner)
    faces_compare.add_parsers(inner)
    faces_threshold.add_parser(inner)
    faces_run.add_parser(inner)
