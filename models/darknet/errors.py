"""Failures of reading Darknet's two files."""

from models.errors import ModelsError, WeightsFileError


class CfgError(ModelsError):
    """A .cfg is malformed, contradicts itself, or asks for a layer that is not built here.

    Attributes:
        where: name of the file.
        line: line concerned, counted from 1.
    """

    def __init__(self, where: str, line: int, detail: str) -> None:
        self.where = where
        self.line = line
        super().__init__(f"{where}, line {line}: {detail}")


class DarknetWeightsError(WeightsFileError):
    """A .weights file is missing, cut off, too long for its .cfg, or holds values that are not numbers."""
