"""Every setting of the app in one typed, bounded, described table: the dialog, the command line's help and the store are made from it.

A setting is a field of :class:`Settings`; its :class:`Setting` row carries bounds and text. Standard library only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from detector_app.errors import SettingError, message

APP_NAME = "detector-app"
_ROW = "setting"

Value = bool | int | float | str


@dataclass(frozen=True)
class Setting:
    """One row of the table.

    Attributes:
        name: the field of :class:`Settings`.
        kind: bool, int, float or str.
        default: value of a fresh start.
        label: a few words for the dialog, English, marked for translation.
        description: one sentence for tooltips and ``--help``, English, marked for translation.
        group: heading in the dialog, marked for translation.
        least, most: bounds of numbers, both allowed; None where there are none.
        choices: allowed texts; empty when any text is allowed.
        unit: "s", "fps" or empty.
    """

    name: str
    kind: type[Value]
    default: Value
    label: str
    description: str
    group: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""

    def check(self, value: object) -> Value:
        """``value`` as this setting's type.

        Raises:
            SettingError: it has another type or lies outside the bounds or choices.
        """
        number = self.kind is float and isinstance(value, int) and not isinstance(value, bool)
        typed = isinstance(value, self.kind) and not (self.kind is int and isinstance(value, bool))
        if not (number or typed) or not self._allowed(value):
            raise SettingError(self.name, found=repr(value), expected=self.expected)
        return cast("Value", float(cast("float", value)) if number else value)

    def _allowed(self, value: object) -> bool:
        if self.choices:
            return value in self.choices
        if self.least is None or self.most is None:
            return True
        return self.least <= cast("float", value) <= self.most

    @property
    def expected(self) -> str:
        """What is allowed, in English: "0 to 1" or "light, dark or system"."""
        if self.choices:
            return " or ".join(choice or "empty" for choice in self.choices)
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}{' ' + self.unit if self.unit else ''}"
        return {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}[self.kind]


DETECTION = message("Detection")
FACES = message("Faces")
PROCESSOR = message("Processor")
PLAYBACK = message("Playback")
SOURCES = message("Sources")
APPEARANCE = message("Appearance")


def _row(default: Any, label: str, description: str, group: str, **bounds: Any) -> Any:
    """A field of :class:`Settings` with its row; ``Any`` because the field's own annotation is the type."""
    row = {"default": default, "label": label, "description": description, "group": group, **bounds}
    return field(default=default, metadata={_ROW: row})


