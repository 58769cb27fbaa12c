"""The command line that does without a window what the window does now: settings → words → a line for a shell.

The way back is the parser of ``detector-app run`` itself with :func:`~detector_app.commands.chosen_settings.chosen_settings`, so that
what is written here and what is read there can be held against each other.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from detector_app.commands.inputs import identity
from detector_app.commands.options import CASCADE_OPTIONS
from detector_app.model_card import ModelCard
from detector_app.pipelines.embedded import DEFAULT_MODEL, SIGN
from detector_app.pipelines.pipeline import DetectSettings, default_settings
from detector_app.settings import TABLE
from detector_app.sources.address import shown_address

PROGRAM = "detector-app"
FACE = "face"
_PLAIN_WINDOWS = re.compile(r"[\w.,:=@#+/\\-]+")
_BACKSLASHES = re.compile(r"(\\*)(\"|$)")


class Gap(Enum):
    """What the line cannot say, so that its results may be others."""

    LIVE = auto()
    """A camera or a stream shows other pictures when the command runs."""
    PASSWORD = auto()
    """The address has a password or a secret, which is left out."""
    CARD = auto()
    """The model is read in a way that was corrected in the window, and that could not be written to a file."""
    BLURRED_CHOICE = auto()
    """Where strangers are blurred, the command leaves no class and no detection out."""


@dataclass(frozen=True)
class Names:
    """Who the faces are.

    Attributes:
        blur_strangers: hide those that are not enrolled.
        embedder: name or file; empty for the embedded one.
        gallery: file of the people; None for the user's own.
    """

    blur_strangers: bool = False
    embedder: str = ""
    gallery: Path | None = None


@dataclass(frozen=True)
class Shown:
    """What is shown, as far as the results depend on it.

    Attributes:
        spec: the open input, as ``sources.opener`` takes it.
        model_name: name or file, or two with a "+" between.
        card: of the running model, with everything that is corrected.
        settings: thresholds and classes in force.
        live: the input gives other pictures each time.
        corrected: the model is not read as its own file says.
        card_file: file with the card that it is read by then, or None.
        providers: a processor's name, or "auto".
        strict, threads: see the settings of the same names; 0 threads are the machine's.
        names: of faces; None where nobody is asked who they are.
        track: things are followed.
        zones: file with the lines and zones that are counted, or None.
    """

    spec: str
    model_name: str
    card: ModelCard
    settings: DetectSettings
    live: bool = False
    corrected: bool = False
    card_file: Path | None = None
    providers: str = "auto"
    strict: bool = False
    threads: int = 0
    names: Names | None = None
    track: bool = False
    zones: Path | None = None


def words_of(shown: Shown) -> tuple[str, ...]:
    """The words of the command, without the program's own name. What equals the command's default is left out."""
    names = shown.names
    model = file_or_name(shown.model_name)
    words = ["run"] if names is None else ["faces", "run"]
    words.append(place_of(shown.spec))
    if model != (DEFAULT_MODEL if names is None else "mtcnn"):
        words += ["--model", model]
    if shown.card_file is not None:
        words += ["--card", str(shown.card_file.absolute())]
    if names is not None:
        words += _names(names)
    if shown.card.task != "classify":
        words += _detection(shown)
    words += ["--track"] if shown.track else []
    words += ["--zones", str(shown.zones.absolute())] if shown.track and shown.zones is not None else []
    words += [] if shown.providers == "auto" else ["--providers", shown.providers]
    words += ["--strict"] if shown.strict else []
    words += ["--threads", str(shown.threads)] if shown.threads else []
    return tuple(words)


def gaps_of(shown: Shown) -> tuple[Gap, ...]:
    """What the words of ``shown`` do not say."""
    blurs = shown.names is not None and shown.names.blur_strangers
    found = {
        Gap.LIVE: shown.live,
        Gap.PASSWORD: "://" in shown.spec and shown_address(shown.spec) != shown.spec,
        Gap.CARD: shown.corrected and shown.card_file is None,
        Gap.BLURRED_CHOICE: blurs and _chooses_away(shown),
    }
    return tuple(gap for gap, there in found.items() if there)


def place_of(spec: str) -> str:
    """An input that means the same in every folder; an address without its password."""
    return identity(spec)


def file_or_name(model: str) -> str:
    """A model, or two with a "+" between, that mean the same in every folder: files by absolute path, names as they are."""
    path = Path(model).expanduser()
    if path.exists() and model not in (".", ""):
        return str(path.absolute()) if path.suffix or path.name != model else model
    first, sign, second = model.rpartition(SIGN)
    return f"{file_or_name(first)}{sign}{second}" if sign else model


def posix_line(words: tuple[str, ...]) -> str:
    """One line for sh, bash and zsh."""
    return shlex.join((PROGRAM, *words))


def windows_line(words: tuple[str, ...]) -> str:
    """One line for cmd and PowerShell: in double quotes whatever is not plain, by the rules of ``CommandLineToArgvW``."""
    return " ".join((PROGRAM, *map(_windows_word, words)))


def _windows_word(word: str) -> str:
    if _PLAIN_WINDOWS.fullmatch(word) and "," not in word:
        return word
    doubled = _BACKSLASHES.sub(lambda found: found[1] * 2 + ('\\"' if found[2] else ""), word)
    return f'"{doubled}"'


def _names(names: Names) -> list[str]:
    words = ["--blur-unknown"] if names.blur_strangers else []
    if names.embedder:
        words += ["--embedder", file_or_name(names.embedder)]
    if names.gallery is not None:
        words += ["--gallery", str(names.gallery.absolute())]
    return words


def _detection(shown: Shown) -> list[str]:
    """Thresholds and classes that are not the model's own."""
    words: list[str] = []
    settings, usual = shown.settings, default_settings(shown.card)
    blurs = shown.names is not None and shown.names.blur_strangers
    for name in ("score", "iou", "max_detections", "top_k"):
        value = getattr(settings, name)
        if value != getattr(usual, name) and not (blurs and name == "max_detections"):
            words += [_flag(name), _number(name, value)]
    words += ["--class-agnostic"] if settings.class_agnostic else []
    words += _cascade(settings, usual, blurs=blurs)
    if settings.classes is not None and not (blurs and _hides_faces(shown)):
        listed = ",".join(_class_words(shown.card.classes, settings.classes))
        words += [f"--classes={listed}"] if listed.startswith("-") else ["--classes", listed]
    return words


