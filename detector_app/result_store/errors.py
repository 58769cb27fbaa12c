"""What can go wrong with kept results; nothing of it keeps a video from being played."""

from __future__ import annotations

from detector_app.errors import DetectorError, message


class StoreError(DetectorError):
    """Results cannot be kept or read."""

    summary = message("The results of this video cannot be kept in {where}: {detail}.")
    remedy = message("The video plays on; what was kept before is not touched.")


class StoreFutureError(StoreError):
    """The file was written by a later version of the app."""

    summary = message("{where} holds results in version {found} of their file; this app knows {expected}.")
    remedy = message("Update the app, or move the file away. The video plays on, and its results are not kept.")


class StoreDamagedError(StoreError):
    """The file is damaged within."""

    summary = message("The results of this video in {where} are damaged: {detail}.")
    remedy = message("The file is kept under another name, and a new one begun.")


class StoreUnwritableError(StoreError):
    """The file or its folder cannot be opened for writing: a disk that may only be read, or somebody else's folder."""


class StoreFullError(StoreError):
    """The disk is full."""

    summary = message("There is no room left for the results of this video in {where}.")
    remedy = message("Free some space; what was kept until now is whole.")
