"""What can go wrong while a file without a card is read."""

from __future__ import annotations

from detector_app.errors import ModelError, message


class ReadingIncompleteError(ModelError):
    """Questions are open that nothing in the file answers."""

    summary = message("How {where} is read is not known completely; still asked for: {missing}.")
    remedy = message("Answer them under Model → How this model is read, or write a card by hand.")


class NotSavedError(ModelError):
    """A card could not be written."""

    summary = message("{where} could not be saved: {detail}")
    remedy = message("Choose another folder, or make room in this one.")
