"""Every failure that reaches a person, as one typed message.

A message says *what* happened, *where* (file, device, address), what was *found* and *expected* if that helps, and the *remedy*.
``summary`` and ``remedy`` are templates in plain English, so that the window can translate them before the details are filled in;
``str(error)`` fills them in English for logs and the command line.

Standard library only: this module is the lowest layer of the app.
"""

from __future__ import annotations

from typing import ClassVar


def message(template: str) -> str:
    """Mark ``template`` as shown to people, for the translators' tools. Returns it unchanged."""
    return template


class DetectorError(Exception):
    """Root of all errors that are shown to a person.

    Parameters are the values for the two templates, by name; ``where`` names the file, device or address concerned.
    """

    summary: ClassVar[str] = message("Something failed: {detail}")
    remedy: ClassVar[str] = message("Look at the log for details.")

    def __init__(self, where: str = "", **details: object) -> None:
        self.details: dict[str, object] = {"where": where, **details}
        super().__init__(self.describe())

    @property
    def where(self) -> str:
        """The file, device or address that the error is about; empty if none."""
        return str(self.details["where"])

    def describe(self) -> str:
        """Summary and remedy in English with the details filled in, one line."""
        summary = self.fill(self.summary)
        stop = "" if summary.endswith((".", "!", "?")) else "."  # details may come without one
        return f"{summary}{stop} {self.fill(self.remedy)}".strip()

    def fill(self, template: str, **instead: object) -> str:
        """Fill the details into ``template`` (this class's own, or a translation of it). Unknown names stay visible.

        ``instead`` takes the place of details of the same names: translations of them, say.
        """
        return template.format_map(_Visible({**self.details, **instead}))


class _Visible(dict[str, object]):
    """Leaves a placeholder visible instead of raising, so that an error message can never fail itself."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


# --- models -------------------------------------------------------------------------------------------------------------------


class ModelError(DetectorError):
    """A model file cannot be used."""

    summary = message("{where} cannot be used as a model: {detail}")
    remedy = message("Choose another model file.")


class ModelNotFoundError(ModelError):
    """No such model file and no embedded model of that name."""

    summary = message("There is no model {where}.")
    remedy = message("Known models: {known}. Or give the path of an .onnx file.")


class NotAnOnnxFileError(ModelError):
    """The file is not ONNX, is empty or is cut off."""

    summary = message("{where} is not a readable ONNX file: {detail}")
    remedy = message("Export it again with detector-export, or choose another file.")


class UnsafeModelError(ModelError):
    """The file could harm this machine: it is not loaded."""

    summary = message("{where} is refused, because loading it could do harm: {detail}")
    remedy = message("Get the model from a source that you trust, or export it again.")


class CardMissingError(ModelError):
    """The file carries no model card and it cannot be derived from other metadata."""

    summary = message("{where} does not say how its outputs are to be read (no model card; outputs: {found}).")
    remedy = message(
        "Open it in the window, or let detector-app info --guess show how it would be read; --save-card keeps that as {expected}."
    )


class CardInvalidError(ModelError):
    """The model card is not valid."""

    summary = message("The model card of {where} is not valid: {field}: found {found}, expected {expected}.")
    remedy = message("Export the model again with detector-export.")


class CardVersionError(ModelError):
    """The model card's schema is not one that this version reads."""

    summary = message("The model card of {where} has schema version {found}; this app reads version {expected}.")
    remedy = message("Update the app, or export the model again with this version of detector-export.")


class DecoderUnknownError(ModelError):
    """The card names a decoder or task that this version does not have."""

    summary = message("{where} needs the decoder “{found}”, which this app does not have (it has: {expected}).")
    remedy = message("Update the app, or choose another model.")


class ModelMismatchError(ModelError):
    """The graph does not fit its card."""

    summary = message("The graph of {where} does not fit its card: {field}: found {found}, expected {expected}.")
    remedy = message("Export the model again with detector-export.")


class PartOfModelError(ModelError):
    """The file is one of several that make a model, and not the one to open."""

    summary = message("{where} is a part of a model, not a model by itself.")
    remedy = message("Open {expected} beside it, or their folder.")


class RegionsUnavailableError(ModelError):
    """Regions are to be proposed on the host, and the package that segments pictures is missing."""

    summary = message("This model needs regions that scikit-image proposes, and it cannot be loaded: {detail}")
    remedy = message('Install it: pip install "detector-app[regions]"')


