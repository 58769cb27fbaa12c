"""What the command line chooses of a model's thresholds."""

from __future__ import annotations

import argparse
from dataclasses import replace

from detector_app.commands.options import CASCADE_OPTIONS
from detector_app.errors import SettingError
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings


def chosen_settings(card: ModelCard, args: argparse.Namespace) -> DetectSettings:
    """The model's own thresholds with what the command line changes.

    Raises:
        SettingError: the model does not know a class, or an option has nothing to choose from with this model.
    """
    if card.task == "classify":
        _refuse_choices(args)
    given = {name: getattr(args, name, None) for name in ("score", "iou", "max_detections", "top_k")}
    changes = {name: value for name, value in given.items() if value is not None}
    classes = None if args.classes is None else frozenset(_class_id(card, name) for name in args.classes)
    settings = replace(default_settings(card), class_agnostic=args.class_agnostic, classes=classes, **changes)
    return replace(settings, cascade=_chosen_cascade(settings.cascade, card, args))


def _chosen_cascade(start: CascadeSettings | None, card: ModelCard, args: argparse.Namespace) -> CascadeSettings | None:
    given = {name: getattr(args, name) for name in CASCADE_OPTIONS if getattr(args, name) is not None}
    if start is None:
        for name in given:
            option = f"--{name.replace('_', '-')}"
            raise SettingError(option, found=f"used with {card.name}", expected="left out: it looks for no faces")
        return None
    return replace(start, **{CASCADE_OPTIONS[name]: value for name, value in given.items()})


def _refuse_choices(args: argparse.Namespace) -> None:
    for name in ("score", "iou", "max_detections", "top_k", "classes"):
        if getattr(args, name, None) is not None:
            option = f"--{name.replace('_', '-')}"
            raise SettingError(
                option, found="used with a classifier", expected="left out: there are no boxes to choose from"
            )


def _class_id(card: ModelCard, name: str) -> int:
    """The number of a class that is called by its name, or by that number as in "#3", whatever names there are."""
    number = name.removeprefix("#")
    if number != name and number.isdecimal() and int(number) < len(card.classes):
        return int(number)
    if name not in card.classes:
        raise SettingError("--classes", found=f"“{name}”", expected=f"among {', '.join(card.classes)}")
    return card.classes.index(name)