def _cascade(settings: DetectSettings, usual: DetectSettings, *, blurs: bool) -> list[str]:
    words: list[str] = []
    if settings.cascade is None or usual.cascade is None:
        return words
    for name, field in CASCADE_OPTIONS.items():
        value = getattr(settings.cascade, field)
        every_frame = blurs and name == "scan_every"  # the window searches every frame then, whatever is chosen
        if value is not None and value != getattr(usual.cascade, field) and not every_frame:
            words += [_flag(name), _number(name, value)]
    return words


def _class_words(names: tuple[str, ...], wanted: frozenset[int]) -> Iterator[str]:
    """Classes by name; by number where the name does not stand for itself between commas."""
    for i in sorted(wanted):
        name = names[i]
        clear = (
            name and name == name.strip() and "," not in name and not name.startswith("#") and names.index(name) == i
        )
        yield name if clear else f"#{i}"


def _chooses_away(shown: Shown) -> bool:
    return _hides_faces(shown) or shown.settings.max_detections != default_settings(shown.card).max_detections


def _hides_faces(shown: Shown) -> bool:
    wanted = shown.settings.classes
    return wanted is not None and FACE not in {shown.card.classes[i] for i in wanted}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _number(name: str, value: float) -> str:
    """Exactly this number, in as few digits as say it."""
    return str(int(value)) if TABLE[name].kind is int else repr(float(value)).removesuffix(".0")