class EmbedderError(ModelError):
    """A model that tells faces apart was opened as one that finds something."""

    summary = message("{where} tells faces apart and finds none by itself.")
    remedy = message("Open a face detector such as mtcnn, and choose this file as the face embedder in the settings.")


class ProviderError(ModelError):
    """A processor that was asked for strictly is not the one that runs."""

    summary = message("{where} was to run on {expected}, but runs on {found}.")
    remedy = message("Install the drivers and libraries of that processor, or allow another one.")


class ProviderAbsentError(ProviderError):
    """A processor that was asked for strictly is not there at all."""

    summary = message("{where} was to run on {expected}, but runs on {found}: {detail}")


class StrayNodesError(ProviderError):
    """Most runs where it was asked to, strictly, but not all that does real work."""

    summary = message("{where} was to run on {expected} alone, but {count} of its nodes do not: {found}.")
    remedy = message("Allow another processor, or export the model without these operators.")


class InferenceError(ModelError):
    """The session failed while it ran."""

    summary = message("{where} failed while it ran: {detail}")
    remedy = message("Try another input size or another model.")


# --- sources ------------------------------------------------------------------------------------------------------------------


class SourceError(DetectorError):
    """An input cannot be opened or read."""

    summary = message("{where} cannot be read: {detail}")
    remedy = message("Check the file or choose another input.")


class SourceNotFoundError(SourceError):
    """No such file, folder or device."""

    summary = message("There is no input {where}.")
    remedy = message("Check the path or the name.")


class NotAVideoError(SourceError):
    """The file is neither a video nor a picture that can be read."""

    summary = message("{where} is not a video or picture that can be read: {detail}")
    remedy = message("Check that the file is complete and of a usual format (mp4, mkv, avi, mov, jpg, png).")


class TruncatedError(SourceError):
    """A file ends before it should, or a part of it is damaged."""

    summary = message("{where} is damaged or cut off after {found} frames: {detail}")
    remedy = message("What came before was processed and kept. Get a complete copy of the file.")


class PictureTooLargeError(SourceError):
    """A picture has more pixels than can be handled safely."""

    summary = message("{where} is too large: {found}; at most {expected}.")
    remedy = message("Scale the picture down first.")


class EmptyFolderError(SourceError):
    """A folder or pattern holds no pictures or videos."""

    summary = message("{where} holds no pictures or videos.")
    remedy = message("Choose another folder or pattern.")


class CameraError(SourceError):
    """A camera cannot be opened or vanished."""

    summary = message("The camera {where} cannot be used: {detail}")
    remedy = message("Check that it is connected and not in use by another program; known cameras: {known}.")


class StreamError(SourceError):
    """A network stream cannot be opened, or broke and could not be brought back."""

    summary = message("The stream {where} gives no pictures: {detail}")
    remedy = message("Check the address and the network, then try again.")


# --- sinks and settings -------------------------------------------------------------------------------------------------------


class SinkError(DetectorError):
    """A result cannot be written."""

    summary = message("{where} cannot be written: {detail}")
    remedy = message("Check the folder and its permissions, or choose another one. What was written before is kept.")


class DiskFullError(SinkError):
    """No space left."""

    summary = message("The disk is full: {where} could not be continued.")
    remedy = message("Free some space. What was written before is kept and can be played.")


class AnnotationError(DetectorError):
    """An annotation file cannot be used."""

    summary = message("The annotations {where} cannot be used: {detail}")
    remedy = message(
        "Give a COCO JSON with images, annotations and categories, and the folder that holds its pictures."
    )


class GroundTruthError(AnnotationError):
    """Ground truth cannot be loaded into the window."""

    summary = message("{where} is no ground truth that can be used: {detail}")
    remedy = message(
        "Choose a COCO .json, a folder of Pascal VOC .xml files, or a YOLO folder of labels with its .yaml or classes.txt."
    )


class SettingError(DetectorError):
    """A setting has a value that is not allowed."""

    summary = message("{where} cannot be {found}; it must be {expected}.")
    remedy = message("Choose an allowed value.")


# --- lines and zones ------------------------------------------------------------------------------------------------------------


class ZonesError(DetectorError):
    """A file of lines and zones cannot be used."""

    summary = message("{where} cannot be used as lines and zones: {detail}")
    remedy = message("Correct the file, or draw lines and zones in the window and save them from there.")