@dataclass(frozen=True)
class Settings:
    """All settings as one immutable value; see :func:`table` for bounds and texts."""

    model_thresholds: bool = _row(
        True,
        message("Use the model's own thresholds"),
        message("Start with the score and overlap that the model was made with; the two values below are ignored."),
        DETECTION,
    )
    score: float = _row(
        0.4,
        message("Least score"),
        message("Detections with a lower score are not shown."),
        DETECTION,
        least=0,
        most=1,
    )
    iou: float = _row(
        0.5,
        message("Overlap"),
        message("Two boxes of a class that overlap more than this (IoU) count as one object."),
        DETECTION,
        least=0,
        most=1,
    )
    class_agnostic: bool = _row(
        False,
        message("Overlap across classes"),
        message("Boxes of different classes suppress each other, too."),
        DETECTION,
    )
    max_detections: int = _row(
        300,
        message("Most detections"),
        message("At most so many boxes are kept in a frame, best first."),
        DETECTION,
        least=1,
        most=10000,
    )
    top_k: int = _row(
        1000,
        message("Most candidates"),
        message("At most so many candidates are compared with each other, best first."),
        DETECTION,
        least=1,
        most=100000,
    )
    model: str = _row(
        "",
        message("Model"),
        message("Name or file of the model that is loaded at the start; empty for the embedded one."),
        DETECTION,
    )
    min_face_px: float = _row(
        20.0,
        message("Smallest face"),
        message("Side of the smallest face that is looked for, in pixels of the picture; a larger one is much faster."),
        FACES,
        least=12,
        most=1000,
        unit="px",
    )
    scale_factor: float = _row(
        0.709,
        message("Pyramid factor"),
        message(
            "Each level of the pyramid in which faces are looked for has this part of the sides of the one before."
        ),
        FACES,
        least=0.3,
        most=0.95,
    )
    proposal_score: float = _row(
        0.6,
        message("Least score of P-Net"),
        message("The first network proposes places with this score or more."),
        FACES,
        least=0,
        most=1,
    )
    refine_score: float = _row(
        0.7,
        message("Least score of R-Net"),
        message("The second network lets places with this score or more through."),
        FACES,
        least=0,
        most=1,
    )
    face_score: float = _row(
        0.7,
        message("Least score of faces"),
        message("Least score of a face where objects are found, too; alone, the common least score counts."),
        FACES,
        least=0,
        most=1,
    )
    scan_every: int = _row(
        1,
        message("Frames per search"),
        message("In a video, only each such frame is searched for faces; between them the known ones are followed."),
        FACES,
        least=1,
        most=60,
    )
    face_names: bool = _row(
        False,
        message("Name the faces"),
        message("Compare every face with those that are enrolled. Everything stays on this machine."),
        FACES,
    )
    blur_strangers: bool = _row(
        False,
        message("Blur strangers"),
        message(
            "Make faces that are not enrolled unrecognisable, in recordings and exports, too. What is not found is not blurred."
        ),
        FACES,
    )
    keep_faces: bool = _row(
        False,
        message("Keep pictures of enrolled faces"),
        message("Then another embedder can be used later without enrolling everybody again."),
        FACES,
    )
    embedder: str = _row(
        "",
        message("Face embedder"),
        message("Name or file of the model that tells faces apart; empty for the embedded one."),
        FACES,
    )
    providers: str = _row(
        "auto",
        message("Processor"),
        message("Where the network runs; “auto” takes the fastest that is there."),
        PROCESSOR,
        choices=("auto", "tensorrt", "cuda", "cpu"),
    )
    strict: bool = _row(
        False,
        message("Refuse another processor"),
        message("Fail instead of running on a slower processor than the one asked for."),
        PROCESSOR,
    )
    threads: int = _row(
        0,
        message("Threads"),
        message("Threads of the network on the CPU; 0 chooses by the machine."),
        PROCESSOR,
        least=0,
        most=256,
    )
    speed: float = _row(
        1.0,
        message("Speed"),
        message("Playback speed of files; 1 is the file's own."),
        PLAYBACK,
        least=0.25,
        most=4,
    )
    loop: bool = _row(
        False,
        message("Loop"),
        message("Start again at the end of a file."),
        PLAYBACK,
    )
    keep_results: str = _row(
        "beside",
        message("Keep results of videos"),
        message(
            "What was found in a video, so that opening it again needs no network: in a small file beside it, or in the app's folder."
        ),
        PLAYBACK,
        choices=("beside", "app", "nowhere"),
    )
    recent_limit: int = _row(
        10,
        message("Recent inputs"),
        message("How many recent files and addresses are remembered."),
        SOURCES,
        least=0,
        most=50,
    )
    camera: str = _row(
        "",
        message("Camera"),
        message("Name of the camera that is opened first; empty for the first one found."),
        SOURCES,
    )
    live_timeout_s: float = _row(
        10.0,
        message("Time limit"),
        message("A camera or stream that gives no picture within this time is given up."),
        SOURCES,
        least=1,
        most=120,
        unit="s",
    )
    language: str = _row(
        "system",
        message("Language"),
        message("Language of the window."),
        APPEARANCE,
        choices=("system", "en", "zh_CN"),
    )
    theme: str = _row(
        "system",
        message("Theme"),
        message("Light or dark; “system” follows the desktop."),
        APPEARANCE,
        choices=("system", "light", "dark"),
    )


def _table() -> dict[str, Setting]:
    rows = {item.name: item.metadata[_ROW] for item in dataclasses.fields(Settings)}
    return {name: Setting(name=name, kind=type(row["default"]), **row) for name, row in rows.items()}


TABLE: Mapping[str, Setting] = _table()
"""All rows by name, in the order of the dialog."""


def changed(settings: Settings, **values: object) -> Settings:
    """``settings`` with ``values`` replaced, each checked.

    Raises:
        SettingError: a name is unknown or a value not allowed.
    """
    for name in values:
        if name not in TABLE:
            raise SettingError(name, found="set", expected=f"one of {', '.join(TABLE)}")
    return dataclasses.replace(settings, **{name: cast("Any", TABLE[name].check(v)) for name, v in values.items()})
