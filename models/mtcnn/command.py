"""`detector-train mtcnn`."""

import argparse
from pathlib import Path

from models.machine import add_machine, given_machine
from models.mtcnn.settings import MtcnnSettings
from models.option_help import HelpWithDefaults
from models.run_folder import add_source_note, given_notes, last_checkpoint, make_out_folder, require_unused
from models.setting_table import add_settings, given_settings

NETS = ("pnet", "rnet", "onet")


def add_parser(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand; settings of a run come from the settings table."""
    parser = families.add_parser(
        "mtcnn", help="train a network of the face detector MTCNN", formatter_class=HelpWithDefaults
    )
    parser.set_defaults(start=train_net)
    group = parser.add_argument_group("what to train")
    group.add_argument("--net", choices=NETS, required=True, help="one after the other, into the same --out")
    group.add_argument(
        "--data", action="append", type=Path, required=True, metavar="SET",
        help="annotated faces: COCO, YOLO or VOC; five COCO keypoints are a face's landmarks: left eye, right eye, nose, left and right "
        "mouth corner, as seen in the picture; may be given again",
    )  # fmt: skip
    group.add_argument("--classes", default="face", metavar="A,B", help="the names that mean a face")
    add_source_note(group)
    group.add_argument(
        "--after", type=Path, metavar="DIR",
        help="weights of the networks before, whose false alarms become up to half of the negatives; usually --out itself",
    )  # fmt: skip
    group.add_argument(
        "--out", type=Path, required=True, help="folder for the weights; detector-export mtcnn --weights takes it"
    )
    group.add_argument("--no-pictures", action="store_true", help="do not draw the curves")
    group.add_argument("--resume", action="store_true", help="go on from the last checkpoint in OUT/NET")
    group.add_argument("--progress", choices=["bar", "json"], default="bar", help="json: one object a line")
    add_settings(parser, MtcnnSettings)
    add_machine(parser)


def train_net(given: argparse.Namespace) -> None:
    """Runs the subcommand.

    Raises:
        ModelsError: see `models.mtcnn.run.train`.
    """
    settings = MtcnnSettings(**given_settings(MtcnnSettings, given))
    folder = given.out / given.net
    resume = last_checkpoint(folder, resume=given.resume)
    # torch takes seconds to import, and --help needs none of it
    from models.mtcnn.run import Order, train

    make_out_folder(folder)
    if not resume:
        require_unused(folder)
    order = Order(
        stage=given.net,
        data=tuple(given.data),
        out=given.out,
        settings=settings,
        classes=tuple(name.strip() for name in given.classes.split(",")),
        notes=given_notes(given),
        machine=given_machine(given),
        after=given.after,
        resume=resume,
        json_progress=given.progress == "json",
        draw=not given.no_pictures,
    )
    train(order)
