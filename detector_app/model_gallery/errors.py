"""What can go wrong with models from the gallery; each error says what, where, and the remedy."""

from __future__ import annotations

from detector_app.errors import DetectorError, message


class GalleryError(DetectorError):
    """Root of what concerns the gallery of models."""


class UnknownEntryError(GalleryError):
    """The gallery has no model of that name."""

    summary = message("The gallery has no model {where}.")
    remedy = message("It has: {known}.")


class NotInstalledError(GalleryError):
    """A model of the gallery is not on this machine."""

    summary = message("The model {where} is not on this machine.")
    remedy = message("Get it with: detector-app models get {where}")


class DamagedModelError(GalleryError):
    """A file of an installed model is not what was downloaded."""

    summary = message("The model {where} is damaged: {detail}")
    remedy = message("Get it again with: detector-app models get {where}")


# --- the way here -------------------------------------------------------------------------------------------------------------


class DownloadError(GalleryError):
    """A download ends without the file; what has come is kept where it can be continued."""


class OfflineError(DownloadError):
    """The server cannot be reached or does not answer."""

    summary = message("{where} cannot be reached: {detail}")
    remedy = message(
        "Check the network and try again. What has come so far is kept, and the download continues from there."
    )


class InsecureServerError(DownloadError):
    """The server does not prove that it is the one asked for."""

    summary = message("{where} does not prove who it is: {detail}")
    remedy = message(
        "Check the clock of this machine and whatever stands between it and the network. Nothing was taken."
    )


class HttpStatusError(DownloadError):
    """The server answers, but not with the file."""

    summary = message("{where} answered “{found}” instead of the file.")
    remedy = message("Try again later. If it stays so, the file has moved: look at the model's source page.")


class InsecureRedirectError(DownloadError):
    """The server sends us to an address without encryption, or round in circles."""

    summary = message("{where} leads to {found}, which is not fetched: {detail}")
    remedy = message("Look at the model's source page, or try another network.")


class CutConnectionError(DownloadError):
    """The connection broke before the file was whole."""

    summary = message("The download of {where} broke off after {found} of {expected}.")
    remedy = message("Try again: it continues where it broke off.")


class WrongSizeError(DownloadError):
    """The server sends another number of bytes than the file has."""

    summary = message("{where} is not the file that was expected: the server sends {found}, it should be {expected}.")
    remedy = message("Nothing of it was kept. The file at its source was changed, or something on the way replaces it.")


class WrongBytesError(DownloadError):
    """All bytes have come, and they are not those of the file."""

    summary = message("{where} is not the file that was expected: its SHA-256 is {found}, it should be {expected}.")
    remedy = message("Nothing of it was kept. The file at its source was changed, or something on the way replaces it.")


class DownloadCancelledError(DownloadError):
    """Somebody ended the download."""

    summary = message("The download of {where} was cancelled.")
    remedy = message("What has come so far is kept; start it again to continue.")


class DownloadBusyError(DownloadError):
    """Another process is downloading the same model."""

    summary = message("{where} is being downloaded by another window or command.")
    remedy = message("Wait until it is done.")


# --- the place here -----------------------------------------------------------------------------------------------------------


class NotEnoughSpaceError(DownloadError):
    """The disk has less room than the download needs."""

    summary = message("{where} needs {expected}, and the disk has {found} left.")
    remedy = message("Free some space, or choose another folder for the models.")


class DownloadDiskFullError(DownloadError):
    """No space left in the middle of a download."""

    summary = message("The disk is full: {where} could not be continued.")
    remedy = message("Free some space and start the download again: it continues where it stopped.")


class GalleryFolderError(GalleryError):
    """The folder of the models cannot be used."""

    summary = message("The models' folder {where} cannot be used: {detail}")
    remedy = message("Check its permissions, or choose another folder for the models.")


# --- models that are converted here -------------------------------------------------------------------------------------------


class TrainingMissingError(GalleryError):
    """A model must be converted first, and what converts it is not installed."""

    summary = message("{where} has to be converted here, and that needs PyTorch.")
    remedy = message('Install it with: pip install "detector-app[train]"')


class ConversionError(GalleryError):
    """The conversion failed."""

    summary = message("{where} was downloaded but could not be converted: {detail}")
    remedy = message("The downloaded files are kept. Update the app and try again.")
