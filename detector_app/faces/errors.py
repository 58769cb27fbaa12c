"""What can go wrong with faces and their gallery; each error says what, where, and the remedy."""

from __future__ import annotations

from detector_app.errors import DetectorError, ModelError, message


class FaceError(DetectorError):
    """Root of what concerns faces and the people they belong to."""


# --- models -------------------------------------------------------------------------------------------------------------------


class NotAnEmbedderError(ModelError):
    """A model that is no embedder was given as one."""

    summary = message("{where} does not tell faces apart: its task is “{found}”.")
    remedy = message("Choose a model with the task “embed”; known: {known}.")


class NotAFaceModelError(ModelError):
    """A model that finds no faces with landmarks was given to find them."""

    summary = message("{where} does not find faces with their landmarks (task “{found}”).")
    remedy = message("Choose mtcnn, or another model that gives the five landmarks.")


# --- pictures -----------------------------------------------------------------------------------------------------------------


class NoFaceError(FaceError):
    """A picture in which no face was found."""

    summary = message("There is no face in {where}.")
    remedy = message("Use a picture in which the face is seen from the front, in good light, and not too small.")


class SeveralFacesError(FaceError):
    """A picture in which it is not clear whose face is meant."""

    summary = message("There are {found} faces in {where}, and it is not clear which one is meant.")
    remedy = message("Cut the picture so that it shows one person, or allow the largest face to be taken.")


# --- gallery ------------------------------------------------------------------------------------------------------------------


class GalleryError(FaceError):
    """The gallery of people cannot be read or written."""

    summary = message("The face gallery {where} cannot be used: {detail}")
    remedy = message("Check the file and its permissions, or choose another gallery.")


class GalleryVersionError(GalleryError):
    """The gallery was written by a later version of the app."""

    summary = message("The face gallery {where} has version {found}; this app reads versions up to {expected}.")
    remedy = message("Update the app, or choose another gallery.")


class GalleryBusyError(GalleryError):
    """Another program keeps the gallery locked."""

    summary = message("The face gallery {where} is in use by another program.")
    remedy = message("Wait until the other program has finished, then try again. Nothing was changed.")


class GalleryDamagedError(GalleryError):
    """The gallery's file was damaged; it was set aside, and what could be read was taken over."""

    summary = message(
        "The face gallery {where} is damaged ({detail}). "
        "It was set aside as {aside}; {people} people with {pictures} pictures could be read and were taken over."
    )
    remedy = message("Look through the list of people, and enrol again those who are missing.")


class PersonUnknownError(FaceError):
    """Nobody of that name is enrolled."""

    summary = message("Nobody called “{where}” is enrolled.")
    remedy = message("Enrolled are: {known}.")


class NameInvalidError(FaceError):
    """A name that cannot be used."""

    summary = message("“{where}” cannot be a name: {detail}")
    remedy = message("Choose a name of 1 to 100 characters on one line.")


class NameTakenError(FaceError):
    """Another person has this name."""

    summary = message("“{where}” is the name of another person.")
    remedy = message("Choose another name, or enrol the pictures for that person.")


class ExchangeError(FaceError):
    """A person cannot be exported, or a folder of people not be imported."""

    summary = message("{where} cannot be exchanged: {detail}")
    remedy = message("Check the folder and its permissions, or choose another one.")
