"""Typed failures of training: each message says what is wrong, where, and what to do about it."""


class ModelsError(Exception):
    """Root of every failure that `models` reports to its user."""


class TrainingDataError(ModelsError):
    """A data set cannot be read, is empty, or does not hold the classes asked for."""


class WeightsFileError(ModelsError):
    """A weights file is missing, damaged, or of another family or schema."""


class RecipeError(ModelsError):
    """A recipe or a setting is unknown, of the wrong type, or out of its bounds."""
