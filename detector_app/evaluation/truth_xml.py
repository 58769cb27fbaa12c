"""Pascal VOC's XML files, one for each picture (Everingham et al., The PASCAL VOC Challenge, 2010). They may come from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from detector_app.errors import GroundTruthError
from detector_app.evaluation.truth import GroundTruth, PictureTruth
from detector_app.sources.picture_file import SUFFIXES as PICTURE_SUFFIXES

MOST_XML_BYTES = 4 * 1024 * 1024
_EDGES = ("xmin", "ymin", "xmax", "ymax")


def read_voc(where: Path, files: Iterable[Path], beside: Iterable[Path] = ()) -> GroundTruth:
    """Read .xml files. Classes are in order of appearance; pictures among ``beside`` without an .xml file have nothing in them.

    An object without a name or without a box of numbers is left out; "difficult" ones are ignored in matching.

    Raises:
        GroundTruthError: a file is no VOC XML, is too large, or declares entities or a document type.
    """
    classes: dict[str, int] = {}
    left_out: list[str] = []
    pictures = [_picture(file, classes, left_out) for file in files]
    known = {PureWindowsPath(picture.name).stem.casefold() for picture in pictures}
    rest = [path for path in beside if path.suffix.lower() in PICTURE_SUFFIXES and path.stem.casefold() not in known]
    nothing = np.zeros((0, 4)), np.zeros(0, np.int64), np.zeros(0, np.bool_)
    background = [PictureTruth(path.name, *nothing) for path in sorted(rest)]
    return GroundTruth(where, "VOC", tuple(classes), (*pictures, *background), tuple(left_out))


def _picture(file: Path, classes: dict[str, int], left_out: list[str]) -> PictureTruth:
    """The picture has the .xml file's own name: tools often leave an old name inside. Only the suffix is the inner name's."""
    root = _root(file)
    found = [_row(one, classes) for one in root.findall("object")]
    left_out += [f"{file.name}: object {i}" for i, row in enumerate(found, 1) if row is None]
    rows = [row for row in found if row is not None]
    inner = PureWindowsPath((root.findtext("filename") or "").strip())
    return PictureTruth(
        file.stem + (inner.suffix or ".jpg"),
        np.array([edges for _, edges, _ in rows], np.float64).reshape(-1, 4),
        np.array([class_id for class_id, _, _ in rows], np.int64),
        np.array([difficult for _, _, difficult in rows], np.bool_),
        size_wh=_size(root),
    )


def _root(file: Path) -> Any:
    """Parsed without any document type, entity or outside reference: these are what an XML file can do harm with."""
    from defusedxml import DefusedXmlException, ElementTree

    if file.stat().st_size > MOST_XML_BYTES:
        raise GroundTruthError(file.name, detail="it is larger than 4 MB")
    try:
        root = ElementTree.fromstring(file.read_bytes(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise GroundTruthError(
            file.name, detail="it declares a document type or entities, which could do harm"
        ) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise GroundTruthError(file.name, detail=str(error)) from error
    if root.tag != "annotation":
        raise GroundTruthError(file.name, detail="it is no Pascal VOC file: its root is not “annotation”")
    return root


def _row(entry: Any, classes: dict[str, int]) -> tuple[int, tuple[float, float, float, float], bool] | None:
    """Class, box, difficult. VOC counts pixels from 1 and names the first and the last of a box: it spans from xmin − 1 to xmax."""
    name = (entry.findtext("name") or "").strip()
    try:
        xmin, ymin, xmax, ymax = (float(entry.findtext(f"bndbox/{edge}") or "") for edge in _EDGES)
    except ValueError:
        return None
    if not name or not all(map(math.isfinite, (xmin, ymin, xmax, ymax))):
        return None
    difficult = (entry.findtext("difficult") or "").strip() == "1"
    return classes.setdefault(name, len(classes)), (xmin - 1, ymin - 1, xmax, ymax), difficult


def _size(root: Any) -> tuple[int, int] | None:
    """As stated; files from some tools say 0."""
    try:
        width, height = (int(root.findtext(f"size/{side}") or "") for side in ("width", "height"))
    except ValueError:
        return None
    return (width, height) if width > 0 and height > 0 else None
