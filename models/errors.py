"""Typed failures of training: each message says what is wrong, where, and what to do about it."""


class ModelsError(Exception):
    """Root of every failure that `models` reports to its user; `status` is the command's exit status."""

    status = 2


class TrainingDataError(ModelsError):
    """A data set cannot be read, is empty, or does not hold the classes asked for."""


class WeightsFileError(ModelsError):
    """A weights file is missing, damaged, or of another family or schema."""


class RecipeError(ModelsError):
    """A recipe or a setting is unknown, of the wrong type, or out of its bounds."""


class ExportFailedError(ModelsError):
    """Weights were trained, but could not be made into a verified ONNX file."""


class MemoryShortError(ModelsError):
    """The memory of the machine, or of its accelerator, is too small for what was asked."""


class DiskFullError(ModelsError):
    """A file could not be written for want of room; what was written before is kept."""


class DivergedError(ModelsError):
    """The loss is no number any more."""


class TrainingInterruptedError(ModelsError):
    """Somebody ended the run; it can be resumed."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
